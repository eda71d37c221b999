"""JSON Web Signatures as evidence: every signature of a document."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from shirushi.codecs.jose.jws import Jws, JwsSignature, parse_jws
from shirushi.codecs.jose.strict import parse_object
from shirushi.codecs.jose.text import decode_base64url
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import SignatureEvidence
from shirushi.core.reason import reason
from shirushi.formats.jades.declined import ContentMissing
from shirushi.formats.jades.evidence import Examination, unreadable
from shirushi.formats.jades.level import baseline_failings, claimed_level
from shirushi.formats.jades.places import Place, places


def parse(document: Document, contents: Sequence[Document] = ()) -> tuple[SignatureEvidence, ...]:
    """Every signature in document order, counter-signatures after what they counter-sign; empty for other JSON.

    `contents` are what detached signatures cover. Raises what `parse_jws` raises, and `ContentUndisclosed` where of
    content that is itself signed only a digest is known.
    """
    jws = parse_jws(document.read())
    return () if jws is None else tuple(evidences(jws, contents))


def held_content(document: Document) -> bytes:
    """The content that a JWS holds, as its first signature says that it is encoded; whether it is intact, `parse` tells.

    Raises `ContentMissing` for a detached one, and what `parse_jws` raises.
    """
    jws = parse_jws(document.read())
    if jws is None or not jws.payload:
        raise ContentMissing(name=document.name or "payload")
    return jws.payload.encode("utf-8") if _unencoded(jws.signatures[0]) else decode_base64url(jws.payload)


def evidences(jws: Jws, contents: Sequence[Document] = ()) -> Iterator[SignatureEvidence]:
    """As `parse`, of a document that was read already."""
    differing = len({_unencoded(each) for each in jws.signatures}) > 1
    for place in places(jws):
        evidence = examined(place, contents)
        if differing:  # RFC 7797 §3: the payload has one meaning for all
            failing = reason("JADES_PAYLOAD_AMBIGUOUS")
            evidence = dataclasses.replace(evidence, structure=(failing, *evidence.structure))
        yield evidence


def _unencoded(signature: JwsSignature) -> bool:
    try:
        return parse_object(decode_base64url(signature.protected)).get("b64") is False
    except MalformedInput:
        return False


def examine(place: Place, contents: Sequence[Document]) -> Examination:
    """One signature, examined; raises `MalformedInput` where it cannot be read."""
    return Examination(place.payload, place.signature, contents, place.countersigned)


def examined(place: Place, contents: Sequence[Document]) -> SignatureEvidence:
    """The evidence of one signature with the level that it claims; raises at most `ContentUndisclosed`."""
    try:
        examination = examine(place, contents)
    except MalformedInput as error:
        return unreadable(place.signature, place.countersigned, error)
    evidence, failings = examination.evidence(), baseline_failings(examination)
    return dataclasses.replace(
        evidence,
        level=claimed_level(evidence, failings),
        level_failings=(*evidence.level_failings, *failings),
    )
