"""Cross-certification, and an authority's step from one key to the next (RFC 5280 §3.2, RFC 4210 §4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shirushi.codecs.asn1.issue import extensions as ext
from shirushi.codecs.asn1.material import build_material
from shirushi.core.actor import Actor, Role
from shirushi.core.evidence import Certificate, GeneralName
from shirushi.services.ca import store
from shirushi.services.ca.model import (
    CertificateRequest,
    DistinguishedName,
    IssuedCertificate,
    SubjectKeyRefused,
    SuccessionRefused,
    profile,
)
from shirushi.services.ca.service.issuing import Issuing, issuer_of
from shirushi.services.ca.service.permitting import Permitting


class Crossing(Permitting):
    """Certifies authorities that stand already."""

    _issuing: Issuing

    def cross_certify(
        self,
        actor: Actor,
        authority: str,
        certificate: Certificate,
        *,
        policy_mappings: Sequence[tuple[str, str]] = (),
        permitted: Sequence[GeneralName] = (),
        excluded: Sequence[GeneralName] = (),
        path_length: int | None = None,
    ) -> IssuedCertificate:
        """Certify another authority, from its self-signed certificate or from one that was issued here.

        Each of `policy_mappings` is a policy of ours and the one of theirs that is as good; ours then stand in the
        certificate, in place of anyPolicy. `permitted` and `excluded` bound the names below it. Raises as `issue`, and
        `SubjectKeyRefused` for what is no authority's certificate, or shows not that its subject holds the key.
        """
        self._permit(actor, "ca.cross_certify", authority, Role.OPERATOR)
        return self._cross(
            actor,
            authority,
            certificate,
            policy_mappings=policy_mappings,
            permitted=permitted,
            excluded=excluded,
            path_length=path_length,
        )

    def link_keys(self, actor: Actor, successor: str) -> tuple[IssuedCertificate, IssuedCertificate]:
        """Certify a root's new key by its old one, and the old one by the new: whoever trusts one, trusts both.

        Raises `SuccessionRefused` where `successor` succeeds nobody, and as `issue`.
        """
        self._permit(actor, "ca.link_keys", successor, Role.OPERATOR)
        new = self._register.authority(successor)
        if new.definition.succeeds is None:
            raise SuccessionRefused(name=successor, detail="-")
        old = self._register.authority(new.definition.succeeds)
        new_with_old = self._cross(actor, old.name, new.certificate)
        old_with_new = self._cross(actor, new.name, old.certificate)
        return new_with_old, old_with_new

    def cross_certificates(self, actor: Actor, name: str) -> tuple[Certificate, ...]:  # noqa: ARG002  they are for everyone
        """The certificates beside its own that were issued here for the authority's name."""
        subject = self._register.authority(name).certificate.subject.der
        with self._register.database.reading() as connection:
            found = store.issued_for(connection, subject, "cross")
        return tuple(each.certificate for each in found)

    def _cross(
        self,
        actor: Actor,
        authority: str,
        certificate: Certificate,
        *,
        policy_mappings: Sequence[tuple[str, str]] = (),
        permitted: Sequence[GeneralName] = (),
        excluded: Sequence[GeneralName] = (),
        path_length: int | None = None,
    ) -> IssuedCertificate:
        said = certificate.extensions
        proven = (certificate.id, certificate.id) in build_material([certificate]).verified
        if not proven and self._register.of_certificate(certificate) is None:
            raise SubjectKeyRefused(detail="not self-signed")
        if said.basic_constraints is None or not said.basic_constraints.ca:
            raise SubjectKeyRefused(detail="basicConstraints")
        issuer = self._register.authority(authority)
        constraints = []
        if policy_mappings:
            constraints.append(ext.policy_mappings(policy_mappings))
        if permitted or excluded:
            constraints.append(ext.name_constraints(permitted, excluded))
        now = self._register.clock.now()
        ends = now + profile("cross").validity
        request = CertificateRequest(
            authority=authority,
            profile="cross",
            subject=DistinguishedName.decode(certificate.subject.der),
            public_key=certificate.public_key.spki,
            not_after=min(ends, certificate.not_after, issuer.certificate.not_after),
        )
        policies = tuple(dict.fromkeys(ours for ours, _ in policy_mappings))
        draft = self._issuing.draft(issuer_of(issuer), request, path_length, constraints, policies)
        named = replace(draft, subject=certificate.subject.der)  # the very octets, for paths join by them
        (made,) = self._issuing.issue(actor, [named])
        return made
