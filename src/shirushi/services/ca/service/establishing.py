"""Establishing authorities and their OCSP responders.

The intent is durable before a key is made, so that what was interrupted is taken up again under the same key.
"""

from __future__ import annotations

from sqlalchemy import Connection

from shirushi.codecs.asn1.issue import key_identifier
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.actor import Actor
from shirushi.core.algorithms import KeyType
from shirushi.ports.audit import AuditEvent
from shirushi.ports.keys import KeyExists, KeyReference
from shirushi.services.ca import store
from shirushi.services.ca.model import (
    Authority,
    AuthorityDefinition,
    AuthorityExists,
    CertificateRequest,
    DefinitionRefused,
    DistinguishedName,
    IssuedCertificate,
    SuccessionRefused,
)
from shirushi.services.ca.service.issuing import Completion, Issuer, Issuing, issuer_of
from shirushi.services.ca.service.register import Register
from shirushi.services.ca.service.standing import Standings
from shirushi.services.ca.store import statuses


class Establishing:
    """Makes authorities."""

    def __init__(self, register: Register, issuing: Issuing, standings: Standings) -> None:
        self._register = register
        self._issuing = issuing
        self._standings = standings

    def authority(
        self,
        actor: Actor,
        definition: AuthorityDefinition,
        issuer: str | None,
        also: Completion | None = None,
    ) -> Authority:
        """Establish a root (`issuer` None) or an authority below another; see `CertificateAuthority`."""
        definition.check()
        above = self._register.authority(issuer) if issuer else None
        key = self._key_of(definition, issuer)
        subject = definition.subject.encode()
        request = CertificateRequest(
            authority=issuer or definition.name,
            profile="issuing" if above else "root",
            subject=definition.subject,
            public_key=key.spki,
            not_before=definition.not_before,
            not_after=definition.not_after,
        )
        by = issuer_of(above) if above else Issuer(definition, subject, key.label, key_identifier(key.spki))
        draft = self._issuing.draft(by, request, definition.path_length)

        def established(connection: Connection, made: IssuedCertificate) -> None:
            store.establish_authority(connection, definition.name, made.serial_number)
            detail = {"issuer": by.name, "key": key.label, "serial_number": f"{made.serial_number:x}"}
            event = AuditEvent("ca.establish", definition.name, detail=detail)
            self._register.audit.record(connection, actor, event)
            if also:
                also(connection, made)

        self._issuing.issue(actor, [draft], established)
        return self._register.authority(definition.name)

    def _key_of(self, definition: AuthorityDefinition, issuer: str | None) -> KeyReference:
        """Remember the intent, then make the authority's key, or find the one that was made before an interruption."""
        name = definition.name
        label = definition.key_label or f"ca-{name}"
        with self._register.database.unit() as connection:
            store.hold_authorities(connection)
            rows = store.authorities(connection)
            begun = next((row for row in rows if row.definition.name == name), None)
            if begun is not None and (begun.der is not None or begun.key_label != label):
                raise AuthorityExists(name=name)
            namesakes = [
                row for row in rows if row.der is not None and row.definition.subject == definition.subject
            ]
            _check_succession(definition, issuer, namesakes)
            store.remember_authority(connection, definition, issuer, label)
        return self._key(
            definition.key_type, label, given=bool(definition.key_label), again=begun is not None
        )

    def _key(self, key_type: KeyType, label: str, *, given: bool, again: bool) -> KeyReference:
        if not given:
            try:
                return self._register.keys.generate(label, key_type)
            except KeyExists:
                if not again:
                    raise
        key = self._register.keys.reference(label)
        if key.key_type is not key_type:
            raise DefinitionRefused(name=label, detail=f"{key.key_type.value} ≠ {key_type.value}")
        return key

    def renew_responder(self, actor: Actor, authority: Authority) -> int:
        """Give an authority a new responder if the one that it has is in the last third of its validity; 1 if so."""
        with self._register.database.reading() as connection:
            found = statuses.responder(connection, authority.name)
        if found is None:
            return 0
        now, certificate = self._register.clock.now(), parse_certificate(found[1])
        left = certificate.not_after - now
        whole = certificate.not_after - certificate.not_before
        if left > whole / 3 or certificate.not_after >= authority.certificate.not_after:
            return 0
        key_type = self._register.keys.reference(found[0]).key_type
        self.responder(actor, authority.name, None, key_type, None)
        return 1

    def responder(
        self,
        actor: Actor,
        name: str,
        subject: DistinguishedName | None,
        key_type: KeyType | None,
        key_label: str | None,
    ) -> IssuedCertificate:
        """Give an authority an OCSP responder; see `CertificateAuthority`."""
        authority = self._register.authority(name)
        with self._register.database.unit() as connection:
            number = store.next_responder(connection, name)
        label = key_label or f"ca-{name}-ocsp-{number}"
        if key_label:
            key = self._register.keys.reference(key_label)
        else:
            key = self._register.keys.generate(label, key_type or authority.definition.key_type)
        request = CertificateRequest(
            authority=name,
            profile="ocsp-responder",
            subject=subject or _responder_name(authority.definition.subject, number),
            public_key=key.spki,
        )
        draft = self._issuing.draft(issuer_of(authority), request)

        def installed(connection: Connection, made: IssuedCertificate) -> None:
            store.install_responder(connection, name, made.serial_number, label)
            detail = {"key": label, "serial_number": f"{made.serial_number:x}"}
            event = AuditEvent("ca.establish_responder", name, detail=detail)
            self._register.audit.record(connection, actor, event)

        (made,) = self._issuing.issue(actor, [draft], installed)
        self._standings.changed()
        return made


def _check_succession(
    definition: AuthorityDefinition, issuer: str | None, namesakes: list[store.AuthorityRow]
) -> None:
    """One name is one authority's, and its successors': each of them succeeds the last."""
    before = next((row for row in namesakes if row.definition.name == definition.succeeds), None)
    if definition.succeeds is None:
        if namesakes:
            raise AuthorityExists(name=definition.subject.text)
        return
    if before is None:
        raise SuccessionRefused(
            name=definition.name, detail=f"{definition.succeeds}: {definition.subject.text}"
        )
    if any(row.definition.succeeds == definition.succeeds for row in namesakes):
        raise SuccessionRefused(name=definition.name, detail=f"{definition.succeeds} has a successor")
    if before.issuer != issuer:
        raise SuccessionRefused(name=definition.name, detail=f"issuer {issuer or '-'}")
    shared = set(definition.crl_urls) & {url for row in namesakes for url in row.definition.crl_urls}
    if shared:
        raise SuccessionRefused(name=definition.name, detail=", ".join(sorted(shared)))


def _responder_name(authority: DistinguishedName, number: int) -> DistinguishedName:
    """The authority's name, with a common name that tells its responders apart."""
    others = tuple(pair for pair in authority.attributes if pair[0] != "commonName")
    return DistinguishedName((*others, ("commonName", f"OCSP Responder {number}")))
