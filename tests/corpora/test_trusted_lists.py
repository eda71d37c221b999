"""Trusted lists of the member states, damaged copies of them, conformity samples, pivots, and an agreement."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from shirushi.adapters.files import open_document
from shirushi.codecs.xml.reader import parse_xml
from shirushi.codecs.xml.trusted_list import read_trusted_list
from shirushi.codecs.xml.trusted_list.writing import write_trusted_list
from shirushi.core.qualification import SignatureQualification
from shirushi.core.verdict import Indication
from shirushi.formats.xades.parse import parse
from shirushi.rules.lists import Candidate, Known, ListJudgement, ListSignature, Question, judge
from shirushi.rules.lists.history import Rewriting, rewritten
from shirushi.rules.qualification import ServiceIndex, SourceList, qualify_certificate, qualify_signature
from shirushi.rules.suites import ETSI
from shirushi.services.trustlist.service.reading import candidate

pytestmark = pytest.mark.corpora

V, U, R = ListSignature.VERIFIED, ListSignature.UNANCHORED, ListSignature.REJECTED


@pytest.fixture(scope="module")
def lists(corpora: Path) -> Path:
    return corpora / "trusted-lists"


def read(paths: Iterable[Path]) -> list[Candidate]:
    return [candidate(open_document(path)) for path in paths]


def signers(*candidates: Candidate) -> frozenset[bytes]:
    return frozenset(each.signer.der for each in candidates if each.signer)


def judged(
    candidates: list[Candidate], anchors: frozenset[bytes], **more: object
) -> dict[str, ListJudgement]:
    question = Question(anchors, more.pop("at", None), ETSI, **more)  # type: ignore[arg-type]
    return {each.candidate.name: each for each in judge(candidates, question)}


def said(judgement: ListJudgement) -> list[str]:
    return [each.code for each in judgement.reasons]


@pytest.mark.parametrize(("year", "count"), [("2016", 32), ("2019", 29)])
def test_every_list_verifies_at_its_own_time(lists: Path, year: str, count: int) -> None:
    candidates = read(sorted((lists / year).glob("??.xml")))
    anchors = signers(*(each for each in candidates if each.name == "EU.xml"))
    found = judged(candidates, anchors)
    assert len(found) == count
    assert {name: said(each) for name, each in found.items() if each.signature is not V} == {}


def test_without_an_anchor_nobody_is_believed_and_nobody_rejected(lists: Path) -> None:
    found = judged(read([lists / "2019/EU.xml", lists / "2019/AT.xml"]), frozenset())
    assert {each.signature for each in found.values()} == {U}
    assert {code for each in found.values() for code in said(each)} == {"LIST_UNANCHORED"}


DAMAGED = {
    "CZ_broken-sig.xml": "LIST_SIGNATURE_BROKEN",
    "CZ_empty.xml": "XML_MALFORMED",
    "CZ_no-sig.xml": "LIST_UNSIGNED",
    "CZ_not-compliant.xml": "TRUSTED_LIST_MALFORMED",
    "CZ_not-conform.xml": "XML_MALFORMED",
    "CZ_not-parsable.xml": "XML_MALFORMED",
    "CZ_two-sigs.xml": "LIST_SIGNED_TWICE",
    "eu-lotl_broken-sig.xml": "LIST_SIGNATURE_BROKEN",
    "eu-lotl_non-compliant.xml": "LIST_SIGNATURE_BROKEN",
    "eu-lotl_not-parsable.xml": "XML_MALFORMED",
    "tl_pivot_191_mp_broken-sig.xml": "LIST_SIGNATURE_BROKEN",
    "tl_pivot_191_mp_no-sig.xml": "LIST_UNSIGNED",
    "tl_pivot_191_mp_not-parsable.xml": "XML_MALFORMED",
    "tl_pivot_247_mp_broken-sig.xml": "LIST_SIGNATURE_BROKEN",
    "tl_pivot_247_mp_empty.xml": "XML_MALFORMED",
    "tl_pivot_247_mp_missing-pivot.xml": "LIST_SIGNATURE_BROKEN",
    "tl_pivot_247_mp_no-sig.xml": "LIST_UNSIGNED",
    "tl_pivot_247_mp_not-parsable.xml": "XML_MALFORMED",
}


def test_each_damaged_copy_is_rejected_with_its_reason_and_no_other_list_with_it(lists: Path) -> None:
    candidates = read(sorted((lists / "2019").glob("*.xml")))
    anchors = signers(
        *(each for each in candidates if each.trusted_list and each.trusted_list.is_list_of_lists)
    )
    found = judged(candidates, anchors)
    assert {name: said(each)[0] for name, each in found.items() if each.signature is R} == DAMAGED
    assert {name for name, each in found.items() if each.signature is not V} == set(DAMAGED)
    for variant in ("tl_pivot_247_mp_with-bom.xml", "tl_pivot_247_mp_with-spaces.xml"):
        assert found[variant].signature is V


SAMPLES = {
    "fi-v5.xml": None,
    "fi-v5-sig-cert-v2.xml": None,
    "fi-v5-invalid.xml": "LIST_STRUCTURE",
    "fi-v6.xml": None,
    "fi-v6-no-supply-points-type.xml": None,
    "fi-v6-sig-cert.xml": "LIST_SIGNER_REFERENCE_OLD",
    "fi-v6-no-service-information.xml": "TRUSTED_LIST_MALFORMED",
    "fi-v6-no-tsp-information.xml": "TRUSTED_LIST_MALFORMED",
    "eu-lotl-no-sig.xml": "LIST_UNSIGNED",
    "eu-lotl-no-tl-version.xml": "TRUSTED_LIST_MALFORMED",
    "peru-lotl.xml": "LIST_VERSION_UNKNOWN",
    "sk-tl-altered-tsp.xml": "TRUSTED_LIST_MALFORMED",
    "sk-tl-altered-trust-service.xml": "TRUSTED_LIST_MALFORMED",
    "tl-empty.xml": "TRUSTED_LIST_MALFORMED",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_of_versions_5_and_6_are_what_their_names_say(lists: Path, name: str) -> None:
    sample = candidate(open_document(lists / "fixtures" / name))
    (found,) = judged([sample], signers(sample)).values()
    assert said(found)[:1] == ([SAMPLES[name]] if SAMPLES[name] else [])
    assert found.signature is (R if SAMPLES[name] else V)


@pytest.fixture(scope="module")
def pivots(lists: Path) -> list[Candidate]:
    return read(sorted((lists / "fixtures/pivots").glob("*.xml")))


def notice(lists: Path, number: int) -> frozenset[bytes]:
    """The certificates of a notice in the official journal, as the fixtures hold them."""
    data = (lists / f"fixtures/pivots/keystore_OJ{number}.p12").read_bytes()
    _, certificate, others = pkcs12.load_key_and_certificates(data, b"password")
    return frozenset(
        each.public_bytes(Encoding.DER) for each in ([certificate] if certificate else []) + list(others)
    )


def test_pivots_are_walked_back_to_the_notice_whose_certificates_are_held(
    lists: Path, pivots: list[Candidate]
) -> None:
    first, second = (judged(pivots, notice(lists, number)) for number in (1, 2))
    assert {name for name, each in first.items() if each.signature is not V} == {
        "lotl_test_OJ-2_reset_pivot.xml"  # it names no pivot before the second notice
    }
    assert {name for name, each in second.items() if each.signature is V} == {
        "lotl_test_OJ-2_reset_pivot.xml",
        "lotl_test_OJ_2_pivot_01.xml",
        "lotl_test_OJ_2_pivot_02.xml",
    }


@pytest.mark.parametrize("number", [1, 2, 3])
def test_pivots_need_every_link(lists: Path, pivots: list[Candidate], number: int) -> None:
    gone = f"lotl_test_OJ_1_pivot_0{number}.xml"
    found = judged([each for each in pivots if each.name != gone], notice(lists, 1))
    newest = found["lotl_test_OJ_2_pivot_02.xml"]
    assert newest.signature is R
    assert said(newest) == ["LIST_PIVOT_MISSING"]
    assert dict(newest.reasons[0].parameters)["pivot"].endswith(gone)


def test_a_list_signed_by_another_than_its_pointer_names_is_rejected(lists: Path) -> None:
    source = candidate(open_document(lists / "2019/EU.xml"))
    foreign = candidate(open_document(lists / "fixtures/dk_tl-sn21.xml"))
    found = judged([source, foreign], signers(source))["dk_tl-sn21.xml"]
    assert (found.signature, said(found)) == (R, ["LIST_SIGNER_WRONG"])


def test_freshness_is_judged_at_the_time_asked_about(lists: Path) -> None:
    candidates = read([lists / "2019/EU.xml", lists / "2019/AT.xml"])
    anchors = signers(candidates[0])

    def at(*date: int) -> list[str]:
        return said(judged(candidates, anchors, at=datetime(*date, tzinfo=UTC))["AT.xml"])  # type: ignore[arg-type]

    assert at(2019, 10, 1) == []
    assert at(2019, 8, 1) == ["LIST_NOT_YET_ISSUED"]
    assert at(2020, 3, 1) == ["LIST_EXPIRED"]


def test_sequences_go_on_in_the_order_of_issue(lists: Path) -> None:
    older, newer, source = read(lists / name for name in ("2019/FR.xml", "2019/FR_59.xml", "2019/EU.xml"))

    def after(known: Candidate, sequence: int, digest: str, new: Candidate) -> list[str]:
        said_of = known.trusted_list
        assert said_of is not None
        held = Known(said_of.territory, said_of.list_type, sequence, said_of.issued, digest)
        return said(judged([source, new], signers(source, new), known=(held,))[new.name])

    assert after(older, 56, older.digest, newer) == []
    assert after(newer, 59, newer.digest, older) == [], "an older edition, loaded later, is history"
    assert after(newer, 55, newer.digest, older) == ["LIST_SEQUENCE_WENT_BACK"]
    assert after(older, 60, older.digest, newer) == ["LIST_SEQUENCE_WENT_BACK"]
    assert after(older, 56, "0" * 64, older) == ["LIST_SEQUENCE_REUSED"]


@pytest.mark.parametrize(
    ("agreement", "year", "expected"),
    [
        ("mra/mra-lotl.xml", 2022, SignatureQualification.QESIG),
        (None, 2022, SignatureQualification.ADESIG),
        ("fixtures/mra-zz-lotl-history.xml", 2022, SignatureQualification.QESIG),
        ("fixtures/mra-zz-lotl-history.xml", 2024, SignatureQualification.ADESIG),
        ("fixtures/mra-zz-lotl-custom-equivalence-context.xml", 2022, SignatureQualification.QESIG),
        ("fixtures/mra-zz-lotl-duplicated-equivalence-context.xml", 2022, SignatureQualification.QESIG),
    ],
)
def test_a_foreign_signature_is_qualified_through_the_agreement_while_it_is_in_force(
    lists: Path, agreement: str | None, year: int, expected: SignatureQualification
) -> None:
    evidence = parse(open_document(lists / "mra/john-doe-lta.xml"))[0]
    certificate = evidence.signing_certificate
    assert certificate is not None
    by_subject = {each.subject: each for each in evidence.certificates}
    chain = [certificate]
    while chain[-1].issuer in by_subject and not chain[-1].self_issued:
        chain.append(by_subject[chain[-1].issuer])
    foreign = candidate(open_document(lists / "mra/mra-zz-tl.xml"))
    assert foreign.trusted_list is not None
    applied = None
    if agreement is not None:
        source = candidate(open_document(lists / agreement)).trusted_list
        assert source is not None
        applied = next(each.agreement for each in source.pointers if each.agreement)
    index = ServiceIndex([SourceList(foreign.trusted_list, foreign.digest, applied)])
    at_issuance = qualify_certificate(certificate, chain, index, certificate.not_before)
    at_best = qualify_certificate(certificate, chain, index, datetime(year, 7, 28, tzinfo=UTC))
    assert qualify_signature(Indication.TOTAL_PASSED, at_issuance, at_best) is expected
    assert all(step.reason.explain("ja") for step in at_issuance.steps)


def test_every_list_written_reads_as_it_was(lists: Path) -> None:
    count = 0
    for path in sorted(lists.glob("*/*.xml")):
        said_of = candidate(open_document(path)).trusted_list
        if said_of is None:
            continue
        count += 1
        until = said_of.next_update and said_of.next_update.replace(microsecond=0)
        whole = replace(said_of, issued=said_of.issued.replace(microsecond=0), next_update=until)
        assert read_trusted_list(parse_xml(write_trusted_list(whole))) == whole, path.name
    assert count > 90


def test_the_sets_of_2016_and_2019_say_the_same_of_a_date_or_history_was_rewritten(lists: Path) -> None:
    """The figures are those of the lists themselves: what a later edition says otherwise is named, service by service."""
    at = datetime(2016, 1, 1, tzinfo=UTC)
    asked, found = 0, Counter[tuple[str, Rewriting]]()
    for path in sorted((lists / "2016").glob("??.xml")):
        later = lists / "2019" / path.name
        if path.name == "EU.xml" or not later.exists():
            continue
        older, newer = (candidate(open_document(each)).trusted_list for each in (path, later))
        assert older is not None
        assert newer is not None
        asked += sum(service.at(at) is not None for service in older.services)
        found.update((each.territory, each.kind) for each in rewritten(older, newer, at))
        assert list(rewritten(older, older, at)) == []
    assert asked == 1126
    assert found == {
        ("EL", Rewriting.START): 3,
        ("FI", Rewriting.START): 5,
        ("FR", Rewriting.GONE): 69,
        ("IT", Rewriting.START): 1,
        ("PL", Rewriting.GONE): 1,
        ("PT", Rewriting.GONE): 1,
        ("SE", Rewriting.GONE): 1,
        ("SI", Rewriting.GONE): 3,
        ("SI", Rewriting.LATER): 4,
        ("SI", Rewriting.STATUS): 3,
        ("SK", Rewriting.GONE): 47,
    }
