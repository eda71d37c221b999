"""Certificate revocation lists as evidence (RFC 5280 §5)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from cryptography.hazmat.asn1 import GeneralizedTime, UTCTime

from shirushi.codecs.asn1 import der, extensions, names, times
from shirushi.codecs.asn1.algorithms import oid_of, signature_algorithm
from shirushi.codecs.asn1.errors import MalformedAsn1, MalformedCrl
from shirushi.codecs.asn1.schema import decode, raw
from shirushi.codecs.asn1.schema.crl import IssuingDistributionPointSyntax, RevokedCertificate, TbsCertList
from shirushi.codecs.asn1.schema.x509 import Extension
from shirushi.codecs.asn1.signed import signed
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import (
    Crl,
    GeneralNameKind,
    IssuingDistributionPoint,
    Name,
    RevocationReason,
    RevokedEntry,
)
from shirushi.core.instant import Instant

_REASONS = {reason.value: reason for reason in RevocationReason}


def parse_crl(encoding: bytes) -> Crl:
    """Read a list as real ones are; nothing is judged. Raises `MalformedCrl` and nothing else."""
    try:
        return _crl(encoding)
    except MalformedInput as error:
        raise MalformedCrl(detail=error.parameters.get("detail", "")) from error


def _crl(encoding: bytes) -> Crl:
    parts = signed(encoding)
    if parts.rest:
        raise MalformedAsn1(detail="something follows the signature")
    tbs = decode(TbsCertList, parts.tbs)
    issuer = names.name(raw(tbs.issuer))
    found = tbs.crl_extensions or []
    fields: dict[str, Any] = {}
    malformed: set[str] = set()
    for extension in found:
        oid = extension.extn_id.dotted_string
        try:
            if oid in _READERS:
                field, reader = _READERS[oid]
                fields[field] = reader(extension.extn_value)
        except MalformedInput:
            malformed.add(oid)
    return Crl(
        id=hashlib.sha256(encoding).hexdigest(),
        der=encoding,
        issuer=issuer,
        this_update=_instant(tbs.this_update),
        next_update=None if tbs.next_update is None else _instant(tbs.next_update),
        signature_oid=oid_of(parts.algorithm),
        signature_algorithm=signature_algorithm(parts.algorithm),
        entries=_entries(issuer, tbs.revoked_certificates or ()),
        critical=frozenset(e.extn_id.dotted_string for e in found if e.critical),
        malformed=frozenset(malformed),
        **fields,
    )


def _instant(time: UTCTime | GeneralizedTime) -> Instant:
    value = time.as_datetime()
    if isinstance(time, UTCTime) and value.year >= 2050:
        return value.replace(year=value.year - 100)
    return value


def _entries(issuer: Name, revoked: Iterable[RevokedCertificate]) -> dict[tuple[Name, int], RevokedEntry]:
    """The entries by certificate issuer and serial number; on an indirect list an issuer holds until the next is named."""
    entries: dict[tuple[Name, int], RevokedEntry] = {}
    named: Name | None = None
    for found in revoked:
        time = _instant(found.revocation_date)
        if found.crl_entry_extensions:
            entry = _entry(found.user_certificate, time, found.crl_entry_extensions, named)
            named = entry.certificate_issuer
        else:
            entry = RevokedEntry(found.user_certificate, time, certificate_issuer=named)
        entries.setdefault((named or issuer, entry.serial_number), entry)
    return entries


def _entry(serial_number: int, time: Instant, found: list[Extension], named: Name | None) -> RevokedEntry:
    reason: RevocationReason | None = None
    invalidity_date: Instant | None = None
    unknown_critical = False
    for extension in found:
        value = extension.extn_value
        try:
            match extension.extn_id.dotted_string:
                case extensions.CRL_REASON:
                    reason = crl_reason(value)
                case extensions.INVALIDITY_DATE:
                    time_found = der.single(value)
                    invalidity_date = times.read(time_found.tag, time_found.value)
                case extensions.CERTIFICATE_ISSUER:
                    named = _directory_name(value)
                case _:
                    unknown_critical |= bool(extension.critical)
        except MalformedInput:
            unknown_critical = True  # what it restricts cannot be told
    return RevokedEntry(serial_number, time, reason, invalidity_date, named, unknown_critical)


def crl_reason(encoding: bytes) -> RevocationReason | None:
    """Read a CRLReason; None for a number that RFC 5280 §5.3.1 leaves unused."""
    return _REASONS.get(der.read_integer(der.single(encoding, der.ENUMERATED).value))


def _directory_name(value: bytes) -> Name:
    for found in names.general_names(der.single(value, der.SEQUENCE).value):
        if found.kind is GeneralNameKind.DIRECTORY and isinstance(found.value, Name):
            return found.value
    raise MalformedAsn1(detail="a certificate issuer without a directory name")


def _issuing_distribution_point(value: bytes) -> IssuingDistributionPoint:
    found = decode(IssuingDistributionPointSyntax, value)
    full_name, relative_name = extensions.distribution_point_name(found.distribution_point)
    return IssuingDistributionPoint(
        full_name=full_name,
        relative_name=relative_name,
        only_user_certificates=bool(found.only_contains_user_certs),
        only_ca_certificates=bool(found.only_contains_ca_certs),
        only_attribute_certificates=bool(found.only_contains_attribute_certs),
        only_some_reasons=extensions.bit_numbers(found.only_some_reasons),
        indirect=bool(found.indirect_crl),
    )


def _expired_certs_on_crl(value: bytes) -> Instant:
    """X.509 §9.5.2.7."""
    time = der.single(value)
    return times.read(time.tag, time.value)


_READERS: dict[str, tuple[str, Callable[[bytes], Any]]] = {
    extensions.CRL_NUMBER: ("number", extensions.integer),
    extensions.DELTA_CRL_INDICATOR: ("delta_base", extensions.integer),
    extensions.AUTHORITY_KEY_IDENTIFIER: ("authority_key_identifier", extensions.authority_key_identifier),
    extensions.ISSUING_DISTRIBUTION_POINT: ("issuing_distribution_point", _issuing_distribution_point),
    extensions.EXPIRED_CERTS_ON_CRL: ("expired_certs_on_crl", _expired_certs_on_crl),
    extensions.FRESHEST_CRL: ("freshest_crl", extensions.distribution_points),
}
