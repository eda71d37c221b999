"""Find the ways from a certificate to a trust anchor (RFC 4158): which of them hold is for `validation` to say."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from shirushi.core.evidence import Certificate, Material, Name, TrustAnchor
from shirushi.rules.path.entities import entity, verifies
from shirushi.rules.path.model import Path

MAX_STEPS = 4096
"""How many certificates a search may extend paths from before it ends, whatever the material at hand."""

MAX_LENGTH = 32
"""How many certificates a path may have, whatever the material at hand."""

_STEP, _VISIT = 4, 20
"""What a look at a certificate costs, and what its place in a search does."""


def candidate_paths(
    target: Certificate, material: Material, anchors: Sequence[TrustAnchor], *, limit: int = 64
) -> Iterator[Path]:
    """The paths from `target` to any of `anchors`, the most promising first, at most `limit`.

    Every link is a name that chains and a signature that verifies (`Material.verified`). No path holds the same name
    with the same key twice (RFC 4158 §2.4.2, §5.2). A target that is an anchor, itself or by its name and key, gives an
    empty path first; then shorter paths come before longer ones, and among these the issuer that the key identifier
    names, or that was valid when it issued. The search is bounded by `MAX_STEPS` and `MAX_LENGTH`.
    """
    return islice(_Search(target, material, anchors).paths(), limit)


class _Search:
    """One search: the part of the material that lies between `target` and the anchors, and the steps it may still take."""

    def __init__(self, target: Certificate, material: Material, anchors: Sequence[TrustAnchor]) -> None:
        self._target = target
        self._material = material
        self._anchors: dict[Name, dict[bytes, list[TrustAnchor]]] = {}
        material.spend(_STEP * len(anchors))
        for anchor in anchors:
            name, key = entity(anchor.certificate)
            self._anchors.setdefault(name, {}).setdefault(key, []).append(anchor)
        self._anchors_above: dict[str, tuple[TrustAnchor, ...]] = {}
        self._issuers: dict[str, tuple[Certificate, ...]] = {}
        self._distance: dict[str, int] = {}
        self._explore()
        self._steps = MAX_STEPS

    def paths(self) -> Iterator[Path]:
        """All paths, by length: what the bounds cut off are the longest."""
        name, key = entity(self._target)
        for anchor in self._anchors.get(name, {}).get(key, ()):
            yield Path(self._target, (), anchor)
        for length in range(min(len(self._issuers), MAX_LENGTH)):
            yield from self._extend((self._target,), frozenset({entity(self._target)}), length)

    def _extend(
        self, chain: tuple[Certificate, ...], seen: frozenset[tuple[Name, bytes]], missing: int
    ) -> Iterator[Path]:
        """The paths that begin with `chain` and have `missing` certificates more."""
        if self._steps <= 0:
            return
        self._steps -= 1
        self._material.spend(_STEP)
        top = chain[-1]
        if not missing:
            for anchor in self._anchors_above[top.id]:
                if entity(anchor.certificate) not in seen:
                    yield Path(self._target, chain, anchor)
            return
        for issuer in self._issuers[top.id]:
            if entity(issuer) not in seen and self._distance[issuer.id] < missing:
                yield from self._extend((*chain, issuer), seen | {entity(issuer)}, missing - 1)

    def _explore(self) -> None:
        """Collect what lies above the target, keep what reaches an anchor, and put the best candidates first."""
        above: dict[str, tuple[Certificate, list[Certificate]]] = {}
        waiting = deque([self._target])
        while waiting:
            certificate = waiting.popleft()
            if certificate.id in above:
                continue
            signers = self._material.signers_of(certificate.id)
            self._material.spend(_VISIT + _STEP * len(signers))
            issuers = [
                issuer
                for issuer in signers
                if issuer.subject == certificate.issuer and entity(issuer) != entity(certificate)
            ]
            above[certificate.id] = certificate, issuers
            self._anchors_above[certificate.id] = self._anchors_of(certificate)
            waiting.extend(issuers)
        self._distance = self._distances(above)
        for certificate, issuers in above.values():
            useful = (issuer for issuer in issuers if issuer.id in self._distance)
            self._issuers[certificate.id] = tuple(sorted(useful, key=partial(_rank, certificate)))

    def _anchors_of(self, certificate: Certificate) -> tuple[TrustAnchor, ...]:
        """The anchors whose key verifies `certificate`, proven with their own certificate or with a copy at hand.

        A copy has the name and key of the anchor: cross-certificates and newer self-signed certificates are such.
        """
        return tuple(
            anchor
            for anchors in self._anchors.get(certificate.issuer, {}).values()
            if any(verifies(self._material, certificate.id, anchor.certificate) for anchor in anchors)
            for anchor in anchors
        )

    def _distances(self, above: Mapping[str, tuple[Certificate, list[Certificate]]]) -> dict[str, int]:
        """How many certificates lie between each certificate and the nearest anchor; none leads there if absent."""
        below: dict[str, list[str]] = {}
        for certificate, issuers in above.values():
            for issuer in issuers:
                below.setdefault(issuer.id, []).append(certificate.id)
        waiting = deque(id_ for id_, anchors in self._anchors_above.items() if anchors)
        distance = dict.fromkeys(waiting, 0)
        while waiting:
            nearer = waiting.popleft()
            for farther in below.get(nearer, ()):
                if farther not in distance:
                    distance[farther] = distance[nearer] + 1
                    waiting.append(farther)
        return distance


def _rank(certificate: Certificate, issuer: Certificate) -> tuple[int, bool, float]:
    """How promising `issuer` is, less being better (RFC 4158 §3.5): key identifier, validity, youth."""
    wanted = certificate.extensions.authority_key_identifier
    given = issuer.extensions.subject_key_identifier
    identifier = 1 if wanted is None or given is None else 0 if wanted == given else 2
    in_time = issuer.not_before <= certificate.not_before <= issuer.not_after
    return identifier, not in_time, -issuer.not_after.timestamp()


def topmost(target: Certificate, certificates: Iterable[Certificate], material: Material) -> Certificate:
    """The certificate at which what is at hand ends, upwards from `target`: the one whose issuer must be sought.

    A root is one, too: whoever cross-certified it vouches for its key under the same name (RFC 5280 §3.2).
    """
    every = {c.id: (place, c) for place, c in enumerate(certificates)}
    material.spend(len(every))
    top, seen = target, {target.id}
    while above := [every[id_] for id_ in material.signer_ids(top.id) if id_ in every and id_ not in seen]:
        material.spend(_STEP * len(above))
        _, top = min(above, key=lambda entry: entry[0])
        seen.add(top.id)
    return top
