"""What the pages ask for beside the documents: who signs, to which level, and what the signature says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from shirushi.core.actor import Role
from shirushi.core.document import Document
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import Level
from shirushi.faces.http.errors import RequestMalformed
from shirushi.faces.portal import languages
from shirushi.faces.portal.kit import Kit
from shirushi.faces.portal.visit import Visit
from shirushi.formats.protocol import Packaging, SignatureParameters
from shirushi.services.signing.http.sayings import Sayings, parameters
from shirushi.services.signing.model import (
    Credential,
    CredentialKind,
    PinLocked,
    PinState,
    SayingMalformed,
    WrongPin,
)
from shirushi.services.signing.portal.marks import PLACES, Mark
from shirushi.services.signing.service import Signing

LEVELS = {level.value: level for level in (Level.B_T, Level.B_LTA, Level.B_B)}
COMMITMENTS = tuple(f"1.2.840.113549.1.9.16.6.{number}" for number in range(1, 7))
"""The commitment types of EN 319 122-1 §5.2.3, as `sign.more.commitment.<last arc>` names them."""
CERTIFICATIONS = ("no-changes", "form-filling", "annotations")
_PLACE = ("street", "postal_code", "region", "country")
_POLICY = ("policy", "policy_digest", "policy_uri", "policy_notice")
_LINES = (*_PLACE, *_POLICY)
_CHOSEN = ("packaging", "commitment", "certification")
MORE = ("format", "location", *_LINES, *_CHOSEN, "role", "content_timestamp")
"""The fields that are folded away until somebody wants them."""
_MOST = 200


@dataclass(frozen=True, slots=True)
class Way:
    """The two ways through these pages: a person's signature, and a company's seal."""

    name: str
    kind: CredentialKind
    roles: frozenset[Role]
    done: str


WAYS = (
    Way("sign", CredentialKind.SIGNATURE, frozenset({Role.SIGNER, Role.OPERATOR}), "signed"),
    Way("seal", CredentialKind.SEAL, frozenset({Role.SIGNER, Role.OPERATOR}), "sealed"),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for. `mark` is drawn on PDFs that are signed as PDFs."""

    credential: Credential
    level: Level
    said: SignatureParameters
    mark: Mark
    form: str | None
    on_behalf_of: str
    content_timestamp: bool

    def fitted(self, document: Document, given: SignatureParameters) -> SignatureParameters:
        """What the signature says of itself on this document."""
        return self.mark.on(document, given) if self.form in {None, "pades"} else given


def wish(visit: Visit, service: Signing, kit: Kit, way: Way) -> Wish:
    """What the form asks for; raises `SayingMalformed`, `CredentialUnknown`, `NotPermitted`."""
    form = visit.form
    credential = service.credential(visit.actor, form.get("as"))
    name = languages.common_name(credential.chain[0].subject.text)
    day = languages.date(kit.clock.now(), visit.language)
    lines = (name, visit.say(f"{way.name}.mark.line", day=day))
    return Wish(
        credential,
        LEVELS.get(form.get("level"), Level.B_T),
        _said(visit),
        Mark(form.get("mark"), form.get("place", "bottom-right"), lines),
        form.get("format") or None,
        form.get("behalf")[:_MOST] if way.kind is CredentialKind.SEAL else "",
        bool(form.get("content_timestamp")),
    )


def asked(
    visit: Visit, service: Signing, way: Way, *, is_pdf: bool, error: ShirushiError | None
) -> dict[str, Any]:
    """What the page shows to ask for it."""
    return {
        "way": way.name,
        "places": PLACES,
        "levels": LEVELS,
        "credentials": credentials(service, visit, way),
        "forms": service.forms(visit.actor),
        "packagings": [each.value for each in Packaging],
        "commitments": COMMITMENTS,
        "certifications": CERTIFICATIONS if is_pdf else (),
        "more_open": any(visit.form.get(name) for name in MORE),
        "given": visit.form,
        "error": error,
        "wrong": error.parameters.get("name", "") if isinstance(error, SayingMalformed) else "",
        "pin_wrong": isinstance(error, (WrongPin, PinLocked)),
        "takes_pin": way.kind is CredentialKind.SIGNATURE,
    }


def credentials(service: Signing, visit: Visit, way: Way) -> Sequence[tuple[Credential, PinState]]:
    """The credentials of that kind that the visitor may use."""
    found: list[tuple[Credential, PinState]] = []
    after: str | None = ""
    while after is not None:
        page = service.credentials(visit.actor, after=after)
        found += [each for each in page.credentials if each[0].kind is way.kind]
        after = page.next_after
    return found


def _said(visit: Visit) -> SignatureParameters:
    form = visit.form
    said: dict[str, Any] = {name: form.get(name) for name in (*_LINES, *_CHOSEN) if form.get(name)}
    if "policy_digest" in said:
        said["policy_digest"] = said["policy_digest"].replace(" ", "").lower()
    if roles := [line.strip() for line in form.get("role").splitlines() if line.strip()]:
        said["role"] = roles
    try:
        asked_for = Sayings.model_validate(said)
        reason, location = form.get("reason")[:_MOST], form.get("location")[:_MOST]
        return parameters(asked_for, reason=reason or None, location=location or None)
    except ValidationError as error:
        name = str(error.errors(include_url=False, include_input=False)[0]["loc"][0])
    except RequestMalformed as error:
        name = str(error.parameters["detail"])
    raise SayingMalformed(field=visit.say(f"sign.more.{name}"), name=name)
