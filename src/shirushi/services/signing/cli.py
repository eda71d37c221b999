"""`shirushi sign`, `shirushi seal` and `shirushi extend`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shirushi.core.document import Document
from shirushi.core.evidence import Level
from shirushi.faces.cli import (
    DataOption,
    JsonOption,
    Opener,
    choose,
    read_pin,
    say,
    say_json,
    told,
    with_progress,
)
from shirushi.formats.protocol import SignatureParameters, VisibleMark
from shirushi.services.signing.service import Signing


def _level(value: str | Level) -> Level:
    """The level that was written, or the default as it is."""
    return value if isinstance(value, Level) else Level.parse(value)


LevelOption = Annotated[
    Level, typer.Option("--level", parser=_level, metavar="B|T|LT|LTA", help="B-B, B-T, B-LT or B-LTA")
]
MarkOption = Annotated[
    list[str] | None, typer.Option("--mark", help="A line of the visible mark; may be given several times")
]


def commands(open_: Opener[Signing]) -> typer.Typer:
    """The commands of signing."""
    app = typer.Typer()

    @app.command()
    def sign(
        file: Annotated[Path, typer.Argument(help="The document to sign; it is not changed")],
        as_: Annotated[str, typer.Option("--as", help="Whose signature, such as alice@example.jp")],
        pin: Annotated[str | None, typer.Option("--pin", help="The PIN; - reads it unseen")] = None,
        level: LevelOption = Level.B_T,
        output: Annotated[Path | None, typer.Option("-o", "--output", help="[FILE.signed.pdf]")] = None,
        reason: Annotated[str | None, typer.Option("--reason", help="Why it is signed")] = None,
        mark: MarkOption = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Sign a document as a person, under their PIN."""
        with told(as_json=as_json), open_(data) as session:
            signing, actor = session.service, session.actor
            credential = signing.credential(actor, as_)
            parameters = SignatureParameters(reason=reason, mark=_mark(mark))
            request = signing.prepare(
                actor, session.files.read(file), credential, level=level, parameters=parameters
            )
            signed = signing.sign(actor, request, credential.activate(request, read_pin(pin)))
            target = output or _beside(file, "signed", signed)
            session.files.write(signed, target)
            if as_json:
                say_json({"file": str(target), "signer": as_, "level": level.value})
            else:
                say(choose(f"{as_} の署名を付けました: {target}", f"Signed as {as_}: {target}"))

    @app.command()
    def seal(
        files: Annotated[list[Path], typer.Argument(help="The documents to seal; they are not changed")],
        as_: Annotated[str, typer.Option("--as", help="Whose seal: the company's registered name")],
        level: LevelOption = Level.B_T,
        out: Annotated[
            Path | None, typer.Option("--out", help="Folder for the results [beside each file]")
        ] = None,
        mark: MarkOption = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Seal documents with a company's e-seal."""
        sealed = []
        with told(as_json=as_json), open_(data) as session:
            parameters = SignatureParameters(mark=_mark(mark))
            for file in with_progress(files, len(files), choose("シール中", "Sealing")):
                result = session.service.seal(
                    session.actor, session.files.read(file), as_, level=level, parameters=parameters
                )
                beside = _beside(file, "sealed", result)
                target = (
                    beside if out is None else out / (file.name if _same_kind(file, result) else result.name)
                )
                session.files.write(result, target)
                sealed.append(str(target))
            if as_json:
                say_json({"files": sealed, "sealer": as_, "level": level.value})
            else:
                say(
                    choose(
                        f"{as_} のeシールを {len(sealed)} 件に付けました。",
                        f"Sealed as {as_}: {len(sealed)} file(s)",
                    )
                )

    @app.command()
    def extend(
        file: Annotated[Path, typer.Argument(help="The signed document; it is not changed")],
        level: LevelOption = Level.B_LTA,
        output: Annotated[Path | None, typer.Option("-o", "--output", help="[FILE.extended.pdf]")] = None,
        content: Annotated[
            list[Path] | None, typer.Option("--content", help="What a detached signature covers")
        ] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Raise a document's signatures, whoever made them, to a level; those at B-LTA are renewed."""
        with told(as_json=as_json), open_(data) as session:
            read = session.files.read
            extended = session.service.extend(
                session.actor, read(file), level, contents=[read(path) for path in content or ()]
            )
            target = output or _beside(file, "extended", extended)
            session.files.write(extended, target)
            if as_json:
                say_json({"file": str(target), "level": level.value})
            else:
                say(
                    choose(
                        f"{level.value} まで延長しました: {target}", f"Extended to {level.value}: {target}"
                    )
                )

    return app


def _beside(file: Path, word: str, result: Document) -> Path:
    """Where the result goes: what became a file of another kind, such as a container, has a name of its own."""
    return file.with_name(f"{file.stem}.{word}{file.suffix}" if _same_kind(file, result) else result.name)


def _same_kind(file: Path, result: Document) -> bool:
    return result.name in {"", file.name}


def _mark(lines: list[str] | None) -> VisibleMark | None:
    return VisibleMark(tuple(lines)) if lines else None
