"""PDFs under 1 MB that would cost far more than their size: each is a signed file with hostile updates, or no PDF else."""

from __future__ import annotations

import zlib
from functools import cache

from shirushi.codecs.asn1 import der
from shirushi.codecs.pdf.objects import Reference
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import document
from shirushi.core.evidence import Level
from shirushi.formats.pades.format import Pades
from shirushi.formats.protocol import SignatureParameters
from tests.unit.bounds.composed import Composed, composed
from tests.unit.codecs_pdf.builder import OBJECTS, appended, classic, last_startxref
from tests.unit.formats_cades.world import Entity, World

PDF = "application/pdf"
MOST = 1_000_000


@cache
def signed(level: Level = Level.B_B) -> bytes:
    """A small signed file."""
    world = World(curves=True)
    made = world.sign(Pades(), document(classic(), "small.pdf", PDF))
    return world.raise_to(Pades(), made, level).read()


def deflated(data: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (entries, len(packed), packed)


def with_root(data: bytes, entries: bytes, objects: dict[int, bytes]) -> bytes:
    """`data` with an update of `objects` and of the catalogue, in which `entries` are more."""
    root = PdfReader(document(data)).raw(Reference(1))
    assert root is not None
    return appended(data, {**objects, 1: root[:-2] + entries + b">>"})


def with_table(data: bytes, places: dict[int, int], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """`data` with a table that lists `places` and nothing else."""
    start = len(data)
    lines = b"".join(b"%d 1\n%010d 00000 n \n" % each for each in sorted(places.items()))
    tail = b"trailer\n<</Size %d%b/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return data + b"xref\n" + lines + tail % (max(places) + 1, trailer, last_startxref(data), start)


def updated(count: int) -> bytes:
    """A signed file with so many updates behind it, each of one object."""
    out = signed()
    for number in range(count):
        out = appended(out, {40 + number % 7: b"(%d)" % number})
    return out


@composed
def more_revisions_than_are_followed() -> Composed:
    """Nine hundred updates behind a signature."""
    return Composed(PDF, updated(900))


@composed
def as_many_revisions_as_are_followed() -> Composed:
    """Almost eight hundred of them."""
    return Composed(PDF, updated(790))


@composed
def many_subsections() -> Composed:
    """A table of thirty thousand subsections, each of one object."""
    head = signed()
    place = len(head)
    body = b"900 0 obj\n(x)\nendobj\n"
    return Composed(PDF, with_table(head + body, dict.fromkeys(range(1000, 35_000, 2), place) | {900: place}))


@composed
def entries_that_share_an_object() -> Composed:
    """Fifteen thousand entries that lead to one object of half a megabyte."""
    head = signed()
    body = b"900 0 obj\n[" + b"(x) 1.5 " * 60_000 + b"]\nendobj\n"
    return Composed(PDF, with_table(head + body, dict.fromkeys(range(900, 900 + 15_000), len(head))))


@composed
def objects_inside_each_other() -> Composed:
    """Objects each of which begins in a string of the one before, and none of which ends."""
    out = bytearray(signed())
    places = {}
    for number in range(900, 20_900):
        places[number] = len(out)
        out += b"%d 0 obj(" % number
    out += b"\n"
    return Composed(PDF, with_table(bytes(out), places))


@composed
def nested_objects_that_end() -> Composed:
    """Objects each of which holds all that follow as arrays, and which are well formed."""
    out = bytearray(signed())
    places = {}
    for number in range(900, 20_900):
        places[number] = len(out)
        out += b"%d 0 obj[/a%%\n" % number  # a comment hides the next header no more
    out += b"]\n"
    return Composed(PDF, with_table(bytes(out), places))


@composed
def bombs_in_object_streams() -> Composed:
    """Twelve object streams that unpack to thirty megabytes each, read in turn."""
    head = signed()
    out = bytearray(head)
    places = {}
    for number in range(900, 912):
        places[number] = len(out)
        inner = b"".join(b"%d %d " % (number + 100 + step * 12, step * 2) for step in range(40))
        body = inner + b"1 " * (30 << 19)
        entries = b"/Type/ObjStm/N 40/First %d" % len(inner)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, deflated(body, entries))
    rows = {1000 + 12 * step + index: (2, 900 + index, step) for step in range(40) for index in range(12)}
    rows |= {number: (1, place, 0) for number, place in places.items()}
    return Composed(PDF, with_stream(bytes(out), rows))


def with_stream(data: bytes, rows: dict[int, tuple[int, int, int]], root: bytes = b"1 0 R") -> bytes:
    """`data` with a cross-reference stream of `rows`."""
    own, start = max(rows) + 1, len(data)
    rows = {**rows, own: (1, start, 0)}
    index = b" ".join(b"%d 1" % number for number in sorted(rows))
    lines = b"".join(
        kind.to_bytes(1, "big") + place.to_bytes(3, "big") + last.to_bytes(2, "big")
        for _, (kind, place, last) in sorted(rows.items())
    )
    entries = b"/Type/XRef/Size %d/W[1 3 2]/Index[%b]/Root %b/Prev %d" % (
        own + 1,
        index,
        root,
        last_startxref(data),
    )
    return data + b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (own, deflated(lines, entries), start)


@composed
def long_header_of_an_object_stream() -> Composed:
    """An object stream whose header has thirty million numbers."""
    head = signed()
    body = b"1 " * (60 << 19)
    holder = b"900 0 obj\n%b\nendobj\n" % deflated(
        body, b"/Type/ObjStm/N %d/First %d" % (15 << 20, len(body))
    )
    rows = {900: (1, len(head), 0), **dict.fromkeys(range(1000, 1100), (2, 900, 0))}
    return Composed(PDF, with_stream(head + holder, rows))


@composed
def millions_of_entries() -> Composed:
    """A cross-reference stream of eight million free entries, in a few kilobytes."""
    head = signed()
    count = 8_000_000
    start = len(head)
    entries = b"/Type/XRef/Size %d/W[1 3 2]/Root 1 0 R/Prev %d" % (count, last_startxref(head))
    body = b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n"
    return Composed(PDF, head + body % (count, deflated(bytes(6 * count), entries), start))


@composed
def hybrids_that_share_a_bomb() -> Composed:
    """Two thousand tables that name one and the same cross-reference stream of forty megabytes."""
    head = signed()
    count = 6_000_000
    bomb = len(head)
    entries = b"/Type/XRef/Size %d/W[1 3 2]/Root 1 0 R" % count
    out = head + b"900 0 obj\n%b\nendobj\n" % deflated(bytes(6 * count), entries)
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 901/Root 1 0 R/XRefStm %d/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    previous = last_startxref(head)
    for _ in range(2000):
        start = len(out)
        out += table % (bomb, previous, start)
        previous = start
    return Composed(PDF, out)


@composed
def predictor_of_a_bomb() -> Composed:
    """A cross-reference stream of sixty megabytes under PNG's Paeth predictor."""
    head = signed()
    rows = 9_000_000
    start = len(head)
    entries = b"/Type/XRef/Size %d/W[1 3 2]/Root 1 0 R/DecodeParms<</Predictor 12/Columns 6>>/Prev %d" % (
        rows,
        last_startxref(head),
    )
    body = b"900 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n"
    return Composed(PDF, head + body % (deflated((b"\x04" + bytes(6)) * rows, entries), start))


@composed
def pages_that_share_their_kids() -> Composed:
    """Forty levels of nodes, each naming the next one twice, and no page below."""
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>"}
    for number in range(2, 42):
        objects[number] = b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 1>>" % (number + 1, number + 1)
    objects[42] = b"<</Type/Pages/Count 0>>"
    return Composed(PDF, classic(objects))


@composed
def pages_that_share_their_kids_and_a_page() -> Composed:
    """The same with a page below."""
    node = b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 1>>"
    objects = {number: node % (number + 1, number + 1) for number in range(100, 120)}
    objects |= {2: node % (100, 100), 120: b"<</Type/Page>>"}
    return Composed(PDF, appended(signed(), objects))


@composed
def one_page_named_often() -> Composed:
    """A page tree that names one page a hundred thousand times, in an update."""
    kids = b"3 0 R " * 100_000
    return Composed(PDF, appended(signed(), {2: b"<</Type/Pages/Kids[%b]/Count 1>>" % kids}))


@composed
def many_fields() -> Composed:
    """An update with eight thousand form fields, in a form that was not there."""
    numbers = range(100, 8100)
    objects = {number: b"<</FT/Tx/T(f%d)/Rect[0 0 1 1]/Subtype/Widget>>" % number for number in numbers}
    named = b" ".join(b"%d 0 R" % number for number in numbers)
    objects[1] = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%b]>>>>" % named
    return Composed(PDF, appended(signed(), objects))


@composed
def many_signatures() -> Composed:
    """A field for each of a thousand copies of one signature dictionary."""
    data = signed()
    at = data.index(b"/ByteRange")
    begin, end = data.rfind(b"obj", 0, at) + 4, data.index(b"endobj", at)
    value = data[begin:end].rstrip()
    contents = value.index(b"<3") if b"<3" in value else value.index(b"/Contents<") + 9
    last = value.index(b">", contents)
    short = value[:contents] + value[contents:last].rstrip(b"0") + b"00>" + value[last + 1 :]
    objects: dict[int, bytes] = {}
    size = len(short) + 120
    count = (MOST - len(data)) // size
    for number in range(count):
        objects[100 + 2 * number] = short
        objects[101 + 2 * number] = b"<</FT/Sig/T(s%d)/V %d 0 R>>" % (number, 100 + 2 * number)
    named = b" ".join(b"%d 0 R" % (101 + 2 * number) for number in range(count))
    objects[1] = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%b]/SigFlags 3>>>>" % named
    return Composed(PDF, appended(data, objects))


@composed
def whole_signatures_over_one_range() -> Composed:
    """Eight hundred fields of one signature that is right: each dictionary is direct, and covers the whole file."""
    data = signed()
    at = data.index(b"/ByteRange")
    begin = data.rfind(b" 0 obj", 0, at)
    number = int(data[data.rfind(b"\n", 0, begin) + 1 : begin])
    objects: dict[int, bytes] = {}
    for each in range(9000):
        objects[100 + each] = b"<</FT/Sig/T(s%d)/V %d 0 R>>" % (each, number)
    named = b" ".join(b"%d 0 R" % each for each in objects)
    objects[1] = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%b]/SigFlags 3>>>>" % named
    return Composed(PDF, appended(data, objects))


@composed
def comments_without_end() -> Composed:
    """Half a megabyte of unfinished comments and brackets behind the last mark."""
    return Composed(PDF, signed() + b"%(<<[" * 190_000)


@composed
def no_table_and_many_objects() -> Composed:
    """No cross-reference data at all, and eighty thousand objects."""
    body = b"".join(b"%d 0 obj null\n" % number for number in range(5, 45_000))
    start = b"".join(b"%d 0 obj\n%b\nendobj\n" % each for each in OBJECTS.items())
    return Composed(PDF, b"%PDF-1.7\n" + start + body + b"startxref\n1\n%%EOF\n")


@composed
def a_store_of_bombs() -> Composed:
    """A security store of three thousand streams that unpack to fifteen megabytes each."""
    bomb = deflated(bytes(15 << 20))
    objects: dict[int, bytes] = {900 + number: bomb for number in range(30)}
    named = b" ".join(b"%d 0 R" % number for number in objects)
    inner = b" ".join(b"/k%d<</CRL[%b]>>" % (number, named) for number in range(10))
    store = b"/DSS<</Certs[%b]/CRLs[%b]/OCSPs[%b]/VRI<<%b>>>>" % (named, named, named, inner)
    return Composed(PDF, with_root(signed(), store, objects))


@composed
def a_list_of_a_hundred_thousand_entries() -> Composed:
    """A security store with a revocation list of a hundred thousand entries, deflated."""
    world = World(curves=True)
    made = world.raise_to(Pades(), document(signed(), "small.pdf", PDF), Level.B_T)
    objects = {900: deflated(long_list(world, world.issuing, 100_000))}
    return Composed(PDF, with_root(made.read(), b"/DSS<</CRLs[900 0 R]>>", objects))


def long_list(world: World, issuer: Entity, count: int) -> bytes:
    """A list of that many entries, of one time, signed by the issuer."""
    short = der.single(world.crl(issuer, world.start)).children()
    parts = short[0].children()
    entry = der.tlv(der.UTC_TIME, b"260201000000Z")
    entries = der.sequence(*(der.sequence(der.integer(1 << 64 | each), entry) for each in range(count)))
    tbs = der.sequence(*(each.raw for each in parts[:5]), entries, *(each.raw for each in parts[5:]))
    return der.sequence(tbs, short[1].raw, der.bits(issuer.sign(tbs)))


@composed
def a_hundred_and_twenty_signatures() -> Composed:
    """One signature after the other, all of them right."""
    world, form = World(curves=True), Pades()
    made = document(classic(), "small.pdf", PDF)
    for _ in range(120):
        prepared = form.prepare(
            made,
            SignatureParameters(),
            digest_algorithm=DigestAlgorithm.SHA256,
            space=3000,
            time=world.start,
            seed=bytes(16),
        )
        bound = form.bind(prepared, world.alice.chain, world.alice.algorithm, None)
        made = form.assemble(bound, world.alice.sign(bound.data))
    return Composed(PDF, made.read())
