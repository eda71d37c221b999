"""References dereferenced and transformed (XMLDSig §4.4.3): the octets that a digest covers, and nothing beside them.

Only what is listed here is done: canonicalization, the enveloped signature, base64, and those XPath filters that take
signatures out. There is no XSLT, and no expression from outside is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from shirushi.codecs.xml.c14n import Canonicalization, NodeSet, canonical
from shirushi.codecs.xml.effort import ELEMENT, Effort
from shirushi.codecs.xml.errors import MalformedXml, XmlTooComplex, XmlTransformUnsupported
from shirushi.codecs.xml.names import DS, EXCLUSIVE, FILTER2, ds
from shirushi.codecs.xml.reader import Element, XmlDocument, parse_xml
from shirushi.codecs.xml.text import decode_base64, text_of

ENVELOPED = f"{DS}enveloped-signature"
BASE64 = f"{DS}base64"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"

MOST_TRANSFORMS = 16

_POINTER = re.compile(r"""#xpointer\(id\((['"])([^'"]+)\1\)\)""")
_WITHOUT_SIGNATURES = re.compile(r"not\s*\(\s*ancestor-or-self::([\w.-]+):Signature\s*\)")
_ALL_SIGNATURES = re.compile(r"(?:/descendant::|//)([\w.-]+):Signature")
_CHILD_SIGNATURES = re.compile(r"/\*/([\w.-]+):Signature")
_NAMED_SIGNATURES = re.compile(r"""(?:/descendant::|//)\*\[\s*name\(\)\s*=\s*(['"])ds:Signature\1\s*\]""")
_THIS_SIGNATURE = re.compile(r"here\(\)/ancestor::([\w.-]+):Signature\[1\]")


@dataclass(frozen=True, slots=True)
class Transform:
    """A transform as a reference names it: a canonicalization with its prefixes, or the element with its parameters."""

    algorithm: str
    prefixes: tuple[str, ...] = ()
    element: Element | None = field(default=None, compare=False)


def read_transforms(parent: Element | None) -> tuple[Transform, ...]:
    """The `ds:Transform` children of `ds:Transforms`."""
    if parent is None:
        return ()
    found = parent.findall(ds("Transform"))
    if len(found) > MOST_TRANSFORMS:
        raise XmlTooComplex(what="transforms", limit=MOST_TRANSFORMS)
    return tuple(Transform(each.get("Algorithm", ""), prefix_list(each), each) for each in found)


def prefix_list(method: Element) -> tuple[str, ...]:
    """The PrefixList of `ec:InclusiveNamespaces` inside a canonicalization method (Exclusive C14N §3)."""
    inclusive = method.find(f"{{{EXCLUSIVE}}}InclusiveNamespaces")
    return () if inclusive is None else tuple(inclusive.get("PrefixList", "").split())


class Ambiguous(MalformedXml):
    """An identifier that stands at several elements: whoever is asked may choose another one; `id`."""

    code = "XML_ID_AMBIGUOUS"


def same_document(document: XmlDocument, uri: str) -> NodeSet | None:
    """What a same-document URI selects (XMLDSig §4.4.3.2, §4.4.3.3); None for another URI or an absent element.

    Raises `Ambiguous` where several elements have the identifier.
    """
    if uri in {"", "#xpointer(/)"}:
        return NodeSet(document, comments=bool(uri))
    pointer = _POINTER.fullmatch(uri)
    name = pointer[2] if pointer else uri[1:] if uri.startswith("#") else ""
    found = document.by_id(name) if name else []
    if len(found) > 1:
        raise Ambiguous(id=name, detail=f"{name} stands at several elements")
    return NodeSet(document, found[0], comments=pointer is not None) if found else None


def transformed(
    data: NodeSet | bytes, transforms: Sequence[Transform], signature: Element | None, effort: Effort
) -> bytes:
    """The octets that come out of a reference (XMLDSig §4.4.3.2); a node-set at the end is made canonical.

    `signature` is the one that holds the reference. Raises `XmlTransformUnsupported`, `MalformedXml`, `XmlTooComplex`.
    """
    octets, _ = node_set_and_octets(data, transforms, signature, effort)
    return octets


def node_set_and_octets(
    data: NodeSet | bytes,
    transforms: Sequence[Transform],
    signature: Element | None,
    effort: Effort,
    final: Canonicalization = Canonicalization.INCLUSIVE,
) -> tuple[bytes, bool]:
    """As `transformed`, under `final` where a node-set comes out at the end; also tells whether one did."""
    for transform in transforms:
        data = _one(data, transform, signature, effort)
    if isinstance(data, bytes):
        return data, False
    return canonical(data, final), True


def _one(
    data: NodeSet | bytes, transform: Transform, signature: Element | None, effort: Effort
) -> NodeSet | bytes:
    method = Canonicalization.of(transform.algorithm)
    if method is not None:
        return canonical(_nodes(data, effort), method, transform.prefixes)
    if transform.algorithm == BASE64:
        return _decoded(data, effort)
    if transform.algorithm == XPATH and transform.element is not None:
        data = _nodes(data, effort)
        return data.without(_filtered(transform, data))
    if isinstance(data, bytes) or (transform.element is None and transform.algorithm != ENVELOPED):
        raise XmlTransformUnsupported(transform=transform.algorithm or "?")
    if transform.algorithm == ENVELOPED:
        if signature is None:
            raise XmlTransformUnsupported(transform=transform.algorithm)
        return data.without([signature]) if _inside(signature, data) else data
    if transform.algorithm == FILTER2:
        return data.without(_subtracted(transform, data, signature))
    raise XmlTransformUnsupported(transform=transform.algorithm or "?")


def _nodes(data: NodeSet | bytes, effort: Effort) -> NodeSet:
    """Octets are parsed where nodes are wanted (XMLDSig §4.4.3.2)."""
    return data if isinstance(data, NodeSet) else NodeSet(parse_xml(data, effort), comments=True)


def _decoded(data: NodeSet | bytes, effort: Effort) -> bytes:
    if isinstance(data, bytes):
        effort.spend(len(data))
        return decode_base64(data.decode("latin-1"))
    if data.removed:
        raise XmlTransformUnsupported(transform=BASE64)
    text = "".join(text for text in _walked(data).element.xpath(".//text()"))
    effort.spend(len(text))
    return decode_base64(text)


def _walked(data: NodeSet) -> NodeSet:
    """The same, paid for to be walked through once."""
    data.document.effort.spend(ELEMENT * data.document.elements)
    return data


def _inside(element: Element, data: NodeSet) -> bool:
    return data.apex is None or data.apex is element or any(a is data.apex for a in element.iterancestors())


def _outermost(elements: Sequence[Element], data: NodeSet) -> list[Element]:
    """Those not inside another, and not removed already."""
    gone = {*elements, *data.removed}
    return [
        each
        for each in elements
        if each not in data.removed and not any(ancestor in gone for ancestor in each.iterancestors())
    ]


def _signatures(data: NodeSet) -> list[Element]:
    return [each for each in _walked(data).element.iter(ds("Signature")) if _inside(each, data)]


def _filtered(transform: Transform, data: NodeSet) -> list[Element]:
    """The XPath filter that leaves all signatures out (XMLDSig §6.6.3); no other is known."""
    assert transform.element is not None
    expressions = transform.element.findall(ds("XPath"))
    if len(expressions) == 1:
        match = _WITHOUT_SIGNATURES.fullmatch(text_of(expressions[0]).strip())
        if match and expressions[0].nsmap.get(match[1]) == DS:
            return _outermost(_signatures(data), data)
    raise XmlTransformUnsupported(transform=transform.algorithm)


def _subtracted(transform: Transform, data: NodeSet, signature: Element | None) -> list[Element]:
    """The filters of XPath Filter 2.0 that subtract signatures; no others are known."""
    assert transform.element is not None
    found: list[Element] = []
    expressions = [each for each in transform.element if isinstance(each.tag, str)]
    for each in expressions:
        if each.tag != f"{{{FILTER2}}}XPath" or each.get("Filter") != "subtract":
            raise XmlTransformUnsupported(transform=transform.algorithm)
        found += _named(each, text_of(each).strip(), data, signature)
    if not expressions:
        raise XmlTransformUnsupported(transform=transform.algorithm)
    return _outermost(list(dict.fromkeys(found)), data)


def _named(expression: Element, text: str, data: NodeSet, signature: Element | None) -> Sequence[Element]:
    match = _ALL_SIGNATURES.fullmatch(text)
    if match and expression.nsmap.get(match[1]) == DS:
        return _signatures(data)
    match = _CHILD_SIGNATURES.fullmatch(text)
    if match and expression.nsmap.get(match[1]) == DS:
        return [each for each in _walked(data).document.root.findall(ds("Signature")) if _inside(each, data)]
    if _NAMED_SIGNATURES.fullmatch(text):
        return [
            each
            for each in _walked(data).element.iter("{*}Signature")
            if each.prefix == "ds" and _inside(each, data)
        ]
    match = _THIS_SIGNATURE.fullmatch(text)
    if match and signature is not None and expression.nsmap.get(match[1]) == DS and _inside(signature, data):
        return [signature]
    raise XmlTransformUnsupported(transform=FILTER2)
