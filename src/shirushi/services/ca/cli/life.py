"""`shirushi ca …` for certificates in force and for authorities that change keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shirushi.codecs.asn1.pem import certificates_in, to_pem
from shirushi.core.instant import Instant, rfc3339
from shirushi.faces.cli import DataOption, JsonOption, Opener, choose, say, say_json, told
from shirushi.services.ca.cli.words import serial_number_of
from shirushi.services.ca.model import IssuedCertificate, RegisterChange
from shirushi.services.ca.model.searching import Sought, Standing
from shirushi.services.ca.service import CertificateAuthority

SerialArgument = Annotated[
    str, typer.Argument(help="The certificate, by its serial number in hexadecimal or its file")
]


def add_commands(app: typer.Typer, open_: Opener[CertificateAuthority]) -> None:
    """Add the commands to those of the certification authority."""

    @app.command()
    def suspend(serial: SerialArgument, data: DataOption = None, as_json: JsonOption = False) -> None:
        """Put a certificate on hold."""
        with told(as_json=as_json), open_(data) as session:
            number = serial_number_of(serial, session.files, "SERIAL")
            session.service.suspend(session.actor, number)
            _say(number, "一時停止しました", "Suspended", as_json=as_json)

    @app.command()
    def release(serial: SerialArgument, data: DataOption = None, as_json: JsonOption = False) -> None:
        """Take a certificate from hold."""
        with told(as_json=as_json), open_(data) as session:
            number = serial_number_of(serial, session.files, "SERIAL")
            session.service.release(session.actor, number)
            _say(number, "一時停止を解除しました", "Released", as_json=as_json)

    @app.command()
    def certificates(
        text: Annotated[
            str,
            typer.Argument(
                help="Words of its names, its serial number or its SHA-256; all where nothing is said"
            ),
        ] = "",
        authority: Annotated[str | None, typer.Option("--authority", help="Who issued them")] = None,
        profile: Annotated[str | None, typer.Option("--profile", help="tls-server, e-seal, …")] = None,
        standing: Annotated[Standing | None, typer.Option("--standing", help="How they stand now")] = None,
        limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most")] = 100,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Search issued certificates, newest first."""
        with told(as_json=as_json), open_(data) as session:
            sought = Sought(text, authority, profile, standing)
            page = session.service.certificates(session.actor, sought=sought, limit=limit)
            now = session.service.register.clock.now()
            rows = [_issued(each, now) for each in page.certificates]
            if as_json:
                say_json({"certificates": rows, "more": page.following is not None})
            for row in () if as_json else rows:
                say(f"{row['serial_number']}  {row['standing']}  {row['profile']}  {row['subject']}")
            if page.following is not None:
                say(choose("（ほかにもあります）", "(there are more)"), aside=True)

    @app.command("register-changed")
    def register_changed(
        subject_key: Annotated[
            str, typer.Argument(help="An organizationIdentifier (NTRJP-…), or a person's serialNumber")
        ],
        change: Annotated[RegisterChange, typer.Argument(help="What the register says has changed")],
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Follow a change in a register: revoke what it ends, flag what somebody must look at."""
        with told(as_json=as_json), open_(data) as session:
            found = session.service.register_changed(session.actor, subject_key, change)
            revoked, flagged = ([f"{n:x}" for n in each] for each in (found.revoked, found.flagged))
            if as_json:
                say_json({"revoked": revoked, "flagged": flagged})
            else:
                say(choose("失効: ", "Revoked: ") + (", ".join(revoked) or "-"))
                say(choose("要確認: ", "To be looked at: ") + (", ".join(flagged) or "-"))

    @app.command()
    def flags(data: DataOption = None, as_json: JsonOption = False) -> None:
        """List the certificates that somebody must look at, for a register has changed."""
        with told(as_json=as_json), open_(data) as session:
            rows = [
                {
                    "serial_number": f"{each.serial_number:x}",
                    "change": each.change.value,
                    "subject_key": each.subject_key,
                    "at": rfc3339(each.at),
                }
                for each in session.service.flags(session.actor)
            ]
            if as_json:
                say_json(rows)
            for row in () if as_json else rows:
                say(f"{row['serial_number']}  {row['change']}  {row['subject_key']}  {row['at']}")

    @app.command()
    def settle(serial: SerialArgument, data: DataOption = None, as_json: JsonOption = False) -> None:
        """Note that somebody has looked, and that the certificate may stand."""
        with told(as_json=as_json), open_(data) as session:
            number = serial_number_of(serial, session.files, "SERIAL")
            session.service.settle_flags(session.actor, number)
            _say(number, "確認済みにしました", "Settled", as_json=as_json)

    @app.command("cross-certify")
    def cross_certify(
        authority: Annotated[str, typer.Argument(help="The authority that certifies")],
        certificate: Annotated[Path, typer.Argument(help="The other authority's self-signed certificate")],
        mapping: Annotated[
            list[str] | None,
            typer.Option("--map", help="OURS=THEIRS, policies that are as good; several times"),
        ] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Certify another authority; its certificate, in PEM."""
        with told(as_json=as_json), open_(data) as session:
            (theirs,) = certificates_in(session.files.read(certificate).read())[:1]
            pairs = [(ours, other) for ours, _, other in (each.partition("=") for each in mapping or ())]
            if not all(ours and other for ours, other in pairs):
                raise typer.BadParameter("OURS=THEIRS", param_hint="--map")
            made = session.service.cross_certify(session.actor, authority, theirs, policy_mappings=pairs)
            pem = to_pem(made.certificate)
            if as_json:
                say_json({"serial_number": f"{made.serial_number:x}", "pem": pem})
            else:
                say(pem)

    @app.command("link-keys")
    def link_keys(
        successor: Annotated[str, typer.Argument(help="The root that succeeds another")],
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Certify a root's new key by its old one, and the old one by the new; both certificates, in PEM."""
        with told(as_json=as_json), open_(data) as session:
            new_with_old, old_with_new = (
                to_pem(each.certificate) for each in session.service.link_keys(session.actor, successor)
            )
            if as_json:
                say_json({"new_with_old": new_with_old, "old_with_new": old_with_new})
            else:
                say(new_with_old + old_with_new)


def _issued(found: IssuedCertificate, now: Instant) -> dict[str, object]:
    return {
        "serial_number": f"{found.serial_number:x}",
        "authority": found.authority,
        "profile": found.profile,
        "subject": found.certificate.subject.text,
        "not_before": rfc3339(found.not_before),
        "not_after": rfc3339(found.not_after),
        "standing": found.standing(now).value,
    }


def _say(number: int, japanese: str, english: str, *, as_json: bool) -> None:
    if as_json:
        say_json({"serial_number": f"{number:x}"})
    else:
        say(choose(f"{number:x} を{japanese}。", f"{english} {number:x}"))
