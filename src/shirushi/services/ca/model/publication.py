"""Where an authority tells what it revoked, and since when."""

from __future__ import annotations

from dataclasses import dataclass

from shirushi.core.evidence import Certificate, CertificateStatus
from shirushi.core.instant import Instant
from shirushi.services.ca.model.authority import Authority
from shirushi.services.ca.model.certificate import CrlRecord


@dataclass(frozen=True, slots=True)
class ListPublished:
    """One of an authority's lists: the newest, and the count of acts of revocation that it should tell.

    `record` is None before the first; `urls` is where relying parties are told to look.
    """

    partition: int
    delta: bool
    urls: tuple[str, ...]
    record: CrlRecord | None
    acts: int

    def overdue(self, now: Instant) -> bool:
        """Whether there is none that counts: relying parties that demand one refuse every certificate."""
        return self.record is None or now >= self.record.next_update

    @property
    def lacking(self) -> int:
        """How many acts are not on it yet; OCSP tells them."""
        return self.acts - self.record.revocations if self.record else self.acts


@dataclass(frozen=True, slots=True)
class Publication:
    """An authority with its lists and the certificate of its OCSP responder, None where it has none."""

    authority: Authority
    lists: tuple[ListPublished, ...]
    responder: Certificate | None


@dataclass(frozen=True, slots=True)
class Told:
    """What relying parties are told of a certificate now.

    `status` and `until` are of an OCSP answer that was made for this, None without a valid responder; `listed` says
    whether the newest complete list on it, `published`, tells a revocation.
    """

    status: CertificateStatus | None
    until: Instant | None
    published: ListPublished
    listed: bool
