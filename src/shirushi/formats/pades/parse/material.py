"""The document security store: validation data beside the signatures (ISO 32000-2 §12.8.4.3, EN 319 142-1 §5.4.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.codecs.pdf.effort import Effort
from shirushi.codecs.pdf.filters import decode
from shirushi.codecs.pdf.objects import PdfValue, Reference, Stream
from shirushi.codecs.pdf.view import PdfView, array, dictionary
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Certificate, Crl, OcspResponse

_MOST_ENTRIES = 4096
_LARGEST = 16 << 20
_READING = 7
"""How much more a byte of a revocation list costs to read than to unpack."""
T = TypeVar("T")
E = TypeVar("E", Certificate, Crl, OcspResponse)


@dataclass(frozen=True, slots=True)
class Store:
    """What the stores hold; what cannot be read is as good as absent."""

    certificates: tuple[Certificate, ...] = ()
    crls: tuple[Crl, ...] = ()
    ocsp_responses: tuple[OcspResponse, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        """The ids of everything in it."""
        return frozenset(
            chain(
                (c.id for c in self.certificates),
                (c.id for c in self.crls),
                (r.id for r in self.ocsp_responses),
            )
        )

    def joined(self, other: Store) -> Store:
        """Both together, nothing twice."""
        return Store(
            _once(self.certificates + other.certificates),
            _once(self.crls + other.crls),
            _once(self.ocsp_responses + other.ocsp_responses),
        )

    def tells_status(self, certificate: Certificate) -> bool:
        """Whether there is a list of the certificate's issuer or a response about the certificate."""
        return any(crl.issuer == certificate.issuer for crl in self.crls) or any(
            single.certificate.serial_number == certificate.serial_number
            for response in self.ocsp_responses
            for single in response.responses
        )


def _once(items: tuple[E, ...]) -> tuple[E, ...]:
    return tuple({each.id: each for each in items}.values())


class StoreReader:
    """Reads the stores of several revisions of a file of `size` bytes; what stands in more than one is read once."""

    __slots__ = ("_effort", "_known")

    def __init__(self, size: int) -> None:
        self._known: dict[tuple[object, bytes], Any] = {}
        self._effort = Effort(size)

    def read(self, view: PdfView) -> Store:
        """The store of a revision, `/VRI` included."""
        found = dictionary(view, view.root.get("DSS"))
        if found is None:
            return Store()
        places = [(found, "Certs", "CRLs", "OCSPs")]
        for each in (dictionary(view, found.get("VRI")) or {}).values():
            related = dictionary(view, each)
            if related is not None and len(places) < _MOST_ENTRIES:
                places.append((related, "Cert", "CRL", "OCSP"))
        certificates: list[Certificate] = []
        crls: list[Crl] = []
        responses: list[OcspResponse] = []
        seen: set[Reference] = set()
        for entries, certs, lists, ocsps in places:
            certificates += self._all(view, entries.get(certs), parse_certificate, seen)
            crls += self._all(view, entries.get(lists), parse_crl, seen)
            responses += self._all(view, entries.get(ocsps), parse_ocsp_response, seen)
        return Store(_once(tuple(certificates)), _once(tuple(crls)), _once(tuple(responses)))

    def related(self, view: PdfView, key: str) -> Store:
        """What `/VRI` holds under that key."""
        found = dictionary(view, view.root.get("DSS")) or {}
        own = dictionary(view, (dictionary(view, found.get("VRI")) or {}).get(key)) or {}
        seen: set[Reference] = set()
        return Store(
            _once(tuple(self._all(view, own.get("Cert"), parse_certificate, seen))),
            _once(tuple(self._all(view, own.get("CRL"), parse_crl, seen))),
            _once(tuple(self._all(view, own.get("OCSP"), parse_ocsp_response, seen))),
        )

    def _all(
        self, view: PdfView, value: PdfValue, parse: Callable[[bytes], T], seen: set[Reference]
    ) -> Iterator[T]:
        for item in (array(view, value) or [])[:_MOST_ENTRIES]:
            if isinstance(item, Reference):
                if item in seen:
                    continue
                seen.add(item)
            try:
                data = stored(view, item, self._effort)
                if data is not None:
                    yield self._one(data, parse)
            except MalformedInput:
                continue

    def _one(self, data: bytes, parse: Callable[[bytes], T]) -> T:
        if (parse, data) not in self._known:
            self._effort.spend(_READING * len(data))
            self._known[parse, data] = parse(data)
        known: T = self._known[parse, data]
        return known


def stored(view: PdfView, value: PdfValue, effort: Effort) -> bytes | None:
    """The content of a stream of the store, None for what is no stream; raises a `MalformedPdf`."""
    found = view.resolve(value)
    if not isinstance(found, Stream):
        return None
    filters = {key: view.resolve(found.dictionary.get(key)) for key in ("Filter", "DecodeParms")}
    return decode(filters, found.read(), _LARGEST, effort)
