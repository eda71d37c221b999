"""What a certificate states of its own qualification (ETSI EN 319 412-5, EN 319 411-2), and criteria over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shirushi.core.agreement import ContentContext, ContentEquivalence
from shirushi.core.criteria import Assertion, Criteria, QcStatementCriterion
from shirushi.core.evidence import Certificate, KeyUsage
from shirushi.core.instant import Instant
from shirushi.core.qualification import EIDAS, Purpose

QC_COMPLIANCE = "0.4.0.1862.1.1"
QC_SSCD = "0.4.0.1862.1.4"
QC_TYPE = "0.4.0.1862.1.6"
QC_LEGISLATION = "0.4.0.1862.1.7"
QCP_PUBLIC = "0.4.0.1456.1.2"
QCP_PUBLIC_WITH_SSCD = "0.4.0.1456.1.1"

_PURPOSES = {
    "0.4.0.1862.1.6.1": Purpose.SIGNATURE,
    "0.4.0.1862.1.6.2": Purpose.SEAL,
    "0.4.0.1862.1.6.3": Purpose.WEBSITE,
}
_USAGES = {
    "digitalSignature": KeyUsage.DIGITAL_SIGNATURE,
    "nonRepudiation": KeyUsage.NON_REPUDIATION,
    "keyEncipherment": KeyUsage.KEY_ENCIPHERMENT,
    "dataEncipherment": KeyUsage.DATA_ENCIPHERMENT,
    "keyAgreement": KeyUsage.KEY_AGREEMENT,
    "keyCertSign": KeyUsage.KEY_CERT_SIGN,
    "crlSign": KeyUsage.CRL_SIGN,
    "encipherOnly": KeyUsage.ENCIPHER_ONLY,
    "decipherOnly": KeyUsage.DECIPHER_ONLY,
}


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """What counts of a certificate's statements: its own, or what an agreement reads them as.

    `legislations` are the countries that QcCClegislation names: where it is there, the statement of compliance speaks
    of those countries' law and not of the EU's (EN 319 412-5 §4.2.4).
    """

    compliance: bool
    purposes: frozenset[Purpose]
    qscd: bool
    legislations: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()


def own_content(certificate: Certificate) -> CertificateContent:
    """What the certificate itself states."""
    statements = certificate.extensions.qc_statements
    oids = {statement.oid for statement in statements}
    return CertificateContent(
        compliance=QC_COMPLIANCE in oids,
        purposes=frozenset(
            _PURPOSES[word]
            for each in statements
            if each.oid == QC_TYPE
            for word in each.words
            if word in _PURPOSES
        ),
        qscd=QC_SSCD in oids,
        legislations=frozenset(
            word.upper() for each in statements if each.oid == QC_LEGISLATION for word in each.words
        ),
        policies=frozenset(each.oid for each in certificate.extensions.certificate_policies or ()),
    )


def claims_qualified(content: CertificateContent, issued: Instant) -> bool:
    """Whether the certificate claims to be qualified in the EU (TS 119 615 §4.4.6).

    Before `EIDAS` the policies QCP and QCP+ of TS 101 456 say so too.
    """
    old = issued < EIDAS and bool(content.policies & {QCP_PUBLIC, QCP_PUBLIC_WITH_SSCD})
    return (content.compliance and not content.legislations) or old


def claims_qscd(content: CertificateContent, issued: Instant) -> bool:
    """Whether the certificate claims that its key lies in a qualified device (TS 119 615 §4.5.3)."""
    return content.qscd or (issued < EIDAS and QCP_PUBLIC_WITH_SSCD in content.policies)


def claimed_purpose(content: CertificateContent) -> Purpose | None:
    """What the certificate says it is for: signatures where it says nothing; None where it says several things."""
    if not content.purposes:
        return Purpose.SIGNATURE
    return next(iter(content.purposes)) if len(content.purposes) == 1 else None


def translated(
    certificate: Certificate, own: CertificateContent, equivalences: Sequence[ContentEquivalence]
) -> CertificateContent:
    """What an agreement reads the certificate as.

    A foreign statement counts only where the agreement says so: of what no equivalence speaks, nothing is taken over.
    Where several speak of one context, the certificate must meet them all. Equivalences in contexts that are not known
    here are nobody's to apply.
    """
    stated = {each: _stated(each, certificate, equivalences) for each in ContentContext}
    offered = {_PURPOSES[kind] for _, kind in stated[ContentContext.QC_TYPE] if kind in _PURPOSES}
    return CertificateContent(
        compliance=(QC_COMPLIANCE, "") in stated[ContentContext.QC_COMPLIANCE],
        purposes=frozenset((own.purposes & offered) or offered),
        qscd=(QC_SSCD, "") in stated[ContentContext.QC_QSCD],
        policies=own.policies,
    )


def _stated(
    context: ContentContext, certificate: Certificate, equivalences: Sequence[ContentEquivalence]
) -> frozenset[tuple[str, str]]:
    """The statements that the certificate is read as making in one context."""
    here = [each for each in equivalences if each.context == context.value]
    if not all(meets(each.pointed, certificate) for each in here):
        return frozenset()
    return frozenset(statement for each in here for statement in _granted(each.pointing))


def _granted(criteria: Criteria) -> Iterator[tuple[str, str]]:
    """The statements that criteria ask to be there, by OID and type: what a certificate meeting them would hold."""
    if criteria.assertion is not Assertion.NONE:
        for statements in criteria.statement_sets:
            yield from ((each.oid, each.qc_type) for each in statements)
        for each in criteria.nested:
            yield from _granted(each)


def meets(criteria: Criteria, certificate: Certificate) -> bool | None:
    """Whether the certificate meets the criteria (TS 119 612 §5.5.9.2.2); None where that cannot be told."""
    found = [*_own(criteria, certificate), *(meets(each, certificate) for each in criteria.nested)]
    found += [None] * len(criteria.unknown)
    if criteria.assertion is Assertion.ALL:
        return False if False in found else None if None in found else True
    if criteria.assertion is Assertion.AT_LEAST_ONE:
        return True if True in found else None if None in found else False
    return False if True in found else None if None in found else True


def _own(criteria: Criteria, certificate: Certificate) -> Iterator[bool]:
    extensions = certificate.extensions
    usage = extensions.key_usage or frozenset()
    policies = {each.oid for each in extensions.certificate_policies or ()}
    for bits in criteria.key_usages:
        yield all((_USAGES.get(name) in usage) is wanted for name, wanted in bits)
    for wanted_policies in criteria.policy_sets:
        yield policies.issuperset(wanted_policies)
    for purposes in criteria.extended_key_usages:
        yield (extensions.extended_key_usage or frozenset()).issuperset(purposes)
    for attributes in criteria.subject_attributes:
        yield all(certificate.subject.get(oid) is not None for oid in attributes)
    for statements in criteria.statement_sets:
        yield all(_states(certificate, each) for each in statements)


def _states(certificate: Certificate, wanted: QcStatementCriterion) -> bool:
    return any(
        each.oid == wanted.oid
        and (not wanted.qc_type or wanted.qc_type in each.words)
        and (not wanted.legislation or wanted.legislation.upper() in {word.upper() for word in each.words})
        for each in certificate.extensions.qc_statements
    )
