"""A list as it came, read once: what it says, and its signature as evidence."""

from __future__ import annotations

from shirushi.codecs.xml.reader import parse_xml
from shirushi.codecs.xml.trusted_list import read_trusted_list
from shirushi.codecs.xml.trusted_list.structure import structure_faults
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.core.reason import reason
from shirushi.formats.xades.parse import evidences
from shirushi.rules.lists import Candidate


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
