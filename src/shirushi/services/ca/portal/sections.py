"""What the pages share: who may see which, and how they hang together."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import Response

from shirushi.core.actor import Role
from shirushi.core.evidence import RevocationReason
from shirushi.faces.portal.visit import Visit
from shirushi.services.ca.model import CertificateUnknown

LOOKERS = frozenset({Role.OPERATOR, Role.AUDITOR})
OPERATORS = frozenset({Role.OPERATOR})
ASKERS = frozenset({Role.OPERATOR, Role.CLIENT, Role.SIGNER})
"""Who may send requests in."""
EVERYBODY = LOOKERS | ASKERS
REASONS = tuple(
    reason
    for reason in RevocationReason
    if reason
    not in {
        RevocationReason.REMOVE_FROM_CRL,
        RevocationReason.AA_COMPROMISE,
        RevocationReason.CERTIFICATE_HOLD,
    }
)
"""For what an operator may revoke; a hold has a form of its own."""

_SECTIONS = (
    ("/ca", "desk", LOOKERS),
    ("/ca/requests", "requests", EVERYBODY),
    ("/ca/certificates", "certificates", LOOKERS),
    ("/ca/registers", "registers", LOOKERS),
    ("/ca/authorities", "authorities", LOOKERS),
    ("/ca/enrolment", "enrolment", LOOKERS),
    ("/ca/profiles", "profiles", EVERYBODY),
)


def shown(
    visit: Visit, template: str, *, status: int = 200, fragment: str | None = None, **context: Any
) -> Response:
    """A page of these, with the way to the others."""
    open_to = [(address, name) for address, name, roles in _SECTIONS if visit.actor.has(*roles)]
    operates = visit.actor.has(*OPERATORS)
    return visit.page(
        f"ca/{template}",
        status=status,
        fragment=fragment,
        sections=open_to,
        operates=operates,
        called=called,
        **context,
    )


def called(subject: str) -> str:
    """The name by which people know the subject of a request, which is written `type=value, …`."""
    for kind in ("commonName", "organizationName", "serialNumber"):
        if found := re.search(rf"(?:^|, ){kind}=(.*?)(?=, [A-Za-z]+=|$)", subject):
            return found[1]
    return subject


def serial_number_of(visit: Visit) -> int:
    """The serial number in the page's address."""
    text = visit.argument("serial")
    try:
        return int(text, 16)
    except ValueError:
        raise CertificateUnknown(certificate=text) from None


def reason_in(visit: Visit) -> RevocationReason:
    """The reason that a form gives."""
    name = visit.form.get("reason")
    return RevocationReason[name] if name in RevocationReason.__members__ else RevocationReason.UNSPECIFIED
