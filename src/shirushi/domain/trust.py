"""Where trust comes from: files, trusted lists, and what is fetched within bounds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from shirushi.adapters.agreement_files import AgreementFiles
from shirushi.adapters.bridge_anchors import BridgeAnchors
from shirushi.adapters.configuration import Configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.adapters.federation_files import FederationFiles
from shirushi.adapters.http_fetcher import Bounds, HttpFetcher
from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.errors import ConfigurationInvalid, MalformedInput
from shirushi.core.evidence import Certificate
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database
from shirushi.rules.ades import JAPAN
from shirushi.services.audit.service import AuditTrail
from shirushi.services.trustlist.model import ListSource
from shirushi.services.trustlist.service import Recognising, TrustedLists


def trusted_lists_of(
    directory: DataDirectory,
    configuration: Configuration,
    database: Database,
    clock: Clock,
    audit: AuditTrail,
) -> TrustedLists:
    """Trusted lists as the configuration anchors, refreshes and recognises them."""
    said = configuration.trust
    agreements = AgreementFiles(
        list(map(directory.resolve, said.agreements)), examples=said.example_agreements
    )
    return TrustedLists(
        anchors=_together(directory, said.list_signers),
        catalogue=JAPAN.catalogue,
        database=database,
        clock=clock,
        audit=audit,
        fetcher=fetcher_of(configuration),
        sources=[
            ListSource(each.name, each.location, _together(directory, each.signers))
            for each in configuration.list_of_lists
        ],
        grace=timedelta(days=said.list_grace_days),
        recognising=Recognising(agreements.treaty, said.party),
    )


def bridges_of(directory: DataDirectory, configuration: Configuration) -> BridgeAnchors:
    """The anchors that are pinned as files, and what other hierarchies cross-certified."""
    said = configuration.trust
    return BridgeAnchors(
        list(map(directory.resolve, said.anchors)), list(map(directory.resolve, said.cross_certificates))
    )


def federations_of(directory: DataDirectory, configuration: Configuration) -> list[FederationFiles]:
    """The federations whose services are trusted."""
    return [
        FederationFiles(
            each.name,
            directory.resolve(each.keys),
            list(map(directory.resolve, each.chains)),
            each.entity_type,
        )
        for each in configuration.federation
    ]


def fetcher_of(configuration: Configuration) -> HttpFetcher:
    """What fetches from other hosts, within the configured bounds."""
    given = configuration.fetch
    bounds = Bounds(seconds=given.seconds, size=given.megabytes << 20, cache_seconds=given.cache_seconds)
    return HttpFetcher(bounds, allow_private=given.allow_private)


def chain_of(path: Path) -> tuple[Certificate, ...]:
    """The certificates in a PEM file; raises `ConfigurationInvalid`, for only configurations name one."""
    try:
        return certificates_in(path.read_bytes())
    except (OSError, MalformedInput) as error:
        raise ConfigurationInvalid(path=path, detail=error) from error


def _together(directory: DataDirectory, paths: Iterable[Path]) -> tuple[Certificate, ...]:
    return tuple(each for path in paths for each in chain_of(directory.resolve(path)))
