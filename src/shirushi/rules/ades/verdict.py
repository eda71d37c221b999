"""The verdicts: the processes of EN 319 102-1 §5.3 to §5.6 in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from shirushi.core.evidence import Effort, Material, SignatureEvidence, TrustAnchor
from shirushi.core.instant import Instant
from shirushi.core.verdict import Indication, SignatureVerdict, Verdict
from shirushi.rules.ades.basic import validate_basic
from shirushi.rules.ades.lone import (
    LONE_RECORDS,
    missing_of,
    record_warnings,
    sorted_out,
    validate_lone_record,
    validate_lone_time_stamp,
)
from shirushi.rules.ades.long_term import content_times, validate_long_term, with_content_stamps
from shirushi.rules.ades.model import ValidationContext
from shirushi.rules.ades.policy import ValidationPolicy
from shirushi.rules.ades.time_stamp import validate_time_stamp
from shirushi.rules.ades.with_time import validate_with_time
from shirushi.rules.evidence_record import verify_record

_LEAST, _SIGNATURE = 600_000, 200
"""Microseconds that there are for a document, and for each of its signatures."""


def validate_signatures(
    signatures: Iterable[SignatureEvidence],
    material: Material,
    anchors: tuple[TrustAnchor, ...],
    policy: ValidationPolicy,
    time: Instant,
) -> Verdict:
    """The verdict on a document with all of its signatures at `time`. A pure function of its arguments.

    Raises `EvidenceLimitExceeded` where the sum of all searches would go beyond what the material's size accounts for.
    """
    judged = tuple(signatures)
    material = replace(material, effort=_effort(judged, material))
    verdicts = tuple(validate_signature(s, material, anchors, policy, time) for s in judged)
    return Verdict(verdicts, time, policy.digest(), policy.name, policy.unmapped)


def _effort(signatures: Sequence[SignatureEvidence], material: Material) -> Effort:
    """What may be spent: documents of good faith need little of it, however large they are."""
    size = sum(
        sum(len(each.der) for each in kind)
        for kind in (material.certificates, material.crls, material.ocsp_responses)
    )
    return Effort(_LEAST + size // 4 + _SIGNATURE * len(signatures))


def validate_signature(
    signature: SignatureEvidence,
    material: Material,
    anchors: tuple[TrustAnchor, ...],
    policy: ValidationPolicy,
    time: Instant,
) -> SignatureVerdict:
    """The verdict on one signature at `time`, with what is `missing` for a better one.

    `material` holds all certificates and revocation data at hand, those that the signature carries included. A verdict
    that has passed asks only for what its time-stamps lack.
    """
    context = ValidationContext(material, anchors, policy, time)
    if signature.time_stamp is not None:
        return validate_lone_time_stamp(signature, signature.time_stamp, context)
    records = tuple(verify_record(each) for each in signature.evidence_records)
    if signature.format in LONE_RECORDS:
        return validate_lone_record(signature, records, context)
    every = (*signature.time_stamps, *(stamp for record in records for stamp in record.stamps))
    stamps = tuple(validate_time_stamp(stamp, context) for stamp in every)
    basic = validate_basic(signature, context, content_times(stamps))
    timed = validate_with_time(signature, basic, stamps, context)
    result = validate_long_term(signature, basic, timed, stamps, context)
    conclusion = with_content_stamps(result, signature, context)
    wanted = (*conclusion.missing, *basic.chain.conclusion.missing)
    return SignatureVerdict(
        signature,
        conclusion.indication,
        conclusion.sub_indication,
        conclusion.reasons,
        result.best_signature_time,
        result.chain.chain,
        result.chain.trust,
        signature.level,
        missing_of(wanted if conclusion.indication is Indication.INDETERMINATE else (), result.stamps),
        tuple(stamp.verdict() for stamp in result.stamps),
        *sorted_out((*conclusion.warnings, *record_warnings(records))),
    )
