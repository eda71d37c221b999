"""Signatures written by hand: evidence as plain values, verified by being said to be."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from shirushi.codecs.asn1 import der
from shirushi.core.algorithms import Digest, DigestAlgorithm, KeyKind, Scheme, SignatureAlgorithm
from shirushi.core.evidence import (
    BasicConstraints,
    Certificate,
    CertificateIdentifier,
    CertificateReference,
    CertificateStatus,
    Crl,
    Extensions,
    KeyUsage,
    Level,
    Material,
    Name,
    OcspResponse,
    PublicKey,
    Reference,
    RevocationReason,
    RevokedEntry,
    SignatureEvidence,
    SignatureFormat,
    SingleResponse,
    TimeStampEvidence,
    TimeStampKind,
    TrustAnchor,
    TstInfo,
)
from shirushi.core.instant import Instant, instant
from shirushi.core.verdict import Indication, SignatureVerdict, SubIndication
from shirushi.rules.ades import JAPAN, ValidationPolicy, validate_signature


def day(text: str) -> Instant:
    return instant(f"{text}T00:00:00Z")


NOW = day("2026-11-01")
ECDSA = SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA256)
RSA = SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA256)
P_256 = "1.2.840.10045.3.1.7"
DIGEST = Digest(DigestAlgorithm.SHA256, bytes(32))
CA = Extensions(
    basic_constraints=BasicConstraints(ca=True),
    key_usage=frozenset({KeyUsage.KEY_CERT_SIGN, KeyUsage.CRL_SIGN}),
)
SIGNER = Extensions(key_usage=frozenset({KeyUsage.NON_REPUDIATION}))
TSU = Extensions(
    present=frozenset({"2.5.29.37"}),
    critical=frozenset({"2.5.29.37"}),
    key_usage=frozenset({KeyUsage.DIGITAL_SIGNATURE}),
    extended_key_usage=frozenset({"1.3.6.1.5.5.7.3.8"}),
)
RESPONDER = Extensions(
    key_usage=frozenset({KeyUsage.DIGITAL_SIGNATURE}),
    extended_key_usage=frozenset({"1.3.6.1.5.5.7.3.9"}),
    ocsp_no_check=True,
)


def named(text: str) -> Name:
    return Name((frozenset({("2.5.4.3", text.lower())}),), text.encode(), f"CN={text}")


def key(text: str, bits: int = 256, kind: KeyKind = KeyKind.EC) -> PublicKey:
    value = der.tlv(der.BIT_STRING, b"\0" + text.encode())
    curve = P_256 if kind is KeyKind.EC else None
    return PublicKey(der.sequence(der.sequence(der.oid("1.2.3")), value), kind, bits, curve)


class World:
    """A root, a CA, a signer and a TSU with fresh revocation lists; every test bends what it is about.

    The signer's certificate is valid in 2025 and 2026, the others' from 2020 to 2035.
    """

    def __init__(self, **signer: object) -> None:
        self.certificates: list[Certificate] = []
        self.crls: list[Crl] = []
        self.responses: list[OcspResponse] = []
        self.signed: set[tuple[str, str]] = set()
        self.count = 0
        self.root = self.certificate("Root", extensions=CA)
        self.ca = self.certificate("CA", self.root, extensions=CA)
        self.signer = self.certificate(
            "Alice", self.ca, **{"not_before": day("2025-01-01"), "not_after": day("2027-01-01"), **signer}
        )
        self.tsu = self.certificate("TSU", self.ca, extensions=TSU)
        self.anchors: tuple[TrustAnchor, ...] = (TrustAnchor(self.root, "Our root"),)

    def next_id(self) -> str:
        self.count += 1
        return sha256(self.count.to_bytes(4, "big")).hexdigest()

    def certificate(
        self, subject: str, issuer: Certificate | None = None, *, hidden: bool = False, **changes: object
    ) -> Certificate:
        """A certificate; without `issuer` it signs itself. One that is `hidden` is not among the material."""
        name = named(subject)
        made = Certificate(
            id=self.next_id(),
            der=subject.encode(),
            version=3,
            serial_number=self.count,
            issuer=issuer.subject if issuer else name,
            subject=name,
            not_before=day("2020-01-01"),
            not_after=day("2035-01-01"),
            public_key=key(subject),
            signature_oid="1.2.840.10045.4.3.2",
            signature_algorithm=ECDSA,
            extensions=SIGNER,
        )
        made = replace(made, **changes)
        self.signed.add((made.id, (issuer or made).id))
        if not hidden:
            self.certificates.append(made)
        return made

    def crl(
        self,
        issuer: Certificate,
        at: Instant = NOW,
        revoked: dict[int, tuple[Instant, RevocationReason]] | None = None,
        **changes: object,
    ) -> Crl:
        """A list of a week from `at`, which keeps expired certificates."""
        made = Crl(
            id=self.next_id(),
            der=b"",
            issuer=issuer.subject,
            this_update=at - timedelta(days=1),
            next_update=at + timedelta(days=6),
            signature_oid="1.2.840.10045.4.3.2",
            signature_algorithm=RSA if issuer.public_key.kind is KeyKind.RSA else ECDSA,
            entries={
                (issuer.subject, number): RevokedEntry(number, when, why)
                for number, (when, why) in (revoked or {}).items()
            },
            expired_certs_on_crl=day("2020-01-01"),
        )
        made = replace(made, **changes)
        self.crls.append(made)
        self.signed.add((made.id, issuer.id))
        return made

    def lists(
        self,
        at: Instant = NOW,
        revoked: Iterable[tuple[Certificate, Instant]] = (),
        why: RevocationReason = RevocationReason.KEY_COMPROMISE,
    ) -> tuple[Crl, Crl]:
        """Fresh lists of the root and of the CA."""
        entries = [(c, (when, why)) for c, when in revoked]
        return (
            self.crl(
                self.root, at, {c.serial_number: e for c, e in entries if c.issuer == self.root.subject}
            ),
            self.crl(self.ca, at, {c.serial_number: e for c, e in entries if c.issuer == self.ca.subject}),
        )

    def ocsp(
        self,
        certificate: Certificate,
        responder: Certificate,
        at: Instant = NOW,
        status: CertificateStatus = CertificateStatus.GOOD,
        **changes: object,
    ) -> OcspResponse:
        bits = der.single(self.ca.public_key.spki).children()[1].value[1:]
        sha1 = DigestAlgorithm.SHA1
        identifier = CertificateIdentifier(
            sha1, sha1.digest(self.ca.subject.der), sha1.digest(bits), certificate.serial_number
        )
        single = SingleResponse(identifier, status, at, at + timedelta(days=7))
        made = OcspResponse(
            id=self.next_id(),
            der=b"",
            responder=responder.subject,
            produced_at=at,
            responses=(replace(single, **changes),),
            signature_oid="1.2.840.10045.4.3.2",
            signature_algorithm=ECDSA,
            certificates=(responder,),
        )
        self.responses.append(made)
        self.signed.add((made.id, responder.id))
        return made

    def signature(self, signer: Certificate | None = None, **changes: object) -> SignatureEvidence:
        """An intact signature, claimed to be of 2026-06-01."""
        made = SignatureEvidence(
            id=self.next_id(),
            format=SignatureFormat.PADES,
            references=(
                Reference("document", found=True, intact=True, digest_algorithm=DigestAlgorithm.SHA256),
            ),
            value_intact=True,
            signature_oid="1.2.840.10045.4.3.2",
            signature_algorithm=ECDSA,
            signing_certificate=signer or self.signer,
            certificate_reference=CertificateReference(DIGEST, matches=True),
            claimed_signing_time=day("2026-06-01"),
            level=Level.B_B,
        )
        return replace(made, **changes)

    def stamp(
        self,
        at: Instant,
        kind: TimeStampKind = TimeStampKind.SIGNATURE,
        tsu: Certificate | None = None,
        covers: frozenset[str] | None = None,
        **changes: object,
    ) -> TimeStampEvidence:
        """A time-stamp token of `tsu` at `at`."""
        token = self.signature(tsu or self.tsu, format=SignatureFormat.CMS, claimed_signing_time=None)
        info = TstInfo("1.2.3", DIGEST, self.count, at, timedelta(seconds=1))
        made = TimeStampEvidence(
            self.next_id(), kind, info, imprint_intact=True, signature=token, covers=covers
        )
        return replace(made, **changes)

    @property
    def material(self) -> Material:
        return Material(
            tuple(self.certificates), tuple(self.crls), tuple(self.responses), frozenset(self.signed)
        )

    def judge(
        self, signature: SignatureEvidence, at: Instant = NOW, policy: ValidationPolicy = JAPAN
    ) -> SignatureVerdict:
        return validate_signature(signature, self.material, self.anchors, policy, at)


def outcome(verdict: SignatureVerdict) -> tuple[Indication, SubIndication | None]:
    return verdict.indication, verdict.sub_indication


def codes(verdict: SignatureVerdict) -> set[str]:
    """The codes of the reasons; both languages must be able to tell them."""
    for why in (*verdict.reasons, *verdict.warnings):
        assert all((why.explain("en"), why.explain("ja"), why.remedy("en"), why.remedy("ja")))
    return {why.code for why in verdict.reasons}


PASSED = (Indication.TOTAL_PASSED, None)


def indeterminate(sub: SubIndication) -> tuple[Indication, SubIndication]:
    return Indication.INDETERMINATE, sub


def failed(sub: SubIndication) -> tuple[Indication, SubIndication]:
    return Indication.TOTAL_FAILED, sub
