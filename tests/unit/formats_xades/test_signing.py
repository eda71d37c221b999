"""Signing: in, around and beside documents, with every algorithm, saying what the signer wants said."""

import dataclasses

import pytest
from lxml import etree

from shirushi.codecs.xml.c14n import Canonicalization, canonical_element
from shirushi.codecs.xml.names import ds, xades
from shirushi.codecs.xml.reader import parse_xml
from shirushi.core.algorithms import Digest, DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.document import document
from shirushi.core.errors import UnsupportedAlgorithm
from shirushi.core.evidence import Level, SignatureFormat, SignaturePolicyIdentifier
from shirushi.formats.protocol import Packaging, Prepared, SignatureParameters, ToBeSigned, VisibleMark
from shirushi.formats.raw_ecdsa import to_der, to_raw
from shirushi.formats.uris import escaped, unescaped
from shirushi.formats.xades.declined import (
    BreaksSignature,
    ParameterUnsupported,
    SignatureNotFound,
    ValueWithoutId,
)
from tests.unit.formats_cades.world import START
from tests.unit.formats_xades.bench import (
    FORM,
    INVOICE,
    codes,
    invoice,
    ml_dsa,
    replaced,
    signed,
    signers,
    world,
)


@pytest.mark.parametrize("packaging", Packaging)
def test_every_packaging_is_read_back_as_it_was_signed(packaging):
    contents = [invoice()] if packaging is Packaging.DETACHED else []
    (evidence,) = FORM.parse(signed(packaging), contents)
    assert evidence.integrity
    assert evidence.format is SignatureFormat.XADES
    assert (evidence.structure, evidence.level_failings, evidence.level) == ((), (), Level.B_B)
    assert evidence.signing_certificate == world().alice.certificate
    assert evidence.certificate_reference.matches
    assert evidence.certificate_reference.issuer_serial_matches
    assert evidence.claimed_signing_time == START
    assert evidence.covers_whole_document
    assert [c.id for c in evidence.certificates] == [c.id for c in world().alice.chain]


@pytest.mark.parametrize(
    "name", ["P-256", "P-384", "P-521", "RSA", "RSA-PSS", "Ed25519", "Ed448", "Brainpool"]
)
def test_every_algorithm_that_has_an_identifier(name):
    (evidence,) = FORM.parse(signed(signer=signers()[name]))
    assert evidence.integrity
    assert evidence.signature_algorithm == signers()[name].algorithm


def test_what_has_no_identifier_is_refused_by_name():
    with pytest.raises(UnsupportedAlgorithm, match="ML-DSA-65"):
        signed(signer=ml_dsa())
    salted = SignatureAlgorithm(Scheme.RSA_PSS, DigestAlgorithm.SHA256, salt_length=20)
    with pytest.raises(UnsupportedAlgorithm):
        signed(signer=dataclasses.replace(signers()["RSA-PSS"], algorithm=salted))
    with pytest.raises(UnsupportedAlgorithm, match="SHAKE256"):
        signed(policy=SignaturePolicyIdentifier("1.2.3", Digest(DigestAlgorithm.SHAKE256, b"x")))


def test_the_document_is_as_it_was_but_for_the_signature():
    tree = parse_xml(signed().read())
    (signature,) = tree.root.findall(ds("Signature"))
    assert signature.tail is None
    tree.root.remove(signature)
    same = etree.tostring(parse_xml(INVOICE).tree, method="c14n")
    assert etree.tostring(tree.tree, method="c14n") == same


@pytest.mark.parametrize("packaging", Packaging)
def test_what_is_written_is_in_canonical_form_already(packaging):
    said = {
        "location": "東京 & <京都>",
        "claimed_roles": ("a\r\nb",),
        "commitment": "1.2.840.113549.1.9.16.6.1",
    }
    given = signed(packaging, **said)
    document = parse_xml(given.read())
    for name in (ds("SignedInfo"), xades("SignedProperties")):
        element = next(document.root.iter(name))
        octets = canonical_element(document, element, Canonicalization.EXCLUSIVE).replace(b"&#xD;", b"&#13;")
        assert octets in given.read().replace(b"&#xD;", b"&#13;")


def test_what_the_signer_says_is_read_back():
    policy = SignaturePolicyIdentifier(
        "1.2.392.1", Digest(DigestAlgorithm.SHA256, bytes(32)), "http://example.jp/p?a&b", "内容を <確認>"
    )
    given = signed(
        location="京都", claimed_roles=("部長", "監査 <役>"), commitment="http://example.jp/c", policy=policy
    )
    (evidence,) = FORM.parse(given)
    assert evidence.policy == policy
    assert evidence.claims == (
        ("City", "京都"),
        ("ClaimedRole", "部長"),
        ("ClaimedRole", "監査 <役>"),
        ("CommitmentType", "http://example.jp/c"),
    )
    (implied,) = FORM.parse(signed(policy=SignaturePolicyIdentifier("")))
    assert implied.policy == SignaturePolicyIdentifier("")


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"reason": "承認"}, "reason"),
        ({"field": "Sig1"}, "field"),
        ({"name": "Alice"}, "name"),
        ({"mark": VisibleMark()}, "mark"),
        ({"policy": SignaturePolicyIdentifier("1.2.3")}, "policy without digest"),
        ({"location": "a\x00b"}, "U+0000"),
        ({"claimed_roles": ("\ufffe",)}, "U+FFFE"),
    ],
)
def test_what_has_no_place_is_refused_by_name(said, named):
    with pytest.raises(ParameterUnsupported) as refusal:
        signed(**said)
    assert refusal.value.parameters["parameter"] == named


@pytest.mark.parametrize(
    "data",
    [
        b"<a/>",
        b'<ds:a xmlns:ds="urn:not-ours"><ds:b/></ds:a>',
        b'<x:a xmlns:x="http://www.w3.org/2000/09/xmldsig#" xmlns:y="http://uri.etsi.org/01903/v1.3.2#"><y:b/></x:a>',
        b'<a xml:space="preserve" xml:base="http://example.jp/">\n <b>  </b> \n</a>\n<!-- - -->\n<?p q?>',
        '<?xml version="1.0" encoding="Shift_JIS" standalone="yes"?><a>契約書</a>'.encode("shift_jis"),
        '<?xml version="1.0" encoding="UTF-16"?><a>契約書</a>'.encode("utf-16"),
        b"<!-- <ds:Signature/> --><a><![CDATA[</a>]]></a>",
    ],
)
@pytest.mark.parametrize("packaging", [Packaging.ENVELOPED, Packaging.ENVELOPED_ALONE])
def test_documents_of_every_kind_take_a_signature_inside(data, packaging):
    (evidence,) = FORM.parse(signed(packaging, data))
    assert evidence.integrity
    assert evidence.level is Level.B_B


def test_signers_in_parallel():
    given = signed(claimed_roles=("1",))
    for _ in range(2):
        given = world().sign(FORM, given, world().bob, SignatureParameters(claimed_roles=("2",)))
    evidences = FORM.parse(given)
    assert [e.integrity for e in evidences] == [True] * 3
    assert len({e.name for e in evidences}) == 3
    assert len({e.id for e in evidences}) == 3


def test_a_signature_that_bears_no_other_is_not_broken():
    alone = signed(Packaging.ENVELOPED_ALONE)
    with pytest.raises(BreaksSignature):
        world().sign(FORM, alone)
    with pytest.raises(ParameterUnsupported):
        world().sign(FORM, signed(Packaging.ENVELOPING))
    around = world().sign(FORM, alone, parameters=SignatureParameters(packaging=Packaging.ENVELOPING))
    assert FORM.parse(around)[0].integrity
    broken = replaced(alone, (b">110 ", b">111 "))
    assert [e.integrity for e in FORM.parse(world().sign(FORM, broken))] == [False, True]


def test_in_series_a_signature_covers_the_earlier_one():
    second = world().sign(
        FORM, signed(), world().bob, SignatureParameters(packaging=Packaging.ENVELOPED_ALONE)
    )
    assert [e.integrity for e in FORM.parse(second)] == [True, True]
    text = second.read()
    first = text[text.index(b"<ds:Signature ") : text.index(b"</ds:Signature>") + len(b"</ds:Signature>")]
    assert [e.integrity for e in FORM.parse(invoice(text.replace(first, b"")))] == [False]


def test_counter_signatures_cover_the_value_around_them():
    given = signed()
    (first,) = FORM.parse(given)
    countered = world().sign(FORM, given, world().bob, SignatureParameters(countersigns=first.id))
    one, two = FORM.parse(countered)
    assert (one.id, one.integrity, two.integrity) == (first.id, True, True)
    assert (two.structure, two.level, two.countersigns) == ((), Level.B_B, first.id)
    twice = world().sign(FORM, countered, parameters=SignatureParameters(countersigns=two.id))
    assert [(e.integrity, e.structure) for e in FORM.parse(twice)] == [(True, ())] * 3
    with pytest.raises(SignatureNotFound):
        world().sign(FORM, given, parameters=SignatureParameters(countersigns="00"))


def test_a_value_that_nothing_can_name_is_not_countersigned():
    given = signed()
    name = FORM.parse(given)[0].name
    nameless = replaced(given, (f' Id="value-{name}"'.encode(), b""))
    (evidence,) = FORM.parse(nameless)
    with pytest.raises(ValueWithoutId):
        world().sign(FORM, nameless, parameters=SignatureParameters(countersigns=evidence.id))


def test_several_documents_under_one_signature():
    files = [document(b"%d" % n, f"資料 {n}%.txt", "text/plain") for n in range(3)]
    alice = world().alice
    prepared = FORM.prepare_detached(
        files, SignatureParameters(), digest_algorithm=DigestAlgorithm.SHA512, time=START, seed=b"s" * 16
    )
    token = world().stamp(prepared.digest, START)
    bound = FORM.bind(prepared, alice.chain, alice.algorithm, token)
    given = FORM.assemble(bound, alice.sign(bound.data))
    assert given.media_type == "application/xml"
    (evidence,) = FORM.parse(given, files[::-1])
    assert evidence.integrity
    assert [r.digest_algorithm for r in evidence.references] == [DigestAlgorithm.SHA512] * 4
    assert evidence.content_timestamps[0].imprint_intact
    (partly,) = FORM.parse(given, files[:2])
    assert (partly.integrity, [r.found for r in partly.references]) == (None, [True, True, False, True])


def test_the_steps_can_be_kept_and_sent():
    alice = world().alice
    prepared = FORM.prepare(
        invoice(),
        SignatureParameters(location="東京"),
        digest_algorithm=DigestAlgorithm.SHAKE256,
        space=0,
        time=START,
        seed=b"s" * 16,
    )
    kept = Prepared(invoice(), prepared.digest, bytes(prepared.state))
    bound = FORM.bind(kept, alice.chain, alice.algorithm)
    sent = ToBeSigned(invoice(), bound.data, bound.algorithm, bytes(bound.state))
    assert prepared.digest.algorithm is DigestAlgorithm.SHA512
    assert len(bytes(prepared.state)) < 1000
    assert len(bytes(bound.state)) < 5000
    assert FORM.parse(FORM.assemble(sent, alice.sign(sent.data)))[0].integrity


def test_ecdsa_values_between_der_and_xml():
    value = to_der(bytes(31) + b"\x01" + b"\xff" * 32)
    assert to_raw(value, 256) == bytes(31) + b"\x01" + b"\xff" * 32
    assert len(to_raw(to_der(bytes(131) + b"\x01"), 521)) == 132
    assert to_der(b"") == to_der(b"abc") == b"\x30\x00"


@pytest.mark.parametrize("name", ["a.txt", "資料 1.pdf", "50%&<>\"'.xml", "a/b#c?d"])
def test_names_of_files_in_references(name):
    assert unescaped(escaped(name)) == name
    assert escaped(name).isascii()
    given = world().sign(
        FORM, document(b"x", name), parameters=SignatureParameters(packaging=Packaging.DETACHED)
    )
    (evidence,) = FORM.parse(given, [document(b"y", "other"), document(b"x", name)])
    assert evidence.integrity


def test_a_plain_xml_signature_is_no_baseline_signature():
    assert "XADES_NOT_XADES" not in codes(FORM.parse(signed())[0].level_failings)
