"""Names and general names (RFC 5280 §4.1.2.4, §4.2.1.6), and their comparison (RFC 5280 §7.1, RFC 4518)."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import lru_cache

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.errors import Asn1TooComplex, MalformedAsn1
from shirushi.core.evidence import GeneralName, GeneralNameKind, Name

_SHORT = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    "2.5.4.42": "givenName",
    "2.5.4.43": "initials",
    "2.5.4.44": "generationQualifier",
    "2.5.4.46": "dnQualifier",
    "2.5.4.65": "pseudonym",
    "2.5.4.97": "organizationIdentifier",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "emailAddress",
}

_DECODERS: dict[int, str] = {
    der.UTF8_STRING: "utf-8",
    0x12: "latin-1",  # NumericString
    der.PRINTABLE_STRING: "latin-1",  # with whatever illegal characters it carries
    0x14: "latin-1",  # TeletexString, as everyone wrote it
    0x15: "latin-1",
    der.IA5_STRING: "latin-1",
    0x1A: "latin-1",
    0x1B: "latin-1",
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}
_MAPPED_TO_NOTHING = re.compile(
    "[\u00ad\u034f\u1806\u180b-\u180d\u200b-\u200f\u202a-\u202e\u2060-\u2063\ufe00-\ufe0f\ufeff\ufffc]"
)


def text_of(tag: int, content: bytes) -> str | None:
    """The text of a string type, or None where it is no string or not in its own encoding (nor in UTF-8)."""
    encoding = _DECODERS.get(tag)
    if encoding is None:
        return None
    if encoding == "latin-1":  # many put UTF-8 under these tags
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode("latin-1")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("latin-1") if tag == der.UTF8_STRING else None


def prepared(text: str) -> str:
    """Text as RFC 4518 §2 prepares it for comparison without regard to case."""
    text = _MAPPED_TO_NOTHING.sub("", text)
    kept = (" " if c in "\t\n\v\f\r\x85" else c for c in text)
    text = "".join(c for c in kept if unicodedata.category(c) != "Cc")
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(text.split())


_MAX_NAME = 1 << 14


@lru_cache(maxsize=2048)
def name(encoding: bytes) -> Name:
    """Read a Name; raises `MalformedAsn1`, and `Asn1TooComplex` over 16 KiB."""
    if len(encoding) > _MAX_NAME:
        raise Asn1TooComplex(limit=f"{_MAX_NAME} bytes", detail="a name")
    normal: list[frozenset[tuple[str, str]]] = []
    shown: list[str] = []
    for rdn in der.single(encoding, der.SEQUENCE).children():
        pairs = [_attribute(element) for element in rdn.expect(der.SET).children()]
        normal.append(frozenset((kind, value) for kind, value, _ in pairs))
        shown.append("+".join(f"{_SHORT.get(kind, kind)}={text}" for kind, _, text in pairs))
    return Name(tuple(normal), encoding, ",".join(reversed(shown)))


def _attribute(element: der.Element) -> tuple[str, str, str]:
    """Type, prepared value and shown value of an AttributeTypeAndValue."""
    parts = element.expect(der.SEQUENCE).children()
    if len(parts) != 2:
        raise MalformedAsn1(detail="a name attribute that is no pair")
    kind = der.read_oid(parts[0].expect(der.OBJECT_IDENTIFIER).value)
    text = text_of(parts[1].tag, parts[1].value)
    if text is None:
        shown = "#" + parts[1].raw.hex()
        return kind, shown, shown
    return kind, prepared(text), _escaped(text)


def _escaped(text: str) -> str:
    """A value as RFC 4514 §2.4 writes it."""
    escaped = re.sub(r'[,+"\\<>;]', r"\\\g<0>", text).replace("\0", "\\00")
    if escaped[:1] in {" ", "#"}:
        escaped = "\\" + escaped
    if escaped.endswith(" ") and len(text) > 1:
        escaped = escaped[:-1] + "\\ "
    return escaped


_TEXT_KINDS = {1: GeneralNameKind.EMAIL, 2: GeneralNameKind.DNS, 6: GeneralNameKind.URI}


def general_name(encoding: bytes) -> GeneralName:
    """Read a GeneralName; raises `MalformedAsn1`."""
    return _general_name(der.single(encoding))


def _general_name(found: der.Element) -> GeneralName:
    number = found.tag & 0x1F
    if found.tag & 0xC0 != der.CONTEXT or number > 8:
        raise MalformedAsn1(detail="not a general name")
    if kind := _TEXT_KINDS.get(number):
        return GeneralName(kind, text_of(der.IA5_STRING, found.value) or "")
    kind = GeneralNameKind(number)
    match kind:
        case GeneralNameKind.DIRECTORY:
            return GeneralName(kind, name(found.only().raw))
        case GeneralNameKind.REGISTERED_ID:
            return GeneralName(kind, der.read_oid(found.value))
        case _:
            return GeneralName(kind, found.value)


def general_names(content: bytes) -> tuple[GeneralName, ...]:
    """Read the content of a GeneralNames, without its own tag and length; raises `MalformedAsn1`."""
    return tuple(_general_name(found) for found in der.elements(content, 0, len(content)))


def encode_general_name(value: GeneralName) -> bytes:
    """The DER of a GeneralName; ValueError where its value does not fit its kind."""
    match value.kind, value.value:
        case GeneralNameKind.DIRECTORY, Name(der=inner):
            return der.tlv(0xA4, inner)
        case GeneralNameKind.REGISTERED_ID, str(dotted):
            return der.tlv(0x88, der.single(der.oid(dotted)).value)
        case (GeneralNameKind.EMAIL | GeneralNameKind.DNS | GeneralNameKind.URI) as kind, str(text):
            return der.tlv(der.CONTEXT | kind.value, text.encode("ascii"))
        case GeneralNameKind.IP, bytes(address):
            return der.tlv(0x87, address)
        case (GeneralNameKind.OTHER | GeneralNameKind.X400 | GeneralNameKind.EDI) as kind, bytes(content):
            return der.tlv(der.CONTEXT | der.CONSTRUCTED | kind.value, content)
        case _:
            raise ValueError(value.kind.name)


def shown(value: GeneralName) -> str:
    """A general name for a person."""
    match value.value:
        case Name(text=text):
            return text
        case str(text):
            return text
        case content:
            is_address = value.kind is GeneralNameKind.IP and len(content) in {4, 16}
            return str(ipaddress.ip_address(content)) if is_address else content.hex()
