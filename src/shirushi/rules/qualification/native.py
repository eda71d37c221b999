"""What a signature, seal or time-stamp is by the rules of the party that it comes from, at both times that count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shirushi.core.evidence import Certificate, Material, TimeStampEvidence
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.qualification import (
    CertificateQualification,
    Purpose,
    SignatureQualification,
    Step,
    TimeStampQualification,
)
from shirushi.core.reason import reason
from shirushi.core.recognition import NativeFinding, NativeQualification, Party, System, Treaty, TrustKind
from shirushi.core.verdict import Indication, SignatureVerdict
from shirushi.rules.equivalence.conditions import Facts
from shirushi.rules.qualification.bridge import bridged, crossing
from shirushi.rules.qualification.index import ServiceIndex
from shirushi.rules.qualification.scheme import listed, serving
from shirushi.rules.qualification.signature import qualify, qualify_time_stamp

SIGNATURES = (TrustKind.SIGNATURE, TrustKind.SEAL)
_UNTOLD = (SignatureQualification.UNKNOWN, SignatureQualification.INDETERMINATE_UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked about: the signature itself, or one of its time-stamps."""

    chain: tuple[Certificate, ...]
    at: Instant
    indication: Indication
    kinds: tuple[TrustKind, ...]
    subject: str = ""

    @property
    def issued(self) -> Instant:
        return self.chain[0].not_before


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the answer is drawn from."""

    verdict: SignatureVerdict
    bare: ServiceIndex
    material: Material
    now: Instant


def native_qualifications(
    verdict: SignatureVerdict, index: ServiceIndex, treaty: Treaty, material: Material, now: Instant
) -> Iterator[tuple[NativeQualification, Facts]]:
    """What the signature and each of its time-stamps are by the rules of every party whose services made them.

    `material` holds the chains' certificates. Agreements in lists of lists are set aside: a party's own rules know none.
    """
    bare = ServiceIndex(replace(each, agreement=None, carried_by="", rivals=()) for each in index.sources)
    ground = _Ground(verdict, bare, material, now)
    stamps = {each.id: each for each in verdict.signature.every_time_stamp}
    signed = verdict.signature.signing_certificate is not None and not verdict.signature.stands_alone
    if verdict.chain and signed:
        at = verdict.best_signature_time or now
        asked = _Asked(verdict.chain, at, verdict.indication, SIGNATURES)
        digests = frozenset(each.digest_algorithm for each in verdict.signature.references) - {None}
        facts = Facts(
            verdict.indication,
            at,
            verdict.chain[0],
            verdict.signature.signature_algorithm,
            frozenset(each for each in digests if each),
            verdict.level,
        )
        for party in treaty.parties:
            for found in _native(party, asked, ground):
                yield found, facts
    for stamp in verdict.time_stamps:
        evidence: TimeStampEvidence | None = stamps.get(stamp.id)
        if not stamp.chain or evidence is None:
            continue
        asked = _Asked(stamp.chain, stamp.gen_time, stamp.indication, (TrustKind.TIME_STAMP,), stamp.id)
        algorithm = evidence.signature.signature_algorithm
        facts = Facts(stamp.indication, stamp.gen_time, stamp.chain[0], algorithm)
        for party in treaty.parties:
            for found in _native(party, asked, ground):
                yield found, facts


def _native(party: Party, asked: _Asked, ground: _Ground) -> Iterator[NativeQualification]:
    """What it is by one party's rules; nothing where none of its services made it."""
    bare, material = ground.bare, ground.material
    if party.system is System.BRIDGE:
        if crossing(party, asked.chain) is not None:
            yield _combined(
                party,
                asked,
                *(bridged(party, asked.chain, asked.kinds, at, material) for at in _times(asked)),
            )
    elif any(serving(party, asked.chain, bare)):
        if party.system is System.SCHEME:
            yield _combined(
                party, asked, *(listed(party, asked.chain, asked.kinds, at, bare) for at in _times(asked))
            )
        elif asked.subject:
            yield _european_stamp(party, asked, bare)
        else:
            yield from _european(party, asked, ground)


def _times(asked: _Asked) -> tuple[Instant, Instant]:
    return asked.issued, asked.at


def _combined(party: Party, asked: _Asked, issued: NativeFinding, best: NativeFinding) -> NativeQualification:
    """What holds at both times; what is not valid is nothing, whatever lists say of its issuer."""
    steps = (*issued.steps, *best.steps)
    conclusion: str | None = best.conclusion if issued.conclusion == best.conclusion else ""
    if None in {issued.conclusion, best.conclusion}:
        conclusion = None
    elif issued.conclusion != best.conclusion:
        said = reason("NATIVE_CHANGED", issued=issued.conclusion or "-", best=best.conclusion or "-")
        steps = (*steps, Step(party.id, passed=False, reason=said))
    if asked.indication is Indication.TOTAL_FAILED:
        conclusion = ""
        steps = (*steps, Step("EN 319 102-1", passed=False, reason=reason("NATIVE_FAILED", party=party.id)))
    reached = next((each for each in party.conclusions if each.name == conclusion), None)
    kind = reached.kind if reached else asked.kinds[0]
    device = reached.device if reached else None
    return NativeQualification(party.id, kind, conclusion, device, issued, best, asked.subject, steps)


def _european(party: Party, asked: _Asked, ground: _Ground) -> Iterator[NativeQualification]:
    """ETSI TS 119 615 §4.6, over the party's own lists alone."""
    found = qualify(ground.verdict, _own(party, ground.bare), ground.now)
    if found is None:
        return
    issued, best = (_certificate(each) for each in (found.at_issuance, found.at_best_signature_time))
    told = found.conclusion not in _UNTOLD
    said = reason("NATIVE_EU", conclusion=found.conclusion.value)
    steps = (*issued.steps, *best.steps, Step("TS 119 615 §4.6", told or None, said))
    yield NativeQualification(
        party.id,
        TrustKind.SEAL if found.at_issuance.purpose is Purpose.SEAL else TrustKind.SIGNATURE,
        found.conclusion.value if told else None,
        found.at_best_signature_time.qscd,
        issued,
        best,
        asked.subject,
        steps,
    )


def _own(party: Party, bare: ServiceIndex) -> ServiceIndex:
    return ServiceIndex(each for each in bare.sources if each.trusted_list.territory in party.territories)


def _certificate(found: CertificateQualification) -> NativeFinding:
    words = None if found.qualified is None else ""
    if found.qualified:
        purpose = found.purpose.value if found.purpose else "?"
        words = f"qualified certificate ({purpose}{', qualified device' if found.qscd else ''})"
    said = reason("NATIVE_CERTIFICATE", at=rfc3339(found.at), conclusion=words or "-")
    step = Step("TS 119 615 §4.4", found.qualified, said)
    status = found.source.status if found.source else ""
    return NativeFinding(found.at, words, found.source, status, (*found.steps, step))


def _european_stamp(party: Party, asked: _Asked, bare: ServiceIndex) -> NativeQualification:
    """ETSI TS 119 615 §4.7, over the party's own lists alone."""
    own = _own(party, bare)
    issued, best = (_stamped(party, asked.chain, own, at) for at in _times(asked))
    conclusion = best.conclusion if asked.indication is Indication.TOTAL_PASSED else ""
    kind = TrustKind.TIME_STAMP
    return NativeQualification(party.id, kind, conclusion, None, issued, best, asked.subject, best.steps)


def _stamped(party: Party, chain: Sequence[Certificate], own: ServiceIndex, at: Instant) -> NativeFinding:
    kind, steps = qualify_time_stamp(chain, own, at)
    said = reason("NATIVE_EU", conclusion=kind.value)
    concluded = kind is TimeStampQualification.QTSA
    entry = next(serving(party, chain, own), None)
    source = entry.source_at(at) if entry else None
    step = Step("TS 119 615 §4.7", concluded, said)
    return NativeFinding(at, kind.value, source, source.status if source else "", (*steps, step))
