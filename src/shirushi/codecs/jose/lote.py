"""Lists of trusted entities in JSON: text to the same values as trusted lists in XML (ETSI TS 119 602 v1.1.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from shirushi.codecs.jose.strict import parse_object
from shirushi.codecs.jose.text import decode_base64
from shirushi.core.errors import MalformedInput
from shirushi.core.instant import Instant
from shirushi.core.trusted_list import (
    Address,
    DigitalIdentity,
    ListedService,
    ListPointer,
    PostalAddress,
    Provider,
    ServicePeriod,
    Texts,
    TrustedList,
)

VERSION = 1


class MalformedLote(MalformedInput):
    """JSON that is no list of trusted entities, or lacks what its place demands; `detail` names it."""

    code = "TRUSTED_LIST_MALFORMED"


def read_lote(data: bytes) -> TrustedList:
    """What the list says; nothing is verified. Raises `MalformedLote`, and what `parse_object` raises."""
    whole = parse_object(data)
    lote = _object(whole.get("LoTE", whole), "LoTE")
    scheme = _object(lote.get("ListAndSchemeInformation"), "ListAndSchemeInformation")
    issued = _required_time(scheme, "ListIssueDateTime")
    update = scheme.get("NextUpdate")
    return TrustedList(
        version=_number(scheme, "LoTEVersionIdentifier"),
        sequence=_number(scheme, "LoTESequenceNumber"),
        list_type=_text(scheme.get("LoTEType")),
        territory=_text(scheme.get("SchemeTerritory")).upper(),
        operators=_texts(scheme.get("SchemeOperatorName")),
        scheme_names=_texts(scheme.get("SchemeName")),
        issued=issued,
        next_update=None if update is None else _required_time(scheme, "NextUpdate"),
        providers=tuple(_provider(each, issued) for each in _objects(lote, "TrustedEntitiesList")),
        pointers=tuple(_pointer(each) for each in _objects(scheme, "PointersToOtherLoTE")),
        information=_uris(scheme.get("SchemeInformationURI")),
        status_determination=_text(scheme.get("StatusDeterminationApproach")),
        community_rules=tuple(uri for _, uri in _uris(scheme.get("SchemeTypeCommunityRules"))),
        distribution_points=tuple(_text(each) for each in _list(scheme, "DistributionPoints")),
        address=_address(scheme.get("SchemeOperatorAddress"), "SchemeOperator"),
        legal_notices=tuple(_notice(each) for each in _objects(scheme, "PolicyOrLegalNotice")),
        historical_period=_number(scheme, "HistoricalInformationPeriod", 0),
        unknown_critical=tuple(_unknown(_objects(scheme, "SchemeExtensions"), frozenset())),
    )


def _notice(said: dict[str, Any]) -> tuple[str, str]:
    """A legal notice, or the place of a policy."""
    stated = _object(said.get("LoTELegalNotice") or said.get("LoTEPolicy"), "PolicyOrLegalNotice")
    return _text(stated.get("lang")), _text(stated.get("value") or stated.get("uriValue"))


def _provider(entity: dict[str, Any], issued: Instant) -> Provider:
    said = _object(entity.get("TrustedEntityInformation"), "TrustedEntityInformation")
    return Provider(
        names=_texts(said.get("TEName")),
        trade_names=_texts(said.get("TETradeName")),
        services=tuple(_service(each, issued) for each in _objects(entity, "TrustedEntityServices")),
        information=_uris(said.get("TEInformationURI")),
        address=_address(said.get("TEAddress"), "TE"),
        unknown_critical=tuple(_unknown(_objects(said, "TEInformationExtensions"), frozenset())),
    )


def _service(entity: dict[str, Any], issued: Instant) -> ListedService:
    said = _object(entity.get("ServiceInformation"), "ServiceInformation")
    past = sorted(
        (_period(each, issued) for each in _objects(entity, "ServiceHistory")),
        key=lambda period: period.start,
        reverse=True,
    )
    return ListedService(
        (_period(said, issued), *past),
        tuple(
            (_text(each.get("ServiceType")), _text(each.get("uriValue")))
            for each in _objects(said, "ServiceSupplyPoints")
        ),
        _uris(said.get("SchemeServiceDefinitionURI")),
    )


_KNOWN = frozenset({"AdditionalServiceInformation", "ExpiredCertsRevocationInfo"})


def _period(said: dict[str, Any], issued: Instant) -> ServicePeriod:
    """An entry. One without a status is approved by being listed (§6.6.4): since the list was issued, as far as it says."""
    extensions = _objects(said, "ServiceInformationExtensions")
    information = (
        each["AdditionalServiceInformation"] for each in extensions if "AdditionalServiceInformation" in each
    )
    expired = [each for each in extensions if "ExpiredCertsRevocationInfo" in each]
    return ServicePeriod(
        service_type=_text(said.get("ServiceTypeIdentifier")),
        names=_texts(said.get("ServiceName")),
        status=_text(said.get("ServiceStatus")),
        start=_required_time(said, "StatusStartingTime") if "StatusStartingTime" in said else issued,
        identity=_identity(said.get("ServiceDigitalIdentity")),
        additional_information=tuple(uri for each in information for _, uri in _uris(each)),
        expired_certificates_since=_required_time(expired[0], "ExpiredCertsRevocationInfo")
        if expired
        else None,
        unknown_critical=tuple(_unknown(extensions, _KNOWN)),
    )


def _unknown(extensions: Iterable[dict[str, Any]], known: frozenset[str]) -> Iterator[str]:
    """The names of critical extensions that are not known; one that does not say that it is not critical is taken as such."""
    for each in extensions:
        names = each.keys() - {"critical", "Critical"}
        if each.get("critical", each.get("Critical", True)) is not False and not names & known:
            yield ", ".join(sorted(names)) or "?"


def _identity(value: Any) -> DigitalIdentity:
    said = {} if value is None else _object(value, "ServiceDigitalIdentity")
    return DigitalIdentity(
        tuple(decode_base64(each.get("val")) for each in _objects(said, "X509Certificates")),
        tuple(decode_base64(each) for each in _list(said, "X509SKIs")),
        tuple(_text(each) for each in _list(said, "X509SubjectNames")),
    )


def _pointer(said: dict[str, Any]) -> ListPointer:
    qualifiers = _objects(said, "LoTEQualifiers")
    first = qualifiers[0] if qualifiers else {}
    signers = [_identity(each) for each in _objects(said, "ServiceDigitalIdentities")]
    return ListPointer(
        location=_text(said.get("LoTELocation")),
        signers=DigitalIdentity(
            tuple(dict.fromkeys(c for each in signers for c in each.certificates)),
            tuple(k for each in signers for k in each.key_identifiers),
            tuple(n for each in signers for n in each.subject_names),
        ),
        territory=_text(first.get("SchemeTerritory")).upper(),
        list_type=_text(first.get("LoTEType")),
        mime_type=_text(first.get("MimeType")),
        operators=_texts(first.get("SchemeOperatorName")),
        community_rules=tuple(uri for _, uri in _uris(first.get("SchemeTypeCommunityRules"))),
    )


def _address(value: Any, prefix: str) -> Address:
    said = {} if value is None else _object(value, "Address")
    return Address(
        tuple(
            PostalAddress(
                _text(each.get("lang")),
                _text(each.get("StreetAddress")),
                _text(each.get("Locality")),
                _text(each.get("Country")),
                _text(each.get("StateOrProvince")),
                _text(each.get("PostalCode")),
            )
            for each in _objects(said, f"{prefix}PostalAddress")
        ),
        _uris(said.get(f"{prefix}ElectronicAddress")),
    )


def _texts(value: Any) -> Texts:
    found = ((_text(each.get("lang")), _text(each.get("value"))) for each in _each(value, "texts"))
    return tuple(each for each in found if each[1])


def _uris(value: Any) -> Texts:
    found = ((_text(each.get("lang")), _text(each.get("uriValue"))) for each in _each(value, "URIs"))
    return tuple(each for each in found if each[1])


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedLote(detail=f"{name} is no object")
    return value


def _list(said: dict[str, Any], name: str) -> list[Any]:
    value = said.get(name)
    if value is not None and not isinstance(value, list):
        raise MalformedLote(detail=f"{name} is no array")
    return value or []


def _objects(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [_object(each, name) for each in _list(said, name)]


def _each(value: Any, name: str) -> list[dict[str, Any]]:
    return _objects({name: value}, name)


def _text(value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise MalformedLote(detail="something else where text should stand")
    return (value or "").strip()


def _number(said: dict[str, Any], name: str, otherwise: int | None = None) -> int:
    value = said.get(name, otherwise)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**18:
        raise MalformedLote(detail=f"{name} is no number")
    return value


def _required_time(said: dict[str, Any], name: str) -> Instant:
    try:
        found = datetime.fromisoformat(_text(said.get(name)))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise MalformedLote(detail=f"{name} is no date and time") from error
