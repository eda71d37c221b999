"""Certificate profiles, as data: one TOML file each, beside this module, every choice with its source.

A profile says what a certificate of its kind holds; the authority's definition adds where its status is told, and the
request who is certified.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any

from shirushi.core.evidence import KeyUsage
from shirushi.services.ca.model.errors import ProfileUnknown, SubjectNameRefused
from shirushi.services.ca.model.name import DistinguishedName

_PURPOSES = {  # RFC 5280 §4.2.1.12
    "id-kp-serverAuth": "1.3.6.1.5.5.7.3.1",
    "id-kp-clientAuth": "1.3.6.1.5.5.7.3.2",
    "id-kp-emailProtection": "1.3.6.1.5.5.7.3.4",
    "id-kp-timeStamping": "1.3.6.1.5.5.7.3.8",
    "id-kp-OCSPSigning": "1.3.6.1.5.5.7.3.9",
}


class ProfileKind(Enum):
    """Whose certificate it is."""

    ROOT = "root"
    SUBORDINATE = "subordinate"
    END_ENTITY = "end-entity"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a certificate of one kind holds.

    Attributes:
        name: the name under which it is asked for: the name of its file.
        title: what it is, for people.
        kind: whose certificate it is.
        key_usage: the bits of a critical keyUsage.
        extended_key_usage: object identifiers of purposes; none leaves the extension out.
        extended_key_usage_critical: whether that extension is critical.
        validity: how long a certificate is valid where the request does not say.
        longest: how long it may be valid.
        private_key_usage: how long the key itself may be used; None leaves the extension out.
        policies: object identifiers of certificate policies; none leaves the extension out.
        required: what the subject's name must have: of each group one attribute type at least.
        status_pointers: whether it says where its status is told (CRL distribution points, OCSP).
        ocsp_no_check: whether it carries id-pkix-ocsp-nocheck.
        qc_compliance: whether it is stated to be qualified (EN 319 412-5 §4.2.1).
        qc_types: what it is qualified for (EN 319 412-5 §4.2.3).
        sources: for each of the above, the clause that it follows.
    """

    name: str
    title: str
    kind: ProfileKind
    key_usage: frozenset[KeyUsage]
    validity: timedelta
    longest: timedelta
    required: tuple[tuple[str, ...], ...]
    sources: Mapping[str, str] = field(repr=False, hash=False)
    extended_key_usage: tuple[str, ...] = ()
    extended_key_usage_critical: bool = False
    private_key_usage: timedelta | None = None
    policies: tuple[str, ...] = ()
    status_pointers: bool = True
    ocsp_no_check: bool = False
    qc_compliance: bool = False
    qc_types: tuple[str, ...] = ()

    def check_subject(self, subject: DistinguishedName) -> None:
        """Raise `SubjectNameRefused` where the name lacks what this profile demands."""
        for group in self.required:
            if subject.types.isdisjoint(group):
                raise SubjectNameRefused(attribute=" / ".join(group), detail=f"required by {self.name}")


def profile_names() -> tuple[str, ...]:
    """The names of all profiles, in order."""
    folder = files(__name__)
    return tuple(
        sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    )


@cache
def profile(name: str) -> Profile:
    """The profile of that name; raises `ProfileUnknown`."""
    if name not in profile_names():
        raise ProfileUnknown(name=name, known=", ".join(profile_names()))
    return _read(name, tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8")))


def _read(name: str, data: dict[str, Any]) -> Profile:
    return Profile(
        name=name,
        title=data.pop("title"),
        kind=ProfileKind(data.pop("kind")),
        key_usage=frozenset(KeyUsage[bit] for bit in data.pop("key_usage")),
        extended_key_usage=tuple(_PURPOSES[purpose] for purpose in data.pop("extended_key_usage", ())),
        validity=timedelta(days=data.pop("validity_days")),
        longest=timedelta(days=data.pop("longest_days")),
        private_key_usage=timedelta(days=days) if (days := data.pop("private_key_usage_days", 0)) else None,
        policies=tuple(data.pop("policies", ())),
        required=tuple(tuple(group.split("|")) for group in data.pop("required")),
        qc_types=tuple(data.pop("qc_types", ())),
        **data,
    )
