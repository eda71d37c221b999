"""Keys that stand in `ds:KeyInfo` without a certificate: nobody vouches for them, yet they tell what was changed."""

from __future__ import annotations

from collections.abc import Iterator

from shirushi.codecs.asn1 import der
from shirushi.codecs.xml.names import ds
from shirushi.codecs.xml.reader import Element
from shirushi.codecs.xml.text import bytes_of
from shirushi.core.errors import MalformedInput

_RSA, _EC = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1"
_DSIG11 = "{http://www.w3.org/2009/xmldsig11#}"
_URN = "urn:oid:"


def bare_keys(key_info: Element | None) -> tuple[bytes, ...]:
    """The RSA and elliptic-curve keys of `ds:KeyValue`, each as SubjectPublicKeyInfo (XMLDSig §4.5.2).

    What cannot be read is left out.
    """
    if key_info is None:
        return ()
    found: list[bytes] = []
    for value in key_info.findall(ds("KeyValue")):
        try:
            found += (*_rsa(value), *_elliptic(value))
        except (MalformedInput, ValueError):
            continue
    return tuple(found)


def _rsa(value: Element) -> Iterator[bytes]:
    for each in value.findall(ds("RSAKeyValue")):
        modulus, exponent = each.find(ds("Modulus")), each.find(ds("Exponent"))
        if modulus is not None and exponent is not None:
            numbers = (int.from_bytes(bytes_of(part)) for part in (modulus, exponent))
            key = der.sequence(*map(der.integer, numbers))
            yield der.sequence(der.sequence(der.oid(_RSA), der.NULL_DER), der.bits(key))


def _elliptic(value: Element) -> Iterator[bytes]:
    for each in value.findall(f"{_DSIG11}ECKeyValue"):
        curve, point = each.find(f"{_DSIG11}NamedCurve"), each.find(f"{_DSIG11}PublicKey")
        uri = "" if curve is None else str(curve.get("URI", ""))
        if point is not None and uri.startswith(_URN):
            algorithm = der.sequence(der.oid(_EC), der.oid(uri.removeprefix(_URN)))
            yield der.sequence(algorithm, der.bits(bytes_of(point)))
