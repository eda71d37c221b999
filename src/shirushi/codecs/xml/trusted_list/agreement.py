"""Mutual-recognition agreements in list pointers: read (the Commission's MRA schema, version 2)."""

from __future__ import annotations

from shirushi.codecs.xml.reader import Element
from shirushi.codecs.xml.trusted_list.criteria import read_criteria
from shirushi.codecs.xml.trusted_list.names import mra, tsl
from shirushi.codecs.xml.trusted_list.reading import (
    MalformedTrustedList,
    required,
    required_text,
    required_time,
    text,
)
from shirushi.core.agreement import (
    ContentEquivalence,
    EquivalencePeriod,
    ListedType,
    MutualRecognitionAgreement,
    QualificationEquivalence,
    QualifierEquivalence,
    ServiceEquivalence,
    StatusEquivalence,
)


def read_agreement(element: Element) -> MutualRecognitionAgreement:
    """A MutualRecognitionAgreementInformation; raises `MalformedTrustedList`."""
    return MutualRecognitionAgreement(
        _number(element, "technicalType"),
        _number(element, "version"),
        element.get("pointingContractingPartyLegislation", ""),
        element.get("pointedContractingPartyLegislation", ""),
        _number(element, "MRADepth"),
        tuple(_equivalence(each) for each in element.iterfind(mra("TrustServiceEquivalenceInformation"))),
    )


def _number(element: Element, name: str) -> int:
    value = element.get(name, "")
    if not (value.isascii() and value.isdigit()):
        raise MalformedTrustedList(detail=f"the agreement's {name} is no number")
    return int(value)


def _equivalence(element: Element) -> ServiceEquivalence:
    path = f"{mra('TrustServiceEquivalenceHistory')}/{mra('TrustServiceEquivalenceHistoryInstance')}"
    past = sorted(
        (_period(each) for each in element.iterfind(path)), key=lambda each: each.start, reverse=True
    )
    return ServiceEquivalence(
        required_text(element, mra("TrustServiceLegalIdentifier")), (_period(element), *past)
    )


def _period(element: Element) -> EquivalencePeriod:
    kinds = required(element, mra("TrustServiceTSLTypeEquivalenceList"))
    statuses = required(element, mra("TrustServiceTSLStatusEquivalenceList"))
    contents = f"{mra('CertificateContentReferencesEquivalenceList')}/{mra('CertificateContentReferenceEquivalence')}"
    qualification = element.find(mra("TrustServiceTSLQualificationExtensionEquivalenceList"))
    return EquivalencePeriod(
        status=required_text(element, mra("TrustServiceEquivalenceStatus")),
        start=required_time(element, mra("TrustServiceEquivalenceStatusStartingTime")),
        pointing_types=_types(required(kinds, mra("TrustServiceTSLTypeListPointingParty"))),
        pointed_types=_types(required(kinds, mra("TrustServiceTSLTypeListPointedParty"))),
        valid=_statuses(required(statuses, mra("TrustServiceTSLStatusValidEquivalence"))),
        invalid=_statuses(required(statuses, mra("TrustServiceTSLStatusInvalidEquivalence"))),
        contents=tuple(_content(each) for each in element.iterfind(contents)),
        qualification=None if qualification is None else _qualification(qualification),
    )


def _types(parent: Element) -> tuple[ListedType, ...]:
    return tuple(
        ListedType(
            required_text(each, tsl("ServiceTypeIdentifier")),
            text(each, f"{tsl('AdditionalServiceInformation')}/{tsl('URI')}"),
        )
        for each in parent.iterfind(mra("TrustServiceTSLType"))
    )


def _statuses(element: Element) -> StatusEquivalence:
    def of(name: str) -> tuple[str, ...]:
        return tuple(
            (each.text or "").strip() for each in required(element, mra(name)).iterfind(tsl("ServiceStatus"))
        )

    return StatusEquivalence(
        of("TrustServiceTSLStatusListPointingParty"), of("TrustServiceTSLStatusListPointedParty")
    )


def _content(element: Element) -> ContentEquivalence:
    return ContentEquivalence(
        required_text(element, mra("CertificateContentReferenceEquivalenceContext")),
        read_criteria(required(element, mra("CertificateContentDeclarationPointingParty"))),
        read_criteria(required(element, mra("CertificateContentDeclarationPointedParty"))),
    )


def _qualification(element: Element) -> QualificationEquivalence:
    name = mra("TrustServiceTSLQualificationExtensionName")
    return QualificationEquivalence(
        text(element, f"{name}/{mra('TrustServiceTSLQualificationExtensionNamePointingParty')}"),
        text(element, f"{name}/{mra('TrustServiceTSLQualificationExtensionNamePointedParty')}"),
        tuple(
            QualifierEquivalence(
                required(each, mra("QualifierPointingParty")).get("uri", ""),
                required(each, mra("QualifierPointedParty")).get("uri", ""),
            )
            for each in element.iterfind(f"{mra('QualifierEquivalenceList')}/{mra('QualifierEquivalence')}")
        ),
    )
