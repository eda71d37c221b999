"""What stands around a signature: certificates, revocation data, and who is trusted."""

from __future__ import annotations

from dataclasses import dataclass, field

from shirushi.core.evidence.certificate import Certificate, NameConstraints
from shirushi.core.evidence.revocation import Crl, OcspResponse
from shirushi.core.instant import Instant


@dataclass(frozen=True, slots=True)
class TrustAnchor:
    """A certificate trusted by decision, not by signature.

    `name` tells people where the trust comes from. Outside `valid_from` to `valid_until` it is no anchor. `purposes`
    empty means every purpose; else the extended key usages or service types it was trusted for.
    """

    certificate: Certificate
    name: str = ""
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    purposes: frozenset[str] = frozenset()
    name_constraints: NameConstraints | None = None

    @classmethod
    def given(cls, certificate: Certificate) -> TrustAnchor:
        """A certificate that somebody here decided to trust as it stands.

        One that is for OCSP signing alone is trusted to tell the status of whatever it speaks of (RFC 6960 §2.2).
        """
        purposes = certificate.extensions.extended_key_usage or frozenset()
        return cls(
            certificate, certificate.subject.text, purposes=_OCSP if purposes == _OCSP else frozenset()
        )


_OCSP = frozenset({"1.3.6.1.5.5.7.3.9"})


@dataclass(frozen=True, slots=True)
class Material:
    """Everything at hand besides the signature itself.

    `verified` holds (id of a certificate, CRL or OCSP response, id of a certificate) wherever the signature of the
    first verifies under the public key of the second. Pairs were tried wherever names or key identifiers made the
    second a candidate issuer of the first.
    """

    certificates: tuple[Certificate, ...] = ()
    crls: tuple[Crl, ...] = ()
    ocsp_responses: tuple[OcspResponse, ...] = ()
    verified: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)

    def is_signed_by(self, signed_id: str, certificate: Certificate) -> bool:
        """Whether the signature of the object `signed_id` verifies under the key of `certificate`."""
        return (signed_id, certificate.id) in self.verified
