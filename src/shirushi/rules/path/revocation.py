"""The status of a certificate from all revocation data at hand (RFC 5280 §6.3, RFC 6960 §3.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shirushi.core.evidence import Material, TrustAnchor
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason, reason
from shirushi.rules.path.crl import crl_findings
from shirushi.rules.path.inquiry import ALL_REASONS, COMPROMISES, Finding, Inquiry
from shirushi.rules.path.model import Path, RevocationStatus, Status
from shirushi.rules.path.ocsp import ocsp_findings


def revocation_status(
    path: Path,
    index: int,
    at: Instant,
    material: Material,
    anchors: Sequence[TrustAnchor] = (),
    *,
    require_current: bool = False,
) -> RevocationStatus:
    """What the lists and OCSP responses of `material` say of `path.certificates[index]` at `at`.

    Revoked counts from the revocation time on: a certificate revoked later is GOOD at `at`, with the time told. Data
    issued after `at` count as well, the newest first; whoever asks judges their age (EN 319 102-1 §5.2.5). With
    `require_current`, only data count whose thisUpdate and nextUpdate enclose `at`, and their signers must be known to
    be good (RFC 5280 §6.3.3). `anchors` give responders trusted by decision; lists must lead to the path's own anchor.
    """
    return _decide(Inquiry(path, index, at, material, anchors, require_current))


def _decide(inquiry: Inquiry) -> RevocationStatus:
    findings: list[Finding] = []
    obstacles: dict[Reason, None] = {}
    for found in (*ocsp_findings(inquiry, _decide), *crl_findings(inquiry, _decide)):
        if isinstance(found, Finding):
            findings.append(found)
        else:
            obstacles[found] = None
    # Of data issued at the same time, those that tell of a revocation come first.
    findings.sort(key=lambda finding: (finding.issued_at, finding.revocation_time is not None), reverse=True)
    used, covered = _newest_for_each_reason(findings)
    # A permanent revocation prevails over newer data that no longer tell of it.
    permanent = [finding for finding in findings if finding.permanent]
    revocations = permanent + [f for f in used if f.revocation_time is not None and not f.permanent]
    first = _first(revocations)
    if first and first.revocation_time is not None and first.revocation_time <= inquiry.at:
        return _status(Status.REVOKED, first)
    if covered == ALL_REASONS:
        # A status put together of several lists is as old as the oldest of them.
        oldest = min(used, key=lambda finding: finding.this_update)
        return _status(Status.GOOD, first if first and first.covered == ALL_REASONS else oldest, first)
    if covered:
        obstacles[reason("REVOCATION_REASONS_INCOMPLETE", subject=inquiry.certificate.subject.text)] = None
    if not obstacles:
        obstacles[reason("REVOCATION_DATA_MISSING", subject=inquiry.certificate.subject.text)] = None
    return RevocationStatus(Status.UNKNOWN, reasons=tuple(obstacles))


def _newest_for_each_reason(findings: Iterable[Finding]) -> tuple[list[Finding], frozenset[int]]:
    """§6.3.3 (d), (e) and (l): those that add a reason to what newer ones cover, and all the reasons covered."""
    used: list[Finding] = []
    covered: frozenset[int] = frozenset()
    for finding in findings:
        if finding.covered - covered:
            used.append(finding)
            covered |= finding.covered
    return used, covered


def _first(revocations: Iterable[Finding]) -> Finding | None:
    """The earliest revocation; of those of the same time, the one for a compromise."""
    timed = [(f.revocation_time, f.reason not in COMPROMISES, f) for f in revocations if f.revocation_time]
    return min(timed, key=lambda entry: entry[:2])[2] if timed else None


def _status(status: Status, source: Finding, revocation: Finding | None = None) -> RevocationStatus:
    told = revocation or source
    return RevocationStatus(
        status,
        source_id=source.source_id,
        issued_at=source.this_update,
        next_update=source.next_update,
        revocation_time=told.revocation_time,
        reason=told.reason,
        signer=source.signer,
    )
