"""Validation material for signatures that must outlast their certificates: whole chains, and a status for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.material import build_material, merge
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Certificate, Material, TrustAnchor
from shirushi.core.instant import Instant, rfc3339
from shirushi.formats.protocol import MaterialNeeded, ValidationMaterial
from shirushi.ports.clock import Clock
from shirushi.ports.trust import (
    IssuerUnavailable,
    MaterialUnavailable,
    RevocationDataUnavailable,
    RevocationSource,
    TrustAnchors,
)
from shirushi.rules.ades.revocation import informative
from shirushi.rules.path import (
    Path,
    PathFailureKind,
    RevocationStatus,
    Status,
    candidate_paths,
    revocation_status,
    topmost,
    validate_path,
)
from shirushi.services.signing.model import ChainNotTrusted

_LONGEST = 16
"""How many issuers of a chain are sought, one behind another."""

_DEEPEST = 3
"""How many signers of revocation data are asked about, one behind another."""

_PATHS = 8

T = TypeVar("T")


class Gathering:
    """Gathers what a `MaterialNeeded` wants from `sources`, each asked only for what those before it did not have."""

    def __init__(self, anchors: TrustAnchors, sources: Sequence[RevocationSource], clock: Clock) -> None:
        self._anchors = anchors
        self._sources = tuple(sources)
        self._clock = clock

    def anchor_keys(self) -> frozenset[bytes]:
        """The public keys of those who are trusted now; raises `NoTrustAnchors`."""
        anchors = self._anchors.anchors(self._clock.now())
        return frozenset(each.certificate.public_key.spki for each in anchors)

    def gather(self, need: MaterialNeeded, *, lasting: bool = False) -> ValidationMaterial:
        """The chains up to an anchor, and for each certificate below it the data that tells its status now.

        With `lasting`, where an OCSP responder expires before the certificate it speaks of, a CRL whose signer does not
        as well, if there is one: without a time-stamp over it, the responder's word is worth nothing from then on.

        Raises:
            NoTrustAnchors, ChainNotTrusted: no chain leads to an anchor.
            IssuerUnavailable, RevocationDataUnavailable: something could not be had, and from where.
        """
        now = self._clock.now()
        search = _Search(self._anchors.anchors(now), self._sources, now, need.chains, lasting=lasting)
        for chain in need.chains:
            search.prove(chain[0])
        return search.found()


class _Search:
    """What is at hand, and what of it was relied upon."""

    def __init__(
        self,
        anchors: Sequence[TrustAnchor],
        sources: Sequence[RevocationSource],
        now: Instant,
        chains: Iterable[Iterable[Certificate]],
        *,
        lasting: bool,
    ) -> None:
        self._anchors = anchors
        self._sources = sources
        self._now = now
        self._lasting = lasting
        held = [certificate for chain in chains for certificate in chain]
        self._material = build_material([*held, *(anchor.certificate for anchor in anchors)])
        self._certificates: dict[str, Certificate] = {}
        self._data: set[str] = set()
        self._settled: set[str] = set()

    def prove(self, target: Certificate) -> None:
        """Find the chain of `target`, and the status of every certificate in it.

        Where it ends at an anchor that is no root, what stands above is taken in as far as it is at hand: others may
        trust the root alone.
        """
        path = self._path(target)
        self._settle(path, 0)
        top = path.anchor.certificate
        others = [each for each in self._anchors if each.certificate.public_key.spki != top.public_key.spki]
        for above in candidate_paths(top, self._material, others, limit=1):
            with suppress(MaterialUnavailable):
                self._settle(above, 0)

    def found(self) -> ValidationMaterial:
        """What was relied upon."""
        return ValidationMaterial(
            tuple(certificate.der for certificate in self._certificates.values()),
            tuple(crl.der for crl in self._material.crls if crl.id in self._data),
            tuple(each.der for each in self._material.ocsp_responses if each.id in self._data),
        )

    def _settle(self, path: Path, depth: int) -> None:
        for certificate in (*path.certificates, path.anchor.certificate):
            self._certificates[certificate.id] = certificate
        for index, certificate in enumerate(path.certificates):
            if certificate.id not in self._settled:
                self._settled.add(certificate.id)
                self._settle_status(path, index, depth)

    def _settle_status(self, path: Path, index: int, depth: int) -> None:
        if index == 0 and path.certificates[index].extensions.no_status_expected:
            return
        status = self._status(path, index)
        self._data.add(status.source_id)
        if status.signer is None:
            return
        signer = status.signer
        self._certificates[signer.target.id] = signer.target
        good = status.status is Status.GOOD
        if good and self._lasting and signer.target.not_after < path.certificates[index].not_after:
            self._add_lasting(path, index)
        if signer.target.extensions.ocsp_no_check or depth >= _DEEPEST:
            return
        with suppress(MaterialUnavailable):  # validation asks only that it is not known to be revoked
            self._settle(signer, depth + 1)

    def _add_lasting(self, path: Path, index: int) -> None:
        """Take a list as well, whose signer is valid for as long as the certificate."""
        certificate, issuer = path.certificates[index], path.issuer_of(index)
        for source in self._sources:
            with suppress(MaterialUnavailable):
                for encoding in source.revocation_data(certificate, issuer, self._now):
                    for crl in _well_formed(parse_crl, [encoding]):
                        material = merge(
                            build_material(self._material.certificates), build_material((), [crl])
                        )
                        told = revocation_status(path, index, self._now, material, self._anchors)
                        current = crl.next_update is not None and crl.next_update >= self._now
                        if told.status is Status.GOOD and told.signer is None and current:
                            self._take(encoding)
                            self._data.add(told.source_id)
                            return

    def _path(self, target: Certificate) -> Path:
        for _ in range(_LONGEST):
            paths = tuple(candidate_paths(target, self._material, self._anchors, limit=_PATHS))
            if paths:
                return self._best(target, paths)
            top = topmost(target, self._material.certificates, self._material)
            try:
                self._fetch_issuer(top)
            except IssuerUnavailable:
                if top.self_issued:  # nobody cross-certified it
                    raise ChainNotTrusted(certificate=_label(target), issuer=_label(top)) from None
                raise
        raise ChainNotTrusted(certificate=_label(target), issuer=top.issuer.text)

    def _best(self, target: Certificate, paths: Iterable[Path]) -> Path:
        """A path that holds, but for certificates that have expired since; the first that holds now where one does."""
        usable: list[Path] = []
        broken = ""
        for path in paths:
            failures = validate_path(path, self._now, self._material).failures
            if not failures:
                return path
            others = [failure for failure in failures if failure.kind is not PathFailureKind.VALIDITY]
            if others:
                broken = broken or others[0].reason.explain("en")
            else:
                usable.append(path)
        if not usable:
            raise ChainNotTrusted(certificate=_label(target), issuer=broken)
        return usable[0]

    def _fetch_issuer(self, certificate: Certificate) -> None:
        """Take in certificates that may have issued `certificate`; raises `IssuerUnavailable` where there is none."""
        known = {each.id for each in self._material.certificates}
        failures: list[str] = []
        for source in self._sources:
            try:
                found = [*_well_formed(parse_certificate, source.issuers(certificate))]
            except MaterialUnavailable as failure:
                failures.append(str(failure.parameters.get("detail", failure.code)))
                continue
            new = [each for each in found if each.id not in known]
            if new:
                self._material = merge(self._material, build_material(new))
                return
        raise IssuerUnavailable(certificate=_label(certificate), detail="; ".join(failures) or "-")

    def _status(self, path: Path, index: int) -> RevocationStatus:
        """The status of one certificate, asked for where it is not at hand; raises `RevocationDataUnavailable`."""
        certificate, issuer = path.certificates[index], path.issuer_of(index)
        status = self._known(path, index)
        if status is not None:
            return status
        failures: list[str] = []
        for source in self._sources:
            try:
                for encoding in source.revocation_data(certificate, issuer, self._now):
                    self._take(encoding)
                    status = self._known(path, index)
                    if status is not None:
                        return status
            except MaterialUnavailable as failure:
                failures.append(str(failure.parameters.get("detail", failure.code)))
        why = failures or [reason.explain("en") for reason in self._asked(path, index).reasons]
        raise RevocationDataUnavailable(certificate=_label(certificate), detail="; ".join(why) or "-")

    def _take(self, encoding: bytes) -> None:
        crls, responses = _well_formed(parse_crl, [encoding]), _well_formed(parse_ocsp_response, [encoding])
        self._material = merge(self._material, build_material((), crls, responses))

    def _asked(self, path: Path, index: int) -> RevocationStatus:
        at_hand: Material = informative(path.certificates[index], self._material)
        return revocation_status(path, index, self._now, at_hand, self._anchors)

    def _known(self, path: Path, index: int) -> RevocationStatus | None:
        """The status where data tells it that is not out of date; a revocation never is."""
        status = self._asked(path, index)
        if status.status is Status.UNKNOWN:
            return None
        stale = status.next_update is not None and status.next_update < self._now
        return None if stale and status.status is Status.GOOD else status


def _label(certificate: Certificate) -> str:
    """What a person calls a certificate: its subject, its serial number, and until when it is valid."""
    name = certificate.subject.text or "-"
    return f"{name} (#{certificate.serial_number:x}, notAfter {rfc3339(certificate.not_after)})"


def _well_formed(parse: Callable[[bytes], T], encodings: Iterable[bytes]) -> Iterator[T]:
    for encoding in encodings:
        with suppress(MalformedInput):
            yield parse(encoding)
