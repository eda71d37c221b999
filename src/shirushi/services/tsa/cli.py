"""`shirushi stamp`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shirushi.core.document import document
from shirushi.faces.cli import DataOption, JsonOption, Opener, choose, say, say_json, told
from shirushi.services.tsa.service import TimeStampingAuthority


def commands(open_: Opener[TimeStampingAuthority]) -> typer.Typer:
    """The commands of the time-stamping authority."""
    app = typer.Typer()

    @app.command()
    def stamp(
        file: Annotated[Path, typer.Argument(help="The file to stamp; it is not changed")],
        output: Annotated[Path | None, typer.Option("-o", "--output", help="[FILE.tsr]")] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Time-stamp a file: proof that it exists now (RFC 3161)."""
        target = output or file.with_name(file.name + ".tsr")
        with told(as_json=as_json), open_(data) as session:
            response = session.service.stamp_document(session.actor, session.files.read(file))
            session.files.write(document(response), target)
            if as_json:
                say_json({"file": str(file), "response": str(target)})
            else:
                say(choose(f"タイムスタンプを {target} に保存しました。", f"Time-stamp written to {target}"))

    return app
