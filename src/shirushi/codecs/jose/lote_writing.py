"""Lists of trusted entities written: values to JSON, ready to be signed (ETSI TS 119 602 v1.1.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from shirushi.codecs.jose.lote import VERSION
from shirushi.codecs.jose.text import encode_base64
from shirushi.codecs.jose.writing import write_json
from shirushi.core.instant import Instant
from shirushi.core.trusted_list import (
    Address,
    DigitalIdentity,
    ListedService,
    ListPointer,
    Provider,
    ServicePeriod,
    Texts,
    TrustedList,
)


def write_lote(trusted_list: TrustedList) -> bytes:
    """The list as JSON without a signature. Qualifiers and agreements, for which the JSON has no place, are left out."""
    said = trusted_list
    scheme = {
        "LoTEVersionIdentifier": VERSION,
        "LoTESequenceNumber": said.sequence,
        "LoTEType": said.list_type,
        "SchemeOperatorName": _texts(said.operators),
        "SchemeOperatorAddress": _address(said.address, "SchemeOperator"),
        "SchemeName": _texts(said.scheme_names),
        "SchemeInformationURI": _uris(said.information),
        "StatusDeterminationApproach": said.status_determination,
        "SchemeTypeCommunityRules": _uris(("en", each) for each in said.community_rules),
        "SchemeTerritory": said.territory,
        "PolicyOrLegalNotice": [{"LoTELegalNotice": each} for each in _texts(said.legal_notices)],
        "HistoricalInformationPeriod": said.historical_period,
        "PointersToOtherLoTE": [_pointer(each) for each in said.pointers],
        "ListIssueDateTime": _time(said.issued),
        "NextUpdate": _time(said.next_update) if said.next_update else None,
        "DistributionPoints": list(said.distribution_points),
    }
    entities = [_provider(each) for each in said.providers]
    return write_json(
        {"LoTE": _present({"ListAndSchemeInformation": _present(scheme), "TrustedEntitiesList": entities})}
    )


def _present(said: dict[str, Any]) -> dict[str, Any]:
    """The members that say something."""
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}


def _time(value: Instant) -> str:
    return value.astimezone(UTC).isoformat()[:19] + "Z"


def _texts(texts: Texts) -> list[dict[str, str]]:
    return [{"lang": language, "value": value} for language, value in texts]


def _uris(texts: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"lang": language, "uriValue": value} for language, value in texts]


def _address(address: Address, prefix: str) -> dict[str, Any]:
    postal = [
        _present(
            {
                "lang": each.language,
                "StreetAddress": each.street,
                "Locality": each.locality,
                "StateOrProvince": each.region,
                "PostalCode": each.postal_code,
                "Country": each.country,
            }
        )
        for each in address.postal
    ]
    return _present(
        {f"{prefix}PostalAddress": postal, f"{prefix}ElectronicAddress": _uris(address.electronic)}
    )


def _identity(identity: DigitalIdentity) -> dict[str, Any]:
    return _present(
        {
            "X509Certificates": [{"val": encode_base64(each)} for each in identity.certificates],
            "X509SubjectNames": list(identity.subject_names),
            "X509SKIs": [encode_base64(each) for each in identity.key_identifiers],
        }
    )


def _pointer(pointer: ListPointer) -> dict[str, Any]:
    qualifiers = {
        "LoTEType": pointer.list_type,
        "SchemeOperatorName": _texts(pointer.operators),
        "SchemeTypeCommunityRules": _uris(("en", each) for each in pointer.community_rules),
        "SchemeTerritory": pointer.territory,
        "MimeType": pointer.mime_type,
    }
    return {
        "LoTELocation": pointer.location,
        "ServiceDigitalIdentities": [_identity(pointer.signers)],
        "LoTEQualifiers": [_present(qualifiers)],
    }


def _provider(provider: Provider) -> dict[str, Any]:
    information = {
        "TEName": _texts(provider.names),
        "TETradeName": _texts(provider.trade_names),
        "TEAddress": _address(provider.address, "TE"),
        "TEInformationURI": _uris(provider.information),
    }
    return {
        "TrustedEntityInformation": _present(information),
        "TrustedEntityServices": [_service(each) for each in provider.services],
    }


def _service(service: ListedService) -> dict[str, Any]:
    current = _period(service.current) | _present(
        {
            "ServiceSupplyPoints": [
                _present({"ServiceType": kind, "uriValue": place}) for kind, place in service.supply_points
            ],
            "SchemeServiceDefinitionURI": _uris(service.scheme_definitions),
        }
    )
    history = [_period(each) for each in service.periods[1:]]
    return _present({"ServiceInformation": current, "ServiceHistory": history})


def _period(period: ServicePeriod) -> dict[str, Any]:
    extensions: list[dict[str, Any]] = []
    if period.additional_information:
        stated = _uris(("en", each) for each in period.additional_information)
        extensions.append({"critical": True, "AdditionalServiceInformation": stated})
    if period.expired_certificates_since is not None:
        since = _time(period.expired_certificates_since)
        extensions.append({"critical": False, "ExpiredCertsRevocationInfo": since})
    return _present(
        {
            "ServiceTypeIdentifier": period.service_type,
            "ServiceName": _texts(period.names),
            "ServiceDigitalIdentity": _identity(period.identity),
            "ServiceStatus": period.status,
            "StatusStartingTime": _time(period.start),
            "ServiceInformationExtensions": extensions,
        }
    )
