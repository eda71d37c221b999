"""Name constraints (RFC 5280 §4.2.1.10): which names may stand below a certification authority.

The state of RFC 5280 §6.1.2 (b) and (c) is kept as the constraints themselves: a name is within the intersection of the
permitted subtrees when each certificate's own permits it, and outside the union of the excluded ones when none excludes
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from shirushi.core.evidence import Certificate, GeneralName, GeneralNameKind, Name, NameConstraints

MAX_COMPARISONS = 1 << 20
"""How many pairs of name and subtree are compared for one certificate: more are refused, never waved through."""

EMAIL_ADDRESS = "1.2.840.113549.1.9.1"
_SMTP_UTF8_MAILBOX = bytes.fromhex("06082b06010505070809")


class NameFinding(Enum):
    """What the constraints say of a certificate's names."""

    ALLOWED = "allowed"
    NOT_PERMITTED = "not permitted"
    EXCLUDED = "excluded"
    UNPROCESSABLE = "unprocessable"
    """A constraint, or a name it applies to, cannot be compared: the certificate is rejected (§4.2.1.10)."""


def check_names(
    certificate: Certificate, constraints: Sequence[NameConstraints]
) -> tuple[NameFinding, GeneralName | None]:
    """§6.1.3 (b) and (c): hold the certificate's names against all constraints above it; gives the offending name."""
    if not constraints:
        return NameFinding.ALLOWED, None
    if comparisons(certificate, constraints) > MAX_COMPARISONS:
        return NameFinding.UNPROCESSABLE, None
    for name in _names(certificate):
        for constraint in constraints:
            finding = _check(name, constraint)
            if finding is not NameFinding.ALLOWED:
                return finding, name
    return NameFinding.ALLOWED, None


def comparisons(certificate: Certificate, constraints: Sequence[NameConstraints]) -> int:
    """How many pairs of name and subtree there are."""
    if not constraints:
        return 0
    subtrees = sum(len(constraint.permitted) + len(constraint.excluded) for constraint in constraints)
    return sum(1 for _ in _names(certificate)) * subtrees


def _names(certificate: Certificate) -> Iterator[GeneralName]:
    """The names that constraints apply to: the subject, the alternative names, the legacy e-mail address."""
    extensions = certificate.extensions
    if certificate.subject:
        yield GeneralName(GeneralNameKind.DIRECTORY, certificate.subject)
    yield from extensions.subject_alternative_names
    if not extensions.subject_alternative_names:
        for rdn in certificate.subject.normal:
            for oid, value in rdn:
                if oid == EMAIL_ADDRESS:
                    yield GeneralName(GeneralNameKind.EMAIL, value)


def _check(name: GeneralName, constraint: NameConstraints) -> NameFinding:
    """One name against one certificate's constraints."""
    kind = _constrained_as(name)
    try:
        excluded = [subtree for subtree in constraint.excluded if subtree.kind is kind]
        if any(_within(name, subtree, excluding=True) for subtree in excluded):
            return NameFinding.EXCLUDED
        permitted = [subtree for subtree in constraint.permitted if subtree.kind is kind]
        if permitted and not any(_within(name, subtree, excluding=False) for subtree in permitted):
            return NameFinding.NOT_PERMITTED
    except _UnprocessableError:
        return NameFinding.UNPROCESSABLE
    return NameFinding.ALLOWED


class _UnprocessableError(Exception):
    """A subtree or a name that cannot be compared."""


def _constrained_as(name: GeneralName) -> GeneralNameKind:
    """The kind of constraint that applies: SmtpUTF8Mailbox is bound by those for e-mail (RFC 9598 §6)."""
    if (
        name.kind is GeneralNameKind.OTHER
        and isinstance(name.value, bytes)
        and name.value.startswith(_SMTP_UTF8_MAILBOX)
    ):
        return GeneralNameKind.EMAIL
    return name.kind


def _within(name: GeneralName, subtree: GeneralName, *, excluding: bool) -> bool:
    """Whether `name` lies in `subtree` of the same kind; `excluding` widens it to names that only may."""
    match subtree.kind, name.value, subtree.value:
        case GeneralNameKind.DIRECTORY, Name() as directory, Name() as base:
            return directory.normal[: len(base.normal)] == base.normal
        case GeneralNameKind.DNS, str() as domain, str() as base:
            return _dns_within(domain, base, excluding=excluding)
        case GeneralNameKind.EMAIL, str() as mailbox, str() as base:
            return _email_within(mailbox, base)
        case GeneralNameKind.URI, str() as uri, str() as base:
            return _host_within(_host_of(uri), base)
        case GeneralNameKind.IP, bytes() as address, bytes() as base:
            return _ip_within(address, base)
    raise _UnprocessableError


def _dns_within(domain: str, base: str, *, excluding: bool) -> bool:
    """A name with zero or more labels added on the left of `base` is within it.

    A wildcard stands for any one label: an excluded name that it covers excludes it.
    """
    if base.startswith(".") or "*" in base:
        raise _UnprocessableError
    domain, base = domain.lower().rstrip("."), base.lower().rstrip(".")
    if not base or domain == base or domain.endswith("." + base):
        return True
    return excluding and domain.startswith("*.") and base.partition(".")[2] == domain[2:]


def _email_within(mailbox: str, base: str) -> bool:
    """`base` is a mailbox, a host, or with a leading period a domain whose hosts are meant (§7.5 for comparing)."""
    local, at, host = mailbox.rpartition("@")
    if not at:
        raise _UnprocessableError
    base_local, base_at, base_host = base.rpartition("@")
    if base_at:
        return local == base_local and host.lower() == base_host.lower()
    return _host_within(host, base)


def _host_within(host: str, base: str) -> bool:
    """`base` is a host, or with a leading period a domain: any host with labels added is within, itself is not."""
    host, base = host.lower(), base.lower()
    return host.endswith(base) and host != base if base.startswith(".") else host == base


def _host_of(uri: str) -> str:
    """The host in a URI's authority; it must be a fully qualified domain name for constraints to apply."""
    scheme, found, rest = uri.partition("://")
    if not found or not scheme:
        raise _UnprocessableError
    authority = rest
    for delimiter in "/?#":
        authority = authority.partition(delimiter)[0]
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        raise _UnprocessableError
    host = host.partition(":")[0]
    if "." not in host.strip(".") or host.replace(".", "").isdigit():
        raise _UnprocessableError
    return host.rstrip(".")


def _ip_within(address: bytes, base: bytes) -> bool:
    """`base` is an address and a contiguous mask of the same length (RFC 4632); IPv4 and IPv6 never match."""
    half = len(base) // 2
    if len(base) not in (8, 32) or len(address) not in (4, 16):
        raise _UnprocessableError
    network, mask = int.from_bytes(base[:half], "big"), int.from_bytes(base[half:], "big")
    inverse = ~mask & ((1 << 8 * half) - 1)
    if inverse & (inverse + 1):
        raise _UnprocessableError
    return len(address) == half and (int.from_bytes(address, "big") ^ network) & mask == 0
