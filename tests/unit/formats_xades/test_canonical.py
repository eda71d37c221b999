"""Canonical forms of parts: what a part inherits, what is taken out, and what must never come in."""

import itertools

import pytest
from lxml import etree

from shirushi.codecs.xml.c14n import Canonicalization, NodeSet, canonical, canonical_element
from shirushi.codecs.xml.errors import MalformedXml, XmlTransformUnsupported
from shirushi.codecs.xml.reader import parse_xml

C = Canonicalization


def at(document, path: str):
    return document.root.xpath(path)[0]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (
            C.INCLUSIVE,
            b'<b xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q" xml:lang="ja"><c></c><p:e></p:e></b>',
        ),
        (C.EXCLUSIVE, b'<b xmlns="urn:d"><c></c><p:e xmlns:p="urn:p"></p:e></b>'),
        (
            C.INCLUSIVE_COMMENTS,
            b'<b xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q" xml:lang="ja"><c></c><!--x--><p:e></p:e></b>',
        ),
        (C.EXCLUSIVE_COMMENTS, b'<b xmlns="urn:d"><c></c><!--x--><p:e xmlns:p="urn:p"></p:e></b>'),
    ],
)
def test_a_part_inherits_what_its_method_says(method, expected):
    document = parse_xml(
        b'<a xml:lang="en"><m xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q" xml:lang="ja">'
        b"<b><c/><!--x--><p:e/></b></m></a>"
    )
    assert canonical_element(document, at(document, "//*[local-name()='b']"), method) == expected


def test_version_1_1_takes_over_language_and_space_but_no_identifier():
    document = parse_xml(b'<a xml:id="i" xml:space="preserve" xml:lang="ja"><b/></a>')
    part = NodeSet(document, at(document, "b"))
    assert canonical(part, C.INCLUSIVE) == b'<b xml:id="i" xml:lang="ja" xml:space="preserve"></b>'
    assert canonical(part, C.INCLUSIVE_11) == b'<b xml:lang="ja" xml:space="preserve"></b>'


def test_version_1_1_under_xml_base_is_refused_by_name():
    document = parse_xml(b'<a xml:base="http://example.jp/"><b/></a>')
    with pytest.raises(XmlTransformUnsupported):
        canonical(NodeSet(document, at(document, "b")), C.INCLUSIVE_11)


def test_the_prefix_list_makes_an_exclusive_form_keep_prefixes():
    document = parse_xml(b'<a xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q"><p:b/></a>')
    part = NodeSet(document, at(document, "*"))
    assert canonical(part, C.EXCLUSIVE, ("q", "r")) == b'<p:b xmlns:p="urn:p" xmlns:q="urn:q"></p:b>'
    with pytest.raises(XmlTransformUnsupported):
        canonical(part, C.EXCLUSIVE, ("#default",))


def test_a_whole_document_has_its_instructions_and_a_part_has_not():
    document = parse_xml(b"<?p a?><!--x--><a/><?q b?>")
    assert canonical(NodeSet(document), C.EXCLUSIVE) == b"<?p a?>\n<a></a>\n<?q b?>"
    assert (
        canonical(NodeSet(document, comments=True), C.EXCLUSIVE_COMMENTS)
        == b"<?p a?>\n<!--x-->\n<a></a>\n<?q b?>"
    )
    assert canonical(NodeSet(document, document.root), C.EXCLUSIVE) == b"<a></a>"
    assert canonical(NodeSet(document, document.root), C.INCLUSIVE) == b"<a></a>"


def test_what_is_taken_out_leaves_the_text_around_it():
    document = parse_xml(b"<a>1<b>x</b>2<c/>3<b/>4</a>")
    removed = document.root.findall("b")
    assert canonical(NodeSet(document).without(removed)) == b"<a>12<c></c>34</a>"
    assert (
        canonical(NodeSet(document)) == b"<a>1<b>x</b>2<c></c>3<b></b>4</a>"
    )  # the document stays as it was
    assert canonical(NodeSet(document, removed[0]).without([removed[0]])) == b""


def test_a_document_is_not_taken_out_of_itself():
    document = parse_xml(b"<a/>")
    with pytest.raises(MalformedXml):
        canonical(NodeSet(document).without([document.root]))


def test_relative_namespaces_have_no_canonical_form():
    document = parse_xml(b'<a xmlns="relative"/>')
    with pytest.raises(MalformedXml):
        canonical(NodeSet(document))


def _random_document(rng) -> bytes:
    """Elements that declare, undeclare and use namespaces at random."""

    def element(depth: int, known: tuple[str, ...]) -> str:
        declared = rng.sample(["p", "q", "r"], rng.randrange(3))
        declarations = "".join(f' xmlns:{each}="urn:{each}{rng.randrange(2)}"' for each in declared)
        if rng.random() < 0.4:
            declarations += rng.choice([' xmlns="urn:d"', ' xmlns="urn:e"', ' xmlns=""'])
        known = tuple({*known, *declared})
        prefix = rng.choice(["", *(f"{each}:" for each in known)])
        attributes = ' n="1"' if rng.random() < 0.3 else ""
        if known and rng.random() < 0.4:
            attributes += f' {rng.choice(known)}:m="&lt;&#10;"'
        name = f"{prefix}{rng.choice('abc')}"
        inner = "".join(element(depth + 1, known) for _ in range(rng.randrange(3) if depth < 5 else 0))
        return f"<{name}{declarations}{attributes}>t{inner}</{name}>"

    return element(0, ()).encode()


def test_a_part_is_canonical_as_the_same_part_alone(rng):
    """The oracle: the part as text, which declares all that it inherits, read as a document of its own."""
    compared = 0
    for _ in range(120):
        document = parse_xml(_random_document(rng))
        for part in itertools.islice(document.root.iter("*"), 12):
            alone = parse_xml(etree.tostring(part, with_tail=False))
            for method in (C.INCLUSIVE, C.EXCLUSIVE):
                expected = etree.tostring(
                    alone.tree, method="c14n", exclusive=method.exclusive, with_comments=False
                )
                assert canonical(NodeSet(document, part), method) == expected
                compared += 1
    assert compared > 500
