"""`shirushi seal`: a company's e-seal on one document, on several, or on all of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from shirushi.core.evidence import Level
from shirushi.faces.cli import (
    DataOption,
    JsonOption,
    Opener,
    Session,
    choose,
    language,
    say,
    say_json,
    told,
    with_progress,
)
from shirushi.faces.processes import Outcome, processes_for, spread
from shirushi.formats.protocol import SignatureParameters
from shirushi.services.signing.cli.options import (
    ContentStampOption,
    FormatOption,
    LevelOption,
    OutOption,
    placed,
)
from shirushi.services.signing.cli.people import tell_cancelled
from shirushi.services.signing.cli.saying import saying
from shirushi.services.signing.service import Signing


def mount(app: typer.Typer, open_: Opener[Signing]) -> None:
    """Add the command."""

    @app.command()
    @saying
    def seal(
        *,
        said: SignatureParameters,
        files: Annotated[
            list[Path], typer.Argument(help="The documents to seal, or folders of them; they are not changed")
        ],
        as_: Annotated[str, typer.Option("--as", help="Whose seal: the company's registered name")],
        level: LevelOption = Level.B_T,
        out: OutOption = None,
        form: FormatOption = None,
        on_behalf_of: Annotated[
            str,
            typer.Option(
                "--on-behalf-of", help="The user on whose instruction the platform seals (立会人型)"
            ),
        ] = "",
        content_timestamp: ContentStampOption = False,
        processes: Annotated[
            int | None, typer.Option("--processes", min=1, help="Processes at work [one for each core]")
        ] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Seal documents with a company's e-seal. A folder's results go to FOLDER.sealed, unless --out is given."""
        pairs = list(_targets(files, out))
        asked = {
            "level": level,
            "parameters": said,
            "content_timestamp": content_timestamp,
            "form": form,
            "on_behalf_of": on_behalf_of,
        }
        begin = partial(_sealing, open_, data, as_, asked)
        with told(as_json=as_json):
            count = processes or processes_for(len(pairs))
            outcomes: Iterator[Outcome[Any]]
            if count > 1:
                with open_(data) as session:  # what would fail for every document fails here, once
                    session.service.credential(session.actor, as_)
                outcomes = spread(pairs, begin, processes=count, language=language())
            else:
                outcomes = _here(pairs, begin)
            _tell(outcomes, len(pairs), as_, level, on_behalf_of, as_json=as_json)


Pair = tuple[Path, Path | None]


def _targets(files: Sequence[Path], out: Path | None) -> Iterator[Pair]:
    """Each document with the folder that its result goes to, None for beside it."""
    for file in files:
        if not file.is_dir():
            yield file, out
            continue
        folder = out or file.with_name(f"{file.name}.sealed")
        for found in sorted(file.iterdir()):
            if found.is_file() and not found.name.startswith("."):
                yield found, folder


@contextmanager
def _sealing(
    open_: Opener[Signing], data: Path | None, as_: str, asked: dict[str, Any]
) -> Iterator[Callable[[Pair], str]]:
    with open_(data) as session:
        yield partial(_seal_one, session, as_, asked)


def _seal_one(session: Session[Signing], as_: str, asked: dict[str, Any], pair: Pair) -> str:
    file, out = pair
    sealed = session.service.seal(session.actor, session.files.read(file), as_, **asked)
    target = placed(file, "sealed", sealed, out)
    session.files.write(sealed, target)
    return str(target)


def _here(pairs: Sequence[Pair], begin: Callable[[], Any]) -> Iterator[Outcome[Pair]]:
    """In this process, one after the other; the first error ends it."""
    with begin() as act:
        for pair in pairs:
            yield Outcome(pair, act(pair))


def _tell(
    outcomes: Iterator[Outcome[Any]], total: int, as_: str, level: Level, user: str, *, as_json: bool
) -> None:
    made: list[str] = []
    failed: list[Outcome[Any]] = []
    try:
        for outcome in with_progress(outcomes, total, choose("シール中", "Sealing")):
            if outcome.code:
                failed.append(outcome)
            else:
                made.append(outcome.result)
    except KeyboardInterrupt:
        outcomes.close()  # type: ignore[attr-defined]  # both are generators
        tell_cancelled(made, as_json=as_json)
    made.sort()
    if as_json:
        answer: dict[str, Any] = {"files": made, "sealer": as_, "level": level.value}
        answer["representation"] = "on-behalf" if user else "seal"
        if user:
            answer["on_behalf_of"] = user
        if failed:
            answer["failed"] = [
                {"file": str(each.item[0]) if each.item else None, "code": each.code, "message": each.message}
                for each in failed
            ]
        say_json(answer)
    else:
        behalf = choose(f"（{user} のための立会人型）", f" on behalf of {user}") if user else ""
        say(
            choose(
                f"{as_} のeシール{behalf}を {len(made)} 件に付けました。",
                f"Sealed as {as_}{behalf}: {len(made)} file(s)",
            )
        )
        for each in failed:
            say(f"[red]{each.code}[/]  {each.item[0] if each.item else ''}: {each.message}")
    if failed or len(made) < total:
        raise typer.Exit(1)
