"""The format of a signature: the document's own by default, a container for files of no format, or as the caller says."""

import pytest

import shirushi
from shirushi import Level
from shirushi.core.document import document
from shirushi.core.evidence import SignatureFormat
from shirushi.core.verdict import Indication

ALICE, PIN = "alice@example.jp", "2468"
TEXT = document("議事録".encode() * 50, "minutes.txt", "text/plain")
ASIC_E = "application/vnd.etsi.asic-e+zip"
ASIC_S = "application/vnd.etsi.asic-s+zip"
DETACHED = "application/pkcs7-signature"
ENVELOPING = "application/pkcs7-mime"


def sign(domain, given, level, form=None):
    credential = domain.signing.credential(ALICE)
    request = domain.signing.prepare(given, credential, level=level, form=form)
    return domain.signing.sign(request, credential.activate(request, PIN))


@pytest.mark.parametrize("level", [Level.B_B, Level.B_T, Level.B_LTA])
@pytest.mark.parametrize("form", [None, ASIC_E, ASIC_S, DETACHED, ENVELOPING])
def test_any_file_is_signed_in_any_form_and_passes(data, form, level):
    with shirushi.open(data) as domain:
        signed = sign(domain, TEXT, level, form)
        assert signed.media_type == form or (form is None and signed.media_type == ASIC_E)
        contents = [TEXT] if form == DETACHED else []
        verdict = domain.validation.validate(signed, content=contents)
    assert verdict.indication is Indication.TOTAL_PASSED
    assert verdict.worst.level is level
    assert verdict.worst.signature.format is SignatureFormat.CADES


def test_a_pdf_may_be_signed_beside_itself(data, contract):
    with shirushi.open(data) as domain:
        pdf = shirushi.read(contract)
        signed = sign(domain, pdf, Level.B_T, DETACHED)
        assert domain.validation.validate(signed, content=[pdf]).indication is Indication.TOTAL_PASSED
        other = document(b"%PDF-1.7 other", "contract.pdf", "application/pdf")
        assert domain.validation.validate(signed, content=[other]).indication is Indication.TOTAL_FAILED
        assert domain.validation.validate(signed).indication is Indication.INDETERMINATE


@pytest.mark.parametrize("form", [ASIC_E, ASIC_S, ENVELOPING, DETACHED])
def test_a_company_seals_what_a_person_signed_and_it_is_extended(data, form):
    with shirushi.open(data) as domain:
        signed = sign(domain, TEXT, Level.B_B, form)
        sealed = domain.signing.seal(signed, by="Example Trading GmbH", level=Level.B_T)
        contents = [TEXT] if form == DETACHED else []
        extended = domain.signing.extend(sealed, Level.B_LTA, contents=contents)
        verdict = domain.validation.validate(extended, content=contents)
    assert [each.level for each in verdict.signatures] == [Level.B_LTA, Level.B_LTA]
    assert verdict.indication is Indication.TOTAL_PASSED


def test_a_signed_file_is_known_again_when_it_is_read(data, contract, tmp_path):
    with shirushi.open(data) as domain:
        for form in (ASIC_E, ASIC_S, DETACHED, ENVELOPING):
            signed = sign(domain, shirushi.read(contract), Level.B_B, form)
            path = tmp_path / signed.name
            shirushi.write(signed, path)
            assert shirushi.read(path).media_type == form
