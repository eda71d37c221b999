"""The clock guard over HTTP: how the clock stands, stop and return, time-audit records."""

from __future__ import annotations

from pydantic import Field

from shirushi.core.errors import NotPermitted
from shirushi.faces.http import Answer, Call, Json, Line, Operation, Outcome, Router, Words
from shirushi.ports.keys import KeyUnknown
from shirushi.services.clock.model import (
    ClockNotStopped,
    ClockUnfit,
    record_report,
    records_verification_report,
    status_report,
)
from shirushi.services.clock.service import ClockGuard


class ClockOrder(Words):
    """Why the clock is stopped, or returned to service."""

    reason: Line = Field(description="it stands in the audit log")


class ClockRecordsQuery(Words):
    """Which records."""

    before: int | None = Field(None, ge=1, le=2**31 - 1, description="records before this number")
    limit: int = Field(100, ge=1, le=1000)


class ClockSourceReport(Words):
    """A source of time, and what it said last. Spans are nanoseconds."""

    name: str
    kind: str
    address: str
    traceable_to: str
    refused: str
    standing: str | None = None
    offset_ns: int | None = None
    error_ns: int | None = None
    stratum: int | None = None


class ClockReport(Words):
    """How the clock stands: `code` is empty where tokens may be made. Spans are nanoseconds."""

    state: str
    code: str
    message: str
    remedy: str
    accuracy_ns: int
    offset_ns: int | None
    bound_ns: int | None
    age_ns: int | None
    traceable_to: str
    sources: list[ClockSourceReport]


class ClockRecordReport(Words):
    """A signed time-audit record; the signature covers the statement in UTF-8."""

    node: str
    number: int
    statement: str
    signature: str
    digest: str


class ClockRecordsReport(Words):
    """Time-audit records, newest first."""

    records: list[ClockRecordReport]


class ClockFindingReport(Words):
    """A record that was altered, or is missing."""

    code: str
    message: str
    remedy: str


class ClockVerificationReport(Words):
    """Whether the time-audit records are intact."""

    intact: bool
    records: int
    findings: list[ClockFindingReport]


def router(service: ClockGuard) -> Router:
    """The operations of the clock guard."""

    def status(call: Call) -> Answer:
        return Answer(status_report(service.status(call.actor), call.language))

    def stop(call: Call) -> Answer:
        service.stop(call.actor, call.body.reason)
        return Answer(status_report(service.status(call.actor), call.language), 202)

    def resume(call: Call) -> Answer:
        service.resume(call.actor, call.body.reason)
        return Answer(status_report(service.status(call.actor), call.language), 202)

    def records(call: Call) -> Answer:
        asked: ClockRecordsQuery = call.parameters
        found = service.records(call.actor, before=asked.before, limit=asked.limit)
        return Answer({"records": [record_report(record) for record in found]})

    def verify(call: Call) -> Answer:
        return Answer(records_verification_report(service.verify(call.actor), call.language))

    ordered = Outcome("it is ordered; the guard obeys within a second", 202, model=ClockReport)
    return (
        Operation(
            id="clock.status",
            method="GET",
            path="/api/v1/clock",
            summary="How the clock stands that time-stamps are dated by",
            run=status,
            outcomes=(Outcome("its state", model=ClockReport),),
            errors=(NotPermitted,),
            tag="clock",
        ),
        Operation(
            id="clock.stop",
            method="POST",
            path="/api/v1/clock/stops",
            summary="Have no more tokens made on this machine",
            run=stop,
            outcomes=(ordered,),
            body=Json(ClockOrder),
            errors=(NotPermitted,),
            tag="clock",
        ),
        Operation(
            id="clock.resume",
            method="POST",
            path="/api/v1/clock/returns",
            summary="Return the clock to service after a stop",
            run=resume,
            outcomes=(ordered,),
            body=Json(ClockOrder),
            errors=(NotPermitted, ClockNotStopped, ClockUnfit),
            tag="clock",
        ),
        Operation(
            id="clock.records",
            method="GET",
            path="/api/v1/clock/records",
            summary="Signed time-audit records of this machine, newest first",
            run=records,
            outcomes=(Outcome("the records", model=ClockRecordsReport),),
            parameters=ClockRecordsQuery,
            errors=(NotPermitted,),
            tag="clock",
        ),
        Operation(
            id="clock.verify",
            method="POST",
            path="/api/v1/clock/verifications",
            summary="Hold every time-audit record against its signature and the one before it",
            run=verify,
            outcomes=(Outcome("what was found", model=ClockVerificationReport),),
            errors=(NotPermitted, KeyUnknown),
            tag="clock",
        ),
    )
