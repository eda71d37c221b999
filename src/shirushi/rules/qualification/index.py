"""Services found by the certificates of a chain: the cost of a look-up does not grow with the number of lists."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from shirushi.codecs.asn1 import der
from shirushi.core.agreement import MutualRecognitionAgreement
from shirushi.core.evidence import Certificate
from shirushi.core.instant import Instant
from shirushi.core.qualification import ServiceSource
from shirushi.core.trusted_list import ListedService, Provider, TrustedList, in_language


@dataclass(frozen=True, slots=True)
class SourceList:
    """An accepted list: `digest` names its snapshot, `agreement` lets it count where it is another party's.

    `carried_by` names the list of lists that holds the agreement. Where several hold different ones, `rivals` names
    them all, and none is applied: which one counts is not ours to choose.
    """

    trusted_list: TrustedList = field(repr=False)
    digest: str
    agreement: MutualRecognitionAgreement | None = None
    carried_by: str = ""
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A service where it stands."""

    source: SourceList
    provider: Provider
    service: ListedService

    def source_at(self, at: Instant) -> ServiceSource | None:
        """What names the service and its period at `at`, as it is listed; None before the first."""
        period = self.service.at(at)
        if period is None:
            return None
        return ServiceSource(
            territory=self.source.trusted_list.territory,
            provider=in_language(self.provider.names),
            service=in_language(period.names),
            service_type=period.service_type,
            status=period.status,
            period_start=period.start,
            snapshot=self.source.digest,
        )


class ServiceIndex:
    """All services of accepted lists, by certificate and by key identifier (TS 119 615 §4.3.4)."""

    def __init__(self, sources: Iterable[SourceList]) -> None:
        self.sources = tuple(sources)
        self._by_certificate: dict[bytes, list[Entry]] = {}
        self._by_key: dict[bytes, list[Entry]] = {}
        self.entries: list[Entry] = []
        for source in self.sources:
            for provider in source.trusted_list.providers:
                for service in provider.services:
                    self._add(Entry(source, provider, service))

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        for identity in {period.identity for period in entry.service.periods}:
            for certificate in identity.certificates:
                self._by_certificate.setdefault(certificate, []).append(entry)
            for key in identity.key_identifiers:
                self._by_key.setdefault(key, []).append(entry)

    def matching(self, chain: Iterable[Certificate]) -> Iterator[Entry]:
        """The services that a chain's certificates identify, each once, the nearest to the end entity first."""
        seen: set[int] = set()
        for certificate in chain:
            found = self._by_certificate.get(certificate.der, []) + self._by_key.get(
                _key_identifier(certificate), []
            )
            for entry in found:
                if id(entry.service) not in seen:
                    seen.add(id(entry.service))
                    yield entry


def _key_identifier(certificate: Certificate) -> bytes:
    """The identifier computed from the key itself (RFC 5280 §4.2.1.2, method 1): what a certificate says of it proves nothing."""
    _, key = der.single(certificate.public_key.spki, der.SEQUENCE).children()
    return hashlib.sha1(der.read_bits(key.value), usedforsecurity=False).digest()
