"""`shirushi extend`, `shirushi renewals` and `shirushi renew`: signatures that outlast their certificates."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from shirushi.core.evidence import Level
from shirushi.core.instant import rfc3339
from shirushi.faces.cli import DataOption, JsonOption, Opener, choose, say, say_json, told
from shirushi.services.signing.cli.options import LevelOption, beside
from shirushi.services.signing.model import Augmented
from shirushi.services.signing.service import Signing


def mount(app: typer.Typer, open_: Opener[Signing]) -> None:
    """Add the command."""

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
            target = output or beside(file, "extended", extended)
            session.files.write(extended, target)
            if as_json:
                say_json({"file": str(target), "level": level.value})
            else:
                say(
                    choose(
                        f"{level.value} まで延長しました: {target}", f"Extended to {level.value}: {target}"
                    )
                )

    @app.command()
    def renewals(
        days: Annotated[
            int | None, typer.Option("--days", min=0, help="Falling due within so many days [as configured]")
        ] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """List what was augmented here and falls due: its newest time-stamp soon ceases to prove anything."""
        within = None if days is None else timedelta(days=days)
        with told(as_json=as_json), open_(data) as session:
            found = session.service.renewals(session.actor, within=within)
        if as_json:
            say_json([reported(each) for each in found])
            return
        for each in found:
            say(escape(f"{rfc3339(each.due_at)}  {each.name}  {each.cause}  {each.failure}".rstrip()))
        if not found:
            say(choose("更新が必要な文書はありません。", "Nothing falls due."))

    @app.command()
    def renew(
        folders: Annotated[
            list[Path] | None, typer.Argument(help="Where the documents lie [the configured folders]")
        ] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Renew what falls due, in its place. Exits 1 where something could not be renewed."""
        with told(as_json=as_json), open_(data) as session:
            done = session.service.renew(session.actor, folders=folders or None)
        if as_json:
            say_json([asdict(each) for each in done])
        for each in () if as_json else done:
            if each.failure:
                say(escape(f"✘ {each.name}: {each.failure}"))
            else:
                say(escape(f"✔ {each.path}"))
        if any(each.failure for each in done):
            raise typer.Exit(1)


def reported(each: Augmented) -> dict[str, str | None]:
    """What falls due, as plain data."""
    return {
        "digest": each.digest,
        "name": each.name,
        "level": each.level.value,
        "augmented_at": rfc3339(each.augmented_at),
        "due_at": rfc3339(each.due_at),
        "cause": each.cause,
        "failure": each.failure or None,
        "failed_at": rfc3339(each.failed_at) if each.failed_at else None,
    }
