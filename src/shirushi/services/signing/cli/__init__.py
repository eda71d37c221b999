"""`shirushi sign`, `seal`, `extend`, `sign-digest`, `deferred …`."""

import typer

from shirushi.faces.cli import Opener
from shirushi.services.signing.cli import deferred, extending, people, sealing
from shirushi.services.signing.service import Signing


def commands(open_: Opener[Signing]) -> typer.Typer:
    """The commands of signing."""
    app = typer.Typer()
    people.mount(app, open_)
    sealing.mount(app, open_)
    extending.mount(app, open_)
    deferred.mount(app, open_)
    return app


__all__ = ["commands"]
