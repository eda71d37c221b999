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

from shirushi.codecs.asn1.keys import public_key
from shirushi.core.algorithms import KeyKind
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import GeneralName, GeneralNameKind, KeyUsage, Name
from shirushi.services.ca.model.errors import ProfileUnknown, SubjectKeyRefused, SubjectNameRefused
from shirushi.services.ca.model.homographs import check_host
from shirushi.services.ca.model.identifiers import semantics_of
from shirushi.services.ca.model.name import DistinguishedName
from shirushi.services.ca.model.register import RegisterChange

_PURPOSES = {  # RFC 5280 §4.2.1.12
    "id-kp-serverAuth": "1.3.6.1.5.5.7.3.1",
    "id-kp-clientAuth": "1.3.6.1.5.5.7.3.2",
    "id-kp-emailProtection": "1.3.6.1.5.5.7.3.4",
    "id-kp-timeStamping": "1.3.6.1.5.5.7.3.8",
    "id-kp-OCSPSigning": "1.3.6.1.5.5.7.3.9",
    "id-kp-documentSigning": "1.3.6.1.5.5.7.3.36",  # RFC 9336
    "id-PIV-cardAuth": "2.16.840.1.101.3.6.8",  # FIPS 201-3
    "szOID_KP_DOCUMENT_ENCRYPTION": "1.3.6.1.4.1.311.80.1",
}


class ProfileKind(Enum):
    """Whose certificate it is."""

    ROOT = "root"
    SUBORDINATE = "subordinate"
    CROSS = "cross"
    """An authority that stands already, elsewhere or with another key (RFC 5280 §3.2)."""
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
        qc_sscd: whether its key is stated to be in a qualified device (EN 319 412-5 §4.2.2).
        key_kinds: the kinds of keys that it certifies; any that is certified at all where empty.
        key_usage_of: bits of the keyUsage that keys of one kind have beside `key_usage`.
        alternatives: which alternative names it must have: of each group one kind at least.
        both_scripts: whether the name must stand in Japanese and in Latin letters, one of them as a directoryName.
        four_eyes: whether another operator must approve what one asks for.
        revoked_by: changes in a register that end it.
        flagged_by: changes in a register that somebody must look at.
        lint: by which rules it is linted before it is issued: `pkix`, or `etsi` for those of EN 319 412.
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
    qc_sscd: bool = False
    key_kinds: frozenset[KeyKind] = frozenset()
    key_usage_of: Mapping[KeyKind, frozenset[KeyUsage]] = field(default_factory=dict, hash=False)
    alternatives: tuple[tuple[GeneralNameKind, ...], ...] = ()
    both_scripts: bool = False
    four_eyes: bool = False
    revoked_by: frozenset[RegisterChange] = frozenset()
    flagged_by: frozenset[RegisterChange] = frozenset()
    lint: str = "pkix"

    @property
    def qualified(self) -> bool:
        """Whether it carries statements of qualification."""
        return self.qc_compliance or bool(self.qc_types)

    def semantics(self, subject: DistinguishedName) -> str | None:
        """Which semantics of identifiers a certificate for `subject` states (EN 319 412-1 §5.1), or None."""
        return semantics_of(dict(subject.attributes)) if self.lint == "etsi" else None

    def usages(self, kind: KeyKind | None) -> frozenset[KeyUsage]:
        """The bits of the keyUsage of a key of that kind."""
        return self.key_usage | self.key_usage_of.get(kind, frozenset()) if kind else self.key_usage

    def check_subject(self, subject: DistinguishedName) -> None:
        """Raise `SubjectNameRefused` where the name lacks what this profile demands."""
        for group in self.required:
            if subject.types.isdisjoint(group):
                raise SubjectNameRefused(attribute=" / ".join(group), detail=f"required by {self.name}")

    def check_alternatives(self, subject: DistinguishedName, names: tuple[GeneralName, ...]) -> None:
        """Raise `SubjectNameRefused` where alternative names lack what this profile demands, or mislead."""
        kinds = {name.kind for name in names}
        for group in self.alternatives:
            if kinds.isdisjoint(group):
                wanted = " / ".join(kind.name for kind in group)
                raise SubjectNameRefused(attribute="subjectAltName", detail=f"{wanted}: {self.name}")
        for name in names:
            if name.kind is GeneralNameKind.DNS:
                check_host(str(name.value), wildcard=True)
        if self.both_scripts:
            directory = [name.value for name in names if isinstance(name.value, Name)]
            latin = {all(value.isascii() for _, value in subject.attributes)}
            latin |= {DistinguishedName.decode(name.der).text.isascii() for name in directory}
            if latin != {True, False}:
                raise SubjectNameRefused(
                    attribute="subjectAltName", detail=f"directoryName, Latin + 日本語: {self.name}"
                )

    def check_key(self, spki: bytes) -> KeyKind | None:
        """The kind of a key; raises `SubjectKeyRefused` where this profile certifies none such."""
        try:
            kind = public_key(spki).kind
        except MalformedInput as error:
            raise SubjectKeyRefused(detail="SubjectPublicKeyInfo") from error
        if self.key_kinds and kind not in self.key_kinds:
            allowed = ", ".join(sorted(each.value for each in self.key_kinds))
            raise SubjectKeyRefused(detail=f"{kind.value if kind else '?'} ∉ {allowed} ({self.name})")
        return kind


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
        key_usage=_usages(data.pop("key_usage")),
        key_usage_of={KeyKind(of): _usages(bits) for of, bits in data.pop("key_usage_of", {}).items()},
        key_kinds=frozenset(map(KeyKind, data.pop("key_kinds", ()))),
        alternatives=tuple(
            tuple(GeneralNameKind[kind] for kind in group.split("|"))
            for group in data.pop("alternatives", ())
        ),
        revoked_by=frozenset(map(RegisterChange, data.pop("revoked_by", ()))),
        flagged_by=frozenset(map(RegisterChange, data.pop("flagged_by", ()))),
        extended_key_usage=tuple(_PURPOSES[purpose] for purpose in data.pop("extended_key_usage", ())),
        validity=timedelta(days=data.pop("validity_days")),
        longest=timedelta(days=data.pop("longest_days")),
        private_key_usage=timedelta(days=days) if (days := data.pop("private_key_usage_days", 0)) else None,
        policies=tuple(data.pop("policies", ())),
        required=tuple(tuple(group.split("|")) for group in data.pop("required")),
        qc_types=tuple(data.pop("qc_types", ())),
        **data,
    )


def _usages(names: list[str]) -> frozenset[KeyUsage]:
    return frozenset(KeyUsage[name] for name in names)
