"""Good documents of every kind, small damage done to them, and what of them is signed, found without our code."""

import io
import random
import re
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from lxml import etree

from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.material import build_material, merge
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import Document, document
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import Level, Material, SignatureEvidence, TrustAnchor
from shirushi.core.verdict import Verdict
from shirushi.formats.plain.records import parse_record
from shirushi.formats.plain.tokens import parse_token
from shirushi.rules.ades import EU, validate_signatures
from shirushi.services.validation.service import embedded_material
from tests.interop.matrix import FORMS, TEXT
from tests.mutated_evidence import (
    ARCHIVED,
    in_xml_record,
    list_signatures,
    record,
    record_in_cades,
    record_in_xml,
    several,
    trusted_list,
    with_hashes,
)
from tests.unit.formats_cades.world import DAY, World

Parser = Callable[[Document, Sequence[Document]], tuple[SignatureEvidence, ...]]
Signed = Callable[[bytes], object]
"""What a reader takes for signed, from the document's bytes; None where it can no longer be found."""

DS = "{http://www.w3.org/2000/09/xmldsig#}"
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
SPLICES = (
    *(b"\0", b"\xff", b" ", b"A", b"\n", b"0", b"\x30\x80\0\0", b"\x04\x82\xff\xff", b"\xa0\0"),
    *(b"<!---->", b"<?x?>", b"&#32;", b"<x/>", b'Id="x"', b"]]>", b"<!DOCTYPE x>"),
    *(b"%%EOF\n", b"endobj", b"/ByteRange[0 1 2 3]", b"trailer<</Root 1 0 R>>", b"9 0 R", b"<<", b">>"),
    *(b"PK\1\2", b"PK\5\6", b'{"a":', b'"', b".", b"[[[["),
)


@dataclass(frozen=True)
class Original:
    """A good document: how it is read, what else is at hand, and what of it is signed.

    What a `proof` says counts only where it passes: it has several tokens, and each is signed for itself.
    """

    name: str
    made: Document
    parse: Parser
    contents: tuple[Document, ...]
    signed: Signed
    proof: bool = False


@cache
def world() -> World:
    """Ed25519 throughout: the same bytes in every run."""
    return World()


@cache
def originals() -> tuple[Original, ...]:
    """Every format of the matrix at its first and its last level, tokens, evidence records, and a trusted list."""
    return (*_signatures(), *_evidence())


def _signatures() -> Iterator[Original]:
    from shirushi.formats.protocol import SignatureParameters

    own = world()
    for name, form in FORMS.items():
        said = SignatureParameters(packaging=form.packaging)
        basic = own.sign(form.format, form.given, parameters=said, content_timestamp=form.family != "PAdES")
        for level in (Level.B_B, Level.B_LTA):
            made = (
                basic
                if level is Level.B_B
                else own.raise_to(form.format, basic, level, contents=form.detached)
            )
            yield Original(
                f"{name} {level.value}",
                made,
                form.format.parse,
                tuple(form.detached),
                signed_part(name, made.read()),
            )


def _evidence() -> Iterator[Original]:
    own = world()
    token = own.stamp(TEXT.digest(DigestAlgorithm.SHA256), own.start)
    yield Original("token", document(token, "a.tst"), parse_token, (TEXT,), _pieces_of_cms(token))
    made, tokens, hashes = record(own)
    readers = several(_pieces_of_cms(each) for each in tokens)
    archived = (ARCHIVED,)
    given = document(made, "a.ers")
    yield Original("record", given, parse_record, archived, with_hashes(readers, hashes), proof=True)
    given = document(record_in_xml(own), "a.xml", "application/xml")
    reader = in_xml_record(lambda data: _pieces_of_cms(data)(data))
    yield Original("record in XML", given, parse_record, archived, reader, proof=True)
    inside = record_in_cades(own)
    parse = FORMS["CAdES enveloping"].format.parse
    yield Original("record in CAdES", inside, parse, (), _pieces_of_cms(inside.read()))
    yield Original("list", trusted_list(own), list_signatures, (), _xml_facts)


def signed_part(name: str, whole: bytes) -> Signed:
    """The reader of what is signed in documents of that form."""
    if name.startswith("PAdES"):
        return _pdf_ranges(whole)
    if name.startswith("ASiC"):
        return _zip_entries
    if name.startswith("CAdES"):
        return _pieces_of_cms(whole)
    if name.startswith("XAdES"):
        return _xml_facts
    return _json_parts


def _pdf_ranges(whole: bytes) -> Signed:
    """The bytes in the first signature's own ranges, wherever the damaged document says that they are."""
    found = re.search(rb"/ByteRange ?\[(\d+) +(\d+) +(\d+) +(\d+)", whole)
    assert found
    start, length, after, rest = map(int, found.groups())
    return lambda data: data[start : start + length] + data[after : after + rest]


def _pieces_of_cms(whole: bytes) -> Signed:
    """The signed attributes and the content, each an encoding that must still stand somewhere in the document."""
    from asn1crypto import cms

    parsed = cms.ContentInfo.load(whole)["content"]
    pieces = [signer["signed_attrs"].untag().contents for signer in parsed["signer_infos"]]
    pieces += [signer["signature"].contents for signer in parsed["signer_infos"]]
    inside = parsed["encap_content_info"]["content"].native
    content = parsed["encap_content_info"]["content"]
    if inside is not None:
        pieces.append(content.parsed.dump() if hasattr(content, "parsed") else bytes(content))
    kept = [piece for piece in pieces if piece in whole]
    assert len(kept) >= 2
    return lambda data: [_true(piece) in _true(data) for piece in kept]


def _true(data: bytes) -> bytes:
    """With every TRUE as DER writes it, as which it is signed whatever octet stands there (RFC 5652 §5.4)."""
    return re.sub(rb"\x01\x01[^\0]", b"\x01\x01\xff", data, flags=re.DOTALL)


def _xml_facts(data: bytes) -> object:
    """The document without its signature, canonical; what the signer says; what is enveloped."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
    said = [_canonical(each) for each in root.iter(f"{XADES}SignedProperties")]
    held = [each for each in root.iter(f"{DS}Object") if each.get("Id", "").startswith("o-")]
    objects = [b64decode("".join(each.itertext())) for each in held]
    if root.tag == f"{DS}Signature":
        return said, objects
    for each in root.findall(f"{DS}Signature"):
        tail, before = each.tail or "", each.getprevious()
        if before is None:
            root.text = (root.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
        root.remove(each)
    return _canonical(root), said, objects


def _canonical(element: etree._Element) -> bytes:
    """Exclusive C14N without comments: what every canonicalisation in use covers."""
    apart = etree.fromstring(etree.tostring(element, with_tail=False), etree.XMLParser(remove_comments=True))
    return etree.tostring(apart, method="c14n", exclusive=True, with_comments=False)


def _zip_entries(data: bytes) -> object:
    """The files of a container that are not its own affairs."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: archive.read(name)
            for name in archive.namelist()
            if name != "mimetype" and not name.startswith("META-INF/")
        }


def _json_parts(data: bytes) -> object:
    """The payload and the protected headers of a JWS in any serialization."""
    import json

    if data[:1] != b"{":
        return data.split(b".")[:2]
    read = json.loads(data)
    return read.get("payload"), [each.get("protected") for each in read.get("signatures", [read])]


def damaged(rng: random.Random, data: bytes) -> bytes:
    """The bytes with one to three small changes: flipped, cut, doubled, moved, spliced, overwritten."""
    if data[:4] == b"PK\3\4" and rng.random() < 0.5:
        repacked = _with_damaged_entry(rng, data)
        if repacked is not None:
            return repacked
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        _damage(rng, changed)
    return bytes(changed)


def _damage(rng: random.Random, data: bytearray) -> None:
    place = rng.randrange(len(data) or 1)
    match rng.randrange(9):
        case 0 | 1 | 2:
            data[place : place + 1] = bytes((data[place] ^ 1 << rng.randrange(8),)) if data else b"\0"
        case 3:
            del data[place : place + rng.choice((1, 1, 2, 20, 400))]
        case 4:
            data[place:place] = rng.choice(SPLICES)
        case 5:
            other = rng.randrange(len(data) or 1)
            data[place:place] = data[other : other + rng.randrange(300)]
        case 6:
            length = rng.choice((1, 2, 4))
            data[place : place + length] = rng.choice((b"\xff", b"\0", b"\x7f", b"9")) * length
        case 7:
            other = rng.randrange(len(data) or 1)
            data[place : place + 8], data[other : other + 8] = (
                data[other : other + 8],
                data[place : place + 8],
            )
        case _:
            tail = data[max(0, len(data) - rng.randrange(2000)) :]
            data += tail


def _with_damaged_entry(rng: random.Random, data: bytes) -> bytes | None:
    """The container packed anew by another hand, with one file damaged: its checksums are right again."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(packed, "w") as made:
        entries = archive.infolist()
        victim = rng.choice(entries)
        for entry in entries:
            content = bytearray(archive.read(entry))
            if entry is victim:
                _damage(rng, content)
            made.writestr(zipfile.ZipInfo(entry.filename), bytes(content))
    return packed.getvalue()


@cache
def _lists() -> Material:
    """Fresh revocation lists, with which every original passes."""
    own = world()
    encodings = (own.crl(each, own.start + DAY / 5) for each in (own.root, own.issuing))
    return build_material((), [parse_crl(each) for each in encodings])


def judged(original: Original, data: bytes) -> Verdict | ShirushiError:
    """Our verdict on the damaged document under the world's root, or the error by which it is refused."""
    own = world()
    try:
        changed = document(data, original.made.name, original.made.media_type)
        signatures = original.parse(changed, original.contents)
        anchors = (TrustAnchor(own.root.certificate, "Test Root"),)
        material = merge(embedded_material(signatures, anchors), _lists())
        return validate_signatures(signatures, material, anchors, EU, own.start + DAY / 4)
    except ShirushiError as refusal:
        return refusal


def still_signed(original: Original, data: bytes) -> bool | None:
    """Whether what is signed is unchanged in the damaged document, None where another reader cannot tell."""
    try:
        return original.signed(data) == original.signed(original.made.read())
    except (
        etree.XMLSyntaxError,
        zipfile.BadZipFile,
        ValueError,
        KeyError,
        NotImplementedError,
        zlib.error,
        OSError,
    ):
        return None
    except RuntimeError:  # zipfile's word for an encrypted entry
        return None
