"""Certification requests of subjects: taken in, approved or refused, and issued from."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection

from shirushi.core.actor import Actor, Role
from shirushi.core.errors import NotPermitted, ShirushiError
from shirushi.core.evidence import RevocationReason
from shirushi.ports.audit import AuditEvent
from shirushi.services.ca import store as certificates
from shirushi.services.ca.model import (
    CertificateRequest,
    CertificateUnknown,
    IssuedCertificate,
    ProfileKind,
    ProfileRefused,
    SubjectKeyReused,
    profile,
)
from shirushi.services.ca.model.compromised import CompromisedKeys
from shirushi.services.ca.model.refusals import (
    RequestDecided,
    RequestOwn,
    RequestUnknown,
    SubjectKeyCompromised,
)
from shirushi.services.ca.model.subject_request import (
    ProvenRequest,
    RequestState,
    WaitingRequest,
    check_renewable,
    prove,
    renewed,
)
from shirushi.services.ca.service.authority import CertificateAuthority
from shirushi.services.ca.store import enrolment as store

_APPLICANTS = (Role.OPERATOR, Role.CLIENT, Role.SIGNER)
_AT_ONCE = 100
LONGEST_REMARK = 500


class Requests:
    """Takes requests in, has them decided, and issues from what was approved. Thread-safe.

    What is refused for what it says leaves an audit row and nothing else. A request is checked again when it is issued.
    """

    def __init__(self, ca: CertificateAuthority, compromised: CompromisedKeys) -> None:
        self._ca = ca
        self._compromised = compromised

    def submit(self, actor: Actor, authority: str, profile_name: str, data: bytes) -> WaitingRequest:
        """Take in a request, in PEM or DER. Raises as `prove`, `SubjectKeyReused`, `AuthorityUnknown`, `ProfileRefused`."""
        self._permit(actor, "ca.request", *_APPLICANTS)
        return self._take(actor, self._ca.register.authority(authority).name, profile_name, data)

    def submit_renewal(self, actor: Actor, serial_number: int, data: bytes) -> WaitingRequest:
        """Take in a request for another certificate in the place of one, for its key (renewal) or for another (rekey).

        It waits for approval as any other, and for other eyes where the profile demands four. Whether the old certificate
        is revoked then, is for its subscriber to say. Raises as `submit`, `CertificateUnknown`, `RenewalRefused`.
        """
        self._permit(actor, "ca.request", *_APPLICANTS)
        found = self._issued(serial_number)
        return self._take(actor, found.authority, found.profile, data, serial_number)

    def _take(
        self, actor: Actor, name: str, profile_name: str, data: bytes, renews: int | None = None
    ) -> WaitingRequest:
        register = self._ca.register
        try:
            proven = self.proven(profile_name, data, renews)
        except ShirushiError as error:
            with register.database.unit() as connection:
                event = AuditEvent("ca.request", name, "refused", {"cause": error.code})
                register.audit.record(connection, actor, event)
            raise
        made = WaitingRequest(
            register.entropy.bytes(16).hex(),
            name,
            profile_name,
            proven.subject.text,
            proven.request.der,
            RequestState.WAITING,
            actor.id,
            register.clock.now(),
            renews=renews,
        )
        detail = {"authority": name, "profile": profile_name}
        if renews is not None:
            detail["renews"] = f"{renews:x}"
        with register.database.unit() as connection:
            store.add_request(connection, made)
            register.audit.record(connection, actor, AuditEvent("ca.request", made.id, detail=detail))
        return made

    def list_(self, actor: Actor, state: RequestState | None = None) -> list[WaitingRequest]:
        """The requests that came last."""
        self._permit(actor, "ca.requests", Role.OPERATOR, Role.AUDITOR)
        with self._ca.register.database.reading() as connection:
            return store.requests(connection, _AT_ONCE, state)

    def get(self, actor: Actor, id_: str) -> WaitingRequest:
        """The request of that number; who made it may look as well. Raises `RequestUnknown`."""
        with self._ca.register.database.reading() as connection:
            found = store.find_request(connection, id_)
        if found is None or not (
            actor.id == found.submitted_by or actor.has(Role.OPERATOR, Role.AUDITOR, Role.SERVICE)
        ):
            raise RequestUnknown(id=id_)
        return found

    def of_certificate(self, actor: Actor, serial_number: int) -> WaitingRequest | None:
        """The request from which a certificate was issued; None for one that was issued otherwise."""
        self._permit(actor, "ca.requests", Role.OPERATOR, Role.AUDITOR)
        with self._ca.register.database.reading() as connection:
            return store.request_of(connection, serial_number)

    def decide(self, actor: Actor, id_: str, *, approve: bool, remark: str = "") -> WaitingRequest:
        """Approve a request, or refuse it; `remark` says why, in 500 characters. Raises `RequestUnknown`, `RequestDecided`.

        Where the profile demands four eyes, nobody approves what they asked for themselves: `RequestOwn`.
        """
        self._permit(actor, "ca.decide", Role.OPERATOR)
        found = self.get(actor, id_)
        if approve and profile(found.profile).four_eyes and actor.id == found.submitted_by:
            raise RequestOwn(id=id_)
        after = RequestState.APPROVED if approve else RequestState.REFUSED
        register = self._ca.register
        with register.database.unit() as connection:
            before = RequestState.WAITING
            decided = {
                "decided_by": actor.id,
                "decided_at": register.clock.now(),
                "remark": remark[:LONGEST_REMARK],
            }
            if not store.move_request(connection, id_, before, after, **decided):
                raise RequestDecided(id=id_, state=found.state.value)
            register.audit.record(connection, actor, AuditEvent("ca.decide", id_, after.value))
        return self.get(actor, id_)

    def issue(self, actor: Actor, id_: str) -> IssuedCertificate:
        """Issue from an approved request; once issued, the certificate that stands. Raises as `submit` and `issue`."""
        self._permit(actor, "ca.issue_csr", Role.OPERATOR)
        found = self.get(actor, id_)
        if found.state is RequestState.ISSUED and found.serial_number is not None:
            return self._ca.certificate(actor, found.serial_number)
        if found.state is not RequestState.APPROVED:
            raise RequestDecided(id=id_, state=found.state.value)
        proven = self.proven(found.profile, found.der, found.renews)
        request = CertificateRequest(
            found.authority, found.profile, proven.subject, proven.spki, proven.alternative_names
        )

        def kept(connection: Connection, issued: IssuedCertificate) -> None:
            before, after = RequestState.APPROVED, RequestState.ISSUED
            number = issued.serial_number
            if not store.move_request(connection, id_, before, after, serial_number=number):
                raise RequestDecided(id=id_, state=after.value)

        return self._ca.issue_for(actor, request, kept)

    def proven(self, profile_name: str, data: bytes, renews: int | None = None) -> ProvenRequest:
        """A request, in PEM or DER, that passed every check; `renews` is the certificate that it asks to renew.

        Raises as `submit` and `submit_renewal`.
        """
        kind = profile(profile_name)
        if kind.kind is not ProfileKind.END_ENTITY:
            raise ProfileRefused(name=profile_name)
        proven = prove(data, kind, self._compromised)
        if renews is not None:
            proven = renewed(proven, self._issued(renews), self._ca.register.clock.now())
        kind.check_subject(proven.subject)
        kind.check_key(proven.spki)
        self.check_key_free(proven)
        return proven

    def _issued(self, serial_number: int) -> IssuedCertificate:
        with self._ca.register.database.reading() as connection:
            found = certificates.issued(connection, serial_number)
        if found is None:
            raise CertificateUnknown(certificate=f"{serial_number:x}")
        return found

    def check_key_free(self, proven: ProvenRequest) -> None:
        """Raise `SubjectKeyReused`, or `SubjectKeyCompromised` for a key that was revoked here for that reason."""
        self._check_key_free(proven.spki, proven.subject.encode())

    def check_renewal(self, found: IssuedCertificate) -> None:
        """Raise `RenewalRefused`, `SubjectKeyCompromised` where a certificate may not be renewed for its own key."""
        check_renewable(found, self._ca.register.clock.now())
        certificate = found.certificate
        self._compromised.check(certificate.public_key.spki)
        self._check_key_free(certificate.public_key.spki, certificate.subject.der)

    def _check_key_free(self, spki: bytes, subject: bytes) -> None:
        key_id = hashlib.sha256(spki).hexdigest()
        with self._ca.register.database.reading() as connection:
            if certificates.key_certified_for_other(connection, key_id, subject):
                raise SubjectKeyReused(key=key_id)
            if store.key_revoked(connection, key_id, RevocationReason.KEY_COMPROMISE.value):
                raise SubjectKeyCompromised(detail="revoked")

    def _permit(self, actor: Actor, action: str, *roles: Role) -> None:
        if actor.has(*roles):
            return
        register = self._ca.register
        with register.database.unit() as connection:
            register.audit.record(connection, actor, AuditEvent(action, "*", "refused"))
        raise NotPermitted(actor=actor.id, action=action)
