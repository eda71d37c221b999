"""Which certificates still lack validation material: what B-LT of every format asks for (EN 319 102-1 §5.6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile

from shirushi.codecs.asn1.material import build_material
from shirushi.core.evidence import (
    Certificate,
    Crl,
    Material,
    OcspResponse,
    SignatureEvidence,
    TimeStampEvidence,
)


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


def lacks_material(
    path: Sequence[Certificate], material: Material, anchor_keys: Collection[bytes] = ()
) -> bool:
    """Whether revocation data of any certificate of a held path below its anchor is missing.

    The anchor is the first whose key is among `anchor_keys`. Where none is, it may be the topmost, unless that is the
    end-entity itself.
    """
    below = tuple(takewhile(lambda each: each.public_key.spki not in anchor_keys, path))
    if len(below) == len(path) and (len(path) > 1 or path[-1].self_issued):
        below = below[:-1]
    return any(
        not each.extensions.no_status_expected
        and not tells_status(each, material.crls, material.ocsp_responses)
        for each in below
    )


def lacking_chains(
    signatures: Iterable[SignatureEvidence],
    around: Iterable[SignatureEvidence],
    anchor_keys: Collection[bytes] = (),
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
    return tuple(dict.fromkeys(chain for chain in chains if lacks_material(chain, material, anchor_keys)))


def signature_lacks(
    evidence: SignatureEvidence, *, archives: bool, anchor_keys: Collection[bytes] = ()
) -> tuple[tuple[Certificate, ...], ...]:
    """The chains of a signature and its tokens without material: of an archive time-stamp it is put in when the next one is to cover it."""
    stamps = (*evidence.content_timestamps, *evidence.signature_timestamps)
    tokens = tuple(stamp.signature for stamp in stamps)
    archived = tuple(stamp.signature for stamp in evidence.archive_timestamps)
    wanted = (evidence, *tokens, *(archived if archives else ()))
    return lacking_chains(wanted, (evidence, *tokens, *archived), anchor_keys)


def ids_of(
    certificates: Iterable[Certificate], crls: Iterable[Crl], responses: Iterable[OcspResponse]
) -> set[str]:
    """The ids of certificates and revocation data."""
    return {c.id for c in certificates} | {c.id for c in crls} | {r.id for r in responses}


def ids_of_stamps(stamps: Iterable[TimeStampEvidence]) -> set[str]:
    """The ids of tokens and of what they carry."""
    found: set[str] = set()
    for each in stamps:
        token = each.signature
        found |= {each.id, token.id}
        found |= ids_of(token.certificates, token.crls, token.ocsp_responses)
        found |= ids_of_stamps((*token.content_timestamps, *token.signature_timestamps))
    return found


def held_ids(evidence: SignatureEvidence) -> set[str]:
    """The ids of the certificates and revocation data that a signature and its tokens hold."""
    found = ids_of(evidence.certificates, evidence.crls, evidence.ocsp_responses)
    for stamp in (*evidence.content_timestamps, *evidence.signature_timestamps, *evidence.archive_timestamps):
        found |= held_ids(stamp.signature)
    return found


def path_ids(
    evidence: SignatureEvidence,
    certificates: Iterable[Certificate],
    crls: Iterable[Crl],
    responses: Iterable[OcspResponse],
) -> set[str]:
    """The ids of what belongs to the signer's path: its certificates, and what tells of them."""
    if evidence.signing_certificate is None:
        return set()
    crls, responses = tuple(crls), tuple(responses)
    material = build_material((*evidence.certificates, *certificates), crls, responses)
    path = held_path(evidence.signing_certificate, material)
    issuers, numbers = {c.issuer for c in path}, {c.serial_number for c in path}
    own = {c.id for c in path} | {c.id for c in crls if c.issuer in issuers}
    return own | {r.id for r in responses if any(s.certificate.serial_number in numbers for s in r.responses)}
