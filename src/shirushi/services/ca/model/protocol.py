"""The protocol of a key ceremony: a text in Japanese and English that anyone can verify by itself."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass

from shirushi.codecs.asn1.pem import certificates_in, public_key_in, public_key_to_pem, to_pem
from shirushi.core.algorithms import KeyType, SignatureAlgorithm, signature_algorithm
from shirushi.core.errors import MalformedInput, ShirushiError
from shirushi.core.evidence import Certificate
from shirushi.core.instant import instant, rfc3339
from shirushi.core.primitives import verify
from shirushi.services.ca.model.authority import Authority
from shirushi.services.ca.model.control import Approval, Motion, Officer

_BEGIN = "-----BEGIN SHIRUSHI CEREMONY SIGNATURE-----"
_END = "-----END SHIRUSHI CEREMONY SIGNATURE-----"
_APPROVAL = re.compile(
    r"^- (?P<name>\S+) @ (?P<at>\S+)\n  (?P<signature>[A-Za-z0-9+/=]+)\n"
    r"(?P<key>-----BEGIN PUBLIC KEY-----\n.*?-----END PUBLIC KEY-----\n)",
    re.DOTALL | re.MULTILINE,
)


class ProtocolAltered(ShirushiError):
    """The protocol is not what the officers and the authority's key signed."""

    code = "CA_PROTOCOL_ALTERED"


@dataclass(frozen=True, slots=True)
class ProtocolFacts:
    """What a verified protocol proves."""

    authority: str
    certificate: Certificate
    approved_by: tuple[str, ...]
    needed: int


def protocol_text(motion: Motion, authority: Authority) -> bytes:
    """The text that the authority's own key signs."""
    certificate = authority.certificate
    approvals = "".join(
        f"- {each.officer.name} @ {rfc3339(each.at)}\n  {b64encode(each.signature).decode()}\n"
        f"{public_key_to_pem(each.officer.spki)}"
        for each in motion.approvals
        if each.covers(motion.statement)
    )
    lines = (
        "鍵生成セレモニー記録 / Record of a key ceremony",
        "",
        f"認証局 / Authority: {authority.name}",
        f"主体者 / Subject: {certificate.subject.text}",
        f"発行者 / Issuer: {certificate.issuer.text}",
        f"鍵 / Key: {authority.definition.key_type.value}, {authority.key_label}",
        f"証明書 / Certificate: {certificate.serial_number:x}, SHA-256 {certificate.id}",
        f"有効期間 / Validity: {rfc3339(certificate.not_before)} .. {rfc3339(certificate.not_after)}",
        f"定足数 / Quorum: {motion.control.needed} / {len(motion.control.officers)}",
        f"起案 / Opened: {rfc3339(motion.opened_at)}",
        "",
        "承認された文 / Statement approved (each officer signed exactly this line):",
        motion.statement,
        "",
        "承認 / Approvals (ECDSA P-256 with SHA-256, base64 DER, and the public key):",
    )
    return ("\n".join(lines) + f"\n{approvals}\n" + to_pem(certificate)).encode()


def signed_protocol(text: bytes, value: bytes) -> str:
    """The protocol with the authority's signature over all that stands before it."""
    return f"{text.decode()}{_BEGIN}\n{b64encode(value).decode()}\n{_END}\n"


def verify_protocol(protocol: str) -> ProtocolFacts:
    """Hold a protocol against itself: its authority's signature, and each officer's over what was approved.

    Whether the certificate in it is one's own root, and the officers' keys theirs, is for the reader to compare.
    Raises `ProtocolAltered`.
    """
    text, found, rest = protocol.partition(_BEGIN)
    try:
        value = b64decode(rest.partition(_END)[0].strip(), validate=True)
        (certificate,) = certificates_in(text.encode())
        statement = text.partition("exactly this line):\n")[2].partition("\n")[0]
        said = json.loads(statement)
        approvals = [
            Approval(
                Officer(each["name"], "", public_key_in(each["key"].encode())),
                instant(each["at"]),
                b64decode(each["signature"]),
            )
            for each in _APPROVAL.finditer(text)
        ]
        names = tuple(dict.fromkeys(each.officer.name for each in approvals if each.covers(statement)))
        spki = certificate.public_key.spki
        signed = any(verify(spki, a, value, text.encode()) for a in _algorithms(said["key_type"]))
        whole = signed and said["subject_der"] == certificate.subject.der.hex()
        if not (found and whole) or len(names) < said["needed"] or len(names) != len(approvals):
            raise ProtocolAltered
        return ProtocolFacts(said["authority"], certificate, names, said["needed"])
    except (ValueError, KeyError, TypeError, AttributeError, MalformedInput) as error:
        raise ProtocolAltered from error


def _algorithms(key_type: str) -> list[SignatureAlgorithm]:
    kind = KeyType(key_type)
    return [signature_algorithm(kind), *([signature_algorithm(kind, pss=True)] if "RSA" in key_type else [])]
