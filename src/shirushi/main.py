"""The root of the command line: it mounts, and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from shirushi.adapters.data_directory import default_path
from shirushi.adapters.logs import configure_logs
from shirushi.demo import cli as demo
from shirushi.domain import (
    LOCAL_OPERATOR,
    LocalFiles,
    Services,
    migrate_domain,
    open_domain,
    passing_trusted_lists,
)
from shirushi.faces.cli import DataOption, Opener, S, Session, say, told
from shirushi.operating import cli as operating
from shirushi.serve import cli as serve
from shirushi.services.assurance import cli as assurance
from shirushi.services.assurance.service import AssuranceService
from shirushi.services.audit import cli as audit
from shirushi.services.ca import cli as ca
from shirushi.services.clock import cli as clock
from shirushi.services.signing import cli as signing
from shirushi.services.trustlist import cli as trustlist
from shirushi.services.trustlist.service import TrustedLists
from shirushi.services.tsa import cli as tsa
from shirushi.services.validation import cli as validation


def _opener(choose: Callable[[Services], S]) -> Opener[S]:
    """Opens the domain, and gives a session of one service on behalf of the local operator."""

    @contextmanager
    def open_(data: Path | None) -> Iterator[Session[S]]:
        with open_domain(data) as domain:
            configure_logs(domain.configuration.log.level)
            address = domain.configuration.domain.address.rstrip("/")
            yield Session(choose(domain.services), domain.actor, LocalFiles(), address)

    return open_


def _without_domain(service: S) -> Opener[S]:
    """Gives a session of a service that needs no trust domain, on behalf of the local operator."""

    @contextmanager
    def open_(data: Path | None) -> Iterator[Session[S]]:  # noqa: ARG001  there is nothing to open
        yield Session(service, LOCAL_OPERATOR, LocalFiles())

    return open_


@contextmanager
def _trusted_lists(data: Path | None) -> Iterator[Session[TrustedLists]]:
    """The domain's trusted lists; where no domain is named and none lies here, lists that nobody keeps."""
    if data is None and not default_path().exists():
        with passing_trusted_lists() as service:
            yield Session(service, LOCAL_OPERATOR, LocalFiles())
    else:
        with _opener(lambda services: services.trusted_lists)(data) as session:
            yield session


def application() -> typer.Typer:
    """The command line, with every service's commands mounted."""
    app = typer.Typer(no_args_is_help=True, help="Shirushi 印: sign, seal, time-stamp, validate.")
    for part in (
        demo.commands(),
        serve.commands(),
        operating.commands(),
        signing.commands(_opener(lambda services: services.signing)),
        tsa.commands(_opener(lambda services: services.tsa)),
        validation.commands(_opener(lambda services: services.validation)),
        ca.commands(_opener(lambda services: services.ca), _opener(lambda services: services.enrolment)),
        audit.commands(_opener(lambda services: services.audit)),
        clock.commands(_opener(lambda services: services.clock)),
        trustlist.commands(
            _trusted_lists,
            _opener(lambda services: services.validation),
            _opener(lambda services: services.list_publishing),
        ),
        assurance.commands(_without_domain(AssuranceService())),
    ):
        app.add_typer(part)
    app.command("migrate")(_migrate)
    return app


def _migrate(data: DataOption = None) -> None:
    """Bring the database to this program's schema, and print the revision it has then."""
    with told():
        say(migrate_domain(data))


def main() -> None:
    """Run the command line."""
    application()()
