"""A verdict as four answers: was it changed, who signed, do we trust the issuer, when. Each stands on facts of its own.

Whether something was changed follows from the evidence's integrity alone: distrust is never told as tampering.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from shirushi.core.evidence import ChangeKind, TimeStampEvidence
from shirushi.core.instant import Instant
from shirushi.core.representation import Represented, representation_of
from shirushi.core.verdict import (
    Indication,
    SignatureVerdict,
    SubIndication,
    TimeStampVerdict,
    Verdict,
)
from shirushi.faces.portal.languages import common_name


class Light(Enum):
    """How an answer looks: icon, word and colour go by it. Worst last."""

    PASSED = "passed"
    NEUTRAL = "neutral"
    INDETERMINATE = "indeterminate"
    FAILED = "failed"


LIGHT_OF = {
    Indication.TOTAL_PASSED: Light.PASSED,
    Indication.INDETERMINATE: Light.INDETERMINATE,
    Indication.TOTAL_FAILED: Light.FAILED,
    None: Light.NEUTRAL,
}

_REVOKED = {SubIndication.REVOKED, SubIndication.REVOKED_NO_POE, SubIndication.REVOKED_CA_NO_POE}
_EXPIRED = {
    SubIndication.EXPIRED,
    SubIndication.OUT_OF_BOUNDS_NO_POE,
    SubIndication.OUT_OF_BOUNDS_NOT_REVOKED,
    SubIndication.NOT_YET_VALID,
}
_ADDITIONS = {ChangeKind.SIGNATURE_ADDED, ChangeKind.TIMESTAMP_ADDED, ChangeKind.VALIDATION_DATA_ADDED}
"""Later changes that add to what proves the document, and nothing to what it says."""
_STATUS_UNKNOWN = {SubIndication.TRY_LATER, SubIndication.REVOCATION_OUT_OF_BOUNDS_NO_POE}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its light, and the key of its text. `name` and `time` fill the text where it has a place for them."""

    light: Light
    key: str
    name: str = ""
    time: Instant | None = None
    claimed: Instant | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One of the four questions with the answers that the document's signatures give, equal ones once."""

    name: str
    answers: tuple[Answer, ...]

    @property
    def light(self) -> Light:
        """The worst answer's."""
        return max((a.light for a in self.answers), key=list(Light).index)


@dataclass(frozen=True, slots=True)
class StampLine:
    """A time-stamp in the tree of signatures: its evidence with the verdict on it."""

    evidence: TimeStampEvidence
    verdict: TimeStampVerdict | None

    @property
    def light(self) -> Light:
        """By the verdict on the token."""
        return LIGHT_OF[self.verdict.indication] if self.verdict else Light.NEUTRAL


@dataclass(frozen=True, slots=True)
class SignatureAnswers:
    """One signature with its four answers and its time-stamps."""

    number: int
    verdict: SignatureVerdict
    changed: Answer
    who: Answer
    trust: Answer
    when: Answer
    stamps: tuple[StampLine, ...] = field(repr=False)

    @property
    def represented(self) -> Represented | None:
        """In whose name the signature stands; None where that is not known."""
        return representation_of(self.verdict.signature)

    @property
    def light(self) -> Light:
        """By the signature's indication."""
        return LIGHT_OF[self.verdict.indication]


def signatures(verdict: Verdict) -> tuple[SignatureAnswers, ...]:
    """Every signature of the document with its answers, in the order they were made."""
    return tuple(_answers(number, each, verdict) for number, each in enumerate(verdict.signatures, 1))


def questions(answered: Iterable[SignatureAnswers]) -> tuple[Question, ...]:
    """The four questions: who and when as every signature answers, the others as the worst one does."""
    every = tuple(answered)
    return (
        Question("changed", (max((each.changed for each in every), key=_gravity),)),
        Question("who", tuple(dict.fromkeys(each.who for each in every))),
        Question("trust", (max((each.trust for each in every), key=_gravity),)),
        Question("when", tuple(dict.fromkeys(each.when for each in every))),
    )


def _gravity(answer: Answer) -> tuple[int, int]:
    """Worse answers are graver; of equal ones the one that has more to say."""
    weight = {"changed.signed": 1, "changed.added": 2}
    return list(Light).index(answer.light), weight.get(answer.key, 0)


def _answers(number: int, verdict: SignatureVerdict, whole: Verdict) -> SignatureAnswers:
    verdicts = {stamp.id: stamp for stamp in verdict.time_stamps}
    evidence = verdict.signature
    return SignatureAnswers(
        number,
        verdict,
        _changed(verdict),
        _who(verdict),
        _trust(verdict),
        _when(verdict, whole.validation_time),
        tuple(StampLine(stamp, verdicts.get(stamp.id)) for stamp in evidence.every_time_stamp),
    )


def _changed(verdict: SignatureVerdict) -> Answer:
    evidence = verdict.signature
    if evidence.integrity is False:
        content = any(r.intact is False for r in evidence.references)
        return Answer(Light.FAILED, "changed.yes" if content else "changed.value")
    if evidence.integrity is None:
        return Answer(Light.INDETERMINATE, "changed.unknown")
    if any(not change.allowed for change in evidence.changes):
        return Answer(Light.INDETERMINATE, "changed.after")
    if any(change.kind not in _ADDITIONS for change in evidence.changes):
        return Answer(Light.PASSED, "changed.added")
    if evidence.changes:
        return Answer(Light.PASSED, "changed.signed")
    return Answer(Light.PASSED, "changed.no")


def _who(verdict: SignatureVerdict) -> Answer:
    certificate = verdict.signature.signing_certificate
    if certificate is None:
        return Answer(Light.INDETERMINATE, "who.unknown")
    name = common_name(certificate.subject.text)
    if verdict.signature.stands_alone:
        return Answer(Light.NEUTRAL, "who.nobody", name)
    if verdict.signature.integrity is not True:
        return Answer(Light.INDETERMINATE, "who.doubted", name)
    if not verdict.trust:
        return Answer(Light.INDETERMINATE, "who.claimed", name)
    if verdict.sub_indication in _REVOKED:
        return Answer(Light.INDETERMINATE, "who.withdrawn", name)
    return Answer(Light.PASSED, "who.vouched", name)


def _trust(verdict: SignatureVerdict) -> Answer:
    if not verdict.trust:
        return Answer(Light.INDETERMINATE, "trust.no")
    name, sub = common_name(verdict.trust), verdict.sub_indication
    light = LIGHT_OF[verdict.indication]
    if sub in _REVOKED:
        return Answer(light, "trust.revoked", name)
    if sub in _EXPIRED:
        return Answer(Light.PASSED, "trust.expired", name)
    if sub in _STATUS_UNKNOWN:
        return Answer(Light.INDETERMINATE, "trust.status", name)
    if verdict.indication is Indication.TOTAL_PASSED:
        return Answer(Light.PASSED, "trust.yes", name)
    if verdict.signature.integrity is not True or any(not c.allowed for c in verdict.signature.changes):
        return Answer(
            Light.PASSED, "trust.leads", name
        )  # the procedure ended before all was asked of the chain
    return Answer(Light.INDETERMINATE, "trust.doubt", name)


def _when(verdict: SignatureVerdict, now: Instant) -> Answer:
    claimed, sub = verdict.signature.claimed_signing_time, verdict.sub_indication
    best = verdict.best_signature_time
    if verdict.signature.integrity is False:
        return Answer(Light.INDETERMINATE, "when.moot", claimed=claimed)
    if sub is SubIndication.REVOKED:
        return Answer(Light.FAILED, "when.after", claimed=claimed)
    if best is not None and best < now:
        key = "when.existed" if verdict.signature.stands_alone else "when.proven"
        return Answer(Light.PASSED, key, time=best)
    if sub in _EXPIRED:
        return Answer(Light.INDETERMINATE, "when.expiry", claimed=claimed)
    if sub in _REVOKED:
        return Answer(Light.INDETERMINATE, "when.revocation", claimed=claimed)
    light = Light.NEUTRAL if verdict.indication is Indication.TOTAL_PASSED else Light.INDETERMINATE
    return Answer(light, "when.unproven", claimed=claimed)
