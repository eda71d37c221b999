"""Certificates: sought, looked at, suspended, released, revoked, renewed."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from shirushi.codecs.asn1.pem import to_pem
from shirushi.core.document import document
from shirushi.core.errors import NotAnInstant, ShirushiError
from shirushi.core.instant import Instant, instant, rfc3339
from shirushi.faces.portal.kit import Kit
from shirushi.faces.portal.languages import common_name
from shirushi.faces.portal.visit import Visit
from shirushi.services.ca.model import IssuedCertificate, ProfileKind, profile, profile_names
from shirushi.services.ca.model.name import DistinguishedName
from shirushi.services.ca.model.searching import Sought, Standing
from shirushi.services.ca.portal.sections import (
    LOOKERS,
    OPERATORS,
    REASONS,
    reason_in,
    serial_number_of,
    shown,
)
from shirushi.services.ca.service.enrolment import Enrolment

AT_ONCE = 25
"""Certificates on one page."""
MOST_DAYS = 3660
_HERE = "/ca/certificates"


def certificate_pages(enrolment: Enrolment, kit: Kit) -> list[Route]:
    """The pages of the certificates, for operators and auditors; operators act."""
    ca = enrolment.ca

    def search(visit: Visit) -> Response:
        query = {name: value for name, value in visit.query.items() if value}
        now, days = kit.clock.now(), _days(query.get("days", ""))
        known = Standing._value2member_map_
        sought = Sought(
            text=query.get("text", ""),
            authority=query.get("authority"),
            profile=query.get("profile"),
            standing=Standing(query["standing"]) if query.get("standing") in known else None,
            ends_before=now + timedelta(days=days) if days is not None else None,
        )
        page = ca.certificates(
            visit.actor, sought=sought, after=_place(query.get("after", "")), limit=AT_ONCE
        )
        place = page.following
        following = {**query, "after": f"{rfc3339(place[0])}_{place[1]:x}"} if place else {}
        return shown(
            visit,
            "certificates.html",
            fragment="certificates",
            found=[(issued, issued.certificate, issued.standing(now)) for issued in page.certificates],
            following=f"{_HERE}?{urlencode(following)}" if following else None,
            authorities=[authority.name for authority in ca.authorities(visit.actor)],
            profiles=profile_names(),
            standings=tuple(Standing),
            query=query,
            narrowed=any(name in query for name in ("authority", "profile", "standing", "days")),
            now=now,
        )

    def look(visit: Visit) -> Response:
        return one(visit)

    def one(visit: Visit, *, unsure: bool = False) -> Response:
        issued, now = _issued(visit), kit.clock.now()
        kin = ca.kin(visit.actor, issued)
        return shown(
            visit,
            "certificate.html",
            status=400 if unsure else 200,
            issued=issued,
            certificate=issued.certificate,
            chain=ca.chain(visit.actor, issued)[1:],
            standing=issued.standing(now),
            now=now,
            request=enrolment.requests.of_certificate(visit.actor, issued.serial_number),
            told=ca.told(visit.actor, issued),
            flags=[each for each in ca.flags(visit.actor) if each.serial_number == issued.serial_number],
            kin=[(each, each.standing(now)) for each in kin[:AT_ONCE]],
            keys=DistinguishedName.decode(issued.certificate.subject.der).register_keys,
            renewable=profile(issued.profile).kind is ProfileKind.END_ENTITY,
            reasons=REASONS,
            unsure=unsure,
            chosen=visit.form.get("reason"),
        )

    def revoke(visit: Visit) -> Response:
        if visit.form.get("sure") != "yes":
            return one(visit, unsure=True)
        issued = _issued(visit)
        ca.revoke(visit.actor, issued.serial_number, reason_in(visit))
        return _back(visit, issued, "ca.revoked")

    def hold(visit: Visit) -> Response:
        issued = _issued(visit)
        ca.suspend(visit.actor, issued.serial_number)
        return _back(visit, issued, "ca.held")

    def release(visit: Visit) -> Response:
        issued = _issued(visit)
        ca.release(visit.actor, issued.serial_number)
        return _back(visit, issued, "ca.released")

    def renewal(visit: Visit) -> Response:
        return ask_renewal(visit)

    def ask_renewal(visit: Visit, error: ShirushiError | None = None) -> Response:
        issued = _issued(visit)
        kind = profile(issued.profile)
        return shown(
            visit,
            "renewal.html",
            status=400 if error else 200,
            issued=issued,
            certificate=issued.certificate,
            ends=kit.clock.now() + kind.validity,
            four_eyes=kind.four_eyes,
            error=error,
            csr=visit.form.get("csr"),
            way=visit.form.get("way", "same"),
        )

    def renew(visit: Visit) -> Response:
        serial_number, csr = serial_number_of(visit), None
        try:
            if profile(_issued(visit).profile).four_eyes:
                asked = enrolment.requests.submit_renewal(visit.actor, serial_number, request_in(visit))
                return visit.go(f"/ca/requests/{asked.id}", "ca.request.sent")
            if visit.form.get("way") == "new":
                csr = request_in(visit)
            made = enrolment.renewals.renew(visit.actor, serial_number, csr)
        except ShirushiError as error:
            return ask_renewal(visit, error)
        return _back(visit, made, "ca.renewed")

    def give(visit: Visit) -> Response:
        issued = _issued(visit)
        return visit.download(document(issued.der), f"{issued.serial_number:x}.cer", "application/pkix-cert")

    def give_pem(visit: Visit) -> Response:
        issued = _issued(visit)
        return _pem(visit, to_pem(issued.certificate), f"{issued.serial_number:x}.pem")

    def give_chain(visit: Visit) -> Response:
        issued = _issued(visit)
        chain = "".join(map(to_pem, ca.chain(visit.actor, issued)))
        return _pem(visit, chain, f"{issued.serial_number:x}.chain.pem")

    def _issued(visit: Visit) -> IssuedCertificate:
        return ca.certificate(visit.actor, serial_number_of(visit))

    place = f"{_HERE}/{{serial}}"
    return [
        kit.get(_HERE, search, roles=LOOKERS),
        kit.get(place, look, roles=LOOKERS),
        kit.post(place, revoke, roles=OPERATORS),
        kit.post(f"{place}/hold", hold, roles=OPERATORS),
        kit.post(f"{place}/release", release, roles=OPERATORS),
        kit.get(f"{place}/renewal", renewal, roles=OPERATORS),
        kit.post(f"{place}/renewal", renew, roles=OPERATORS, upload=True),
        kit.get(f"{place}/der", give, roles=LOOKERS),
        kit.get(f"{place}/pem", give_pem, roles=LOOKERS),
        kit.get(f"{place}/chain", give_chain, roles=LOOKERS),
    ]


def request_in(visit: Visit) -> bytes:
    """The certification request that a form brings: as a file, else as text."""
    if "file" in visit.form.uploads:
        return visit.form.upload("file").content.read()
    return visit.form.get("csr").encode()


def _pem(visit: Visit, text: str, name: str) -> Response:
    return visit.download(document(text.encode()), name, "application/x-pem-file")


def _back(visit: Visit, issued: IssuedCertificate, notice: str) -> Response:
    """To the certificate's page, with the notice."""
    name = common_name(issued.certificate.subject.text)
    return visit.go(f"{_HERE}/{issued.serial_number:x}", notice, name=name)


def _days(text: str) -> int | None:
    return min(int(text), MOST_DAYS) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _place(text: str) -> tuple[Instant, int] | None:
    """Where a page begins: the time and serial number of the certificate before it."""
    at, _, serial_number = text.partition("_")
    try:
        return instant(at), int(serial_number, 16)
    except (NotAnInstant, ValueError):
        return None
