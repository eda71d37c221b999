"""Signing: around and beside documents, in every form, with every algorithm, saying what the signer wants said."""

import base64
import dataclasses
import json

import pytest

from shirushi.codecs.jose.jws import Serialization
from shirushi.codecs.jose.text import encode_base64url
from shirushi.core.algorithms import Digest, DigestAlgorithm, message_digest_algorithm
from shirushi.core.document import document
from shirushi.core.errors import UnsupportedAlgorithm
from shirushi.core.evidence import Level, SignatureFormat, SignaturePolicyIdentifier
from shirushi.formats.jades.declined import (
    ContentMissing,
    ParameterUnsupported,
    PayloadUnfit,
    SignatureNotFound,
)
from shirushi.formats.jades.format import COMPACT_TYPE, JSON_TYPE, Jades
from shirushi.formats.jades.names import BY_URI, HTTP_HEADERS
from shirushi.formats.jades.parse import held_content
from shirushi.formats.protocol import Packaging, Prepared, SignatureParameters, ToBeSigned, VisibleMark
from tests.unit.formats_cades.world import START
from tests.unit.formats_jades.bench import (
    DETACHED,
    FORM,
    FORMS,
    ORDER,
    changed,
    codes,
    decoded,
    header,
    only,
    order,
    signed,
    signers,
    world,
)


@pytest.mark.parametrize("name", [name for name in signers() if name != "Brainpool"])
def test_every_algorithm(name):
    signer = signers()[name]
    found = only(signed(signer=signer))
    assert (found.integrity, found.level, found.structure) == (True, Level.B_B, ())
    assert (found.format, found.signature_algorithm) == (SignatureFormat.JADES, signer.algorithm)
    assert found.signature_oid == name.partition(" ")[0]
    assert found.signing_certificate == signer.certificate
    assert found.certificate_reference.matches
    assert found.claimed_signing_time == START


def test_the_certificate_is_named_under_the_digest_of_the_signature():
    assert "x5t#S256" in header(signed(signer=signers()["ES256"]))
    assert header(signed(signer=signers()["ES512"]))["x5t#o"]["digAlg"] == "S512"
    assert "x5t#S256" not in header(signed(signer=signers()["EdDSA"]))


def test_what_jose_has_no_name_for_is_refused_by_name():
    with pytest.raises(UnsupportedAlgorithm, match="JOSE"):
        signed(signer=signers()["Brainpool"])


@pytest.mark.parametrize("serialization", list(Serialization))
def test_forms(serialization):
    made = signed(FORMS[serialization])
    data = made.read()
    if serialization is Serialization.COMPACT:
        protected, payload, _ = data.decode().split(".")
        assert (made.name, made.media_type) == ("order.json.jws", COMPACT_TYPE)
    else:
        whole = json.loads(data)
        payload, one = whole["payload"], whole.get("signatures", [whole])[0]
        protected = one["protected"]
        assert ("signatures" in whole) is (serialization is Serialization.GENERAL)
        assert (made.name, made.media_type) == ("order.json.jws.json", JSON_TYPE)
    assert payload == encode_base64url(ORDER)
    assert decoded(protected)["cty"] == "json"
    assert "crit" not in decoded(protected)
    assert only(made).integrity


def test_what_the_signer_says_comes_back():
    policy = SignaturePolicyIdentifier(
        "1.2.3.4", Digest(DigestAlgorithm.SHA384, bytes(48)), "http://policy.example/", "内容を確認"
    )
    made = signed(
        location="東京都",
        commitment="1.2.840.113549.1.9.16.6.1",
        claimed_roles=("代表取締役", "監査役"),
        policy=policy,
    )
    found, head = only(made), header(made)
    assert found.policy == policy
    assert found.claims == (
        ("addressLocality", "東京都"),
        ("CommitmentType", "1.2.840.113549.1.9.16.6.1"),
        ("ClaimedRole", "代表取締役"),
        ("ClaimedRole", "監査役"),
    )
    assert head["srCms"] == [{"commId": {"id": "urn:oid:1.2.840.113549.1.9.16.6.1"}}]
    assert head["sigPId"]["id"] == {"id": "urn:oid:1.2.3.4"}
    assert (
        header(signed(commitment="http://c.example/#x"))["srCms"][0]["commId"]["id"] == "http://c.example/#x"
    )


@pytest.mark.parametrize(
    "said",
    [
        {"field": "a"},
        {"name": "a"},
        {"reason": "a"},
        {"mark": VisibleMark()},
        {"policy": SignaturePolicyIdentifier("")},
        {"packaging": Packaging.ENVELOPED},
        {"packaging": Packaging.ENVELOPED_ALONE},
    ],
)
def test_what_it_cannot_say_is_refused_by_name(said):
    with pytest.raises(ParameterUnsupported, match=next(iter(said))):
        signed(**said)


def test_between_its_steps_a_signature_is_a_small_value():
    own = world()
    large = document(b"x" * 1_000_000, "large.bin")
    prepared = FORM.prepare(
        large,
        SignatureParameters(),
        digest_algorithm=DigestAlgorithm.SHA256,
        space=0,
        time=START,
        seed=bytes(16),
    )
    assert len(bytes(prepared.state)) < 1_000
    again = Prepared(large, prepared.digest, bytes(prepared.state))
    bound = FORM.bind(again, own.alice.chain, own.alice.algorithm)
    assert len(bytes(bound.state)) < 10_000
    bound = ToBeSigned(large, bytes(bound.data), bound.algorithm, bytes(bound.state))
    assert only(FORM.assemble(bound, own.alice.sign(bound.data))).integrity


def test_a_content_time_stamp_covers_the_payload():
    made = world().sign(FORM, order(), content_timestamp=True)
    (stamp,) = only(made).content_timestamps
    assert stamp.imprint_intact
    payload = encode_base64url(ORDER).encode()
    assert stamp.info.imprint.value == DigestAlgorithm.SHA256.digest(payload)


def test_signers_stand_beside_one_another():
    first = signed(FORMS[Serialization.COMPACT])
    both = signed(FORM, first, world().bob)
    three = signed(FORM, dataclasses.replace(both, media_type="application/json"), signers()["PS256"])
    assert (both.media_type, both.name) == (JSON_TYPE, "order.json.jws.json")
    found = FORM.parse(three)
    assert [each.integrity for each in found] == [True] * 3
    assert [each.level for each in found] == [Level.B_B] * 3
    assert all(decoded(each["protected"])["cty"] == "json" for each in json.loads(three.read())["signatures"])


def test_a_jws_can_be_content_too():
    inner = signed()
    outer = signed(given=inner, packaging=Packaging.ENVELOPING)
    assert len(FORM.parse(outer)) == 1
    assert base64.urlsafe_b64decode(json.loads(outer.read())["payload"] + "==") == inner.read()


def test_json_that_is_no_signature_is_content():
    made = signed(given=document(b'{"a": 1, "a": 2}', "odd.json", "application/json"))
    assert only(made).integrity


@pytest.mark.parametrize("serialization", list(Serialization))
def test_what_was_signed_is_handed_out(serialization):
    """A compact JWS around a JSON list is read back as it was."""
    assert held_content(signed(FORMS[serialization])) == ORDER
    text = document(b"plain text", "a.txt", "text/plain")
    assert held_content(signed(Jades(serialization, unencoded=True), text)) == b"plain text"
    for empty in (signed(packaging=DETACHED), order()):
        with pytest.raises(ContentMissing):
            held_content(empty)


@pytest.mark.parametrize("serialization", list(Serialization))
def test_payloads_that_are_not_encoded(serialization):
    text = document(b"plain text, ({}) 'quoted'", "a.txt", "text/plain")
    made = signed(Jades(serialization, unencoded=True), text)
    assert made.read().count(text.read()) == 1
    found = only(made)
    assert (found.integrity, found.level, found.structure) == (True, Level.B_B, ())
    both = FORM.parse(signed(given=made, signer=world().bob))
    assert [each.integrity for each in both] == [True, True]


@pytest.mark.parametrize(
    ("serialization", "content"),
    [
        (Serialization.COMPACT, b"a.b"),
        (Serialization.COMPACT, "請求".encode()),
        (Serialization.COMPACT, b"a\nb"),
        (Serialization.FLATTENED, b"\xff"),
        (Serialization.FLATTENED, b""),
    ],
)
def test_payloads_that_cannot_stand_unencoded_are_refused(serialization, content):
    with pytest.raises(PayloadUnfit):
        signed(Jades(serialization, unencoded=True), document(content, "a.txt"))


def test_nothing_is_not_signed():
    with pytest.raises(PayloadUnfit):
        signed(given=document(b"", "empty"))


def test_files_beside_a_signature():
    made = signed(packaging=DETACHED)
    assert "payload" not in json.loads(made.read())
    assert header(made)["crit"] == ["sigD"]
    found = only(made, order())
    assert (found.integrity, found.level) == (True, Level.B_B)
    (reference,) = found.references
    assert (reference.name, reference.found, reference.intact) == ("order.json", True, True)
    renamed = only(made, document(ORDER, "another name.json"))
    assert renamed.integrity
    broken = only(made, document(ORDER + b" ", "order.json"))
    assert (broken.integrity, broken.value_intact) == (False, True)
    missing = only(made)
    assert (missing.integrity, missing.references[0].found) == (None, False)


@pytest.mark.parametrize("unencoded", [False, True])
def test_several_files_one_after_the_other(unencoded):
    own, form = world(), Jades(Serialization.COMPACT, unencoded=unencoded)
    files = [order(), document(b"\xff\0", "資料 1.bin"), document(b"c", "sub/c.txt", "text/plain")]
    prepared = form.prepare_detached(
        files, SignatureParameters(), digest_algorithm=DigestAlgorithm.SHA256, time=START, mechanism=BY_URI
    )
    bound = form.bind(prepared, own.alice.chain, own.alice.algorithm)
    made = form.assemble(bound, own.alice.sign(bound.data))
    assert only(made, *reversed(files)).integrity
    assert only(made, *files[:2]).integrity is None
    assert only(made, *files[:2], document(b"d", "sub/c.txt")).integrity is False


def test_http_messages():
    own, form = world(), Jades(Serialization.COMPACT, unencoded=True)
    body = document(ORDER, "body")
    digest = base64.b64encode(DigestAlgorithm.SHA256.digest(ORDER)).decode()
    fields = [
        document(b"post /orders", "(request-target)"),
        document(b"shop.example", "Host"),
        document(f" SHA-256={digest} ".encode(), "Digest"),
    ]
    prepared = form.prepare_detached(
        [*fields, body],
        SignatureParameters(),
        digest_algorithm=DigestAlgorithm.SHA256,
        time=START,
        mechanism=HTTP_HEADERS,
    )
    bound = form.bind(prepared, own.alice.chain, own.alice.algorithm, own.stamp(prepared.digest, START))
    assert bound.data.endswith(
        f".(request-target): post /orders\nhost: shop.example\ndigest: SHA-256={digest}".encode()
    )
    made = form.assemble(bound, own.alice.sign(bound.data))
    found = only(made, *fields, body)
    assert (found.integrity, found.structure) == (True, ())
    assert found.content_timestamps[0].imprint_intact
    assert only(made, *fields).integrity is None
    assert only(made, *fields, document(b"another body", "body")).integrity is False
    assert only(made, *fields[:2], body).integrity is None
    other = document(b"evil.example", "host")
    assert only(made, fields[0], other, fields[2], body).value_intact is False


def test_counter_signatures_cover_the_value():
    made = signed()
    (alice,) = FORM.parse(made)
    countered = signed(given=made, signer=world().bob, countersigns=alice.id)
    first, second = FORM.parse(countered)
    assert (first.id, second.countersigns) == (alice.id, alice.id)
    assert (first.integrity, second.integrity, second.level) == (True, True, Level.B_B)
    deep = signed(given=countered, countersigns=second.id)
    found = FORM.parse(deep)
    assert [each.integrity for each in found] == [True] * 3
    assert found[2].countersigns == second.id
    assert codes(found[0].structure) == set()
    with pytest.raises(SignatureNotFound):
        signed(given=made, countersigns="0" * 64)


def test_a_compact_one_that_is_counter_signed_becomes_json():
    made = signed(FORMS[Serialization.COMPACT])
    countered = signed(given=made, countersigns=only(made).id)
    assert (countered.media_type, countered.name) == (JSON_TYPE, "order.json.jws.json")
    assert [each.integrity for each in FORM.parse(countered)] == [True, True]


def test_a_detached_signature_gets_no_other_beside_it():
    with pytest.raises(ContentMissing):
        signed(given=signed(packaging=DETACHED))


def test_a_payload_may_be_detached_without_being_named():
    """RFC 7515 appendix F."""
    made = changed(signed(), payload=None)
    assert only(made, order()).integrity
    assert only(made, document(ORDER + b" ")).integrity is False
    assert only(made).integrity is None


def test_large_documents_beside_a_signature_are_read_in_pieces():
    made = signed(given=document(b"x" * 3_000_001, "large.bin"), packaging=DETACHED)
    assert made.size < 10_000
    assert only(made, document(b"x" * 3_000_001, "large.bin")).integrity
    assert message_digest_algorithm(world().alice.algorithm) is DigestAlgorithm.SHA256
