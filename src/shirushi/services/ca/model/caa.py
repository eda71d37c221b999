"""CAA records: which authorities a domain lets issue for it (RFC 8659), to which account and how shown (RFC 8657)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

_CRITICAL = 0x80
_KNOWN = {"issue", "issuewild", "iodef"}
_WHITE = " \t"


@dataclass(frozen=True, slots=True)
class CaaRecord:
    """A record. What cannot be read has an empty tag, and is critical: nobody may issue in spite of it."""

    critical: bool
    tag: str
    value: str

    @classmethod
    def read(cls, data: bytes) -> CaaRecord:
        """The record of these data (RFC 8659 §4.1)."""
        size = data[1] if len(data) > 1 else 0
        tag, value = data[2 : 2 + size], data[2 + size :]
        if len(tag) != size or not tag.isalnum() or not value.isascii():
            return cls(critical=True, tag="", value="")
        return cls(bool(data[0] & _CRITICAL), tag.decode().lower(), value.decode())


def forbidding(
    records: Iterable[CaaRecord], identities: Collection[str], *, wildcard: bool, account: str, method: str
) -> str | None:
    """The property of a domain's relevant records that forbids to issue; None where they permit it.

    Args:
        records: the relevant record set (RFC 8659 §3).
        identities: the domain names, in lower case, by which records name this authority.
        wildcard: whether the certificate is for a wildcard of the domain.
        account: the address of the account that asks.
        method: how control was shown, such as `dns-01`.
    """
    found = tuple(records)
    for each in found:
        if each.critical and each.tag not in _KNOWN:
            return each.tag or "?"
    kind = "issuewild" if wildcard and any(each.tag == "issuewild" for each in found) else "issue"
    restricting = [each.value for each in found if each.tag == kind]
    if not restricting or any(_permits(value, identities, account, method) for value in restricting):
        return None
    return kind


def _permits(value: str, identities: Collection[str], account: str, method: str) -> bool:
    """Whether one `issue` or `issuewild` names this authority, and its parameters fit (RFC 8659 §4.2, RFC 8657)."""
    issuer, *rest = (part.strip(_WHITE) for part in value.split(";"))
    if issuer.lower() not in identities:
        return False
    parameters: dict[str, list[str]] = {}
    for part in filter(None, rest):
        tag, equals, said = part.partition("=")
        if not equals or not tag.strip(_WHITE).isalnum():
            return False
        parameters.setdefault(tag.strip(_WHITE).lower(), []).append(said.strip(_WHITE))
    accounts = parameters.get("accounturi", [account])
    methods = parameters.get("validationmethods", [method])
    return accounts == [account] and len(methods) == 1 and method in methods[0].split(",")
