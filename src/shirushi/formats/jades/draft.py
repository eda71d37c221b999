"""A signature between its steps: values that become bytes where they are kept or sent."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, SupportsBytes

from shirushi.codecs.jose.text import decode_base64, encode_base64
from shirushi.core.algorithms import DigestAlgorithm


@dataclass(frozen=True, slots=True)
class Draft:
    """What `prepare` fixed, as `bind` needs it.

    `kind` says where the signature will stand: `new`, `beside` others, or inside the one whose id is `countersigns`.
    `payload` is its part of the signing input where that is not the document itself, `head` what the protected header
    says beside algorithm and certificate.
    """

    kind: str
    serialization: str
    digest: DigestAlgorithm
    head: dict[str, Any]
    payload: bytes | None = field(default=None, repr=False)
    detached: bool = False
    countersigns: str = ""

    def __bytes__(self) -> bytes:
        """As JSON."""
        return json.dumps(
            {
                "kind": self.kind,
                "serialization": self.serialization,
                "digest": self.digest.name,
                "head": self.head,
                "payload": None if self.payload is None else encode_base64(self.payload),
                "detached": self.detached,
                "countersigns": self.countersigns,
            }
        ).encode()

    @classmethod
    def of(cls, state: SupportsBytes) -> Draft:
        """Itself, or what was kept of it."""
        if isinstance(state, cls):
            return state
        found = json.loads(bytes(state))
        payload = found["payload"]
        found["payload"] = None if payload is None else decode_base64(payload)
        return cls(**{**found, "digest": DigestAlgorithm[found["digest"]]})


@dataclass(frozen=True, slots=True)
class Bound:
    """What `bind` fixed, as `assemble` needs it: beside parts of the draft, the protected header in base64url.

    `bits` is the size of the field of an ECDSA key, else 0.
    """

    kind: str
    serialization: str
    protected: str = field(repr=False)
    bits: int
    detached: bool
    countersigns: str

    def __bytes__(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def of(cls, state: SupportsBytes) -> Bound:
        """Itself, or what was kept of it."""
        return state if isinstance(state, cls) else cls(**json.loads(bytes(state)))
