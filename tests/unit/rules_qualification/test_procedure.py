"""Each branch of the procedure of TS 119 615, by lists that are built for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shirushi.core.criteria import Assertion, Criteria
from shirushi.core.evidence import QcStatement
from shirushi.core.evidence.certificate import PolicyInformation
from shirushi.core.qualification import (
    CertificateQualification,
    Purpose,
    SignatureQualification,
    TimeStampQualification,
)
from shirushi.core.trusted_list import ListedService, Qualification
from shirushi.core.verdict import Indication
from shirushi.rules.qualification import ServiceIndex, SourceList, qualify_certificate, qualify_signature
from shirushi.rules.qualification.signature import qualify_time_stamp
from tests.unit.trustlist.world import GRANTED, NOW, QTST, WITHDRAWN, national, period, provider, world

SIE = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/"
SIGNATURES, SEALS = f"{SIE}ForeSignatures", f"{SIE}ForeSeals"
SUPERVISED = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/undersupervision"
LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)
COMPLIANCE = QcStatement("0.4.0.1862.1.1")
DEVICE = QcStatement("0.4.0.1862.1.4")
SEAL = QcStatement("0.4.0.1862.1.6", None, ("0.4.0.1862.1.6.2",))
SIGNATURE = QcStatement("0.4.0.1862.1.6", None, ("0.4.0.1862.1.6.1",))
FOREIGN = QcStatement("0.4.0.1862.1.7", None, ("JP",))
ALWAYS = Criteria(Assertion.ALL, key_usages=((("digitalSignature", True),),))
NEVER = Criteria(Assertion.ALL, key_usages=((("digitalSignature", False),),))
UNKNOWN = Criteria(Assertion.ALL, unknown=("Riddle",))


def certificate(*statements: QcStatement, issued: datetime | None = None):
    found = world().alice.certificate
    extensions = replace(found.extensions, qc_statements=statements)
    return replace(found, extensions=extensions, not_before=issued or found.not_before)


def stated(*qualifiers: str, criteria: Criteria = ALWAYS) -> Qualification:
    return Qualification(tuple(f"{SIE}{each}" for each in qualifiers), criteria)


def listed(
    *qualifications: Qualification, status: str = GRANTED, start: datetime = LONG_AGO, **more
) -> ListedService:
    more.setdefault("additional_information", (SIGNATURES, SEALS))
    return ListedService((period(world().issuing, start, status, qualifications=qualifications, **more),))


def asked(subject, *services: ListedService, at: datetime = NOW) -> CertificateQualification:
    index = ServiceIndex([SourceList(national("JP", provider(*services)), "0" * 64)])
    chain = (subject, *world().alice.chain[1:], world().root.certificate)
    return qualify_certificate(subject, chain, index, at)


def codes(found: CertificateQualification) -> list[str]:
    return [step.reason.code for step in found.steps]


@pytest.mark.parametrize(
    ("statements", "qualifiers", "expected"),
    [
        ((), (), (False, None, None)),
        ((COMPLIANCE,), (), (True, Purpose.SIGNATURE, False)),
        ((COMPLIANCE, DEVICE, SIGNATURE), (), (True, Purpose.SIGNATURE, True)),
        ((COMPLIANCE, DEVICE, SEAL), (), (True, Purpose.SEAL, True)),
        ((COMPLIANCE, FOREIGN), (), (False, None, None)),
        ((), ("QCStatement", "QCForESig", "QCWithQSCD"), (True, Purpose.SIGNATURE, True)),
        ((COMPLIANCE,), ("NotQualified",), (False, None, None)),
        ((COMPLIANCE, DEVICE), ("QCNoQSCD",), (True, Purpose.SIGNATURE, False)),
        ((COMPLIANCE,), ("QCQSCDManagedOnBehalf",), (True, Purpose.SIGNATURE, True)),
        ((COMPLIANCE, SIGNATURE), ("QCForESeal",), (True, Purpose.SEAL, False)),
        ((COMPLIANCE,), ("QCForLegalPerson",), (True, Purpose.SEAL, False)),
    ],
)
def test_the_list_overrides_what_the_certificate_says(statements, qualifiers, expected):
    found = asked(certificate(*statements), listed(stated(*qualifiers)) if qualifiers else listed())
    assert (found.qualified, found.purpose, found.qscd) == expected


@pytest.mark.parametrize(
    "qualifiers", [("QCStatement", "NotQualified"), ("QCForESig", "QCForESeal"), ("QCWithQSCD", "QCNoQSCD")]
)
def test_qualifiers_that_contradict_one_another_conclude_nothing(qualifiers):
    found = asked(certificate(COMPLIANCE), listed(stated(*qualifiers)))
    assert (found.qualified, codes(found)[-1]) == (None, "QUALIFICATION_QUALIFIERS")


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        (Criteria(Assertion.NONE, nested=(NEVER,)), True),
        (Criteria(Assertion.NONE, nested=(ALWAYS,)), False),
        (Criteria(Assertion.AT_LEAST_ONE, nested=(NEVER, ALWAYS)), True),
        (Criteria(Assertion.AT_LEAST_ONE, nested=(NEVER, NEVER)), False),
        (Criteria(Assertion.ALL, nested=(NEVER, ALWAYS)), False),
        (Criteria(Assertion.ALL, policy_sets=(("1.2.3",),)), False),
        (UNKNOWN, None),
    ],
)
def test_qualifiers_hold_where_their_criteria_are_met(criteria, expected):
    found = asked(certificate(), listed(stated("QCStatement", "QCForESig", criteria=criteria)))
    assert found.qualified is expected
    assert ("QUALIFICATION_CRITERIA" in codes(found)) is (expected is None)


def test_a_status_counts_by_the_law_of_the_time_that_is_asked_about():
    old = datetime(2015, 1, 1, tzinfo=UTC)
    subject = certificate(COMPLIANCE, issued=old)
    assert asked(subject, listed(status=SUPERVISED), at=old).qualified is True
    assert asked(subject, listed(status=SUPERVISED), at=NOW).qualified is False
    assert asked(subject, listed(status=WITHDRAWN), at=NOW).qualified is False
    bare = listed(status=SUPERVISED, additional_information=())
    assert asked(subject, bare, at=old).qualified is True, "no purpose was stated then"
    unlisted = asked(certificate(COMPLIANCE, SEAL), listed(additional_information=(SIGNATURES,)))
    assert (unlisted.qualified, codes(unlisted)[-1]) == (False, "QUALIFICATION_PURPOSE")


def test_policies_of_the_directive_count_before_the_regulation_alone():
    def found(issued: datetime):
        plain = certificate(issued=issued)
        policy = replace(
            world().alice.certificate.extensions,
            certificate_policies=(PolicyInformation("0.4.0.1456.1.1"),),
            qc_statements=(),
        )
        return asked(
            replace(plain, extensions=policy), listed(status=SUPERVISED), at=datetime(2015, 6, 1, tzinfo=UTC)
        )

    early, late = found(datetime(2015, 1, 1, tzinfo=UTC)), found(datetime(2017, 1, 1, tzinfo=UTC))
    assert (early.qualified, early.qscd, late.qualified) == (True, True, False)


def test_what_is_not_there_or_not_understood_is_told():
    nobody = asked(certificate(COMPLIANCE))
    assert (nobody.qualified, codes(nobody)) == (False, ["QUALIFICATION_NO_SERVICE"])
    later = asked(certificate(COMPLIANCE), listed(start=NOW + timedelta(days=1)))
    assert "QUALIFICATION_LATER" in codes(later)
    odd = asked(certificate(COMPLIANCE), listed(unknown_critical=("Odd",)))
    assert (odd.qualified, codes(odd)) == (None, ["QUALIFICATION_EXTENSION"])


def test_services_that_disagree_conclude_nothing_and_one_that_says_no_is_overruled():
    yes, also = listed(), listed(stated("QCForESeal"))
    found = asked(certificate(COMPLIANCE), yes, also)
    assert (found.qualified, codes(found)[-1]) == (None, "QUALIFICATION_CONFLICT")
    assert asked(certificate(COMPLIANCE), yes, listed(status=WITHDRAWN)).qualified is True
    assert asked(certificate(COMPLIANCE), yes, listed()).qualified is True, "two that agree are no conflict"


Q = SignatureQualification


@pytest.mark.parametrize(
    ("indication", "issuance", "best", "expected"),
    [
        (Indication.TOTAL_PASSED, (True, Purpose.SIGNATURE, False), (True, Purpose.SIGNATURE, True), Q.QESIG),
        (
            Indication.TOTAL_PASSED,
            (True, Purpose.SIGNATURE, True),
            (True, Purpose.SIGNATURE, False),
            Q.ADESIG_QC,
        ),
        (Indication.TOTAL_PASSED, (True, Purpose.SEAL, True), (True, Purpose.SEAL, True), Q.QESEAL),
        (Indication.TOTAL_PASSED, (True, Purpose.SIGNATURE, True), (False, None, None), Q.ADESIG),
        (Indication.TOTAL_PASSED, (False, None, None), (True, Purpose.SIGNATURE, True), Q.ADESIG),
        (Indication.TOTAL_PASSED, (True, Purpose.SEAL, True), (True, Purpose.SIGNATURE, True), Q.ADESEAL),
        (Indication.TOTAL_PASSED, (None, None, None), (True, Purpose.SIGNATURE, True), Q.UNKNOWN),
        (
            Indication.INDETERMINATE,
            (True, Purpose.SEAL, True),
            (True, Purpose.SEAL, True),
            Q.INDETERMINATE_QESEAL,
        ),
        (Indication.INDETERMINATE, (False, None, None), (False, None, None), Q.INDETERMINATE_ADESIG),
        (
            Indication.TOTAL_FAILED,
            (True, Purpose.SIGNATURE, True),
            (True, Purpose.SIGNATURE, True),
            Q.NOT_ADES,
        ),
    ],
)
def test_both_times_and_the_verdict_make_the_conclusion(indication, issuance, best, expected):
    both = (CertificateQualification(NOW, *each) for each in (issuance, best))
    assert qualify_signature(indication, *both) is expected


@pytest.mark.parametrize(
    ("status", "kind", "at", "expected"),
    [
        (GRANTED, QTST, NOW, TimeStampQualification.QTSA),
        (WITHDRAWN, QTST, NOW, TimeStampQualification.TSA),
        (SUPERVISED, QTST, datetime(2015, 1, 1, tzinfo=UTC), TimeStampQualification.QTSA),
        (SUPERVISED, QTST, NOW, TimeStampQualification.TSA),
        (GRANTED, "http://uri.etsi.org/TrstSvc/Svctype/TSA", NOW, TimeStampQualification.TSA),
        (GRANTED, QTST, datetime(2009, 1, 1, tzinfo=UTC), TimeStampQualification.TSA),
    ],
)
def test_time_stamps_have_a_procedure_of_their_own(status, kind, at, expected):
    unit = ListedService((period(world().tsa, LONG_AGO, status, service_type=kind),))
    index = ServiceIndex([SourceList(national("JP", provider(unit)), "0" * 64)])
    found, steps = qualify_time_stamp((world().tsa.certificate,), index, at)
    assert found is expected
    assert all(step.clause == "TS 119 615 §4.7" for step in steps)
