"""`shirushi serve` and `shirushi token …`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from shirushi.adapters.access_tokens import GIVEN_OUT
from shirushi.adapters.configuration import Configuration
from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory, default_path
from shirushi.adapters.logs import configure_logs
from shirushi.core.actor import Role
from shirushi.core.instant import rfc3339
from shirushi.domain import open_domain
from shirushi.faces.cli import DataOption, JsonOption, choose, say, say_json, told


def commands() -> typer.Typer:
    """The commands of the running platform."""
    app = typer.Typer()
    app.add_typer(_tokens())

    @app.command()
    def serve(
        host: Annotated[str | None, typer.Option("--host", help="The address to listen on")] = None,
        port: Annotated[int | None, typer.Option("--port", help="The port to listen on; 0: any")] = None,
        workers: Annotated[int | None, typer.Option("--workers", min=1, help="Web processes")] = None,
        data: DataOption = None,
    ) -> None:
        """Serve the trust domain over HTTP until it is told to stop (SIGTERM, Ctrl-C)."""
        with told():
            run(Place(data or default_path(), host, port, workers))

    return app


@dataclass(frozen=True, slots=True)
class Place:
    """What is served, and where, if not as the configuration says."""

    data: Path
    host: str | None = None
    port: int | None = None
    workers: int | None = None


def run(place: Place, ready: Callable[[str], None] | None = None) -> None:
    """Serve until told to stop; `ready` is given the address once it answers.

    Raises `AddressTaken`, `ChildFailed`, `TlsUnusable`, or what opening the domain raises.
    """
    directory = DataDirectory(place.data)
    configuration = read_configuration(directory.configuration)
    configure_logs(configuration.log.level)
    with tempfile.TemporaryDirectory(prefix="shirushi-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _supervise(place, directory, configuration, ready or _say_address)


def _supervise(
    place: Place, directory: DataDirectory, configuration: Configuration, ready: Callable[[str], None]
) -> None:
    # the server's libraries cost every other command a quarter of a second, and the counters look at the environment
    # as they are imported
    from shirushi.serve.lane import lane_socket  # noqa: PLC0415
    from shirushi.serve.signer import signer_sockets  # noqa: PLC0415
    from shirushi.serve.supervisor import Supervisor, listen  # noqa: PLC0415
    from shirushi.serve.web import tls_context  # noqa: PLC0415

    said = configuration.serve
    scheme = "https" if tls_context(said, directory.path) else "http"
    host = place.host if place.host is not None else said.host
    with (
        listen(host, place.port if place.port is not None else said.port) as listening,
        signer_sockets(directory, [token.name for token in configuration.pkcs11]) as signers,
    ):
        shown = f"[{host}]" if ":" in host else host
        address = f"{scheme}://{shown}:{listening.getsockname()[1]}"
        workers = place.workers or said.workers
        wanted = {
            "lane": (said.lanes if configuration.tsa else 0, said.lane_port),
            "ocsp": (said.ocsp_lanes, said.ocsp_port),
        }
        lanes = {kind: (lane_socket(host, port), count) for kind, (count, port) in wanted.items() if count}
        supervisor = Supervisor(
            directory.path, listening, workers, said.stop_seconds, lanes=lanes, signers=signers
        )

        def tell() -> None:
            ready(address)
            for kind, (keeper, _) in lanes.items():
                _say_lane(kind, f"http://{shown}:{keeper.getsockname()[1]}/")

        supervisor.run(tell)


def _say_address(address: str) -> None:
    say(choose(f"{address} でサービスを開始しました。", f"Serving at {address}"))


def _say_lane(kind: str, address: str) -> None:
    if kind == "ocsp":
        said = f"{address} で OCSP 要求に応じています。", f"Answering OCSP requests at {address}"
    else:
        said = (
            f"{address} でタイムスタンプ要求に応じています。",
            f"Answering time-stamp requests at {address}",
        )
    say(choose(*said))


def _tokens() -> typer.Typer:
    app = typer.Typer(name="token", help="Bearer tokens for HTTP", no_args_is_help=True)

    @app.command()
    def create(
        actor: Annotated[str, typer.Option("--actor", help="For whom: an account, or a program's name")],
        role: Annotated[
            list[Role],
            typer.Option("--role", parser=_role, metavar="ROLE", help="signer, operator, auditor, client"),
        ],
        days: Annotated[int, typer.Option("--days", min=1, max=3650, help="For how long")] = 365,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Give out a token. It is shown this once."""
        with told(as_json=as_json), open_domain(data) as domain:
            token = domain.ports.tokens.create(domain.actor, actor, role, timedelta(days=days))
            if as_json:
                say_json({"actor": actor, "roles": [each.value for each in role], "token": token})
            else:
                typer.echo(token)

    @app.command("list")
    def list_(data: DataOption = None, as_json: JsonOption = False) -> None:
        """Show which tokens were given out."""
        with told(as_json=as_json), open_domain(data) as domain:
            found = [
                {
                    "id": token.id,
                    "actor": token.actor.id,
                    "roles": sorted(role.value for role in token.actor.roles),
                    "expires_at": rfc3339(token.expires_at),
                    "revoked_at": rfc3339(token.revoked_at) if token.revoked_at else None,
                }
                for token in domain.ports.tokens.tokens(domain.actor)
            ]
            if as_json:
                say_json(found)
            for each in () if as_json else found:
                typer.echo("  ".join(" ".join(v) if isinstance(v, list) else v or "-" for v in each.values()))

    @app.command()
    def revoke(
        id_: Annotated[str, typer.Argument(metavar="ID", help="As `token list` shows it")],
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Refuse a token from now on."""
        with told(as_json=as_json), open_domain(data) as domain:
            domain.ports.tokens.revoke(domain.actor, id_)
            if as_json:
                say_json({"revoked": id_})
            else:
                say(choose(f"トークン {id_} を取り消しました。", f"Revoked {id_}"))

    return app


def _role(text: str) -> Role:
    known = {role.value: role for role in GIVEN_OUT}
    if text not in known:
        raise typer.BadParameter(", ".join(sorted(known)), param_hint="--role")
    return known[text]
