"""OpenSSL, rfc3161-client and Bouncy Castle accept our tokens, of every key type that they know, from service and lane."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import rfc3161_client
from cryptography.x509 import load_der_x509_certificate

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.tsp import TimeStampRequest, encode_timestamp_request, parse_timestamp_response
from shirushi.core.algorithms import (
    Digest,
    DigestAlgorithm,
    KeyType,
    Scheme,
    SignatureAlgorithm,
    signature_algorithm,
)
from shirushi.core.evidence import Certificate
from shirushi.domain import LOCAL_OPERATOR, Domain, open_domain
from shirushi.services.audit.service import AuditTrail
from shirushi.services.ca.model import CertificateRequest, DistinguishedName
from shirushi.services.tsa.lane import LaneStamper
from shirushi.services.tsa.model import TimeStampUnit
from shirushi.services.tsa.service import TimeStampingAuthority
from shirushi.services.tsa.service.serials import Serials
from tests.interop.bouncy_castle import bouncy_castle

DATA = b"what is stamped"
PSS = SignatureAlgorithm(Scheme.RSA_PSS, DigestAlgorithm.SHA256, 32)
PKCS7 = ("P-256", "P-384", "RSA-2048", "RSA-3072", "RSA-4096")
"""What `openssl ts` and rfc3161-client know: both verify as PKCS #7."""
ALL = (*PKCS7, "Ed25519", "RSA-PSS", "qualified")


@dataclass
class Stamped:
    """A query and the answers of service and lane."""

    chain: tuple[Certificate, ...]
    query: Path
    replies: tuple[Path, Path]


def unit(domain: Domain, name: str) -> TimeStampUnit:
    key_type = {"RSA-PSS": KeyType.RSA_2048, "qualified": KeyType.P_256}.get(name) or KeyType(name)
    key = domain.keys.generate(name, key_type)
    subject = DistinguishedName.of(countryName="JP", organizationName="Shirushi", commonName=f"TSU {name}")
    request = CertificateRequest(authority="issuing", profile="tsu", subject=subject, public_key=key.spki)
    chain = domain.ca.chain(domain.ca.issue(request).certificate)
    algorithm = PSS if name == "RSA-PSS" else signature_algorithm(key_type)
    return TimeStampUnit(
        name, name, chain, "1.2.392.200", timedelta(milliseconds=1500), algorithm, name == "qualified"
    )


@pytest.fixture(scope="module")
def stamped(template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stamped]:
    import shutil

    folder = tmp_path_factory.mktemp("stamped")
    data = shutil.copytree(template, folder / "domain")
    found = {}
    with open_domain(data) as domain:
        for name in ALL:
            made = unit(domain, name)
            database, clock = domain.ports.database, domain.ports.guarded_clock
            service = TimeStampingAuthority(
                units=[made], keys=domain.keys, clock=clock, database=database, audit=AuditTrail(clock)
            )
            lane = LaneStamper([made], domain.keys, Serials(database, clock))
            sha256 = DigestAlgorithm.SHA256
            query = encode_timestamp_request(
                TimeStampRequest(
                    Digest(sha256, sha256.digest(DATA)), nonce=b"\x01\xfe\xdc", certificates_requested=True
                )
            )
            replies = (service.answer(LOCAL_OPERATOR, query), lane.answer(query).response)
            paths = [folder / f"{name}{ending}" for ending in (".tsq", ".service.tsr", ".lane.tsr")]
            for path, content in zip(paths, (query, *replies), strict=True):
                path.write_bytes(content)
            found[name] = Stamped(made.chain, paths[0], (paths[1], paths[2]))
    (folder / "root.pem").write_bytes((template / "trust" / "root.pem").read_bytes())
    (folder / "issuing.pem").write_bytes((template / "certificates" / "issuing.pem").read_bytes())
    return found


@pytest.mark.needs("openssl", "openssl")
@pytest.mark.parametrize("name", [*PKCS7, "qualified"])
def test_openssl(stamped: dict[str, Stamped], name: str) -> None:
    made = stamped[name]
    folder = made.query.parent
    trusted = ["-CAfile", str(folder / "root.pem"), "-untrusted", str(folder / "issuing.pem")]
    for reply in made.replies:
        command = ["openssl", "ts", "-verify", "-queryfile", str(made.query), "-in", str(reply), *trusted]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert "Verification: OK" in done.stdout, done.stderr


@pytest.mark.parametrize("name", [*PKCS7, "qualified"])
def test_rfc3161_client(stamped: dict[str, Stamped], name: str) -> None:
    made = stamped[name]
    certificates = [load_der_x509_certificate(each.der) for each in made.chain]
    verifier = rfc3161_client.VerifierBuilder(
        tsa_certificate=certificates[0],
        intermediates=certificates[1:-1],
        roots=certificates[-1:],
        nonce=0x01FEDC,
    ).build()
    for reply in made.replies:
        response = rfc3161_client.decode_timestamp_response(reply.read_bytes())
        assert verifier.verify_message(response, DATA)
        with pytest.raises(rfc3161_client.VerificationError):
            verifier.verify_message(response, b"something else")


def test_bouncy_castle(stamped: dict[str, Stamped]) -> None:
    pairs = [str(path) for made in stamped.values() for reply in made.replies for path in (made.query, reply)]
    foreign = [str(stamped["P-256"].query), str(damaged(stamped["P-256"].replies[0]))]
    said = bouncy_castle("TimeStampJudge", *pairs, *foreign)
    names = [f"{name} {place}" for name in stamped for place in ("service", "lane")]
    assert {n: line for n, line in zip(names, said, strict=False) if not line.startswith("accepted")} == {}
    assert len(said) == len(names) + 1
    assert said[-1].startswith("refused")


def damaged(reply: Path) -> Path:
    """The same response, with its signature value altered."""
    path = reply.with_suffix(".damaged")
    content = bytearray(reply.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    return path


def test_certificate_and_token_are_as_the_profiles_demand(stamped: dict[str, Stamped]) -> None:
    """EN 319 422 §6, RFC 3161 §2.3: one critical purpose; ESSCertIDv2; accuracy; no ordering."""
    for made in stamped.values():
        extensions = made.chain[0].extensions
        assert extensions.extended_key_usage == {"1.3.6.1.5.5.7.3.8"}
        assert "2.5.29.37" in extensions.critical
        assert extensions.private_key_usage is not None
        for reply in made.replies:
            token = parse_timestamp_response(reply.read_bytes()).token
            assert token is not None
            assert der.oid("1.2.840.113549.1.9.16.2.47") in token
            assert der.oid("1.2.840.113549.1.9.16.2.12") not in token
