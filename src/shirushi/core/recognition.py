"""Graded mutual recognition as data: what one party's conclusion counts as with another, under which agreement.

It goes beyond the Commission's extension (`core.agreement`), which knows only whether a service counts: here an
agreement says at which level, on what conditions, and from when until when.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from shirushi.core.algorithms import KeyKind
from shirushi.core.catalogue import Language
from shirushi.core.evidence import Level
from shirushi.core.instant import Instant
from shirushi.core.qualification import ServiceSource, Step
from shirushi.core.reason import Reason
from shirushi.core.verdict import Indication


class TrustKind(Enum):
    """What is asked about."""

    SIGNATURE = "signature"
    SEAL = "seal"
    TIME_STAMP = "time-stamp"


class System(Enum):
    """By what rules a party's own conclusion is reached."""

    EU = "eu"
    """Trusted lists and certificates as ETSI TS 119 615 reads them."""
    SCHEME = "scheme"
    """A trusted list with types and statuses of the party's own, which its conclusions name."""
    BRIDGE = "bridge"
    """Certificate policies on a path over a cross-certificate (RFC 5280 §6.1, policy mapping)."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in both languages."""

    en: str
    ja: str

    def text(self, language: Language) -> str:
        """The text in `language`."""
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One thing that a party's own rules can conclude, and what it takes. Empty sets ask for nothing.

    `policies` are the party's certificate policies, of which the certificate asserts one. `mapped` are policies in the
    terms of the own root, one of which must hold for the whole path: for bridges alone. `title` is what people call it.
    """

    name: str
    kind: TrustKind
    service_types: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    mapped: frozenset[str] = frozenset()
    device: bool = False
    """Whether keys of this conclusion lie in a certified device by the party's own rules."""
    title: Wording | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Whose trust services they are. `territories` are the lists that speak for it.

    `bridges` are the names (RFC 4514) of authorities that the own root cross-certified and that lead to the party.
    """

    id: str
    name: Wording
    legislation: Wording
    system: System
    territories: frozenset[str] = frozenset()
    bridges: frozenset[str] = frozenset()
    conclusions: tuple[Conclusion, ...] = ()


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must hold besides the native conclusion. None and empty sets ask for nothing."""

    indications: frozenset[Indication] = frozenset({Indication.TOTAL_PASSED})
    device: bool | None = None
    algorithms: str = ""
    """The name of the dated catalogue that must list algorithm and key at best signature time."""
    statuses: frozenset[str] = frozenset()
    """Native statuses, at both times."""
    kinds: frozenset[TrustKind] = frozenset()
    keys: frozenset[KeyKind] = frozenset()
    level: Level | None = None
    """The lowest baseline level."""
    certificate_days: int = 0
    """For how many days the certificate was still valid at best signature time, at least."""
    algorithm_days: int = 0
    """For how many days the catalogue still vouched for the algorithm at best signature time, at least."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A service of the recognising party and its level there, such as ("e-seal", "2")."""

    service: str
    level: str = ""

    def __str__(self) -> str:
        return f"{self.service} level {self.level}" if self.level else self.service


@dataclass(frozen=True, slots=True)
class Pair:
    """`native` conclusions of `origin` count as `grade` with `recognising`. A lower `rank` comes first."""

    id: str
    rank: int
    origin: str
    recognising: str
    native: frozenset[str]
    grade: Grade
    conditions: Conditions = Conditions()


class Standing(Enum):
    """Whether an agreement counts at a time."""

    IN_FORCE = "in force"
    NOT_YET = "not yet in force"
    EXPIRED = "expired"
    REPEALED = "repealed"


@dataclass(frozen=True, slots=True)
class RecognitionAgreement:
    """An agreement between two parties, with its legal basis; in force from `valid_from` until an end, if it has one.

    `digest` is the SHA-256 of the file that it was read from, hexadecimal.
    """

    id: str
    parties: tuple[str, str]
    legal_basis: Wording
    valid_from: Instant
    pairs: tuple[Pair, ...]
    valid_until: Instant | None = None
    repealed_at: Instant | None = None
    fictitious: bool = False
    digest: str = field(default="", compare=False)

    def standing(self, at: Instant) -> Standing:
        """Whether it counts at `at`; its ends are exclusive, and a repeal that came first is what ended it."""
        if at < self.valid_from:
            return Standing.NOT_YET
        if self.repealed_at is not None and at >= self.repealed_at:
            return Standing.REPEALED
        if self.valid_until is not None and at >= self.valid_until:
            return Standing.EXPIRED
        return Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Treaty:
    """Every party and every agreement that is known, each id once."""

    parties: tuple[Party, ...] = ()
    agreements: tuple[RecognitionAgreement, ...] = ()

    def party(self, id_: str) -> Party | None:
        """The party of that id."""
        return next((each for each in self.parties if each.id == id_), None)


@dataclass(frozen=True, slots=True)
class NativeFinding:
    """What the party's own rules conclude at one time. `conclusion` empty: nothing; None: it cannot be told."""

    at: Instant
    conclusion: str | None
    source: ServiceSource | None = None
    status: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class NativeQualification:
    """What a signature, seal or time-stamp is by the rules of the party that it comes from.

    `subject` is empty for the signature itself, else the id of its time-stamp. `conclusion` combines both times.
    """

    party: str
    kind: TrustKind
    conclusion: str | None
    device: bool | None
    at_issuance: NativeFinding
    at_best_signature_time: NativeFinding
    subject: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def snapshots(self) -> frozenset[str]:
        """The digests of the lists that it rests on."""
        sources = (self.at_issuance.source, self.at_best_signature_time.source)
        return frozenset().union(*(each.snapshots for each in sources if each))


class EquivalenceVerdict(Enum):
    """The answer to "is it equivalent to ours?"."""

    EQUIVALENT = "equivalent"
    NOT_EQUIVALENT = "not equivalent"
    UNDECIDED = "undecided"
    """Lists, rules or agreements contradict one another: the reasons name which."""


@dataclass(frozen=True, slots=True)
class Equivalence:
    """The answer for one signature, seal or time-stamp, and everything that it rests on.

    `grade` is set where the verdict is EQUIVALENT; `agreements` then granted it, by the pairs in `rules`.
    `alternatives` are exchanges of one input that lead to another answer.
    """

    verdict: EquivalenceVerdict
    native: NativeQualification
    recognising: str
    at: Instant
    """Best signature time: the time at which agreements count."""
    grade: Grade | None = None
    agreements: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    snapshots: tuple[str, ...] = ()
    """SHA-256 digests of the lists and agreements that it rests on, sorted."""
    alternatives: tuple[tuple[Reason, EquivalenceVerdict, Grade | None], ...] = ()
