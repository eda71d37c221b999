"""What operators do with authorities: cross-certification, steps from key to key, lists; and the profiles there are."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from shirushi.codecs.asn1.pem import certificates_in, to_pem
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import GeneralName, GeneralNameKind
from shirushi.core.instant import rfc3339
from shirushi.faces.http import Answer, Call, Json, Operation, Outcome, Router, Words
from shirushi.faces.http.errors import RequestMalformed
from shirushi.ports.keys import KeyUnknown
from shirushi.services.ca.http.public import AuthorityPath
from shirushi.services.ca.model import (
    AuthorityExpired,
    AuthorityRevoked,
    AuthorityUnknown,
    CrlUnknown,
    LintRefused,
    ProfileKind,
    SubjectKeyRefused,
    SubjectKeyReused,
    SubjectKeyWeak,
    SubjectNameRefused,
    SuccessionRefused,
    ValidityRefused,
    profile,
    profile_names,
)
from shirushi.services.ca.model.control import AuthorityNotActivated
from shirushi.services.ca.model.publication import Publication
from shirushi.services.ca.model.refusals import SubjectKeyCompromised
from shirushi.services.ca.service import CertificateAuthority

_REFUSALS = (
    AuthorityUnknown,
    AuthorityExpired,
    AuthorityRevoked,
    AuthorityNotActivated,
    SubjectNameRefused,
    SubjectKeyRefused,
    SubjectKeyWeak,
    SubjectKeyCompromised,
    SubjectKeyReused,
    ValidityRefused,
    LintRefused,
    KeyUnknown,
)
Oid = Annotated[str, StringConstraints(pattern=r"^[0-2](\.(0|[1-9][0-9]{0,30})){1,30}$")]
Subtree = Annotated[str, StringConstraints(pattern=r"^(dns|email|ip):[!-~]{1,255}$")]


class PolicyPair(Words):
    """A policy of ours, and the one of theirs that is as good (RFC 5280 §4.2.1.5)."""

    ours: Oid
    theirs: Oid


class CrossOrder(Words):
    """Which authority is certified, and within what bounds."""

    certificate: str = Field(max_length=65_536, description="the other authority's certificate, in PEM")
    policy_mappings: tuple[PolicyPair, ...] = Field((), max_length=50)
    permitted: tuple[Subtree, ...] = Field(
        (), max_length=100, description="names below it: dns:example.jp, email:example.jp, ip:192.0.2.0/24"
    )
    excluded: tuple[Subtree, ...] = Field((), max_length=100, description="names that none below it may bear")
    path_length: int | None = Field(None, ge=0, le=20, description="how many authorities may follow below it")


class CrossReport(Words):
    """A certificate for another authority."""

    serial_number: str
    not_after: str
    pem: str


class LinksReport(Words):
    """The new key certified by the old one, and the old by the new (RFC 4210 §4.4)."""

    new_with_old: str
    old_with_new: str


class CrlOrder(Words):
    """Which of the authority's lists."""

    partition: int = Field(0, ge=0, lt=256)


class ListReport(Words):
    """A list as it stands. `lacking` counts acts of revocation that it does not tell yet; OCSP tells them."""

    partition: int
    delta: bool
    urls: list[str]
    number: int | None
    this_update: str | None
    next_update: str | None
    lacking: int


class PublicationReport(Words):
    """Where an authority tells what it revoked, and since when."""

    authority: str
    ocsp_urls: list[str]
    responder_not_after: str | None
    lists: list[ListReport]


class PublicationsReport(Words):
    """All authorities."""

    publications: list[PublicationReport]


class ProfileReport(Words):
    """A certificate profile. `required`: of each group one attribute of the name at least."""

    name: str
    title: str
    kind: ProfileKind
    days: int
    required: list[list[str]]
    four_eyes: bool


class ProfilesReport(Words):
    """All profiles."""

    profiles: list[ProfileReport]


def authorities(service: CertificateAuthority) -> Router:
    """What operators do with authorities."""

    def cross(call: Call) -> Answer:
        asked: CrossOrder = call.body
        made = service.cross_certify(
            call.actor,
            call.parameters.authority,
            certificates_in(asked.certificate.encode())[0],
            policy_mappings=[(pair.ours, pair.theirs) for pair in asked.policy_mappings],
            permitted=tuple(map(_subtree, asked.permitted)),
            excluded=tuple(map(_subtree, asked.excluded)),
            path_length=asked.path_length,
        )
        number = f"{made.serial_number:x}"
        said = {
            "serial_number": number,
            "not_after": rfc3339(made.not_after),
            "pem": to_pem(made.certificate),
        }
        return Answer(said, 201, headers={"Location": f"/api/v1/certificates/{number}"})

    def link(call: Call) -> Answer:
        pair = service.link_keys(call.actor, call.parameters.authority)
        new_with_old, old_with_new = (to_pem(each.certificate) for each in pair)
        return Answer({"new_with_old": new_with_old, "old_with_new": old_with_new}, 201)

    def publish(call: Call) -> Answer:
        name, partition = call.parameters.authority, call.body.partition
        service.publish_crl(call.actor, name, partition)
        found = next(each for each in service.publications(call.actor) if each.authority.name == name)
        return Answer(_publication(found))

    def publications(call: Call) -> Answer:
        return Answer({"publications": [_publication(each) for each in service.publications(call.actor)]})

    def profiles(call: Call) -> Answer:  # noqa: ARG001  the same for everyone
        found = (profile(name) for name in profile_names())
        return Answer(
            {
                "profiles": [
                    {
                        "name": each.name,
                        "title": each.title,
                        "kind": each.kind.value,
                        "days": each.validity.days,
                        "required": [list(group) for group in each.required],
                        "four_eyes": each.four_eyes,
                    }
                    for each in found
                ]
            }
        )

    place = "/api/v1/authorities/{authority}"
    return (
        Operation(
            id="profiles.list",
            method="GET",
            path="/api/v1/profiles",
            summary="The certificate profiles",
            run=profiles,
            outcomes=(Outcome("all of them", model=ProfilesReport),),
            tag="ca",
        ),
        Operation(
            id="publications.list",
            method="GET",
            path="/api/v1/publications",
            summary="Where authorities tell what they revoked, and since when",
            run=publications,
            outcomes=(Outcome("all authorities", model=PublicationsReport),),
            tag="ca",
        ),
        Operation(
            id="crl.publish",
            method="POST",
            path=f"{place}/crl",
            summary="Sign one of an authority's lists anew",
            run=publish,
            outcomes=(Outcome("what stands published then", model=PublicationReport),),
            parameters=AuthorityPath,
            body=Json(CrlOrder),
            errors=(AuthorityUnknown, CrlUnknown, AuthorityNotActivated, KeyUnknown),
            replayable=True,
            tag="ca",
        ),
        Operation(
            id="authorities.cross_certify",
            method="POST",
            path=f"{place}/cross-certificates",
            summary="Certify another authority, from its self-signed certificate or one issued here",
            run=cross,
            outcomes=(
                Outcome("the certificate", 201, model=CrossReport, headers={"Location": "where it is found"}),
            ),
            parameters=AuthorityPath,
            body=Json(CrossOrder),
            errors=(MalformedInput, *_REFUSALS),
            replayable=True,
            tag="ca",
        ),
        Operation(
            id="authorities.link_keys",
            method="POST",
            path=f"{place}/key-links",
            summary="Certify a succeeding root's key by that of the one it succeeds, and that by its own",
            run=link,
            outcomes=(Outcome("both certificates in PEM", 201, model=LinksReport),),
            parameters=AuthorityPath,
            errors=(SuccessionRefused, *_REFUSALS),
            replayable=True,
            tag="ca",
        ),
    )


def _subtree(text: str) -> GeneralName:
    """A name constraint (RFC 5280 §4.2.1.10) from `dns:…`, `email:…`, or `ip:` with an address and its prefix."""
    kind, _, value = text.partition(":")
    if kind != "ip":
        return GeneralName(GeneralNameKind.DNS if kind == "dns" else GeneralNameKind.EMAIL, value)
    try:
        network = ipaddress.ip_network(value)
    except ValueError:
        raise RequestMalformed(detail=text[:100]) from None
    return GeneralName(GeneralNameKind.IP, network.network_address.packed + network.netmask.packed)


def _publication(found: Publication) -> dict[str, Any]:
    return {
        "authority": found.authority.name,
        "ocsp_urls": list(found.authority.definition.ocsp_urls),
        "responder_not_after": rfc3339(found.responder.not_after) if found.responder else None,
        "lists": [
            {
                "partition": each.partition,
                "delta": each.delta,
                "urls": list(each.urls),
                "number": each.record.number if each.record else None,
                "this_update": rfc3339(each.record.this_update) if each.record else None,
                "next_update": rfc3339(each.record.next_update) if each.record else None,
                "lacking": each.lacking,
            }
            for each in found.lists
        ],
    }
