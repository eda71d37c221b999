"""A SignedData taken apart into its encodings and put together again, for what is added to it (RFC 5652 §5.1)."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from shirushi.codecs.asn1 import ber, der
from shirushi.codecs.asn1.errors import MalformedAsn1, MalformedCms
from shirushi.core.errors import MalformedInput
from shirushi.formats.cades.declined import ArchivedDifferently
from shirushi.formats.cades.oids import ARCHIVE_TIMESTAMP_V2
from shirushi.formats.cms import oids

_CERTIFICATES = 0xA0
_CRLS = 0xA1
_SIGNED = 0xA0
_UNSIGNED = 0xA1
_OTHER = 0xA1
"""The tag of `other` among RevocationInfoChoices (RFC 5652 §10.2.1)."""


@dataclass(frozen=True)
class SignerParts:
    """A SignerInfo (RFC 5652 §5.3): the encodings of its fields as found, but for the unsigned attributes."""

    fields: tuple[bytes, ...]
    unsigned: tuple[bytes, ...] = ()

    @classmethod
    def read(cls, encoding: bytes) -> SignerParts:
        """Take one apart; raises `MalformedAsn1`."""
        fields = der.single(encoding, der.SEQUENCE).children()
        unsigned: tuple[bytes, ...] = ()
        if fields and fields[-1].tag == _UNSIGNED:
            unsigned = tuple(attribute.raw for attribute in fields.pop().children())
        if len(fields) not in {5, 6}:
            raise MalformedAsn1(detail="not a SignerInfo")
        return cls(tuple(field.raw for field in fields), unsigned)

    @property
    def value(self) -> bytes:
        """The signature value."""
        return der.single(self.fields[-1]).value

    @cached_property
    def id(self) -> str:
        """The signature's id, as in evidence."""
        return hashlib.sha256(self.value).hexdigest()

    @property
    def signed(self) -> tuple[bytes, ...]:
        """The signed attributes."""
        return tuple(
            attribute.raw
            for field in self.fields
            if field[0] == _SIGNED
            for attribute in der.single(field).children()
        )

    def values(self, oid: str) -> tuple[bytes, ...]:
        """Every value of the unsigned attributes of that type."""
        found: list[bytes] = []
        for attribute in self.unsigned:
            kind, values = attribute_parts(attribute)
            if kind == der.oid(oid):
                found.extend(values)
        return tuple(found)

    def has(self, *kinds: str) -> bool:
        """Whether there is an unsigned attribute of one of these types."""
        return any(self.values(kind) for kind in kinds)

    def with_unsigned(self, attribute: bytes) -> SignerParts:
        """With one more unsigned attribute."""
        return dataclasses.replace(self, unsigned=(*self.unsigned, attribute))

    def replacing(self, oid: str, old: bytes, new: bytes) -> SignerParts:
        """With the value `old` of an unsigned attribute made `new`."""

        def exchanged(attribute: bytes) -> bytes:
            kind, values = attribute_parts(attribute)
            if kind != der.oid(oid) or old not in values:
                return attribute
            return der.sequence(kind, der.tlv(der.SET, *(new if value == old else value for value in values)))

        return dataclasses.replace(self, unsigned=tuple(exchanged(attribute) for attribute in self.unsigned))

    def encode(self) -> bytes:
        """The SignerInfo."""
        return der.sequence(*self.fields, der.tlv(_UNSIGNED, *self.unsigned) if self.unsigned else b"")


def attribute_parts(attribute: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """The encodings of an attribute's type and of each of its values; raises `MalformedAsn1`."""
    parts = der.single(attribute, der.SEQUENCE).children()
    if len(parts) != 2:
        raise MalformedAsn1(detail="not an attribute")
    return parts[0].raw, tuple(value.raw for value in parts[1].children())


@dataclass(frozen=True, slots=True)
class SignedDataParts:
    """A SignedData: the encodings of its elements as found."""

    version: int
    digest_algorithms: tuple[bytes, ...]
    content_info: bytes
    certificates: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    signers: tuple[SignerParts, ...]
    found: tuple[bytes, bytes] | None = None
    """The content_info, and certificates and crls, with the indefinite lengths that they came with; None in DER."""

    @classmethod
    def read(cls, encoding: bytes) -> SignedDataParts:
        """Take a ContentInfo apart, whatever follows it; indefinite lengths are made definite. Raises `MalformedCms`."""
        try:
            try:
                return cls._read(der.element(encoding).raw)
            except MalformedAsn1:
                read = cls._read(ber.definite_prefix(encoding)[0])
                return dataclasses.replace(read, found=_found(encoding))
        except MalformedInput as error:
            raise MalformedCms(detail=error.parameters.get("detail", "")) from error

    @classmethod
    def _read(cls, encoding: bytes) -> SignedDataParts:
        outer = der.single(encoding, der.SEQUENCE).children()
        if len(outer) != 2 or outer[0].raw != der.oid(oids.SIGNED_DATA):
            raise MalformedAsn1(detail="not a SignedData")
        fields = outer[1].only().expect(der.SEQUENCE).children()
        if not 4 <= len(fields) <= 6:
            raise MalformedAsn1(detail="not a SignedData")
        content = fields[2].expect(der.SEQUENCE)
        _definite(content)
        certificates: tuple[bytes, ...] = ()
        crls: tuple[bytes, ...] = ()
        for field in fields[3:-1]:
            found = tuple(element.raw for element in field.children())
            if field.tag == _CERTIFICATES:
                certificates = found
            elif field.tag == _CRLS:
                crls = found
            else:
                raise MalformedAsn1(detail="not a SignedData")
        return cls(
            der.read_integer(fields[0].expect(der.INTEGER).value),
            tuple(each.raw for each in fields[1].expect(der.SET).children()),
            content.raw,
            certificates,
            crls,
            tuple(SignerParts.read(each.raw) for each in fields[-1].expect(der.SET).children()),
        )

    @property
    def content_type(self) -> bytes:
        """The eContentType."""
        return der.single(self.content_info).children()[0].raw

    @property
    def content(self) -> bytes | None:
        """The encapsulated octets, or None where detached."""
        parts = der.single(self.content_info).children()
        if len(parts) < 2:
            return None
        inner = parts[1].only()
        if inner.tag == der.OCTET_STRING | der.CONSTRUCTED:
            return der.single(ber.definite(inner.raw)).value
        return inner.value

    @property
    def frozen(self) -> bool:
        """Whether an archive-time-stamp-v2 covers certificates and crls as a whole (TS 101 733 §6.4.1)."""
        return any(signer.has(ARCHIVE_TIMESTAMP_V2) for signer in self.signers)

    def with_signer(self, index: int, signer: SignerParts) -> SignedDataParts:
        """With another SignerInfo in that place."""
        signers = (*self.signers[:index], signer, *self.signers[index + 1 :])
        return dataclasses.replace(self, signers=signers)

    def adding_signer(
        self, signer: SignerParts, digest_algorithm: bytes, certificates: Iterable[bytes]
    ) -> SignedDataParts:
        """With one more parallel signer and its certificates; raises `ArchivedDifferently` as `with_chain`."""
        digests = tuple(sorted({*self.digest_algorithms, digest_algorithm}))
        added = dataclasses.replace(self, signers=(*self.signers, signer), digest_algorithms=digests)
        return added.with_chain(certificates)

    def with_chain(self, certificates: Iterable[bytes]) -> SignedDataParts:
        """With a signer's certificates; raises `ArchivedDifferently` where that would break an archive time-stamp."""
        grown = self.adding(certificates=certificates)
        if self.frozen and grown.certificates != self.certificates:
            raise ArchivedDifferently
        return grown

    def adding(
        self,
        certificates: Iterable[bytes] = (),
        crls: Iterable[bytes] = (),
        ocsp_responses: Iterable[bytes] = (),
    ) -> SignedDataParts:
        """With what is not there yet (EN 319 122-1 §5.4.2): OCSP responses as other revocation info (RFC 5940 §2.1)."""
        others = (ocsp_revocation_info(response) for response in ocsp_responses)
        return dataclasses.replace(
            self,
            certificates=_with(self.certificates, certificates),
            crls=_with(self.crls, (*crls, *others)),
        )

    def encode(self) -> bytes:
        """The ContentInfo."""
        # RFC 5652 §5.1: version 5 where revocation information of another kind is inside
        version = 5 if any(crl[0] == _OTHER for crl in self.crls) else self.version
        signed_data = der.sequence(
            der.integer(max(version, self.version)),
            der.tlv(der.SET, *self.digest_algorithms),
            self.content_info,
            der.tlv(_CERTIFICATES, *self.certificates) if self.certificates else b"",
            der.tlv(_CRLS, *self.crls) if self.crls else b"",
            der.tlv(der.SET, *(signer.encode() for signer in self.signers)),
        )
        return der.sequence(der.oid(oids.SIGNED_DATA), der.tlv(0xA0, signed_data))


def _found(encoding: bytes) -> tuple[bytes, bytes]:
    """The third element of the SignedData as found, in BER, and those that follow up to the signers."""

    def after(offset: int) -> int:
        return offset + ber.definite_prefix(encoding[offset:])[1]

    def inside(offset: int) -> int:
        length = encoding[offset + 1]
        return offset + 2 + (length & 0x7F if length & 0x80 else 0)

    start = inside(inside(after(inside(0))))  # past the contentType, into [0] and the SignedData
    start = after(after(start))  # past version and digestAlgorithms
    middle = end = after(start)
    while encoding[end : end + 1] in {b"\xa0", b"\xa1"}:
        end = after(end)
    return encoding[start:middle], encoding[middle:end]


def _definite(element: der.Element) -> None:
    """Raise `MalformedAsn1` where an indefinite length stands inside: the element cannot be taken as it is."""
    for child in element.children():
        if child.tag & der.CONSTRUCTED:
            _definite(child)


def _with(found: tuple[bytes, ...], more: Iterable[bytes]) -> tuple[bytes, ...]:
    new = set(more).difference(found)
    return tuple(sorted((*found, *new))) if new else found


def ocsp_revocation_info(response: bytes) -> bytes:
    """The RevocationInfoChoice of an OCSPResponse; a BasicOCSPResponse is put into one."""
    first = der.single(response, der.SEQUENCE).children()
    if first and first[0].tag == der.SEQUENCE:
        inner = der.sequence(der.oid(oids.OCSP_BASIC), der.octets(response))
        response = der.sequence(der.integer(0, der.ENUMERATED), der.tlv(0xA0, inner))
    return der.tlv(_OTHER, der.oid(oids.OCSP_RESPONSE), response)
