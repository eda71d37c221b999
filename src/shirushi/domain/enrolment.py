"""Automatic enrolment: ACME and EST, and the keys that are refused."""

from __future__ import annotations

from datetime import timedelta

from shirushi.adapters.configuration import Configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.adapters.dns_client import DnsClient, resolver, system_resolvers
from shirushi.adapters.domain_control import ControlBounds, NetworkControl
from shirushi.core.errors import ConfigurationInvalid
from shirushi.services.ca.model.acme import AcmeTerms
from shirushi.services.ca.model.compromised import CompromisedKeys
from shirushi.services.ca.model.est import EstTerms
from shirushi.services.ca.service import CertificateAuthority
from shirushi.services.ca.service.enrolment import Enrolment


def enrolment_of(configuration: Configuration, ca: CertificateAuthority) -> Enrolment:
    """Enrolment as the sections `acme` and `est` say."""
    said = configuration.acme
    resolvers = tuple(map(resolver, said.resolvers)) or system_resolvers()
    bounds = ControlBounds(
        seconds=said.seconds,
        http_port=said.http_port,
        tls_port=said.tls_port,
        allow_private=said.allow_private,
    )
    terms = AcmeTerms(
        said.authority,
        said.profile,
        configuration.domain.address.rstrip("/"),
        said.terms_of_service,
        said.external_accounts,
        said.orders_an_hour,
        said.failures_an_hour,
        said.accounts_an_hour,
        said.caa_identities,
    )
    return Enrolment(
        ca=ca,
        control=NetworkControl(DnsClient(resolvers, said.seconds / 2), bounds),
        acme=terms if said.authority else None,
        est=[
            EstTerms(each.label, each.authority, each.profile, timedelta(days=each.code_days))
            for each in configuration.est
        ],
    )


def compromised_keys_of(directory: DataDirectory, configuration: Configuration) -> CompromisedKeys:
    """The keys that the lists of the section `enrolment` name; raises `ConfigurationInvalid` for one that is none."""
    found = CompromisedKeys()
    for path in map(directory.resolve, configuration.enrolment.compromised_keys):
        try:
            found = found.joined(CompromisedKeys.read(path.read_text(encoding="ascii")))
        except (OSError, ValueError) as error:
            raise ConfigurationInvalid(path=path, detail=error) from error
    return found
