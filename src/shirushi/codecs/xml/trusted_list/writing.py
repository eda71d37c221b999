"""Trusted lists written: values to XML of version 6, ready to be signed (ETSI TS 119 612 v2.4.1)."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from shirushi.codecs.xml.names import XML
from shirushi.codecs.xml.reader import Element
from shirushi.codecs.xml.text import encode_base64, write_date_time
from shirushi.codecs.xml.trusted_list.agreement_writing import write_agreement
from shirushi.codecs.xml.trusted_list.criteria import write_criteria
from shirushi.codecs.xml.trusted_list.names import MRA, SIE, TSL, TSLX, sie, tsl, tslx
from shirushi.core.trusted_list import (
    Address,
    DigitalIdentity,
    ListedService,
    ListPointer,
    Provider,
    ServicePeriod,
    TakenOver,
    Texts,
    TrustedList,
)

TAG = "http://uri.etsi.org/19612/TSLTag"
_NAMESPACES = {None: TSL, "tslx": TSLX, "sie": SIE, "mra": MRA}


def write_trusted_list(trusted_list: TrustedList) -> bytes:
    """The list as XML without a signature. What it lacks of what the schema demands, the XML lacks too."""
    root = etree.Element(tsl("TrustServiceStatusList"), {"TSLTag": TAG}, nsmap=_NAMESPACES)
    _scheme(root, trusted_list)
    if trusted_list.providers:
        providers = _add(root, tsl("TrustServiceProviderList"))
        for provider in trusted_list.providers:
            _provider(providers, provider)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _add(parent: Element, name: str, value: str | None = None, **attributes: str) -> Element:
    element = etree.SubElement(parent, name, attributes)
    element.text = value
    return element


def _texts(parent: Element, name: str, texts: Texts, *, item: str = "Name") -> None:
    if texts:
        container = _add(parent, name)
        for language, value in texts:
            _add(container, tsl(item), value).set(f"{{{XML}}}lang", language)


def _scheme(root: Element, said: TrustedList) -> None:
    scheme = _add(root, tsl("SchemeInformation"))
    _add(scheme, tsl("TSLVersionIdentifier"), str(said.version))
    _add(scheme, tsl("TSLSequenceNumber"), str(said.sequence))
    _add(scheme, tsl("TSLType"), said.list_type)
    _texts(scheme, tsl("SchemeOperatorName"), said.operators)
    _address(scheme, tsl("SchemeOperatorAddress"), said.address)
    _texts(scheme, tsl("SchemeName"), said.scheme_names)
    _texts(scheme, tsl("SchemeInformationURI"), said.information, item="URI")
    _add(scheme, tsl("StatusDeterminationApproach"), said.status_determination)
    _texts(scheme, tsl("SchemeTypeCommunityRules"), _english(said.community_rules), item="URI")
    _add(scheme, tsl("SchemeTerritory"), said.territory)
    _texts(scheme, tsl("PolicyOrLegalNotice"), said.legal_notices, item="TSLLegalNotice")
    _add(scheme, tsl("HistoricalInformationPeriod"), str(said.historical_period))
    if said.pointers:
        pointers = _add(scheme, tsl("PointersToOtherTSL"))
        for pointer in said.pointers:
            _pointer(pointers, pointer)
    _add(scheme, tsl("ListIssueDateTime"), write_date_time(said.issued))
    update = _add(scheme, tsl("NextUpdate"))
    if said.next_update is not None:
        _add(update, tsl("dateTime"), write_date_time(said.next_update))
    if said.distribution_points:
        points = _add(scheme, tsl("DistributionPoints"))
        for each in said.distribution_points:
            _add(points, tsl("URI"), each)


def _english(values: Iterable[str]) -> Texts:
    return tuple(("en", value) for value in values)


def _address(parent: Element, name: str, address: Address) -> None:
    element = _add(parent, name)
    postal = _add(element, tsl("PostalAddresses"))
    for each in address.postal:
        entry = _add(postal, tsl("PostalAddress"))
        entry.set(f"{{{XML}}}lang", each.language)
        for part, value in (
            ("StreetAddress", each.street),
            ("Locality", each.locality),
            ("StateOrProvince", each.region),
            ("PostalCode", each.postal_code),
            ("CountryName", each.country),
        ):
            if value:
                _add(entry, tsl(part), value)
    _texts(element, tsl("ElectronicAddress"), address.electronic, item="URI")


def _identity(parent: Element, identity: DigitalIdentity) -> None:
    element = _add(parent, tsl("ServiceDigitalIdentity"))
    for name, values in (
        ("X509Certificate", map(encode_base64, identity.certificates)),
        ("X509SubjectName", iter(identity.subject_names)),
        ("X509SKI", map(encode_base64, identity.key_identifiers)),
    ):
        for value in values:
            _add(_add(element, tsl("DigitalId")), tsl(name), value)


def _pointer(parent: Element, pointer: ListPointer) -> None:
    element = _add(parent, tsl("OtherTSLPointer"))
    _identity(_add(element, tsl("ServiceDigitalIdentities")), pointer.signers)
    _add(element, tsl("TSLLocation"), pointer.location)
    additional = _add(element, tsl("AdditionalInformation"))

    def other() -> Element:
        return _add(additional, tsl("OtherInformation"))

    if pointer.list_type:
        _add(other(), tsl("TSLType"), pointer.list_type)
    if pointer.territory:
        _add(other(), tsl("SchemeTerritory"), pointer.territory)
    if pointer.operators:
        _texts(other(), tsl("SchemeOperatorName"), pointer.operators)
    if pointer.community_rules:
        _texts(other(), tsl("SchemeTypeCommunityRules"), _english(pointer.community_rules), item="URI")
    if pointer.mime_type:
        _add(other(), tslx("MimeType"), pointer.mime_type)
    if pointer.agreement is not None:
        other().append(write_agreement(pointer.agreement))


def _provider(parent: Element, provider: Provider) -> None:
    element = _add(parent, tsl("TrustServiceProvider"))
    information = _add(element, tsl("TSPInformation"))
    _texts(information, tsl("TSPName"), provider.names)
    _texts(information, tsl("TSPTradeName"), provider.trade_names)
    _address(information, tsl("TSPAddress"), provider.address)
    _texts(information, tsl("TSPInformationURI"), provider.information, item="URI")
    services = _add(element, tsl("TSPServices"))
    for service in provider.services:
        _service(services, service)


def _service(parent: Element, service: ListedService) -> None:
    element = _add(parent, tsl("TSPService"))
    current = _add(element, tsl("ServiceInformation"))
    _period(current, service.current)
    _texts(current, tsl("SchemeServiceDefinitionURI"), service.scheme_definitions, item="URI")
    if service.supply_points:
        points = _add(current, tsl("ServiceSupplyPoints"))
        for kind, place in service.supply_points:
            _add(points, tsl("ServiceSupplyPoint"), place, **({"type": kind} if kind else {}))
    _extensions(current, service.current)
    if len(service.periods) > 1:
        history = _add(element, tsl("ServiceHistory"))
        for period in service.periods[1:]:
            past = _add(history, tsl("ServiceHistoryInstance"))
            _period(past, period)
            _extensions(past, period)


def _period(element: Element, period: ServicePeriod) -> None:
    _add(element, tsl("ServiceTypeIdentifier"), period.service_type)
    _texts(element, tsl("ServiceName"), period.names)
    _identity(element, period.identity)
    _add(element, tsl("ServiceStatus"), period.status)
    _add(element, tsl("StatusStartingTime"), write_date_time(period.start))


def _extensions(parent: Element, period: ServicePeriod) -> None:
    """§5.5.9: what a reader must understand to read the entry rightly is critical."""
    element = etree.Element(tsl("ServiceInformationExtensions"))

    def extension(*, critical: bool) -> Element:
        return _add(element, tsl("Extension"), Critical="true" if critical else "false")

    if period.expired_certificates_since is not None:
        since = write_date_time(period.expired_certificates_since)
        _add(extension(critical=False), tsl("ExpiredCertsRevocationInfo"), since)
    for each in period.additional_information:
        _texts(extension(critical=True), tsl("AdditionalServiceInformation"), (("en", each),), item="URI")
    if period.qualifications:
        qualifications = _add(extension(critical=True), sie("Qualifications"))
        for stated in period.qualifications:
            entry = _add(qualifications, sie("QualificationElement"))
            qualifiers = _add(entry, sie("Qualifiers"))
            for uri in stated.qualifiers:
                _add(qualifiers, sie("Qualifier"), uri=uri)
            entry.append(write_criteria(stated.criteria, sie("CriteriaList")))
    if period.taken_over_by is not None:
        _taken_over(extension(critical=False), period.taken_over_by)
    if len(element):
        parent.append(element)


def _taken_over(parent: Element, taken: TakenOver) -> None:
    element = _add(parent, tslx("TakenOverBy"))
    for language, uri in taken.information:
        _add(element, tslx("URI"), uri).set(f"{{{XML}}}lang", language)
    _texts(element, tslx("TSPName"), taken.provider)
    _texts(element, tsl("SchemeOperatorName"), taken.operator)
    _add(element, tsl("SchemeTerritory"), taken.territory)
