"""A signature between its steps, as a small value that can be kept and sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from shirushi.codecs.jose.text import decode_base64, encode_base64
from shirushi.core.algorithms import DigestAlgorithm


@dataclass(frozen=True, slots=True)
class Draft:
    """What `prepare` fixed, as `bind` needs it.

    `kind` says where the signature will stand: `new`, `beside` others, or inside the one whose id is `countersigns`.
    `payload` is its part of the signing input where that is not the document itself, `head` what the protected header says beside algorithm and
    certificate.
    """

    kind: str
    serialization: str
    digest: DigestAlgorithm
    head: dict[str, Any]
    payload: bytes | None = field(default=None, repr=False)
    detached: bool = False
    countersigns: str = ""

    def encode(self) -> bytes:
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
    def decode(cls, state: bytes) -> Draft:
        """From what `encode` made."""
        found = json.loads(state)
        payload = found["payload"]
        found["payload"] = None if payload is None else decode_base64(payload)
        return cls(**{**found, "digest": DigestAlgorithm[found["digest"]]})
