"""Officers and what they decide: ceremonies, activations of authorities under dual control, officers to unlock."""

from __future__ import annotations

from shirushi.core.actor import Actor, Role
from shirushi.services.ca.model import AuthorityDefinition
from shirushi.services.ca.model.control import Control, Motion, Officer
from shirushi.services.ca.service.controlling import Controlling
from shirushi.services.ca.service.permitting import LOOKERS, Permitting


class Ceremonies(Permitting):
    """The use cases of dual control."""

    _controlling: Controlling

    def enrol_officer(self, actor: Actor, name: str, pin: str) -> Officer:
        """Enrol an officer, whose key approves under a PIN that only they know.

        Raises `OfficerExists`, `ControlRefused` for a PIN of fewer than 8 characters.
        """
        self._permit(actor, "ca.enrol_officer", name, Role.OPERATOR)
        return self._controlling.enrol(actor, name, pin)

    def officers(self, actor: Actor) -> tuple[Officer, ...]:
        """All officers."""
        self._permit(actor, "ca.officers", "*", *LOOKERS)
        return self._controlling.officers()

    def begin_ceremony(
        self, actor: Actor, definition: AuthorityDefinition, control: Control, issuer: str | None = None
    ) -> Motion:
        """Open the ceremony that makes an authority under dual control; nothing is made before enough officers approve.

        Raises `DefinitionRefused`, `ControlRefused`, `OfficerUnknown`, `CeremonyOpen`, `AuthorityExists`.
        """
        self._permit(actor, "ca.begin_ceremony", definition.name, Role.OPERATOR)
        return self._controlling.begin_ceremony(actor, definition, issuer, control)

    def open_ceremony(self, actor: Actor, authority: str) -> Motion | None:
        """The ceremony for an authority that is under way, or None."""
        self._permit(actor, "ca.open_ceremony", authority, *LOOKERS)
        return self._controlling.open_ceremony(authority)

    def complete_ceremony(self, actor: Actor, motion: str) -> Motion:
        """Make key, certificate and protocol; what an interruption left half done is taken up again.

        Raises `ApprovalsMissing`, `MotionClosed`, and as `establish_root` and `establish_issuing`.
        """
        self._permit(actor, "ca.complete_ceremony", motion, Role.OPERATOR)
        return self._controlling.complete_ceremony(actor, motion)

    def abandon_ceremony(self, actor: Actor, motion: str) -> None:
        """End a ceremony whose authority does not stand yet; a key that it made is destroyed. Raises `MotionClosed`."""
        self._permit(actor, "ca.abandon_ceremony", motion, Role.OPERATOR)
        self._controlling.close(actor, motion)

    def open_activation(self, actor: Actor, authority: str, hours: int | None = None) -> Motion:
        """Ask the officers to let an authority's key sign certificates and CRLs, for so many hours at most.

        Raises `AuthorityUnknown`, `ControlRefused` where the authority is exempt.
        """
        self._permit(actor, "ca.open_activation", authority, Role.OPERATOR)
        return self._controlling.open_activation(actor, authority, hours)

    def approve(self, actor: Actor, motion: str, officer: str, pin: str) -> Motion:
        """Take an officer's approval; the motion as it stands then.

        Raises `MotionClosed`, `OfficerUnknown`, `OfficerTwice`, `OfficerPinRejected` (counted durably before the PIN is
        tried), `OfficerLocked`.
        """
        self._permit(actor, "ca.approve", officer, Role.OPERATOR)
        return self._controlling.approve(actor, motion, officer, pin)

    def open_unlock(self, actor: Actor, authority: str, officer: str) -> Motion:
        """Ask the other officers of an authority to let one try their PIN again who is locked out.

        As many must approve as otherwise, or all where fewer are left; with the last approval the officer is unlocked.
        Raises `AuthorityUnknown`, `OfficerUnknown`, `OfficerNotLocked`, `ControlRefused` where the authority is exempt or
        nobody else is left.
        """
        self._permit(actor, "ca.open_unlock", officer, Role.OPERATOR)
        return self._controlling.open_unlock(actor, authority, officer)

    def deactivate(self, actor: Actor, authority: str) -> None:
        """Let an authority's key sign no more, until its officers activate it again."""
        self._permit(actor, "ca.deactivate", authority, Role.OPERATOR)
        self._controlling.deactivate(actor, self._register.authority(authority).name)
