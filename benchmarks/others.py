"""Other people's signers for `benchmarks.signatures`: pyHanko and signxml in this process, EU DSS in a JVM of its own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shirushi.codecs.asn1.pem import to_pem
from shirushi.core.evidence import Certificate

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

PROJECT = Path(__file__).parents[1] / "tests" / "interop" / "dss"


def _module(name: str) -> Any:
    """A module that is no dependency of the product, and has no types."""
    return import_module(name)


def pyhanko(key: PrivateKey, chain: tuple[Certificate, ...], pdf: bytes) -> Callable[[], bytes]:
    """PAdES-B-B with pyHanko's `SimpleSigner`."""
    keys, x509 = _module("asn1crypto.keys"), _module("asn1crypto.x509")
    writer, registries = (
        _module("pyhanko.pdf_utils.incremental_writer"),
        _module("pyhanko_certvalidator.registry"),
    )
    fields, signers = _module("pyhanko.sign.fields"), _module("pyhanko.sign.signers")
    registry = registries.SimpleCertificateStore()
    registry.register_multiple([x509.Certificate.load(each.der) for each in chain[1:]])
    signer = signers.SimpleSigner(
        x509.Certificate.load(chain[0].der),
        keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        registry,
    )
    asked = signers.PdfSignatureMetadata(
        field_name="Signature1", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )

    def sign() -> bytes:
        found = signers.sign_pdf(writer.IncrementalPdfFileWriter(BytesIO(pdf)), asked, signer)
        data: bytes = found.getvalue()
        return data

    return sign


def signxml(key: PrivateKey, chain: tuple[Certificate, ...], xml: bytes) -> Callable[[], bytes]:
    """XAdES-B, enveloped, with signxml's `XAdESSigner`."""
    etree, methods = _module("lxml.etree"), _module("signxml").methods
    algorithm = "rsa-sha256" if isinstance(key, rsa.RSAPrivateKey) else "ecdsa-sha256"
    certificates = "".join(map(to_pem, chain))
    signer = _module("signxml.xades").XAdESSigner(
        method=methods.enveloped,
        signature_algorithm=algorithm,
        digest_algorithm="sha256",
        c14n_algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    )

    def sign() -> bytes:
        data: bytes = etree.tostring(signer.sign(etree.fromstring(xml), key=key, cert=certificates))
        return data

    return sign


@dataclass
class Dss:
    """EU DSS 6.4, signing in its own JVM, whose CPU-seconds are counted as ours are: all threads."""

    process: subprocess.Popen[str]
    folder: Path

    @classmethod
    def start(cls, key: PrivateKey, chain: tuple[Certificate, ...], folder: Path) -> Dss | None:
        """A JVM with that key; None where there is no Maven, or Maven Central does not answer."""
        built = _built(folder)
        if built is None:
            return None
        (folder / "key").write_bytes(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        certificates = [folder / f"{number}.cer" for number in range(len(chain))]
        for path, certificate in zip(certificates, chain, strict=True):
            path.write_bytes(certificate.der)
        kind = "RSA" if isinstance(key, rsa.RSAPrivateKey) else "EC"
        classes = f"{built}/dss-judge.jar:{built}/lib/*"
        command = ["java", "-Xmx1g", "-XX:+UseSerialGC", "-cp", classes, "jp.shirushi.interop.DssSigner"]
        process = subprocess.Popen(
            [*command, str(folder / "key"), kind, *map(str, certificates)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        return cls(process, folder)

    def run(self, form: str, document: Path, seconds: float) -> float:
        """Signatures for each CPU-second, over so many of them."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError(form)
        line = "\t".join((form, str(document), str(seconds), str(self.folder / f"{form}.out")))
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        count, spent = self.process.stdout.readline().split("\t")
        return int(count) / float(spent)

    def close(self) -> None:
        """End the JVM."""
        self.process.communicate()


def _built(folder: Path) -> Path | None:
    if shutil.which("mvn") is None:
        return None
    project = folder.parent / "dss-project"
    if (project / "target" / "lib").is_dir():
        return project / "target"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target"), dirs_exist_ok=True)
    command = ["mvn", "-q", "-B", "-f", str(project / "pom.xml"), "package"]
    for attempt in ([*command, "-o"], command):
        done = subprocess.run(attempt, check=False, capture_output=True, stdin=subprocess.DEVNULL)
        if done.returncode == 0:
            return project / "target"
    return None
