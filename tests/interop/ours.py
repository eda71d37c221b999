"""Our side before the judges: a demo domain that signs, and what its signatures are made of."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from asn1crypto import cms
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from cryptography.x509.ocsp import OCSPRequestBuilder

import shirushi
from shirushi import Level
from shirushi.core.document import Document, document
from shirushi.core.verdict import Verdict
from shirushi.domain import Domain
from shirushi.formats.protocol import SignatureParameters

ALICE, BOB, CHIKA = "alice@example.jp", "bob@example.jp", "chika@example.jp"
"""A person with a P-256 key, one with RSA-3072, one with ML-DSA-65."""
PINS = {ALICE: "2468", BOB: "1357", CHIKA: "9753"}
SAKURA = "さくら商事株式会社"
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature taken out of a PDF: the CMS, the bytes that it covers, and its time-stamp token."""

    cms: bytes
    content: bytes
    value: bytes
    token: bytes


class Ours:
    """A trust domain that is open, and what others need to judge its signatures. Certificates and lists are DER."""

    def __init__(self, domain: Domain) -> None:
        self.domain: Any = domain

    def sign(
        self,
        given: Path | bytes | Document,
        account: str = ALICE,
        level: Level = Level.B_T,
        **parameters: Any,
    ) -> bytes:
        """`given`, signed or sealed; what is raised is raised."""
        if isinstance(given, Path):
            given = shirushi.read(given)
        elif isinstance(given, bytes):
            given = document(given, "given.pdf", PDF)
        signing, wanted = self.domain.signing, SignatureParameters(**parameters)
        credential = signing.credential(account)
        request = signing.prepare(given, credential, level=level, parameters=wanted)
        signed: Document = signing.sign(request, credential.activate(request, PINS.get(account)))
        return signed.read()

    def validate(self, given: Path | bytes, **more: Any) -> Verdict:
        """The verdict of our own validator, which fetches nothing."""
        read = shirushi.read(given) if isinstance(given, Path) else document(given, "given.pdf", PDF)
        verdict: Verdict = self.domain.validation.validate(read, offline=True, **more)
        return verdict

    @cached_property
    def root(self) -> bytes:
        """The root's certificate."""
        der: bytes = self.domain.ca.authority("root").certificate.der
        return der

    @cached_property
    def issuing(self) -> bytes:
        """The issuing authority's certificate."""
        der: bytes = self.domain.ca.authority("issuing").certificate.der
        return der

    @cached_property
    def crls(self) -> tuple[bytes, ...]:
        """The lists of both authorities."""
        return tuple(self.domain.ca.crl(name) for name in ("root", "issuing"))

    def certificate(self, account: str) -> bytes:
        """The signing certificate of an account."""
        der: bytes = self.domain.signing.credential(account).chain[0].der
        return der

    def ocsp(self, certificate: bytes) -> bytes:
        """The OCSP answer on a certificate of the issuing authority."""
        subject, issuer = map(load_der_x509_certificate, (certificate, self.issuing))
        request = OCSPRequestBuilder().add_certificate(subject, issuer, SHA256()).build()
        answer: bytes = self.domain.ca.answer_ocsp(request.public_bytes(Encoding.DER))
        return answer


@contextmanager
def opened(folder: Path) -> Iterator[Ours]:
    """The domain in `folder`, open."""
    with shirushi.open(folder) as domain:
        yield Ours(domain)


def last_signature(data: bytes) -> Signature:
    """The signature that was added last, taken out with nothing of ours."""
    numbers = [int(n) for n in re.findall(rb"/ByteRange ?\[(\d+) +(\d+) +(\d+) +(\d+) *\]", data)[-1]]
    start, end = numbers[1], numbers[2]
    assert numbers[0] == 0
    assert end + numbers[3] == len(data)
    encoded = bytes.fromhex(data[start + 1 : end - 1].decode("ascii"))
    signed = cms.ContentInfo.load(encoded)
    signer = signed["content"]["signer_infos"][0]
    attributes = {each["type"].dotted: each["values"] for each in signer["unsigned_attrs"] or []}
    token = attributes.get("1.2.840.113549.1.9.16.2.14")
    return Signature(
        signed.dump(),
        data[:start] + data[end:],
        signer["signature"].native,
        token[0].dump() if token is not None else b"",
    )


def altered(data: bytes) -> bytes:
    """A byte changed that every signature of the document covers: in the comment behind the header."""
    place = data.index(b"%", 1) + 1
    return data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]
