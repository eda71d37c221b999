"""Trusted lists in XML: bytes to values (ETSI TS 119 612, versions 4 to 6 of its lists)."""

from __future__ import annotations

from shirushi.codecs.xml.reader import Element, XmlDocument
from shirushi.codecs.xml.trusted_list.agreement import read_agreement
from shirushi.codecs.xml.trusted_list.names import mra, tsl, tslx
from shirushi.codecs.xml.trusted_list.reading import (
    MalformedTrustedList,
    address,
    identity,
    required,
    required_number,
    required_text,
    required_time,
    signature_elements,
    text,
    texts,
)
from shirushi.codecs.xml.trusted_list.services import read_provider, unknown_critical
from shirushi.core.trusted_list import ListPointer, TrustedList

__all__ = ["MalformedTrustedList", "read_trusted_list", "signature_elements"]


def read_trusted_list(document: XmlDocument) -> TrustedList:
    """What the list says; nothing is verified. Raises `MalformedTrustedList`."""
    root = document.root
    if root.tag != tsl("TrustServiceStatusList"):
        raise MalformedTrustedList(detail="the root is no TrustServiceStatusList")
    scheme = required(root, tsl("SchemeInformation"))
    update = scheme.find(f"{tsl('NextUpdate')}/{tsl('dateTime')}")
    provider_path = f"{tsl('TrustServiceProviderList')}/{tsl('TrustServiceProvider')}"
    return TrustedList(
        version=required_number(scheme, tsl("TSLVersionIdentifier")),
        sequence=required_number(scheme, tsl("TSLSequenceNumber")),
        list_type=required_text(scheme, tsl("TSLType")),
        territory=text(scheme, tsl("SchemeTerritory")).upper(),
        operators=texts(required(scheme, tsl("SchemeOperatorName"))),
        scheme_names=texts(scheme.find(tsl("SchemeName"))),
        issued=required_time(scheme, tsl("ListIssueDateTime")),
        next_update=None
        if update is None
        else required_time(scheme, f"{tsl('NextUpdate')}/{tsl('dateTime')}"),
        providers=tuple(read_provider(each) for each in root.iterfind(provider_path)),
        pointers=tuple(
            _pointer(each)
            for each in scheme.iterfind(f"{tsl('PointersToOtherTSL')}/{tsl('OtherTSLPointer')}")
        ),
        information=texts(scheme.find(tsl("SchemeInformationURI")), name="URI"),
        status_determination=text(scheme, tsl("StatusDeterminationApproach")),
        community_rules=_rules(scheme),
        distribution_points=tuple(
            (each.text or "").strip() for each in scheme.iterfind(f"{tsl('DistributionPoints')}/{tsl('URI')}")
        ),
        address=address(scheme.find(tsl("SchemeOperatorAddress"))),
        legal_notices=texts(scheme.find(tsl("PolicyOrLegalNotice")), name="TSLLegalNotice"),
        historical_period=_period(scheme),
        unknown_critical=unknown_critical(scheme.find(tsl("SchemeExtensions"))),
    )


def _period(scheme: Element) -> int:
    value = text(scheme, tsl("HistoricalInformationPeriod"))
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _rules(parent: Element) -> tuple[str, ...]:
    return tuple(uri for _, uri in texts(parent.find(tsl("SchemeTypeCommunityRules")), name="URI"))


def _pointer(element: Element) -> ListPointer:
    """An OtherTSLPointer; its additional information stands in any order, one piece an element (§5.3.13)."""
    pieces = element.findall(f"{tsl('AdditionalInformation')}/{tsl('OtherInformation')}")

    def first(path: str) -> str:
        return next((found for each in pieces if (found := text(each, path))), "")

    operators = (texts(each.find(tsl("SchemeOperatorName"))) for each in pieces)

    agreements = [
        found for each in pieces for found in each.iterfind(mra("MutualRecognitionAgreementInformation"))
    ]
    if len(agreements) > 1:
        raise MalformedTrustedList(detail="a pointer holds several agreements")
    return ListPointer(
        location=text(element, tsl("TSLLocation")),
        signers=identity(
            element.findall(f"{tsl('ServiceDigitalIdentities')}/{tsl('ServiceDigitalIdentity')}")
        ),
        territory=first(tsl("SchemeTerritory")).upper(),
        list_type=first(tsl("TSLType")),
        mime_type=first(tslx("MimeType")),
        operators=next(filter(None, operators), ()),
        community_rules=next(filter(None, map(_rules, pieces)), ()),
        agreement=read_agreement(agreements[0]) if agreements else None,
    )
