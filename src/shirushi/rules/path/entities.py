"""Certification authorities behind their certificates: a name with a key, of which there may be many certificates."""

from __future__ import annotations

from shirushi.core.evidence import Certificate, Material, Name


def entity(certificate: Certificate) -> tuple[Name, bytes]:
    """The subject with its public key (SubjectPublicKeyInfo): what makes two certificates speak of the same authority."""
    return certificate.subject, certificate.public_key.spki


def same_entity(one: Certificate, other: Certificate) -> bool:
    """Whether both certify the same key for the same name.

    A DSA key that inherits its parameters is a key only together with its issuer's: it equals no other.
    """
    if one.id == other.id:
        return True
    return entity(one) == entity(other) and not one.public_key.parameters_inherited


def verifies(material: Material, signed_id: str, signer: Certificate) -> bool:
    """Whether the object `signed_id` verifies under the signer's key, tried with this certificate of it or another."""
    return material.is_signed_by(signed_id, signer) or any(
        same_entity(certificate, signer) for certificate in material.signers_of(signed_id)
    )
