"""What a policy demands of what certificates say (EN 319 102-1 §5.1.4.2.1, TS 119 172-1 annex A.4.2.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.names import prepared
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Certificate
from shirushi.core.reason import Reason, reason
from shirushi.rules.ades.severity import Severity

ANYTHING = "*"
"""Stands for any value at all."""

_QC_LEGISLATION, _QC_TYPE, _QC_PDS = "0.4.0.1862.1.7", "0.4.0.1862.1.6", "0.4.0.1862.1.5"
_QC_LIMIT = "0.4.0.1862.1.2"
_SEMANTICS = "1.3.6.1.5.5.7.11.2"
_SUBJECT = {
    "commonName": "2.5.4.3",
    "surname": "2.5.4.4",
    "countryName": "2.5.4.6",
    "localityName": "2.5.4.7",
    "stateOrProvinceName": "2.5.4.8",
    "organizationName": "2.5.4.10",
    "organizationalUnitName": "2.5.4.11",
    "title": "2.5.4.12",
    "givenName": "2.5.4.42",
    "pseudonym": "2.5.4.65",
    "organizationIdentifier": "2.5.4.97",
    "emailAddress": "1.2.840.113549.1.9.1",
}


class Aspect(Enum):
    """Something that a certificate states, as a set of values."""

    COMMON_NAME = "commonName"
    SURNAME = "surname"
    COUNTRY_NAME = "countryName"
    LOCALITY_NAME = "localityName"
    STATE_OR_PROVINCE_NAME = "stateOrProvinceName"
    ORGANIZATION_NAME = "organizationName"
    ORGANIZATIONAL_UNIT_NAME = "organizationalUnitName"
    TITLE = "title"
    GIVEN_NAME = "givenName"
    PSEUDONYM = "pseudonym"
    ORGANIZATION_IDENTIFIER = "organizationIdentifier"
    EMAIL_ADDRESS = "emailAddress"
    KEY_USAGE = "keyUsage"
    EXTENDED_KEY_USAGE = "extendedKeyUsage"
    CERTIFICATE_POLICY = "certificatePolicy"
    QC_STATEMENT = "qcStatement"
    QC_TYPE = "qcType"
    QC_LEGISLATION = "qcLegislation"
    QC_PDS = "qcPdsLocation"
    QC_LIMIT_CURRENCY = "qcLimitCurrency"
    SEMANTICS_IDENTIFIER = "semanticsIdentifier"
    ISSUER_ACCESS = "issuerAccess"
    REVOCATION_ACCESS = "revocationAccess"
    EXTENSION = "extension"
    CRITICAL_EXTENSION = "criticalExtension"

    @property
    def of_profile(self) -> bool:
        """Whether it is a matter of the certificate's form (RFC 5280), not of whom or what it is for."""
        return self in (Aspect.EXTENSION, Aspect.CRITICAL_EXTENSION, Aspect.REVOCATION_ACCESS)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A demand on one aspect: one of `any_of` (where it lists any), none of `none_of`, nothing outside `only`.

    `ANYTHING` in `any_of` demands some value, and in `none_of` that there is none.
    """

    aspect: Aspect
    any_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    severity: Severity = Severity.FAIL

    def met_by(self, certificate: Certificate) -> bool:
        """Whether the certificate states what is demanded."""
        values = stated(certificate, self.aspect)
        any_of, none_of = self.any_of, self.none_of
        if self.aspect.value in _SUBJECT:
            any_of, none_of = frozenset(map(prepared, any_of)), frozenset(map(prepared, none_of))
        wanted = (ANYTHING in any_of and values) or not any_of.isdisjoint(values)
        unwanted = (ANYTHING in none_of and values) or not none_of.isdisjoint(values)
        outside = self.only is not None and not values <= self.only
        return bool(wanted or not self.any_of) and not unwanted and not outside


def unmet(requirements: Iterable[Requirement], certificate: Certificate) -> list[tuple[Requirement, Reason]]:
    """The requirements that the certificate does not meet, each with the reason for people."""
    return [
        (
            each,
            reason(
                "CERTIFICATE_REQUIREMENT_UNMET",
                certificate=certificate.subject.text or f"#{certificate.serial_number:x}",
                aspect=each.aspect.value,
            ),
        )
        for each in requirements
        if not each.met_by(certificate)
    ]


def stated(certificate: Certificate, aspect: Aspect) -> frozenset[str]:
    """What the certificate states of an aspect; names as prepared for matching (RFC 5280 §7.1)."""
    if aspect.value in _SUBJECT:
        oid = _SUBJECT[aspect.value]
        return frozenset(value for rdn in certificate.subject.normal for kind, value in rdn if kind == oid)
    return frozenset(_STATED[aspect](certificate))


def _infos(certificate: Certificate, statement: str) -> list[bytes]:
    return [s.info for s in certificate.extensions.qc_statements if s.oid == statement and s.info]


def _listed(certificate: Certificate, statement: str) -> list[der.Element]:
    """The elements of the sequences that are the statement's information; none where they are no such thing."""
    try:
        return [
            child
            for info in _infos(certificate, statement)
            for child in der.single(info, der.SEQUENCE).children()
        ]
    except MalformedInput:
        return []


def _oids(certificate: Certificate, statement: str) -> list[str]:
    found = _listed(certificate, statement)
    return [der.read_oid(each.value) for each in found if each.tag == der.OBJECT_IDENTIFIER]


def _texts(certificate: Certificate, statement: str, tag: int = der.PRINTABLE_STRING) -> list[str]:
    found = _listed(certificate, statement)
    return [each.value.decode("latin-1") for each in found if each.tag == tag]


def _locations(certificate: Certificate) -> list[str]:
    places = (each.children() for each in _listed(certificate, _QC_PDS) if each.tag == der.SEQUENCE)
    return [
        child.value.decode("latin-1") for place in places for child in place if child.tag == der.IA5_STRING
    ]


_STATED: dict[Aspect, Callable[[Certificate], Iterable[str]]] = {
    Aspect.KEY_USAGE: lambda c: (bit.name for bit in c.extensions.key_usage or ()),
    Aspect.EXTENDED_KEY_USAGE: lambda c: c.extensions.extended_key_usage or (),
    Aspect.CERTIFICATE_POLICY: lambda c: (p.oid for p in c.extensions.certificate_policies or ()),
    Aspect.QC_STATEMENT: lambda c: (s.oid for s in c.extensions.qc_statements),
    Aspect.QC_TYPE: lambda c: _oids(c, _QC_TYPE),
    Aspect.QC_LEGISLATION: lambda c: _texts(c, _QC_LEGISLATION),
    Aspect.QC_PDS: _locations,
    Aspect.QC_LIMIT_CURRENCY: lambda c: _texts(c, _QC_LIMIT),
    Aspect.SEMANTICS_IDENTIFIER: lambda c: _oids(c, _SEMANTICS),
    Aspect.ISSUER_ACCESS: lambda c: c.extensions.ca_issuers_urls,
    Aspect.REVOCATION_ACCESS: lambda c: (
        *c.extensions.ocsp_urls,
        *("crl" for _ in c.extensions.crl_distribution_points),
    ),
    Aspect.EXTENSION: lambda c: c.extensions.present,
    Aspect.CRITICAL_EXTENSION: lambda c: c.extensions.critical,
}
