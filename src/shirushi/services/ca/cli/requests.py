"""`shirushi ca request`, `requests`, `approve`, `issue-csr`, `renew`, `rekey`; codes for devices, and keys for ACME accounts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shirushi.codecs.asn1.pem import to_pem
from shirushi.core.document import document
from shirushi.core.instant import rfc3339
from shirushi.faces.cli import DataOption, JsonOption, Opener, Session, choose, say, say_json, told
from shirushi.services.ca.cli.words import serial_number_of
from shirushi.services.ca.model import IssuedCertificate
from shirushi.services.ca.model.subject_request import RequestState, WaitingRequest
from shirushi.services.ca.service.enrolment import Enrolment

CertificateArgument = Annotated[
    str, typer.Argument(help="The certificate in force, by its serial number in hexadecimal or its file")
]
OutputOption = Annotated[Path | None, typer.Option("-o", "--output", help="Where to write it")]
IdArgument = Annotated[str, typer.Argument(metavar="REQUEST", help="The request's number")]


def add_request_commands(app: typer.Typer, open_: Opener[Enrolment]) -> None:
    """Put the commands for enrolment beside the others."""

    @app.command()
    def request(
        csr: Annotated[Path, typer.Argument(help="A PKCS#10 request in PEM or DER")],
        authority: Annotated[
            str | None, typer.Option("--authority", help="The authority that shall issue")
        ] = None,
        profile: Annotated[str | None, typer.Option("--profile", help="tls-server, device, …")] = None,
        renews: Annotated[
            str | None,
            typer.Option("--renews", help="Instead: the certificate to renew, by its serial number or file"),
        ] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Take in a certification request, which waits for approval: for the same key a renewal, for another a rekey."""
        if (renews is None) == (authority is None) or (authority is None) != (profile is None):
            raise typer.BadParameter("--authority with --profile, or --renews")
        with told(as_json=as_json), open_(data) as session:
            octets, taken = session.files.read(csr).read(), session.service.requests
            if renews is None:
                made = taken.submit(session.actor, authority or "", profile or "", octets)
            else:
                made = taken.submit_renewal(
                    session.actor, serial_number_of(renews, session.files, "--renews"), octets
                )
            _say(made, as_json=as_json)

    @app.command()
    def requests(
        state: Annotated[
            RequestState | None, typer.Option("--state", help="waiting, approved, refused, issued")
        ] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """List certification requests, newest first."""
        with told(as_json=as_json), open_(data) as session:
            found = session.service.requests.list_(session.actor, state)
            if as_json:
                say_json([_request(each) for each in found])
            for each in () if as_json else found:
                _say(each, as_json=False)

    @app.command()
    def approve(
        id_: IdArgument,
        refuse: Annotated[bool, typer.Option("--refuse", help="Refuse it instead")] = False,
        remark: Annotated[str, typer.Option("--remark", help="Why, for whoever made the request")] = "",
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Approve a certification request, or refuse it."""
        with told(as_json=as_json), open_(data) as session:
            decided = session.service.requests.decide(session.actor, id_, approve=not refuse, remark=remark)
            _say(decided, as_json=as_json)

    @app.command("issue-csr")
    def issue_csr(
        id_: IdArgument,
        output: OutputOption = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Issue from an approved request: the certificate with those above it, in PEM."""
        with told(as_json=as_json), open_(data) as session:
            issued = session.service.requests.issue(session.actor, id_)
            _give(session, issued, output, as_json=as_json)

    @app.command()
    def renew(
        certificate: CertificateArgument,
        output: OutputOption = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Issue a further certificate for the same name and key, with those above it, in PEM."""
        with told(as_json=as_json), open_(data) as session:
            number = serial_number_of(certificate, session.files, "CERTIFICATE")
            issued = session.service.renewals.renew(session.actor, number)
            _give(session, issued, output, as_json=as_json)

    @app.command()
    def rekey(
        certificate: CertificateArgument,
        csr: Annotated[Path, typer.Argument(help="A PKCS#10 request for the new key, in PEM or DER")],
        output: OutputOption = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Issue a further certificate for the same name and another key, with those above it, in PEM."""
        with told(as_json=as_json), open_(data) as session:
            number = serial_number_of(certificate, session.files, "CERTIFICATE")
            octets = session.files.read(csr).read()
            issued = session.service.renewals.renew(session.actor, number, octets)
            _give(session, issued, output, as_json=as_json)

    @app.command("device-code")
    def device_code(
        label: Annotated[str, typer.Option("--label", help="The label of [[est]]")] = "",
        name: Annotated[str | None, typer.Option("--name", help="The common name that it is for")] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Make a code with which one device enrols by EST. It is shown this once."""
        with told(as_json=as_json), open_(data) as session:
            code, password = session.service.est.new_code(session.actor, label, name)
            if as_json:
                say_json({"name": code.id, "password": password, "expires": rfc3339(code.expires)})
            else:
                until = rfc3339(code.expires)
                say(choose(f"{code.id}:{password}（{until} まで）", f"{code.id}:{password} (until {until})"))

    @app.command("acme-key")
    def acme_key(data: DataOption = None, as_json: JsonOption = False) -> None:
        """Make a key for external account binding: its identifier and secret. They are shown this once."""
        with told(as_json=as_json), open_(data) as session:
            acme = session.service.acme
            if acme is None:
                raise typer.BadParameter("[acme] authority")
            kid, secret = acme.new_external(session.actor)
            if as_json:
                say_json({"kid": kid, "hmac_key": secret})
            else:
                say(f"{kid} {secret}")


def _give(
    session: Session[Enrolment], issued: IssuedCertificate, output: Path | None, *, as_json: bool
) -> None:
    """The certificate with those above it, in PEM."""
    chain = "".join(map(to_pem, session.service.ca.chain(session.actor, issued)))
    if output:
        session.files.write(document(chain.encode()), output)
    if as_json:
        say_json({"serial_number": f"{issued.serial_number:x}", "pem": chain})
    else:
        say(chain if output is None else str(output))


def _say(found: WaitingRequest, *, as_json: bool) -> None:
    if as_json:
        say_json(_request(found))
    else:
        say(f"{found.id} {found.state.value} {found.authority}/{found.profile} {found.subject}")


def _request(found: WaitingRequest) -> dict[str, object]:
    return {
        "id": found.id,
        "state": found.state.value,
        "authority": found.authority,
        "profile": found.profile,
        "subject": found.subject,
        "submitted_at": rfc3339(found.submitted_at),
        "remark": found.remark,
        "renews": None if found.renews is None else f"{found.renews:x}",
    }
