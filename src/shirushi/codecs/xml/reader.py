"""XML read with distrust: no document types, no entities, no network, and limits on all that costs more than it should."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from lxml import etree

from shirushi.codecs.xml.effort import ELEMENT, Effort
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
LONGEST_NAMESPACE = 1024
"""Of one name, in characters: exclusive canonical form repeats it at every element that needs it."""

_SMALL = 8 << 20
_CHUNK = 1 << 18
_ID_NAMES = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")
_WITH_ID = etree.XPath("//*[@Id or @ID or @id or @xml:id]")
_TOO_MANY_ATTRIBUTES = etree.XPath(f"boolean(//*[@*[{MOST_ATTRIBUTES + 1}]])")
_TOO_DEEP = etree.XPath("boolean(/" + "/".join(["*"] * (DEEPEST + 1)) + ")")
_COUNT = etree.XPath("count(//*)")
_STEPS = (16, 64)
_DEEPER = {step: etree.XPath("boolean(/" + "/".join(["*"] * (step + 1)) + ")") for step in _STEPS}
_MORE_ATTRIBUTES = {step: etree.XPath(f"boolean(//*[@*[{step + 1}]])") for step in _STEPS}
_FEW_NAMESPACES = 16
_LONG_NAMESPACE = re.compile(rb"""xmlns[^=]{0,200}=\s*(?:"[^"]{129}|'[^']{129})""")
_ENCODING = re.compile(r"""^<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_ASCII_COMPATIBLE = re.compile(
    r"utf-8|us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d|shift_jis|windows-31j|euc-jp|gb18030|euc-kr|big5",
    re.IGNORECASE,
)


class XmlDocument:
    """A parsed document. Nobody who is handed one changes its tree: who wants another reads the bytes again."""

    def __init__(self, tree: Any, effort: Effort, namespaces: int, longest: int) -> None:
        self.tree = tree
        self.root: Element = tree.getroot()
        self.effort = effort
        self.namespaces = namespaces
        """No more of them are in scope at any place."""
        self.longest_namespace = longest
        """None of their names is longer, and none of 128 characters or fewer matters."""

    @cached_property
    def elements(self) -> int:
        """How many there are."""
        return int(_COUNT(self.tree))

    @cached_property
    def deepest(self) -> int:
        """No element stands deeper."""
        return next((step for step in _STEPS if not _DEEPER[step](self.tree)), DEEPEST)

    @cached_property
    def most_attributes(self) -> int:
        """No element has more."""
        return next((step for step in _STEPS if not _MORE_ATTRIBUTES[step](self.tree)), MOST_ATTRIBUTES)

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


def parse_xml(data: bytes, effort: Effort | None = None) -> XmlDocument:
    """Read a document; `effort` is what this and all that follows may cost, by default that of a document of its size.

    Raises `MalformedXml`, `XmlDoctypeRefused`, `XmlEncodingRefused` or `XmlTooComplex`, and nothing else.
    """
    if len(data) > LARGEST:
        raise XmlTooComplex(what="bytes", limit=LARGEST)
    if data.count(b"<") > MOST_TAGS:
        raise XmlTooComplex(what="tags", limit=MOST_TAGS)
    if effort is None:
        effort = Effort(len(data))
    else:
        effort.spend(len(data) + ELEMENT * data.count(b"<"))
    _refuse_doctype(data)
    tree, namespaces, longest = _parsed(data)
    about = tree.docinfo
    if about.internalDTD is not None or about.externalDTD is not None:
        raise XmlDoctypeRefused
    if data.count(b"=") > MOST_ATTRIBUTES and _TOO_MANY_ATTRIBUTES(tree):
        raise XmlTooComplex(what="attributes", limit=MOST_ATTRIBUTES)
    if len(data) > _SMALL and _TOO_DEEP(tree):  # else the parser has counted
        raise XmlTooComplex(what="depth", limit=DEEPEST)
    return XmlDocument(tree, effort, namespaces, longest)


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


def _parsed(data: bytes) -> tuple[Any, int, int]:
    """The tree, how many namespaces are in scope at most, and how long their names are: found on the way."""
    if (
        b"\x00" not in data
        and (declared := data.count(b"xmlns")) <= _FEW_NAMESPACES
        and not _LONG_NAMESPACE.search(data)
    ):
        return reparse(data).getroottree(), declared, 128
    parser = etree.XMLPullParser(events=("start-ns", "end-ns"), **_options(huge=len(data) > _SMALL))
    depth = most = 0
    longest = 128
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            for event, found in parser.read_events():
                depth += 1 if event == "start-ns" else -1
                most = max(most, depth)
                longest = longest if found is None else max(longest, len(found[1]))
                if depth > MOST_NAMESPACES:
                    raise XmlTooComplex(what="namespaces", limit=MOST_NAMESPACES)
                if longest > LONGEST_NAMESPACE:
                    raise XmlTooComplex(what="characters of a namespace", limit=LONGEST_NAMESPACE)
        return parser.close().getroottree(), most, longest
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
