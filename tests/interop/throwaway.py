"""A throwaway PKI and documents signed by other hands, so that the judges themselves can be judged."""

import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponseBuilder
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entity:
    """A key and its certificate."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True, slots=True)
class Pki:
    """root → issuing → signer, tsa, responder; `other_root` issued none of them; `crl` revokes `revoked`."""

    root: Entity
    issuing: Entity
    signer: Entity
    revoked: Entity
    tsa: Entity
    responder: Entity
    other_root: Entity
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def crl(self, issuer: Entity, *revoked: Entity) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.certificate.subject)
            .last_update(self.now - timedelta(hours=1))
            .next_update(self.now + DAY)
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
            )
        )
        for entity in revoked:
            entry = (
                x509.RevokedCertificateBuilder()
                .serial_number(entity.certificate.serial_number)
                .revocation_date(self.now - timedelta(hours=2))
            )
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(issuer.key, SHA256()).public_bytes(Encoding.DER)

    def ocsp(self, subject: Entity, responder: Entity, *, revoked: bool = False) -> bytes:
        return (
            OCSPResponseBuilder()
            .add_response(
                cert=subject.certificate,
                issuer=self.issuing.certificate,
                algorithm=SHA256(),
                cert_status=OCSPCertStatus.REVOKED if revoked else OCSPCertStatus.GOOD,
                this_update=self.now - timedelta(minutes=1),
                next_update=self.now + DAY,
                revocation_time=self.now - timedelta(hours=2) if revoked else None,
                revocation_reason=None,
            )
            .responder_id(x509.ocsp.OCSPResponderEncoding.HASH, responder.certificate)
            .certificates([responder.certificate])
            .sign(responder.key, SHA256())
            .public_bytes(Encoding.DER)
        )


def _entity(
    name: str,
    issuer: Entity | None,
    purpose: x509.ObjectIdentifier | None = None,
    *,
    ca: bool = False,
    rsa_key: bool = False,
) -> Entity:
    key = rsa.generate_private_key(65537, 2048) if rsa_key else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + 30 * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer.key if issuer else key).public_key()),
            critical=False,
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=not ca,
                content_commitment=not ca and purpose is None,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=ca,
                crl_sign=ca,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if issuer:
        point = x509.UniformResourceIdentifier("http://crl.example.jp/")
        distribution = x509.DistributionPoint([point], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([distribution]), critical=False)
    if purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return Entity(key, builder.sign(issuer.key if issuer else key, SHA256()))


@cache
def pki() -> Pki:
    """One throwaway PKI a process, valid now, with fresh P-256 keys (the TSA: RSA-2048, all that pyHanko's stamper knows)."""
    root = _entity("Throwaway Root", None, ca=True)
    issuing = _entity("Throwaway Issuing CA", root, ca=True)
    return Pki(
        root=root,
        issuing=issuing,
        signer=_entity("Throwaway Signer", issuing),
        revoked=_entity("Throwaway Revoked", issuing),
        tsa=_entity("Throwaway TSA", issuing, ExtendedKeyUsageOID.TIME_STAMPING, rsa_key=True),
        responder=_entity("Throwaway Responder", issuing, ExtendedKeyUsageOID.OCSP_SIGNING),
        other_root=_entity("Throwaway Stranger", None, ca=True),
    )


def small_pdf() -> bytes:
    """The smallest regular PDF of one empty page."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>>>",
    ]
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out + b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start)


def signed_pdf(signer: Entity, *, stamped: bool = False) -> bytes:
    """`small_pdf` signed as PAdES by pyHanko, with a signature time-stamp of the throwaway TSA when `stamped`."""
    from asn1crypto import keys
    from asn1crypto import x509 as asn1
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.timestamps import DummyTimeStamper
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    def certificate(entity: Entity) -> asn1.Certificate:
        loaded: asn1.Certificate = asn1.Certificate.load(  # type: ignore[no-untyped-call]  # no types
            entity.certificate.public_bytes(Encoding.DER)
        )
        return loaded

    def key(entity: Entity) -> keys.PrivateKeyInfo:
        der = entity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        loaded: keys.PrivateKeyInfo = keys.PrivateKeyInfo.load(der)  # type: ignore[no-untyped-call]  # no types
        return loaded

    chain = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # no types
    chain.register(certificate(pki().issuing))
    out = sign_pdf(
        IncrementalPdfFileWriter(BytesIO(small_pdf())),
        PdfSignatureMetadata(
            field_name="Signature1", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        ),
        SimpleSigner(signing_cert=certificate(signer), signing_key=key(signer), cert_registry=chain),
        timestamper=DummyTimeStamper(certificate(pki().tsa), key(pki().tsa), certs_to_embed=chain)
        if stamped
        else None,
    )
    return bytes(out.getvalue())


def signed_cms(content: bytes, signer: Entity, *, cades: bool = True) -> bytes:
    """A detached CMS of `openssl cms -sign`."""
    with TemporaryDirectory() as folder:
        _write(folder, content=content, signer=signer.pem, key=signer.key_pem, chain=pki().issuing.pem)
        command = "openssl cms -sign -binary -md sha256 -in content -signer signer -inkey key -certfile chain"
        _openssl(folder, *command.split(), "-outform", "DER", "-out", "cms", *(["-cades"] if cades else []))
        return Path(folder, "cms").read_bytes()


def timestamp_response(data: bytes) -> bytes:
    """A TimeStampResp of `openssl ts -reply` over SHA-256 of `data`."""
    configuration = b"""[tsa]
default_tsa = one
[one]
serial = serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
"""
    with TemporaryDirectory() as folder:
        _write(folder, data=data, configuration=configuration, serial=b"01\n")
        _write(folder, signer=pki().tsa.pem, key=pki().tsa.key_pem, chain=pki().issuing.pem)
        _openssl(folder, *["openssl", "ts", "-query", "-sha256", "-cert", "-data", "data", "-out", "query"])
        reply = (
            "openssl ts -reply -config configuration -section one -queryfile query -signer signer -inkey key"
        )
        _openssl(folder, *reply.split(), "-chain", "chain", "-out", "response")
        return Path(folder, "response").read_bytes()


def token_of(response: bytes) -> bytes:
    """The TimeStampToken inside a TimeStampResp."""
    with TemporaryDirectory() as folder:
        _write(folder, response=response)
        _openssl(folder, *["openssl", "ts", "-reply", "-in", "response", "-token_out", "-out", "token"])
        return Path(folder, "token").read_bytes()


def _write(folder: str, **contents: bytes) -> None:
    for name, content in contents.items():
        Path(folder, name).write_bytes(content)


def _openssl(folder: str, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
