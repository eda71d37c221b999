"""A list as it came, read once: what it says, and its signature as evidence."""

from __future__ import annotations

from shirushi.codecs.xml.reader import parse_xml
from shirushi.codecs.xml.trusted_list import read_trusted_list
from shirushi.codecs.xml.trusted_list.structure import structure_faults
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.core.instant import Instant
from shirushi.core.reason import reason
from shirushi.formats.xades.parse import evidences
from shirushi.rules.lists import Candidate, ListJudgement
from shirushi.services.trustlist.model import Snapshot


def candidate(document: Document) -> Candidate:
    """The list in `document`; never raises for what is wrong with it."""
    digest = document.digest(DigestAlgorithm.SHA256).value.hex()
    try:
        xml = parse_xml(document.read())
        trusted_list = read_trusted_list(xml)
        signatures = tuple(evidences(xml))
    except MalformedInput as error:
        return Candidate(document.name, digest, None, fault=reason(error.code, **error.parameters))
    return Candidate(document.name, digest, trusted_list, signatures, structure_faults(xml, trusted_list))


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
