"""Trust over a bridge: the own root as anchor, and cross-certificates as material between it and the bridge's members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from shirushi.adapters.pem_anchors import PemAnchors
from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.errors import ConfigurationInvalid, MalformedInput
from shirushi.core.evidence import Certificate, TrustAnchor
from shirushi.core.instant import Instant


class BridgeAnchors:
    """Serves `TrustAnchors` from the own root, and `RevocationSource` from files and folders of cross-certificates.

    A cross-certificate is no anchor: what it says of policies and names binds every path over it (RFC 5280 §6.1). The
    files are read each time, so that a bridge's new cross-certificates count at once.
    """

    def __init__(self, roots: Sequence[Path], cross_certificates: Sequence[Path]) -> None:
        self._roots = PemAnchors(roots)
        self._cross = tuple(cross_certificates)

    def anchors(self, at: Instant) -> tuple[TrustAnchor, ...]:
        """The own roots; raises as `PemAnchors` does."""
        return self._roots.anchors(at)

    def issuers(self, certificate: Certificate) -> Iterable[bytes]:
        """The cross-certificates whose subject issued `certificate`; raises `ConfigurationInvalid` for a bad file."""
        for each in self._held():
            if each.subject == certificate.issuer and each.der != certificate.der:
                yield each.der

    def revocation_data(
        self,
        certificate: Certificate,  # noqa: ARG002  a folder of certificates knows no status
        issuer: Certificate,  # noqa: ARG002  as above
        at: Instant,  # noqa: ARG002  as above
    ) -> Iterable[bytes]:
        """None: the certificates say where their status is told."""
        return ()

    def _held(self) -> Iterator[Certificate]:
        for path in self._cross:
            try:
                for file in sorted(path.iterdir()) if path.is_dir() else [path]:
                    if file.suffix in {".pem", ".cer", ".crt", ".der"}:
                        yield from certificates_in(file.read_bytes())
            except (OSError, MalformedInput) as error:
                raise ConfigurationInvalid(path=path, detail=error) from error
