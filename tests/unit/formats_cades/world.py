"""A small PKI with its own calendar: signers of every kind, time-stamp units, lists, and what a level takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponderEncoding, OCSPResponseBuilder
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.algorithms import (
    Digest,
    DigestAlgorithm,
    Scheme,
    SignatureAlgorithm,
    message_digest_algorithm,
)
from shirushi.core.document import Document
from shirushi.core.evidence import Certificate, Level, TstInfo
from shirushi.formats.cms.timestamp import assemble_token, bind_token
from shirushi.formats.protocol import (
    Format,
    MaterialNeeded,
    SignatureParameters,
    StampNeeded,
    ValidationMaterial,
)
from tests.unit.formats_cms.keys import sign

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ED25519 = SignatureAlgorithm(Scheme.ED25519)
P_256 = SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA256)


@dataclass(frozen=True)
class Entity:
    """A key, the algorithm it signs with, and its certificate with the issuers below the root."""

    key: Any
    algorithm: SignatureAlgorithm
    issued: x509.Certificate
    issuer: Entity | None = None

    @property
    def der(self) -> bytes:
        return self.issued.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.issued.public_bytes(Encoding.PEM)

    @property
    def certificate(self) -> Certificate:
        return parse_certificate(self.der)

    @property
    def chain(self) -> tuple[Certificate, ...]:
        """From itself up to, but without, the root."""
        if self.issuer is None:
            return ()
        return (self.certificate, *self.issuer.chain)

    def sign(self, data: bytes) -> bytes:
        return sign(self.key, data, self.algorithm)


@dataclass
class World:
    """root → issuing → alice, bob, tsa (ten days), archive_tsa (a year). Signing happens at START.

    With `curves` the keys are on P-256, which every judge knows; else Ed25519. Both are the same in every run, and so
    are their signatures (RFC 6979), save those of OCSP responses on P-256.
    """

    curves: bool = False
    start: datetime = START
    entities: dict[str, Entity] = field(default_factory=dict)
    serial: int = 100

    def __post_init__(self) -> None:
        self.root = self.entity("Test Root", None, ca=True, days=3650)
        self.other_root = self.entity("Stranger", None, ca=True, days=3650)
        self.issuing = self.entity("Test Issuing CA", self.root, ca=True, days=3000)
        self.alice = self.entity("Alice", self.issuing, days=10)
        self.bob = self.entity("Bob", self.issuing, days=10)
        self.tsa = self.entity("Test TSA", self.issuing, purpose=ExtendedKeyUsageOID.TIME_STAMPING, days=12)
        self.archive_tsa = self.entity(
            "Test Archive TSA", self.issuing, purpose=ExtendedKeyUsageOID.TIME_STAMPING, days=3000
        )
        self.responder = self.entity(
            "Test Responder", self.issuing, purpose=ExtendedKeyUsageOID.OCSP_SIGNING, days=3000
        )

    def entity(
        self,
        name: str,
        issuer: Entity | None,
        *,
        key: Any = None,
        algorithm: SignatureAlgorithm | None = None,
        purpose: x509.ObjectIdentifier | None = None,
        ca: bool = False,
        days: int = 10,
    ) -> Entity:
        """Issue a certificate; the key is one of the world's own unless it is given."""
        self.serial += 1
        if key is None and self.curves:
            key, algorithm = ec.derive_private_key(self.serial + 70_000, ec.SECP256R1()), P_256
        elif key is None:
            key, algorithm = ed25519.Ed25519PrivateKey.from_private_bytes(self.serial.to_bytes(32)), ED25519
        assert algorithm is not None
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        authority = issuer.key if issuer else key
        usage = dict.fromkeys(
            (
                "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
            ),
            False,
        )  # fmt: skip
        usage |= {"digital_signature": not ca, "key_cert_sign": ca, "crl_sign": ca}
        usage["content_commitment"] = not ca and purpose is None
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.issued.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(self.serial)
            .not_valid_before(self.start - DAY)
            .not_valid_after(self.start + days * DAY)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False
            )
            .add_extension(x509.KeyUsage(**usage), critical=True)
        )
        if issuer:
            point = x509.UniformResourceIdentifier("http://crl.example.jp/")
            distribution = x509.DistributionPoint([point], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([distribution]), critical=False)
        if purpose:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        if purpose == ExtendedKeyUsageOID.OCSP_SIGNING:
            builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        made = Entity(key, algorithm, _signed(builder, authority), issuer)
        self.entities[made.certificate.id] = made
        return made

    def crl(self, issuer: Entity, at: datetime) -> bytes:
        """A list of the issuer, empty, issued at that time."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.issued.subject)
            .last_update(at)
            .next_update(at + 2 * DAY)
            .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
            )
        )
        return _signed(builder, issuer.key).public_bytes(Encoding.DER)

    def ocsp(self, subject: Entity, at: datetime, responder: Entity | None = None) -> bytes:
        """A responder's word, by default that of the issuing CA's, that a certificate of that CA is good."""
        responder = responder or self.responder
        return (
            OCSPResponseBuilder()
            .add_response(
                cert=subject.issued,
                issuer=self.issuing.issued,
                algorithm=SHA256(),
                cert_status=OCSPCertStatus.GOOD,
                this_update=at,
                next_update=at + 2 * DAY,
                revocation_time=None,
                revocation_reason=None,
            )
            .responder_id(OCSPResponderEncoding.HASH, responder.issued)
            .certificates([responder.issued])
            .sign(responder.key, _hash(responder.key))
            .public_bytes(Encoding.DER)
        )

    def stamp(self, imprint: Digest, at: datetime, unit: Entity | None = None) -> bytes:
        """A time-stamp token."""
        unit = unit or self.tsa
        self.serial += 1
        info = TstInfo("1.2.3.4", imprint, self.serial, at, accuracy=timedelta(seconds=1))
        bound = bind_token(info, unit.chain, unit.algorithm)
        return assemble_token(bound, unit.sign(bound.data))

    def material(self, need: MaterialNeeded, at: datetime, *, ocsp: bool = False) -> ValidationMaterial:
        """All that a need asks for, issued at that time."""
        leaves = [self.entities[chain[0].id] for chain in need.chains]
        answers = [self.ocsp(leaf, at) for leaf in leaves if leaf.issuer is self.issuing] if ocsp else []
        return ValidationMaterial(
            (self.root.der, self.issuing.der),
            (self.crl(self.root, at), *(() if ocsp else (self.crl(self.issuing, at),))),
            tuple(answers),
        )

    def sign(
        self,
        form: Format,
        document: Document,
        signer: Entity | None = None,
        parameters: SignatureParameters | None = None,
        *,
        at: datetime | None = None,
        content_timestamp: bool = False,
    ) -> Document:
        """A signature of level B-B."""
        signer = signer or self.alice
        at = at or self.start
        prepared = form.prepare(
            document,
            parameters or SignatureParameters(),
            digest_algorithm=message_digest_algorithm(signer.algorithm),
            space=20_000,
            time=at,
            seed=bytes(16),
        )
        token = self.stamp(prepared.digest, at) if content_timestamp else None
        bound = form.bind(prepared, signer.chain, signer.algorithm, token)
        return form.assemble(bound, signer.sign(bound.data))

    def raise_to(
        self,
        form: Format,
        document: Document,
        level: Level,
        *,
        at: datetime | None = None,
        contents: Sequence[Document] = (),
        signature: str = "",
        archive_timestamps: int = 1,
        ocsp: bool = False,
        archive_unit: Entity | None = None,
    ) -> Document:
        """Whatever the level takes: signature time-stamps an hour later, material two, archive time-stamps three."""
        at = at or self.start
        asked: list[MaterialNeeded] = []
        while need := form.next_need(
            document,
            level,
            contents=contents,
            signature=signature,
            archive_timestamps=archive_timestamps,
        ):
            if isinstance(need, MaterialNeeded):
                assert need not in asked, "what was attached did not suffice"
                asked.append(need)
                document = form.attach(document, need, self.material(need, at + DAY / 12, ocsp=ocsp))
            else:
                document = form.attach(document, need, self._stamp_for(need, at, archive_unit))
        return document

    def _stamp_for(self, need: StampNeeded, at: datetime, archive_unit: Entity | None) -> bytes:
        if need.kind.value == "signature":
            return self.stamp(need.imprint, at + DAY / 24)
        return self.stamp(need.imprint, at + DAY / 8, archive_unit or self.archive_tsa)


def _signed(builder: Any, key: Any) -> Any:
    curve = isinstance(key, ec.EllipticCurvePrivateKey)
    return builder.sign(key, _hash(key), ecdsa_deterministic=True if curve else None)


def _hash(key: object) -> SHA256 | None:
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
