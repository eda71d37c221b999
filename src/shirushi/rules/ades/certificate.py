"""X.509 certificate validation (EN 319 102-1 §5.2.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shirushi.core.evidence import Certificate, RevocationReason
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.reason import Reason, reason
from shirushi.core.verdict import Missing, MissingKind, SubIndication
from shirushi.rules.ades.acceptance import weak_algorithm
from shirushi.rules.ades.chain_constraints import chain_constraints, profile_constraints
from shirushi.rules.ades.model import (
    PASSED,
    CertificateStatus,
    ChainFinding,
    ChainResult,
    Conclusion,
    ValidationContext,
    indeterminate,
)
from shirushi.rules.ades.revocation import (
    data_about,
    data_algorithm,
    fresh_at,
    freshness_severity,
    missing_data,
    revocation_issuer,
    statuses_of,
    still_stale,
)
from shirushi.rules.ades.severity import Severity
from shirushi.rules.path.building import candidate_paths, topmost
from shirushi.rules.path.model import Path, PathFailureKind, Status
from shirushi.rules.path.validation import validate_path

_S = SubIndication

_PREFERENCE = (
    _S.TRY_LATER,
    _S.OUT_OF_BOUNDS_NOT_REVOKED,
    _S.REVOCATION_OUT_OF_BOUNDS_NO_POE,
    _S.OUT_OF_BOUNDS_NO_POE,
    _S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
    _S.REVOKED_NO_POE,
    _S.REVOKED_CA_NO_POE,
    _S.CHAIN_CONSTRAINTS_FAILURE,
    _S.CERTIFICATE_CHAIN_GENERAL_FAILURE,
    _S.NO_CERTIFICATE_CHAIN_FOUND_NO_POE,
    _S.NO_CERTIFICATE_CHAIN_FOUND,
)
"""Of several chains that all fail, the one that lacks least is reported."""


def validate_certificate(target: Certificate, context: ValidationContext) -> ChainResult:
    """Validate `target` at the context's time: PASSED with its chain, or INDETERMINATE (§5.2.6.4).

    Every prospective chain is tried until one passes (step 2); where none does, the one that lacks least comes first.
    """
    results = []
    for path in candidate_paths(target, context.material, context.usable_anchors):
        result = examine_chain(path, context)
        if not result.findings:
            return result
        results.append(result)
    if not results:
        return ChainResult(findings=(ChainFinding(no_chain(target, context)),))
    best, *others = sorted(results, key=_rank)
    return replace(best, others=tuple(others))


def examine_chain(path: Path, context: ValidationContext) -> ChainResult:
    """One prospective chain, steps 3 to 7 of §5.2.6.4."""
    untrusted = anchor_not_trusted(path, context.time)
    if untrusted is not None:
        return ChainResult(path, (ChainFinding(untrusted),))
    if not path.certificates:
        return ChainResult(path)
    statuses = statuses_of(path, context.time, context)
    chain = _Chain(path, statuses, context)
    found = [finding for step in _STEPS for finding in step(chain)]
    return ChainResult(
        path,
        tuple(f for f in found if not f.conclusion.passed),
        statuses,
        tuple(dict.fromkeys(w for f in found for w in f.conclusion.warnings)),
    )


def anchor_not_trusted(path: Path, at: Instant) -> Conclusion | None:
    """Step 3: an anchor past its sunset date proves nothing about `at`; one not yet trusted never did."""
    anchor = path.anchor
    name = anchor.name or anchor.certificate.subject.text
    if anchor.valid_until is not None and at >= anchor.valid_until:
        return indeterminate(
            _S.NO_CERTIFICATE_CHAIN_FOUND_NO_POE,
            reason("ANCHOR_NO_LONGER_TRUSTED", anchor=name, until=rfc3339(anchor.valid_until)),
        )
    if anchor.valid_from is not None and at < anchor.valid_from:
        return indeterminate(
            _S.NO_CERTIFICATE_CHAIN_FOUND,
            reason("ANCHOR_NOT_YET_TRUSTED", anchor=name, since=rfc3339(anchor.valid_from)),
        )
    return None


def no_chain(target: Certificate, context: ValidationContext) -> Conclusion:
    """NO_CERTIFICATE_CHAIN_FOUND, naming the certificate at which every chain ends, and asking for its issuer."""
    top = topmost(target, context.all_certificates(), context.material)
    return indeterminate(
        _S.NO_CERTIFICATE_CHAIN_FOUND,
        reason("ROOT_NOT_TRUSTED", root=label(top))
        if top.self_issued
        else reason("ISSUER_NOT_FOUND", certificate=label(top), issuer=top.issuer.text or "?"),
        missing=(Missing(MissingKind.ISSUER_CERTIFICATE, top, at=context.time),),
    )


def label(certificate: Certificate) -> str:
    """What a person calls a certificate: its subject, or its serial number where that is empty."""
    return certificate.subject.text or f"#{certificate.serial_number:x}"


def out_of_validity(certificate: Certificate, at: Instant, *, signer: bool) -> Reason | None:
    """Why `at` is outside the validity period of a certificate, or None."""
    if at > certificate.not_after:
        code = "SIGNER_CERTIFICATE_EXPIRED" if signer else "CA_CERTIFICATE_EXPIRED"
        return reason(
            code, certificate=label(certificate), until=rfc3339(certificate.not_after), at=rfc3339(at)
        )
    if at < certificate.not_before:
        code = "SIGNER_CERTIFICATE_NOT_YET_VALID" if signer else "CA_CERTIFICATE_NOT_YET_VALID"
        return reason(
            code, certificate=label(certificate), since=rfc3339(certificate.not_before), at=rfc3339(at)
        )
    return None


@dataclass(frozen=True, slots=True)
class _Chain:
    """A prospective chain under examination."""

    path: Path
    statuses: tuple[CertificateStatus, ...]
    context: ValidationContext


def _rank(result: ChainResult) -> int:
    sub = result.conclusion.sub_indication
    return _PREFERENCE.index(sub) if sub in _PREFERENCE else len(_PREFERENCE)


def _weighed(
    severity: Severity, conclusion: Conclusion, status: CertificateStatus | None = None
) -> tuple[ChainFinding, ...]:
    """A failing conclusion as the policy weighs it: a finding, a warning, or nothing."""
    if severity is Severity.FAIL:
        return (ChainFinding(conclusion, status),)
    told = severity.told(*conclusion.reasons)
    return (ChainFinding(PASSED.warned(told)),) if told else ()


def _path_validation(chain: _Chain) -> Iterator[ChainFinding]:
    """Step 4: RFC 5280 §6.1, save the validity periods (see `_validity`)."""
    outcome = validate_path(
        chain.path, chain.context.time, chain.context.material, chain.context.policy.path_parameters
    )
    broken = [
        f for f in outcome.failures if f.kind in (PathFailureKind.SIGNATURE, PathFailureKind.CONSTRAINTS)
    ]
    if broken:
        yield ChainFinding(indeterminate(_S.CERTIFICATE_CHAIN_GENERAL_FAILURE, *(f.reason for f in broken)))
    for failure in outcome.failures:
        if failure.kind is PathFailureKind.TRUST:
            yield ChainFinding(indeterminate(_S.NO_CERTIFICATE_CHAIN_FOUND_NO_POE, failure.reason))


def _revocation(chain: _Chain) -> Iterator[ChainFinding]:
    """Steps 4 b) to d): revoked, on hold, or issued by a CA that is."""
    for index, item in enumerate(chain.statuses):
        status = item.status
        if item.required is Severity.IGNORE or status.status is not Status.REVOKED:
            continue
        facts = {
            "certificate": label(item.certificate),
            "at": rfc3339(status.revocation_time) if status.revocation_time else "?",
        }
        why = status.reason.name if status.reason else RevocationReason.UNSPECIFIED.name
        if status.reason is RevocationReason.CERTIFICATE_HOLD:
            conclusion = indeterminate(_S.TRY_LATER, reason("CERTIFICATE_ON_HOLD", **facts))
        elif index == 0:
            conclusion = indeterminate(
                _S.REVOKED_NO_POE, reason("SIGNER_CERTIFICATE_REVOKED", why=why, **facts)
            )
        else:
            conclusion = indeterminate(
                _S.REVOKED_CA_NO_POE, reason("CA_CERTIFICATE_REVOKED", why=why, **facts)
            )
        yield ChainFinding(conclusion, item)


def _status_known(chain: _Chain) -> Iterator[ChainFinding]:
    """Whether every status that the policy demands is known.

    Without any revocation data it is TRY_LATER, for some may yet be had; data that cannot be relied upon fail the path
    (step 4 e). Of a signing certificate that has expired, later data need not speak: OUT_OF_BOUNDS_NO_POE.
    """
    for index, item in enumerate(chain.statuses):
        if item.status.status is not Status.UNKNOWN:
            continue
        absent = not data_about(item.certificate, chain.context.material)
        why = item.status.reasons
        if not absent and all(r.code == "REVOCATION_DATA_MISSING" for r in why):
            why = (reason("REVOCATION_DATA_BEFORE_ISSUANCE", certificate=label(item.certificate)),)
        missing = (missing_data(item, chain.context.time),)
        expired = out_of_validity(item.certificate, chain.context.time, signer=True) if index == 0 else None
        silent = absent or all(r.code == "REVOCATION_AFTER_EXPIRY" for r in why)
        if expired is not None and silent:
            conclusion = indeterminate(_S.OUT_OF_BOUNDS_NO_POE, expired, *why, missing=missing)
        else:
            sub = _S.TRY_LATER if absent else _S.CERTIFICATE_CHAIN_GENERAL_FAILURE
            conclusion = indeterminate(sub, *why, missing=missing)
        yield from _weighed(item.required, conclusion, item)


def _constraints(chain: _Chain) -> Iterator[ChainFinding]:
    """Step 6: the constraints that the policy sets on the chain's certificates."""
    findings = chain_constraints(chain.path.target, chain.context)
    if findings.failures:
        yield ChainFinding(indeterminate(_S.CHAIN_CONSTRAINTS_FAILURE, *findings.failures))
    yield ChainFinding(PASSED.warned(findings.warnings))


def _profiles(chain: _Chain) -> Iterator[ChainFinding]:
    """Step 4 for what the policy demands of the certificates' form, and step 6 of the CA certificates."""
    findings = profile_constraints(chain.path.certificates, chain.context)
    if findings.failures:
        yield ChainFinding(indeterminate(_S.CERTIFICATE_CHAIN_GENERAL_FAILURE, *findings.failures))
    yield ChainFinding(PASSED.warned(findings.warnings))


def _cryptography(chain: _Chain) -> Iterator[ChainFinding]:
    """Step 7: the algorithms of certificates and revocation data, at the validation time."""
    weak: list[Reason] = []
    for index, certificate in enumerate(chain.path.certificates):
        key = chain.path.issuer_of(index).public_key
        own = chain.context.policy.certificate_catalogue
        weak += weak_algorithm(certificate.signature_algorithm, key, chain.context.time, chain.context, own)
        data = data_algorithm(chain.statuses[index], chain.context)
        if data is not None:
            catalogue = chain.context.policy.revocation_catalogue
            weak += weak_algorithm(*data, chain.context.time, chain.context, catalogue)
    if weak:
        conclusion = indeterminate(_S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE, *dict.fromkeys(weak))
        yield from _weighed(chain.context.policy.cryptography, conclusion)


def _validity(chain: _Chain) -> Iterator[ChainFinding]:
    """Whether the time is within the signing certificate's validity, and if not, whether it is known not revoked.

    An issuer of the revocation data that is itself out of validity leaves that unknown. That it is revoked is a finding
    of its own. An expired CA certificate is OUT_OF_BOUNDS_NO_POE: proof that all existed before can still heal it
    (§5.6.2.4).
    """
    for certificate in chain.path.certificates[1:]:
        why = out_of_validity(certificate, chain.context.time, signer=False)
        if why is not None:
            yield ChainFinding(indeterminate(_S.OUT_OF_BOUNDS_NO_POE, why))
    outside = out_of_validity(chain.path.target, chain.context.time, signer=True)
    if outside is None:
        return
    item = chain.statuses[0]
    issuer = revocation_issuer(item, chain.context)
    known = item.required is Severity.IGNORE or (
        item.status.status is not Status.UNKNOWN
        and (issuer is None or issuer.not_before <= chain.context.time <= issuer.not_after)
    )
    sub = _S.OUT_OF_BOUNDS_NOT_REVOKED if known else _S.OUT_OF_BOUNDS_NO_POE
    yield ChainFinding(indeterminate(sub, outside), item)


def _freshness(chain: _Chain) -> Iterator[ChainFinding]:
    """Step 5: revocation data that is too old is TRY_LATER, and newer is asked for."""
    for index, item in enumerate(chain.statuses):
        severity = freshness_severity(index, chain.context)
        if fresh_at(item, chain.context.time, chain.context):
            continue
        why = still_stale(item, chain.context.time, chain.context) or reason(_S.TRY_LATER.name)
        conclusion = indeterminate(_S.TRY_LATER, why, missing=(missing_data(item, chain.context.time),))
        lenient = item.required in (Severity.WARN, Severity.INFORM)
        yield from _weighed(item.required if lenient else severity, conclusion, item)


def _revocation_issuer(chain: _Chain) -> Iterator[ChainFinding]:
    """Whether whoever signed the revocation data on the signing certificate was within validity (V1.4.1)."""
    item = chain.statuses[0]
    issuer = revocation_issuer(item, chain.context)
    if issuer is None or issuer.not_before <= chain.context.time <= issuer.not_after:
        return
    outside = reason(
        "REVOCATION_ISSUER_OUT_OF_VALIDITY",
        issuer=label(issuer),
        until=rfc3339(issuer.not_after),
        at=rfc3339(chain.context.time),
    )
    conclusion = indeterminate(
        _S.REVOCATION_OUT_OF_BOUNDS_NO_POE, outside, missing=(missing_data(item, chain.context.time),)
    )
    yield from _weighed(chain.context.policy.revocation_issuer_validity, conclusion, item)


_STEPS = (
    _path_validation,
    _profiles,
    _revocation,
    _status_known,
    _constraints,
    _cryptography,
    _validity,
    _freshness,
    _revocation_issuer,
)
