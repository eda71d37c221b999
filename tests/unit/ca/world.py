"""A certification authority on real parts: SQLite, keys in files, the audit log in the same units of work."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from shirushi.adapters.database import SqlDatabase, migrate, sqlite_url
from shirushi.adapters.software_keys import SoftwareKeyStore
from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import KeyType
from shirushi.services.audit.service import AuditTrail
from shirushi.services.audit.store import audit_event
from shirushi.services.ca.model import (
    AuthorityDefinition,
    CertificateRequest,
    DistinguishedName,
    IssuedCertificate,
    legal_person,
    natural_person,
)
from shirushi.services.ca.service import CertificateAuthority
from tests.fakes import START, FakeClock, SeededEntropy

OPERATOR = Actor("local:operator", frozenset({Role.OPERATOR}))
CLIENT = Actor("client", frozenset({Role.CLIENT}))

ALICE = natural_person(
    country="JP", surname="有栖", given_name="花子", serial_number="A-0001", common_name="有栖 花子"
)
SAKURA = legal_person(country="JP", organization="さくら商事株式会社", identifier="NTRJP-7000012050002")


@dataclass
class World:
    """The authority with everything around it."""

    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        url = sqlite_url(self.folder / "shirushi.sqlite")
        migrate(url)
        (self.folder / "keys").mkdir()
        self.database = SqlDatabase(url)
        self.keys = SoftwareKeyStore(self.folder / "keys", bytes(32))
        self.entropy = SeededEntropy(1)
        self.ca = self.service()

    def service(self) -> CertificateAuthority:
        """A service that remembers nothing by itself, as after a restart."""
        return CertificateAuthority(
            database=self.database,
            keys=self.keys,
            clock=self.clock,
            entropy=self.entropy,
            audit=AuditTrail(self.clock),
        )

    def audited(self) -> list[tuple[str, str, str]]:
        """(actor, action, outcome) of every row, in order."""
        columns = (audit_event.c.actor, audit_event.c.action, audit_event.c.outcome)
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(select(*columns).order_by(audit_event.c.id))]

    def establish(
        self, key_type: KeyType = KeyType.P_256, *, pss: bool = False, responder: bool = True
    ) -> None:
        """A root, an issuing authority below it, and a responder for the latter."""
        since = self.clock.now() - timedelta(days=365)
        root = definition("root", key_type, pss=pss, not_before=since)
        issuing = definition("issuing", key_type, pss=pss, not_before=since, path_length=0)
        self.ca.establish_root(OPERATOR, root)
        self.ca.establish_issuing(OPERATOR, issuing, issuer="root")
        if responder:
            self.ca.establish_responder(OPERATOR, "issuing")

    def spki(self, label: str, key_type: KeyType = KeyType.P_256) -> bytes:
        """A new key's SubjectPublicKeyInfo."""
        return self.keys.generate(label, key_type).spki

    def request(
        self,
        label: str = "alice",
        subject: DistinguishedName = ALICE,
        profile: str = "person-signature",
        key_type: KeyType = KeyType.P_256,
    ) -> CertificateRequest:
        """A request with a new key of that label."""
        return CertificateRequest("issuing", profile, subject, self.spki(label, key_type))

    def issue(self, label: str = "alice", **more: object) -> IssuedCertificate:
        """A certificate for a new key."""
        return self.ca.issue(OPERATOR, replace(self.request(label), **more))


def definition(name: str, key_type: KeyType = KeyType.P_256, **more: object) -> AuthorityDefinition:
    """An authority with every kind of address, valid since a year ago where nothing else is said."""
    values = {
        "subject": DistinguishedName.of(
            countryName="JP", organizationName="印 認証局", commonName=f"Shirushi {name}"
        ),
        "not_before": START - timedelta(days=365),
        "crl_urls": (f"http://ca.example.jp/{name}.crl",),
        "ocsp_urls": ("http://ca.example.jp/ocsp",),
        "ca_issuers_urls": (f"http://ca.example.jp/{name}.cer",),
        "pds": (("https://ca.example.jp/pds_en.pdf", "en"),),
        "legislation": ("JP",),
    }
    return AuthorityDefinition(name=name, key_type=key_type, **(values | more))
