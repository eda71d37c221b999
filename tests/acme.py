"""An ACME client of the tests' own, which can also lie; certification requests; control of names that a test sets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jwk, jws

from shirushi.codecs.jose.text import encode_base64url
from shirushi.ports.domain_control import LookupFailed

JOSE = "application/jose+json"


def request(
    names: Iterable[str] = (),
    *,
    key: Any = None,
    common: str | None = None,
    extensions: Any = (),
    attributes: Any = (),
) -> bytes:
    """A PKCS#10 request in DER."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = [x509.NameAttribute(x509.NameOID.COMMON_NAME, common)] if common else []
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(subject))
    if names := list(names):
        builder = builder.add_extension(x509.SubjectAlternativeName(map(x509.DNSName, names)), critical=False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    for oid, value in attributes:
        builder = builder.add_attribute(oid, value)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@dataclass
class SetControl:
    """Serves the port `DomainControl` from what a test puts there."""

    files: dict[str, bytes] = field(default_factory=dict)
    records: dict[str, tuple[str, ...]] = field(default_factory=dict)
    certificates: dict[str, bytes] = field(default_factory=dict)
    permits: dict[str, tuple[bytes, ...] | Exception] = field(default_factory=dict)

    def http(self, host: str, path: str) -> bytes:
        try:
            return self.files[host + path]
        except KeyError:
            raise LookupFailed("HTTP 404") from None

    def txt(self, name: str) -> tuple[str, ...]:
        return self.records.get(name, ())

    def caa(self, name: str) -> tuple[bytes, ...]:
        found = self.permits.get(name, ())
        if isinstance(found, Exception):
            raise found
        return found

    def certificate(self, host: str, protocol: str) -> bytes:
        try:
            return self.certificates[host]
        except KeyError:
            raise LookupFailed(protocol) from None


@dataclass
class AcmeClient:
    """Signs requests with one key; `send` posts a body to an address and gives (status, header fields, octets)."""

    send: Callable[[str, bytes], Any]
    nonce: Callable[[], str]
    base: str
    key: Any = field(default_factory=lambda: jwk.generate_key("EC", "P-256"))
    algorithm: str = "ES256"
    kid: str | None = None

    def signed(
        self, url: str, payload: Any, *, header: dict[str, Any] | None = None, key: Any = None
    ) -> bytes:
        """A flattened JWS; `header` takes the place of the protected header where it is given."""
        if header is None:
            who = {"kid": self.kid} if self.kid else {"jwk": self.key.as_dict(private=False)}
            header = {"alg": self.algorithm, "nonce": self.nonce(), "url": url} | who
        octets = (
            b""
            if payload is None
            else payload
            if isinstance(payload, bytes)
            else json.dumps(payload).encode()
        )
        registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
        registry.max_header_length = 8192
        made = jws.serialize_json({"protected": header}, octets, key or self.key, registry=registry)
        return json.dumps(made).encode()

    def post(self, path: str, payload: Any = None) -> Any:
        url = path if path.startswith("http") else self.base + path
        return self.send(url, self.signed(url, payload))

    def register(self, **asked: Any) -> Any:
        answer = self.post("/acme/new-account", {"termsOfServiceAgreed": True} | asked)
        if answer.status_code < 300:
            self.kid = answer.headers["location"]
        return answer

    def key_authorization(self, token: str) -> str:
        return f"{token}.{self.key.thumbprint()}"

    def order(self, *names: str, **more: Any) -> Any:
        return self.post(
            "/acme/new-order", {"identifiers": [{"type": "dns", "value": n} for n in names]} | more
        )

    def authorize(self, order: Any, control: SetControl, kind: str = "http-01") -> list[Any]:
        """Put what the challenges demand into place, and have them looked at."""
        answers = []
        for url in order["authorizations"]:
            found = self.post(url).json()
            host = found["identifier"]["value"]
            challenge = next(each for each in found["challenges"] if each["type"] == kind)
            wanted = self.key_authorization(challenge["token"])
            control.files[f"{host}/.well-known/acme-challenge/{challenge['token']}"] = wanted.encode() + b"\n"
            digest = hashes.Hash(hashes.SHA256())
            digest.update(wanted.encode())
            text = encode_base64url(digest.finalize())
            control.records[f"_acme-challenge.{host}"] = ("other", text)
            answers.append(self.post(challenge["url"], {}))
        return answers

    def finalize(self, order: Any, csr: bytes) -> Any:
        return self.post(order["finalize"], {"csr": encode_base64url(csr)})
