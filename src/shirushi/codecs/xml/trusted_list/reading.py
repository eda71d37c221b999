"""The small types of a trusted list: texts in languages, identities, dates (ETSI TS 119 612 §5.1, §5.5.3)."""

from __future__ import annotations

from functools import lru_cache

from shirushi.codecs.xml.errors import MalformedXml
from shirushi.codecs.xml.names import XML, ds
from shirushi.codecs.xml.reader import Element
from shirushi.codecs.xml.text import decode_base64, read_date_time, text_of
from shirushi.codecs.xml.trusted_list.names import tsl
from shirushi.core.errors import MalformedInput
from shirushi.core.instant import Instant
from shirushi.core.trusted_list import Address, DigitalIdentity, PostalAddress, Texts

LANGUAGE = f"{{{XML}}}lang"


class MalformedTrustedList(MalformedInput):
    """XML that is no trusted list, or lacks what its place demands; `detail` names it."""

    code = "TRUSTED_LIST_MALFORMED"


def text(parent: Element, path: str) -> str:
    """The text at a path, trimmed; empty where there is none."""
    found: str | None = parent.findtext(path)
    return (found or "").strip()


def required(parent: Element, path: str) -> Element:
    """The element at a path; raises `MalformedTrustedList`."""
    found = parent.find(path)
    if found is None:
        raise MalformedTrustedList(detail=_missing(parent, path))
    return found


def required_text(parent: Element, path: str) -> str:
    """The text at a path, trimmed and not empty; raises `MalformedTrustedList`."""
    found = text(parent, path)
    if not found:
        raise MalformedTrustedList(detail=_missing(parent, path))
    return found


def _missing(parent: Element, path: str) -> str:
    names = [step.rpartition("}")[2] for step in (parent.tag, path)]
    return f"{names[0]} (line {parent.sourceline}) has no {names[1]}"


def required_number(parent: Element, path: str) -> int:
    """The whole number at a path; raises `MalformedTrustedList`."""
    found = required_text(parent, path)
    if not (found.isascii() and found.isdigit() and len(found) < 19):
        raise MalformedTrustedList(detail=f"{path.rpartition('}')[2]} is no number")
    return int(found)


def required_time(parent: Element, path: str) -> Instant:
    """The dateTime at a path; one without an offset is UTC. Raises `MalformedTrustedList`."""
    return read_time(required_text(parent, path))


def read_time(value: str) -> Instant:
    """A dateTime; raises `MalformedTrustedList`."""
    try:
        return read_date_time(value)
    except MalformedXml as error:
        raise MalformedTrustedList(detail=f"{value[:40]!r} is no date and time") from error


def texts(parent: Element | None, *, name: str = "Name") -> Texts:
    """The texts of a MultiLangNormStringList or a list of URIs, each with its language."""
    if parent is None:
        return ()
    found = ((each.get(LANGUAGE, ""), (each.text or "").strip()) for each in parent.iterfind(tsl(name)))
    return tuple(each for each in found if each[1])


def address(element: Element | None) -> Address:
    """An operator's or provider's address (§5.3.5); empty where there is none."""
    if element is None:
        return Address()
    return Address(
        tuple(
            PostalAddress(
                each.get(LANGUAGE, ""),
                text(each, tsl("StreetAddress")),
                text(each, tsl("Locality")),
                text(each, tsl("CountryName")),
                text(each, tsl("StateOrProvince")),
                text(each, tsl("PostalCode")),
            )
            for each in element.iterfind(f"{tsl('PostalAddresses')}/{tsl('PostalAddress')}")
        ),
        texts(element.find(tsl("ElectronicAddress")), name="URI"),
    )


def identity(parents: list[Element]) -> DigitalIdentity:
    """ServiceDigitalIdentity elements taken together (§5.5.3)."""
    certificates: list[bytes] = []
    key_identifiers: list[bytes] = []
    subject_names: list[str] = []
    for parent in parents:
        for each in parent.iterfind(tsl("DigitalId")):
            for child in each:
                if child.tag == tsl("X509Certificate"):
                    certificates.append(_octets(text_of(child)))
                elif child.tag == tsl("X509SKI"):
                    key_identifiers.append(_octets(text_of(child)))
                elif child.tag == tsl("X509SubjectName"):
                    subject_names.append((child.text or "").strip())
    return DigitalIdentity(tuple(dict.fromkeys(certificates)), tuple(key_identifiers), tuple(subject_names))


@lru_cache(maxsize=4_096)
def _octets(value: str) -> bytes:
    """Lists repeat their certificates from period to period: each is decoded, and held, once."""
    try:
        return decode_base64(value)
    except MalformedXml as error:
        raise MalformedTrustedList(detail="a digital identity is not base64") from error


def signature_elements(root: Element) -> list[Element]:
    """The signatures that stand where a list's signature stands: directly under the root."""
    found: list[Element] = root.findall(ds("Signature"))
    return found
