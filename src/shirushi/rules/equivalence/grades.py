"""Whether a foreign signature, seal or time-stamp is equivalent to one of ours, and at which level.

Agreements count at best signature time. Of the pairs that name the native conclusion and whose conditions hold, those
of the lowest rank speak; where they differ, or where several agreements do, nothing is decided and the reason names them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shirushi.core.instant import rfc3339
from shirushi.core.qualification import Step
from shirushi.core.reason import Reason, reason
from shirushi.core.recognition import (
    Conditions,
    Equivalence,
    EquivalenceVerdict,
    Grade,
    NativeQualification,
    Pair,
    RecognitionAgreement,
    Standing,
    Treaty,
)
from shirushi.rules.equivalence.conditions import Facts, findings, without

_CODES = {
    Standing.IN_FORCE: "EQUIVALENCE_IN_FORCE",
    Standing.NOT_YET: "EQUIVALENCE_NOT_YET",
    Standing.EXPIRED: "EQUIVALENCE_EXPIRED",
    Standing.REPEALED: "EQUIVALENCE_REPEALED",
}


def grade(native: NativeQualification, facts: Facts, treaty: Treaty, recognising: str) -> Equivalence:
    """The answer of the party `recognising`, with every step, and what would have changed it."""
    answer = _answer(native, facts, treaty, recognising)
    found = []
    for said, changed, other in _exchanged(answer, facts, treaty):
        result = _answer(changed, facts, other, recognising)
        if (result.verdict, result.grade) != (answer.verdict, answer.grade):
            found.append((said, result.verdict, result.grade))
    return replace(answer, alternatives=tuple(dict.fromkeys(found)))


@dataclass(frozen=True, slots=True)
class _Opinion:
    """What one agreement that is in force says: the pairs of the lowest rank that apply."""

    agreement: RecognitionAgreement
    pairs: tuple[Pair, ...]

    @property
    def grades(self) -> frozenset[Grade]:
        return frozenset(each.grade for each in self.pairs)


def _answer(native: NativeQualification, facts: Facts, treaty: Treaty, recognising: str) -> Equivalence:
    steps = list(native.steps)
    between = list(_between(treaty, native.party, recognising))
    base = Equivalence(
        EquivalenceVerdict.NOT_EQUIVALENT,
        native,
        recognising,
        facts.at,
        snapshots=tuple(sorted(native.snapshots | {each.digest for each in between if each.digest})),
    )
    if not between:
        said = reason("EQUIVALENCE_NO_AGREEMENT", origin=native.party, recognising=recognising)
        steps.append(Step("agreement", passed=False, reason=said))
    opinions = []
    for agreement in between:
        steps.append(_standing(agreement, facts))
        if agreement.standing(facts.at) is Standing.IN_FORCE:
            opinions.append(_Opinion(agreement, _speaking(agreement, native, facts, recognising, steps)))
    if native.conclusion is None:
        return replace(base, verdict=EquivalenceVerdict.UNDECIDED, steps=tuple(steps))
    granting = [each for each in opinions if each.pairs]
    torn = [each for each in granting if len(each.grades) > 1]
    for each in torn:
        pairs = ", ".join(pair.id for pair in each.pairs)
        said = reason(
            "EQUIVALENCE_PAIRS_AMBIGUOUS", agreement=each.agreement.id, rank=each.pairs[0].rank, pairs=pairs
        )
        steps.append(Step(_clause(each.agreement), None, said))
    grades = frozenset().union(*(each.grades for each in granting))
    if not torn and len(grades) > 1:
        names = ", ".join(each.agreement.id for each in granting)
        steps.append(Step("agreement", None, reason("EQUIVALENCE_AGREEMENTS_CONFLICT", agreements=names)))
    if len(grades) > 1:
        return replace(base, verdict=EquivalenceVerdict.UNDECIDED, steps=tuple(steps))
    if not grades:
        return replace(base, steps=tuple(steps))
    return replace(
        base,
        verdict=EquivalenceVerdict.EQUIVALENT,
        grade=next(iter(grades)),
        agreements=tuple(each.agreement.id for each in granting),
        rules=tuple(pair.id for each in granting for pair in each.pairs),
        steps=tuple(steps),
    )


def _between(treaty: Treaty, origin: str, recognising: str) -> Iterator[RecognitionAgreement]:
    for agreement in treaty.agreements:
        if any((each.origin, each.recognising) == (origin, recognising) for each in agreement.pairs):
            yield agreement


def _clause(agreement: RecognitionAgreement, pair: Pair | None = None) -> str:
    return f"{agreement.id} · {pair.id}" if pair else agreement.id


def _standing(agreement: RecognitionAgreement, facts: Facts) -> Step:
    standing = agreement.standing(facts.at)
    names: dict[str, str] = {"agreement": agreement.id, "at": rfc3339(facts.at)}
    boundary = {
        Standing.NOT_YET: agreement.valid_from,
        Standing.EXPIRED: agreement.valid_until,
        Standing.REPEALED: agreement.repealed_at,
    }.get(standing)
    if boundary is not None:
        names["boundary"] = rfc3339(boundary)
    return Step(_clause(agreement), standing is Standing.IN_FORCE, reason(_CODES[standing], **names))


def _speaking(
    agreement: RecognitionAgreement,
    native: NativeQualification,
    facts: Facts,
    recognising: str,
    steps: list[Step],
) -> tuple[Pair, ...]:
    """The pairs of the lowest rank that apply; `steps` take each condition, met or not."""
    naming = [
        each
        for each in agreement.pairs
        if (each.origin, each.recognising) == (native.party, recognising) and native.conclusion in each.native
    ]
    if not naming:
        said = reason("EQUIVALENCE_NO_PAIR", agreement=agreement.id, native=native.conclusion or "-")
        steps.append(Step(_clause(agreement), passed=False, reason=said))
    applying = []
    for pair in naming:
        checked = list(findings(pair.conditions, native, facts))
        for each in checked:
            said = reason(
                "EQUIVALENCE_CONDITION",
                pair=pair.id,
                condition=each.condition,
                wanted=each.wanted,
                found=each.found,
            )
            steps.append(Step(_clause(agreement, pair), each.met, said))
        if all(each.met for each in checked):
            applying.append(pair)
    lowest = min((each.rank for each in applying), default=0)
    speaking = tuple(each for each in applying if each.rank == lowest)
    for pair in speaking:
        said = reason("EQUIVALENCE_PAIR", pair=pair.id, rank=pair.rank, grade=pair.grade)
        steps.append(Step(_clause(agreement, pair), passed=True, reason=said))
    return speaking


def _exchanged(
    answer: Equivalence, facts: Facts, treaty: Treaty
) -> Iterator[tuple[Reason, NativeQualification, Treaty]]:
    """The same question with one input exchanged."""
    native = answer.native
    for agreement in _between(treaty, native.party, answer.recognising):
        if agreement.standing(facts.at) is Standing.IN_FORCE:
            rest = tuple(each for each in treaty.agreements if each is not agreement)
            said = reason("ALTERNATIVE_WITHOUT_AGREEMENT", agreement=agreement.id)
            yield said, native, replace(treaty, agreements=rest)
        else:
            lasting = replace(agreement, valid_from=facts.at, valid_until=None, repealed_at=None)
            said = reason("ALTERNATIVE_IN_FORCE", agreement=agreement.id)
            yield said, native, _with(treaty, agreement, lasting)
        for pair in agreement.pairs:
            if (pair.origin, pair.recognising) != (native.party, answer.recognising):
                continue
            if native.conclusion in pair.native:
                for each in _unmet(pair.conditions, native, facts):
                    relaxed = tuple(without(p, each) if p is pair else p for p in agreement.pairs)
                    said = reason("ALTERNATIVE_CONDITION", pair=pair.id, condition=each)
                    yield said, native, _with(treaty, agreement, replace(agreement, pairs=relaxed))
            else:
                yield from _other_conclusions(pair, native, treaty)


def _unmet(conditions: Conditions, native: NativeQualification, facts: Facts) -> list[str]:
    return [each.condition for each in findings(conditions, native, facts) if not each.met]


def _other_conclusions(
    pair: Pair, native: NativeQualification, treaty: Treaty
) -> Iterator[tuple[Reason, NativeQualification, Treaty]]:
    """The native conclusions of the same kind that the pair names, in the place of the one that was reached."""
    party = treaty.party(native.party)
    for conclusion in party.conclusions if party else ():
        if conclusion.name in pair.native and conclusion.kind is native.kind:
            said = reason("ALTERNATIVE_NATIVE", party=native.party, conclusion=conclusion.name)
            yield said, replace(native, conclusion=conclusion.name, device=conclusion.device), treaty


def _with(treaty: Treaty, old: RecognitionAgreement, new: RecognitionAgreement) -> Treaty:
    return replace(treaty, agreements=tuple(new if each is old else each for each in treaty.agreements))
