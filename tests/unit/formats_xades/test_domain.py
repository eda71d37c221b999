"""XML in the trust domain: signed as people sign, sealed as companies do, judged by our own validation."""

import pytest

import shirushi
from shirushi import Indication, Level
from shirushi.core.document import document
from shirushi.core.errors import UnsupportedAlgorithm
from tests.unit.formats_xades.bench import INVOICE

PEOPLE = {"alice@example.jp": "2468", "bob@example.jp": "1357"}


def sign(domain, given, account, level=Level.B_T):
    credential = domain.signing.credential(account)
    request = domain.signing.prepare(given, credential, level=level)
    return domain.signing.sign(request, credential.activate(request, PEOPLE.get(account)))


@pytest.mark.parametrize("media_type", ["application/xml", "text/xml"])
def test_people_sign_xml_one_after_the_other(data, media_type):
    with shirushi.open(data) as domain:
        signed = sign(domain, document(INVOICE, "invoice.xml", media_type), "alice@example.jp")
        signed = sign(domain, signed, "bob@example.jp")
        signed = domain.signing.seal(signed, by="さくら商事株式会社", level=Level.B_T)
        verdict = domain.validation.validate(signed)
        assert [(s.indication, s.level) for s in verdict.signatures] == [
            (Indication.TOTAL_PASSED, Level.B_T)
        ] * 3
        broken = document(signed.read().replace(b"110 &lt;", b"910 &lt;"), "invoice.xml", media_type)
        assert domain.validation.validate(broken).indication is Indication.TOTAL_FAILED


@pytest.mark.parametrize("level", [Level.B_B, Level.B_LT, Level.B_LTA])
def test_levels_in_the_domain(data, level):
    with shirushi.open(data) as domain:
        signed = sign(domain, document(INVOICE, "invoice.xml", "application/xml"), "alice@example.jp", level)
        (found,) = domain.validation.validate(signed).signatures
    assert (found.indication, found.level) == (Indication.TOTAL_PASSED, level), found.reasons


def test_a_key_without_an_identifier_in_xml_is_refused_by_name(data):
    with shirushi.open(data) as domain, pytest.raises(UnsupportedAlgorithm, match="ML-DSA"):
        sign(domain, document(INVOICE, "invoice.xml", "application/xml"), "chika@example.jp")
