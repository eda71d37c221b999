"""The judges themselves: a good thing is called good, each bad one bad."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from tests.interop import throwaway
from tests.interop.tools import (
    JudgeFailed,
    openssl_cms_verify,
    openssl_ocsp,
    openssl_ts_verify,
    openssl_verify,
    pdfsig,
    pyhanko_validate,
    qpdf_check,
)

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def pki() -> throwaway.Pki:
    return throwaway.pki()


@pytest.fixture(scope="module")
def signed(pki: throwaway.Pki) -> bytes:
    return throwaway.signed_pdf(pki.signer)


def altered(document: bytes) -> bytes:
    """The page made a little larger: same length, inside the signed range."""
    assert b"[0 0 200 200]" in document
    return document.replace(b"[0 0 200 200]", b"[0 0 200 300]", 1)


@pytest.mark.needs("pdfsig", "poppler-utils")
@pytest.mark.needs("certutil", "libnss3-tools")
def test_pdfsig(pki: throwaway.Pki, signed: bytes, tmp_path: Path) -> None:
    (good,) = pdfsig(signed, [pki.root.pem])
    assert (good.valid, good.trusted) == (True, True)
    assert (good.field, good.signer, good.digest) == ("Signature1", "Throwaway Signer", "SHA-256")
    assert (good.type, good.whole_document) == ("ETSI.CAdES.detached", True)
    assert good.ranges[0][0] == 0
    assert good.ranges[-1][1] == len(signed)

    (untrusted,) = pdfsig(signed, [pki.other_root.pem])
    assert (untrusted.valid, untrusted.trusted) == (True, False)
    assert untrusted.certificate_status

    (broken,) = pdfsig(altered(signed), [pki.root.pem])
    assert (broken.valid, broken.status) == (False, "Digest Mismatch.")

    path = tmp_path / "extended.pdf"
    path.write_bytes(signed + b"% later\n")
    (partial,) = pdfsig(path)
    assert not partial.whole_document

    assert pdfsig(throwaway.small_pdf()) == ()
    with pytest.raises(JudgeFailed):
        pdfsig(b"not a PDF")


@pytest.mark.needs("qpdf", "qpdf")
def test_qpdf_check(signed: bytes) -> None:
    good = qpdf_check(signed)
    assert good.clean
    lost = qpdf_check(signed[:-10] + b"0\n%%EOF\n")
    assert lost.warnings
    assert lost.new_since(good) == (*lost.warnings, *lost.errors)
    assert lost.new_since(lost) == ()
    assert qpdf_check(b"not a PDF").errors


@pytest.mark.needs("openssl", "openssl")
def test_openssl_cms(pki: throwaway.Pki) -> None:
    content = "契約 contract".encode()
    cms = throwaway.signed_cms(content, pki.signer)
    assert openssl_cms_verify(cms, content, [pki.root.pem])
    assert not openssl_cms_verify(cms, content + b".", [pki.root.pem])
    assert not openssl_cms_verify(cms, content, [pki.other_root.pem])
    assert not openssl_cms_verify(cms, content, [pki.root.pem], at=LONG_AGO)

    plain = throwaway.signed_cms(content, pki.signer, cades=False)
    assert openssl_cms_verify(plain, content, [pki.root.pem], cades=False)
    assert not openssl_cms_verify(plain, content, [pki.root.pem])

    crls = [pki.crl(pki.root), pki.crl(pki.issuing, pki.revoked)]
    assert openssl_cms_verify(cms, content, [pki.root.pem], crls=crls)
    revoked = openssl_cms_verify(
        throwaway.signed_cms(content, pki.revoked), content, [pki.root.pem], crls=crls
    )
    assert not revoked
    assert "revoked" in revoked.output


@pytest.mark.needs("openssl", "openssl")
def test_openssl_reads_the_cms_of_a_pdf(pki: throwaway.Pki, signed: bytes) -> None:
    start, end = signed.index(b"/Contents <") + 11, signed.index(b">", signed.index(b"/Contents <"))
    content = signed[: start - 1] + signed[end + 1 :]
    assert openssl_cms_verify(bytes.fromhex(signed[start:end].decode()), content, [pki.root.pem])


@pytest.mark.needs("openssl", "openssl")
def test_openssl_ts(pki: throwaway.Pki) -> None:
    response = throwaway.timestamp_response(b"data")
    for token in (response, throwaway.token_of(response)):
        assert openssl_ts_verify(token, data=b"data", roots=[pki.root.pem])
        assert openssl_ts_verify(token, digest=sha256(b"data").digest(), roots=[pki.root.pem])
        assert not openssl_ts_verify(token, data=b"other", roots=[pki.root.pem])
        assert not openssl_ts_verify(token, digest=sha256(b"other").digest(), roots=[pki.root.pem])
        assert not openssl_ts_verify(token, data=b"data", roots=[pki.other_root.pem])
        assert not openssl_ts_verify(token, data=b"data", roots=[pki.root.pem], at=LONG_AGO)
    with pytest.raises(ValueError, match="digest"):
        openssl_ts_verify(response, roots=[pki.root.pem])


@pytest.mark.needs("openssl", "openssl")
def test_openssl_verify(pki: throwaway.Pki) -> None:
    crls = [pki.crl(pki.root), pki.crl(pki.issuing, pki.revoked)]
    path = [pki.issuing.pem]
    assert openssl_verify(pki.signer.pem, [pki.root.pem], intermediates=path)
    assert openssl_verify(pki.signer.pem, [pki.root.pem], intermediates=path, crls=crls)
    assert not openssl_verify(pki.signer.pem, [pki.root.pem])
    assert not openssl_verify(pki.signer.pem, [pki.root.pem], intermediates=path, crls=crls[:1])
    assert not openssl_verify(pki.signer.pem, [pki.root.pem], intermediates=path, at=LONG_AGO)
    assert not openssl_verify(pki.signer.pem, [pki.root.pem], intermediates=path, purpose="timestampsign")
    assert openssl_verify(pki.tsa.pem, [pki.root.pem], intermediates=path, purpose="timestampsign")
    assert openssl_verify(pki.revoked.pem, [pki.root.pem], intermediates=path)
    assert "revoked" in openssl_verify(pki.revoked.pem, [pki.root.pem], intermediates=path, crls=crls).output


@pytest.mark.needs("openssl", "openssl")
def test_openssl_ocsp(pki: throwaway.Pki) -> None:
    def ask(response: bytes) -> tuple[bool, str]:
        verdict = openssl_ocsp(response, pki.signer.pem, pki.issuing.pem, [pki.root.pem])
        return verdict.ok, verdict.status

    assert ask(pki.ocsp(pki.signer, pki.responder)) == (True, "good")
    assert ask(pki.ocsp(pki.signer, pki.issuing)) == (True, "good")
    assert ask(pki.ocsp(pki.signer, pki.responder, revoked=True)) == (True, "revoked")
    assert ask(pki.ocsp(pki.revoked, pki.responder)) == (False, "")
    assert not ask(pki.ocsp(pki.signer, pki.tsa))[0]


def test_pyhanko(pki: throwaway.Pki, signed: bytes) -> None:
    (good,) = pyhanko_validate(signed, [pki.root.pem])
    assert good.bottom_line
    assert (good.coverage, good.timestamp) == ("ENTIRE_FILE", None)

    (stamped,) = pyhanko_validate(throwaway.signed_pdf(pki.signer, stamped=True), [pki.root.pem])
    assert stamped.bottom_line
    assert stamped.timestamp is not None
    assert abs(stamped.timestamp - pki.now) < timedelta(hours=1)

    (untrusted,) = pyhanko_validate(signed, [pki.other_root.pem])
    assert (untrusted.intact, untrusted.valid, untrusted.trusted) == (True, True, False)
    (broken,) = pyhanko_validate(altered(signed), [pki.root.pem])
    assert (broken.intact, broken.bottom_line) == (False, False)
    (revoked,) = pyhanko_validate(
        throwaway.signed_pdf(pki.revoked),
        [pki.root.pem],
        crls=[pki.crl(pki.root), pki.crl(pki.issuing, pki.revoked)],
    )
    assert (revoked.intact, revoked.bottom_line) == (True, False)
    assert pyhanko_validate(throwaway.small_pdf(), [pki.root.pem]) == ()
