"""What each kind of time-stamp of XAdES covers (EN 319 132-1 §5.2.8, §5.3, §5.5, annexes A and D)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from shirushi.codecs.xml.algorithms import localname
from shirushi.codecs.xml.c14n import Canonicalization, canonical_element
from shirushi.codecs.xml.dsig import DsSignature
from shirushi.codecs.xml.errors import MalformedXml, XmlTransformUnsupported
from shirushi.codecs.xml.names import ds
from shirushi.codecs.xml.reader import Element, XmlDocument
from shirushi.codecs.xml.text import bytes_of
from shirushi.core.document import Document
from shirushi.formats.xades.properties import children, is_xades
from shirushi.formats.xades.references import Resolved

Parts = Sequence[bytes | Document]
"""What is digested, one after the other."""

SIGNATURE_STAMPS = ("SignatureTimeStamp", "SigAndRefsTimeStamp", "SigAndRefsTimeStampV2")
REFERENCE_STAMPS = ("RefsOnlyTimeStamp", "RefsOnlyTimeStampV2")
ARCHIVE_STAMPS = ("ArchiveTimeStamp",)
UNSIGNED_STAMPS = (*SIGNATURE_STAMPS, *REFERENCE_STAMPS, *ARCHIVE_STAMPS)
REFERENCES = (
    "CompleteCertificateRefs",
    "CompleteCertificateRefsV2",
    "CompleteRevocationRefs",
    "AttributeCertificateRefs",
    "AttributeCertificateRefsV2",
    "AttributeRevocationRefs",
)


def tokens_of(stamp: Element) -> Iterator[bytes]:
    """The tokens inside a time-stamp, in DER; raises `MalformedXml` for what is no base64."""
    for each in children(stamp, "EncapsulatedTimeStamp"):
        yield bytes_of(each)


def canonicalization_of(stamp: Element) -> Canonicalization:
    """How a time-stamp makes XML canonical; raises `XmlTransformUnsupported` for an unknown method."""
    method = stamp.find(ds("CanonicalizationMethod"))
    uri = "" if method is None else method.get("Algorithm", "")
    found = Canonicalization.INCLUSIVE if not uri else Canonicalization.of(uri)
    if found is None:
        raise XmlTransformUnsupported(transform=uri)
    return found


class Covered:
    """A signature with what its references select, from which the octets under each time-stamp are made."""

    def __init__(
        self, signature: DsSignature, resolved: Sequence[Resolved], signed_properties: Element | None
    ) -> None:
        self._signature = signature
        self._resolved = tuple(resolved)
        self._signed_properties = signed_properties

    def content(self, stamp: Element) -> Parts | None:
        """AllDataObjectsTimeStamp and IndividualDataObjectsTimeStamp; None where data is not at hand."""
        method = canonicalization_of(stamp)
        if localname(stamp) == "IndividualDataObjectsTimeStamp":
            return self._individual(stamp, method)
        data = [
            each
            for each in self._resolved
            if self._signed_properties is None or each.element is not self._signed_properties
        ]
        return _octets(data, method)

    def unsigned(self, stamp: Element, before: Sequence[Element]) -> Parts | None:
        """A time-stamp among the unsigned properties; `before` are those in front of it."""
        method = canonicalization_of(stamp)
        self._refuse_explicit(stamp)
        name = localname(stamp)
        if name in ARCHIVE_STAMPS:
            return self.archive(method, before)
        references = [each for each in before if is_xades(each, *REFERENCES)]
        if name in REFERENCE_STAMPS:
            return [canonical_element(self.document, each, method) for each in references]
        value = canonical_element(self.document, self._signature.value_element, method)
        if name == "SignatureTimeStamp":
            return [value]
        with_stamps = [each for each in before if is_xades(each, "SignatureTimeStamp", *REFERENCES)]
        return [value, *(canonical_element(self.document, each, method) for each in with_stamps)]

    def archive(self, method: Canonicalization, before: Sequence[Element]) -> Parts | None:
        """ArchiveTimeStamp (EN 319 132-1 §5.5.2.2); None where a detached document is not at hand."""
        data = _octets(self._resolved, method)
        return None if data is None else [*data, *self.around(method, before)]

    def around(self, method: Canonicalization, before: Sequence[Element]) -> list[bytes]:
        """What an archive time-stamp covers besides what the references select, each part by itself."""
        return [canonical_element(self.document, each, method) for each in self._elements(before)]

    @property
    def document(self) -> XmlDocument:
        """The document in which the signature stands."""
        return self._signature.document

    @property
    def resolved(self) -> tuple[Resolved, ...]:
        """The references of the signature with what they select."""
        return self._resolved

    @property
    def canonicalization(self) -> Canonicalization:
        """How `ds:SignedInfo` says that it is made canonical."""
        return self._signature.signed_info.canonicalization

    def _elements(self, before: Sequence[Element]) -> list[Element]:
        signature = self._signature
        elements = [signature.signed_info_element, signature.value_element]
        if signature.key_info is not None:
            elements.append(signature.key_info)
        return [*elements, *before, *self._objects]

    @cached_property
    def _objects(self) -> list[Element]:
        return [each for each in self._signature.objects if not children(each, "QualifyingProperties")]

    @cached_property
    def _by_element(self) -> dict[Element, list[Resolved]]:
        found: dict[Element, list[Resolved]] = {}
        for each in self._resolved:
            found.setdefault(each.reference.element, []).append(each)
        return found

    def _refuse_explicit(self, stamp: Element) -> None:
        """Raises `XmlTransformUnsupported` where a time-stamp names by itself what it covers.

        It is unsigned, and so free to name what another token covers: only what its kind implies is taken. A
        SignatureTimeStamp that names the signature value says no more than that.
        """
        named = children(stamp, "HashDataInfo", "Include")
        value_id = self._signature.value_element.get("Id")
        implied = localname(stamp) == "SignatureTimeStamp" and value_id and len(named) == 1
        if named and not (
            implied and is_xades(named[0], "Include") and named[0].get("URI") == f"#{value_id}"
        ):
            raise XmlTransformUnsupported(transform=localname(named[0]))

    def _individual(self, stamp: Element, method: Canonicalization) -> Parts | None:
        """The data of the references that `Include` elements name (EN 319 132-1 §5.1.4.4.2, §5.2.8.2)."""
        named: list[Resolved] = []
        for include in children(stamp, "Include"):
            uri = include.get("URI", "")
            found = self._signature.document.by_id(uri.removeprefix("#")) if uri.startswith("#") else []
            resolved = self._by_element.get(found[0], []) if len(found) == 1 else []
            if not resolved:
                return None
            named += resolved
        if not named:
            raise MalformedXml(detail="a time-stamp that covers nothing")
        return _octets(named, method)


def _octets(resolved: Iterable[Resolved], method: Canonicalization) -> list[bytes | Document] | None:
    parts: list[bytes | Document] = []
    for each in resolved:
        octets = each.octets(method)
        if octets is None:
            return None
        parts.append(octets)
    return parts
