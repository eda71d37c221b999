"""Validation over HTTP with what stands beside the document."""

from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import document
from tests.http.conftest import ALICE

JUDGE = "/api/v1/validations"


def test_a_document_is_judged_with_the_time_stamp_beside_it(caller, alice, pdf):
    asked = {"credential": ALICE, "pin": "2468", "level": "B-B"}
    given = {"document": ("a.pdf", pdf, "application/pdf")}
    signed = caller.post("/api/v1/signatures", token=alice, files=given, data=asked).content
    imprint = document(signed).digest(DigestAlgorithm.SHA256)
    token = caller.domain.tsa.stamp(imprint)
    files = {
        "document": ("a.pdf", signed, "application/pdf"),
        "record": ("a.pdf.tst", token, "application/octet-stream"),
    }
    (found,) = caller.post(JUDGE, token=alice, files=files).json()["signatures"]
    assert [each["kind"] for each in found["time_stamps"]] == ["document"]
    assert found["best_signature_time"] == found["time_stamps"][0]["time"]
    (alone,) = caller.post(JUDGE, token=alice, files={"document": files["document"]}).json()["signatures"]
    assert alone["time_stamps"] == []
    refused = caller.post(JUDGE, token=alice, files=files | {"record": ("a.pdf", signed)})
    assert (refused.status_code, refused.json()["code"]) == (400, "EVIDENCE_RECORD_MALFORMED")
