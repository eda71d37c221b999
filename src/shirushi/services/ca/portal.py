"""The pages of the certification authority: the register of certificates, and revocation."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from shirushi.codecs.asn1.pem import to_pem
from shirushi.core.actor import Role
from shirushi.core.document import document
from shirushi.core.errors import NotAnInstant
from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import Instant, instant, rfc3339
from shirushi.faces.portal.kit import Kit, Task
from shirushi.faces.portal.languages import common_name
from shirushi.faces.portal.visit import Visit
from shirushi.services.ca.model import CertificateUnknown, IssuedCertificate, profile_names
from shirushi.services.ca.model.est import EnrolmentCode
from shirushi.services.ca.model.searching import Sought
from shirushi.services.ca.service import CertificateAuthority
from shirushi.services.ca.service.enrolment import Enrolment

AT_ONCE = 25
"""Certificates on one page."""

_LOOKERS = frozenset({Role.OPERATOR, Role.AUDITOR})
_OPERATORS = frozenset({Role.OPERATOR})
_OFFERED = tuple(
    reason
    for reason in RevocationReason
    if reason not in {RevocationReason.REMOVE_FROM_CRL, RevocationReason.AA_COMPROMISE}
)
_HERE = "/ca/certificates"


def pages(service: CertificateAuthority, kit: Kit) -> list[Route]:
    """The pages of the register, for operators and auditors; operators revoke."""
    kit.task(Task("certificates", _HERE, _LOOKERS, order=40))

    def state(issued: IssuedCertificate) -> str:
        now = kit.clock.now()
        if issued.revocation:
            return "revoked"
        if now > issued.not_after:
            return "expired"
        return "valid" if now >= issued.not_before else "future"

    def register(visit: Visit) -> Response:
        query = visit.query
        page = service.certificates(
            visit.actor,
            sought=Sought(
                authority=query.get("authority") or None,
                profile=query.get("profile") or None,
                revoked={"revoked": True, "valid": False}.get(query.get("state", "")),
            ),
            after=_place(query.get("before", "")),
            limit=AT_ONCE,
        )
        place = page.following
        following = {**query, "before": f"{rfc3339(place[0])}_{place[1]:x}"} if place else {}
        return visit.page(
            "ca/register.html",
            fragment="certificates",
            found=[(issued, issued.certificate, state(issued)) for issued in page.certificates],
            following=f"{_HERE}?{urlencode(following)}" if following else None,
            authorities=[authority.name for authority in service.authorities(visit.actor)],
            profiles=profile_names(),
            query=query,
        )

    def detail(visit: Visit) -> Response:
        return one(visit)

    def one(visit: Visit, *, unsure: bool = False) -> Response:
        issued = _issued(service, visit)
        certificate = issued.certificate
        return visit.page(
            "ca/certificate.html",
            status=400 if unsure else 200,
            issued=issued,
            certificate=certificate,
            chain=service.chain(visit.actor, issued)[1:],
            state=state(issued),
            reasons=_OFFERED,
            may_revoke=visit.actor.has(*_OPERATORS)
            and (not issued.revocation or issued.revocation.reason is RevocationReason.CERTIFICATE_HOLD),
            unsure=unsure,
            chosen=visit.form.get("reason"),
        )

    def revoke(visit: Visit) -> Response:
        if visit.form.get("sure") != "yes":
            return one(visit, unsure=True)
        issued = _issued(service, visit)
        name = visit.form.get("reason")
        reason = (
            RevocationReason[name] if name in RevocationReason.__members__ else RevocationReason.UNSPECIFIED
        )
        service.revoke(visit.actor, issued.serial_number, reason)
        return visit.go(
            f"{_HERE}/{issued.serial_number:x}",
            "ca.revoked",
            name=common_name(issued.certificate.subject.text),
        )

    def give(visit: Visit) -> Response:
        issued = _issued(service, visit)
        return visit.download(document(issued.der), f"{issued.serial_number:x}.cer", "application/pkix-cert")

    def give_chain(visit: Visit) -> Response:
        issued = _issued(service, visit)
        chain = "".join(map(to_pem, service.chain(visit.actor, issued)))
        return visit.download(
            document(chain.encode()), f"{issued.serial_number:x}.pem", "application/x-pem-file"
        )

    return [
        kit.get(_HERE, register, roles=_LOOKERS),
        kit.get(f"{_HERE}/{{serial}}", detail, roles=_LOOKERS),
        kit.post(f"{_HERE}/{{serial}}", revoke, roles=_OPERATORS),
        kit.get(f"{_HERE}/{{serial}}/der", give, roles=_LOOKERS),
        kit.get(f"{_HERE}/{{serial}}/chain", give_chain, roles=_LOOKERS),
    ]


def enrolment_pages(enrolment: Enrolment, kit: Kit) -> list[Route]:
    """The page on ACME accounts and orders and on devices' codes, which operators make."""
    kit.task(Task("enrolment", "/ca/enrolment", _LOOKERS, order=45))

    def show(visit: Visit, made: EnrolmentCode | None = None, secret: str | None = None) -> Response:
        acme = enrolment.acme
        accounts, orders = acme.overview(visit.actor) if acme else ([], [])
        return visit.page(
            "ca/enrolment.html",
            codes=enrolment.est.codes(visit.actor),
            accounts=accounts,
            orders=orders,
            labels=tuple(enrolment.est.terms),
            may_make=visit.actor.has(*_OPERATORS),
            now=kit.clock.now(),
            made=made,
            secret=secret,
        )

    def make(visit: Visit) -> Response:
        label, subject = visit.form.get("label") or "", visit.form.get("subject") or None
        made, secret = enrolment.est.new_code(visit.actor, label, subject)
        return show(visit, made, secret)

    return [
        kit.get("/ca/enrolment", show, roles=_LOOKERS),
        kit.post("/ca/enrolment", make, roles=_OPERATORS),
    ]


def _issued(service: CertificateAuthority, visit: Visit) -> IssuedCertificate:
    text = visit.argument("serial")
    try:
        serial_number = int(text, 16)
    except ValueError:
        raise CertificateUnknown(certificate=text) from None
    return service.certificate(visit.actor, serial_number)


def _place(text: str) -> tuple[Instant, int] | None:
    """Where a page of the register begins: notBefore and serial number of the certificate before it."""
    at, _, serial_number = text.partition("_")
    try:
        return instant(at), int(serial_number, 16)
    except (NotAnInstant, ValueError):
        return None
