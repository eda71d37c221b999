"""The audit log over HTTP: search it, verify it."""

from __future__ import annotations

from pydantic import Field

from shirushi.core.errors import FileUnreadable, NotAnInstant
from shirushi.core.instant import instant
from shirushi.faces.http import Answer, Call, Line, Operation, Outcome, Router, Words, cursor_of, cursor_parts
from shirushi.faces.http.errors import RequestMalformed
from shirushi.ports.keys import KeyUnknown
from shirushi.services.audit.model import record_report, verification_report
from shirushi.services.audit.service import AuditService


class AuditQuery(Words):
    """Which records are sought; all that is given must fit."""

    action: Line | None = Field(None, description="such as tsa.stamp")
    subject: Line | None = Field(None, description="what it was done to")
    actor: Line | None = Field(None, description="who did it")
    since: Line | None = Field(None, description="from this time on (RFC 3339)")
    until: Line | None = Field(None, description="before this time (RFC 3339)")
    digest: Line | None = Field(
        None, description="in the lanes' chains: what was stamped, or the token's own digest"
    )
    chains: bool = Field(default=False, description="look into the lanes' chains on this machine instead")
    limit: int = Field(50, ge=1, le=1000)
    cursor: Line | None = Field(None, description="`next` of the page before")


class AuditRecordReport(Words):
    """What happened, who did it, when. `position` is the place in the chain, null until it is linked."""

    id: int
    at: str | None
    actor: str
    action: str
    subject: str
    outcome: str
    detail: dict[str, str | int]
    position: int | None
    chain: str


class AuditPageReport(Words):
    """Records, newest first. `next` is the cursor of the next page, null at the end."""

    records: list[AuditRecordReport]
    next: str | None


class AuditFindingReport(Words):
    """Something that was altered, removed, reordered or cut off."""

    code: str
    message: str
    remedy: str
    position: int | None
    record: int | None
    chain: str


class ChainReport(Words):
    """A chain beside the log. `kept_on` names another machine that keeps it, and verifies the rest of the `promised`."""

    name: str
    records: int
    bound: int
    unbound: int
    head: str
    kept_on: str
    promised: int


class AuditVerificationReport(Words):
    """Whether the log is intact: what is linked, what stands under a checkpoint, and what was found."""

    intact: bool
    records: int
    linked: int
    bound: int
    unlinked: list[int]
    checkpoints: int
    stamped: int
    findings: list[AuditFindingReport]
    findings_omitted: int
    chains: list[ChainReport]


def router(service: AuditService) -> Router:
    """The operations of the audit log."""

    def search(call: Call) -> Answer:
        asked: AuditQuery = call.parameters
        page = service.search(
            call.actor,
            before=_before(asked.cursor),
            limit=asked.limit,
            action=asked.action,
            subject=asked.subject,
            done_by=asked.actor,
            since=instant(asked.since) if asked.since else None,
            until=instant(asked.until) if asked.until else None,
            digest=asked.digest,
            chains=asked.chains,
        )
        after = cursor_of(str(page.next_before)) if page.next_before is not None else None
        return Answer({"records": [record_report(record) for record in page.records], "next": after})

    def verify(call: Call) -> Answer:
        return Answer(verification_report(service.verify(call.actor), call.language))

    return (
        Operation(
            id="audit.search",
            method="GET",
            path="/api/v1/audit/records",
            summary="Search the audit log; that it was searched is recorded too",
            run=search,
            outcomes=(Outcome("the records that fit, newest first", model=AuditPageReport),),
            parameters=AuditQuery,
            errors=(NotAnInstant, FileUnreadable),
            tag="audit",
        ),
        Operation(
            id="audit.verify",
            method="POST",
            path="/api/v1/audit/verifications",
            summary="Hold every record against the chain and its checkpoints",
            run=verify,
            outcomes=(Outcome("what was found", model=AuditVerificationReport),),
            errors=(KeyUnknown, FileUnreadable),
            tag="audit",
        ),
    )


def _before(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    (number,) = cursor_parts(cursor, 1)
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise RequestMalformed(detail="cursor")
    return int(number)
