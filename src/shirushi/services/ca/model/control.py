"""Dual control: officers who decide together what an authority's key may do (EN 319 411-1 §6.5.1, §6.5.2)."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from enum import Enum

from shirushi.core.algorithms import KeyType, signature_algorithm
from shirushi.core.errors import ShirushiError
from shirushi.core.instant import Instant
from shirushi.core.primitives import verify
from shirushi.services.ca.model.authority import AuthorityDefinition

SHORTEST_PIN = 8
"""Characters of an officer's PIN or passphrase."""
OFFICER_KEY = KeyType.P_256
"""The type of the key with which an officer approves."""
PIN_ATTEMPTS = 5
"""So many wrong PINs in a row lock an officer out."""
MOST_HOURS = 24 * 366
_NAME = re.compile(r"[\w.@+-]{1,64}")


class ControlRefused(ShirushiError):
    """Officers, their number or the time of an activation are such as cannot be."""

    code = "CA_CONTROL_REFUSED"


class OfficerUnknown(ShirushiError):
    """Nobody of that name is an officer here, or of this authority."""

    code = "CA_OFFICER_UNKNOWN"


class OfficerExists(ShirushiError):
    """An officer of that name is enrolled already."""

    code = "CA_OFFICER_EXISTS"


class OfficerTwice(ShirushiError):
    """The officer has approved this already: one person is one voice."""

    code = "CA_OFFICER_TWICE"


class OfficerPinRejected(ShirushiError):
    """The officer's PIN is wrong; the attempt has been counted."""

    code = "CA_OFFICER_PIN_REJECTED"


class OfficerLocked(ShirushiError):
    """Too many wrong PINs: the officer is locked out."""

    code = "CA_OFFICER_LOCKED"


class OfficerNotLocked(ShirushiError):
    """The officer is not locked out: there is nothing to unlock."""

    code = "CA_OFFICER_NOT_LOCKED"


class ApprovalsMissing(ShirushiError):
    """Fewer officers have approved than must."""

    code = "CA_APPROVALS_MISSING"


class AuthorityNotActivated(ShirushiError):
    """The officers have not activated the authority's key, or its time is over."""

    code = "CA_NOT_ACTIVATED"


class MotionClosed(ShirushiError):
    """There is no such motion, or it was carried out, abandoned or has expired."""

    code = "CA_MOTION_CLOSED"


class CeremonyOpen(ShirushiError):
    """A ceremony for an authority of that name is under way."""

    code = "CA_CEREMONY_OPEN"


class MotionKind(Enum):
    """What officers decide upon."""

    CEREMONY = "ceremony"
    """To make an authority."""
    ACTIVATION = "activation"
    """To let an authority's key sign certificates and CRLs for a time."""
    UNLOCK = "unlock"
    """To let an officer try their PIN again who is locked out."""


class MotionState(Enum):
    """How far it has come."""

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who decides with others, by a key under a PIN of their own. `failures` are wrong PINs since a right one."""

    name: str
    key_label: str
    spki: bytes = field(repr=False)
    failures: int = 0

    @property
    def locked(self) -> bool:
        """Whether the officer may try no further PIN, until others unlock them."""
        return self.failures >= PIN_ATTEMPTS

    @property
    def digest(self) -> str:
        """The SHA-256 of the public key."""
        return hashlib.sha256(self.spki).hexdigest()


@dataclass(frozen=True, slots=True)
class Control:
    """How an authority is controlled: so many of these officers, for so many hours at a time."""

    officers: tuple[str, ...]
    needed: int
    hours: int

    def check(self) -> None:
        """Raise `ControlRefused` where it cannot be, or is no control."""
        if len(set(self.officers)) != len(self.officers) or not all(map(_NAME.fullmatch, self.officers)):
            raise ControlRefused(detail=", ".join(self.officers))
        if not 1 <= self.needed <= len(self.officers):
            raise ControlRefused(detail=f"{self.needed} / {len(self.officers)}")
        if not 1 <= self.hours <= MOST_HOURS:
            raise ControlRefused(detail=f"{self.hours} h")

    def without(self, name: str) -> Control:
        """How the other officers decide on one of them: as many as otherwise, or all where fewer are left.

        Raises `ControlRefused` where nobody is left.
        """
        others = tuple(each for each in self.officers if each != name)
        if not others:
            raise ControlRefused(detail=name)
        return Control(others, min(self.needed, len(others)), self.hours)


@dataclass(frozen=True, slots=True)
class Approval:
    """An officer's signature over a motion's statement."""

    officer: Officer
    at: Instant
    signature: bytes = field(repr=False)

    def covers(self, statement: str) -> bool:
        """Whether the officer signed this, under the key that the statement names."""
        named = json.loads(statement)["officers"].get(self.officer.name)
        algorithm = signature_algorithm(OFFICER_KEY)
        return named == self.officer.digest and verify(
            self.officer.spki, algorithm, self.signature, statement.encode()
        )


@dataclass(frozen=True, slots=True)
class Motion:
    """What officers decide upon: `statement` is what each of them signs.

    A ceremony has a definition, an activation an end; to unlock an officer, `unlocks` names them.
    """

    id: str
    kind: MotionKind
    authority: str
    statement: str
    control: Control
    state: MotionState
    opened_at: Instant
    expires_at: Instant | None = None
    definition: AuthorityDefinition | None = None
    issuer: str | None = None
    protocol: str | None = None
    approvals: tuple[Approval, ...] = ()

    @property
    def unlocks(self) -> str | None:
        """The officer whom it unlocks, as the statement names them."""
        name = json.loads(self.statement).get("unlocks")
        return str(name) if name is not None else None

    @property
    def approved_by(self) -> tuple[str, ...]:
        """The officers whose signatures stand, each once."""
        valid = {each.officer.name for each in self.approvals if each.covers(self.statement)}
        return tuple(name for name in self.control.officers if name in valid)

    @property
    def carried(self) -> bool:
        """Whether enough officers have approved."""
        return len(self.approved_by) >= self.control.needed


def statement_of(act: MotionKind, facts: dict[str, object], officers: tuple[Officer, ...]) -> str:
    """What is signed: plain JSON in one fixed form."""
    content = {"act": act.value, "officers": {each.name: each.digest for each in officers}, **facts}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
