"""A thousand small changes: nothing crashes, and nothing that was signed changes and stays intact."""

from base64 import b64decode

from lxml import etree

from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Level
from shirushi.formats.protocol import Packaging
from tests.unit.formats_xades.bench import FORM, invoice, signed, world

DS = "{http://www.w3.org/2000/09/xmldsig#}"


def facts(data: bytes) -> tuple:
    """What a reader takes from the document, found without our code: the content, the claims, the certificate."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    claims = [
        etree.tostring(each, method="c14n", exclusive=True)
        for each in root.iter("{http://uri.etsi.org/01903/v1.3.2#}SignedProperties")
    ]
    held = [each for each in root.iter(f"{DS}Object") if each.get("Id", "").startswith("o-")]
    objects = [b64decode("".join(each.itertext())) for each in held]
    for each in root.findall(f"{DS}Signature"):
        tail, before = each.tail or "", each.getprevious()
        if before is None:
            root.text = (root.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
        root.remove(each)
    if root.tag == f"{DS}Signature":
        return claims, objects
    return etree.tostring(root.getroottree(), method="c14n", with_comments=False), claims, objects


def mutated(rng, data: bytes) -> bytes:
    damaged = bytearray(data)
    place = rng.randrange(len(damaged))
    match rng.randrange(5):
        case 0 | 1:
            damaged[place] ^= 1 << rng.randrange(8)
        case 2:
            del damaged[place : place + rng.choice([1, 1, 20])]
        case 3:
            damaged[place:place] = rng.choice([b" ", b"<!---->", b"<?x?>", b"A", b"&#32;", b"<x/>"])
        case _:
            other = rng.randrange(len(damaged))
            damaged[place:place] = damaged[other : other + rng.randrange(200)]
    return bytes(damaged)


def test_a_thousand_changes(rng):
    originals = [
        signed().read(),
        signed(Packaging.ENVELOPING).read(),
        world().raise_to(FORM, signed(), Level.B_LT).read(),
    ]
    known = [facts(each) for each in originals]
    identity = [FORM.parse(invoice(each))[0].signing_certificate for each in originals]
    outcomes = {"refused": 0, "intact": 0, "broken": 0, "untold": 0}
    for _ in range(1200):
        number = rng.randrange(len(originals))
        data = mutated(rng, originals[number])
        try:
            evidences = FORM.parse(invoice(data))
        except MalformedInput:
            outcomes["refused"] += 1
            continue
        intact = [each for each in evidences if each.integrity and not each.structure]
        outcomes[
            "intact" if intact else "untold" if not evidences or evidences[0].integrity is None else "broken"
        ] += 1
        for each in intact:
            assert facts(data) == known[number], data
            same = each.signing_certificate == identity[number]
            assert same or not each.certificate_reference.matches  # it is not signed, but named by what is
    assert min(outcomes.values()) > 20, outcomes


def test_every_signed_byte_counts():
    """Each byte of the content and of the signed properties, flipped: never intact."""
    data = signed().read()
    content = data.index("さくら".encode()), data.index(b"</inv:total>")
    properties = data.index(b"<xades:SigningTime>") + 19, data.index(b"</xades:SigningTime>")
    info = data.index(b"<ds:DigestValue>") + 16, data.index(b"</ds:DigestValue>")
    value = data.index(b'<ds:SignatureValue Id="') + 80, data.index(b"</ds:SignatureValue>") - 3
    checked = 0
    for start, end in (content, properties, info, value):
        for place in range(start, end):
            damaged = data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]
            try:
                evidences = FORM.parse(invoice(damaged))
            except MalformedInput:
                continue
            assert not any(each.integrity for each in evidences), place
            checked += 1
    assert checked > 150
