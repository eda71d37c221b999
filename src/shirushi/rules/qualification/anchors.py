"""Services of accepted lists as trust anchors (ETSI EN 319 102-1 §5.2.6, ETSI TS 119 615 §4.3)."""

from __future__ import annotations

from collections.abc import Iterator

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import TrustAnchor
from shirushi.core.instant import Instant
from shirushi.core.qualification import SUPERVISED
from shirushi.core.trusted_list import ListedService, in_language
from shirushi.rules.qualification.index import Entry

_PURPOSES = {"TSA": "1.3.6.1.5.5.7.3.8", "Certstatus/OCSP": "1.3.6.1.5.5.7.3.9"}
"""Services that are no issuers, and the extended key usage that they are trusted for."""
_RECOGNISED = SUPERVISED | {"http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/recognisedatnationallevel"}
_BAD = ("withdrawn", "ceased", "revoked", "deprecated", "expired", "suspended", "refused")


def listed_anchors(entry: Entry) -> Iterator[TrustAnchor]:
    """The certificates by which a service signs certificates, time-stamps or answers on certificates' status.

    Trust begins with the service's first good period and ends where its last one gave way to a bad one. A service of
    another kind is no anchor; a certificate that cannot be read is none either.
    """
    kinds = {period.service_type.rpartition("/Svctype/")[2] for period in entry.service.periods}
    issues = any(kind.startswith(("CA", "NationalRootCA")) for kind in kinds)
    purposes = frozenset(
        purpose for start, purpose in _PURPOSES.items() if any(kind.startswith(start) for kind in kinds)
    )
    if not purposes and not issues:
        return
    begin, end = _trusted(entry.service)
    if begin is None:
        return
    name = in_language(entry.service.current.names)
    territory = entry.source.trusted_list.territory
    wanted = frozenset[str]() if issues else purposes
    for der in dict.fromkeys(c for period in entry.service.periods for c in period.identity.certificates):
        try:
            certificate = parse_certificate(der)
        except MalformedInput:
            continue
        provider = in_language(entry.provider.names)
        yield TrustAnchor(certificate, f"{name} ({provider}, {territory})", begin, end, wanted)


def _trusted(service: ListedService) -> tuple[Instant | None, Instant | None]:
    """From when until when the service was good; None, None where it never was. Other schemes have statuses of their own."""
    good = [not _is_bad(period.status) for period in service.periods]
    if not any(good):
        return None, None
    youngest = good.index(True)
    oldest = max(place for place, value in enumerate(good) if value)
    end = None if youngest == 0 else service.periods[youngest - 1].start
    return service.periods[oldest].start, end


def _is_bad(status: str) -> bool:
    name = status.rpartition("/")[2].lower()
    return status not in _RECOGNISED and any(word in name for word in _BAD)
