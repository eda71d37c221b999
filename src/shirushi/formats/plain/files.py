"""Files whose media type does not tell what they hold: each is read as what its content says that it is."""

from __future__ import annotations

from collections.abc import Sequence

from shirushi.codecs.xml.evidence_record import is_evidence_record, read_evidence_record
from shirushi.codecs.xml.reader import parse_xml
from shirushi.core.document import Document
from shirushi.core.evidence import SignatureEvidence
from shirushi.formats.cades.format import Cades
from shirushi.formats.cms import oids
from shirushi.formats.cms.structure import read_signed_data
from shirushi.formats.plain.records import document_object, lone_record
from shirushi.formats.plain.tokens import parse_token
from shirushi.formats.xades.parse import evidences


def parse_xml_file(document: Document, contents: Sequence[Document] = ()) -> tuple[SignatureEvidence, ...]:
    """An evidence record (RFC 6283), or the signatures of the document. Raises `MalformedInput`."""
    found = parse_xml(document.read())
    if not is_evidence_record(found.root):
        return tuple(evidences(found, contents))
    record = read_evidence_record(found, found.root)
    return (lone_record(record, [document_object(each, record) for each in contents], document.name),)


def parse_cms_file(document: Document, contents: Sequence[Document] = ()) -> tuple[SignatureEvidence, ...]:
    """A time-stamp token, which is a CMS as well, or the signatures of a CMS. Raises `MalformedInput`."""
    if document.size <= _LARGEST_TOKEN:
        data = read_signed_data(document.read())
        if data.content_type == oids.TST_INFO and data.content is not None:
            return parse_token(document, contents)
    return Cades().parse(document, contents)


_LARGEST_TOKEN = 1 << 20
"""In bytes: what is larger is no token."""
