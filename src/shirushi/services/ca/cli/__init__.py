"""`shirushi ca …`: certificates, revocation, lists, OCSP answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from shirushi.codecs.asn1.pem import public_key_in, to_pem
from shirushi.core.algorithms import KeyType
from shirushi.core.document import document
from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import instant, rfc3339
from shirushi.faces.cli import DataOption, JsonOption, Opener, choose, say, say_json, told
from shirushi.services.ca.cli import life
from shirushi.services.ca.cli.control import add_commands
from shirushi.services.ca.cli.definition import DefinitionOption, defined
from shirushi.services.ca.cli.requests import add_request_commands
from shirushi.services.ca.cli.words import name_of, serial_number_of
from shirushi.services.ca.model import (
    Authority,
    CertificateRequest,
    IssuedCertificate,
)
from shirushi.services.ca.service import CertificateAuthority
from shirushi.services.ca.service.enrolment import Enrolment

SubjectOption = Annotated[
    list[str],
    typer.Option("--subject", help="A part of the name, such as commonName=Root; in order, several times"),
]
SubjectsOption = Annotated[
    list[str] | None,
    typer.Option("--subject", help="A part of the name, such as commonName=Root; in order, several times"),
]
KeyTypeOption = Annotated[
    KeyType, typer.Option("--key-type", parser=KeyType, metavar="TYPE", help="P-256, RSA-3072, …")
]
OutputOption = Annotated[Path | None, typer.Option("-o", "--output", help="Where to write it")]


def commands(open_: Opener[CertificateAuthority], enrolment: Opener[Enrolment]) -> typer.Typer:
    """The commands of the certification authority."""
    app = typer.Typer(name="ca", help="Certificates, revocation, lists, OCSP answers", no_args_is_help=True)

    @app.command("list")
    def list_(data: DataOption = None, as_json: JsonOption = False) -> None:
        """List the established authorities."""
        with told(as_json=as_json), open_(data) as session:
            authorities = session.service.authorities(session.actor)
            if as_json:
                say_json([_authority(authority) for authority in authorities])
            for authority in () if as_json else authorities:
                say(f"{authority.name}: {authority.certificate.subject.text}")

    @app.command()
    def establish(
        name: Annotated[str, typer.Argument(help="A short name in lower case")],
        subject: SubjectsOption = None,
        definition: DefinitionOption = None,
        issuer: Annotated[
            str | None, typer.Option("--issuer", help="The authority above it; none for a root")
        ] = None,
        key_type: KeyTypeOption = KeyType.P_384,
        succeeds: Annotated[
            str | None, typer.Option("--succeeds", help="The authority whose name and work it takes over")
        ] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Establish a root authority, or one below another."""
        with told(as_json=as_json), open_(data) as session:
            asked = defined(session, name, definition, subject, key_type, succeeds)
            ca, actor = session.service, session.actor
            made = ca.establish_issuing(actor, asked, issuer) if issuer else ca.establish_root(actor, asked)
            _told(
                _authority(made),
                as_json=as_json,
                text=choose(f"認証局 {name} を設立しました。", f"Established {name}"),
            )

    @app.command()
    def responder(
        authority: Annotated[str, typer.Argument(help="The authority")],
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Give an authority a new OCSP responder, which answers from now on."""
        with told(as_json=as_json), open_(data) as session:
            made = session.service.establish_responder(session.actor, authority)
            _told(_issued(made), as_json=as_json, text=made.certificate.subject.text)

    @app.command()
    def issue(
        public_key: Annotated[
            Path, typer.Argument(help="The subject's public key, or a certificate of it, in PEM")
        ],
        subject: SubjectOption,
        authority: Annotated[str, typer.Option("--authority", help="The authority that issues")],
        profile: Annotated[str, typer.Option("--profile", help="person-signature, e-seal, tsu, …")],
        output: OutputOption = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Issue a certificate for a public key."""
        with told(as_json=as_json), open_(data) as session:
            ca, actor = session.service, session.actor
            request = CertificateRequest(
                authority=authority,
                profile=profile,
                subject=name_of(subject),
                public_key=public_key_in(session.files.read(public_key).read()),
            )
            issued = ca.issue(actor, request)
            chain = "".join(map(to_pem, ca.chain(actor, issued)))
            if output:
                session.files.write(document(chain.encode()), output)
            _told(_issued(issued), as_json=as_json, text=chain if output is None else str(output))

    @app.command()
    def revoke(
        certificate: Annotated[str, typer.Argument(help="Its serial number in hexadecimal, or its file")],
        reason: Annotated[
            str, typer.Option("--reason", help="key-compromise, superseded, …")
        ] = "unspecified",
        at: Annotated[str | None, typer.Option("--at", help="As of this time (RFC 3339) [now]")] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Revoke a certificate."""
        with told(as_json=as_json), open_(data) as session:
            serial_number = serial_number_of(certificate, session.files, "CERTIFICATE")
            revocation = session.service.revoke(
                session.actor, serial_number, _reason(reason), instant(at) if at else None
            )
            found = {
                "serial_number": f"{serial_number:x}",
                "revocation_time": rfc3339(revocation.revocation_time),
                "reason": revocation.reason.name,
            }
            _told(
                found,
                as_json=as_json,
                text=choose(f"{serial_number:x} を失効しました。", f"Revoked {serial_number:x}"),
            )

    @app.command()
    def crl(
        authority: Annotated[str, typer.Argument(help="The authority's name")],
        output: OutputOption = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Publish the authority's revocation list anew, in DER."""
        target = output or Path(f"{authority}.crl")
        with told(as_json=as_json), open_(data) as session:
            session.files.write(document(session.service.publish_crl(session.actor, authority)), target)
            _told({"file": str(target)}, as_json=as_json, text=str(target))

    @app.command()
    def ocsp(
        request: Annotated[Path, typer.Argument(help="An OCSPRequest in DER")],
        output: OutputOption = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Answer an OCSP request."""
        target = output or request.with_suffix(".ocsp-response.der")
        with told(as_json=as_json), open_(data) as session:
            answer = session.service.answer_ocsp(session.actor, session.files.read(request).read())
            session.files.write(document(answer), target)
            _told({"file": str(target)}, as_json=as_json, text=str(target))

    add_commands(app, open_)
    life.add_commands(app, open_)
    add_request_commands(app, enrolment)
    return app


def _told(value: Mapping[str, object], *, as_json: bool, text: str) -> None:
    if as_json:
        say_json(value)
    else:
        say(text)


def _reason(text: str) -> RevocationReason:
    try:
        return RevocationReason[text.upper().replace("-", "_")]
    except KeyError:
        known = ", ".join(reason.name.lower().replace("_", "-") for reason in RevocationReason)
        raise typer.BadParameter(known, param_hint="--reason") from None


def _authority(authority: Authority) -> dict[str, object]:
    certificate = authority.certificate
    return {
        "name": authority.name,
        "issuer": authority.issuer,
        "subject": certificate.subject.text,
        "serial_number": f"{certificate.serial_number:x}",
        "not_after": rfc3339(certificate.not_after),
    }


def _issued(issued: IssuedCertificate) -> dict[str, object]:
    return {
        "serial_number": f"{issued.serial_number:x}",
        "profile": issued.profile,
        "not_after": rfc3339(issued.not_after),
    }
