"""Trust chains of OpenID Federation from files: who is trusted over them can be read in the configuration."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from shirushi.adapters.federation_anchors import FederationAnchors, FederationRefused
from shirushi.core.errors import ConfigurationInvalid
from shirushi.core.evidence import TrustAnchor
from shirushi.core.instant import Instant
from shirushi.ports.trust import NoTrustAnchors

_log = logging.getLogger(__name__)


class FederationFiles:
    """Serves `TrustAnchors` from one federation: its trust anchor's keys (a JWK Set), and files of trust chains.

    A chain is a JSON array of entity statements, the leaf's first (media type application/trust-chain+json, OpenID
    Federation 1.0 §4.3). The files are read each time. A chain that does not hold counts for nothing, and takes no other
    one with it.
    """

    def __init__(self, entity: str, keys: Path, chains: Sequence[Path], entity_type: str) -> None:
        self._entity = entity
        self._keys = keys
        self._chains = tuple(chains)
        self._entity_type = entity_type

    def anchors(self, at: Instant) -> tuple[TrustAnchor, ...]:
        """What the chains that hold at `at` lead to; raises `NoTrustAnchors`, `ConfigurationInvalid` for a bad file."""
        pinned = {self._entity: _read(self._keys, dict)}
        found = [anchor for chain in self._held() for anchor in self._of(pinned, chain, at)]
        if not found:
            raise NoTrustAnchors
        return tuple(found)

    def _of(
        self, pinned: Mapping[str, Mapping[str, Any]], chain: Sequence[str], at: Instant
    ) -> Sequence[TrustAnchor]:
        try:
            return FederationAnchors(pinned, [chain], self._entity_type).anchors(at)
        except NoTrustAnchors:
            return ()
        except FederationRefused as error:
            _log.warning(
                "federation.chain-refused", extra={"code": error.code, "url": error.parameters["entity"]}
            )
            return ()

    def _held(self) -> Iterator[list[str]]:
        for path in self._chains:
            for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
                yield [str(statement) for statement in _read(file, list)]


def _read(path: Path, kind: type[Any]) -> Any:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationInvalid(path=path, detail=error) from error
    if not isinstance(content, kind):
        raise ConfigurationInvalid(path=path, detail="JSON object" if kind is dict else "JSON array")
    return content
