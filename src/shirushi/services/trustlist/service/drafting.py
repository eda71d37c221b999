"""A trusted list as its operator writes it down: TOML to values (ETSI TS 119 612 v2.4.1 §5)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import timedelta

from shirushi.codecs.asn1.pem import certificates_in
from shirushi.codecs.toml import EntryWrong, TomlTable
from shirushi.core.agreement import (
    ENACTED,
    REPEALED,
    ContentContext,
    ContentEquivalence,
    EquivalencePeriod,
    ListedType,
    MutualRecognitionAgreement,
    QualificationEquivalence,
    QualifierEquivalence,
    ServiceEquivalence,
    StatusEquivalence,
)
from shirushi.core.criteria import Assertion, Criteria, QcStatementCriterion
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.core.instant import Instant
from shirushi.core.trusted_list import (
    Address,
    DigitalIdentity,
    ListedService,
    ListPointer,
    PostalAddress,
    Provider,
    Qualification,
    ServicePeriod,
    TrustedList,
)

LONGEST = timedelta(days=183)
"""How far ahead the next update may lie: six months (§5.3.15)."""
LIST_TYPE = "application/vnd.etsi.tsl+xml"

_CONTEXTS = {each.name: each.value for each in ContentContext}
_ASSERTIONS = {each.value: each for each in Assertion}
_STATUSES = {"enacted": ENACTED, "repealed": REPEALED}


class ListDraftMalformed(MalformedInput):
    """A draft of a trusted list that cannot be read: `detail` names the entry and what is wrong with it."""

    code = "LIST_DRAFT_MALFORMED"


def read_draft(document: Document, read: Callable[[str], bytes], now: Instant) -> TrustedList:
    """The list that the draft describes, issued at `now`. `read` gives the certificate files that it names.

    Raises `ListDraftMalformed`, and what `read` raises.
    """
    try:
        told = TomlTable("", tomllib.loads(document.read().decode()))
        found = _Draft(read, now).trusted_list(told.table("list"))
        told.end()
    except (ValueError, RecursionError) as error:  # EntryWrong, UnicodeDecodeError, TOMLDecodeError
        raise ListDraftMalformed(detail=str(error)[:200]) from None
    return found


class _Draft:
    def __init__(self, read: Callable[[str], bytes], now: Instant) -> None:
        self._read = read
        self._now = now.replace(microsecond=0)

    def trusted_list(self, told: TomlTable) -> TrustedList:
        until = timedelta(days=told.number("next_update_days", 180))
        if not timedelta() < until <= LONGEST:
            raise EntryWrong("list.next_update_days", f"it is 1 to {LONGEST.days}")
        found = TrustedList(
            version=6,
            sequence=told.number("sequence"),
            list_type=told.text("type"),
            territory=told.text("territory"),
            operators=told.languages("operator"),
            scheme_names=told.languages("scheme"),
            issued=self._now,
            next_update=self._now + until,
            providers=tuple(self._provider(each) for each in told.tables("providers")),
            pointers=tuple(self._pointer(each) for each in told.tables("pointers")),
            information=told.languages("information"),
            status_determination=told.text("determination"),
            community_rules=told.texts("rules", needed=True),
            distribution_points=told.texts("distribution"),
            address=_address(told.table("address")),
            legal_notices=told.languages("notice"),
        )
        told.end()
        return found

    def _identity(self, files: tuple[str, ...]) -> DigitalIdentity:
        found = (certificates_in(self._read(each))[0].der for each in files)
        return DigitalIdentity(certificates=tuple(found))

    def _provider(self, told: TomlTable) -> Provider:
        found = Provider(
            names=told.languages("name"),
            trade_names=told.languages("trade_name", needed=False),
            services=tuple(self._service(each) for each in told.tables("services")),
            information=told.languages("information"),
            address=_address(told.table("address")),
        )
        told.end()
        return found

    def _service(self, told: TomlTable) -> ListedService:
        identity = self._identity(told.texts("certificates", needed=True))
        periods = tuple(_period(each, identity) for each in told.tables("periods"))
        starts = [each.start for each in periods]
        if not periods or starts != sorted(starts, reverse=True):
            raise EntryWrong("services.periods", "there are some, the youngest first")
        told.end()
        return ListedService(periods)

    def _pointer(self, told: TomlTable) -> ListPointer:
        agreement = _agreement(told.table("agreement")) if "agreement" in told.content else None
        found = ListPointer(
            location=told.text("location"),
            signers=self._identity(told.texts("signers", needed=True)),
            territory=told.text("territory"),
            list_type=told.text("type"),
            mime_type=LIST_TYPE,
            operators=told.languages("operator"),
            community_rules=told.texts("rules"),
            agreement=agreement,
        )
        told.end()
        return found


def _address(told: TomlTable) -> Address:
    found = Address(
        postal=(
            PostalAddress(
                language="en",
                street=told.text("street"),
                locality=told.text("locality"),
                country=told.text("country"),
                region=told.text("region", ""),
                postal_code=told.text("postal_code", ""),
            ),
        ),
        electronic=tuple(("en", each) for each in told.texts("electronic", needed=True)),
    )
    told.end()
    return found


def _period(told: TomlTable, identity: DigitalIdentity) -> ServicePeriod:
    start = told.time("start")
    assert start is not None
    found = ServicePeriod(
        service_type=told.text("type"),
        names=told.languages("name"),
        status=told.text("status"),
        start=start,
        identity=identity,
        additional_information=told.texts("additional_information"),
        qualifications=tuple(map(_qualification, told.tables("qualifications"))),
    )
    told.end()
    return found


def _qualification(told: TomlTable) -> Qualification:
    found = Qualification(told.texts("qualifiers", needed=True), _criteria(told.table("criteria")))
    told.end()
    return found


def _agreement(told: TomlTable) -> MutualRecognitionAgreement:
    found = MutualRecognitionAgreement(
        technical_type=told.number("technical_type"),
        version=told.number("version"),
        pointing_legislation=told.text("pointing_legislation"),
        pointed_legislation=told.text("pointed_legislation"),
        depth=told.number("depth"),
        equivalences=tuple(_equivalence(each) for each in told.tables("equivalences")),
    )
    told.end()
    return found


def _equivalence(told: TomlTable) -> ServiceEquivalence:
    found = ServiceEquivalence(told.text("identifier"), tuple(map(_rule, told.tables("periods"))))
    if not found.periods:
        raise EntryWrong("equivalences.periods", "there are some, the youngest first")
    told.end()
    return found


def _rule(told: TomlTable) -> EquivalencePeriod:
    start = told.time("start")
    assert start is not None
    found = EquivalencePeriod(
        status=told.one_of("status", _STATUSES),
        start=start,
        pointing_types=tuple(map(_type, told.tables("pointing_types"))),
        pointed_types=tuple(map(_type, told.tables("pointed_types"))),
        valid=_statuses(told.table("valid")),
        invalid=_statuses(told.table("invalid")),
        contents=tuple(map(_content, told.tables("contents"))),
        qualification=_qualifiers(told.table("qualifiers")) if "qualifiers" in told.content else None,
    )
    told.end()
    return found


def _type(told: TomlTable) -> ListedType:
    found = ListedType(told.text("type"), told.text("additional_information", ""))
    told.end()
    return found


def _statuses(told: TomlTable) -> StatusEquivalence:
    found = StatusEquivalence(told.texts("pointing", needed=True), told.texts("pointed", needed=True))
    told.end()
    return found


def _content(told: TomlTable) -> ContentEquivalence:
    pointing, pointed = (_criteria(told.table(side)) for side in ("pointing", "pointed"))
    found = ContentEquivalence(told.one_of("context", _CONTEXTS), pointing, pointed)
    told.end()
    return found


def _criteria(told: TomlTable) -> Criteria:
    policies = told.texts("policies")
    statements = tuple(map(_statement, told.tables("statements")))
    found = Criteria(
        assertion=told.one_of("assert", _ASSERTIONS),
        policy_sets=tuple((each,) for each in policies),
        statement_sets=(statements,) if statements else (),
    )
    told.end()
    return found


def _statement(told: TomlTable) -> QcStatementCriterion:
    found = QcStatementCriterion(told.text("oid"), qc_type=told.text("type", ""))
    told.end()
    return found


def _qualifiers(told: TomlTable) -> QualificationEquivalence:
    pairs = [
        QualifierEquivalence(each.text("pointing"), each.text("pointed")) for each in told.tables("pairs")
    ]
    found = QualificationEquivalence(told.text("pointing_name"), told.text("pointed_name"), tuple(pairs))
    told.end()
    return found
