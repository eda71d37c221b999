"""Good signatures around, beside and beneath what was not signed: none of these documents is clean.

Clean is a document of which every signature is intact, well-formed, covers all of it, and tolerates every later change.
The twins of others' files are in `tests/corpora`; changes of PDFs after signing in `tests/unit/pades_parse`.
"""

import copy
import io
import json
import zipfile
from collections.abc import Callable

import pytest
from lxml import etree

from shirushi.codecs.asn1 import der
from shirushi.core.document import Document, document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import SignatureEvidence
from shirushi.formats.asic.container import AsicKind, new_container
from shirushi.formats.asic.format import AsicCades
from shirushi.formats.asic.manifest import read_manifest, write_manifest
from shirushi.formats.cades.format import Cades
from shirushi.formats.jades.format import JSON_TYPE
from shirushi.formats.pades.parse import parse as parse_pades
from shirushi.formats.protocol import Packaging
from tests.unit.formats_cades.world import World
from tests.unit.formats_jades import bench as jades
from tests.unit.formats_xades import bench as xades
from tests.unit.pades_parse.test_parse import SIGNED

DS = "{http://www.w3.org/2000/09/xmldsig#}"
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
GOOD, OTHER = document(b"pay 10 to Sakura", "order.txt"), document(b"pay 9999 to Mallory", "order.txt")


def is_clean(found: tuple[SignatureEvidence, ...]) -> bool:
    return bool(found) and all(
        each.integrity is True
        and not each.structure
        and each.covers_whole_document
        and all(change.allowed for change in each.changes)
        for each in found
    )


def parsed(parse: Callable[..., tuple[SignatureEvidence, ...]], *given) -> tuple[SignatureEvidence, ...]:
    try:
        return parse(*given)
    except MalformedInput:
        return ()


def root_of(given: Document):
    return etree.fromstring(given.read())


def xml(root) -> Document:
    return xades.invoice(etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True))


def wrapped(root):
    """What was signed, hidden in an object of a new root of the attacker's."""
    other = etree.fromstring(xades.INVOICE)
    other[-1].text = "9,999,999"
    etree.SubElement(other, f"{DS}Object").append(root)
    return other


def signature_lifted(root):
    """As above, with the signature where a reader looks for it."""
    other = wrapped(root)
    other.append(root.find(f"{DS}Signature"))
    return other


def content_beside(root):
    root.addprevious(etree.Comment("x"))
    outer = etree.Element("batch")
    outer.append(copy.deepcopy(root[0]))
    outer.append(root)
    return outer


def identifiers_doubled(root):
    signed = next(root.iter(f"{XADES}SignedProperties"))
    fake = copy.deepcopy(signed)
    next(fake.iter(f"{XADES}SigningTime")).text = "2001-01-01T00:00:00Z"
    signed.addprevious(fake)
    return root


def properties_moved(root):
    """The signed properties elsewhere, others in their place."""
    signed = next(root.iter(f"{XADES}SignedProperties"))
    fake = copy.deepcopy(signed)
    fake.set("Id", "fake")
    next(fake.iter(f"{XADES}SigningTime")).text = "2001-01-01T00:00:00Z"
    signed.getparent().replace(signed, fake)
    etree.SubElement(root.find(f"{DS}Signature"), f"{DS}Object").append(signed)
    return root


def properties_twice(root):
    """A second set of qualifying properties, in an object before the signed one."""
    held = next(root.iter(f"{XADES}QualifyingProperties")).getparent()
    fake = copy.deepcopy(held)
    next(fake.iter(f"{XADES}SignedProperties")).set("Id", "fake")
    held.addprevious(fake)
    return root


def signature_inside_signature(root):
    """The good signature in an object of one that is not signed at all."""
    good = root.find(f"{DS}Signature")
    outer = copy.deepcopy(good)
    outer.find(f"{DS}SignatureValue").text = "AAAA"
    root.replace(good, outer)
    etree.SubElement(outer, f"{DS}Object").append(good)
    return root


def reference_to_less(root):
    root.find(f".//{DS}Reference").set("URI", "#nothing")
    return root


@pytest.mark.parametrize(
    "attack",
    [
        wrapped,
        signature_lifted,
        content_beside,
        identifiers_doubled,
        properties_moved,
        properties_twice,
        signature_inside_signature,
        reference_to_less,
    ],
)
@pytest.mark.parametrize("packaging", [Packaging.ENVELOPED, Packaging.ENVELOPED_ALONE])
def test_xml(attack, packaging):
    good = xades.signed(packaging)
    assert is_clean(xades.FORM.parse(good))
    assert not is_clean(parsed(xades.FORM.parse, xml(attack(root_of(good)))))


def test_xml_objects_exchanged():
    one, two = (
        root_of(xades.signed(Packaging.ENVELOPING, data)) for data in (xades.INVOICE, b"<pay>9999</pay>")
    )
    mine, theirs = (next(o for o in each.iter(f"{DS}Object") if o.get("Id")) for each in (one, two))
    theirs.set("Id", mine.get("Id"))
    for place in (0, -1):
        attacked = copy.deepcopy(one)
        attacked.insert(place, copy.deepcopy(theirs))
        assert not is_clean(parsed(xades.FORM.parse, xml(attacked)))
    mine.getparent().replace(mine, theirs)
    assert not is_clean(parsed(xades.FORM.parse, xml(one)))


def jws(**members: object) -> Document:
    return document(json.dumps(members).encode(), "x.json", JSON_TYPE)


def general(given: Document) -> dict:
    """A JWS in its general serialization."""
    whole = json.loads(given.read())
    own = {name: whole.pop(name) for name in ("protected", "header", "signature") if name in whole}
    return {"signatures": [own], **whole}


def test_json():
    good = general(jades.signed())
    other = general(jades.signed(given=document(b"pay 9999", "order.txt", "text/plain")))
    mine, theirs = good["signatures"][0], other["signatures"][0]
    assert is_clean(jades.FORM.parse(jws(**good)))
    attacks = [
        jws(**other | {"signatures": [mine]}),  # moved to another payload
        jws(**good | {"signatures": [mine, theirs]}),  # beside one of another payload
        jws(**good | {"signatures": [theirs | {"protected": mine["protected"]}]}),  # headers swapped
        jws(**good | {"signatures": [mine | {"signature": theirs["signature"]}]}),
        jws(**good | mine | {"payload": other["payload"]}),  # two serializations in one
        document(
            json.dumps(good)[:-1].encode() + b', "payload": "e30"}', "x.json", JSON_TYPE
        ),  # one name twice
    ]
    for attacked in attacks:
        assert not is_clean(parsed(jades.FORM.parse, attacked)), attacked.read()[-120:]


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def signed_data(given: Document) -> list[bytes]:
    """The version, digests, content, certificates and signers of a CMS."""
    data = der.single(given.read(), der.SEQUENCE).children()[1].children()[0]
    return [each.raw for each in data.children()]


def cms(parts: list[bytes]) -> Document:
    return document(
        der.sequence(der.oid("1.2.840.113549.1.7.2"), der.tlv(0xA0, der.sequence(*parts))), "order.p7m"
    )


def inner(encoding: bytes) -> bytes:
    return der.single(encoding).value


def test_cms(world):
    good, other = (signed_data(world.sign(Cades(), each)) for each in (GOOD, OTHER))
    by_bob = signed_data(world.sign(Cades(), OTHER, world.bob))
    assert is_clean(Cades().parse(cms(good)))
    version, digests, content, certificates, signers = good
    without = der.sequence(der.oid("1.2.840.113549.1.7.1"))
    attacks = {
        "eContent replaced": [version, digests, other[2], certificates, signers],
        "eContent taken out": [version, digests, without, certificates, signers],
        "eContent of another type": [
            version,
            digests,
            content.replace(der.oid("1.2.840.113549.1.7.1"), der.oid("1.2.840.113549.1.7.6"), 1),
            certificates,
            signers,
        ],
        "a signer of another content beside": [
            version,
            digests,
            content,
            der.tlv(0xA0, inner(certificates) + inner(by_bob[3])),
            der.tlv(der.SET, inner(signers) + inner(by_bob[4])),
        ],
        "another's certificates": [version, digests, content, by_bob[3], signers],
        "no certificates": [version, digests, content, signers],
        "an attribute certificate in their place": [
            version,
            digests,
            content,
            der.tlv(0xA0, der.tlv(0xA2, der.single(der.single(certificates).children()[0].raw).value)),
            signers,
        ],
        "a signer twice, once broken": [
            version,
            digests,
            content,
            certificates,
            der.tlv(der.SET, inner(signers) + inner(signers)[:-1] + b"\x00"),
        ],
    }
    for name, parts in attacks.items():
        assert not is_clean(
            parsed(Cades().parse, cms(parts), (GOOD,) if name == "no certificates" else ())
        ), name


def test_cms_of_detached_content_is_not_that_of_others(world):
    form = Cades(Packaging.DETACHED)
    made = world.sign(form, GOOD)
    assert is_clean(form.parse(made, [GOOD]))
    assert not is_clean(form.parse(made, [OTHER]))
    assert not is_clean(
        form.parse(
            cms([*signed_data(made)[:2], signed_data(world.sign(Cades(), OTHER))[2], *signed_data(made)[3:]]),
            [GOOD],
        )
    )


def files(container: Document) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(container.read())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(entries: dict[str, bytes], *more: tuple[str, bytes]) -> Document:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in (*entries.items(), *more):
            archive.writestr(name, data)
    return document(packed.getvalue(), "a.asice")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_containers(world):
    form = AsicCades()
    good = files(
        world.sign(form, new_container([GOOD, document(b"annex", "annex.csv")], AsicKind.E, "a.asice"))
    )
    assert is_clean(form.parse(zipped(good)))
    name = "META-INF/ASiCManifest001.xml"
    manifest = read_manifest(good[name])
    fewer = write_manifest(manifest.signature, "application/x-pkcs7-signature", manifest.references[:1])
    attacks = {
        "a file twice": zipped(good, ("order.txt", OTHER.read())),
        "a file replaced": zipped(good | {"order.txt": OTHER.read()}),
        "a file beside": zipped(good | {"order2.txt": OTHER.read()}),
        "files exchanged": zipped(good | {"order.txt": good["annex.csv"], "annex.csv": good["order.txt"]}),
        "a file renamed": zipped({("pay.txt" if k == "order.txt" else k): v for k, v in good.items()}),
        "a manifest with less": zipped(good | {name: fewer}),
        "a second manifest for the signature": zipped({"META-INF/ASiCManifest000.xml": fewer, **good}),
        "a second manifest behind": zipped(good | {"META-INF/ASiCManifest002.xml": fewer}),
        "a manifest twice": zipped(good, (name, fewer)),
        "no manifest": zipped({k: v for k, v in good.items() if k != name}),
        "another folder": zipped(good | {"META-INF/order.txt": OTHER.read(), "order.txt": OTHER.read()}),
        "a simple one": zipped({k: v for k, v in good.items() if k not in {name, "annex.csv"}}),
    }
    for what, attacked in attacks.items():
        assert not is_clean(parsed(form.parse, attacked)), what


def test_pdf():
    """Signature wrapping and incremental saving (Mladenov and others, CCS 2019): the bytes are signed, the page is another."""
    good = SIGNED.read()
    assert is_clean(parse_pades(document(good, "a.pdf")))
    start = good.rindex(b"/ByteRange")
    numbers = good[good.index(b"[", start) + 1 : good.index(b"]", start)]
    first, length, second, rest = map(int, numbers.split())
    faked = good[:second] + b"9 0 obj\n<</Type/Page>>\nendobj\n" + good[second:]

    def ranges(*wanted: int) -> bytes:
        return b" ".join(b"%d" % each for each in wanted).ljust(len(numbers))[: len(numbers)]

    moved = second + len(faked) - len(good)
    update = b"\n4 0 obj\n<</Type/Page>>\nendobj\n"
    attacks = {
        "a section between the ranges": faked.replace(numbers, ranges(first, length, moved, rest)),
        "an update without a table": good + update,
        "an update with a trailer alone": good + update + b"trailer\n<</Root 1 0 R/Size 9>>\n%%EOF\n",
        "an update that ends in the middle": good + update + b"startxref\n%d\n" % len(good),
        "the signed part twice": good + good,
        "less than everything": good.replace(numbers, ranges(first, length, second, rest - 20)),
        "nothing": good.replace(numbers, ranges(0, 0, 0, 0)),
        "one range alone": good.replace(numbers, ranges(first, length)),
        "ranges that overlap": good.replace(numbers, ranges(first, length, first, rest)),
        "ranges exchanged": good.replace(numbers, ranges(second, rest, first, length)),
        "no range": good.replace(b"/ByteRange", b"/ByteRangf"),
        "no contents": good.replace(
            b"/Contents <" if b"/Contents <" in good else b"/Contents<", b"/Contentz<", 1
        ),
        "bytes before": b"%PDF-1.7\n" + good,
    }
    for what, attacked in attacks.items():
        assert attacked != good, what
        assert not is_clean(parsed(parse_pades, document(attacked, "a.pdf"))), what
