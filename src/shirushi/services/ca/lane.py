"""OCSP over HTTP (RFC 6960 appendix A): what a lane of the certification authority is for."""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from shirushi.core.actor import service_actor
from shirushi.faces.caching import caching
from shirushi.faces.lane import Asked, Target
from shirushi.services.ca.service import CertificateAuthority
from shirushi.services.ca.service.responding import OcspAnswer

_ACTOR = service_actor("ca")
_PATHS = {b"/", b"/ocsp"}
_ASKED = (b"/ocsp/", b"/M")
"""What paths with a request begin with; the Base64 of every request begins with M."""
_MEDIA_TYPE = "application/ocsp-response"
_REPLY = b"content-type: application/ocsp-response\r\ncache-control: no-store\r\n"


class OcspDesk:
    """Answers OCSP requests, in a body or, as Base64, in a path."""

    methods = b"GET, POST"

    def __init__(self, service: CertificateAuthority) -> None:
        self._service = service
        self.answers: Counter[str] = Counter()
        """How many answers left: `cacheable` ones, and `single` ones, which are for nobody else."""

    def judge(self, target: Target) -> int:
        """200, or the status that refuses such a request."""
        if target.method == b"GET":
            return 200 if target.path.startswith(_ASKED) else 404
        if target.method != b"POST":
            return 405
        if target.path not in _PATHS:
            return 404
        return 200 if target.media_type == b"application/ocsp-request" else 415

    def answer_all(self, asked: Sequence[Asked]) -> None:
        """Answer requests, those that ask for what a client has already by saying so."""
        answers = self._service.answers(_ACTOR, [_request(each) for each in asked])
        for (connection, target, _), answer in zip(asked, answers, strict=True):
            if answer.produced_at is None:
                self.answers["single"] += 1
                connection.answered(200, _REPLY, answer.response)
                continue
            self.answers["cacheable"] += 1
            fields = _fields(answer)
            if target.if_none_match and answer.etag.encode() in target.if_none_match:
                connection.answered(304, fields, b"")
            else:
                connection.answered(200, fields, answer.response)


def _request(asked: Asked) -> bytes:
    """The OCSPRequest in DER; what cannot be read is answered as malformedRequest."""
    _, target, body = asked
    if target.method != b"GET":
        return body
    text = target.path.removeprefix(b"/ocsp").removeprefix(b"/")
    try:
        return b64decode(unquote_to_bytes(text) if b"%" in text else text, validate=True)
    except ValueError:
        return b""


@lru_cache(maxsize=4096)
def _fields(answer: OcspAnswer) -> bytes:
    """The header lines of an answer that caches may keep (RFC 5019 §6.2)."""
    assert answer.produced_at is not None
    told = caching(answer.etag, answer.produced_at, answer.age, answer.next_update)
    return "".join(
        f"{name}: {value}\r\n" for name, value in ({"Content-Type": _MEDIA_TYPE} | told).items()
    ).encode()
