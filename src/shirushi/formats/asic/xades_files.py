"""XAdES signature files within a container: read as evidence, found, and written (EN 319 162-1 §4.3.3.2, §4.4.3.1)."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass

from shirushi.codecs.xml.errors import MalformedXml
from shirushi.codecs.xml.reader import parse_xml
from shirushi.core.document import Bytes, Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Reference, SignatureEvidence
from shirushi.core.reason import Reason, reason
from shirushi.formats.asic.container import LOOK, AsicKind, Container
from shirushi.formats.asic.manifest import NAMESPACE, from_uri
from shirushi.formats.xades import raising, writing
from shirushi.formats.xades.declined import SignatureNotFound
from shirushi.formats.xades.parse import evidences, parse

XML = "application/xml"
UNKNOWN_TYPE = "application/octet-stream"


class XadesFiles:
    """XAdES in a container: each signature refers to the data objects themselves."""

    def names(self, container: Container) -> tuple[str, ...]:
        """`META-INF/*signatures*.xml`."""
        return container.xades_signatures

    def parse(self, container: Container, name: str) -> tuple[SignatureEvidence, ...]:
        """The signatures of one file, each reference under the name of the file that it is to."""
        failings: tuple[Reason, ...] = ()
        if container.kind is AsicKind.S and len(container.data_objects) != 1:
            failings = (reason("ASIC_DATA_OBJECT_COUNT", count=len(container.data_objects)),)
        container.spend(LOOK * len(container.names), name)
        contents = [each for own, each in container.contents.items() if own != name]
        xml = parse_xml(container.read(name), container.effort)
        return tuple(
            dataclasses.replace(
                evidence,
                name=name,
                references=tuple(_named(container, each) for each in evidence.references),
                structure=(*failings, *evidence.structure),
            )
            for evidence in evidences(xml, contents, container.content_digests)
        )


def _named(container: Container, reference: Reference) -> Reference:
    """The reference by the file's own name: it counts only where the container has a file of exactly that name."""
    if not reference.name or reference.name.startswith("#"):
        return reference
    name = from_uri(reference.name)
    if container.entry(name) is None:
        return Reference(name, found=False, intact=None, digest_algorithm=reference.digest_algorithm)
    return dataclasses.replace(reference, name=name)


def signature_document(container: Container, name: str) -> Document:
    """A signature file as a document."""
    return Document(Bytes(container.read(name)), b"", name, XML)


def signed_documents(container: Container, media_types: dict[str, str]) -> list[Document]:
    """Every data object with the media type that is known of it."""
    known = {**container.media_types, **media_types}
    return [
        dataclasses.replace(container.document(name), media_type=known.get(name) or UNKNOWN_TYPE)
        for name in container.data_objects
    ]


@dataclass(frozen=True, slots=True)
class XadesPlace:
    """A signature: the file it stands in, and its id."""

    name: str
    id: str


def find_signature(container: Container, signature: str = "") -> XadesPlace:
    """The signature of that id, by default the one that claims the latest time; raises `SignatureNotFound`."""
    found: list[tuple[str, int, str, str]] = []
    for name in container.xades_signatures:
        try:
            found_here = parse(signature_document(container, name))
        except MalformedInput:
            continue
        for number, each in enumerate(found_here):
            if each.id == signature or (not signature and not each.countersigns):
                claimed = each.claimed_signing_time
                found.append((claimed.isoformat() if claimed else "", number, name, each.id))
    if not found:
        raise SignatureNotFound(signature=signature or "-")
    *_, name, id_ = max(found, key=lambda each: (each[0], each[2], each[1]))
    return XadesPlace(name, id_)


def with_signature(before: bytes | None, signature: bytes) -> bytes:
    """The signature file with one more signature in its `asic:XAdESSignatures` (annex A.5); a new one where None."""
    if before is None:
        root = f'<asic:XAdESSignatures xmlns:asic="{NAMESPACE}">'.encode()
        return b"%b%b%b</asic:XAdESSignatures>" % (writing.DECLARATION, root, signature)
    xml = parse_xml(before)
    if not xml.root.tag.endswith("}XAdESSignatures"):
        raise MalformedXml(detail="no XAdESSignatures")
    head, tail = raising.around_signature(xml, xml.root, hashlib.sha256(signature).hexdigest())
    return head + signature + tail
