"""Where and since when authorities tell what they revoked: for those who watch over it."""

from __future__ import annotations

from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.actor import Actor
from shirushi.services.ca.model import Authority, IssuedCertificate
from shirushi.services.ca.model.publication import ListPublished, Publication, Told
from shirushi.services.ca.service.permitting import LOOKERS, Permitting
from shirushi.services.ca.service.responding import Responding
from shirushi.services.ca.store import lists, searching, statuses


class Telling(Permitting):
    """What stands published, and what is told of one certificate."""

    _responding: Responding

    def publications(self, actor: Actor) -> tuple[Publication, ...]:
        """For each authority its lists and its OCSP responder, as they stand; nothing is published for the asking."""
        self._permit(actor, "ca.publications", "*", *LOOKERS)
        return tuple(self._publication(each) for each in self._register.authorities())

    def told(self, actor: Actor, issued: IssuedCertificate) -> Told:
        """What relying parties are told of a certificate that was issued here."""
        self._permit(actor, "ca.certificate", f"{issued.serial_number:x}", *LOOKERS)
        authority = self._register.authority(issued.authority)
        answer = self._responding.status_of(authority, issued.serial_number)
        single = parse_ocsp_response(answer).responses[0] if answer else None
        partition = authority.definition.partition_of(issued.serial_number)
        with self._register.database.reading() as connection:
            latest, acts = lists.latest_crl(connection, authority.name, partition=partition)
            act = lists.act_of(connection, issued.serial_number)
        urls = authority.definition.crl_urls_of(partition)
        return Told(
            single.status if single else None,
            single.next_update if single else None,
            ListPublished(partition, delta=False, urls=urls, record=latest, acts=acts),
            listed=act is not None and latest is not None and act <= latest.revocations,
        )

    def kin(self, actor: Actor, issued: IssuedCertificate) -> tuple[IssuedCertificate, ...]:
        """The other certificates of the same subject, newest first."""
        self._permit(actor, "ca.certificates", "*", *LOOKERS)
        with self._register.database.reading() as connection:
            found = searching.of_subject(connection, issued.certificate.subject.der)
        return tuple(each for each in reversed(found) if each.serial_number != issued.serial_number)

    def _publication(self, authority: Authority) -> Publication:
        said, found = authority.definition, []
        with self._register.database.reading() as connection:
            for partition in range(said.partitions):
                urls, delta_urls = said.crl_urls_of(partition), said.delta_crl_urls_of(partition)
                latest, acts = lists.latest_crl(connection, authority.name, partition=partition)
                found.append(ListPublished(partition, delta=False, urls=urls, record=latest, acts=acts))
                if delta_urls:
                    latest, acts = lists.latest_crl(
                        connection, authority.name, partition=partition, delta=True
                    )
                    found.append(
                        ListPublished(partition, delta=True, urls=delta_urls, record=latest, acts=acts)
                    )
            responder = statuses.responder(connection, authority.name)
        certificate = parse_certificate(responder[1]) if responder else None
        return Publication(authority, tuple(found), certificate)
