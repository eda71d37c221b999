"""Canonical XML 1.0 and 1.1, and Exclusive XML Canonicalization, of the parts of a document that signatures cover."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from lxml import etree

from shirushi.codecs.xml.effort import ELEMENT
from shirushi.codecs.xml.errors import MalformedXml, XmlTransformUnsupported
from shirushi.codecs.xml.names import XML
from shirushi.codecs.xml.reader import Element, XmlDocument, reparse

_COUNT = etree.XPath("count(descendant-or-self::*)")
_BASE, _ID = f"{{{XML}}}base", f"{{{XML}}}id"


class Canonicalization(Enum):
    """A canonicalization method: (identifier, exclusive, with comments, version 1.1)."""

    INCLUSIVE = ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", False, False, False)
    INCLUSIVE_COMMENTS = (
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        False,
        True,
        False,
    )
    INCLUSIVE_11 = ("http://www.w3.org/2006/12/xml-c14n11", False, False, True)
    INCLUSIVE_11_COMMENTS = ("http://www.w3.org/2006/12/xml-c14n11#WithComments", False, True, True)
    EXCLUSIVE = ("http://www.w3.org/2001/10/xml-exc-c14n#", True, False, False)
    EXCLUSIVE_COMMENTS = ("http://www.w3.org/2001/10/xml-exc-c14n#WithComments", True, True, False)

    def __init__(self, uri: str, exclusive: bool, comments: bool, version_11: bool) -> None:  # noqa: FBT001  a row of a table
        self.uri = uri
        self.exclusive = exclusive
        self.comments = comments
        self.version_11 = version_11

    @classmethod
    def of(cls, uri: str) -> Canonicalization | None:
        """The method of that identifier, or None."""
        return _BY_URI.get(uri)


_BY_URI = {member.uri: member for member in Canonicalization}


@dataclass(frozen=True, slots=True)
class NodeSet:
    """What a reference selects: a whole document, or an element with all below it, without the subtrees in `removed`.

    `comments` is whether comments belong to it (XMLDSig §4.4.3.3).
    """

    document: XmlDocument
    apex: Element | None = None
    removed: tuple[Element, ...] = ()
    comments: bool = False

    @property
    def element(self) -> Element:
        """The element at the top."""
        return self.document.root if self.apex is None else self.apex

    def without(self, elements: Iterable[Element]) -> NodeSet:
        """The same with more subtrees removed."""
        return NodeSet(self.document, self.apex, (*self.removed, *elements), self.comments)


def canonical(
    nodes: NodeSet, method: Canonicalization = Canonicalization.INCLUSIVE, prefixes: Sequence[str] = ()
) -> bytes:
    """The canonical form. `prefixes` is the InclusiveNamespaces PrefixList of the exclusive methods.

    What it costs is spent of the document's effort. Raises `MalformedXml` where there is none, as with relative
    namespace names, `XmlTransformUnsupported`, or `XmlTooComplex`.
    """
    comments = nodes.comments and method.comments
    apex = nodes.apex
    _spend(nodes, method, prefixes)
    if nodes.removed:
        tree = copy.deepcopy(nodes.document.tree)
        apex = _pruned(tree, apex, nodes.removed)
        if apex is None and nodes.apex is not None:
            return b""
        target = tree if nodes.apex is None else apex
    else:
        target = nodes.document.tree if apex is None else apex
    if apex is not None:
        target = _alone(apex, method, prefixes)
    octets = _written(target, method, prefixes, comments=comments)
    nodes.document.effort.spend(len(octets) * (1 + nodes.document.most_attributes // 10))
    return octets


def canonical_element(document: XmlDocument, element: Element, method: Canonicalization) -> bytes:
    """The canonical form of an element with all below it; comments stay where the method keeps them.

    Raises as `canonical`.
    """
    return canonical(NodeSet(document, element, comments=True), method)


def _spend(nodes: NodeSet, method: Canonicalization, prefixes: Sequence[str]) -> None:
    """What the library does for each element: inclusive methods look up every namespace in scope through every parent."""
    document = nodes.document
    document.effort.spend(ELEMENT)
    looked_up = (document.namespaces + 1) if not method.exclusive else len(prefixes) + 1
    each = ELEMENT + looked_up * (document.namespaces + document.deepest)
    if document.longest_namespace > 128 and method.exclusive:
        each += document.longest_namespace * min(document.namespaces, document.most_attributes + 1)
    elements = int(_COUNT(nodes.element))
    if nodes.removed:
        document.effort.spend(ELEMENT * document.elements)
    document.effort.spend(elements * each)


def _written(target: Element, method: Canonicalization, prefixes: Sequence[str], *, comments: bool) -> bytes:
    if "#default" in prefixes:  # the library passes over it
        raise XmlTransformUnsupported(transform=f"{method.uri} (PrefixList #default)")
    try:
        written: bytes = etree.tostring(
            target,
            method="c14n",
            exclusive=method.exclusive,
            with_comments=comments,
            inclusive_ns_prefixes=list(prefixes) or None if method.exclusive else None,
        )
    except (etree.C14NError, ValueError) as error:
        raise MalformedXml(detail="it has no canonical form") from error
    return written


def _alone(apex: Element, method: Canonicalization, prefixes: Sequence[str]) -> Element:
    """The element as the root of a document of its own, with all that it inherits.

    Namespaces come with its text; attributes of `xml:` are added where the method takes them over (Canonical XML §2.4,
    1.1 §2.4). Without a copy the library undeclares default namespaces that nobody declared.
    """
    if method.exclusive and not prefixes:
        return apex
    alone = reparse(etree.tostring(apex, with_tail=False, encoding="UTF-8"))
    for name, value in {} if method.exclusive else _inherited(apex, method).items():
        alone.set(name, value)
    return alone


def _inherited(apex: Element, method: Canonicalization) -> dict[str, str]:
    found: dict[str, str] = {}
    for ancestor in apex.iterancestors():
        for name, value in ancestor.attrib.items():
            if name.startswith(f"{{{XML}}}") and name not in apex.attrib:
                found.setdefault(name, value)
    if method.version_11:
        found.pop(_ID, None)
        if _BASE in found:
            raise XmlTransformUnsupported(transform=f"{method.uri} (xml:base)")
    return found


def _pruned(tree: Element, apex: Element | None, removed: Iterable[Element]) -> Element | None:
    """Take the subtrees out of a copy of their tree; gives the copy of `apex`, None where it went with them."""
    root = tree.getroot()
    found = None if apex is None else _at(root, _path(apex))
    for element in [_at(root, _path(each)) for each in removed]:
        parent = element.getparent()
        if parent is None:
            raise MalformedXml(detail="a signature covers a document without itself, and is all of it")
        _take_out(element, parent)
    if found is not None and found is not root and root not in found.iterancestors():
        return None
    return found


def _path(element: Element) -> list[int]:
    """Where an element stands: the index of each step from the root down."""
    steps: list[int] = []
    while (parent := element.getparent()) is not None:
        steps.append(parent.index(element))
        element = parent
    return steps[::-1]


def _at(root: Element, path: Iterable[int]) -> Element:
    for index in path:
        root = root[index]
    return root


def _take_out(element: Element, parent: Element) -> None:
    """Remove an element, but not the text behind it."""
    if element.tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + element.tail
        else:
            previous.tail = (previous.tail or "") + element.tail
    parent.remove(element)
