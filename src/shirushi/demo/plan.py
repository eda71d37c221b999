"""The demo domain as it is written in `demo.toml`, read and checked."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shirushi.core.algorithms import KeyType
from shirushi.core.evidence import Level
from shirushi.core.recognition import EquivalenceVerdict, TrustKind
from shirushi.core.verdict import Indication, SubIndication
from shirushi.services.signing.model import CredentialKind

Then = Literal[
    "",
    "change a byte",
    "wait until the certificate has expired",
    "revoke the certificate",
    "revoke the certificate as of an hour ago",
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DomainPlan(_Part):
    """What the domain is called, and where its certificates say that it answers."""

    name: str
    address: str


class KeyPlan(_Part):
    """A key to generate."""

    type: Annotated[KeyType, BeforeValidator(KeyType)]
    pin: str | None = None


class EntityPlan(_Part):
    """A subject's name, by X.500 attribute."""

    country: str
    common_name: str
    organization: str | None = None
    organization_identifier: str | None = None
    given_name: str | None = None
    surname: str | None = None
    serial_number: str | None = None
    email: str | None = None


class CertificatePlan(_Part):
    """A certificate; its key has the certificate's own name. A root has no issuer.

    It is valid from `since_hours` before it is issued, for `valid_seconds` after, or as long as its profile says. An
    authority's `policies` are those of its own that it asserts, by profile.
    """

    profile: str
    entity: str
    issuer: str | None = None
    since_hours: int = 0
    valid_seconds: int | None = None
    policies: dict[str, tuple[str, ...]] = {}


class CrossingPlan(_Part):
    """A cross-certificate: `mappings` are policies of theirs by the one of ours that each is as good as."""

    authority: str
    certifies: str
    mappings: dict[str, str]


class TsaPlan(_Part):
    """A time-stamping unit."""

    name: str
    certificate: str
    policy: str
    accuracy_seconds: float


class ClockPlan(_Part):
    """Where the time comes from."""

    name: str
    kind: Literal["local"]


class ServicesPlan(_Part):
    """The services of the domain."""

    tsa: TsaPlan
    clock: ClockPlan


class CredentialPlan(_Part):
    """What somebody signs with."""

    certificate: str
    kind: CredentialKind


class Expectation(_Part):
    """The declared verdict: one of `sub_indications`, where there are any."""

    indication: Indication
    sub_indications: tuple[SubIndication, ...] = ()


class ListPlan(_Part):
    """A trusted list: the name of its draft in `demo/lists`, and the seal that signs it."""

    draft: str
    by: str


class EquivalentPlan(_Part):
    """The declared answer of mutual recognition: what `kind` of `from` counts as with `party`."""

    party: str
    origin: str = Field(alias="from")
    kind: TrustKind
    verdict: EquivalenceVerdict
    grade: str = ""


class DocumentPlan(_Part):
    """A document: who signs it, what happens then, and the verdict that must come out.

    A platform's seal that is put `on_behalf_of` a user (立会人型) must be told as such.
    """

    file: str
    source: str
    signers: tuple[str, ...]
    level: Annotated[Level, BeforeValidator(Level)] = Level.B_T
    mark: tuple[str, ...] = ()
    content_timestamp: bool = False
    on_behalf_of: str = ""
    elsewhere: bool = False
    then: Then = ""
    expect: Expectation
    equivalents: tuple[EquivalentPlan, ...] = ()

    @property
    def pressing(self) -> bool:
        """Whether it must be signed before the others, for the certificate will not be valid for long."""
        return self.then == "wait until the certificate has expired"


class Plan(_Part):
    """The whole of `demo.toml`."""

    domain: DomainPlan
    keys: dict[str, KeyPlan]
    entities: dict[str, EntityPlan]
    certificates: dict[str, CertificatePlan]
    crossings: tuple[CrossingPlan, ...] = ()
    services: ServicesPlan
    credentials: dict[str, CredentialPlan]
    lists: tuple[ListPlan, ...]
    documents: tuple[DocumentPlan, ...]

    def pin(self, credential: str) -> str | None:
        """The PIN of a credential's key."""
        return self.keys[self.credentials[credential].certificate].pin

    def reduced_to(self, credential: str) -> Plan:
        """The same domain with no other credential, and no documents."""
        chosen = self.credentials[credential].certificate
        others = {plan.certificate for plan in self.credentials.values()} - {chosen}
        return self.model_copy(
            update={
                "keys": {name: key for name, key in self.keys.items() if name not in others},
                "certificates": {
                    name: plan for name, plan in self.certificates.items() if name not in others
                },
                "credentials": {credential: self.credentials[credential]},
                "crossings": (),
                "lists": (),
                "documents": (),
            }
        )


def load_plan() -> Plan:
    """The plan that ships with the package."""
    return Plan.model_validate(
        tomllib.loads((files("shirushi.demo") / "demo.toml").read_text(encoding="utf-8"))
    )
