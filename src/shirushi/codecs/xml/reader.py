"""XML read with distrust: no document types, no entities, no network, and limits on all that costs more than it should."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from lxml import etree

from shirushi.codecs.xml.errors import MalformedXml, XmlDoctypeRefused, XmlEncodingRefused, XmlTooComplex

Element = Any
"""An element of lxml, which has no types."""

LARGEST = 96 << 20
"""The largest document that is read, in bytes: it is held in memory."""
MOST_TAGS = 3_000_000
MOST_ATTRIBUTES = 512
"""Of one element: canonical form sorts them, and the sorting is quadratic."""
MOST_NAMESPACES = 256
"""In scope at one place, for the same reason."""
DEEPEST = 256

_SMALL = 8 << 20
_CHUNK = 1 << 18
_ID_NAMES = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")
_WITH_ID = etree.XPath("//*[@Id or @ID or @id or @xml:id]")
_TOO_MANY_ATTRIBUTES = etree.XPath(f"boolean(//*[@*[{MOST_ATTRIBUTES + 1}]])")
_TOO_DEEP = etree.XPath("boolean(/" + "/".join(["*"] * (DEEPEST + 1)) + ")")
_ENCODING = re.compile(r"""^<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_ASCII_COMPATIBLE = re.compile(
    r"utf-8|us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d|shift_jis|windows-31j|euc-jp|gb18030|euc-kr|big5",
    re.IGNORECASE,
)


class XmlDocument:
    """A parsed document. Nobody who is handed one changes its tree: who wants another reads the bytes again."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        self.root: Element = tree.getroot()

    @cached_property
    def _by_id(self) -> dict[str, list[Element]]:
        found: dict[str, list[Element]] = {}
        for element in _WITH_ID(self.root):
            for value in {element.get(name) for name in _ID_NAMES} - {None}:
                found.setdefault(value, []).append(element)
        return found

    def by_id(self, value: str) -> list[Element]:
        """Every element with an attribute `Id`, `ID`, `id` or `xml:id` of this value; more than one names nothing."""
        return self._by_id.get(value, [])


def parse_xml(data: bytes) -> XmlDocument:
    """Read a document.

    Raises `MalformedXml`, `XmlDoctypeRefused`, `XmlEncodingRefused` or `XmlTooComplex`, and nothing else.
    """
    if len(data) > LARGEST:
        raise XmlTooComplex(what="bytes", limit=LARGEST)
    if data.count(b"<") > MOST_TAGS:
        raise XmlTooComplex(what="tags", limit=MOST_TAGS)
    _refuse_doctype(data)
    tree = _parsed(data)
    about = tree.docinfo
    if about.internalDTD is not None or about.externalDTD is not None:
        raise XmlDoctypeRefused
    if data.count(b"=") > MOST_ATTRIBUTES and _TOO_MANY_ATTRIBUTES(tree):
        raise XmlTooComplex(what="attributes", limit=MOST_ATTRIBUTES)
    if len(data) > _SMALL and _TOO_DEEP(tree):  # else the parser has counted
        raise XmlTooComplex(what="depth", limit=DEEPEST)
    return XmlDocument(tree)


def reparse(data: bytes) -> Element:
    """The root of bytes that need no further distrust: written here, or looked through; raises `MalformedXml`."""
    try:
        return etree.fromstring(data, _parser(huge=len(data) > _SMALL))
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise MalformedXml(detail=_words(error)) from error


def _parser(*, huge: bool) -> Any:
    return etree.XMLParser(**_options(huge=huge))


def _options(*, huge: bool) -> dict[str, bool]:
    """`huge` lifts the library's limits on text nodes, which large embedded files exceed, and on depth to 2,048."""
    return {
        "resolve_entities": False,
        "load_dtd": False,
        "dtd_validation": False,
        "attribute_defaults": False,
        "no_network": True,
        "huge_tree": huge,
    }


def _parsed(data: bytes) -> Any:
    """The tree; namespaces in scope are counted on the way, where there can be too many."""
    if b"\x00" not in data and data.count(b"xmlns") <= MOST_NAMESPACES:
        return reparse(data).getroottree()
    parser = etree.XMLPullParser(events=("start-ns", "end-ns"), **_options(huge=len(data) > _SMALL))
    depth = 0
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            for event, _ in parser.read_events():
                depth += 1 if event == "start-ns" else -1
                if depth > MOST_NAMESPACES:
                    raise XmlTooComplex(what="namespaces", limit=MOST_NAMESPACES)
        return parser.close().getroottree()
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise MalformedXml(detail=_words(error)) from error


def _words(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _refuse_doctype(data: bytes) -> None:
    """Look for a document type declaration before any parser does (XML 1.0 §2.8: it stands before the root)."""
    text = _readable_prolog(data)
    position = 0
    while match := _PROLOG.match(text, position):
        position = match.end()
    if text[position:].lstrip().startswith("<!DOCTYPE"):
        raise XmlDoctypeRefused


def _readable_prolog(data: bytes) -> str:
    """The document as text as far as markup goes: bytes beyond ASCII stand for themselves."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if data.startswith((b"<\x00", b"\x00<")):
        return data.decode("utf-16-le" if data[0] else "utf-16-be", "replace")
    text = data.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    if not text.lstrip().startswith("<"):
        raise MalformedXml(detail="it does not begin with markup")
    declared = _ENCODING.match(text)
    if declared and not _ASCII_COMPATIBLE.fullmatch(declared[1]):
        raise XmlEncodingRefused(encoding=declared[1])
    return text
