"""Validation as a service: what it fetches, whom it trusts, and that a verdict can be replayed from values alone."""

import pytest

import shirushi
from shirushi import Indication, Level, SubIndication
from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.document import document
from shirushi.core.errors import ConfigurationInvalid, MalformedInput
from shirushi.core.evidence import TrustAnchor
from shirushi.core.instant import instant
from shirushi.domain import PDF
from shirushi.formats.pades.format import Pades
from shirushi.ports.trust import NoTrustAnchors
from shirushi.rules.ades import JAPAN, validate_signatures
from shirushi.services.validation.model import UnknownFormat, report
from shirushi.services.validation.service import embedded_material

COMPANY = "さくら商事株式会社"


@pytest.fixture
def domain(data):
    with shirushi.open(data) as opened:
        yield opened


@pytest.fixture
def sealed(domain, contract):
    return domain.signing.seal(shirushi.read(contract), by=COMPANY)


def test_the_service_fetches_what_the_rule_misses(domain, sealed, data):
    """From values alone, without revocation data, the same document is not passed."""
    signatures = Pades().parse(sealed)
    (root,) = certificates_in((data / "trust" / "root.pem").read_bytes())
    anchors = (TrustAnchor(root, "root"),)
    now = domain.validation.validate(sealed).validation_time
    alone = validate_signatures(signatures, embedded_material(signatures, anchors), anchors, JAPAN, now)
    assert alone.indication is Indication.INDETERMINATE
    assert alone.worst.missing
    assert domain.validation.validate(sealed).indication is Indication.TOTAL_PASSED


def test_a_verdict_is_a_pure_function_of_its_values(sealed, data):
    signatures = Pades().parse(sealed)
    (root,) = certificates_in((data / "trust" / "root.pem").read_bytes())
    anchors = (TrustAnchor(root, "root"),)
    at = instant("2027-01-01T00:00:00Z")
    verdicts = [
        validate_signatures(signatures, embedded_material(signatures, anchors), anchors, JAPAN, at)
        for _ in range(2)
    ]
    assert verdicts[0] == verdicts[1]
    assert report(verdicts[0], "ja") == report(verdicts[1], "ja")


def test_a_document_s_verdict_is_that_of_its_worst_signature(domain, sealed, contract):
    twice = domain.signing.seal(sealed, by="Example Trading GmbH", level=Level.B_B)
    verdict = domain.validation.validate(twice)
    assert [signature.level for signature in verdict.signatures] == [Level.B_T, Level.B_B]
    assert verdict.indication is Indication.TOTAL_PASSED
    changed = bytearray(twice.read())
    changed[sealed.size + 40] ^= 1  # inside the second update alone
    damaged = domain.validation.validate(document(bytes(changed), media_type=PDF))
    assert damaged.indication is Indication.TOTAL_FAILED
    assert damaged.worst.signature.name == "Signature2"


def test_every_changed_byte_of_what_is_signed_is_seen(domain, sealed, contract, rng):
    original = sealed.read()
    for _ in range(25):
        changed = bytearray(original)
        changed[rng.randrange(contract.stat().st_size)] ^= 1 << rng.randrange(8)
        try:
            verdict = domain.validation.validate(document(bytes(changed), media_type=PDF))
        except MalformedInput:
            continue
        assert verdict.indication is not Indication.TOTAL_PASSED
        assert all(signature.signature.integrity is not True for signature in verdict.signatures)


def test_whom_to_trust_can_be_said_and_distrust_is_no_tampering(domain, sealed, data):
    (stranger, *_) = certificates_in((data / "certificates" / "tsu.pem").read_bytes())
    verdict = domain.validation.validate(sealed, trust=[stranger])
    assert (verdict.indication, verdict.sub_indication) == (
        Indication.INDETERMINATE,
        SubIndication.NO_CERTIFICATE_CHAIN_FOUND,
    )
    assert verdict.worst.signature.integrity is True
    assert verdict.worst.trust == ""


def test_at_a_time_before_the_certificate_was_valid_nothing_passes(domain, sealed):
    verdict = domain.validation.validate(sealed, at=instant("2020-01-01T00:00:00Z"))
    assert verdict.indication is not Indication.TOTAL_PASSED


def test_without_anchors_nothing_can_be_judged(domain, sealed, data):
    (data / "trust" / "root.pem").write_text("no certificate")
    with pytest.raises(ConfigurationInvalid):
        domain.validation.validate(sealed)
    text = (data / "shirushi.toml").read_text()
    (data / "shirushi.toml").write_text(text.replace('["trust/root.pem"]', "[]"))
    with shirushi.open(data) as bare, pytest.raises(NoTrustAnchors):
        bare.validation.validate(sealed)


def test_what_is_no_known_document_is_named(domain):
    with pytest.raises(UnknownFormat) as unknown:
        domain.validation.validate(document(b"hello", "hello.txt", "text/plain"))
    assert "hello.txt" in unknown.value.explain("ja")
    with pytest.raises(MalformedInput):
        domain.validation.validate(document(b"%PDF-1.7 and no more", "x.pdf", PDF))


def test_a_document_without_signatures_has_no_indication(domain, contract):
    verdict = domain.validation.validate(shirushi.read(contract))
    assert verdict.indication is None
    assert report(verdict, "en")["signatures"] == []


def test_the_report_speaks_both_languages(domain, sealed, data):
    (stranger, *_) = certificates_in((data / "certificates" / "tsu.pem").read_bytes())
    verdict = domain.validation.validate(sealed, trust=[stranger])
    english, japanese = (report(verdict, language)["signatures"][0]["reasons"] for language in ("en", "ja"))
    assert [reason["code"] for reason in english] == [reason["code"] for reason in japanese]
    assert all(e["message"] != j["message"] and j["remedy"] for e, j in zip(english, japanese, strict=True))
