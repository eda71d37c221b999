"""Providers, their services and the services' history (ETSI TS 119 612 §5.4 to §5.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from shirushi.codecs.xml.reader import Element
from shirushi.codecs.xml.trusted_list.criteria import read_criteria
from shirushi.codecs.xml.trusted_list.names import sie, tsl, tslx
from shirushi.codecs.xml.trusted_list.reading import (
    LANGUAGE,
    address,
    identity,
    read_time,
    required,
    required_text,
    required_time,
    text,
    texts,
)
from shirushi.core.instant import Instant
from shirushi.core.trusted_list import ListedService, Provider, Qualification, ServicePeriod, TakenOver


def read_provider(element: Element) -> Provider:
    """A TrustServiceProvider; raises `MalformedTrustedList`."""
    information = required(element, tsl("TSPInformation"))
    extensions = information.find(tsl("TSPInformationExtensions"))
    return Provider(
        names=texts(required(information, tsl("TSPName"))),
        trade_names=texts(information.find(tsl("TSPTradeName"))),
        services=tuple(
            _service(each) for each in element.iterfind(f"{tsl('TSPServices')}/{tsl('TSPService')}")
        ),
        information=texts(information.find(tsl("TSPInformationURI")), name="URI"),
        address=address(information.find(tsl("TSPAddress"))),
        unknown_critical=unknown_critical(extensions),
    )


def _service(element: Element) -> ListedService:
    """The current entry and its history, the youngest first. Entries that start together stay in the list's order."""
    current = required(element, tsl("ServiceInformation"))
    history = element.iterfind(f"{tsl('ServiceHistory')}/{tsl('ServiceHistoryInstance')}")
    past = sorted((_period(each) for each in history), key=lambda period: period.start, reverse=True)
    return ListedService(
        (_period(current), *past),
        tuple(
            (each.get("type", ""), (each.text or "").strip())
            for each in current.iterfind(f"{tsl('ServiceSupplyPoints')}/{tsl('ServiceSupplyPoint')}")
        ),
        texts(current.find(tsl("SchemeServiceDefinitionURI")), name="URI"),
    )


def _period(element: Element) -> ServicePeriod:
    extensions = list(_extensions(element.find(tsl("ServiceInformationExtensions"))))
    return ServicePeriod(
        service_type=required_text(element, tsl("ServiceTypeIdentifier")),
        names=texts(element.find(tsl("ServiceName"))),
        status=required_text(element, tsl("ServiceStatus")),
        start=required_time(element, tsl("StatusStartingTime")),
        identity=identity(element.findall(tsl("ServiceDigitalIdentity"))),
        additional_information=tuple(
            text(content, tsl("URI"))
            for _, content in extensions
            if content.tag == tsl("AdditionalServiceInformation")
        ),
        qualifications=tuple(
            _qualification(each)
            for _, content in extensions
            if content.tag == sie("Qualifications")
            for each in content.iterfind(sie("QualificationElement"))
        ),
        expired_certificates_since=_expired_since(content for _, content in extensions),
        taken_over_by=next(
            (_taken(content) for _, content in extensions if content.tag == tslx("TakenOverBy")), None
        ),
        unknown_critical=_unknown(extensions),
    )


def _qualification(element: Element) -> Qualification:
    return Qualification(
        tuple(
            each.get("uri", "").strip()
            for each in element.iterfind(f"{sie('Qualifiers')}/{sie('Qualifier')}")
        ),
        read_criteria(required(element, sie("CriteriaList"))),
    )


def _taken(content: Element) -> TakenOver:
    return TakenOver(
        tuple((each.get(LANGUAGE, ""), (each.text or "").strip()) for each in content.iterfind(tslx("URI"))),
        texts(content.find(tslx("TSPName"))),
        texts(content.find(tsl("SchemeOperatorName"))),
        text(content, tsl("SchemeTerritory")),
    )


def _expired_since(contents: Iterable[Element]) -> Instant | None:
    found = (each.text for each in contents if each.tag == tsl("ExpiredCertsRevocationInfo"))
    return next((read_time(value) for value in found if value), None)


_KNOWN = frozenset(
    {
        tsl("AdditionalServiceInformation"),
        tsl("ExpiredCertsRevocationInfo"),
        sie("Qualifications"),
        tslx("TakenOverBy"),
    }
)


def _extensions(parent: Element | None) -> Iterator[tuple[bool, Element]]:
    """Each element inside an extension, and whether the extension is critical."""
    if parent is not None:
        for extension in parent.iterfind(tsl("Extension")):
            for content in extension.iterchildren(etree.Element):
                yield extension.get("Critical", "").strip() in {"true", "1"}, content


def _unknown(extensions: Iterable[tuple[bool, Element]]) -> tuple[str, ...]:
    return tuple(
        etree.QName(content).localname
        for critical, content in extensions
        if critical and content.tag not in _KNOWN
    )


def unknown_critical(parent: Element | None) -> tuple[str, ...]:
    """The critical extensions of a list or a provider: none is known here."""
    return tuple(etree.QName(content).localname for critical, content in _extensions(parent) if critical)
