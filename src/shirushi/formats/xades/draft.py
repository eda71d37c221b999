"""A signature between its steps: values that become bytes where they are kept or sent."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, SupportsBytes

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.evidence import SignaturePolicyIdentifier
from shirushi.core.instant import Instant, instant, rfc3339
from shirushi.formats.protocol import ProductionPlace, SignatureParameters


@dataclass(frozen=True, slots=True)
class DraftReference:
    """A reference to be signed. `mime_type` goes into its DataObjectFormat, empty where it needs none."""

    id: str
    uri: str
    type: str
    transforms: tuple[str, ...]
    digest: Digest
    mime_type: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What `prepare` fixed, as `bind` needs it. `kind` says where the signature will stand.

    `around` is the document up to that place and behind it, where it was written already; it is not kept.
    """

    id: str
    kind: str
    time: Instant
    references: tuple[DraftReference, ...]
    parameters: SignatureParameters
    around: tuple[bytes, bytes] | None = field(default=None, repr=False, compare=False)

    @property
    def properties_id(self) -> str:
        """The `Id` of its SignedProperties."""
        return f"xades-{self.id}"

    def __bytes__(self) -> bytes:
        """As JSON."""
        policy = self.parameters.policy
        return json.dumps(
            {
                "id": self.id,
                "kind": self.kind,
                "time": rfc3339(self.time),
                "references": [
                    [r.id, r.uri, r.type, r.transforms, *_digest_text(r.digest), r.mime_type]
                    for r in self.references
                ],
                "location": self.parameters.location,
                "place": self.parameters.place and asdict(self.parameters.place),
                "roles": self.parameters.claimed_roles,
                "certified": [each.hex() for each in self.parameters.certified_roles],
                "commitment": self.parameters.commitment,
                "policy": policy
                and [policy.oid, policy.digest and _digest_text(policy.digest), policy.uri, policy.notice],
            }
        ).encode()

    @classmethod
    def of(cls, state: SupportsBytes) -> Draft:
        """Itself, or what was kept of it."""
        if isinstance(state, cls):
            return state
        found = json.loads(bytes(state))
        references = (
            DraftReference(id_, uri, kind, tuple(transforms), _digest_from(*digest), mime)
            for id_, uri, kind, transforms, *digest, mime in found["references"]
        )
        return cls(
            found["id"],
            found["kind"],
            instant(found["time"]),
            tuple(references),
            SignatureParameters(
                location=found["location"],
                place=ProductionPlace(**found["place"]) if found["place"] else None,
                claimed_roles=tuple(found["roles"]),
                certified_roles=tuple(map(bytes.fromhex, found["certified"])),
                commitment=found["commitment"],
                policy=_policy_from(found["policy"]),
            ),
        )


@dataclass(frozen=True, slots=True)
class Bound:
    """What `bind` fixed, as `assemble` needs it: the signature up to its value, and from there on.

    `bits` is the size of the field of an ECDSA key, else 0; `around` is as in `Draft`.
    """

    kind: str
    id: str
    bits: int
    head: str
    tail: str
    around: tuple[bytes, bytes] | None = field(default=None, repr=False, compare=False)

    def __bytes__(self) -> bytes:
        """As JSON."""
        said = {"kind": self.kind, "id": self.id, "bits": self.bits, "head": self.head, "tail": self.tail}
        return json.dumps(said).encode()

    @classmethod
    def of(cls, state: SupportsBytes) -> Bound:
        """Itself, or what was kept of it."""
        return state if isinstance(state, cls) else cls(**json.loads(bytes(state)))


def _digest_text(digest: Digest) -> tuple[str, str]:
    return digest.algorithm.name, digest.value.hex()


def _digest_from(name: str, value: str) -> Digest:
    return Digest(DigestAlgorithm[name], bytes.fromhex(value))


def _policy_from(found: list[Any] | None) -> SignaturePolicyIdentifier | None:
    if found is None:
        return None
    oid, digest, *told = found
    return SignaturePolicyIdentifier(oid, _digest_from(*digest) if digest else None, *told)
