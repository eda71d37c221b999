"""Our signatures before each judge: accepted, and refused after a changed byte, without the anchor, when revoked."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.x509 import load_der_x509_certificate

from shirushi import Indication, Level
from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.evidence import RevocationReason
from shirushi.core.verdict import SubIndication
from tests.interop import throwaway
from tests.interop.ours import ALICE, BOB, CHIKA, SAKURA, Ours, altered, last_signature, opened
from tests.interop.tools import (
    openssl_cms_verify,
    openssl_ocsp,
    openssl_ts_verify,
    openssl_verify,
    pdfsig,
    pyhanko_validate,
    qpdf_check,
)

KEYS = [ALICE, BOB, CHIKA, SAKURA, "Example Trading GmbH"]
OPENSSL_KEYS = [account for account in KEYS if account != CHIKA]
STRANGER = throwaway.pki()


@pytest.mark.needs("pdfsig", "poppler-utils")
@pytest.mark.needs("certutil", "libnss3-tools")
@pytest.mark.parametrize("account", OPENSSL_KEYS)
def test_pdfsig(ours: Ours, contract: Path, account: str) -> None:
    signed = ours.sign(contract, account)
    (good,) = pdfsig(signed, [ours.root])
    assert (good.valid, good.trusted, good.whole_document) == (True, True, True)
    assert (good.type, good.digest) == ("ETSI.CAdES.detached", "SHA-256")
    (untrusted,) = pdfsig(signed, [STRANGER.root.pem])
    assert (untrusted.valid, untrusted.trusted) == (True, False)
    (broken,) = pdfsig(altered(signed), [ours.root])
    assert (broken.valid, broken.status) == (False, "Digest Mismatch.")


@pytest.mark.needs("qpdf", "qpdf")
def test_qpdf(ours: Ours, contract: Path) -> None:
    before, signed = qpdf_check(contract), ours.sign(contract)
    assert qpdf_check(signed).new_since(before) == ()
    shifted = re.sub(rb"startxref\n(\d+)(\d)\n%%EOF\s*$", rb"startxref\n\g<1>\n%%EOF\n", signed)
    assert qpdf_check(shifted).new_since(before)


@pytest.mark.needs("openssl", "openssl")
@pytest.mark.parametrize("account", OPENSSL_KEYS)
def test_openssl_cms(ours: Ours, contract: Path, account: str) -> None:
    taken = last_signature(ours.sign(contract, account))
    path = {"intermediates": [ours.issuing], "crls": ours.crls}
    verdict = openssl_cms_verify(taken.cms, taken.content, [ours.root], **path)
    assert verdict, verdict.output
    assert not openssl_cms_verify(taken.cms, altered(taken.content), [ours.root], **path)
    assert not openssl_cms_verify(taken.cms, taken.content, [STRANGER.root.pem], **path)


@pytest.mark.needs("openssl", "openssl")
@pytest.mark.parametrize("account", KEYS)
def test_openssl_ts(ours: Ours, contract: Path, account: str) -> None:
    taken = last_signature(ours.sign(contract, account))
    path = {"intermediates": [ours.issuing]}
    verdict = openssl_ts_verify(taken.token, data=taken.value, roots=[ours.root], **path)
    assert verdict, verdict.output
    assert not openssl_ts_verify(taken.token, data=taken.value[:-1], roots=[ours.root], **path)
    assert not openssl_ts_verify(taken.token, data=taken.value, roots=[STRANGER.root.pem], **path)


@pytest.mark.needs("openssl", "openssl")
@pytest.mark.parametrize("account", OPENSSL_KEYS)
def test_openssl_verify_and_ocsp(ours: Ours, account: str) -> None:
    certificate = ours.certificate(account)
    verdict = openssl_verify(certificate, [ours.root], intermediates=[ours.issuing], crls=ours.crls)
    assert verdict, verdict.output
    assert not openssl_verify(certificate, [ours.root], intermediates=[ours.issuing], crls=ours.crls[:1])
    assert not openssl_verify(certificate, [STRANGER.root.pem], intermediates=[ours.issuing])
    answer = ours.ocsp(certificate)
    told = openssl_ocsp(answer, certificate, ours.issuing, [ours.root])
    assert (told.ok, told.status) == (True, "good"), told.output
    assert not openssl_ocsp(answer, certificate, ours.issuing, [STRANGER.root.pem]).ok
    broken = answer[:-1] + bytes((answer[-1] ^ 1,))
    assert not openssl_ocsp(broken, certificate, ours.issuing, [ours.root]).ok


@pytest.mark.parametrize("account", KEYS)
def test_pyhanko(ours: Ours, contract: Path, account: str) -> None:
    signed = ours.sign(contract, account)
    (good,) = pyhanko_validate(signed, [ours.root], crls=ours.crls)
    assert good.bottom_line, good.summary
    assert good.timestamp is not None
    (untrusted,) = pyhanko_validate(signed, [STRANGER.root.pem], crls=ours.crls)
    assert (untrusted.intact, untrusted.valid, untrusted.trusted) == (True, True, False)
    (broken,) = pyhanko_validate(altered(signed), [ours.root], crls=ours.crls)
    assert (broken.intact, broken.bottom_line) == (False, False)


@pytest.mark.parametrize("account", KEYS)
def test_our_own_validator(ours: Ours, contract: Path, account: str) -> None:
    signed = ours.sign(contract, account)
    good = ours.validate(signed)
    assert (good.indication, good.worst.level) == (Indication.TOTAL_PASSED, Level.B_T)
    broken = ours.validate(altered(signed))
    assert (broken.indication, broken.sub_indication) == (Indication.TOTAL_FAILED, SubIndication.HASH_FAILURE)
    assert broken.worst.signature.integrity is False
    stranger = ours.validate(signed, trust=certificates_in(STRANGER.root.pem))
    assert stranger.indication is Indication.INDETERMINATE
    assert stranger.sub_indication is SubIndication.NO_CERTIFICATE_CHAIN_FOUND
    assert stranger.worst.signature.integrity is True


@pytest.mark.needs("openssl", "openssl")
def test_a_revocation_is_seen_by_all(data: Path, contract: Path) -> None:
    with opened(data) as ours:
        signed, certificate = ours.sign(contract), ours.certificate(ALICE)
        serial = load_der_x509_certificate(certificate).serial_number
        ours.domain.ca.revoke(serial, RevocationReason.KEY_COMPROMISE)
        taken = last_signature(signed)
        seen = openssl_cms_verify(
            taken.cms, taken.content, [ours.root], intermediates=[ours.issuing], crls=ours.crls
        )
        assert not seen
        assert "certificate revoked" in seen.output
        told = openssl_ocsp(ours.ocsp(certificate), certificate, ours.issuing, [ours.root])
        assert (told.ok, told.status) == (True, "revoked")
        (judged,) = pyhanko_validate(signed, [ours.root], crls=ours.crls)
        assert (judged.intact, judged.bottom_line) == (True, False)


def test_the_time_of_the_token_is_the_best_signature_time(ours: Ours, contract: Path) -> None:
    signed = ours.sign(contract)
    (theirs,) = pyhanko_validate(signed, [ours.root], crls=ours.crls)
    (own,) = ours.validate(signed).signatures
    assert abs(own.best_signature_time - theirs.timestamp) < timedelta(seconds=1)
