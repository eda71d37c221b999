"""Mutual-recognition agreements written, as the Commission's MRA schema (version 2) has them."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from shirushi.codecs.xml.names import XML
from shirushi.codecs.xml.reader import Element
from shirushi.codecs.xml.text import write_date_time
from shirushi.codecs.xml.trusted_list.criteria import write_criteria
from shirushi.codecs.xml.trusted_list.names import MRA, mra, tsl
from shirushi.core.agreement import (
    EquivalencePeriod,
    ListedType,
    MutualRecognitionAgreement,
    QualificationEquivalence,
    StatusEquivalence,
)


def write_agreement(agreement: MutualRecognitionAgreement) -> Element:
    """The MutualRecognitionAgreementInformation."""
    root = etree.Element(
        mra("MutualRecognitionAgreementInformation"),
        {
            "technicalType": str(agreement.technical_type),
            "version": str(agreement.version),
            "pointingContractingPartyLegislation": agreement.pointing_legislation,
            "pointedContractingPartyLegislation": agreement.pointed_legislation,
            "MRADepth": str(agreement.depth),
        },
        nsmap={"mra": MRA},
    )
    for equivalence in agreement.equivalences:
        element = etree.SubElement(root, mra("TrustServiceEquivalenceInformation"))
        etree.SubElement(element, mra("TrustServiceLegalIdentifier")).text = equivalence.identifier
        _period(element, equivalence.periods[0])
        if len(equivalence.periods) > 1:
            history = etree.SubElement(element, mra("TrustServiceEquivalenceHistory"))
            for period in equivalence.periods[1:]:
                _period(etree.SubElement(history, mra("TrustServiceEquivalenceHistoryInstance")), period)
    return root


def _period(parent: Element, period: EquivalencePeriod) -> None:
    kinds = etree.SubElement(parent, mra("TrustServiceTSLTypeEquivalenceList"))
    _types(kinds, "TrustServiceTSLTypeListPointingParty", period.pointing_types)
    _types(kinds, "TrustServiceTSLTypeListPointedParty", period.pointed_types)
    etree.SubElement(parent, mra("TrustServiceEquivalenceStatus")).text = period.status
    start = etree.SubElement(parent, mra("TrustServiceEquivalenceStatusStartingTime"))
    start.text = write_date_time(period.start)
    statuses = etree.SubElement(parent, mra("TrustServiceTSLStatusEquivalenceList"))
    _statuses(statuses, "TrustServiceTSLStatusValidEquivalence", period.valid)
    _statuses(statuses, "TrustServiceTSLStatusInvalidEquivalence", period.invalid)
    if period.contents:
        contents = etree.SubElement(parent, mra("CertificateContentReferencesEquivalenceList"))
        for each in period.contents:
            element = etree.SubElement(contents, mra("CertificateContentReferenceEquivalence"))
            context = etree.SubElement(element, mra("CertificateContentReferenceEquivalenceContext"))
            context.text = each.context
            element.append(write_criteria(each.pointing, mra("CertificateContentDeclarationPointingParty")))
            element.append(write_criteria(each.pointed, mra("CertificateContentDeclarationPointedParty")))
    if period.qualification is not None:
        _qualification(parent, period.qualification)


def _types(parent: Element, name: str, types: Iterable[ListedType]) -> None:
    element = etree.SubElement(parent, mra(name))
    for each in types:
        entry = etree.SubElement(element, mra("TrustServiceTSLType"))
        etree.SubElement(entry, tsl("ServiceTypeIdentifier")).text = each.service_type
        if each.additional_information:
            information = etree.SubElement(entry, tsl("AdditionalServiceInformation"))
            uri = etree.SubElement(information, tsl("URI"))
            uri.set(f"{{{XML}}}lang", "en")
            uri.text = each.additional_information


def _statuses(parent: Element, name: str, equivalence: StatusEquivalence) -> None:
    element = etree.SubElement(parent, mra(name))
    for side, statuses in (
        ("TrustServiceTSLStatusListPointingParty", equivalence.pointing),
        ("TrustServiceTSLStatusListPointedParty", equivalence.pointed),
    ):
        container = etree.SubElement(element, mra(side))
        for status in statuses:
            etree.SubElement(container, tsl("ServiceStatus")).text = status


def _qualification(parent: Element, equivalence: QualificationEquivalence) -> None:
    element = etree.SubElement(parent, mra("TrustServiceTSLQualificationExtensionEquivalenceList"))
    name = etree.SubElement(element, mra("TrustServiceTSLQualificationExtensionName"))
    for side, value in (("Pointing", equivalence.pointing_name), ("Pointed", equivalence.pointed_name)):
        etree.SubElement(name, mra(f"TrustServiceTSLQualificationExtensionName{side}Party")).text = value
    qualifiers = etree.SubElement(element, mra("QualifierEquivalenceList"))
    for each in equivalence.qualifiers:
        entry = etree.SubElement(qualifiers, mra("QualifierEquivalence"))
        etree.SubElement(entry, mra("QualifierPointingParty"), uri=each.pointing)
        etree.SubElement(entry, mra("QualifierPointedParty"), uri=each.pointed)
