"""The web application of a trust domain: it mounts each service's routes and pages, and decides nothing."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from shirushi.domain import Domain


def application(domain: Domain) -> Starlette:
    """The ASGI application that answers for `domain`."""
    app = Starlette(routes=[*_pages(domain)])
    app.router.redirect_slashes = False
    return app


def _pages(domain: Domain) -> list[BaseRoute]:  # noqa: ARG001  each service's pages take theirs from it
    """The portal: the routes of each service's `portal.pages(session, kit)` and those of `faces.portal` itself."""
    return []
