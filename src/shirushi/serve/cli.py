"""`shirushi serve`."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from shirushi.domain import open_domain
from shirushi.faces.cli import DataOption, told
from shirushi.web import application


def commands() -> typer.Typer:
    """The commands of the running platform."""
    app = typer.Typer()

    @app.command()
    def serve(
        host: Annotated[str, typer.Option("--host", help="The address to listen on")] = "127.0.0.1",
        port: Annotated[int, typer.Option("--port", help="The port to listen on")] = 8080,
        data: DataOption = None,
    ) -> None:
        """Serve the trust domain over HTTP until it is told to stop."""
        with told(), open_domain(data) as domain:
            uvicorn.run(application(domain), host=host, port=port, log_config=None)

    return app
