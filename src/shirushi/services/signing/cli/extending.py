"""`shirushi extend`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shirushi.core.evidence import Level
from shirushi.faces.cli import DataOption, JsonOption, Opener, choose, say, say_json, told
from shirushi.services.signing.cli.options import LevelOption, beside
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
