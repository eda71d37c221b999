"""Certificates as evidence (RFC 5280 §4.1)."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from shirushi.codecs.asn1 import der, names, times
from shirushi.codecs.asn1.algorithms import oid_of, signature_algorithm
from shirushi.codecs.asn1.errors import MalformedAsn1, MalformedCertificate
from shirushi.codecs.asn1.extensions import extensions
from shirushi.codecs.asn1.keys import public_key
from shirushi.codecs.asn1.schema import Any, decode, raw
from shirushi.codecs.asn1.schema.x509 import TbsCertificate
from shirushi.codecs.asn1.signed import signed
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Certificate
from shirushi.core.instant import Instant

_KEPT_MOST = 8_192
"""Bytes of a certificate that is kept once it was read."""


def parse_certificate(encoding: bytes) -> Certificate:
    """Read a certificate as real ones are; nothing is judged. Raises `MalformedCertificate` and nothing else."""
    try:
        return _kept(encoding) if len(encoding) <= _KEPT_MOST else _certificate(encoding)
    except MalformedInput as error:
        raise MalformedCertificate(detail=error.parameters.get("detail", "")) from error


@lru_cache(maxsize=512)
def _kept(encoding: bytes) -> Certificate:
    """The same few certificates stand in every signature and token of a platform."""
    return _certificate(encoding)


def _certificate(encoding: bytes) -> Certificate:
    parts = signed(encoding)
    if parts.rest:
        raise MalformedAsn1(detail="something follows the signature")
    tbs = decode(TbsCertificate, parts.tbs)
    return Certificate(
        id=hashlib.sha256(encoding).hexdigest(),
        der=encoding,
        version=(tbs.version or 0) + 1,
        serial_number=tbs.serial_number,
        issuer=names.name(raw(tbs.issuer)),
        subject=names.name(raw(tbs.subject)),
        not_before=instant(tbs.validity.not_before),
        not_after=instant(tbs.validity.not_after),
        public_key=public_key(raw(tbs.subject_public_key_info)),
        signature_oid=oid_of(parts.algorithm),
        signature_algorithm=signature_algorithm(parts.algorithm),
        extensions=extensions(tbs.extensions or ()),
    )


def instant(time: Any) -> Instant:
    """The instant that a Time is; raises `MalformedAsn1`."""
    return times.read(time.tag_bytes[0], bytes(time.data))


@lru_cache(maxsize=256)
def issuer_and_serial(encoding: bytes) -> tuple[bytes, bytes]:
    """The issuer's Name and the serialNumber's INTEGER of a certificate, as found; raises `MalformedCertificate`."""
    try:
        fields = der.single(signed(encoding).tbs).children()
        if fields and fields[0].tag == 0xA0:
            del fields[0]
        if len(fields) < 6:
            raise MalformedAsn1(detail="not a TBSCertificate")
        return fields[2].expect(der.SEQUENCE).raw, fields[0].expect(der.INTEGER).raw
    except MalformedInput as error:
        raise MalformedCertificate(detail=error.parameters.get("detail", "")) from error
