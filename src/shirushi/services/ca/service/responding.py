"""OCSP: what the authority says of its certificates, at once and signed (RFC 6960)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from shirushi.codecs.asn1.errors import MalformedOcsp
from shirushi.codecs.asn1.issue import (
    OcspResponseStatus,
    RequestedStatus,
    basic_response,
    certificate_id,
    key_identifier,
    ocsp_failure,
    ocsp_response,
    parse_ocsp_request,
    response_data,
    single_response,
)
from shirushi.codecs.asn1.keys import subject_key_bits
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.algorithms import DigestAlgorithm, signature_algorithm
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import CertificateIdentifier, CertificateStatus, RevocationReason
from shirushi.core.instant import Instant
from shirushi.services.ca import store
from shirushi.services.ca.model import Authority, Responder
from shirushi.services.ca.service.register import Register

_log = logging.getLogger(__name__)

CERT_ID_DIGESTS = (
    DigestAlgorithm.SHA1,
    DigestAlgorithm.SHA256,
    DigestAlgorithm.SHA384,
    DigestAlgorithm.SHA512,
    DigestAlgorithm.SHA224,
)
"""The digests by which a request may name an issuer (RFC 6960 §4.3); a name, not a proof."""


MOST_SIGNED = 10_000
"""Answers kept by one process: some 20 MB."""


@dataclass(frozen=True, slots=True)
class SignedAnswer:
    """An answer that is given again `until` then, as long as the authority's state is `state`."""

    state: tuple[int, str | None]
    signed_at: Instant
    until: Instant
    response: bytes


class Responding:
    """Answers OCSP requests under delegated certificates."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._named: dict[tuple[DigestAlgorithm, bytes, bytes], Authority] = {}
        self._responders: dict[str, Responder] = {}
        self._signed: dict[bytes, SignedAnswer] = {}

    def answer(self, request: bytes) -> bytes:
        """The OCSPResponse to an OCSPRequest, both in DER; see `CertificateAuthority.answer_ocsp`."""
        try:
            asked = parse_ocsp_request(request)
        except MalformedOcsp:
            return ocsp_failure(OcspResponseStatus.MALFORMED_REQUEST)
        try:
            authority = next(filter(None, map(self._authority, asked.requests)), None)
            if authority and asked.nonce is None:
                return self._signed_before(authority, asked.requests)
            basic = authority and self.basic(authority, asked.requests, asked.nonce)
        except ShirushiError as error:
            _log.exception("ca.ocsp-failed", extra={"code": error.code})
            return ocsp_failure(OcspResponseStatus.INTERNAL_ERROR)
        return ocsp_response(basic) if basic else ocsp_failure(OcspResponseStatus.UNAUTHORIZED)

    def basic(
        self, authority: Authority, requests: Iterable[RequestedStatus], nonce: bytes | None = None
    ) -> bytes | None:
        """A BasicOCSPResponse of the authority's responder, or None where it has none that is valid now."""
        now = self._register.clock.now()
        next_update = now + authority.definition.ocsp_validity
        answers = []
        with self._register.database.reading() as connection:
            responder = self._responder(authority, store.responder(connection, authority.name), now)
            if responder is None:
                return None
            for each in requests:
                status, revoked = CertificateStatus.UNKNOWN, None
                if each.identifier and self._authority(each) is authority:
                    serial_number = each.identifier.serial_number
                    status, revoked = store.status(connection, authority.name, serial_number)
                answers.append((each.der, status, revoked))
        singles = [
            single_response(
                asked,
                status,
                now,
                next_update,
                revocation_time=revoked.revocation_time if revoked else None,
                reason=revoked.reason if revoked else RevocationReason.UNSPECIFIED,
                archive_since=authority.certificate.not_before,
            )
            for asked, status, revoked in answers
        ]
        data = response_data(responder.key_identifier, now, singles, nonce)
        value = self._register.keys.signer(responder.key_label).sign(data, responder.algorithm)
        return basic_response(data, responder.algorithm, value, [responder.certificate.der])

    def _signed_before(self, authority: Authority, requests: tuple[RequestedStatus, ...]) -> bytes:
        """An answer without a nonce: the one that was signed before, in the first half of its time.

        Every act of revocation or release and every new responder ends all answers of the authority that were signed
        before, in whichever process it happened: the database says so at each request.
        """
        key = b"".join(each.der for each in requests)
        now = self._register.clock.now()
        with self._register.database.reading() as connection:
            state = store.status_state(connection, authority.name)
        known = self._signed.get(key)
        if known and known.state == state and known.signed_at <= now < known.until:
            return known.response
        basic = self.basic(authority, requests)
        if basic is None:
            return ocsp_failure(OcspResponseStatus.UNAUTHORIZED)
        response = ocsp_response(basic)
        if len(self._signed) >= MOST_SIGNED:
            self._signed.clear()
        until = now + authority.definition.ocsp_validity / 2
        self._signed[key] = SignedAnswer(state, now, until, response)
        return response

    def status_of(self, authority: Authority, serial_number: int) -> bytes | None:
        """A BasicOCSPResponse on one certificate of the authority, named by SHA-1 as most readers expect."""
        identifier = _identifier(authority, DigestAlgorithm.SHA1, serial_number)
        return self.basic(authority, [RequestedStatus(certificate_id(identifier), identifier)])

    def _authority(self, asked: RequestedStatus) -> Authority | None:
        """The authority that a request names, by the hashes of its name and key."""
        identifier = asked.identifier
        if identifier is None or identifier.digest_algorithm not in CERT_ID_DIGESTS:
            return None
        key = (identifier.digest_algorithm, identifier.issuer_name_hash, identifier.issuer_key_hash)
        if key not in self._named:
            for authority in self._register.authorities():
                for digest in CERT_ID_DIGESTS:
                    known = _identifier(authority, digest, 0)
                    self._named[digest, known.issuer_name_hash, known.issuer_key_hash] = authority
        return self._named.get(key)

    def _responder(
        self, authority: Authority, found: tuple[str, bytes] | None, now: Instant
    ) -> Responder | None:
        """The responder that was found, if it is valid now."""
        if found is None:
            _log.debug("ca.no-responder", extra={"service": authority.name})
            return None
        key_label, der = found
        responder = self._responders.get(key_label)
        if responder is None or responder.certificate.der != der:
            certificate = parse_certificate(der)
            key_type = self._register.keys.reference(key_label).key_type
            responder = self._responders[key_label] = Responder(
                key_label,
                certificate,
                key_identifier(certificate.public_key.spki),
                signature_algorithm(key_type, pss=authority.definition.pss),
            )
        if not responder.certificate.not_before <= now <= responder.certificate.not_after:
            _log.warning("ca.responder-not-valid", extra={"service": authority.name})
            return None
        return responder


def _identifier(authority: Authority, digest: DigestAlgorithm, serial_number: int) -> CertificateIdentifier:
    """How a CertID names a certificate of the authority (RFC 6960 §4.1.1)."""
    key = subject_key_bits(authority.certificate.public_key.spki)
    name = authority.certificate.subject.der
    return CertificateIdentifier(digest, digest.digest(name), digest.digest(key), serial_number)
