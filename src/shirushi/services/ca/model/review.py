"""What an operator is told of a request before they decide it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import GeneralName, PublicKey
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason
from shirushi.services.ca.model.subject_request import WaitingRequest


class Question(Enum):
    """What is looked at."""

    PROOF = "proof"
    """Whether the request is whole, and shows that its subject holds the key."""
    KEY = "key"
    """Whether the key is strong, nobody else's, and not known to be compromised."""
    NAME = "name"
    """Whether the name is what the profile demands, and nobody mistakes it for another."""
    CERTIFICATE = "certificate"
    """Whether the authority could issue it now, and it would follow the standards."""


class Light(Enum):
    """What was found."""

    GOOD = "good"
    LOOK = "look"
    """Somebody must look at it; it stops nothing."""
    STOP = "stop"
    """Nothing is issued from it like this."""
    UNSEEN = "unseen"
    """It was not looked at, for something before it stops the request, or nothing lints here."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question's answer, with its reasons; `certificates` are the serial numbers of those that it speaks of."""

    question: Question
    light: Light
    reasons: tuple[Reason, ...] = ()
    certificates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A request with everything that helps to decide it.

    Attributes:
        request: the request.
        subject: the subject's name, as (type, value) in order.
        alternative_names: further names.
        public_key: the key.
        validity: the first and the last moment of the certificate, were it issued now; None where it could not be.
        answers: to each question one, in their order.
        own: whether it is the asker's own, which they may not approve.
    """

    request: WaitingRequest
    subject: tuple[tuple[str, str], ...]
    alternative_names: tuple[GeneralName, ...]
    public_key: PublicKey = field(repr=False)
    validity: tuple[Instant, Instant] | None
    answers: tuple[Answer, ...]
    own: bool

    @property
    def stops(self) -> bool:
        """Whether nothing could be issued from it now."""
        return any(each.light is Light.STOP for each in self.answers)


_QUESTIONS = {"CSR": Question.PROOF, "SUBJECT_KEY": Question.KEY, "SUBJECT_NAME": Question.NAME}


def question_of(error: ShirushiError) -> Question:
    """Which question a refusal answers."""
    found = (question for start, question in _QUESTIONS.items() if error.code.startswith(start))
    return next(found, Question.CERTIFICATE)
