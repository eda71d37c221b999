"""What attackers do to JSON signatures: each has its named reason, and none passes."""

import base64
import json

import pytest

from shirushi.codecs.jose.errors import JsonMemberRepeated, JsonTooComplex, MalformedJson, MalformedJws
from shirushi.core.document import document
from shirushi.core.evidence import Level, TrustAnchor
from shirushi.core.verdict import Indication
from shirushi.formats.jades.format import JSON_TYPE
from shirushi.formats.jades.names import BY_URI, BY_URI_HASH, HTTP_HEADERS
from shirushi.rules.ades import JAPAN, validate_signatures
from shirushi.services.validation.service import embedded_material
from tests.unit.formats_cades.world import DAY
from tests.unit.formats_jades.bench import (
    DETACHED,
    FORM,
    ORDER,
    changed,
    codes,
    decoded,
    encoded,
    header,
    only,
    order,
    plain_head,
    resigned,
    signed,
    world,
)


def verdict(given, *contents):
    """Our verdict with the root as the only anchor."""
    own = world()
    found = FORM.parse(given, contents)
    anchors = (TrustAnchor(own.root.certificate, "root"),)
    return validate_signatures(found, embedded_material(found, anchors), anchors, JAPAN, own.start + DAY / 8)


def failing(given, *contents) -> set[str]:
    """The codes of what is wrong with the structure; the verdict is then no pass."""
    found = only(given, *contents)
    assert verdict(given, *contents).indication is not Indication.TOTAL_PASSED
    return codes(found.structure)


def test_the_honest_one_is_intact():
    found = only(resigned(plain_head()))
    assert (found.integrity, found.level, found.structure) == (True, Level.B_B, ())


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({"alg": "none"}, "JADES_ALGORITHM_FORBIDDEN"),
        ({"alg": "HS256"}, "JADES_ALGORITHM_FORBIDDEN"),
        ({"alg": None}, "JADES_PARAMETER_MALFORMED"),
        ({"alg": ["ES256"]}, "JADES_PARAMETER_MALFORMED"),
        ({"b64": False}, "JADES_CRIT_MALFORMED"),
        ({"b64": "false", "crit": ["b64"]}, "JADES_PARAMETER_MALFORMED"),
        ({"crit": []}, "JADES_CRIT_MALFORMED"),
        ({"crit": "iat"}, "JADES_CRIT_MALFORMED"),
        ({"crit": ["iat", "iat"]}, "JADES_CRIT_MALFORMED"),
        ({"crit": [["iat"]]}, "JADES_CRIT_MALFORMED"),
        ({"crit": ["alg"]}, "JADES_CRIT_MALFORMED"),
        ({"crit": ["sigPl"]}, "JADES_CRIT_MALFORMED"),
        ({"crit": ["exp"], "exp": 1}, "JADES_CRIT_NOT_UNDERSTOOD"),
        ({"iat": 1e300}, "JADES_PARAMETER_MALFORMED"),
        ({"iat": True}, "JADES_PARAMETER_MALFORMED"),
        ({"iat": "2026"}, "JADES_PARAMETER_MALFORMED"),
        ({"sigT": "2026-03-01T09:00:00Z"}, "JADES_SIGNING_TIMES"),
        ({"etsiU": []}, "JADES_PARAMETER_MALFORMED"),
        ({"x5c": "AA=="}, "JADES_PARAMETER_MALFORMED"),
        ({"x5c": ["!"]}, "JADES_PARAMETER_MALFORMED"),
        ({"x5c": ["AA=="] * 100}, "JADES_PARAMETER_MALFORMED"),
        ({"x5t#S256": 7}, "JADES_PARAMETER_MALFORMED"),
        ({"x5t#o": {"digAlg": "MD5", "digVal": "AA"}}, "JADES_PARAMETER_MALFORMED"),
        ({"x5t#o": []}, "JADES_PARAMETER_MALFORMED"),
        ({"sigX5ts": [7]}, "JADES_PARAMETER_MALFORMED"),
        ({"sigPl": []}, "JADES_PARAMETER_MALFORMED"),
        ({"sigPl": {"addressLocality": 7}}, "JADES_PARAMETER_MALFORMED"),
        ({"srCms": [{}]}, "JADES_PARAMETER_MALFORMED"),
        ({"srAts": {"claimed": [7]}}, "JADES_PARAMETER_MALFORMED"),
        ({"srAts": {"certified": [{"x509AttrCert": {"val": "!"}}]}}, "JADES_PARAMETER_MALFORMED"),
        ({"srAts": []}, "JADES_PARAMETER_MALFORMED"),
        ({"sigPId": {"id": "1.2"}}, "JADES_PARAMETER_MALFORMED"),
        ({"adoTst": {"tstTokens": []}}, "JADES_PARAMETER_MALFORMED"),
        ({"adoTst": [1]}, "JADES_PARAMETER_MALFORMED"),
        ({"cty": 7}, "JADES_PARAMETER_MALFORMED"),
    ],
)
def test_headers_that_were_signed_as_they_are(head, code):
    """Honestly signed by their signer, whose program was wrong."""
    assert code in failing(resigned(plain_head(**head)))


@pytest.mark.parametrize(
    "sig_d",
    [
        {},
        [],
        "x",
        {"mId": BY_URI},
        {"mId": BY_URI, "pars": []},
        {"mId": BY_URI, "pars": [7]},
        {"mId": BY_URI, "pars": ["order.json"] * 2_000},
        {"mId": BY_URI_HASH, "pars": ["order.json"], "hashM": "S256"},
        {"mId": BY_URI_HASH, "pars": ["order.json"], "hashM": "S256", "hashV": []},
        {"mId": BY_URI_HASH, "pars": ["order.json"], "hashM": "S256", "hashV": ["!"]},
        {"mId": BY_URI_HASH, "pars": ["order.json"], "hashM": "S256", "hashV": "AA"},
        {"pars": ["order.json"]},
    ],
)
def test_references_that_cannot_be_read(sig_d):
    made = resigned(plain_head(sigD=sig_d, crit=["sigD"]), "")
    assert failing(made, order()) == {"JADES_PARAMETER_MALFORMED"}
    assert only(made, order()).integrity is None


def test_ways_of_naming_that_are_unknown():
    made = resigned(plain_head(sigD={"mId": "urn:x", "pars": ["order.json"]}, crit=["sigD"]), "")
    assert failing(made, order()) == {"JADES_MECHANISM_UNKNOWN"}


def test_digests_that_are_unknown_are_not_taken_for_right():
    sig_d = {"mId": BY_URI_HASH, "pars": ["order.json"], "hashM": "MD5", "hashV": ["AA"]}
    found = only(resigned(plain_head(sigD=sig_d, crit=["sigD"]), ""), order())
    assert (found.integrity, found.references[0].intact) == (None, None)


def test_sig_d_must_be_critical_and_alone():
    made = signed(packaging=DETACHED)
    assert "JADES_PAYLOAD_BESIDE_SIGD" in failing(changed(made, payload="e30"), order())
    sig_d = header(made)["sigD"]
    assert "JADES_CRIT_MALFORMED" in failing(resigned(plain_head(sigD=sig_d), ""), order())


def test_http_fields_that_name_nothing():
    made = resigned(plain_head(sigD={"mId": HTTP_HEADERS, "pars": ["host"]}, crit=["sigD"]), "")
    assert only(made, document(b"\xff", "host")).integrity is None
    assert only(made).integrity is None


@pytest.mark.parametrize(
    "name", ["alg", "x5c", "x5t#S256", "jwk", "jku", "b64", "crit", "iat", "sigT", "sigD"]
)
def test_what_stands_unprotected_counts_for_nothing(name):
    made = changed(signed(), header={name: "none"})
    found = only(made)
    assert failing(made) == {"JADES_UNPROTECTED_PARAMETER"}
    assert (found.integrity, found.claimed_signing_time) == (True, world().start)


def test_a_key_beside_the_signature_is_not_believed():
    """The certificate is taken from the protected header alone; etsiU may bring only what that names."""
    head = plain_head()
    own = base64.b64encode(world().alice.der).decode()
    made = resigned({"alg": "ES256", "iat": head["iat"]}, header={"x5c": [own]})
    assert only(made).signing_certificate is None
    brought = encoded({"xVals": [{"x509Cert": {"val": own}}]})
    made = resigned({"alg": "ES256", "iat": head["iat"]}, header={"etsiU": [brought]})
    assert (only(made).signing_certificate, only(made).integrity) == (None, None)
    del head["x5c"]
    made = resigned(head, header={"etsiU": [brought]})
    assert only(made).integrity


def test_a_certificate_that_the_header_does_not_name_is_not_the_signers():
    head = plain_head()
    head["x5t#S256"] = base64.urlsafe_b64encode(bytes(32)).rstrip(b"=").decode()
    found = only(resigned(head))
    assert found.certificate_reference.matches is False
    assert verdict(resigned(head)).indication is Indication.INDETERMINATE


@pytest.mark.parametrize("size", [0, 32, 63, 65, 66, 128])
def test_a_value_has_its_length(size):
    """RFC 7518 §3.4: leading zeros and longer numbers are other values."""
    made = signed()
    value = base64.urlsafe_b64decode(json.loads(made.read())["signature"] + "==")
    other = (
        value[:32].rjust(size // 2, b"\0") + value[32:].rjust(size // 2, b"\0") if size > 64 else value[:size]
    )
    if size == 65:
        other = b"\0" + value
    text = base64.urlsafe_b64encode(other).rstrip(b"=").decode()
    assert only(changed(made, signature=text)).value_intact is False


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"protected": "!"}, "JSON_MALFORMED"),
        ({"protected": ""}, "JSON_MALFORMED"),
        ({"protected": encoded([])}, "JSON_MALFORMED"),
        ({"protected": "é"}, "JSON_MALFORMED"),
        ({"signature": "A"}, "JSON_MALFORMED"),
        ({"signature": "AA=="}, "JSON_MALFORMED"),
        (
            {"protected": base64.urlsafe_b64encode(b'{"alg":"ES256","alg":"none"}').decode().rstrip("=")},
            "JSON_MEMBER_REPEATED",
        ),
        (
            {"protected": base64.urlsafe_b64encode(b'{"a":' + b"[" * 90).decode().rstrip("=")},
            "JSON_TOO_COMPLEX",
        ),
    ],
)
def test_signatures_that_cannot_be_read_are_evidence_too(members, code):
    found = only(changed(signed(), **members))
    assert (codes(found.structure), found.integrity, found.level) == ({code}, None, None)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b'{"payload":"e30","payload":"e31","protected":"e30","signature":"AA"}', JsonMemberRepeated),
        (b'{"signature":' + b"[" * 200_000, JsonTooComplex),
        (b'{"signature":"AA","x":' + b"9" * 10_000 + b"}", JsonTooComplex),
        (b'{"signature":"AA","x":1e999}', MalformedJson),
        (b'{"signature":"AA","payload":{}}', MalformedJws),
        (b"not.a.jws.at.all", MalformedJws),
    ],
)
def test_documents_that_cannot_be_read_are_refused(data, error):
    with pytest.raises(error):
        FORM.parse(document(data, "x.json", JSON_TYPE))


def test_headers_that_were_swapped_between_signatures():
    both = json.loads(signed(given=signed(), signer=world().bob).read())
    one, two = both["signatures"]
    one["protected"], two["protected"] = two["protected"], one["protected"]
    found = FORM.parse(document(json.dumps(both).encode(), "x", JSON_TYPE))
    assert [each.integrity for each in found] == [False, False]


def test_a_payload_that_means_two_things():
    """RFC 7797 §3: text as it is under one signature, and what it decodes to under the other."""
    whole = json.loads(resigned(plain_head(), "e30").read())
    other = json.loads(resigned(plain_head(b64=False, crit=["b64"]), "e30").read())
    signatures = [{name: each[name] for name in ("protected", "signature")} for each in (whole, other)]
    made = document(json.dumps({"payload": "e30", "signatures": signatures}).encode(), "x", JSON_TYPE)
    found = FORM.parse(made)
    assert [each.integrity for each in found] == [True, True]
    assert all("JADES_PAYLOAD_AMBIGUOUS" in codes(each.structure) for each in found)
    assert verdict(made).indication is not Indication.TOTAL_PASSED


def test_a_payload_that_is_not_base64url():
    assert failing(resigned(plain_head(), "e3 0")) == {"JADES_PAYLOAD_MALFORMED"}
    assert failing(resigned(plain_head(), "e31")) == {"JADES_PAYLOAD_MALFORMED"}


@pytest.mark.parametrize(
    ("etsi_u", "code"),
    [
        ("e30", "JADES_PARAMETER_MALFORMED"),
        ([], "JADES_PARAMETER_MALFORMED"),
        ([7], "JADES_PARAMETER_MALFORMED"),
        (["!"], "JADES_PARAMETER_MALFORMED"),
        ([{}], "JADES_PARAMETER_MALFORMED"),
        ([{"sigTst": {}, "xVals": []}], "JADES_PARAMETER_MALFORMED"),
        ([{"sigPSt": {}}, encoded({"sigPSt": {}})], "JADES_UNSIGNED_MIXED"),
        ([encoded({"sigPSt": {}})] * 2_000, "JADES_PARAMETER_MALFORMED"),
    ],
)
def test_unsigned_parts_that_are_wrong(etsi_u, code):
    assert code in codes(only(changed(signed(), header={"etsiU": etsi_u})).structure)


@pytest.mark.parametrize(
    ("component", "code"),
    [
        ({"sigTst": {"tstTokens": [{"val": "AA=="}]}}, "CMS_TIMESTAMP_UNREADABLE"),
        ({"sigTst": {"tstTokens": [{"val": "!"}]}}, "CMS_TIMESTAMP_UNREADABLE"),
        ({"sigTst": {}}, "JADES_PARAMETER_MALFORMED"),
        ({"arcTst": 7}, "JADES_PARAMETER_MALFORMED"),
        ({"cSig": 7}, "JADES_PARAMETER_MALFORMED"),
        ({"cSig": {"payload": "e30", "signatures": []}}, "JADES_PARAMETER_MALFORMED"),
    ],
)
def test_unsigned_parts_that_cannot_be_read(component, code):
    found = only(changed(signed(), header={"etsiU": [encoded(component)]}))
    assert code in codes(found.level_failings)
    assert (found.integrity, found.level) == (True, Level.B_B)


def test_material_that_cannot_be_read_is_as_good_as_absent():
    values = [{"xVals": [{"x509Cert": {"val": "AA=="}}, {"otherCert": {}}, 7]}, {"xVals": {}}, {"rVals": []}]
    values += [{"rVals": {"crlVals": [{"val": "AA=="}, {}], "ocspVals": 7}}, {"tstVD": 7}]
    found = only(changed(signed(), header={"etsiU": [encoded(each) for each in values]}))
    assert (found.integrity, found.crls, found.ocsp_responses) == (True, (), ())


def test_what_an_archive_time_stamp_covers_cannot_be_changed():
    made = world().raise_to(FORM, signed(), Level.B_LTA)
    listed = json.loads(made.read())["header"]["etsiU"]
    for index in range(len(listed) - 1):
        swapped = [*listed[:index], encoded({"sigPSt": {"sigPolDoc": "AA=="}}), *listed[index + 1 :]]
        assert only(changed(made, header={"etsiU": swapped})).archive_timestamps[0].imprint_intact is False
    spaced = [encoded(decoded(each)) for each in listed[:-1]] + listed[-1:]
    assert spaced != listed
    assert only(changed(made, header={"etsiU": spaced})).archive_timestamps[0].imprint_intact is False
    assert only(changed(made, header={"etsiU": listed[1:]})).archive_timestamps[0].imprint_intact is False
    moved = [listed[-1], *listed[:-1]]
    assert only(changed(made, header={"etsiU": moved})).archive_timestamps[0].imprint_intact is False


def test_counter_signatures_over_something_else():
    made, other = signed(), signed(location="大阪")
    countered = json.loads(signed(given=other, signer=world().bob, countersigns=only(other).id).read())
    first, second = FORM.parse(changed(made, header=countered["header"]))
    assert first.integrity
    assert (second.integrity, second.value_intact, second.countersigns) == (False, True, first.id)


def test_a_counter_signature_that_points_elsewhere_is_named():
    made = signed()
    inner = json.loads(signed(packaging=DETACHED).read())
    _, second = FORM.parse(changed(made, header={"etsiU": [encoded({"cSig": inner})]}), [order()])
    assert "JADES_COUNTER_SIGNATURE_FOREIGN" in codes(second.structure)


def test_counter_signatures_nest_only_so_deep():
    made = json.loads(signed().read())
    for _ in range(12):
        made = {**made, "header": {"etsiU": [encoded({"cSig": made})]}}
    assert 1 < len(FORM.parse(document(json.dumps(made).encode(), "x", JSON_TYPE))) < 12


def test_signatures_and_time_stamps_are_bounded():
    made = world().raise_to(FORM, signed(), Level.B_T)
    (stamp,) = json.loads(made.read())["header"]["etsiU"]
    found = only(changed(made, header={"etsiU": [stamp] * 40}))
    assert len(found.signature_timestamps) == 32
    assert "JSON_TOO_COMPLEX" in codes(found.level_failings)
    counter = encoded({"cSig": {"protected": "e30", "signature": "AA"}})
    with pytest.raises(JsonTooComplex, match="signatures"):
        FORM.parse(changed(made, header={"etsiU": [counter] * 300}))


def test_plain_signatures_are_named_as_such():
    made = resigned({"alg": "ES256", "kid": "1", "x5c": plain_head()["x5c"]}, header={"kid2": "x"})
    found = only(made)
    assert (found.integrity, found.level) == (True, None)
    assert codes(found.level_failings) == {"JADES_NOT_JADES"}
    assert verdict(made).indication is not None
    keyless = only(resigned({"alg": "ES256", "kid": "1"}))
    assert (keyless.integrity, keyless.signing_certificate) == (None, None)


@pytest.mark.parametrize(
    ("time", "level"),
    [("2025-07-14T23:59:59Z", Level.B_B), ("2025-07-15T00:00:00Z", None), ("2020-13-01", None)],
)
def test_sig_t_is_read_where_it_was_allowed(time, level):
    head = plain_head(sigT=time)
    del head["iat"]
    found = only(resigned(head))
    assert (found.level, found.integrity) == (level, True)


def test_one_way_of_naming_the_certificate():
    head = plain_head(**{"x5t#o": {"digAlg": "S256", "digVal": plain_head()["x5t#S256"]}})
    found = only(resigned(head))
    assert found.level is None
    assert codes(found.level_failings) == {"JADES_REFERENCES_REPEATED"}


def test_content_is_found_by_its_name_alone():
    made = signed(packaging=DETACHED)
    wrong = document(b"{}", "other.json")
    assert only(made, wrong, order()).integrity
    assert only(made, wrong, wrong).integrity is None
    assert only(made, order(), order()).integrity is None
    assert ORDER
