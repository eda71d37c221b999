"""JSON in the trust domain: signed as people sign, sealed as companies do, judged by our own validation."""

import json

import pytest

import shirushi
from shirushi import Indication, Level
from shirushi.adapters.media_types import media_type_of
from shirushi.core.document import document
from shirushi.core.errors import UnsupportedAlgorithm
from shirushi.formats.jades.format import COMPACT_TYPE, JSON_TYPE
from shirushi.formats.protocol import SignatureParameters
from tests.unit.formats_jades.bench import ORDER

PEOPLE = {"alice@example.jp": "2468", "bob@example.jp": "1357"}


def sign(domain, given, account, level=Level.B_T, form=None):
    credential = domain.signing.credential(account)
    request = domain.signing.prepare(given, credential, level=level, form=form)
    return domain.signing.sign(request, credential.activate(request, PEOPLE.get(account)))


def test_people_sign_json_one_after_the_other(data):
    with shirushi.open(data) as domain:
        signed = sign(domain, document(ORDER, "order.json", "application/json"), "alice@example.jp")
        assert (signed.name, signed.media_type) == ("order.json.jws.json", JSON_TYPE)
        signed = sign(domain, signed, "bob@example.jp")
        signed = domain.signing.seal(signed, by="さくら商事株式会社", level=Level.B_T)
        verdict = domain.validation.validate(signed)
        passed = (Indication.TOTAL_PASSED, Level.B_T)
        assert [(s.indication, s.level) for s in verdict.signatures] == [passed] * 3
        whole = json.loads(signed.read())
        whole["payload"] = "e30"
        broken = document(json.dumps(whole).encode(), signed.name, signed.media_type)
        assert domain.validation.validate(broken).indication is Indication.TOTAL_FAILED


@pytest.mark.parametrize("form", ["application/json", COMPACT_TYPE])
@pytest.mark.parametrize("level", list(Level))
def test_levels_in_the_domain(data, level, form):
    with shirushi.open(data) as domain:
        given = document(ORDER, "order.json", "application/json")
        signed = sign(domain, given, "alice@example.jp", level, form)
        assert signed.media_type == (
            COMPACT_TYPE if (form, level) == (COMPACT_TYPE, Level.B_B) else JSON_TYPE
        )
        (found,) = domain.validation.validate(signed).signatures
    assert (found.indication, found.level) == (Indication.TOTAL_PASSED, level), found.reasons


def test_any_document_can_be_signed_as_jose_and_raised_later(data):
    with shirushi.open(data) as domain:
        signed = sign(
            domain, document(b"a,b\n", "a.csv", "text/csv"), "bob@example.jp", Level.B_B, COMPACT_TYPE
        )
        assert signed.read().count(b".") == 2
        raised = domain.signing.extend(signed, Level.B_LTA)
        renewed = domain.signing.extend(raised, Level.B_LTA)
        (found,) = domain.validation.validate(renewed).signatures
    assert (found.indication, found.level) == (Indication.TOTAL_PASSED, Level.B_LTA), found.reasons
    assert len(found.signature.archive_timestamps) == 2


def test_counter_signatures_rise_before_what_they_counter_sign(data):
    with shirushi.open(data) as domain:
        first = sign(domain, document(ORDER, "order.json", "application/json"), "alice@example.jp")
        (alice,) = domain.validation.validate(first).signatures
        bob = domain.signing.credential("bob@example.jp")
        said = SignatureParameters(countersigns=alice.signature.id)
        request = domain.signing.prepare(first, bob, level=Level.B_B, parameters=said)
        both = domain.signing.sign(request, bob.activate(request, PEOPLE["bob@example.jp"]))
        raised = domain.signing.extend(both, Level.B_LTA)
        renewed = domain.signing.extend(raised, Level.B_LTA)
        outer, inner = domain.validation.validate(renewed).signatures
    assert (outer.level, inner.level) == (Level.B_LTA, Level.B_LTA)
    assert (outer.indication, inner.indication) == (Indication.TOTAL_PASSED, Indication.TOTAL_PASSED)
    assert [s.imprint_intact for s in outer.signature.archive_timestamps] == [True, True]
    assert [s.imprint_intact for s in inner.signature.archive_timestamps] == [True]


def test_a_key_without_a_name_in_jose_is_refused_by_name(data):
    with shirushi.open(data) as domain, pytest.raises(UnsupportedAlgorithm, match=r"ML-DSA.*JOSE"):
        sign(domain, document(ORDER, "order.json", "application/json"), "chika@example.jp")


def test_json_that_is_not_signed_has_no_signature(data):
    with shirushi.open(data) as domain:
        verdict = domain.validation.validate(document(ORDER, "order.json", "application/json"))
    assert verdict.indication is None


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"eyJhbGciOiJFUzI1NiJ9.e30.AA", "", COMPACT_TYPE),
        (b"eyJ" + b"A" * 1021, "token", COMPACT_TYPE),
        (b'{ "payload": "e30", "signatures": []}', "x", JSON_TYPE),
        (b'{"protected":"e30"', "", JSON_TYPE),
        (b'{"payload": "e30"}', "x.json", "application/json"),
        (b"eyJhbGciOiJFUzI1NiJ9.e30.AA", "x.jws", COMPACT_TYPE),
        (b"eyJ ", "", "application/octet-stream"),
        (b'{"invoice": 1}', "", "application/octet-stream"),
    ],
)
def test_media_types(head, name, expected):
    assert media_type_of(head, name) == expected
