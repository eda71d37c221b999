"""What is told to who has to rely on a document: one answer, in both languages, that fits what was found."""

import pytest

import shirushi
from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.document import document
from shirushi.core.evidence import Level, RevocationReason
from shirushi.core.instant import instant
from shirushi.core.reason import reason
from shirushi.services.validation.cli import show
from shirushi.services.validation.model import answer, report
from tests.unit.services.test_validation_alone import PAPERS, record_over_batch

COMPANY = "さくら商事株式会社"


@pytest.fixture
def domain(data):
    with shirushi.open(data) as opened:
        yield opened


@pytest.fixture
def validate(domain):
    return domain.validation.validate


@pytest.fixture
def sealed(domain, contract):
    return domain.signing.seal(shirushi.read(contract), by=COMPANY, level=Level.B_B)


@pytest.fixture
def told(capsys):
    """The code of the answer, once it was found to lead what a person reads and what a program reads."""

    def code(verdict):
        said = answer(verdict)
        for language in ("en", "ja"):
            show(verdict, language)
            printed = "".join(capsys.readouterr().out.split())
            assert printed[1:].startswith("".join(said.explain(language).split()))
            assert report(verdict, language)["answer"]["message"] == said.explain(language)
        return said.code

    return code


def test_what_is_signed_is_answered_for(domain, validate, sealed, contract, told):
    assert told(validate(sealed)) == "VERDICT_VALID"
    twice = domain.signing.seal(sealed, by="Example Trading GmbH", level=Level.B_B)
    assert told(validate(twice)) == "VERDICT_ALL_VALID"
    assert told(validate(shirushi.read(contract))) == "VERDICT_NONE"
    changed = bytearray(sealed.read())
    changed[2000] ^= 1
    verdict = validate(document(bytes(changed), "a.pdf", sealed.media_type))
    assert told(verdict) == "VERDICT_CHANGED"
    assert verdict.reasons[0].explain("en") == "What was signed has been changed since: the content."


def test_what_is_missing_is_named(domain, validate, sealed, data, told):
    (stranger, *_) = certificates_in((data / "certificates" / "tsu.pem").read_bytes())
    assert told(validate(sealed, trust=[stranger])) == "VERDICT_UNTRUSTED"
    assert told(validate(sealed, at=instant("2036-01-01T00:00:00Z"))) == "VERDICT_EXPIRED"
    serial = domain.signing.credential(COMPANY).chain[0].serial_number
    domain.ca.revoke(serial, RevocationReason.KEY_COMPROMISE)
    verdict = validate(sealed)
    assert told(verdict) == "VERDICT_REVOKED"
    assert "the key was compromised" in verdict.reasons[0].explain("en")
    assert "鍵の漏えい" in verdict.reasons[0].explain("ja")


def test_records_are_answered_for_as_what_they_are(domain, validate, told, capsys):
    record = record_over_batch(domain, 2)
    proven = validate(record, content=[PAPERS[2]])
    assert told(proven) == "VERDICT_EXISTENCE_PROVEN"
    assert (
        told(validate(record, content=[document(b"another", "another.txt")])) == "VERDICT_EXISTENCE_REFUTED"
    )
    assert told(validate(record)) == "VERDICT_EXISTENCE_UNPROVEN"
    show(proven, "en")
    printed = capsys.readouterr().out
    assert "signature" not in printed
    assert report(proven, "en")["signatures"][0]["representation"] is None


def test_a_time_stamp_that_proves_nothing_is_told_of(domain, validate, sealed, capsys):
    other = document(domain.tsa.stamp_document(PAPERS[0]), "a.tsr", "application/timestamp-reply")
    verdict = validate(sealed, records=[other])
    assert answer(verdict).code == "VERDICT_VALID"
    show(verdict, "en")
    assert "IMPRINT_MISMATCH" in capsys.readouterr().out


def test_words_of_the_standards_are_told_as_people_say_them():
    why = reason("IMPRINT_MISMATCH", time_stamp="document")
    assert "文書全体" in why.explain("ja")
    assert "whole document" in why.explain("en")
    assert reason("REFERENCE_CHANGED", name="?").explain("en").endswith("since: the document.")
    plain = reason("REFERENCE_CHANGED", name="contract.xml")
    assert "contract.xml" in plain.explain("ja")
