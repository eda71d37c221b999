"""Authorities with their lists and responders; and the profiles under which they issue."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from shirushi.faces.portal.kit import Kit
from shirushi.faces.portal.visit import Visit
from shirushi.services.ca.model import ProfileKind, profile, profile_names
from shirushi.services.ca.portal.sections import ASKERS, EVERYBODY, LOOKERS, OPERATORS, shown
from shirushi.services.ca.service import CertificateAuthority

_HERE = "/ca/authorities"


def authority_pages(service: CertificateAuthority, kit: Kit) -> list[Route]:
    """The pages on authorities and on profiles."""

    def show(visit: Visit) -> Response:
        return shown(
            visit,
            "authorities.html",
            publications=service.publications(visit.actor),
            now=kit.clock.now(),
        )

    def publish(visit: Visit) -> Response:
        name = visit.argument("name")
        partitions = service.authority(visit.actor, name).definition.partitions
        for partition in range(partitions):
            service.publish_crl(visit.actor, name, partition)
        return visit.go(f"{_HERE}#{name}", "ca.crl.published", name=name)

    def profiles(visit: Visit) -> Response:
        kinds = [profile(name) for name in profile_names()]
        return shown(
            visit,
            "profiles.html",
            for_subjects=[each for each in kinds if each.kind is ProfileKind.END_ENTITY],
            for_authorities=[each for each in kinds if each.kind is not ProfileKind.END_ENTITY],
            may_ask=visit.actor.has(*ASKERS),
        )

    return [
        kit.get(_HERE, show, roles=LOOKERS),
        kit.post(f"{_HERE}/{{name}}/crl", publish, roles=OPERATORS),
        kit.get("/ca/profiles", profiles, roles=EVERYBODY),
    ]
