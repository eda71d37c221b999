"""The verdict page: what it says of each demo document, and what it never says."""

import html
import json
import re
from dataclasses import replace

import pytest

from shirushi.codecs.asn1.evidence_record import encode_archive_time_stamp, encode_evidence_record
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import document
from shirushi.core.evidence import Change, ChangeKind
from shirushi.core.verdict import Indication, SubIndication, Verdict
from shirushi.services.validation.model import answer
from shirushi.services.validation.portal.answers import Light, questions, signatures

HEADS = {
    "contract.signed.pdf": ("All 3 signatures on this document are valid", "3 個の署名は、すべて有効です"),
    "invoice.sealed.pdf": ("The signature on this document is valid", "この文書の署名は有効です"),
    "changed-byte.pdf": ("This document was changed after it was signed", "署名後に変更されています"),
    "expired.pdf": ("Nothing proves that it was signed while", "有効期間内に署名されたことを確認できません"),
    "revoked.pdf": ("The certificate was revoked, and nothing", "失効前に署名されたことを確認できません"),
    "signed-after-revocation.pdf": ("The signature on this document is not valid", "有効ではありません"),
    "unknown-issuer.pdf": ("Nobody we trust vouches for the signer", "発行者を確認できません"),
}


def words(answer):
    """The page's text as a person reads it."""
    text = re.sub(r"<(script|style|head).*?</\1>", "", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def shown(visitor, name):
    sent = visitor.send("/verdicts", file=visitor.portal.documents / name)
    assert sent.status_code == 303
    return sent.headers["location"]


@pytest.mark.parametrize("name", HEADS)
def test_each_document_gets_its_headline_in_both_languages(visitor, name):
    address = shown(visitor, name)
    english, japanese = HEADS[name]
    assert english in words(visitor.get(address))
    assert japanese in words(visitor.get(address, **{"accept-language": "ja"}))


@pytest.mark.parametrize("name", [name for name in HEADS if name != "changed-byte.pdf"])
def test_nothing_but_an_alteration_is_called_one(visitor, name):
    address = shown(visitor, name)
    english = words(visitor.get(address))
    japanese = words(visitor.get(address, **{"accept-language": "ja"}))
    assert "was changed after it was signed" not in english
    assert "not what was signed" not in english
    assert "変更されています " not in japanese.replace("変更されていますか", "")
    assert "変更されていません" in japanese


def test_distrust_says_that_it_is_no_tampering(visitor):
    page = words(visitor.get(shown(visitor, "unknown-issuer.pdf"), **{"accept-language": "ja"}))
    assert "文書が改ざんされたという意味ではありません" in page


def test_every_reason_comes_with_what_to_do_and_its_code(visitor):
    page = words(visitor.get(shown(visitor, "revoked.pdf")))
    assert "REVOKED" in page
    assert "What to do" in page
    assert "CN=Bob" not in page.split("The signatures")[0]


def test_the_evidence_can_be_taken_home(visitor):
    address = shown(visitor, "contract.signed.pdf")
    page = visitor.get(address).text
    report = visitor.get(f"{address}/report")
    assert json.loads(report.text)["indication"] == "TOTAL_PASSED"
    assert "attachment" in report.headers["content-disposition"]
    certificates = set(re.findall(rf"{address}/certificates/[0-9a-f]{{64}}", page))
    tokens = set(re.findall(rf"{address}/tokens/[0-9a-f]{{64}}", page))
    # three signers, a time-stamping unit, their authority, and the root unless a list that another test loaded anchors it
    assert len(certificates) in {5, 6}
    assert len(tokens) == 3
    for each in (*certificates, *tokens):
        assert visitor.get(each).content[:1] == b"\x30"
    assert visitor.get(f"{address}/certificates/{'0' * 64}").status_code == 404


def test_the_printable_view_hides_nothing(visitor):
    address = shown(visitor, "contract.signed.pdf")
    assert "<details>" in visitor.get(address).text
    assert "<details>" not in visitor.get(f"{address}?view=print").text


def test_looking_again_is_not_validating_again(visitor):
    address = shown(visitor, "invoice.sealed.pdf")
    search = visitor.portal.domain.audit.search
    before = search(action="validation.validate").records[0].id
    visitor.get(address)
    visitor.get(address)
    assert search(action="validation.validate").records[0].id == before


def test_a_document_without_signatures_is_told_so(visitor, contract):
    sent = visitor.send("/verdicts", file=contract)
    assert "There is no signature on this document" in words(visitor.get(sent.headers["location"]))


def test_names_that_hide_what_they_are_are_shown_plainly(visitor, portal):
    data = {"form-token": visitor.token()}
    content = (portal.documents / "invoice.sealed.pdf").read_bytes()
    name = "../../a\u202efdp.<script>alert(1)</script>.pdf"
    sent = visitor.client.post("/verdicts", data=data, files={"document": (name, content)})
    page = visitor.get(sent.headers["location"]).text
    assert "<script>alert" not in page
    assert "\u202e" not in page


@pytest.fixture(scope="module")
def judged(portal):
    """A passed verdict on one signature, to be varied."""
    from shirushi.adapters.files import open_document

    return portal.domain.validation.validate(open_document(portal.documents / "invoice.sealed.pdf"))


def varied(verdict, *, intact=True, changes=(), **facts):
    """The same verdict where other things were found."""
    (given,) = verdict.signatures
    reference = replace(given.signature.references[0], intact=intact)
    evidence = replace(given.signature, references=(reference,), changes=changes)
    return Verdict((replace(given, signature=evidence, **facts),), verdict.validation_time)


@pytest.mark.parametrize("sub_indication", list(SubIndication))
@pytest.mark.parametrize("trust", ["", "CN=Root"])
@pytest.mark.parametrize("indication", [Indication.INDETERMINATE, Indication.TOTAL_FAILED])
def test_whatever_is_found_an_intact_document_is_not_called_changed(
    judged, sub_indication, trust, indication
):
    verdict = varied(judged, indication=indication, sub_indication=sub_indication, trust=trust)
    (answers,) = signatures(verdict)
    assert answers.changed.light is Light.PASSED
    assert answer(verdict).code not in {"VERDICT_CHANGED", "VERDICT_VALID", "VERDICT_ADDED_LATER"}
    changed, _, trusted, _ = questions((answers,))
    assert changed.light is Light.PASSED
    assert (trusted.light is Light.PASSED) <= bool(trust)


@pytest.mark.parametrize("sub_indication", list(SubIndication))
def test_whatever_else_is_found_a_changed_document_is_called_changed(judged, sub_indication):
    verdict = varied(judged, intact=False, indication=Indication.TOTAL_FAILED, sub_indication=sub_indication)
    (answers,) = signatures(verdict)
    assert answers.changed.light is Light.FAILED
    assert answers.who.light is not Light.PASSED
    assert answers.when.light is not Light.PASSED
    assert answer(verdict).code == "VERDICT_CHANGED"


def test_what_cannot_be_found_out_is_neither_changed_nor_unchanged(judged):
    verdict = varied(judged, intact=None, indication=Indication.INDETERMINATE)
    (answers,) = signatures(verdict)
    assert answers.changed.key == "changed.unknown"
    assert answer(verdict).code == "VERDICT_UNCLEAR"


def test_changes_after_signing_are_told_apart(judged):
    allowed, forbidden = (Change(ChangeKind.ANNOTATION, allowed=each) for each in (True, False))
    (permitted,) = signatures(varied(judged, changes=(allowed,)))
    assert (permitted.changed.key, permitted.changed.light) == ("changed.added", Light.PASSED)
    signed = Change(ChangeKind.SIGNATURE_ADDED, allowed=True)
    (further,) = signatures(varied(judged, changes=(signed,)))
    assert (further.changed.key, further.changed.light) == ("changed.signed", Light.PASSED)
    later = varied(judged, changes=(allowed, forbidden), indication=Indication.INDETERMINATE)
    (answers,) = signatures(later)
    assert (answers.changed.key, answers.changed.light) == ("changed.after", Light.INDETERMINATE)
    assert answer(later).code == "VERDICT_ADDED_LATER"


def test_the_file_that_a_token_stamps_can_be_added(visitor, tmp_path):
    domain = visitor.portal.domain
    paper, token = tmp_path / "paper.txt", tmp_path / "paper.tst"
    paper.write_bytes(b"a paper")
    token.write_bytes(domain.tsa.stamp(document(b"a paper").digest(DigestAlgorithm.SHA256)))
    sent = visitor.send("/verdicts", file=token)
    address = sent.headers["location"]
    before = visitor.get(address)
    assert "The file that it covers is not at hand" in words(before)
    added = visitor.send(f"{address}/contents", page=address, file=paper, field="content")
    assert (added.status_code, added.headers["location"]) == (303, address)
    after = words(visitor.get(address))
    assert "The file that it covers is not at hand" not in after
    assert "RFC 3161" in after
    assert "It is proven that the file existed at" in after
    assert "This is no signature" in after
    assert "対象のファイルが見つかりません" not in words(visitor.get(address, **{"accept-language": "ja"}))
    taken = json.loads(visitor.get(f"{address}/report").text)
    assert taken["indication"] == "TOTAL_PASSED"


def test_an_evidence_record_s_time_stamps_are_shown(visitor, tmp_path):
    domain = visitor.portal.domain
    imprint = document(b"a paper").digest(DigestAlgorithm.SHA256)
    stamp = encode_archive_time_stamp(imprint.algorithm, (), domain.tsa.stamp(imprint))
    record = tmp_path / "paper.ers"
    record.write_bytes(encode_evidence_record([[stamp]], [imprint.algorithm]))
    page = words(visitor.get(visitor.send("/verdicts", file=record).headers["location"]))
    assert "Time-stamp of an evidence record" in page
    assert "EVIDENCE_RECORD_WITHOUT_OBJECTS" in page


def test_an_evidence_record_beside_a_document_can_be_added(visitor, tmp_path):
    domain, place = visitor.portal.domain, visitor.portal.documents / "invoice.sealed.pdf"
    imprint = document(place.read_bytes()).digest(DigestAlgorithm.SHA256)
    stamp = encode_archive_time_stamp(imprint.algorithm, (), domain.tsa.stamp(imprint))
    record = tmp_path / "invoice.ers"
    record.write_bytes(encode_evidence_record([[stamp]], [imprint.algorithm]))
    address = shown(visitor, place.name)
    assert "Time-stamp of an evidence record" not in words(visitor.get(address))
    refused = visitor.send(f"{address}/records", page=address, file=place, field="record")
    assert refused.status_code == 400
    added = visitor.send(f"{address}/records", page=address, file=record, field="record")
    assert (added.status_code, added.headers["location"]) == (303, address)
    assert "Time-stamp of an evidence record" in words(visitor.get(address))
    stamps = json.loads(visitor.get(f"{address}/report").text)["signatures"][0]["time_stamps"]
    assert [each["kind"] for each in stamps] == ["signature", "evidence-record"]
    assert {each["indication"] for each in stamps} == {"TOTAL_PASSED"}


def test_another_policy_is_chosen_and_named(visitor):
    address = shown(visitor, "invoice.sealed.pdf")
    own = json.loads(visitor.get(f"{address}/report").text)
    assert own["policy_name"] == "japan"
    sent = visitor.send(f"{address}/policy", policy="eu")
    assert sent.status_code == 303
    again = json.loads(visitor.get(f"{address}/report").text)
    assert again["policy_name"] == "eu"
    assert again["policy"] != own["policy"]
    page = visitor.get(address)
    assert "EU (ETSI TS 119 312)" in words(page)
    assert '<option value="eu" selected>' in page.text
    assert visitor.send(f"{address}/policy", policy="mars").status_code == 400
