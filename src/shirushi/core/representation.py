"""In whose name a signature stands: a person's own (当事者型), a company's e-seal, or a platform's on behalf of a user (立会人型)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from shirushi.core.evidence import Certificate, SignatureEvidence

_ORGANIZATION_IDENTIFIER = "2.5.4.97"
_NATURAL_PERSON = ("2.5.4.42", "2.5.4.4", "2.5.4.65")  # givenName, surname, pseudonym (EN 319 412-2 §4.2.4)
_ON_BEHALF = re.compile(r"(?:^|; )Sealed by the platform on behalf of (\S.*) \(立会人型\)$")


class Representation(Enum):
    """Whose will a signature shows."""

    OWN = "own"
    """A natural person's own signature, by a key that is theirs (当事者型)."""
    SEAL = "seal"
    """A legal person's e-seal."""
    ON_BEHALF = "on-behalf"
    """A seal of the platform, put on a user's instruction: the platform testifies, the user has no key (立会人型)."""


@dataclass(frozen=True, slots=True)
class Represented:
    """In whose name a signature stands. `user` is whom the seal names where it is put on behalf of one."""

    representation: Representation
    user: str = ""


def on_behalf_of(user: str) -> str:
    """What a platform's seal says of itself, as its reason or as a claimed role."""
    return f"Sealed by the platform on behalf of {user} (立会人型)"


def representation_of(signature: SignatureEvidence) -> Represented | None:
    """In whose name the signature stands, None without a certificate, and for what only proves existence.

    Whom a seal stands for is what the seal says; that it is a seal is what the certificate says. A natural person's
    own signature is never told as another's.
    """
    certificate = signature.signing_certificate
    if certificate is None or signature.stands_alone:
        return None
    if not is_seal(certificate):
        return Represented(Representation.OWN)
    for _, value in signature.claims:
        found = _ON_BEHALF.search(value)
        if found:
            return Represented(Representation.ON_BEHALF, found[1])
    return Represented(Representation.SEAL)


def is_seal(certificate: Certificate) -> bool:
    """Whether the certificate names a legal person (EN 319 412-3 §4.2.1): an organisation's identifier, and no person."""
    subject = certificate.subject
    return subject.get(_ORGANIZATION_IDENTIFIER) is not None and not any(map(subject.get, _NATURAL_PERSON))
