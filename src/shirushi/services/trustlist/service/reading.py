"""A list as it came, read once: what it says, and its signature as evidence."""

from __future__ import annotations

from shirushi.codecs.jose.jws import Serialization, parse_jws
from shirushi.codecs.jose.lote import VERSION, read_lote
from shirushi.codecs.xml.reader import parse_xml
from shirushi.codecs.xml.trusted_list import read_trusted_list
from shirushi.codecs.xml.trusted_list.structure import structure_faults
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import Document, document
from shirushi.core.errors import MalformedInput
from shirushi.core.instant import Instant
from shirushi.core.reason import reason
from shirushi.core.trusted_list import TrustedList
from shirushi.formats.jades.format import COMPACT_TYPE
from shirushi.formats.jades.parse import evidences as jose_evidences
from shirushi.formats.jades.parse import held_content
from shirushi.formats.xades.parse import evidences
from shirushi.rules.lists import Candidate, ListJudgement
from shirushi.services.trustlist.model import Snapshot

LOTE_VERSIONS = (VERSION,)
_JSON = (b"{", b"ey")
"""How JSON begins, and the base64url of a JWS in compact serialisation, which is that of a JSON object."""


def candidate(given: Document) -> Candidate:
    """The list in a document, in XML or JSON; never raises for what is wrong with it."""
    digest = given.digest(DigestAlgorithm.SHA256).value.hex()
    try:
        data = given.read()
        if _is_json(data):
            return _lote(given.name, digest, data)
        xml = parse_xml(data)
        trusted_list = read_trusted_list(xml)
        signatures = tuple(evidences(xml))
    except MalformedInput as error:
        return Candidate(given.name, digest, None, fault=reason(error.code, **error.parameters))
    return Candidate(given.name, digest, trusted_list, signatures, structure_faults(xml, trusted_list))


def _lote(name: str, digest: str, data: bytes) -> Candidate:
    """A list of trusted entities: compact JAdES and nothing else (TS 119 602 §6.8)."""
    jws = parse_jws(data)
    if jws is None:
        return Candidate(name, digest, read_lote(data), versions=LOTE_VERSIONS)
    found = read_lote(held_content(document(data, name, COMPACT_TYPE)))
    compact = jws.serialization is Serialization.COMPACT
    faults = () if compact else (reason("LIST_STRUCTURE", detail=jws.serialization.value),)
    return Candidate(name, digest, found, tuple(jose_evidences(jws)), faults, versions=LOTE_VERSIONS)


def read_content(data: bytes) -> TrustedList:
    """What the bytes of a list say that was accepted."""
    if not _is_json(data):
        return read_trusted_list(parse_xml(data))
    return read_lote(held_content(document(data)))


def _is_json(data: bytes) -> bool:
    return data.lstrip(b" \t\r\n")[:2].startswith(_JSON)


def snapshot_of(judgement: ListJudgement, content: bytes, now: Instant) -> Snapshot:
    """The snapshot of a list that is accepted now."""
    found = judgement.candidate
    assert found.trusted_list is not None
    return Snapshot(
        digest=found.digest,
        name=found.name,
        territory=found.trusted_list.territory,
        list_type=found.trusted_list.list_type,
        sequence=found.trusted_list.sequence,
        issued=found.trusted_list.issued,
        next_update=found.trusted_list.next_update,
        vouched_by=judgement.vouched_by,
        loaded_at=now,
        content=content,
    )
