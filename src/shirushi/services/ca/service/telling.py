"""Where and since when authorities tell what they revoked: for those who watch over it."""

from __future__ import annotations

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.actor import Actor
from shirushi.services.ca import store
from shirushi.services.ca.model import Authority
from shirushi.services.ca.model.publication import ListPublished, Publication
from shirushi.services.ca.service.permitting import LOOKERS, Permitting
from shirushi.services.ca.store import lists


class Telling(Permitting):
    """What stands published."""

    def publications(self, actor: Actor) -> tuple[Publication, ...]:
        """For each authority its lists and its OCSP responder, as they stand; nothing is published for the asking."""
        self._permit(actor, "ca.publications", "*", *LOOKERS)
        return tuple(self._publication(each) for each in self._register.authorities())

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
            responder = store.responder(connection, authority.name)
        certificate = parse_certificate(responder[1]) if responder else None
        return Publication(authority, tuple(found), certificate)
