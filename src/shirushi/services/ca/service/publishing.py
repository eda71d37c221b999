"""The lists that tell revocations (RFC 5280 §5): complete and delta CRLs, one of each a partition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from shirushi.codecs.asn1.issue import extensions as ext
from shirushi.codecs.asn1.issue import signed, tbs_cert_list
from shirushi.core.actor import Actor
from shirushi.core.instant import Instant, rfc3339
from shirushi.ports.audit import AuditEvent
from shirushi.services.ca.model import Authority, CrlRecord, CrlUnknown
from shirushi.services.ca.model.control import AuthorityNotActivated
from shirushi.services.ca.service.register import Register
from shirushi.services.ca.store import lists


@dataclass(frozen=True, slots=True)
class CrlPlan:
    """What a list is to be: its number, how many acts it tells, for how long, of which partition, on which base."""

    number: int
    acts: int
    validity: timedelta
    partition: int = 0
    base: int | None = None


class Publishing:
    """Signs CRLs."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def publish(self, actor: Actor, authority: Authority, partition: int = 0) -> CrlRecord:
        """Sign a complete CRL of this moment.

        Its number and its entries are read in one unit, so that a list with a higher number never holds less.
        """
        _check_partition(authority, partition)
        self._register.check_activated(authority.name)
        with self._register.database.unit() as connection:
            number, acts, entries = lists.next_crl(connection, authority.name, partition)
        also = [ext.expired_certs_on_crl(authority.certificate.not_before)]
        if authority.definition.delta_crl_urls:
            also.append(ext.freshest_crl(authority.definition.delta_crl_urls_of(partition)))
        validity = authority.definition.crl_validity
        return self._keep(actor, authority, CrlPlan(number, acts, validity, partition), entries, also)

    def publish_delta(self, actor: Actor, authority: Authority, partition: int = 0) -> CrlRecord:
        """Sign a delta CRL of this moment on the last complete one, which is published first where there is none.

        Raises `CrlUnknown` where the authority publishes no deltas.
        """
        _check_partition(authority, partition)
        if not authority.definition.delta_crl_urls:
            raise CrlUnknown(name=authority.name, detail="delta")
        self._register.check_activated(authority.name)
        base = self.current(actor, authority, partition)
        with self._register.database.unit() as connection:
            number, acts, entries = lists.next_delta(connection, authority.name, partition, base)
        plan = CrlPlan(number, acts, authority.definition.delta_validity, partition, base.number)
        return self._keep(actor, authority, plan, entries, [ext.delta_crl_indicator(base.number)])

    def _keep(
        self,
        actor: Actor,
        authority: Authority,
        plan: CrlPlan,
        entries: list[bytes],
        also: Iterable[bytes],
    ) -> CrlRecord:
        this_update = self._register.clock.now().replace(microsecond=0)
        next_update = this_update + plan.validity
        algorithm = authority.definition.algorithm
        extensions = [ext.authority_key_identifier(authority.key_identifier), ext.crl_number(plan.number)]
        urls = authority.definition.crl_urls_of(plan.partition)
        if urls and self._is_one_of_several(authority):
            extensions.append(ext.issuing_distribution_point(urls))
        tbs = tbs_cert_list(
            algorithm=algorithm,
            issuer=authority.certificate.subject.der,
            this_update=this_update,
            next_update=next_update,
            entries=entries,
            extensions=(*extensions, *also),
        )
        der = signed(tbs, algorithm, self._register.keys.signer(authority.key_label).sign(tbs, algorithm))
        record = CrlRecord(plan.number, this_update, next_update, plan.acts, der, plan.partition, plan.base)
        with self._register.database.unit() as connection:
            lists.keep_crl(connection, authority.name, record)
            detail: dict[str, str | int] = {
                "number": record.number,
                "entries": len(entries),
                "next_update": rfc3339(next_update),
            }
            if authority.definition.partitions > 1:
                detail["partition"] = record.partition
            if record.base is not None:
                detail["base"] = record.base
            event = AuditEvent("ca.publish_crl", authority.name, detail=detail)
            self._register.audit.record(connection, actor, event)
        return record

    def _is_one_of_several(self, authority: Authority) -> bool:
        """Whether other lists bear the authority's name: of its other partitions, or of its other keys."""
        if authority.definition.partitions > 1:
            return True
        subject = authority.certificate.subject
        return sum(each.certificate.subject == subject for each in self._register.authorities()) > 1

    def current(self, actor: Actor, authority: Authority, partition: int = 0) -> CrlRecord:
        """The published CRL, or a new one where that is out of date or something was revoked since.

        Where deltas tell what was revoked since, the complete one stands until its time has come. An authority that is
        not activated goes on with the published one until its nextUpdate.
        """
        _check_partition(authority, partition)
        latest, acts = self._latest(authority, partition)
        fresh = latest is not None and self._register.clock.now() < latest.next_update
        if latest and fresh and (latest.revocations == acts or authority.definition.delta_crl_urls):
            return latest
        try:
            return self.publish(actor, authority, partition)
        except AuthorityNotActivated:
            if latest and fresh:
                return latest  # OCSP tells what was revoked since
            raise

    def current_delta(self, actor: Actor, authority: Authority, partition: int = 0) -> CrlRecord:
        """The published delta CRL, or a new one where that is out of date or something was revoked since."""
        _check_partition(authority, partition)
        latest, acts = self._latest(authority, partition, delta=True)
        fresh = latest is not None and self._register.clock.now() < latest.next_update
        if latest and fresh and latest.revocations == acts:
            return latest
        try:
            return self.publish_delta(actor, authority, partition)
        except AuthorityNotActivated:
            if latest and fresh:
                return latest
            raise

    def renew(self, actor: Actor, authority: Authority) -> int:
        """Publish those lists that are in the second half of their time, or that lack an act; how many there were."""
        deltas = bool(authority.definition.delta_crl_urls)
        renewed = 0
        for partition in range(authority.definition.partitions):
            if self._is_due(authority, partition, told_elsewhere=deltas):
                self.publish(actor, authority, partition)
                renewed += 1
            if deltas and self._is_due(authority, partition, delta=True):
                self.publish_delta(actor, authority, partition)
                renewed += 1
        return renewed

    def _is_due(
        self, authority: Authority, partition: int, *, told_elsewhere: bool = False, delta: bool = False
    ) -> bool:
        latest, acts = self._latest(authority, partition, delta=delta)
        if latest is None or (latest.revocations != acts and not told_elsewhere):
            return True
        middle = latest.this_update + (latest.next_update - latest.this_update) / 2
        return self._register.clock.now() >= middle

    def latest(self, authority: Authority) -> CrlRecord | None:
        """The complete CRL that was published last, as old as it may be."""
        return self._latest(authority, 0)[0]

    def at(self, authority: Authority, at: Instant, partition: int = 0) -> bytes | None:
        """The complete CRL that was current at `at`, or None."""
        with self._register.database.reading() as connection:
            record, _ = lists.latest_crl(connection, authority.name, at, partition)
        return record.der if record and at <= record.next_update else None

    def _latest(
        self, authority: Authority, partition: int, *, delta: bool = False
    ) -> tuple[CrlRecord | None, int]:
        with self._register.database.reading() as connection:
            return lists.latest_crl(connection, authority.name, partition=partition, delta=delta)


def _check_partition(authority: Authority, partition: int) -> None:
    if not 0 <= partition < authority.definition.partitions:
        raise CrlUnknown(name=authority.name, detail=str(partition))
