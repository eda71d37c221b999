"""What revocation lists say of a certificate: RFC 5280 §6.3.3.

Every list at hand is held against every distribution point of the certificate; the letters of the steps are the RFC's.
The reasons of all lists are put together in `revocation`.
"""

from __future__ import annotations

from collections.abc import Iterator

from shirushi.codecs.asn1 import der, names
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import (
    Certificate,
    Crl,
    DistributionPoint,
    GeneralName,
    GeneralNameKind,
    IssuingDistributionPoint,
    KeyUsage,
    Name,
    RevocationReason,
    RevokedEntry,
)
from shirushi.core.reason import Reason, reason
from shirushi.rules.path.entities import same_entity
from shirushi.rules.path.extensions import PROCESSABLE_ON_CRL
from shirushi.rules.path.inquiry import (
    ALL_REASONS,
    Decide,
    Finding,
    Inquiry,
    Signer,
    issued_too_late,
    not_current,
    signer_path,
)
from shirushi.rules.path.model import Path

_LIST = 8
"""What it costs to hold one list against one distribution point."""


def crl_findings(inquiry: Inquiry, decide: Decide) -> Iterator[Finding | Reason]:
    """What each complete list that speaks about the certificate says, or why it counts for nothing."""
    points = len(inquiry.certificate.extensions.crl_distribution_points)
    inquiry.material.spend(_LIST * (1 + points) * len(inquiry.material.crls))
    for crl in inquiry.material.crls:
        if crl.delta_base is not None:
            continue
        covered = _covered(crl, inquiry.certificate)
        if covered is None:
            continue
        yield (
            _finding(inquiry, crl, covered, decide)
            if covered
            else reason("REVOCATION_SCOPE_DIFFERS", source=crl.issuer.text)
        )


def _finding(inquiry: Inquiry, crl: Crl, covered: frozenset[int], decide: Decide) -> Finding | Reason:
    """Steps (a) and (c) to (j), with the newest delta list that fits."""
    unusable = _unusable(crl)
    if unusable:
        return unusable
    signer = _signer(inquiry, crl, decide)
    if isinstance(signer, Reason):
        return signer
    delta = _newest_delta(inquiry, crl, signer.certificate)
    newest = delta or crl
    source = crl.issuer.text
    stale = not_current(inquiry, source, newest.this_update, newest.next_update)
    if stale:
        return stale
    entry = _entry(inquiry.certificate, crl, delta)
    if entry is None:
        too_late = issued_too_late(inquiry, source, newest.this_update, crl.expired_certs_on_crl)
        if too_late:
            return too_late
    return Finding(
        source_id=newest.id,
        issued_at=newest.this_update,
        this_update=newest.this_update,
        next_update=newest.next_update,
        covered=covered,
        revocation_time=entry.revocation_time if entry else None,
        reason=(entry.reason or RevocationReason.UNSPECIFIED) if entry else None,
        signer=signer.path,
    )


def _covered(crl: Crl, certificate: Certificate) -> frozenset[int] | None:
    """Steps (b) and (d): the reasons for which `crl` speaks about `certificate`.

    None where it is another issuer's and says nothing of it; empty where its scope leaves the certificate out.
    """
    # The last point stands for lists of the issuer that no distribution point names (the end of §6.3.3).
    issuer = GeneralName(GeneralNameKind.DIRECTORY, certificate.issuer)
    points = (*certificate.extensions.crl_distribution_points, DistributionPoint(full_name=(issuer,)))
    answering = [point for point in points if _is_issued_for(crl, point, certificate)]
    if not answering:
        return None
    scope = crl.issuing_distribution_point or IssuingDistributionPoint()
    basic = certificate.extensions.basic_constraints
    is_ca = basic is not None and basic.ca
    if (
        scope.only_attribute_certificates
        or (scope.only_user_certificates and is_ca)
        or (scope.only_ca_certificates and not is_ca)
    ):
        return frozenset()
    covered: set[int] = set()
    for point in answering:
        if _names_meet(point, scope, crl.issuer, certificate.issuer):
            covered |= ALL_REASONS & (
                (ALL_REASONS if point.reasons is None else point.reasons)
                & (ALL_REASONS if scope.only_some_reasons is None else scope.only_some_reasons)
            )
    return frozenset(covered)


def _is_issued_for(crl: Crl, point: DistributionPoint, certificate: Certificate) -> bool:
    """Step (b)(1): the list is the certificate issuer's, or an indirect one of the issuer that the point names."""
    if not point.crl_issuer:
        return crl.issuer == certificate.issuer
    scope = crl.issuing_distribution_point
    return scope is not None and scope.indirect and crl.issuer in _directory_names(point.crl_issuer)


def _names_meet(
    point: DistributionPoint, scope: IssuingDistributionPoint, crl_issuer: Name, issuer: Name
) -> bool:
    """Step (b)(2)(i): a list that names its distribution point is for the certificates that name it as well."""
    theirs = _point_names(scope.full_name, scope.relative_name, crl_issuer)
    if not theirs:
        return True
    bases = _directory_names(point.crl_issuer) or [issuer]
    ours = _point_names(point.full_name, point.relative_name, bases[0]) or point.crl_issuer
    return any(name in theirs for name in ours)


def _point_names(
    full: tuple[GeneralName, ...], relative: bytes | None, base: Name
) -> tuple[GeneralName, ...]:
    """The names of a distribution point; one relative to its CRL issuer is put below it (§4.2.1.13)."""
    if relative is None:
        return full
    try:
        whole = names.name(der.sequence(der.single(base.der, der.SEQUENCE).value, relative))
    except MalformedInput:
        return full
    return (*full, GeneralName(GeneralNameKind.DIRECTORY, whole))


def _directory_names(found: tuple[GeneralName, ...]) -> list[Name]:
    return [name.value for name in found if isinstance(name.value, Name)]


def _unusable(crl: Crl) -> Reason | None:
    """§5.2 and §5.3: a list with an extension that cannot be processed tells nothing about any certificate."""
    unknown = sorted((crl.critical - PROCESSABLE_ON_CRL) | crl.malformed)
    if unknown:
        return reason("REVOCATION_EXTENSION_UNKNOWN", source=crl.issuer.text, oid=unknown[0])
    if crl.has_unknown_critical_entries:
        return reason("REVOCATION_ENTRY_UNKNOWN", source=crl.issuer.text)
    return None


def _signer(inquiry: Inquiry, crl: Crl, decide: Decide) -> Signer | Reason:
    """Steps (f) and (g): who signed the list, by a certificate that is valid and may sign lists.

    That is a certificate above on the path, or one with a path of its own to the same anchor.
    """
    material = inquiry.material
    above = [c for c in inquiry.above if c.subject == crl.issuer and material.is_signed_by(crl.id, c)]
    others = [certificate for certificate in material.signers_of(crl.id) if certificate.subject == crl.issuer]
    if not above and not others:
        return reason("REVOCATION_SIGNATURE_UNVERIFIED", source=crl.issuer.text)
    above += [c for c in others if any(same_entity(c, known) for known in inquiry.above)]
    permitted = next((certificate for certificate in above if _may_sign_lists(certificate)), None)
    if permitted:
        return Signer(permitted, _rest_of_path(inquiry, permitted))
    known = {certificate.id for certificate in above}
    others = [certificate for certificate in others if certificate.id not in known]
    when = inquiry.at if inquiry.require_current else crl.this_update
    for certificate in others:
        if _may_sign_lists(certificate):
            path = signer_path(inquiry, certificate, when, decide)
            if path:
                return Signer(certificate, path)
    if not any(_may_sign_lists(certificate) for certificate in (*above, *others)):
        return reason("REVOCATION_KEY_USAGE_NOT_CRL_SIGN", source=crl.issuer.text)
    return reason("REVOCATION_SIGNER_NOT_TRUSTED", source=crl.issuer.text)


def _rest_of_path(inquiry: Inquiry, signer: Certificate) -> Path | None:
    """What the inquiry's path holds from `signer` on, None from the certificate's issuer on."""
    if same_entity(signer, inquiry.issuer):
        return None
    place = next(i for i, certificate in enumerate(inquiry.above) if same_entity(certificate, signer))
    return Path(inquiry.above[place], inquiry.above[place:-1], inquiry.path.anchor)


def _may_sign_lists(certificate: Certificate) -> bool:
    """Step (f): where there is a key usage extension, it has the bit cRLSign."""
    usage = certificate.extensions.key_usage
    return usage is None or KeyUsage.CRL_SIGN in usage


def _newest_delta(inquiry: Inquiry, base: Crl, signer: Certificate) -> Crl | None:
    """Steps (a), (c) and (h): the newest delta list that completes `base` (§5.2.4) and that its signer signed."""
    inquiry.material.spend(len(inquiry.material.crls))
    fitting = [
        delta
        for delta in inquiry.material.crls
        if delta.delta_base is not None
        and delta.issuer == base.issuer
        and delta.issuing_distribution_point == base.issuing_distribution_point
        and delta.authority_key_identifier == base.authority_key_identifier
        and base.number is not None
        and delta.delta_base <= base.number
        and (delta.number is None or base.number <= delta.number)
        and delta.this_update >= base.this_update
        and inquiry.material.is_signed_by(delta.id, signer)
        and _unusable(delta) is None
        and not_current(inquiry, "", delta.this_update, delta.next_update) is None
    ]
    return max(fitting, key=lambda delta: delta.this_update, default=None)


def _entry(certificate: Certificate, crl: Crl, delta: Crl | None) -> RevokedEntry | None:
    """Steps (i), (j) and (k): the certificate's entry, the delta list's before the complete one's.

    removeFromCRL lifts a hold and takes expired certificates away; it undoes no revocation (§5.3.1).
    """
    key = certificate.issuer, certificate.serial_number
    complete = crl.entries.get(key)
    newer = delta.entries.get(key) if delta else None
    if newer is None:
        return complete
    if newer.reason is not RevocationReason.REMOVE_FROM_CRL:
        return newer
    lifted = complete is None or complete.reason in {None, RevocationReason.CERTIFICATE_HOLD}
    return None if lifted else complete
