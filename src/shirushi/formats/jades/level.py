"""The baseline level that a signature claims by what it carries (TS 119 182-1 §6), before any validation."""

from __future__ import annotations

from datetime import UTC, datetime

from shirushi.core.evidence import Level, SignatureEvidence
from shirushi.core.reason import Reason, reason
from shirushi.formats.jades.evidence import Examination
from shirushi.formats.jades.names import CERTIFICATE_REFERENCES, OF_JADES
from shirushi.formats.jades.unsigned import REFERENCES
from shirushi.formats.long_term import tells_status

_SIG_T_ENDED = datetime(2025, 7, 15, tzinfo=UTC)
"""From then on the claimed time of a new signature stands in `iat` (TS 119 182-1 §6.3)."""


def baseline_failings(examination: Examination) -> tuple[Reason, ...]:
    """What keeps a signature from B-B (TS 119 182-1 §6.3)."""
    says = examination.says
    present = says.parameters.keys()
    if not present & {*OF_JADES, "x5t#S256"} and not examination.components:
        return (reason("JADES_NOT_JADES"),)
    failings: list[Reason] = []
    if says.signing_time is None:
        failings.append(reason("JADES_PARAMETER_MISSING", parameter="iat"))
    elif "iat" not in present and says.signing_time >= _SIG_T_ENDED:
        failings.append(reason("JADES_SIG_T_ENDED"))
    references = [name for name in CERTIFICATE_REFERENCES if name in present]
    if len(references) > 1:
        failings.append(reason("JADES_REFERENCES_REPEATED"))
    elif not says.references:
        failings.append(reason("JADES_PARAMETER_MISSING", parameter="x5t#S256"))
    if not says.critical_intact:
        failings.append(reason("JADES_CRIT_MALFORMED", parameter="crit"))
    if examination.countersigned is not None and "cty" in present:
        failings.append(reason("JADES_PARAMETER_MALFORMED", parameter="cty"))
    legacy = _legacy_level(examination)
    if legacy:
        failings.append(reason("JADES_LEGACY_LEVEL", level=legacy))
    return tuple(failings)


def _legacy_level(examination: Examination) -> str:
    """The level that rests on references to validation data (annex A), which baseline leaves out; else empty."""
    present = {each.name for each in examination.components}
    if not present & {*REFERENCES, "sigRTst", "rfsTst"}:
        return ""
    if "arcTst" in present:
        return "JAdES-A"
    if present & {"xVals", "rVals"}:
        return "JAdES-X-L"
    return "JAdES-X" if present & {"sigRTst", "rfsTst"} else "JAdES-C"


def claimed_level(evidence: SignatureEvidence, failings: tuple[Reason, ...]) -> Level | None:
    """The level of a signature with its time-stamps and its validation material."""
    if failings:
        return None
    if not evidence.signature_timestamps and not evidence.archive_timestamps:
        return Level.B_B
    certificate = evidence.signing_certificate
    if certificate is None or not tells_status(certificate, evidence.crls, evidence.ocsp_responses):
        return Level.B_T
    return Level.B_LTA if evidence.archive_timestamps else Level.B_LT
