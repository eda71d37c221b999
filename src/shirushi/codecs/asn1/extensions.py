"""The extensions of a certificate (RFC 5280 §4.2, RFC 3739, EN 319 412-1): one that cannot be read is told so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from cryptography.hazmat.asn1 import BitString, Null

from shirushi.codecs.asn1 import der, names, times
from shirushi.codecs.asn1.errors import MalformedAsn1
from shirushi.codecs.asn1.schema import AnyOptional, T, decode, raw, x509
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import (
    BasicConstraints,
    DistributionPoint,
    Extensions,
    GeneralName,
    GeneralNameKind,
    KeyUsage,
    NameConstraints,
    PolicyConstraints,
    PolicyInformation,
    QcStatement,
)

SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
KEY_USAGE = "2.5.29.15"
PRIVATE_KEY_USAGE_PERIOD = "2.5.29.16"
SUBJECT_ALT_NAME = "2.5.29.17"
BASIC_CONSTRAINTS = "2.5.29.19"
CRL_NUMBER = "2.5.29.20"
CRL_REASON = "2.5.29.21"
INVALIDITY_DATE = "2.5.29.24"
DELTA_CRL_INDICATOR = "2.5.29.27"
ISSUING_DISTRIBUTION_POINT = "2.5.29.28"
CERTIFICATE_ISSUER = "2.5.29.29"
NAME_CONSTRAINTS = "2.5.29.30"
CRL_DISTRIBUTION_POINTS = "2.5.29.31"
CERTIFICATE_POLICIES = "2.5.29.32"
POLICY_MAPPINGS = "2.5.29.33"
AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"
POLICY_CONSTRAINTS = "2.5.29.36"
EXTENDED_KEY_USAGE = "2.5.29.37"
FRESHEST_CRL = "2.5.29.46"
INHIBIT_ANY_POLICY = "2.5.29.54"
EXPIRED_CERTS_ON_CRL = "2.5.29.60"
AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1"
QC_STATEMENTS = "1.3.6.1.5.5.7.1.3"
OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5"
ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6"
CERT_HASH = "1.3.36.8.3.13"
VALIDITY_ASSURED_SHORT_TERM = "0.4.0.194121.2.1"
ACCESS_OCSP = "1.3.6.1.5.5.7.48.1"
ACCESS_CA_ISSUERS = "1.3.6.1.5.5.7.48.2"

Fields: TypeAlias = dict[str, Any]
"""Some of the fields of `Extensions`."""


def extensions(found: Sequence[x509.Extension]) -> Extensions:
    """Read a certificate's extensions; never raises for the content of one."""
    oids = [extension.extn_id.dotted_string for extension in found]
    fields: Fields = {}
    malformed: set[str] = set()
    for oid, extension in zip(oids, found, strict=True):
        reader = _READERS.get(oid)
        if reader is None:
            continue
        try:
            fields = reader(extension.extn_value) | fields
        except MalformedInput:
            malformed.add(oid)
    return Extensions(
        present=frozenset(oids),
        critical=frozenset(oid for oid, e in zip(oids, found, strict=True) if e.critical),
        malformed=frozenset(malformed),
        repeated=frozenset(oid for oid in oids if oids.count(oid) > 1),
        **fields,
    )


def sequence_of(value: bytes, kind: type[T]) -> list[T]:
    """The elements of a SEQUENCE OF a declared type; at least one, as RFC 5280 demands throughout."""
    found = [decode(kind, element.raw) for element in der.single(value, der.SEQUENCE).children()]
    if not found:
        raise MalformedAsn1(detail="an empty sequence")
    return found


def integer(value: bytes) -> int:
    """The INTEGER that an extension is."""
    return der.read_integer(der.single(value, der.INTEGER).value)


def bit_numbers(value: BitString | None) -> frozenset[int] | None:
    """The numbers of the bits that are set."""
    return None if value is None else der.read_named_bits(bytes((value.padding_bits(),)) + value.as_bytes())


def _basic_constraints(value: bytes) -> Fields:
    found = decode(x509.BasicConstraintsSyntax, value)
    length = found.path_len_constraint
    if length is not None and length < 0:
        raise MalformedAsn1(detail="a negative path length")
    return {"basic_constraints": BasicConstraints(bool(found.ca), length)}


def _key_usage(value: bytes) -> Fields:
    numbers = der.read_named_bits(der.single(value, der.BIT_STRING).value)
    return {"key_usage": frozenset(KeyUsage(n) for n in numbers if n <= 8)}


def _private_key_usage_period(value: bytes) -> Fields:
    """RFC 3280 §4.2.1.4: notBefore [0] and notAfter [1], each where it is present."""
    parts = {part.tag & 0x1F: part.value for part in der.single(value, der.SEQUENCE).children()}
    first, last = (
        times.read(der.GENERALIZED_TIME, parts[number]) if number in parts else None for number in (0, 1)
    )
    return {"private_key_usage": (first, last)}


def _extended_key_usage(value: bytes) -> Fields:
    found = der.single(value, der.SEQUENCE).children()
    if not found:
        raise MalformedAsn1(detail="an empty sequence")
    oids = frozenset(der.read_oid(e.expect(der.OBJECT_IDENTIFIER).value) for e in found)
    return {"extended_key_usage": oids}


def _subject_key_identifier(value: bytes) -> Fields:
    return {"subject_key_identifier": der.single(value, der.OCTET_STRING).value}


def authority_key_identifier(value: bytes) -> bytes | None:
    """The keyIdentifier of an AuthorityKeyIdentifier, if it has one."""
    return decode(x509.AuthorityKeyIdentifier, value).key_identifier


def _subject_alt_name(value: bytes) -> Fields:
    return {"subject_alternative_names": names.general_names(der.single(value, der.SEQUENCE).value)}


def _certificate_policies(value: bytes) -> Fields:
    policies = tuple(
        PolicyInformation(p.policy_identifier.dotted_string, tuple(raw(q) for q in p.policy_qualifiers or ()))
        for p in sequence_of(value, x509.PolicyInformationSyntax)
    )
    return {"certificate_policies": policies}


def _policy_mappings(value: bytes) -> Fields:
    mappings = tuple(
        (m.issuer_domain_policy.dotted_string, m.subject_domain_policy.dotted_string)
        for m in sequence_of(value, x509.PolicyMapping)
    )
    return {"policy_mappings": mappings}


def _policy_constraints(value: bytes) -> Fields:
    found = decode(x509.PolicyConstraintsSyntax, value)
    skip = (found.require_explicit_policy, found.inhibit_policy_mapping)
    if any(n is not None and n < 0 for n in skip):
        raise MalformedAsn1(detail="a negative number of certificates")
    return {"policy_constraints": PolicyConstraints(*skip)}


def _inhibit_any_policy(value: bytes) -> Fields:
    skip = integer(value)
    if skip < 0:
        raise MalformedAsn1(detail="a negative number of certificates")
    return {"inhibit_any_policy": skip}


def _name_constraints(value: bytes) -> Fields:
    found = decode(x509.NameConstraintsSyntax, value)
    subtrees = [*(found.permitted_subtrees or ()), *(found.excluded_subtrees or ())]
    if not subtrees:
        raise MalformedAsn1(detail="name constraints without any")
    constraints = NameConstraints(
        permitted=tuple(names.general_name(raw(s.base)) for s in found.permitted_subtrees or ()),
        excluded=tuple(names.general_name(raw(s.base)) for s in found.excluded_subtrees or ()),
        unusable=any(s.minimum or s.maximum is not None for s in subtrees),
    )
    return {"name_constraints": constraints}


def distribution_points(value: bytes) -> tuple[DistributionPoint, ...]:
    """Read a CRLDistributionPoints."""
    return tuple(_distribution_point(p) for p in sequence_of(value, x509.DistributionPointSyntax))


def _distribution_point(found: x509.DistributionPointSyntax) -> DistributionPoint:
    full_name, relative_name = distribution_point_name(found.distribution_point)
    return DistributionPoint(
        full_name=full_name,
        relative_name=relative_name,
        reasons=bit_numbers(found.reasons),
        crl_issuer=tuple(names.general_name(raw(n)) for n in found.crl_issuer or ()),
    )


def distribution_point_name(found: AnyOptional) -> tuple[tuple[GeneralName, ...], bytes | None]:
    """The fullName, and the nameRelativeToCRLIssuer as the DER of an RDN, of a DistributionPointName."""
    if found is None:
        return (), None
    if isinstance(found, Null):
        raise MalformedAsn1(detail="NULL where a distribution point's name belongs")
    if found.tag_bytes == b"\xa0":
        return names.general_names(bytes(found.data)), None
    if found.tag_bytes == b"\xa1":
        return (), der.tlv(der.SET, bytes(found.data))
    raise MalformedAsn1(detail="not a distribution point's name")


def _authority_info_access(value: bytes) -> Fields:
    found = [
        (d.access_method.dotted_string, raw(d.access_location))
        for d in sequence_of(value, x509.AccessDescription)
    ]
    return {"ocsp_urls": _urls(found, ACCESS_OCSP), "ca_issuers_urls": _urls(found, ACCESS_CA_ISSUERS)}


def _urls(descriptions: list[tuple[str, bytes]], method: str) -> tuple[str, ...]:
    locations = (names.general_name(location) for kind, location in descriptions if kind == method)
    return tuple(n.value for n in locations if n.kind is GeneralNameKind.URI and isinstance(n.value, str))


def _qc_statements(value: bytes) -> Fields:
    statements = tuple(
        _qc_statement(
            s.statement_id.dotted_string, None if s.statement_info is None else raw(s.statement_info)
        )
        for s in sequence_of(value, x509.QcStatementSyntax)
    )
    return {"qc_statements": statements}


def _qc_statement(oid: str, info: bytes | None) -> QcStatement:
    """A statement with the words that its info lists; info of another shape has none."""
    words: list[str] = []
    with suppress(MalformedAsn1):
        if info is not None:
            for each in der.single(info, der.SEQUENCE).children():
                if each.tag == der.OBJECT_IDENTIFIER:
                    words.append(der.read_oid(each.value))
                elif each.tag == der.PRINTABLE_STRING:
                    words.append(each.value.decode("ascii", "replace"))
    return QcStatement(oid, info, tuple(words))


_READERS: dict[str, Callable[[bytes], Fields]] = {
    BASIC_CONSTRAINTS: _basic_constraints,
    KEY_USAGE: _key_usage,
    PRIVATE_KEY_USAGE_PERIOD: _private_key_usage_period,
    EXTENDED_KEY_USAGE: _extended_key_usage,
    SUBJECT_KEY_IDENTIFIER: _subject_key_identifier,
    AUTHORITY_KEY_IDENTIFIER: lambda value: {"authority_key_identifier": authority_key_identifier(value)},
    SUBJECT_ALT_NAME: _subject_alt_name,
    CERTIFICATE_POLICIES: _certificate_policies,
    POLICY_MAPPINGS: _policy_mappings,
    POLICY_CONSTRAINTS: _policy_constraints,
    INHIBIT_ANY_POLICY: _inhibit_any_policy,
    NAME_CONSTRAINTS: _name_constraints,
    CRL_DISTRIBUTION_POINTS: lambda value: {"crl_distribution_points": distribution_points(value)},
    FRESHEST_CRL: lambda value: {"freshest_crl": distribution_points(value)},
    AUTHORITY_INFO_ACCESS: _authority_info_access,
    QC_STATEMENTS: _qc_statements,
    OCSP_NO_CHECK: lambda _: {"ocsp_no_check": True},
    VALIDITY_ASSURED_SHORT_TERM: lambda _: {"short_term": True},
}
