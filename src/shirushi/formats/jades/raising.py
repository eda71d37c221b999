"""Raising a signature's level: what it lacks, and how that is put in (TS 119 182-1 §5.3, §6.3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shirushi.codecs.jose.errors import MalformedJws
from shirushi.codecs.jose.jws import Jws, parse_jws
from shirushi.codecs.jose.writing import CANONICAL
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.evidence import Level, TimeStampKind
from shirushi.formats.cms.structure import readable_certificates, readable_crls, readable_ocsp_responses
from shirushi.formats.jades import unsigned
from shirushi.formats.jades.declined import ContentMissing
from shirushi.formats.jades.evidence import Examination
from shirushi.formats.jades.parse import examine
from shirushi.formats.jades.payload import digest_of
from shirushi.formats.jades.places import evidence_id, find, is_archived, with_component
from shirushi.formats.long_term import held_ids, path_ids, signature_lacks
from shirushi.formats.protocol import MaterialNeeded, StampNeeded, ValidationMaterial

_IMPRINT = DigestAlgorithm.SHA256


def read(document: Document) -> Jws:
    """The JWS that a document is; raises `MalformedJws` for any other."""
    jws = parse_jws(document.read())
    if jws is None:
        raise MalformedJws(detail="JSON without a signature")
    return jws


def next_need(
    document: Document,
    level: Level,
    *,
    contents: Sequence[Document],
    signature: str,
    archive_timestamps: int,
    anchor_keys: Collection[bytes],
) -> StampNeeded | MaterialNeeded | None:
    """As `Format.next_need`; a counter-signature under an archive time-stamp needs nothing more than that."""
    if level is Level.B_B:
        return None
    jws = read(document)
    place = find(jws, signature)
    if is_archived(jws, place):
        return None
    examination, own = examine(place, contents), evidence_id(place.signature)
    found = examination.components
    if not any(each.name == "sigTst" for each in found):
        value = place.signature.signature.encode("ascii")
        return StampNeeded(digest_of([value], _IMPRINT), TimeStampKind.SIGNATURE, own)
    if level is Level.B_T:
        return None
    archived = sum(each.name == "arcTst" for each in found)
    if level is Level.B_LTA and archived >= archive_timestamps:
        return None
    chains = signature_lacks(examination.evidence(), archives=level is Level.B_LTA, anchor_keys=anchor_keys)
    if chains:
        return MaterialNeeded(chains, own)
    if level is Level.B_LT:
        return None
    pieces = examination.stamped("arcTst", len(found), CANONICAL)
    if pieces is None:
        absent = [each.name for each in examination.covered.references if not each.found]
        raise ContentMissing(name=", ".join(absent) or "-")
    return StampNeeded(digest_of(pieces, _IMPRINT), TimeStampKind.ARCHIVE, own)


def attach(
    document: Document, need: StampNeeded | MaterialNeeded, material: bytes | ValidationMaterial
) -> Jws:
    """As `Format.attach`, as a JWS."""
    jws = read(document)
    place = find(jws, need.signature)
    match need, material:
        case StampNeeded(), bytes():
            archive = need.kind is TimeStampKind.ARCHIVE
            canonical = archive and unsigned.is_clear(unsigned.components(place.signature)[0])
            name = "arcTst" if archive else "sigTst"
            return with_component(jws, place, name, unsigned.time_stamp(material, canonical=canonical))
        case MaterialNeeded(), ValidationMaterial():
            for name, value in _material(examine(place, ()), material):
                jws = with_component(jws, place, name, value)
            return jws
        case _:
            raise TypeError("a token for a StampNeeded, ValidationMaterial for a MaterialNeeded")


def _material(examination: Examination, material: ValidationMaterial) -> list[tuple[str, object]]:
    """What the signature does not hold yet: for its own chain, and for those of its time-stamps."""
    evidence = examination.evidence()
    held = held_ids(evidence)
    certificates = [c for c in readable_certificates(material.certificates) if c.id not in held]
    crls = [c for c in readable_crls(material.crls) if c.id not in held]
    responses = {
        response.id: encoding
        for encoding in material.ocsp_responses
        for response in readable_ocsp_responses([encoding])
        if response.id not in held
    }
    own = path_ids(evidence, certificates, crls, readable_ocsp_responses(responses.values()))
    present = {each.name for each in examination.components}
    values = set[str]() if "xVals" in present else own
    told = set[str]() if "rVals" in present else own
    first_certificates = unsigned.certificate_values(c.der for c in certificates if c.id in values)
    first_revocation = unsigned.revocation_values(
        (c.der for c in crls if c.id in told), (e for i, e in responses.items() if i in told)
    )
    rest_certificates = unsigned.certificate_values(c.der for c in certificates if c.id not in values)
    rest_revocation = unsigned.revocation_values(
        (c.der for c in crls if c.id not in told), (e for i, e in responses.items() if i not in told)
    )
    rest: dict[str, object] = {}
    if rest_certificates:
        rest["xVals"] = rest_certificates
    if rest_revocation:
        rest["rVals"] = rest_revocation
    parts = (("xVals", first_certificates), ("rVals", first_revocation), ("tstVD", rest))
    return [(name, value) for name, value in parts if value]
