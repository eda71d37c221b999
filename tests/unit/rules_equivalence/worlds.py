"""Made-up parties, agreements and native conclusions, without any certificate authority."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.algorithms import DigestAlgorithm, KeyType, signature_algorithm
from shirushi.core.evidence import Certificate, Level
from shirushi.core.recognition import NativeFinding, NativeQualification, Treaty, TrustKind
from shirushi.core.verdict import Indication
from shirushi.rules.equivalence.agreement_file import read_treaty
from shirushi.rules.equivalence.conditions import Facts

AT = datetime(2026, 6, 1, tzinfo=UTC)

PARTIES = b"""
[party]
id = "%s"
name = { en = "a", ja = "b" }
legislation = { en = "c", ja = "d" }
system = "scheme"
territories = ["%s"]
[[party.conclusions]]
name = "gold"
kind = "seal"
device = true
[[party.conclusions]]
name = "silver"
kind = "seal"
"""

AGREEMENT = """
[agreement]
id = "%(id)s"
parties = ["AA", "BB"]
legal_basis = { en = "Treaty", ja = "条約" }
valid_from = 2026-01-01T00:00:00Z
%(dates)s
%(pairs)s
"""


def pair(id_: str, rank: int, level: str, native: str = "gold", conditions: str = "") -> str:
    """A pair from BB to AA."""
    more = f"conditions = {{ {conditions} }}" if conditions else ""
    return (
        f'[[agreement.pairs]]\nid = "{id_}"\nrank = {rank}\nfrom = "BB"\nto = "AA"\n'
        f'native = ["{native}"]\nservice = "seal"\nlevel = "{level}"\n{more}\n'
    )


def agreement(*pairs: str, id_: str = "t", dates: str = "") -> tuple[str, bytes]:
    """An agreement's file."""
    text = AGREEMENT % {"id": id_, "dates": dates, "pairs": "\n".join(pairs)}
    return f"{id_}.toml", text.encode()


def treaty(*agreements: tuple[str, bytes]) -> Treaty:
    """Both parties, and these agreements."""
    parties = [(f"{name}.toml", PARTIES % (name.encode(), name.encode())) for name in ("AA", "BB")]
    return read_treaty([*parties, *agreements])


@cache
def certificate() -> Certificate:
    """A certificate of a P-256 key, valid for 2026 and 2027."""
    key = ec.derive_private_key(7, ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Somebody")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2028, 1, 1, tzinfo=UTC))
        .sign(key, SHA256())
    )
    return parse_certificate(built.public_bytes(Encoding.DER))


def facts(**changes: object) -> Facts:
    """A valid signature of level B-T at `AT`."""
    algorithm = signature_algorithm(KeyType.P_256)
    made = Facts(
        Indication.TOTAL_PASSED, AT, certificate(), algorithm, frozenset({DigestAlgorithm.SHA256}), Level.B_T
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def native(conclusion: str | None = "gold", **changes: object) -> NativeQualification:
    """A seal of BB that is `conclusion` at both times."""
    issued = NativeFinding(datetime(2026, 1, 1, tzinfo=UTC), conclusion, None, "https://bb.example/licensed")
    best = replace(issued, at=AT)
    made = NativeQualification("BB", TrustKind.SEAL, conclusion, True, issued, best)  # noqa: FBT003  a device
    return replace(made, **changes)  # type: ignore[arg-type]


def issued(name, issuer=None, *, key=None, ca=False, extensions=(), years=(2025, 2030)):  # type: ignore[no-untyped-def]
    """A certificate of `name`, issued by (certificate, key) or by itself."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    above, signer = (issuer[0].subject, issuer[1]) if issuer else (subject, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(years[0], 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(years[1], 1, 1, tzinfo=UTC))
    )
    if ca:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    for each in extensions:
        builder = builder.add_extension(each, critical=False)
    return builder.sign(signer, SHA256())
