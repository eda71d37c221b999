"""Make a trust domain from a plan: keys → entities → certificates → services → credentials."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shirushi.adapters.configuration import (
    ClockSection,
    ClockSourceSection,
    Configuration,
    DomainSection,
    TrustSection,
    TsaSection,
)
from shirushi.adapters.configuration_file import write_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.adapters.files import write_whole
from shirushi.codecs.asn1.pem import to_pem
from shirushi.core.evidence import Certificate, GeneralName, GeneralNameKind
from shirushi.core.instant import Instant
from shirushi.demo.plan import CertificatePlan, EntityPlan, Plan
from shirushi.domain import Domain, compose
from shirushi.services.ca.model import AuthorityDefinition, CertificateRequest, DistinguishedName

AUTHORITIES = {"root", "issuing"}
"""The profiles of certificates that make an authority."""

Tell = Callable[[str], None]


def establish(path: Path, plan: Plan, tell: Tell) -> None:
    """Make the domain in `path`; what raises leaves nothing behind. Raises `DataDirectoryExists` and its siblings."""
    with DataDirectory.creating(path) as directory:
        bare = Configuration(domain=DomainSection(name=plan.domain.name, address=plan.domain.address))
        with compose(directory, bare) as domain:
            chains, crossed = _Certificates(domain, plan, tell).make()
            for account, credential in plan.credentials.items():
                domain.signing.enrol(
                    account, credential.kind, credential.certificate, chains[credential.certificate]
                )
        tsa = plan.services.tsa
        trust, certificates = directory.folder("trust"), directory.folder("certificates")
        write_whole(trust / "root.pem", to_pem(chains["root"][0]).encode())
        for name, chain in chains.items():
            write_whole(certificates / f"{name}.pem", "".join(map(to_pem, chain)).encode())
        cross = trust / "cross"
        cross.mkdir(mode=0o700)
        for name, certificate in crossed.items():
            write_whole(cross / f"{name}.pem", to_pem(certificate).encode())
        unit = TsaSection(
            name=tsa.name,
            key=tsa.certificate,
            chain=Path("certificates") / f"{tsa.certificate}.pem",
            policy=tsa.policy,
            accuracy_seconds=tsa.accuracy_seconds,
        )
        clock = plan.services.clock
        whole = bare.model_copy(
            update={
                "tsa": (unit,),
                "clock": ClockSection(least_sources=1),
                "clock_source": (ClockSourceSection(name=clock.name, kind=clock.kind),),
                "trust": TrustSection(
                    anchors=(Path("trust/root.pem"),),
                    cross_certificates=(Path("trust/cross"),),
                    example_agreements=True,
                ),
            }
        )
        write_configuration(directory.configuration, whole)


class _Certificates:
    """Makes the plan's certificates, in the order in which they stand there."""

    def __init__(self, domain: Domain, plan: Plan, tell: Tell) -> None:
        self._domain = domain
        self._plan = plan
        self._tell = tell

    def make(self) -> tuple[dict[str, tuple[Certificate, ...]], dict[str, Certificate]]:
        """Each certificate's chain, and the cross-certificate of each authority that has one, by the plan's names."""
        chains, crossed = {}, {}
        for name, planned in self._plan.certificates.items():
            key = self._plan.keys[name]
            self._tell(f"{name}: {key.type.value}, {planned.profile}")
            chains[name] = self._domain.ca.chain(self._one(name, planned))
            for crossing in self._plan.crossings:
                if crossing.certifies == name:  # before anybody below it, for whom it shall hold at issuance
                    mappings = list(crossing.mappings.items())
                    made = self._domain.ca.cross_certify(
                        crossing.authority, chains[name][0], policy_mappings=mappings
                    )
                    crossed[name] = made.certificate
        return chains, crossed

    def _one(self, name: str, planned: CertificatePlan) -> Certificate:
        key = self._plan.keys[name]
        subject = _distinguished_name(self._plan.entities[planned.entity])
        not_before, not_after = _validity(planned)
        ca, actor = self._domain.services.ca, self._domain.actor
        if planned.profile in AUTHORITIES:
            definition = AuthorityDefinition(
                name=name,
                subject=subject,
                key_type=key.type,
                not_before=not_before,
                policies=tuple((of, oid) for of, oids in planned.policies.items() for oid in oids),
            ).published_under(self._plan.domain.address)
            made = (
                ca.establish_issuing(actor, definition, planned.issuer)
                if planned.issuer
                else ca.establish_root(actor, definition)
            )
            return made.certificate
        reference = self._domain.keys.generate(name, key.type, key.pin)
        if planned.profile == "ocsp-responder":
            return ca.establish_responder(
                actor, planned.issuer or "", subject=subject, key_label=name
            ).certificate
        email = self._plan.entities[planned.entity].email
        return ca.issue(
            actor,
            CertificateRequest(
                authority=planned.issuer or "",
                profile=planned.profile,
                subject=subject,
                public_key=reference.spki,
                alternative_names=(GeneralName(GeneralNameKind.EMAIL, email),) if email else (),
                not_before=not_before,
                not_after=not_after,
            ),
        ).certificate


def _distinguished_name(entity: EntityPlan) -> DistinguishedName:
    parts = {
        "countryName": entity.country,
        "organizationName": entity.organization,
        "organizationIdentifier": entity.organization_identifier,
        "surname": entity.surname,
        "givenName": entity.given_name,
        "serialNumber": entity.serial_number,
        "commonName": entity.common_name,
    }
    return DistinguishedName.of(**{kind: value for kind, value in parts.items() if value})


def _validity(planned: CertificatePlan) -> tuple[Instant | None, Instant | None]:
    now = datetime.now(UTC)
    not_before = now - timedelta(hours=planned.since_hours) if planned.since_hours else None
    not_after = now + timedelta(seconds=planned.valid_seconds) if planned.valid_seconds else None
    return not_before, not_after
