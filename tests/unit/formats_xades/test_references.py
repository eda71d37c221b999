"""What is signed is what is read: wrapping, ambiguous names, foreign transforms, contents from outside."""

import base64
import hashlib

import pytest
from lxml import etree

from shirushi.codecs.xml.effort import Effort
from shirushi.codecs.xml.errors import MalformedXml
from shirushi.core.document import document
from shirushi.formats.protocol import Packaging, SignatureParameters
from shirushi.formats.raw_ecdsa import to_raw
from tests.unit.formats_xades.bench import FORM, INVOICE, codes, invoice, replaced, signed, world

DSIG = "http://www.w3.org/2000/09/xmldsig#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"


def sha(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def hand_made(
    references: str,
    objects: str = "",
    around: str = "{}",
    c14n: str = "http://www.w3.org/2001/10/xml-exc-c14n#",
):
    """A plain XML signature whose value is over a SignedInfo of one's own."""
    info = (
        f'<ds:SignedInfo xmlns:ds="{DSIG}"><ds:CanonicalizationMethod Algorithm="{c14n}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{RSA}"></ds:SignatureMethod>{references}</ds:SignedInfo>'
    )
    alice = world().alice
    octets = etree.tostring(etree.fromstring(info), method="c14n", exclusive=True)
    value = base64.b64encode(to_raw(alice.sign(octets), 256)).decode()
    certificate = base64.b64encode(alice.der).decode()
    signature = (
        f'<ds:Signature xmlns:ds="{DSIG}">{info}<ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>'
        f"<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>{objects}</ds:Signature>"
    )
    return invoice(around.format(signature).encode())


def reference(
    uri: str | None, digest: str, transforms: str = "", more: str = "", algorithm: str = SHA256
) -> str:
    where = "" if uri is None else f' URI="{uri}"'
    within = f"<ds:Transforms>{transforms}</ds:Transforms>" if transforms else ""
    return (
        f'<ds:Reference{more}{where}>{within}<ds:DigestMethod Algorithm="{algorithm}"></ds:DigestMethod>'
        f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"
    )


def transform(algorithm: str, inner: str = "") -> str:
    return f'<ds:Transform Algorithm="{algorithm}">{inner}</ds:Transform>'


def only(given, contents=()):
    (evidence,) = FORM.parse(given, contents)
    return evidence


def test_a_plain_signature_over_a_part():
    given = hand_made(reference("#p", sha(b'<p Id="p">1</p>')), around='<r><p Id="p">1</p><q/>{}</r>')
    evidence = only(given)
    assert evidence.integrity
    assert evidence.level is None
    assert codes(evidence.level_failings) == {"XADES_NOT_XADES"}
    assert not evidence.covers_whole_document


@pytest.mark.parametrize("name", ["Id", "ID", "id"])
def test_a_name_that_stands_twice_names_nothing(name):
    part = f'<p {name}="p">1</p>'
    canonical_part = part.encode()
    evil = f'<q><p {name}="p">2</p></q>'
    evidence = only(hand_made(reference("#p", sha(canonical_part)), around=f"<r>{part}{evil}{{}}</r>"))
    assert evidence.value_intact
    assert evidence.integrity is None
    assert codes(evidence.structure) == {"XML_ID_AMBIGUOUS"}
    with pytest.raises(MalformedXml, match="already defined"):
        FORM.parse(invoice(b'<r><p xml:id="p"/><p xml:id="p"/></r>'))
    mixed = only(hand_made(reference("#p", sha(canonical_part)), around=f'<r>{part}<p ID="p"/>{{}}</r>'))
    assert mixed.integrity is None or name == "ID"


def test_signed_properties_count_in_their_own_place_alone():
    given = signed()
    text = given.read().decode()
    start, end = text.index("<xades:SignedProperties"), text.index("</xades:QualifyingProperties>")
    properties = text[start:end]
    moved = text.replace(properties, "").replace(
        "<ds:Object>", f"<ds:Object><wrapper>{properties}</wrapper>", 1
    )
    evidence = only(invoice(moved.encode()))
    assert evidence.integrity is None
    assert codes(evidence.structure) == {"XADES_REFERENCE_MISPLACED"}
    assert evidence.claimed_signing_time is None
    fake = properties.replace("2026-", "2020-").replace('Id="xades-', 'Id="fake-')
    beside = only(invoice(text.replace(properties, f"{fake}{properties}").encode()))
    assert beside.claimed_signing_time.year == 2026
    assert "XADES_PROPERTY_REPEATED" in codes(beside.structure)
    second = only(
        invoice(
            text.replace(
                "<ds:Object>",
                f'<ds:Object xmlns:xades="http://uri.etsi.org/01903/v1.3.2#"><xades:QualifyingProperties Target="#x">{fake}</xades:QualifyingProperties></ds:Object><ds:Object>',
                1,
            ).encode()
        )
    )
    assert second.claimed_signing_time is None
    assert "XADES_PROPERTY_REPEATED" in codes(second.structure)


def test_an_enveloped_object_counts_in_its_own_place_alone():
    text = signed(Packaging.ENVELOPING).read().decode()
    start = text.index("<ds:Object Encoding")
    held = text[start : text.index("</ds:Object>", start) + len("</ds:Object>")]
    evidence = only(invoice(text.replace(held, f"<ds:Object><w>{held}</w></ds:Object>").encode()))
    assert evidence.integrity is None
    assert codes(evidence.structure) == {"XADES_REFERENCE_MISPLACED"}


def test_a_signature_moved_into_another_document_is_not_intact():
    text = signed().read().decode()
    signature = text[text.index("<ds:Signature ") : text.index("</ds:Signature>") + len("</ds:Signature>")]
    evidence = only(invoice(f"<other>{signature}</other>".encode()))
    assert evidence.value_intact
    assert evidence.integrity is False


def test_properties_that_are_not_signed_say_nothing():
    given = signed()
    name = FORM.parse(given)[0].name
    evidence = only(replaced(given, (f' Target="#{name}"'.encode(), b' Target="#other"')))
    assert codes(evidence.structure) == {"XADES_TARGET_FOREIGN"}
    info = reference("", sha(b"<r></r>"), transform(f"{DSIG}enveloped-signature"))
    unsigned = (
        '<ds:Object><QualifyingProperties xmlns="http://uri.etsi.org/01903/v1.3.2#" Target=""><SignedProperties>'
        "<SignedSignatureProperties><SigningTime>2020-01-01T00:00:00Z</SigningTime></SignedSignatureProperties>"
        "</SignedProperties></QualifyingProperties></ds:Object>"
    )
    evidence = only(hand_made(info, unsigned, "<r>{}</r>"))
    assert evidence.integrity
    assert evidence.claimed_signing_time is None
    assert codes(evidence.structure) == {"XADES_SIGNED_PROPERTIES_UNSIGNED"}


@pytest.mark.parametrize(
    ("transforms", "digest"),
    [
        (transform(f"{DSIG}enveloped-signature"), sha(b"<r>1<p></p>23</r>")),
        (
            transform(
                "http://www.w3.org/TR/1999/REC-xpath-19991116",
                "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>",
            ),
            sha(b"<r>1<p></p>23</r>"),
        ),
        (
            transform(
                "http://www.w3.org/2002/06/xmldsig-filter2",
                '<f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">/descendant::ds:Signature</f:XPath>',
            ),
            sha(b"<r>1<p></p>23</r>"),
        ),
        (
            transform(
                "http://www.w3.org/2002/06/xmldsig-filter2",
                '<f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">here()/ancestor::ds:Signature[1]</f:XPath>',
            ),
            sha(b"<r>1<p></p>23</r>"),
        ),
    ],
)
def test_transforms_that_take_signatures_out(transforms, digest):
    evidence = only(hand_made(reference("", digest, transforms), around="<r>1<p/>2{}3</r>"))
    assert evidence.integrity, evidence.references


@pytest.mark.parametrize(
    "transforms",
    [
        transform("http://www.w3.org/TR/1999/REC-xslt-19991116", "<x/>"),
        transform("http://www.w3.org/TR/1999/REC-xpath-19991116", "<ds:XPath>true()</ds:XPath>"),
        transform(
            "http://www.w3.org/TR/1999/REC-xpath-19991116", "<ds:XPath>document('/etc/passwd')</ds:XPath>"
        ),
        transform(
            "http://www.w3.org/TR/1999/REC-xpath-19991116",
            '<ds:XPath xmlns:z="urn:z">not(ancestor-or-self::z:Signature)</ds:XPath>',
        ),
        transform(
            "http://www.w3.org/2002/06/xmldsig-filter2",
            '<f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="intersect">//ds:Signature</f:XPath>',
        ),
        transform("http://www.w3.org/2002/06/xmldsig-filter2"),
        transform("http://schemas.openxmlformats.org/package/2006/RelationshipTransform"),
        transform(""),
        transform("http://www.w3.org/2001/10/xml-exc-c14n#") + transform(f"{DSIG}enveloped-signature"),
    ],
)
def test_other_transforms_are_named_and_never_run(transforms):
    evidence = only(hand_made(reference("", sha(b"x"), transforms), around="<r>{}</r>"))
    assert evidence.value_intact
    assert evidence.integrity is None
    assert codes(evidence.level_failings) == {"XML_TRANSFORM_UNSUPPORTED", "XADES_NOT_XADES"}


def test_references_from_outside_are_found_by_name_and_nothing_is_fetched():
    info = reference("http://example.jp/a.txt", sha(b"a")) + reference(
        "b.xml", sha(b"<b></b>"), transform("http://www.w3.org/2001/10/xml-exc-c14n#")
    )
    a, b = document(b"a", "a.txt"), document(b"<b />", "b.xml")
    assert only(hand_made(info), [a, b]).integrity
    absent = only(hand_made(info), [b])
    assert [(r.found, r.intact) for r in absent.references] == [(False, None), (True, True)]
    assert only(hand_made(info), [a, a, b]).integrity is None
    assert only(hand_made(info), [document(b"c", "a.txt"), b]).integrity is False
    assert only(hand_made(info), [a, document(b"no xml", "b.xml")]).integrity is False
    assert only(hand_made(reference(None, sha(b"a"))), [document(b"a", "whatever")]).integrity


def test_the_entries_of_a_manifest_are_references_too():
    manifest = f'<ds:Manifest xmlns:ds="{DSIG}" Id="m">{reference("a.txt", sha(b"a"))}{reference("b.txt", sha(b"b"))}</ds:Manifest>'
    info = reference("#m", sha(manifest.encode()), more=f' Type="{DSIG}Manifest"')
    given = hand_made(info.replace(' Type="', ' Type="'), f"<ds:Object>{manifest}</ds:Object>")
    a, b = document(b"a", "a.txt"), document(b"b", "b.txt")
    assert only(given, [a, b]).integrity
    assert only(given, [a]).integrity is None
    assert only(given, [a, document(b"c", "b.txt")]).integrity is False


def test_an_unknown_digest_is_not_told():
    evidence = only(hand_made(reference("#p", "AA==", algorithm="urn:none"), around='<r><p Id="p"/>{}</r>'))
    assert [(r.found, r.intact) for r in evidence.references] == [(True, None)]


def test_a_thousand_references_to_a_large_document_do_not_take_all_day(monkeypatch):
    monkeypatch.setattr("shirushi.codecs.xml.reader.Effort", lambda _: Effort(100_000, 0, 2))
    info = reference("", sha(b"x"), transform(f"{DSIG}enveloped-signature")) * 50
    evidence = only(hand_made(info, around="<r>" + "x" * 10_000 + "{}</r>"))
    assert "XML_TOO_COMPLEX" in codes(evidence.level_failings)
    assert evidence.integrity is False


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"</ds:SignedInfo>", b"</ds:SignedInfo><ds:SignedInfo/>", "XML_MALFORMED"),
        (b"<ds:KeyInfo>", b"<ds:KeyInfo/><ds:KeyInfo>", "XML_MALFORMED"),
        (
            b'<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">',
            b'<ds:CanonicalizationMethod Algorithm="urn:none">',
            "XML_TRANSFORM_UNSUPPORTED",
        ),
    ],
)
def test_a_signature_that_cannot_be_read_is_evidence_of_that(old, new, code):
    evidence = only(replaced(signed(), (old, new)))
    assert codes(evidence.structure) == {code}
    assert evidence.integrity is None


def test_documents_without_signatures():
    assert FORM.parse(invoice(INVOICE)) == ()


def test_a_counter_signature_over_something_else_is_foreign():
    given = signed()
    (first,) = FORM.parse(given)
    countered = (
        world().sign(FORM, given, world().bob, SignatureParameters(countersigns=first.id)).read().decode()
    )
    start = countered.index("<xades:CounterSignature>")
    inner = countered[start : countered.index("</xades:CounterSignature>") + len("</xades:CounterSignature>")]
    other = signed(data=INVOICE + b"<!-- another -->").read().decode()
    injected = other.replace(
        "</xades:QualifyingProperties>",
        f"<xades:UnsignedProperties><xades:UnsignedSignatureProperties>{inner}</xades:UnsignedSignatureProperties>"
        "</xades:UnsignedProperties></xades:QualifyingProperties>",
    )
    one, two = FORM.parse(invoice(injected.encode()))
    assert one.integrity
    assert two.integrity is None
    assert "XADES_COUNTER_SIGNATURE_FOREIGN" in codes(two.structure)
