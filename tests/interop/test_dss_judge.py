"""DSS as a judge: a good signature is called good, each bad one bad."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.interop import throwaway
from tests.interop.dss_judge import DssReport, DssRequest, _judge, dss_judge

pytestmark = [pytest.mark.needs("mvn", "maven"), pytest.mark.needs("javac", "default-jdk-headless")]


def test_a_good_signature_and_each_way_to_be_bad() -> None:
    pki = throwaway.pki()
    roots = [pki.root.pem]
    crls = [pki.crl(pki.root), pki.crl(pki.issuing, pki.revoked)]
    document = throwaway.signed_pdf(pki.signer, stamped=True)
    altered = document.replace(b"[0 0 200 200]", b"[0 0 200 300]", 1)
    good, silent, stranger, broken, revoked = dss_judge(
        DssRequest(document, roots, crls=crls),
        DssRequest(document, roots),
        DssRequest(document, [pki.other_root.pem], crls=crls),
        DssRequest(altered, roots, crls=crls),
        DssRequest(throwaway.signed_pdf(pki.revoked), roots, crls=crls),
    )

    (one,) = good.signatures
    assert (one.indication, one.sub_indication, one.errors) == ("TOTAL_PASSED", "", ())
    assert (one.format, one.intact, one.signed_by) == ("PAdES-BASELINE-T", True, "Throwaway Signer")
    assert one.best_signature_time is not None
    assert abs(one.best_signature_time - pki.now) < timedelta(hours=1)
    (stamp,) = one.timestamps
    assert (stamp.indication, stamp.produced_by) == ("PASSED", "Throwaway TSA")

    def verdict(report: DssReport) -> tuple[str, str, bool]:
        (found,) = report.signatures
        return found.indication, found.sub_indication, found.intact

    assert verdict(silent) == ("INDETERMINATE", "CERTIFICATE_CHAIN_GENERAL_FAILURE", True)
    assert verdict(stranger) == ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND", True)
    assert verdict(broken) == ("TOTAL_FAILED", "HASH_FAILURE", False)
    assert verdict(revoked) == ("INDETERMINATE", "REVOKED_NO_POE", True)


def test_ocsp_detached_content_and_validation_time() -> None:
    pki = throwaway.pki()
    cms = throwaway.signed_cms(b"content", pki.signer)
    crls, ocsps = [pki.crl(pki.root), pki.crl(pki.issuing)], [pki.ocsp(pki.signer, pki.responder)]

    def request(content: bytes, at: datetime | None = None) -> DssRequest:
        return DssRequest(cms, [pki.root.pem], crls=crls, ocsps=ocsps, contents={"content": content}, at=at)

    good, later, other = dss_judge(
        request(b"content"), request(b"content", at=datetime(2099, 1, 1, tzinfo=UTC)), request(b"other")
    )
    assert good.signatures[0].indication == "TOTAL_PASSED", good
    assert later.signatures[0].indication == "INDETERMINATE"
    assert (other.signatures[0].indication, other.signatures[0].sub_indication) == (
        "TOTAL_FAILED",
        "HASH_FAILURE",
    )


def test_what_is_no_signed_document() -> None:
    nothing, unsigned = dss_judge(DssRequest(b"not a document"), DssRequest(throwaway.small_pdf()))
    assert nothing.error
    assert (unsigned.signatures, unsigned.error) == ((), "")


def test_without_maven_central_it_skips_or_fails_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.interop.maven._built", lambda _: None)
    fresh = _judge.__wrapped__
    monkeypatch.delenv("SHIRUSHI_REQUIRE_DSS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Maven Central"):
        fresh()
    monkeypatch.setenv("SHIRUSHI_REQUIRE_DSS", "1")
    with pytest.raises(pytest.fail.Exception, match="Maven Central"):
        fresh()


@pytest.mark.corpora
@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("dss-cades/validation/Signature-C-B-LTA-10.p7m", "CAdES"),
        ("dss-xades/dss-817-test.xml", "XAdES"),
        ("dss-jades/validation/double-lta-in-container.json", "JAdES"),
        ("dss-asic-xades/ASiCEWith2Signatures.bdoc", "XAdES"),
    ],
)
def test_the_other_formats_are_read(corpora: Path, name: str, form: str) -> None:
    (report,) = dss_judge(DssRequest(corpora / "signed-documents" / name))
    assert report.signatures, report.error
    assert all(one.format.startswith(form) for one in report.signatures)
