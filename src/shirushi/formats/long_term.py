"""Which certificates still lack validation material: what B-LT of every format asks for (EN 319 102-1 §5.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shirushi.codecs.asn1.material import build_material
from shirushi.core.evidence import Certificate, Crl, Material, OcspResponse, SignatureEvidence


def tells_status(
    certificate: Certificate, crls: Iterable[Crl], ocsp_responses: Iterable[OcspResponse]
) -> bool:
    """Whether there is a list of the certificate's issuer or a response about the certificate."""
    return any(crl.issuer == certificate.issuer for crl in crls) or any(
        single.certificate.serial_number == certificate.serial_number
        for response in ocsp_responses
        for single in response.responses
    )


def held_path(certificate: Certificate, material: Material) -> tuple[Certificate, ...]:
    """The certificate and the issuers above it that are at hand, as far as signatures verify."""
    path = [certificate]
    while not path[-1].self_issued or not material.is_signed_by(path[-1].id, path[-1]):
        above = next(
            (
                each
                for each in material.certificates
                if each not in path and material.is_signed_by(path[-1].id, each)
            ),
            None,
        )
        if above is None:
            break
        path.append(above)
    return tuple(path)


def lacks_material(path: Sequence[Certificate], material: Material) -> bool:
    """Whether revocation data of any certificate of a held path is missing.

    The topmost may be the anchor, which needs none, unless it is the end-entity itself.
    """
    below = path[:-1] if len(path) > 1 or path[-1].self_issued else path
    return any(
        not each.extensions.short_term and not tells_status(each, material.crls, material.ocsp_responses)
        for each in below
    )


def lacking_chains(
    signatures: Iterable[SignatureEvidence], around: Iterable[SignatureEvidence]
) -> tuple[tuple[Certificate, ...], ...]:
    """The chains of those of `signatures`, each a document's signature or a token's, whose material is missing.

    `around` are all signatures and tokens whose certificates and revocation data are at hand.
    """
    around = tuple(around)
    material = build_material(
        (c for s in around for c in s.certificates),
        (c for s in around for c in s.crls),
        (r for s in around for r in s.ocsp_responses),
    )
    chains = (
        held_path(signature.signing_certificate, material)
        for signature in signatures
        if signature.signing_certificate is not None
    )
    return tuple(dict.fromkeys(chain for chain in chains if lacks_material(chain, material)))
