"""Linting of what is about to be signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Finding:
    """What a linter objects to: its `code`, how grave it is (`WARNING`, `ERROR`, `FATAL`), and where it stands."""

    code: str
    severity: str
    place: str


class Linter(Protocol):
    """Holds certificates against the standards that they claim to follow. Thread-safe."""

    def findings(self, certificate: bytes, rules: str) -> tuple[Finding, ...]:
        """What `rules` (`pkix` for RFC 5280, `etsi` for EN 319 412 as well) object to in a certificate, in DER.

        The value of its signature is not looked at. Raises a `ShirushiError` where it cannot be linted at all.
        """
        ...
