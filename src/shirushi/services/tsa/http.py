"""Time-stamps over HTTP: the protocol of RFC 3161 §3.4, and files stamped by upload."""

from __future__ import annotations

from shirushi.faces.http import Answer, Call, Form, Operation, Outcome, Part, Raw, Router, Words, attachment
from shirushi.ports.clock import TimeNotAvailable
from shirushi.services.tsa.model import StampRefused
from shirushi.services.tsa.service import TimeStampingAuthority

QUERY = "application/timestamp-query"
REPLY = "application/timestamp-reply"


class StampForm(Words):
    """A file to be stamped needs no further words."""


def router(service: TimeStampingAuthority) -> Router:
    """The operations of the time-stamping authority."""

    def answer(call: Call) -> Answer:
        return Answer(service.answer(call.actor, call.body), media_type=REPLY)

    def stamp(call: Call) -> Answer:
        document = call.document()
        response = service.stamp_document(call.actor, document)
        return Answer(response, media_type=REPLY, headers=attachment(f"{document.name}.tsr"))

    return (
        Operation(
            id="tsa.answer",
            method="POST",
            path="/tsa",
            summary="Answer a TimeStampReq (RFC 3161 §3.4); a refusal is an answer too",
            run=answer,
            outcomes=(Outcome("a TimeStampResp in DER", media_type=REPLY),),
            body=Raw(QUERY, "a TimeStampReq in DER"),
            public=True,
            tag="tsa",
        ),
        Operation(
            id="stamps.create",
            method="POST",
            path="/api/v1/stamps",
            summary="Time-stamp a file: proof that it exists now",
            run=stamp,
            outcomes=(Outcome("a TimeStampResp in DER over the SHA-256 of the file", media_type=REPLY),),
            body=Form(StampForm, (Part("document", "the file"),)),
            errors=(StampRefused, TimeNotAvailable),
            replayable=True,
            tag="tsa",
        ),
    )
