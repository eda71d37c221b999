"""Trust anchors from a folder of PEM files: who is trusted can be seen with `ls`."""

from __future__ import annotations

from pathlib import Path

from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.errors import ConfigurationInvalid, MalformedInput
from shirushi.core.evidence import TrustAnchor
from shirushi.core.instant import Instant
from shirushi.ports.trust import NoTrustAnchors


class PemAnchors:
    """Serves `TrustAnchors`. The folder is read each time it is asked: what is put there or taken away counts at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def anchors(self, at: Instant) -> tuple[TrustAnchor, ...]:  # noqa: ARG002  a file has no dates of its own
        """Every certificate of every PEM file in the folder, by file name; raises `NoTrustAnchors` for none."""
        found = []
        for path in sorted(self._folder.glob("*.pem")):
            try:
                certificates = certificates_in(path.read_bytes())
            except (OSError, MalformedInput) as error:
                raise ConfigurationInvalid(path=path, detail=error) from error
            found += [TrustAnchor(certificate, certificate.subject.text) for certificate in certificates]
        if not found:
            raise NoTrustAnchors
        return tuple(found)
