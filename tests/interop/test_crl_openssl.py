"""Revocation lists as they are written: delta, indirect, partitioned. OpenSSL is asked the same of the same encodings."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ReasonFlags

from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.material import build_material
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.evidence import TrustAnchor
from shirushi.rules.path import Path, Status, revocation_status
from tests.interop.programs import run

pytestmark = pytest.mark.needs("openssl", "openssl")

AT = datetime(2026, 6, 15, tzinfo=UTC)
DAY = timedelta(days=1)
GOOD, REVOKED, UNKNOWN = Status.GOOD, Status.REVOKED, Status.UNKNOWN
POINT, OTHER_POINT, FRESHEST = (f"http://crl.example.jp/{name}.crl" for name in ("1", "2", "delta"))
COMPROMISES = frozenset({ReasonFlags.key_compromise, ReasonFlags.ca_compromise})
REST = frozenset(ReasonFlags) - COMPROMISES - {ReasonFlags.unspecified, ReasonFlags.remove_from_crl}
SERIAL = 4711


def named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def at_uri(uri: str) -> list[x509.GeneralName]:
    return [x509.UniformResourceIdentifier(uri)]


@cache
def key_of(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(name.encode()), ec.SECP256R1())


@cache
def certificate(
    subject: str, issuer: str, serial: int, points: tuple[x509.DistributionPoint, ...] = ()
) -> x509.Certificate:
    is_ca = subject != "user"
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .serial_number(serial)
        .public_key(key_of(subject).public_key())
        .not_valid_before(AT - 400 * DAY)
        .not_valid_after(AT + 400 * DAY)
        .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
        .add_extension(
            x509.KeyUsage(not is_ca, False, False, False, False, is_ca, is_ca, False, False),  # noqa: FBT003  nine bits
            critical=True,
        )
    )
    if points:
        builder = builder.add_extension(x509.CRLDistributionPoints(points), critical=False)
    return builder.sign(key_of(issuer), SHA256())


@dataclass(frozen=True)
class Entry:
    """An entry; `issuer` is said in it where it is not empty."""

    serial: int = SERIAL
    reason: ReasonFlags | None = ReasonFlags.key_compromise
    issuer: str = ""


@dataclass(frozen=True)
class List:
    """A list that is written; `age` in days."""

    entries: tuple[Entry, ...] = ()
    number: int = 5
    base: int | None = None
    issuer: str = "issuing"
    age: float = 2
    scope: dict[str, object] = field(default_factory=dict)

    def encoded(self) -> x509.CertificateRevocationList:
        issued = AT - timedelta(days=self.age)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(named(self.issuer))
            .last_update(issued)
            .next_update(AT + DAY)
            .add_extension(x509.CRLNumber(self.number), critical=False)
        )
        if self.base is None:  # without which OpenSSL looks for no delta
            builder = builder.add_extension(x509.FreshestCRL((point(FRESHEST),)), critical=False)
        else:
            builder = builder.add_extension(x509.DeltaCRLIndicator(self.base), critical=True)
        if self.scope:
            whole = {
                "full_name": None,
                "relative_name": None,
                "only_contains_user_certs": False,
                "only_contains_ca_certs": False,
                "only_some_reasons": None,
                "indirect_crl": False,
                "only_contains_attribute_certs": False,
            }
            builder = builder.add_extension(
                x509.IssuingDistributionPoint(**whole | self.scope), critical=True
            )
        for entry in self.entries:
            revoked = (
                x509.RevokedCertificateBuilder()
                .serial_number(entry.serial)
                .revocation_date(issued - timedelta(hours=1))
            )
            if entry.reason:
                revoked = revoked.add_extension(x509.CRLReason(entry.reason), critical=False)
            if entry.issuer:
                issuer = [x509.DirectoryName(named(entry.issuer))]
                revoked = revoked.add_extension(x509.CertificateIssuer(issuer), critical=True)
            builder = builder.add_revoked_certificate(revoked.build())
        return builder.sign(key_of(self.issuer), SHA256())


def point(
    uri: str = "", *, reasons: frozenset[ReasonFlags] | None = None, issuer: str = ""
) -> x509.DistributionPoint:
    return x509.DistributionPoint(
        at_uri(uri) if uri else None, None, reasons, [x509.DirectoryName(named(issuer))] if issuer else None
    )


HOLD, LIFTED = Entry(reason=ReasonFlags.certificate_hold), Entry(reason=ReasonFlags.remove_from_crl)
INDIRECT = {"indirect_crl": True}
BY_OTHERS = (point(POINT, issuer="lists"),)


def indirect(*entries: Entry, **changes: object) -> List:
    return List(entries, **{"issuer": "lists", "scope": {"full_name": at_uri(POINT), **INDIRECT}, **changes})


def partition(uri: str, *entries: Entry, **scope: object) -> List:
    return List(entries, scope={"full_name": at_uri(uri), **scope})


CASES = {
    "a list without an entry": ((), [List()], GOOD),
    "a list with one": ((), [List((Entry(),))], REVOKED),
    "a base and a delta without entries": ((), [List(), List(number=6, base=5, age=1)], GOOD),
    "a delta that revokes": ((), [List(), List((Entry(),), 6, 5, age=1)], REVOKED),
    "a hold": ((), [List((HOLD,))], REVOKED),
    "a hold that a delta lifts": ((), [List((HOLD,)), List((LIFTED,), 6, 5, age=1)], GOOD),
    "a delta to a later base": ((), [List(), List((Entry(),), 8, 7, age=1)], GOOD),
    "a delta of another scope": (
        (),
        [List(), List((Entry(),), 6, 5, age=1, scope={"only_contains_user_certs": True})],
        GOOD,
    ),
    "a delta alone": ((), [List((), 6, 5, age=1)], UNKNOWN),
    "an indirect list that names the issuer": (BY_OTHERS, [indirect(Entry(issuer="issuing"))], REVOKED),
    "an indirect list whose entry before names the issuer": (
        BY_OTHERS,
        [indirect(Entry(1, issuer="issuing"), Entry())],
        REVOKED,
    ),
    "an indirect list of its own certificates": (BY_OTHERS, [indirect(Entry())], GOOD),
    "an indirect list of another's certificate": (BY_OTHERS, [indirect(Entry(issuer="other"))], GOOD),
    "a list of others that is not indirect": (
        BY_OTHERS,
        [indirect(scope={"full_name": at_uri(POINT), "only_contains_user_certs": True})],
        UNKNOWN,
    ),
    "an indirect list of whom the certificate does not name": ((), [indirect()], UNKNOWN),
    "an indirect base and delta": (
        BY_OTHERS,
        [indirect(), indirect(Entry(issuer="issuing"), number=6, base=5, age=1)],
        REVOKED,
    ),
    "its own partition": ((point(POINT),), [partition(POINT)], GOOD),
    "its own partition, revoked": ((point(POINT),), [partition(POINT, Entry())], REVOKED),
    "another's partition": ((point(POINT),), [partition(OTHER_POINT)], UNKNOWN),
    "both partitions": ((point(POINT),), [partition(OTHER_POINT, Entry()), partition(POINT)], GOOD),
    "a partition of authorities": ((point(POINT),), [partition(POINT, only_contains_ca_certs=True)], UNKNOWN),
    "a partition of users": ((point(POINT),), [partition(POINT, only_contains_user_certs=True)], GOOD),
    "a partition of attributes": (
        (point(POINT),),
        [partition(POINT, only_contains_attribute_certs=True)],
        UNKNOWN,
    ),
    "some reasons of all": ((point(POINT),), [partition(POINT, only_some_reasons=COMPROMISES)], UNKNOWN),
    "all reasons in two partitions": (
        (point(POINT, reasons=COMPROMISES), point(OTHER_POINT, reasons=REST)),
        [partition(POINT, only_some_reasons=COMPROMISES), partition(OTHER_POINT, only_some_reasons=REST)],
        GOOD,
    ),
    "all reasons, revoked in one": (
        (point(POINT, reasons=COMPROMISES), point(OTHER_POINT, reasons=REST)),
        [
            partition(POINT, only_some_reasons=COMPROMISES),
            partition(OTHER_POINT, Entry(reason=ReasonFlags.superseded), only_some_reasons=REST),
        ],
        REVOKED,
    ),
}


def ours(target: x509.Certificate, lists: list[x509.CertificateRevocationList]) -> Status:
    read = [parse_certificate(c.public_bytes(Encoding.DER)) for c in (target, *authorities())]
    user, issuing, _, root = read
    material = build_material(read, [parse_crl(each.public_bytes(Encoding.DER)) for each in lists])
    path = Path(user, (user, issuing), TrustAnchor(root, "root"))
    return revocation_status(path, 0, AT, material, require_current=False).status


def authorities() -> tuple[x509.Certificate, ...]:
    return certificate("issuing", "root", 2), certificate("lists", "root", 3), certificate("root", "root", 1)


def openssl(target: x509.Certificate, lists: list[x509.CertificateRevocationList], folder) -> Status:
    def lay(name: str, *encoded) -> str:
        path = folder / name
        path.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in encoded))
        return str(path)

    *others, root = authorities()
    done = run(
        *(
            "openssl",
            "verify",
            "-attime",
            str(int(AT.timestamp())),
            "-crl_check",
            "-extended_crl",
            "-use_deltas",
        ),
        *(
            "-CAfile",
            lay("root", root),
            "-untrusted",
            lay("others", *others),
            "-CRLfile",
            lay("lists", *lists),
        ),
        lay("user", target),
    )
    if not done.returncode:
        return GOOD
    return REVOKED if "certificate revoked" in done.stderr else UNKNOWN


@pytest.mark.parametrize("case", CASES)
def test_lists_of_every_kind(case, tmp_path):
    points, lists, expected = CASES[case]
    target = certificate("user", "issuing", SERIAL, points)
    encoded = [each.encoded() for each in lists]
    assert ours(target, encoded) is expected
    assert openssl(target, encoded, tmp_path) is expected


def test_the_order_of_lists_means_nothing():
    for points, lists, expected in CASES.values():
        target = certificate("user", "issuing", SERIAL, points)
        assert ours(target, [each.encoded() for each in reversed(lists)]) is expected
