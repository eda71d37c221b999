"""One certificate of every profile and kind of key, with all that judges need: its path, lists, OCSP answers, and twins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from shirushi.core.algorithms import KeyKind, KeyType
from shirushi.core.evidence import GeneralName, GeneralNameKind, RevocationReason
from shirushi.services.ca.model import DistinguishedName, ProfileKind, profile, profile_names
from tests.fakes import FakeClock
from tests.unit.ca.subjects import SUBJECTS
from tests.unit.ca.world import CLIENT, OPERATOR, World, definition

KINDS = {
    KeyType.P_256: KeyKind.EC,
    KeyType.P_384: KeyKind.EC,
    KeyType.RSA_3072: KeyKind.RSA,
    KeyType.ED25519: KeyKind.ED25519,
}
OURS = "1.2.392.200999.1.1"
"""A policy of ours that stands for `THEIRS` in the cross-certificates."""
THEIRS = "0.4.0.2042.1.2"
PERMITTED = GeneralName(GeneralNameKind.DNS, "example.jp")


@dataclass(frozen=True)
class Cell:
    """A certificate of one profile for one kind of key.

    `path` is the certificate and those above it, the anchor last. `answers` are our OCSP answers and `crls` the lists of
    the path: some that are out of date, those before and those after it was revoked; none where the profile points to no
    status.
    """

    profile: str
    key: str
    path: tuple[bytes, ...]
    not_after: datetime
    policy: str | None
    answers: tuple[bytes, ...] = ()
    crls: tuple[tuple[bytes, ...], ...] = ()

    @property
    def certificate(self) -> bytes:
        return self.path[0]

    @property
    def anchor(self) -> bytes:
        return self.path[-1]

    @property
    def between(self) -> tuple[bytes, ...]:
        return self.path[1:-1]

    @property
    def flipped(self) -> bytes:
        """The certificate with one bit of its serial number altered, which makes that negative."""
        serial_number = x509.load_der_x509_certificate(self.certificate).serial_number
        content = serial_number.to_bytes(serial_number.bit_length() // 8 + 1, "big", signed=True)
        octets = bytearray(self.certificate)
        octets[self.certificate.index(content)] ^= 0x80
        return bytes(octets)

    @property
    def namesake(self) -> bytes:
        """An anchor of the anchor's name, with another key."""
        name = x509.load_der_x509_certificate(self.anchor).subject
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(
            name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1)
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def certified(name: str, keys: Iterable[KeyType]) -> Iterator[KeyType]:
    """Those of `keys` that a profile certifies."""
    allowed = profile(name).key_kinds
    return (key for key in keys if not allowed or KINDS[key] in allowed)


@dataclass
class Issued:
    """A certificate before its status is asked for."""

    profile: str
    key: KeyType
    der: bytes
    issuer: str | None


def cells(folder: Path, keys: Iterable[KeyType]) -> list[Cell]:
    """Issue everything, ask for its status; at the present time ask again, revoke it, and ask a last time."""
    now = datetime.now(UTC)
    world = World(folder, FakeClock(now - timedelta(days=8)))
    world.establish()
    world.ca.establish_responder(OPERATOR, "root")
    try:
        made = [_issue(world, name, key) for name in profile_names() for key in certified(name, keys)]
        statuses = [[_status(world, each) for each in made]]
        world.clock.set(now)
        statuses.append([_status(world, each) for each in made])
        for each in made:
            if profile(each.profile).status_pointers:
                number = x509.load_der_x509_certificate(each.der).serial_number
                world.ca.revoke(OPERATOR, number, RevocationReason.KEY_COMPROMISE)
        for authority in ("root", "issuing"):
            world.ca.publish_crl(OPERATOR, authority)
        statuses.append([_status(world, each) for each in made])
        return [
            _cell(world, each, [found for found in all_ if found])
            for each, all_ in zip(made, zip(*statuses, strict=True), strict=True)
        ]
    finally:
        world.database.close()


def _issue(world: World, name: str, key: KeyType) -> Issued:
    label, ca = f"{name}-{key.value.lower()}", world.ca
    kind = profile(name).kind
    subject = DistinguishedName.of(countryName="JP", organizationName="印", commonName=label)
    if kind is ProfileKind.END_ENTITY:
        who, names = SUBJECTS[name]
        request = replace(world.request(label, who, name, key), alternative_names=names)
        return Issued(name, key, ca.issue_for(OPERATOR, request).der, "issuing")
    said = definition(label.replace("_", "-"), key, subject=subject, not_before=world.clock.now())
    if kind is ProfileKind.SUBORDINATE:
        return Issued(name, key, ca.establish_issuing(OPERATOR, said, "root").certificate.der, "root")
    root = ca.establish_root(OPERATOR, said).certificate
    if kind is ProfileKind.ROOT:
        return Issued(name, key, root.der, None)
    mapping = ((OURS, THEIRS),)
    crossed = ca.cross_certify(OPERATOR, "root", root, policy_mappings=mapping, permitted=[PERMITTED])
    return Issued(name, key, crossed.der, "root")


def _status(world: World, made: Issued) -> tuple[bytes, tuple[bytes, ...]] | None:
    """The OCSP answer and the lists of the path, as they are now."""
    if made.issuer is None or not profile(made.profile).status_pointers:
        return None
    certificate = x509.load_der_x509_certificate(made.der)
    issuer = x509.load_der_x509_certificate(world.ca.authority(CLIENT, made.issuer).certificate.der)
    asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256()).build()
    answer = world.ca.answer_ocsp(CLIENT, asked.public_bytes(Encoding.DER))
    return answer, (world.ca.crl(CLIENT, "root"), world.ca.crl(CLIENT, "issuing"))


def _cell(world: World, made: Issued, statuses: list[tuple[bytes, tuple[bytes, ...]]]) -> Cell:
    above = {"issuing": ("issuing", "root"), "root": ("root",), None: ()}[made.issuer]
    path = (made.der, *(world.ca.authority(CLIENT, name).certificate.der for name in above))
    not_after = x509.load_der_x509_certificate(made.der).not_valid_after_utc
    policies = [OURS] if made.profile == "cross" else profile(made.profile).policies
    policy = next((each for each in policies if each != "2.5.29.32.0"), None)
    answers, crls = zip(*statuses, strict=True) if statuses else ((), ())
    return Cell(made.profile, made.key.value, path, not_after, policy, answers, crls)


@dataclass(frozen=True)
class Crossed:
    """A root, its cross-certificate for another, and what that one issued: a policy of theirs, hosts within and without."""

    root: bytes
    cross: bytes
    theirs: bytes
    within: bytes
    without: bytes


def crossed(folder: Path) -> Crossed:
    """Cross-certify a root with a policy mapping and bounds on names, and let that root issue."""
    world = World(folder, FakeClock(datetime.now(UTC)))
    try:
        now, ca = world.clock.now(), world.ca
        root = ca.establish_root(OPERATOR, definition("root", not_before=now)).certificate
        name = DistinguishedName.of(countryName="DE", organizationName="Other", commonName="Other Root")
        other = ca.establish_root(OPERATOR, definition("other", subject=name, not_before=now)).certificate
        mapping = ((OURS, THEIRS),)
        cross = ca.cross_certify(OPERATOR, "root", other, policy_mappings=mapping, permitted=[PERMITTED])

        def issued(label: str, profile_name: str, names: tuple[GeneralName, ...] = ()) -> bytes:
            subject = DistinguishedName.of(countryName="DE", organizationName="Other", commonName=label)
            request = world.request(label, subject, profile_name)
            request = replace(request, authority="other", alternative_names=names)
            return ca.issue(OPERATOR, request).der

        hosts = ("www.example.jp", "www.example.com")
        within, without = (
            issued(host, "tls-server", (GeneralName(GeneralNameKind.DNS, host),)) for host in hosts
        )
        return Crossed(root.der, cross.der, issued("unit", "tsu"), within, without)
    finally:
        world.database.close()
