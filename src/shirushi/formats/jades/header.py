"""What a JOSE header says (TS 119 182-1 §5.1, §5.2); what it says wrongly is collected, not raised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from shirushi.codecs.asn1.attribute_certificate import certified_roles
from shirushi.codecs.jose.algorithms import named_digest
from shirushi.codecs.jose.errors import MalformedJson
from shirushi.codecs.jose.text import decode_base64, decode_base64url
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.errors import MalformedInput, NotAnInstant, UnsupportedAlgorithm
from shirushi.core.evidence import Certificate, CertificateReference, SignaturePolicyIdentifier
from shirushi.core.instant import Instant, instant
from shirushi.core.reason import Reason, reason
from shirushi.formats.jades.names import MUST_BE_CRITICAL, PROTECTED, REGISTERED, UNDERSTOOD

T = TypeVar("T")

_MOST_CERTIFICATES = 64
_PLACE = (
    "addressLocality",
    "streetAddress",
    "postOfficeBoxNumber",
    "postalCode",
    "addressRegion",
    "addressCountry",
)


@dataclass(frozen=True, slots=True)
class SignedSays:
    """What the protected header says. `failings` are those of the structure (EN 319 102-1 §5.2.2).

    `references` are the digests of certificates that it names, the signer's among them; `chain` those of `x5c` in DER.
    """

    parameters: dict[str, Any]
    algorithm: Any = None
    signing_time: Instant | None = None
    references: tuple[Digest, ...] = ()
    chain: tuple[bytes, ...] = field(default=(), repr=False)
    policy: SignaturePolicyIdentifier | None = None
    content_tokens: tuple[bytes, ...] = field(default=(), repr=False)
    claims: tuple[tuple[str, str], ...] = ()
    failings: tuple[Reason, ...] = ()
    critical_intact: bool = True
    """Whether `crit` is as RFC 7515 §4.1.11 and RFC 7797 §6 demand."""

    @property
    def encoded(self) -> bool:
        """Whether the payload is signed in base64url (RFC 7797 §3)."""
        return self.parameters.get("b64") is not False


def to_reference(digest: Digest, certificate: Certificate) -> CertificateReference:
    """What a digest says of the certificate that was used."""
    return CertificateReference(digest, names(digest, certificate))


def names(digest: Digest, certificate: Certificate) -> bool:
    """Whether the digest is that of `certificate`; False where this machine has no such digest."""
    try:
        return digest.algorithm.digest(certificate.der) == digest.value
    except UnsupportedAlgorithm:
        return False


class _Reader:
    """Reads parameters and collects the failings."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.parameters = parameters
        self.failings: list[Reason] = []

    def one(self, name: str, read: Callable[[Any], T]) -> T | None:
        """The value of a parameter, None where there is none or it cannot be read."""
        if name not in self.parameters:
            return None
        try:
            return read(self.parameters[name])
        except (MalformedInput, AttributeError, KeyError, OSError, OverflowError, TypeError, ValueError):
            self.failings.append(reason("JADES_PARAMETER_MALFORMED", parameter=name))
            return None


def signed_says(parameters: dict[str, Any], unprotected: dict[str, Any]) -> SignedSays:
    """Read a protected header, beside the names in the unprotected one; never raises."""
    reader = _Reader(parameters)
    reader.failings += _misplaced(parameters, unprotected)
    critical = list(_critical(parameters, unprotected))
    reader.failings += critical
    if not isinstance(parameters.get("b64", True), bool):
        reader.failings.append(reason("JADES_PARAMETER_MALFORMED", parameter="b64"))
    reader.one("cty", _text)
    issued, claimed = reader.one("iat", _numeric_date), reader.one("sigT", _date_time)
    if "iat" in parameters and "sigT" in parameters:
        reader.failings.append(reason("JADES_SIGNING_TIMES"))
        issued = claimed = None
    references = (
        reader.one("x5t#S256", _thumbprint) or (),
        reader.one("x5t#o", lambda found: (_digest(found),)) or (),
        reader.one("sigX5ts", lambda found: tuple(_digest(each) for each in found)) or (),
    )
    return SignedSays(
        parameters=parameters,
        algorithm=parameters.get("alg"),
        signing_time=issued or claimed,
        references=tuple(each for found in references for each in found),
        chain=reader.one("x5c", _chain) or (),
        policy=reader.one("sigPId", _policy),
        content_tokens=reader.one("adoTst", tokens) or (),
        claims=tuple(_claims(reader)),
        failings=tuple(reader.failings),
        critical_intact=not any(each.code == "JADES_CRIT_MALFORMED" for each in critical),
    )


def _misplaced(parameters: dict[str, Any], unprotected: dict[str, Any]) -> Iterator[Reason]:
    """What matters must be protected: anyone could have put the rest there. Nothing of it is read (§5.3.1)."""
    for name in unprotected:
        if name in parameters or name in PROTECTED:
            yield reason("JADES_UNPROTECTED_PARAMETER", parameter=name[:100])
    if "etsiU" in parameters:
        yield reason("JADES_PARAMETER_MALFORMED", parameter="etsiU")


def _critical(parameters: dict[str, Any], unprotected: dict[str, Any]) -> Iterator[Reason]:
    """RFC 7515 §4.1.11: names that stand there, are understood, and are not those of the RFC itself."""
    found = parameters.get("crit", [])
    texts = isinstance(found, list) and all(isinstance(each, str) for each in found)
    if not texts or ("crit" in parameters and not found) or len(set(found)) != len(found):
        yield reason("JADES_CRIT_MALFORMED", parameter="crit")
        return
    for name in found:
        if name in REGISTERED or name not in parameters.keys() | unprotected.keys():
            yield reason("JADES_CRIT_MALFORMED", parameter=name[:100])
        elif name not in UNDERSTOOD:
            yield reason("JADES_CRIT_NOT_UNDERSTOOD", parameter=name[:100])
    for name in MUST_BE_CRITICAL:
        if name in parameters and name not in found:
            yield reason("JADES_CRIT_MALFORMED", parameter=name)


def tokens(container: Any) -> tuple[bytes, ...]:
    """The tokens of a tstContainer in DER (§5.4.3.3); raises `MalformedJson`, KeyError, TypeError."""
    found = container["tstTokens"]
    if not isinstance(found, list) or not found:
        raise MalformedJson(detail="no tokens")
    return tuple(decode_base64(each["val"]) for each in found)


def read_digest(name: Any, value: Any) -> Digest:
    """A digest by its name and its base64url; raises `MalformedJson`, also for a name that is unknown here."""
    algorithm = named_digest(name)
    if algorithm is None:
        raise MalformedJson(detail="no digest that is known here")
    return Digest(algorithm, decode_base64url(value))


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise MalformedJson(detail="no text")
    return found


def _numeric_date(found: Any) -> Instant:
    """RFC 7519 §2: seconds since 1970, which may have a fraction."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise MalformedJson(detail="no number")
    return datetime.fromtimestamp(found, UTC)


def _date_time(found: Any) -> Instant:
    try:
        return instant(_text(found))
    except NotAnInstant as error:
        raise MalformedJson(detail="no date-time") from error


def _thumbprint(found: Any) -> tuple[Digest]:
    return (Digest(DigestAlgorithm.SHA256, decode_base64url(found)),)


def _digest(found: Any) -> Digest:
    return read_digest(found["digAlg"], found["digVal"])


def _chain(found: Any) -> tuple[bytes, ...]:
    if not isinstance(found, list) or not 0 < len(found) <= _MOST_CERTIFICATES:
        raise MalformedJson(detail="no certificates")
    return tuple(decode_base64(each) for each in found)


def _policy(found: Any) -> SignaturePolicyIdentifier:
    """TS 119 182-1 §5.2.7; a digest whose name is unknown here is left out."""
    digest = None
    if "digVal" in found and named_digest(found.get("digAlg")):
        digest = _digest(found)
    told = found.get("sigPQuals", ())
    uri = next((_text(each["spURI"]) for each in told if "spURI" in each), None)
    notices = (each["spUserNotice"].get("explText") for each in told if "spUserNotice" in each)
    notice = next((_text(each) for each in notices if each is not None), None)
    return SignaturePolicyIdentifier(_identifier(found["id"]), digest, uri, notice)


def _identifier(found: Any) -> str:
    """The id of an oId (§5.4.1): an object identifier without its URN, or a URI."""
    return _text(found["id"]).removeprefix("urn:oid:")


def _claims(reader: _Reader) -> Iterator[tuple[str, str]]:
    """Place, commitments and roles: what the signer says."""
    place = reader.one("sigPl", _place_named)
    yield from place or ()
    commitments = reader.one("srCms", lambda found: [_identifier(each["commId"]) for each in found])
    yield from (("CommitmentType", each) for each in commitments or ())
    yield from reader.one("srAts", _roles) or ()


def _place_named(found: Any) -> list[tuple[str, str]]:
    return [(name, _text(value)) for name, value in found.items() if name in _PLACE]


def _roles(found: Any) -> list[tuple[str, str]]:
    """Claimed and certified attributes and signed assertions (§5.2.5); of other certificates, the digest is told."""
    claims: list[tuple[str, str]] = []
    for member, name in (("claimed", "ClaimedRole"), ("signedAssertions", "SignedAssertion")):
        for group in found.get(member, ()):
            claims += [(name, each if isinstance(each, str) else str(each)) for each in group["qVals"]]
    for certified in found.get("certified", ()):
        if "x509AttrCert" in certified:
            held = decode_base64(certified["x509AttrCert"]["val"])
            claims += [("CertifiedRole", role) for role in certified_roles(held)]
            continue
        holder = certified["otherAttrCert"]
        digest = DigestAlgorithm.SHA256.digest(decode_base64(holder["val"]))
        claims.append(("CertifiedRole", f"SHA-256 {digest.hex()}"))
    return [(name, value[:10_000]) for name, value in claims]
