"""Dual control: officers are enrolled, decide together, and only then a controlled authority's key signs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from shirushi.core.actor import Actor
from shirushi.core.algorithms import signature_algorithm
from shirushi.core.instant import rfc3339
from shirushi.ports.audit import AuditEvent
from shirushi.ports.keys import KeyExists, KeyUnknown, PinRejected
from shirushi.services.ca import store
from shirushi.services.ca.model import Authority, AuthorityDefinition, AuthorityExists, IssuedCertificate
from shirushi.services.ca.model.control import (
    OFFICER_KEY,
    PIN_ATTEMPTS,
    SHORTEST_PIN,
    ApprovalsMissing,
    CeremonyOpen,
    Control,
    ControlRefused,
    Motion,
    MotionClosed,
    MotionKind,
    MotionState,
    Officer,
    OfficerExists,
    OfficerLocked,
    OfficerNotLocked,
    OfficerPinRejected,
    OfficerTwice,
    OfficerUnknown,
    statement_of,
)
from shirushi.services.ca.model.protocol import protocol_text, signed_protocol
from shirushi.services.ca.service.establishing import Establishing
from shirushi.services.ca.service.register import Register
from shirushi.services.ca.store import control as control_store

CEREMONY_HOURS = 24 * 7
"""How long approvals of a ceremony are waited for, and those that unlock an officer."""


class Controlling:
    """Enrols officers, takes their approvals, carries out what enough of them approved."""

    def __init__(self, register: Register, establishing: Establishing) -> None:
        self._register = register
        self._establishing = establishing

    def enrol(self, actor: Actor, name: str, pin: str) -> Officer:
        """Make an officer's key, under a PIN that only they know."""
        Control((name,), 1, 1).check()
        if len(pin) < SHORTEST_PIN:
            raise ControlRefused(detail=f"PIN < {SHORTEST_PIN}")
        label = f"officer-{name}"
        try:
            key = self._register.keys.generate(label, OFFICER_KEY, pin)
        except KeyExists as error:
            raise OfficerExists(officer=name) from error
        officer = Officer(name, label, key.spki)
        try:
            with self._register.database.unit() as connection:
                control_store.add_officer(connection, officer)
                self._record(connection, actor, "ca.enrol_officer", name, key=officer.digest)
        except IntegrityError as error:
            raise OfficerExists(officer=name) from error
        return officer

    def officers(self) -> tuple[Officer, ...]:
        """All officers."""
        with self._register.database.reading() as connection:
            return tuple(control_store.officers(connection).values())

    def begin_ceremony(
        self, actor: Actor, definition: AuthorityDefinition, issuer: str | None, control: Control
    ) -> Motion:
        """Open the motion to make an authority."""
        definition.check()
        control.check()
        above = self._register.authority(issuer).name if issuer else None
        with self._register.database.unit() as connection:
            control_store.hold_motions(connection, definition.name)
            known = self._known(connection, control)
            if control_store.motions(connection, definition.name, MotionKind.CEREMONY):
                raise CeremonyOpen(name=definition.name)
            if any(row.definition.name == definition.name for row in store.authorities(connection)):
                raise AuthorityExists(name=definition.name)
            motion = self._motion(
                MotionKind.CEREMONY,
                control,
                known,
                authority=definition.name,
                hours=CEREMONY_HOURS,
                definition=definition,
                issuer=above,
            )
            control_store.open_motion(connection, motion)
            self._record(connection, actor, "ca.begin_ceremony", definition.name, motion=motion.id)
        return motion

    def open_activation(self, actor: Actor, authority: str, hours: int | None) -> Motion:
        """Open the motion to activate an authority's key; one that waits for approvals is taken up again."""
        name = self._register.authority(authority).name
        control = self._register.control(name)
        if control is None:
            raise ControlRefused(detail=name)
        hours = min(hours or control.hours, control.hours)
        now = self._register.clock.now()
        with self._register.database.unit() as connection:
            control_store.hold_motions(connection, name)
            for motion in control_store.motions(connection, name, MotionKind.ACTIVATION):
                if not motion.carried and motion.expires_at and motion.expires_at > now:
                    return motion
            known = self._known(connection, control)
            motion = self._motion(MotionKind.ACTIVATION, control, known, authority=name, hours=hours)
            control_store.open_motion(connection, motion)
            self._record(connection, actor, "ca.open_activation", name, motion=motion.id, hours=hours)
        return motion

    def open_unlock(self, actor: Actor, authority: str, name: str) -> Motion:
        """Open the motion to unlock an officer of an authority, or of a ceremony under way; one that waits goes on."""
        now = self._register.clock.now()
        with self._register.database.unit() as connection:
            control_store.hold_motions(connection, authority)
            locked, control = self._locked(connection, authority, name)
            for motion in control_store.motions(connection, authority, MotionKind.UNLOCK):
                if motion.unlocks == name and not motion.carried and (motion.expires_at or now) > now:
                    return motion
            known = self._known(connection, control)
            motion = self._motion(
                MotionKind.UNLOCK, control, known, authority=authority, hours=CEREMONY_HOURS, unlocks=locked
            )
            control_store.open_motion(connection, motion)
            self._record(connection, actor, "ca.open_unlock", name, motion=motion.id)
        return motion

    def _locked(self, connection: Connection, authority: str, name: str) -> tuple[Officer, Control]:
        """An officer who is locked out, and how the others decide."""
        begun = control_store.controls(connection, authority)
        ceremonies = control_store.motions(connection, authority, MotionKind.CEREMONY)
        control = begun[0] if begun else next((each.control for each in ceremonies), None)
        if control is None:
            raise ControlRefused(detail=self._register.authority(authority).name)
        if name not in control.officers:
            raise OfficerUnknown(officer=name, known=", ".join(control.officers))
        officer = control_store.officers(connection)[name]
        if not officer.locked:
            raise OfficerNotLocked(officer=name)
        return officer, control.without(name)

    def approve(self, actor: Actor, motion_id: str, name: str, pin: str) -> Motion:
        """Take an officer's approval, signed under their PIN. An attempt is counted before the PIN is tried.

        The approval with which a motion to unlock an officer is carried unlocks them in the same unit.
        """
        with self._register.database.unit() as connection:
            motion = self._open_motion(connection, motion_id)
            if name not in motion.control.officers:
                raise OfficerUnknown(officer=name, known=", ".join(motion.control.officers))
            if name in {each.officer.name for each in motion.approvals}:
                raise OfficerTwice(officer=name, name=motion.authority)
            officer = control_store.officers(connection)[name]
            failures = control_store.count_attempt(connection, name)
        if failures > PIN_ATTEMPTS:
            raise OfficerLocked(officer=name)
        try:
            signer = self._register.keys.signer(officer.key_label, pin)
            value = signer.sign(motion.statement.encode(), signature_algorithm(OFFICER_KEY))
        except PinRejected:
            with self._register.database.unit() as connection:
                self._record(connection, actor, "ca.approve", name, outcome="refused", motion=motion_id)
            raise OfficerPinRejected(officer=name, remaining=PIN_ATTEMPTS - failures) from None
        try:
            with self._register.database.unit() as connection:
                self._open_motion(connection, motion_id)
                control_store.forgive(connection, name)
                control_store.approve(connection, motion_id, name, self._register.clock.now(), value)
                self._record(connection, actor, "ca.approve", name, motion=motion_id)
                self._unlock(connection, actor, motion_id)
        except IntegrityError as error:
            raise OfficerTwice(officer=name, name=motion.authority) from error
        return self.motion(motion_id)

    def _unlock(self, connection: Connection, actor: Actor, motion_id: str) -> None:
        """Unlock the officer whom a motion names, if it is one to unlock and enough have approved."""
        motion = self._undecided(connection, motion_id)
        if motion.unlocks is None or not motion.carried:
            return
        control_store.forgive(connection, motion.unlocks)
        control_store.settle_motion(connection, motion_id, MotionState.DONE)
        self._record(connection, actor, "ca.unlock_officer", motion.unlocks, motion=motion_id)

    def motion(self, motion_id: str) -> Motion:
        """The motion as it stands; raises `MotionClosed` where there is none."""
        with self._register.database.reading() as connection:
            found = control_store.find_motion(connection, motion_id)
        if found is None:
            raise MotionClosed(motion=motion_id)
        return found

    def open_ceremony(self, authority: str) -> Motion | None:
        """The ceremony for an authority that is under way, or None."""
        with self._register.database.reading() as connection:
            return next(iter(control_store.motions(connection, authority, MotionKind.CEREMONY)), None)

    def complete_ceremony(self, actor: Actor, motion_id: str) -> Motion:
        """Make the authority that enough officers approved, and the protocol. What was interrupted is taken up again."""
        with self._register.database.reading() as connection:
            motion = self._undecided(connection, motion_id)
            begun = control_store.controls(connection, motion.authority)
            if begun is None:
                self._open_motion(connection, motion_id)
        if not motion.carried or motion.definition is None:
            raise ApprovalsMissing(
                name=motion.authority, given=len(motion.approved_by), needed=motion.control.needed
            )
        definition = motion.definition
        if begun is None:

            def controlled(connection: Connection, made: IssuedCertificate) -> None:  # noqa: ARG001  its own row is enough
                control_store.set_control(connection, definition.name, motion.control, motion.id)

            self._establishing.authority(actor, definition, motion.issuer, controlled)
        authority = self._register.authority(definition.name)
        protocol = self._protocol(motion, authority)
        with self._register.database.unit() as connection:
            control_store.settle_motion(connection, motion_id, MotionState.DONE, protocol)
            certificate = authority.certificate.id
            self._record(
                connection,
                actor,
                "ca.complete_ceremony",
                authority.name,
                motion=motion_id,
                certificate=certificate,
            )
        return self.motion(motion_id)

    def close(self, actor: Actor, motion_id: str) -> None:
        """Abandon a ceremony with all that it began, or end an activation."""
        with self._register.database.unit() as connection:
            motion = self._undecided(connection, motion_id)
            control_store.hold_motions(connection, motion.authority)
            ceremony = motion.kind is MotionKind.CEREMONY
            if ceremony and control_store.controls(connection, motion.authority):
                raise MotionClosed(motion=motion_id)  # the authority stands: it can only be completed
            label = store.forget_authority(connection, motion.authority) if ceremony else None
            control_store.settle_motion(connection, motion_id, MotionState.CLOSED)
            act = "ca.abandon_ceremony" if ceremony else "ca.deactivate"
            self._record(connection, actor, act, motion.authority, motion=motion_id)
        if label is not None and motion.definition is not None and motion.definition.key_label is None:
            with suppress(KeyUnknown):
                self._register.keys.destroy(label)

    def deactivate(self, actor: Actor, authority: str) -> None:
        """End every activation of an authority's key, and every motion to activate it."""
        with self._register.database.reading() as connection:
            found = control_store.motions(connection, authority, MotionKind.ACTIVATION)
        for motion in found:
            self.close(actor, motion.id)

    def _protocol(self, motion: Motion, authority: Authority) -> str:
        text = protocol_text(motion, authority)
        signer = self._register.keys.signer(authority.key_label)
        return signed_protocol(text, signer.sign(text, authority.definition.algorithm))

    def _motion(
        self,
        kind: MotionKind,
        control: Control,
        officers: tuple[Officer, ...],
        *,
        authority: str,
        hours: int,
        definition: AuthorityDefinition | None = None,
        issuer: str | None = None,
        unlocks: Officer | None = None,
    ) -> Motion:
        now = self._register.clock.now()
        end = now + timedelta(hours=hours)
        id_ = self._register.entropy.bytes(16).hex()
        facts: dict[str, object] = {
            "motion": id_,
            "authority": authority,
            "needed": control.needed,
            "hours": control.hours,
            "from": rfc3339(now),
            "until": rfc3339(end),
        }
        if definition is not None:
            facts |= {
                "subject": definition.subject.text,
                "subject_der": definition.subject.encode().hex(),
                "key_type": definition.key_type.value,
                "issuer": issuer or authority,
                "definition": asdict(definition),
            }
        if unlocks is not None:
            facts |= {"unlocks": unlocks.name, "key": unlocks.digest}
        statement = statement_of(kind, facts, officers)
        return Motion(
            id_, kind, authority, statement, control, MotionState.OPEN, now, end, definition, issuer
        )

    def _known(self, connection: Connection, control: Control) -> tuple[Officer, ...]:
        known = control_store.officers(connection)
        for name in control.officers:
            if name not in known:
                raise OfficerUnknown(officer=name, known=", ".join(known) or "-")
        return tuple(known[name] for name in control.officers)

    def _open_motion(self, connection: Connection, motion_id: str) -> Motion:
        motion = self._undecided(connection, motion_id)
        if motion.expires_at and motion.expires_at < self._register.clock.now():
            raise MotionClosed(motion=motion_id)
        return motion

    @staticmethod
    def _undecided(connection: Connection, motion_id: str) -> Motion:
        """The motion, whether its time is over or not."""
        motion = control_store.find_motion(connection, motion_id)
        if motion is None or motion.state is not MotionState.OPEN:
            raise MotionClosed(motion=motion_id)
        return motion

    def _record(
        self,
        connection: Connection,
        actor: Actor,
        action: str,
        subject: str,
        outcome: str = "done",
        **detail: str | int,
    ) -> None:
        self._register.audit.record(connection, actor, AuditEvent(action, subject, outcome, detail))
