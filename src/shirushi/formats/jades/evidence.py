"""One JSON Web Signature as evidence: what it says, and whether what it covers and its value are right."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import chain

from shirushi.codecs.jose.algorithms import SYMMETRIC, jws_algorithm
from shirushi.codecs.jose.jws import JwsSignature
from shirushi.codecs.jose.strict import parse_object
from shirushi.codecs.jose.text import decode_base64url
from shirushi.core import primitives
from shirushi.core.algorithms import Digest, DigestAlgorithm, Scheme
from shirushi.core.document import ContentUndisclosed, Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import (
    Certificate,
    Crl,
    OcspResponse,
    SignatureEvidence,
    SignatureFormat,
    TimeStampEvidence,
    TimeStampKind,
)
from shirushi.core.reason import Reason, reason
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.formats.cms.structure import readable_certificates, readable_crls, readable_ocsp_responses
from shirushi.formats.jades import unsigned
from shirushi.formats.jades.header import names, signed_says, to_reference, tokens
from shirushi.formats.jades.payload import covered, digest_of
from shirushi.formats.jades.places import counter_signature
from shirushi.formats.jades.unsigned import Component
from shirushi.formats.long_term import ids_of, ids_of_stamps
from shirushi.formats.raw_ecdsa import to_der

_MOST_STAMPS = 32
"""Each archive time-stamp covers all that is signed anew: more of them than renewals in a century are an attack."""


class Examination:
    """One signature, examined. `contents` are what it may cover outside; `countersigned` the value around it.

    Raises `MalformedInput` where header or value cannot be read at all.
    """

    def __init__(
        self,
        payload: str | None,
        signature: JwsSignature,
        contents: Sequence[Document],
        countersigned: bytes | None = None,
    ) -> None:
        self.signature = signature
        self.value = decode_base64url(signature.signature)
        self.id = hashlib.sha256(self.value).hexdigest()
        self.says = signed_says(parse_object(decode_base64url(signature.protected)), signature.header or {})
        self.countersigned = countersigned
        self.covered = covered(payload, self.says.parameters, contents, countersigned)
        self.components, self.component_failings = unsigned.components(signature)
        self.warnings: list[Reason] = []
        self.certificate, self.value_intact = self._signing_certificate()

    @cached_property
    def chain(self) -> tuple[Certificate, ...]:
        """The certificates of `x5c`."""
        return readable_certificates(self.says.chain)

    @cached_property
    def values(self) -> tuple[tuple[Certificate, ...], tuple[Crl, ...], tuple[OcspResponse, ...]]:
        """Certificates and revocation data among the components, each once."""
        found = unsigned.held(self.components)
        return (
            readable_certificates(found.certificates),
            tuple({c.id: c for c in readable_crls(found.crls)}.values()),
            tuple({r.id: r for r in readable_ocsp_responses(found.ocsp_responses)}.values()),
        )

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """All of them, each once."""
        return tuple({c.id: c for c in (*self.chain, *self.values[0])}.values())

    def evidence(self) -> SignatureEvidence:
        """All of it."""
        content = self._content_timestamps()
        stamps = self._unsigned_timestamps(content)
        cited, certificate = self._reference(), self.certificate
        algorithm = jws_algorithm(self.says.algorithm, certificate.public_key if certificate else None)
        return SignatureEvidence(
            id=self.id,
            format=SignatureFormat.JADES,
            references=self.covered.references,
            value_intact=self.value_intact,
            signature_oid=str(self.says.algorithm)[:100],
            signature_algorithm=algorithm,
            signing_certificate=certificate,
            certificate_reference=to_reference(cited, certificate) if cited and certificate else None,
            certificates=self.certificates,
            crls=self.values[1],
            ocsp_responses=self.values[2],
            claimed_signing_time=self.says.signing_time,
            policy=self.says.policy,
            content_timestamps=content,
            signature_timestamps=tuple(s for s in stamps if s.kind is TimeStampKind.SIGNATURE),
            archive_timestamps=tuple(s for s in stamps if s.kind is TimeStampKind.ARCHIVE),
            structure=tuple(self._structure()),
            level_failings=tuple(dict.fromkeys(self.warnings)),
            signature_value=self.value,
            attributes_digest_algorithms=(cited.algorithm,) if cited else (),
            claims=self.says.claims,
            countersigns=_countersigns(self.countersigned),
        )

    def _structure(self) -> Iterator[Reason]:
        algorithm = self.says.algorithm
        if not isinstance(algorithm, str):
            yield reason("JADES_PARAMETER_MALFORMED", parameter="alg")
        elif algorithm in SYMMETRIC:
            yield reason("JADES_ALGORITHM_FORBIDDEN", algorithm=algorithm)
        if self.countersigned is not None and "sigD" in self.says.parameters:
            yield reason("JADES_COUNTER_SIGNATURE_FOREIGN")
        yield from self.says.failings
        yield from self.covered.failings
        yield from self.component_failings

    def _signing_certificate(self) -> tuple[Certificate | None, bool | None]:
        """The certificate that the protected header names, else the first of `x5c`; and whether the value is its.

        No certificate is tried beyond those: a header that names none but the first says who signed (RFC 7515 §4.1.6).
        """
        named = [c for c in self.certificates if any(names(digest, c) for digest in self.says.references)]
        fallback: tuple[Certificate | None, bool | None] = (None, None)
        for each in {c.id: c for c in (*named, *self.chain[:1])}.values():
            verified = self._verified(each)
            if verified:
                return each, True
            if fallback[0] is None:
                fallback = each, verified
        return fallback

    def _verified(self, certificate: Certificate) -> bool | None:
        """Whether the value verifies; None where what it covers is not at hand or the algorithm is unknown."""
        key = certificate.public_key
        algorithm = jws_algorithm(self.says.algorithm, key)
        if algorithm is None or self.covered.signed is None or not primitives.supports(key.spki, algorithm):
            return None
        value = self.value
        if algorithm.scheme is Scheme.ECDSA:
            if len(value) != 2 * ((key.bits + 7) // 8):  # RFC 7518 §3.4: no other length is a value
                return False
            value = to_der(value)
        data = b"%s.%s" % (self.signature.protected.encode("ascii"), self.covered.signed)
        return primitives.verify(key.spki, algorithm, value, data)

    def _reference(self) -> Digest | None:
        """The digest that names the signing certificate, else the first.

        A certificate that stands in the protected header is signed itself; it names itself.
        """
        references, certificate = self.says.references, self.certificate
        if not references and certificate is not None and certificate in self.chain[:1]:
            return Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(certificate.der))
        named = (each for each in references if certificate is not None and names(each, certificate))
        return next(named, next(iter(references), None))

    def _content_timestamps(self) -> tuple[TimeStampEvidence, ...]:
        @cache
        def expected(algorithm: DigestAlgorithm) -> Digest | None:
            try:
                return self.covered.digest(algorithm)
            except ContentUndisclosed:
                return None

        found: list[TimeStampEvidence] = []
        for token in self.says.content_tokens[:_MOST_STAMPS]:
            try:
                found.append(
                    parse_timestamp_token(token, TimeStampKind.CONTENT, expected, covers=frozenset())
                )
            except MalformedInput as error:
                self._unreadable(error)
        return tuple(found)

    def _unsigned_timestamps(self, content: Sequence[TimeStampEvidence]) -> tuple[TimeStampEvidence, ...]:
        """Time-stamps among the components, each with the ids of what it covers."""
        found: list[TimeStampEvidence] = []
        gathered = {c.id for c in self.chain} | ids_of_stamps(content)
        for index, each in enumerate(self.components):
            if each.name in unsigned.STAMPS and len(found) >= _MOST_STAMPS:
                self.warnings.append(reason("JSON_TOO_COMPLEX", what="time-stamps", limit=_MOST_STAMPS))
            elif each.name in unsigned.STAMPS:
                read = self._tokens(each, index, frozenset(self._covers(each, gathered)))
                found += read
                gathered |= ids_of_stamps(read)
            elif each.name == unsigned.COUNTER_SIGNATURE:
                if counter_signature(each) is None:
                    self.warnings.append(reason("JADES_PARAMETER_MALFORMED", parameter=each.name))
            else:
                held = unsigned.held([each])
                gathered |= ids_of(
                    readable_certificates(held.certificates),
                    readable_crls(held.crls),
                    readable_ocsp_responses(held.ocsp_responses),
                )
        return tuple(found)

    def _covers(self, stamp: Component, gathered: set[str]) -> set[str]:
        if stamp.name == "arcTst":
            return {self.id, *gathered}
        return set() if stamp.name == "rfsTst" else {self.id}

    def _tokens(self, stamp: Component, index: int, covers: frozenset[str]) -> tuple[TimeStampEvidence, ...]:
        """The tokens of one component that can be read; the rest is warned of."""

        @cache
        def expected(algorithm: DigestAlgorithm) -> Digest | None:
            try:
                pieces = self.stamped(stamp.name, index, unsigned.canonicalization_of(stamp))
            except MalformedInput as error:
                self.warnings.append(
                    reason("JADES_CANONICALIZATION_UNKNOWN", detail=error.parameters["detail"])
                )
                return None
            try:
                return None if pieces is None else digest_of(pieces, algorithm)
            except ContentUndisclosed:
                return None

        kind = unsigned.STAMPS[stamp.name]
        try:
            return tuple(
                parse_timestamp_token(token, kind, expected, covers=covers)
                for token in tokens(stamp.value)[:_MOST_STAMPS]
            )
        except MalformedInput as error:
            self._unreadable(error)
        except (KeyError, TypeError):
            self.warnings.append(reason("JADES_PARAMETER_MALFORMED", parameter=stamp.name))
        return ()

    def stamped(self, name: str, index: int, canonicalization: str | None) -> Iterable[bytes] | None:
        """The octets under a time-stamp at `index`; None where signed data is not at hand.

        `sigTst` covers the value (§5.3.4); `arcTst` the payload, the protected header, the value and all in front of it
        (§5.3.6.3); the stamps of annex A the references in front of them. Raises `MalformedJson`.
        """
        value = self.signature.signature.encode("ascii")
        if name == "sigTst":
            return [value]
        before = self.components[:index]
        if name == "arcTst":
            if self.covered.stamped is None:
                return None
            head = b".%s.%s." % (self.signature.protected.encode("ascii"), value)
            return chain(self.covered.pieces(), [head], [each.octets(canonicalization) for each in before])
        wanted = unsigned.REFERENCES if name == "rfsTst" else ("sigTst", *unsigned.REFERENCES)
        parts = [each.octets(canonicalization) for each in before if each.name in wanted]
        return parts if name == "rfsTst" else [value, b".", *parts]

    def _unreadable(self, error: MalformedInput) -> None:
        self.warnings.append(reason("CMS_TIMESTAMP_UNREADABLE", detail=error.parameters.get("detail", "")))


def unreadable(
    signature: JwsSignature, countersigned: bytes | None, error: MalformedInput
) -> SignatureEvidence:
    """A signature that cannot be read is evidence too: of a broken structure."""
    return SignatureEvidence(
        id=hashlib.sha256(signature.signature.encode("utf-8", "replace")).hexdigest(),
        format=SignatureFormat.JADES,
        references=(),
        value_intact=None,
        signature_oid="",
        signature_algorithm=None,
        signing_certificate=None,
        certificate_reference=None,
        structure=(reason(error.code, **error.parameters),),
        countersigns=_countersigns(countersigned),
    )


def _countersigns(countersigned: bytes | None) -> str:
    return "" if countersigned is None else hashlib.sha256(countersigned).hexdigest()
