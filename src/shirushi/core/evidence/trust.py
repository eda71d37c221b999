"""What stands around a signature: certificates, revocation data, and who is trusted."""

from __future__ import annotations

from dataclasses import dataclass, field

from shirushi.core.evidence.certificate import Certificate, NameConstraints
from shirushi.core.evidence.effort import Effort
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


class _Index:
    """The pairs of `verified` by what is signed, and where each certificate stands: made when first asked for.

    Material that differs in its revocation data alone shares it.
    """

    __slots__ = ("_of", "places", "signers")

    def __init__(self) -> None:
        self._of: tuple[object, object] = (None, None)
        self.places: dict[str, int] = {}
        self.signers: dict[str, list[str]] = {}

    def of(self, material: Material) -> _Index:
        """This index, made anew where it was another material's."""
        if self._of[0] is not material.certificates or self._of[1] is not material.verified:
            self.places = {c.id: place for place, c in reversed(tuple(enumerate(material.certificates)))}
            self.signers = {}
            for signed, signer in material.verified:
                self.signers.setdefault(signed, []).append(signer)
            self._of = material.certificates, material.verified
        return self


@dataclass(frozen=True, slots=True)
class Material:
    """Everything at hand besides the signature itself.

    `verified` holds (id of a certificate, CRL or OCSP response, id of a certificate) wherever the signature of the
    first verifies under the public key of the second. Pairs were tried wherever names or key identifiers made the
    second a candidate issuer of the first. Where there is an `effort`, whoever searches the material spends of it.
    """

    certificates: tuple[Certificate, ...] = ()
    crls: tuple[Crl, ...] = ()
    ocsp_responses: tuple[OcspResponse, ...] = ()
    verified: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)
    effort: Effort | None = field(default=None, repr=False, compare=False)
    index: _Index = field(default_factory=_Index, repr=False, compare=False)

    def is_signed_by(self, signed_id: str, certificate: Certificate) -> bool:
        """Whether the signature of the object `signed_id` verifies under the key of `certificate`."""
        return (signed_id, certificate.id) in self.verified

    def signer_ids(self, signed_id: str) -> tuple[str, ...]:
        """The ids of the certificates, at hand or not, under whose keys the object `signed_id` verifies."""
        return tuple(self.index.of(self).signers.get(signed_id, ()))

    def signers_of(self, signed_id: str) -> tuple[Certificate, ...]:
        """The certificates at hand under whose keys the object `signed_id` verifies, in their order."""
        index = self.index.of(self)
        at_hand = sorted(
            index.places[each] for each in index.signers.get(signed_id, ()) if each in index.places
        )
        return tuple(self.certificates[place] for place in at_hand)

    def spend(self, units: int) -> None:
        """Raises `EvidenceLimitExceeded` where the effort is used up."""
        if self.effort is not None:
            self.effort.spend(units)
