"""Evidence written by hand: certificates, lists and responses as plain values, signed by being said to be."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha1, sha256

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.issue.name import encode_name
from shirushi.codecs.asn1.names import name
from shirushi.core.algorithms import DigestAlgorithm, KeyKind
from shirushi.core.evidence import (
    BasicConstraints,
    Certificate,
    CertificateIdentifier,
    CertificateStatus,
    Crl,
    Extensions,
    KeyUsage,
    Material,
    Name,
    OcspResponse,
    PolicyInformation,
    PublicKey,
    RevocationReason,
    RevokedEntry,
    SingleResponse,
    TrustAnchor,
)
from shirushi.core.instant import Instant, instant
from shirushi.rules.path import Path

START = instant("2025-01-01T00:00:00Z")
AT = instant("2026-06-15T00:00:00Z")
END = instant("2028-01-01T00:00:00Z")
DAY = timedelta(days=1)

CA = Extensions(
    basic_constraints=BasicConstraints(ca=True),
    key_usage=frozenset({KeyUsage.KEY_CERT_SIGN, KeyUsage.CRL_SIGN}),
)


SHORT = {"C": "2.5.4.6", "O": "2.5.4.10", "CN": "2.5.4.3", "emailAddress": "1.2.840.113549.1.9.1"}


def make_name(pairs) -> Name:
    return name(encode_name([(SHORT[kind], value) for kind, value in pairs]))


def named(text: str) -> Name:
    return make_name([("C", "JP"), ("CN", text)]) if text else make_name([])


def key(text: str) -> PublicKey:
    bits = der.tlv(der.BIT_STRING, b"\0" + text.encode())
    return PublicKey(der.sequence(der.sequence(der.oid("1.2.3")), bits), KeyKind.EC, 256)


class World:
    """Makes certificates and revocation data and remembers who signed what."""

    def __init__(self) -> None:
        self.certificates: list[Certificate] = []
        self.crls: list[Crl] = []
        self.ocsp_responses: list[OcspResponse] = []
        self.signed: set[tuple[str, str]] = set()
        self.count = 0

    def next_id(self) -> str:
        self.count += 1
        return sha256(self.count.to_bytes(4, "big")).hexdigest()

    def certificate(
        self,
        subject: str,
        issuer: Certificate | None = None,
        *,
        extensions: Extensions = Extensions(),  # noqa: B008  a frozen value
        key_of: str = "",
        hidden: bool = False,
        **changes: object,
    ) -> Certificate:
        """A certificate; without `issuer` it signs itself. One that is `hidden` is not among the material."""
        made = Certificate(
            id=self.next_id(),
            der=f"{subject} {self.count}".encode(),
            version=3,
            serial_number=self.count,
            issuer=issuer.subject if issuer else named(subject),
            subject=named(subject),
            not_before=START,
            not_after=END,
            public_key=key(key_of or subject),
            signature_oid="1.2.3",
            signature_algorithm=None,
            extensions=extensions,
        )
        made = replace(made, **changes)
        self.signed.add((made.id, (issuer or made).id))
        if not hidden:
            self.certificates.append(made)
        return made

    def ca(self, subject: str, issuer: Certificate | None = None, **changes: object) -> Certificate:
        changes.setdefault("extensions", CA)
        return self.certificate(subject, issuer, **changes)

    def crl(
        self, signer: Certificate, revoked: dict[int, RevokedEntry] | None = None, **changes: object
    ) -> Crl:
        """A list of the signer's; `revoked` by serial number."""
        issuer = changes.pop("issuer", signer.subject)
        made = Crl(
            id=self.next_id(),
            der=b"",
            issuer=issuer,
            this_update=AT - DAY,
            next_update=AT + DAY,
            signature_oid="1.2.3",
            signature_algorithm=None,
            entries={
                (entry.certificate_issuer or issuer, number): entry
                for number, entry in (revoked or {}).items()
            },
        )
        made = replace(made, **changes)
        self.crls.append(made)
        self.signed.add((made.id, signer.id))
        return made

    def ocsp(
        self,
        certificate: Certificate,
        issuer: Certificate,
        signer: Certificate,
        single: dict[str, object] | None = None,
        digest: DigestAlgorithm = DigestAlgorithm.SHA1,
        **changes: object,
    ) -> OcspResponse:
        """A response about `certificate`; `single` changes the status, which is good."""
        bits = der.single(issuer.public_key.spki).children()[1].value[1:]
        status = SingleResponse(
            certificate=CertificateIdentifier(
                digest,
                digest.digest(issuer.subject.der),
                digest.digest(bits),
                certificate.serial_number,
            ),
            status=CertificateStatus.GOOD,
            this_update=AT - DAY,
            next_update=AT + DAY,
        )
        made = OcspResponse(
            id=self.next_id(),
            der=b"",
            responder=signer.subject,
            produced_at=AT - DAY,
            responses=(replace(status, **(single or {})),),
            signature_oid="1.2.3",
            signature_algorithm=None,
        )
        made = replace(made, **changes)
        self.ocsp_responses.append(made)
        self.signed.add((made.id, signer.id))
        return made

    @property
    def material(self) -> Material:
        return Material(
            tuple(self.certificates), tuple(self.crls), tuple(self.ocsp_responses), frozenset(self.signed)
        )


def key_hash(certificate: Certificate) -> bytes:
    return sha1(
        der.single(certificate.public_key.spki).children()[1].value[1:], usedforsecurity=False
    ).digest()


def revoked_entry(
    time: Instant, reason: RevocationReason | None = RevocationReason.KEY_COMPROMISE, **changes: object
) -> RevokedEntry:
    return replace(RevokedEntry(0, time, reason), **changes)


def policies(*oids: str) -> tuple[PolicyInformation, ...]:
    return tuple(map(PolicyInformation, oids))


def chain(*certificates: Certificate) -> Path:
    """A path of certificates, the target first; the last is the anchor's."""
    return Path(certificates[0], tuple(certificates[:-1]), TrustAnchor(certificates[-1], "root"))
