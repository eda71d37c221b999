"""What would have changed the outcome: the same procedure, with one of its inputs exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from shirushi.core.instant import Instant, rfc3339
from shirushi.core.qualification import Conclusion, Ground, Qualification
from shirushi.core.reason import Reason, reason
from shirushi.core.verdict import Indication, SignatureVerdict
from shirushi.rules.qualification.index import ServiceIndex
from shirushi.rules.qualification.signature import qualify


def alternatives(
    verdict: SignatureVerdict, index: ServiceIndex, now: Instant
) -> tuple[tuple[Reason, Conclusion], ...]:
    """Each exchange of one input that leads to another conclusion, and that conclusion; empty where none does."""
    actual = qualify(verdict, index, now)
    if actual is None:
        return ()
    found = []
    for said, other in _exchanged(verdict, actual, index, now):
        result = qualify(other[0], other[1], now)
        if result is not None and result.conclusion is not actual.conclusion:
            found.append((said, result.conclusion))
    return tuple(found)


def _exchanged(
    verdict: SignatureVerdict, actual: Qualification, index: ServiceIndex, now: Instant
) -> Iterator[tuple[Reason, tuple[SignatureVerdict, ServiceIndex]]]:
    sources = [each.source for each in (actual.at_issuance, actual.at_best_signature_time) if each.source]
    if any(each.ground is Ground.AGREEMENT for each in sources):
        bare = ServiceIndex(replace(each, agreement=None, carried_by="") for each in index.sources)
        yield reason("ALTERNATIVE_NO_AGREEMENT"), (verdict, bare)
    for digest in sorted({each.snapshot for each in sources}):
        without = ServiceIndex(each for each in index.sources if each.digest != digest)
        territory = next(each.territory for each in sources if each.snapshot == digest)
        yield reason("ALTERNATIVE_NO_LIST", territory=territory, snapshot=digest[:16]), (verdict, without)
    if verdict.best_signature_time is not None and verdict.best_signature_time != now:
        later = replace(verdict, best_signature_time=now)
        yield reason("ALTERNATIVE_NO_PROOF_OF_TIME", at=rfc3339(now)), (later, index)
    if verdict.indication is not Indication.TOTAL_PASSED:
        passed = replace(verdict, indication=Indication.TOTAL_PASSED)
        yield reason("ALTERNATIVE_PASSED"), (passed, index)
