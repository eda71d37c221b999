"""What the references of a signature select, and whether it is what was signed (XMLDSig §3.2.1)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from shirushi.codecs.xml.c14n import Canonicalization, NodeSet
from shirushi.codecs.xml.dsig import DsReference, DsSignature, read_references
from shirushi.codecs.xml.effort import LISTED
from shirushi.codecs.xml.errors import XmlTooComplex, XmlTransformUnsupported
from shirushi.codecs.xml.names import ds
from shirushi.codecs.xml.reader import Element, XmlDocument
from shirushi.codecs.xml.transforms import Ambiguous, node_set_and_octets, same_document
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import ContentUndisclosed, Document
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.core.evidence import Certificate, Reference
from shirushi.core.reason import Reason, reason
from shirushi.formats.uris import unescaped

_LARGEST_TRANSFORMED = 96 << 20
"""A detached document is read whole where a transform asks for it."""


Digests = dict[tuple[int, DigestAlgorithm], Digest]
"""By the identity of a document that is kept alive beside them."""


class Surroundings:
    """What the signatures of a document share: the document with its effort, and the `contents` that they may cover.

    `digests` over contents that other documents share: then the effort allows for the contents already.
    """

    def __init__(
        self, document: XmlDocument, contents: Sequence[Document] = (), digests: Digests | None = None
    ) -> None:
        self.document = document
        self.contents = tuple(contents)
        self.certificates: dict[Element, tuple[Certificate, ...]] = {}
        self._named: dict[str, list[Document]] = {}
        for each in self.contents:
            self._named.setdefault(each.name, []).append(each)
        self._digests: Digests = {} if digests is None else digests
        if digests is None:
            document.effort.allow(sum(each.size for each in self.contents))

    def named(self, name: str) -> Sequence[Document]:
        """The contents of that name."""
        return self._named.get(name, ()) if name else ()

    @cached_property
    def only_signatures(self) -> bool:
        """Whether nothing but signatures stands under the root."""
        return all(each.tag == ds("Signature") for each in self.document.root.iterchildren("{*}*"))

    def digest(self, octets: bytes | Document, algorithm: DigestAlgorithm) -> Digest:
        """The digest, of a content computed once; raises `UnsupportedAlgorithm`, `ContentUndisclosed`."""
        if not isinstance(octets, Document):
            return Digest(algorithm, algorithm.digest(octets))
        key = id(octets), algorithm
        if key not in self._digests:
            self.document.effort.spend(octets.size)
            self._digests[key] = octets.digest(algorithm)
        return self._digests[key]

    def digest_of(self, parts: Sequence[bytes | Document], algorithm: DigestAlgorithm) -> Digest:
        """As the function, counted."""
        self.document.effort.spend(sum(each.size for each in parts if isinstance(each, Document)))
        return digest_of(parts, algorithm)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A reference with what it selects: nodes of the same document, a detached document, or nothing.

    `reasons` say why nothing was selected.
    """

    reference: DsReference
    source: NodeSet | Document | None
    signature: Element = field(repr=False)
    around: Surroundings = field(repr=False)
    reasons: tuple[Reason, ...] = ()

    @property
    def element(self) -> Element | None:
        """The element that was dereferenced, None for a whole document and for what stands outside."""
        return self.source.apex if isinstance(self.source, NodeSet) else None

    def octets(self, final: Canonicalization = Canonicalization.INCLUSIVE) -> bytes | Document | None:
        """What the digest covers; a node-set at the end is made canonical under `final`.

        Raises `MalformedInput` where a transform is unknown here or fails.
        """
        if self.source is None:
            return None
        transforms = self.reference.transforms
        if isinstance(self.source, Document):
            if not transforms:
                return self.source
            self.around.document.effort.spend(self.source.size)
            if self.source.size > _LARGEST_TRANSFORMED:
                raise XmlTooComplex(what="bytes", limit=_LARGEST_TRANSFORMED)
            return node_set_and_octets(self.source.read(), transforms, None, self.around.document.effort)[0]
        return node_set_and_octets(
            self.source, transforms, self.signature, self.around.document.effort, final
        )[0]

    @property
    def is_manifest(self) -> bool:
        """Whether it is to a `ds:Manifest` of the same document."""
        return self.element is not None and self.element.tag == ds("Manifest")

    def checked(self) -> tuple[Reference, tuple[Reason, ...]]:
        """The reference as evidence, and what is to be said of it besides."""
        name = self.reference.uri if self.reference.uri is not None else self.reference.id
        algorithm = self.reference.digest_algorithm
        found = Reference(name, self.source is not None, None, algorithm)
        if self.source is None:
            return found, self.reasons
        try:
            octets = self.octets()
            digest = None if octets is None or algorithm is None else self.around.digest(octets, algorithm)
        except (XmlTransformUnsupported, XmlTooComplex) as error:
            return found, (reason(error.code, **error.parameters),)
        except (UnsupportedAlgorithm, ContentUndisclosed):
            return found, ()
        except MalformedInput:
            return dataclasses.replace(found, intact=False), ()
        if digest is None:
            return found, ()
        intact = digest.value == self.reference.digest_value
        return dataclasses.replace(found, intact=intact), ()


def digest_of(parts: Sequence[bytes | Document], algorithm: DigestAlgorithm) -> Digest:
    """The digest over all parts, one after the other; raises `UnsupportedAlgorithm`."""
    if len(parts) == 1 and isinstance(parts[0], Document):
        return parts[0].digest(algorithm)  # of which the octets may be unknown
    hasher = algorithm.new()
    for part in parts:
        if isinstance(part, Document):
            for chunk in part.chunks():
                hasher.update(chunk)
        else:
            hasher.update(part)
    return Digest(algorithm, hasher.digest())


class Dereferencer:
    """Finds what references select: within the document, or among `contents` by name. Nothing is ever fetched."""

    def __init__(self, signature: DsSignature, around: Surroundings) -> None:
        self._signature = signature
        self._around = around
        outside = sum(1 for each in signature.signed_info.references if not _is_same_document(each.uri))
        self._sole = around.contents[0] if len(around.contents) == outside == 1 else None

    def resolve(self, reference: DsReference) -> Resolved:
        """What the reference selects."""
        source: NodeSet | Document | None = None
        reasons: tuple[Reason, ...] = ()
        if _is_same_document(reference.uri):
            assert reference.uri is not None
            try:
                source = same_document(self._signature.document, reference.uri)
            except Ambiguous as error:
                reasons = (reason(error.code, id=error.parameters["id"]),)
        else:
            source = self._outside(reference.uri)
        return Resolved(reference, source, self._signature.element, self._around, reasons)

    def all(self) -> tuple[Resolved, ...]:
        """Every reference of the signature, in order."""
        return tuple(self.resolve(each) for each in self._signature.signed_info.references)

    def manifest_entries(self, resolved: Resolved) -> Iterator[Resolved]:
        """The references of a `ds:Manifest` that a reference covers (XMLDSig §5.1)."""
        if resolved.is_manifest and resolved.element is not None:
            effort = self._around.document.effort
            effort.spend(LISTED)
            for reference in read_references(resolved.element):
                effort.spend(LISTED)
                yield self.resolve(reference)

    def _outside(self, uri: str | None) -> Document | None:
        """The detached document of that name; a single one may have any name where a single one is asked for."""
        if uri is not None:
            names = {uri, unescaped(uri), unescaped(uri).rpartition("/")[2]}
            found = [each for name in names for each in self._around.named(name)]
            if len(found) == 1:
                return found[0]
            if found:
                return None
        return self._sole


def _is_same_document(uri: str | None) -> bool:
    return uri is not None and (not uri or uri.startswith("#"))
