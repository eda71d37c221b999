"""What an operator is told of a request before they decide it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from shirushi.codecs.asn1.pkcs10 import CertificationRequest, parse_request
from shirushi.core.actor import Actor
from shirushi.core.errors import ShirushiError
from shirushi.core.instant import Instant
from shirushi.core.reason import Information, Reason, reason
from shirushi.ports.lint import Finding
from shirushi.services.ca.model import CertificateRequest, DistinguishedName, IssuedCertificate, profile
from shirushi.services.ca.model.linting import waiver
from shirushi.services.ca.model.review import Answer, Light, Question, Review, question_of
from shirushi.services.ca.model.searching import Standing, looks_of
from shirushi.services.ca.model.subject_request import ProvenRequest, RequestState, WaitingRequest
from shirushi.services.ca.service.authority import CertificateAuthority
from shirushi.services.ca.service.requesting import Requests
from shirushi.services.ca.store import searching

_AT_ONCE = 10
_OPEN = {RequestState.WAITING, RequestState.APPROVED}
_NAMES = {"commonName", "organizationName", "pseudonym"}


@dataclass(slots=True)
class _Sheet:
    """The answers while they are gathered."""

    reasons: dict[Question, list[Reason]] = field(default_factory=lambda: {each: [] for each in Question})
    certificates: dict[Question, list[int]] = field(default_factory=lambda: {each: [] for each in Question})
    stopped: Question | None = None
    linted: bool = True

    def stop(self, error: ShirushiError) -> None:
        self.stopped = question_of(error)
        self.reasons[self.stopped] = [reason(error.code, **error.parameters)]

    def add(self, question: Question, said: Reason, *found: IssuedCertificate) -> None:
        if said not in self.reasons[question]:
            self.reasons[question].append(said)
        self.certificates[question] += (each.serial_number for each in found)

    def answers(self) -> tuple[Answer, ...]:
        return tuple(
            Answer(
                each,
                self._light(each),
                tuple(self.reasons[each]),
                tuple(dict.fromkeys(self.certificates[each])),
            )
            for each in Question
        )

    def _light(self, question: Question) -> Light:
        order = list(Question)
        if question is self.stopped:
            return Light.STOP
        if self.stopped and order.index(question) > order.index(self.stopped):
            return Light.UNSEEN
        if question is Question.CERTIFICATE and not self.linted:
            return Light.UNSEEN
        told = all(isinstance(each, Information) for each in self.reasons[question])
        return Light.GOOD if told else Light.LOOK


class Reviewing:
    """Looks at requests as issuing would, and at what stands in the register of certificates. Changes nothing."""

    def __init__(self, ca: CertificateAuthority, requests: Requests) -> None:
        self._ca = ca
        self._requests = requests

    def review(self, actor: Actor, id_: str) -> Review:
        """A request with everything that helps to decide it; without answers where it was decided. Raises `RequestUnknown`."""
        found = self._requests.get(actor, id_)
        parsed = parse_request(found.der)
        own = profile(found.profile).four_eyes and actor.id == found.submitted_by
        sheet, validity, subject = _Sheet(), None, _attributes(parsed)
        if found.state in _OPEN:
            try:
                proven = self._requests.proven(found.profile, found.der, found.renews)
                subject = proven.subject.attributes
                self._look_at_key(sheet, proven)
                self._look_at_name(sheet, found, proven)
                validity = self._look_at_certificate(sheet, found, proven)
            except ShirushiError as error:
                sheet.stop(error)
        return Review(
            found,
            subject,
            parsed.alternative_names,
            parsed.public_key,
            validity,
            sheet.answers() if found.state in _OPEN else (),
            own,
        )

    def _look_at_key(self, sheet: _Sheet, proven: ProvenRequest) -> None:
        key_id = hashlib.sha256(proven.spki).hexdigest()
        with self._ca.register.database.reading() as connection:
            found = searching.of_key(connection, key_id)
        if found:
            sheet.add(Question.KEY, reason("REQUEST_KEY_CERTIFIED", count=len(found)), *found)

    def _look_at_name(self, sheet: _Sheet, request: WaitingRequest, proven: ProvenRequest) -> None:
        register, subject = self._ca.register, proven.subject.encode()
        now = register.clock.now()
        looks = tuple(filter(None, looks_of(proven.subject, proven.alternative_names).split("\n")))
        with register.database.reading() as connection:
            own = [
                each
                for each in searching.of_subject(connection, subject)
                if each.profile == request.profile and each.standing(now) is Standing.VALID
            ]
            others = searching.namesakes(connection, looks, subject, now, _AT_ONCE) if looks else []
        if own:
            sheet.add(Question.NAME, reason("REQUEST_NAME_CERTIFIED", count=len(own)), *own)
        names = _said(proven.subject)
        for other in others:
            theirs = DistinguishedName.decode(other.certificate.subject.der)
            shared = names & _said(theirs)
            code = "REQUEST_NAME_SHARED" if shared else "REQUEST_NAME_RESEMBLES"
            sheet.add(Question.NAME, reason(code, name=theirs.text), other)

    def _look_at_certificate(
        self, sheet: _Sheet, request: WaitingRequest, proven: ProvenRequest
    ) -> tuple[Instant, Instant]:
        asked = CertificateRequest(
            request.authority, request.profile, proven.subject, proven.spki, proven.alternative_names
        )
        validity, findings = self._ca.tried(asked)
        sheet.linted = findings is not None
        for each in findings or ():
            sheet.add(Question.CERTIFICATE, _finding(each, request.profile))
            if waiver(each.code, each.place, request.profile) is None:
                sheet.stopped = Question.CERTIFICATE
        if findings is None:
            sheet.add(Question.CERTIFICATE, reason("REQUEST_NOT_LINTED", name=request.authority))
        return validity


def _finding(finding: Finding, profile_name: str) -> Reason:
    waived = waiver(finding.code, finding.place, profile_name)
    code = "REQUEST_LINT_WAIVED" if waived else "REQUEST_LINT_FOUND"
    said = reason(code, finding=finding.code, place=finding.place)
    return Information(said.code, said.parameters) if waived else said


def _said(name: DistinguishedName) -> set[str]:
    return {value for kind, value in name.attributes if kind in _NAMES}


def _attributes(request: CertificationRequest) -> tuple[tuple[str, str], ...]:
    try:
        return DistinguishedName.decode(request.subject).attributes
    except ShirushiError:
        return ()
