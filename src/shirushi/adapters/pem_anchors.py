"""Trust anchors from certificate files: who is trusted can be read in the configuration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.errors import ConfigurationInvalid, MalformedInput
from shirushi.core.evidence import TrustAnchor
from shirushi.core.instant import Instant
from shirushi.ports.trust import NoTrustAnchors


class PemAnchors:
    """Serves `TrustAnchors` from certificates in PEM or DER. The files are read each time: what they say counts at once."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)

    def anchors(self, at: Instant) -> tuple[TrustAnchor, ...]:  # noqa: ARG002  a file has no dates of its own
        """Every certificate of every file; raises `NoTrustAnchors` for none, `ConfigurationInvalid` for a bad file."""
        found: list[TrustAnchor] = []
        for path in self._paths:
            try:
                certificates = certificates_in(path.read_bytes())
            except (OSError, MalformedInput) as error:
                raise ConfigurationInvalid(path=path, detail=error) from error
            found += [TrustAnchor.given(certificate) for certificate in certificates]
        if not found:
            raise NoTrustAnchors
        return tuple(found)
