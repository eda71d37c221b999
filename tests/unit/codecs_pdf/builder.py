"""Builds small PDFs byte by byte, right and wrong."""

from __future__ import annotations

import zlib

from shirushi.core.document import Document, document

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>"
OBJECTS = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: PAGE}
IDENTIFIER = b"/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]"


def classic(
    objects: dict[int, bytes] | None = None, trailer: bytes = b"/Root 1 0 R", head: bytes = HEADER
) -> bytes:
    """A PDF of one revision with a cross-reference table."""
    return appended(head, objects or OBJECTS, trailer, free_head=True)


def appended(
    data: bytes, objects: dict[int, bytes], trailer: bytes = b"/Root 1 0 R", *, free_head: bool = False
) -> bytes:
    """`data` with a further revision of `objects`; `/Prev` is set where there is an earlier one."""
    out = bytearray(data)
    offsets = {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    previous = last_startxref(data)
    start = len(out)
    out += b"xref\n"
    if free_head:
        out += b"0 1\n0000000000 65535 f \n"
    for number in sorted(offsets):
        out += b"%d 1\n%010d 00000 n \n" % (number, offsets[number])
    size = max(offsets) + 1
    prev = b"/Prev %d" % previous if previous else b""
    out += b"trailer\n<</Size %d%b%b>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, prev, start)
    return bytes(out)


def last_startxref(data: bytes) -> int:
    """The value of the last `startxref`, 0 where there is none."""
    at = data.rfind(b"startxref")
    return int(data[at + 9 :].split()[0]) if at >= 0 else 0


def stream(data: bytes, entries: bytes = b"", *, packed: bool = False) -> bytes:
    """A stream's body."""
    if packed:
        data, entries = zlib.compress(data), entries + b"/Filter/FlateDecode"
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(data), data)


def object_stream(objects: dict[int, bytes]) -> bytes:
    """An object stream of `objects`."""
    head, body = b"", b""
    for number, value in objects.items():
        head += b"%d %d " % (number, len(body))
        body += value + b" "
    return stream(head + body, b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head)), packed=True)


def with_xref_stream(plain: dict[int, bytes], packed: dict[int, bytes], *, predictor: int = 0) -> bytes:
    """A PDF of one revision with a cross-reference stream and one object stream."""
    holder, own = max([*plain, *packed]) + 1, max([*plain, *packed]) + 2
    out = bytearray(HEADER)
    rows = {0: (0, 0, 65535)}
    for number, body in {**plain, holder: object_stream(packed)}.items():
        rows[number] = (1, len(out), 0)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    rows |= {number: (2, holder, index) for index, number in enumerate(packed)}
    start = len(out)
    rows[own] = (1, start, 0)
    lines = [
        kind.to_bytes(1, "big") + place.to_bytes(3, "big") + last.to_bytes(2, "big")
        for kind, place, last in (rows.get(number, (0, 0, 0)) for number in range(own + 1))
    ]
    entries = b"/Type/XRef/Size %d/W[1 3 2]/Root 1 0 R" % (own + 1)
    if predictor:
        above = bytes(6)
        coded = []
        for line in lines:
            coded.append(b"\x02" + bytes((a - b) & 255 for a, b in zip(line, above, strict=True)))
            above = line
        lines = coded
        entries += b"/DecodeParms<</Predictor %d/Columns 6>>" % predictor
    out += b"%d 0 obj\n%b\nendobj\n" % (own, stream(b"".join(lines), entries, packed=True))
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def hybrid() -> bytes:
    """A hybrid-reference file: object 3, the page, is hidden from readers that know tables alone."""
    out = bytearray(HEADER)
    offsets = {}
    for number, body in {1: OBJECTS[1], 2: OBJECTS[2], 4: object_stream({3: PAGE})}.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    hidden = len(out)
    rows = b"\x02" + (4).to_bytes(2, "big") + b"\x00" + b"\x01" + offsets[4].to_bytes(2, "big") + b"\x00"
    out += b"5 0 obj\n%b\nendobj\n" % stream(rows, b"/Type/XRef/Size 6/W[1 2 1]/Index[3 2]")
    start = len(out)
    out += b"xref\n0 6\n0000000003 65535 f \n%010d 00000 n \n%010d 00000 n \n" % (offsets[1], offsets[2])
    out += b"0000000004 00000 f \n0000000000 00000 f \n%010d 00000 n \n" % hidden
    out += b"trailer\n<</Size 6/Root 1 0 R/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n" % (hidden, start)
    return bytes(out)


def linearised() -> bytes:
    """The shape of a linearised file: the first section stands before the one that its `/Prev` names."""
    body = {1: OBJECTS[1], 3: PAGE}
    first = len(HEADER) + 200
    rest_at = first + 400
    second = rest_at + 200
    out = bytearray(HEADER)
    offsets = {}
    for number, value in body.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, value)
    out = out.ljust(first, b"\n")
    out += b"xref\n1 1\n%010d 00000 n \n3 1\n%010d 00000 n \n" % (offsets[1], offsets[3])
    out += b"trailer\n<</Size 4/Root 1 0 R/Prev %d>>\nstartxref\n0\n%%%%EOF\n" % second
    out = out.ljust(rest_at, b"\n")
    out += b"2 0 obj\n%b\nendobj\n" % OBJECTS[2]
    out = out.ljust(second, b"\n")
    out += b"xref\n0 1\n0000000000 65535 f \n2 1\n%010d 00000 n \n" % rest_at
    out += b"trailer\n<</Size 4>>\nstartxref\n%d\n%%%%EOF\n" % first
    return bytes(out)


def doc(data: bytes) -> Document:
    """The bytes as a document."""
    return document(data, "test.pdf", "application/pdf")
