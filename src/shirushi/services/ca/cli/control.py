"""`shirushi ca ceremony`, `activate`, `deactivate`, `officers`, `unlock`, `verify-ceremony`: what officers do together."""

from __future__ import annotations

import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from shirushi.core.actor import Actor
from shirushi.core.algorithms import KeyType
from shirushi.core.document import document
from shirushi.core.errors import ShirushiError
from shirushi.core.instant import rfc3339
from shirushi.faces.cli import DataOption, JsonOption, Opener, choose, language, say, say_json, told
from shirushi.services.ca.cli.definition import DefinitionOption, defined
from shirushi.services.ca.model.control import (
    ApprovalsMissing,
    Control,
    Motion,
    OfficerLocked,
    OfficerPinRejected,
    OfficerTwice,
)
from shirushi.services.ca.model.protocol import verify_protocol
from shirushi.services.ca.service import CertificateAuthority

OfficersOption = Annotated[list[str] | None, typer.Option("--officer", help="An officer; once for each")]


def add_commands(app: typer.Typer, open_: Opener[CertificateAuthority]) -> None:
    """Add them to `shirushi ca`."""

    @app.command()
    def ceremony(
        name: Annotated[str, typer.Argument(help="The authority to make: a short name in lower case")],
        subject: Annotated[
            list[str] | None, typer.Option("--subject", help="A part of its name, such as commonName=Root")
        ] = None,
        definition: DefinitionOption = None,
        officer: OfficersOption = None,
        needed: Annotated[int, typer.Option("--needed", help="How many officers must approve")] = 2,
        hours: Annotated[int, typer.Option("--hours", help="For how long they may activate the key")] = 24,
        issuer: Annotated[
            str | None, typer.Option("--issuer", help="The authority above; none: a root")
        ] = None,
        key_type: Annotated[
            KeyType, typer.Option("--key-type", parser=KeyType, metavar="TYPE")
        ] = KeyType.P_384,
        output: Annotated[
            Path | None, typer.Option("-o", "--output", help="The protocol [NAME.ceremony.txt]")
        ] = None,
        abandon: Annotated[bool, typer.Option("--abandon", help="End one that is under way")] = False,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Walk officers through the making of an authority's key; one that was interrupted goes on."""
        with told(as_json=as_json), open_(data) as session:
            ca, actor = session.service, session.actor
            motion = ca.open_ceremony(actor, name)
            if abandon:
                if motion is not None:
                    ca.abandon_ceremony(actor, motion.id)
                if as_json:
                    say_json({"authority": name, "abandoned": motion is not None})
                else:
                    say(
                        choose(
                            f"{name} のセレモニーを中止しました。", f"The ceremony for {name} is abandoned."
                        )
                    )
                return
            if motion is None:
                if not officer:
                    raise typer.BadParameter("--officer")
                asked = defined(session, name, definition, subject, key_type)
                _step(1, choose("役員の登録", "Enrol the officers"))
                _enrol(ca, actor, officer)
                motion = ca.begin_ceremony(actor, asked, Control(tuple(officer), needed, hours), issuer)
            else:
                say(
                    choose(f"{name} のセレモニーを再開します。", f"The ceremony for {name} goes on."),
                    aside=True,
                )
            _step(2, choose("承認（署名される文）", "Approve; what is signed:"))
            say(escape(motion.statement), aside=True)
            motion = _gather(ca, actor, motion)
            _step(3, choose("鍵と証明書の生成", "Make key and certificate"))
            motion = ca.complete_ceremony(actor, motion.id)
            target = output or Path(f"{name}.ceremony.txt")
            session.files.write(document((motion.protocol or "").encode()), target)
            if as_json:
                say_json(
                    {"authority": name, "approved_by": list(motion.approved_by), "protocol": str(target)}
                )
            else:
                say("[bold]4.[/] " + choose(f"記録を保存しました: {target}", f"Protocol: {target}"))

    @app.command()
    def activate(
        name: Annotated[str, typer.Argument(help="The authority")],
        hours: Annotated[int | None, typer.Option("--hours", min=1, help="For how long at most")] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Let an authority's key sign certificates and CRLs for a time, as enough of its officers approve."""
        with told(as_json=as_json), open_(data) as session:
            motion = session.service.open_activation(session.actor, name, hours)
            motion = _gather(session.service, session.actor, motion)
            until = rfc3339(motion.expires_at) if motion.expires_at else "-"
            if as_json:
                say_json({"authority": name, "approved_by": list(motion.approved_by), "until": until})
            else:
                say(choose(f"{name} を {until} まで有効化しました。", f"{name} is active until {until}."))

    @app.command()
    def deactivate(
        name: Annotated[str, typer.Argument(help="The authority")],
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Let an authority's key sign no more until it is activated again."""
        with told(as_json=as_json), open_(data) as session:
            session.service.deactivate(session.actor, name)
            if as_json:
                say_json({"authority": name})
                return
            say(choose(f"{name} の有効化を終了しました。", f"{name} is active no more."))

    @app.command()
    def officers(data: DataOption = None, as_json: JsonOption = False) -> None:
        """List the officers, and who is locked out."""
        with told(as_json=as_json), open_(data) as session:
            found = session.service.officers(session.actor)
            if as_json:
                say_json([{"name": o.name, "key": o.digest, "locked": o.locked} for o in found])
            for each in () if as_json else found:
                state = choose("ロック中", "locked") if each.locked else "-"
                say(f"{each.name}  SHA-256 {each.digest}  {state}")

    @app.command()
    def unlock(
        officer: Annotated[str, typer.Argument(help="The officer who is locked out")],
        authority: Annotated[str, typer.Option("--authority", help="The authority whose officers decide")],
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Let an officer try their PIN again, as enough of the authority's other officers approve."""
        with told(as_json=as_json), open_(data) as session:
            motion = session.service.open_unlock(session.actor, authority, officer)
            motion = _gather(session.service, session.actor, motion)
            if as_json:
                say_json({"officer": officer, "approved_by": list(motion.approved_by)})
            else:
                say(choose(f"役員 {officer} のロックを解除しました。", f"The officer {officer} is unlocked."))

    @app.command("verify-ceremony")
    def verify_ceremony(
        file: Annotated[Path, typer.Argument(help="The protocol of a ceremony")],
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Verify a ceremony's protocol: the officers' signatures and that of the authority's key."""
        with told(as_json=as_json), open_(data) as session:
            facts = verify_protocol(session.files.read(file).read().decode(errors="replace"))
            said = {
                "authority": facts.authority,
                "certificate": facts.certificate.id,
                "approved_by": list(facts.approved_by),
                "needed": facts.needed,
            }
            if as_json:
                say_json(said)
            else:
                names = ", ".join(facts.approved_by)
                say(choose(f"正しい記録です。承認: {names}", f"The protocol is intact; approved by {names}"))


def _step(number: int, text: str) -> None:
    say(f"[bold]{number}.[/] {text}", aside=True)


def _enrol(ca: CertificateAuthority, actor: Actor, names: list[str]) -> None:
    known = {each.name for each in ca.officers(actor)}
    for name in names:
        if name not in known:
            pin = _ask(
                choose(
                    f"  {name} さんの新しい PIN（8 文字以上）: ", f"  {name}: new PIN, 8 characters or more: "
                )
            )
            officer = ca.enrol_officer(actor, name, pin)
            known.add(name)
            say(f"  {name}  SHA-256 {officer.digest}", aside=True)


def _gather(ca: CertificateAuthority, actor: Actor, motion: Motion) -> Motion:
    """Ask each officer who has not approved, until enough have; who is absent gives an empty line."""
    for name in motion.control.officers:
        while not motion.carried and name not in motion.approved_by:
            pin = _ask(choose(f"  {name} さんの PIN（不在なら Enter）: ", f"  {name}: PIN (Enter: absent): "))
            if not pin:
                break
            try:
                motion = ca.approve(actor, motion.id, name, pin)
            except OfficerPinRejected as error:
                _say_error(error)
                continue
            except (OfficerLocked, OfficerTwice) as error:
                _say_error(error)
                break
            say(choose(f"  ✔ {name} さんが承認しました。", f"  ✔ {name} approves."), aside=True)
    if not motion.carried:
        raise ApprovalsMissing(
            name=motion.authority, given=len(motion.approved_by), needed=motion.control.needed
        )
    return motion


def _say_error(error: ShirushiError) -> None:
    say(escape(f"  ✘ {error.explain(language())}"), aside=True)


def _ask(text: str) -> str:
    """A PIN from the terminal, unseen, or the next line of standard input."""
    return getpass(text) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
