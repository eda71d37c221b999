"""Issuing: check, reserve the serial number with the intent, sign, keep."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection

from shirushi.codecs.asn1.issue import extensions as ext
from shirushi.codecs.asn1.issue import key_identifier, signed, tbs_certificate
from shirushi.core.actor import Actor
from shirushi.core.algorithms import SignatureAlgorithm
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import CertificateStatus, RevocationReason
from shirushi.core.instant import Instant, rfc3339
from shirushi.ports.audit import AuditEvent
from shirushi.ports.lint import Finding
from shirushi.services.ca import store
from shirushi.services.ca.model import (
    Authority,
    AuthorityDefinition,
    AuthorityExpired,
    AuthorityRevoked,
    CertificateRequest,
    IssuedCertificate,
    LintRefused,
    Profile,
    ProfileKind,
    SubjectKeyReused,
    SubjectNameRefused,
    ValidityOutsideIssuer,
    ValidityRefused,
    check_subject_key,
    profile,
)
from shirushi.services.ca.model.compromised import CompromisedKeys
from shirushi.services.ca.model.refusals import SubjectKeyCompromised
from shirushi.services.ca.model.searching import looks_of, words_of
from shirushi.services.ca.service.linting import Linting
from shirushi.services.ca.service.register import Register
from shirushi.services.ca.store import enrolment, statuses

SERIAL_OCTETS = 16
"""128 unpredictable bits: twice what the TLS Baseline Requirements §7.1 ask for, within RFC 5280 §4.1.2.2's 20 octets."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs: an established authority, or a root that is about to sign itself."""

    definition: AuthorityDefinition
    subject: bytes
    key_label: str
    key_identifier: bytes
    authority: Authority | None = None

    @property
    def name(self) -> str:
        """The authority's name."""
        return self.definition.name

    @property
    def algorithm(self) -> SignatureAlgorithm:
        """What it signs with."""
        return self.definition.algorithm


def issuer_of(authority: Authority) -> Issuer:
    """An established authority as the issuer of others."""
    subject = authority.certificate.subject.der
    return Issuer(authority.definition, subject, authority.key_label, authority.key_identifier, authority)


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate that has passed every check and waits for its serial number and signature."""

    issuer: Issuer
    profile: Profile
    subject: bytes
    spki: bytes = field(repr=False)
    not_before: Instant
    not_after: Instant
    extensions: tuple[bytes, ...] = field(repr=False)
    pointers: tuple[tuple[bytes, ...], ...] = field(repr=False)
    """For each partition of the issuer's CRLs, where that is published."""
    register_keys: tuple[str, ...] = ()
    words: str = ""
    looks: str = ""

    def reservation(self, serial_number: int) -> store.Reservation:
        """What is reserved for it."""
        return store.Reservation(
            serial_number,
            self.issuer.name,
            self.profile.name,
            self.subject,
            hashlib.sha256(self.spki).hexdigest(),
            self.not_before,
            self.not_after,
            self.register_keys,
            self.words,
            self.looks,
        )

    def to_be_signed(self, serial_number: int) -> bytes:
        """The TBSCertificate."""
        return tbs_certificate(
            serial_number=serial_number,
            algorithm=self.issuer.algorithm,
            issuer=self.issuer.subject,
            not_before=self.not_before,
            not_after=self.not_after,
            subject=self.subject,
            spki=self.spki,
            extensions=(
                *self.extensions,
                *self.pointers[self.issuer.definition.partition_of(serial_number)],
            ),
        )


Common = tuple[tuple[bytes, ...], tuple[tuple[bytes, ...], ...]]
"""Extensions that certificates share, and for each partition where its list is published."""
Completion = Callable[[Connection, IssuedCertificate], None]
"""What else is remembered in the unit in which a certificate is kept."""


class Issuing:
    """Turns requests into certificates."""

    def __init__(self, register: Register, linting: Linting, compromised: CompromisedKeys) -> None:
        self._register = register
        self._compromised = compromised
        self._linting = linting
        self._common: dict[tuple[str, str, str, str | None], Common] = {}

    def draft(
        self,
        issuer: Issuer,
        request: CertificateRequest,
        path_length: int | None = None,
        constraints: Sequence[bytes] = (),
        policies: Sequence[str] = (),
    ) -> Draft:
        """Check everything that can be checked before a serial number is taken.

        `constraints` are further extensions of an authority's certificate, in DER; `policies` stand in for the profile's.
        """
        kind = profile(request.profile)
        kind.check_subject(request.subject)
        kind.check_alternatives(request.subject, request.alternative_names)
        subject = request.subject.encode()
        check_subject_key(request.public_key)
        self._compromised.check(request.public_key)
        usages = kind.usages(kind.check_key(request.public_key))
        not_before, not_after = self._validity(issuer, kind, request)
        own = [ext.subject_key_identifier(key_identifier(request.public_key)), ext.key_usage(usages)]
        if kind.kind is not ProfileKind.END_ENTITY:
            own.append(ext.basic_constraints(ca=True, path_length=path_length))
        if request.alternative_names:
            try:
                own.append(ext.subject_alternative_names(request.alternative_names))
            except UnicodeEncodeError as error:
                raise SubjectNameRefused(attribute="subjectAltName", detail="IA5String") from error
        if kind.private_key_usage:
            usage_end = min(not_after, not_before + kind.private_key_usage)
            own.append(ext.private_key_usage_period(not_before, usage_end))
        asserted = policies or (*issuer.definition.policies_of(kind.name), *kind.policies)
        if asserted:
            own.append(ext.certificate_policies(asserted, issuer.definition.cps))
        common, pointers = self._common_extensions(issuer, kind, kind.semantics(request.subject))
        extensions = (*own, *constraints, *common)
        return Draft(
            issuer,
            kind,
            subject,
            request.public_key,
            not_before,
            not_after,
            extensions,
            pointers,
            request.subject.register_keys,
            words_of(request.subject, request.alternative_names),
            looks_of(request.subject, request.alternative_names),
        )

    def issue(
        self, actor: Actor, drafts: Sequence[Draft], also: Completion | None = None
    ) -> tuple[IssuedCertificate, ...]:
        """Reserve, sign and keep: all of `drafts` or none. Three steps, so that no unit is open while a key signs."""
        if not drafts:
            return ()
        register = self._register
        for name in {draft.issuer.name for draft in drafts if draft.issuer.authority}:
            register.check_activated(name)
        with register.database.unit() as connection:
            serials = self._reserve(connection, drafts)
        try:
            for draft, serial_number in zip(drafts, serials, strict=True):
                self._linting.check(draft, serial_number)
            issued = tuple(map(self._sign, drafts, serials))
        except ShirushiError as error:
            with register.database.unit() as connection:
                store.abandon(connection, serials)
                for draft, serial_number in zip(drafts, serials, strict=True):
                    detail: dict[str, str | int] = {"cause": error.code, **_findings(error)}
                    event = _event(draft, serial_number, detail, outcome="failed")
                    register.audit.record(connection, actor, event)
            raise
        ids = [hashlib.sha256(each.der).hexdigest() for each in issued]
        with register.database.unit() as connection:
            kept = zip(serials, ids, (each.der for each in issued), strict=True)
            store.keep_issued(connection, kept)
            for draft, each, id_ in zip(drafts, issued, ids, strict=True):
                unlinted = {} if draft.issuer.definition.lint else {"lint": "off"}
                event = _event(draft, each.serial_number, {"certificate": id_, **unlinted})
                register.audit.record(connection, actor, event)
                if also:
                    also(connection, each)
        return issued

    def tried(self, draft: Draft) -> tuple[Finding, ...] | None:
        """What the linter says of what would be signed now, waived or not; None where nothing is linted.

        Raises `AuthorityNotActivated`, `AuthorityRevoked`. Nothing is reserved.
        """
        register = self._register
        if draft.issuer.authority is not None:
            register.check_activated(draft.issuer.name)
            with register.database.reading() as connection:
                self._check_not_revoked(connection, draft.issuer.authority)
        return self._linting.findings(draft, int.from_bytes(register.entropy.bytes(SERIAL_OCTETS), "big"))

    def _reserve(self, connection: Connection, drafts: Sequence[Draft]) -> list[int]:
        """Serial numbers for the drafts, with the intent. No two of them, and none of before, are the same."""
        for authority in {d.issuer.name: d.issuer.authority for d in drafts}.values():
            if authority is not None:
                self._check_not_revoked(connection, authority)
        store.hold_keys(connection, (draft.reservation(1).key_id for draft in drafts))
        subjects: dict[str, bytes] = {}
        reservations = []
        for draft in drafts:
            serial_number = int.from_bytes(self._register.entropy.bytes(SERIAL_OCTETS), "big")
            reservation = draft.reservation(serial_number or 1)  # RFC 5280 §4.1.2.2: positive
            key, subject = reservation.key_id, draft.subject
            other = subjects.setdefault(key, subject) != subject
            if other or store.key_certified_for_other(connection, key, subject):
                raise SubjectKeyReused(key=key)
            if enrolment.key_revoked(connection, key, RevocationReason.KEY_COMPROMISE.value):
                raise SubjectKeyCompromised(detail="revoked")
            reservations.append(reservation)
        store.reserve(connection, reservations, self._register.clock.now())
        return [reservation.serial_number for reservation in reservations]

    def _check_not_revoked(self, connection: Connection, authority: Authority) -> None:
        for each in self._register.upwards(authority):
            by = each.issuer or each.name
            status, _ = statuses.status(connection, by, each.certificate.serial_number)
            if status is not CertificateStatus.GOOD:
                raise AuthorityRevoked(name=each.name)

    def _sign(self, draft: Draft, serial_number: int) -> IssuedCertificate:
        tbs = draft.to_be_signed(serial_number)
        algorithm = draft.issuer.algorithm
        value = self._register.keys.signer(draft.issuer.key_label).sign(tbs, algorithm)
        return IssuedCertificate(
            serial_number,
            signed(tbs, algorithm, value),
            draft.issuer.name,
            draft.profile.name,
            draft.not_before,
            draft.not_after,
        )

    def _validity(
        self, issuer: Issuer, kind: Profile, request: CertificateRequest
    ) -> tuple[Instant, Instant]:
        """The first and the last second of the validity (RFC 5280 §4.1.2.5: both are within it)."""
        now = self._register.clock.now().replace(microsecond=0)
        not_before = (request.not_before or now).replace(microsecond=0)
        not_after = not_before + kind.validity - timedelta(seconds=1)
        if issuer.authority is not None:
            bounds = issuer.authority.certificate
            if not bounds.not_before <= now <= bounds.not_after:
                raise AuthorityExpired(name=issuer.name, not_after=rfc3339(bounds.not_after))
            not_after = min(not_after, bounds.not_after)
        if request.not_after is not None:
            not_after = request.not_after.replace(microsecond=0)
        if not_before > not_after:
            raise ValidityRefused(detail=f"notBefore {rfc3339(not_before)} > notAfter {rfc3339(not_after)}")
        if not_after - not_before >= kind.longest:
            raise ValidityRefused(detail=f"{not_after - not_before} > {kind.longest}")
        if issuer.authority is not None:
            bounds = issuer.authority.certificate
            if not_before < bounds.not_before or not_after > bounds.not_after:
                raise ValidityOutsideIssuer(
                    name=issuer.name,
                    not_before=rfc3339(bounds.not_before),
                    not_after=rfc3339(bounds.not_after),
                )
        return not_before, not_after

    def _common_extensions(self, issuer: Issuer, kind: Profile, semantics: str | None) -> Common:
        """The extensions that all certificates of a profile share under one issuer, encoded once."""
        key = (issuer.name, issuer.key_label, kind.name, semantics)
        if key not in self._common:
            self._common[key] = (
                tuple(_common_extensions(issuer, kind, semantics)),
                tuple(tuple(_pointers(issuer, kind, n)) for n in range(issuer.definition.partitions)),
            )
        return self._common[key]


def _common_extensions(issuer: Issuer, kind: Profile, semantics: str | None) -> list[bytes]:
    said = issuer.definition
    found = [ext.authority_key_identifier(issuer.key_identifier)]
    if kind.extended_key_usage:
        critical = kind.extended_key_usage_critical
        found.append(ext.extended_key_usage(kind.extended_key_usage, critical=critical))
    ocsp_urls = said.ocsp_urls if kind.status_pointers else ()
    ca_issuers_urls = () if kind.kind is ProfileKind.ROOT else said.ca_issuers_urls
    if ocsp_urls or ca_issuers_urls:
        found.append(ext.authority_information_access(ocsp_urls, ca_issuers_urls))
    if kind.ocsp_no_check:
        found.append(ext.ocsp_no_check())
    if kind.qualified or semantics:
        found.append(
            ext.qc_statements(
                compliance=kind.qc_compliance,
                sscd=kind.qc_sscd,
                types=kind.qc_types,
                legislation=said.legislation if kind.qualified else (),
                pds=said.pds if kind.qualified else (),
                retention_years=said.retention_years if kind.qualified else None,
                semantics=semantics,
            )
        )
    return found


def _pointers(issuer: Issuer, kind: Profile, partition: int) -> Iterator[bytes]:
    said = issuer.definition
    if kind.status_pointers and said.crl_urls:
        yield ext.crl_distribution_points(said.crl_urls_of(partition))
        if said.delta_crl_urls:
            yield ext.freshest_crl(said.delta_crl_urls_of(partition))


def _event(
    draft: Draft, serial_number: int, detail: dict[str, str | int], outcome: str = "done"
) -> AuditEvent:
    about = {"authority": draft.issuer.name, "profile": draft.profile.name}
    return AuditEvent("ca.issue", f"{serial_number:x}", outcome, about | detail)


def _findings(error: ShirushiError) -> dict[str, str | int]:
    """What a linter found, for the record: codes and places, nobody's data."""
    return {"findings": str(error.parameters["findings"])} if isinstance(error, LintRefused) else {}
