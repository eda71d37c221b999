"""What falls due, over HTTP."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from shirushi.core.evidence import Level
from shirushi.core.instant import rfc3339
from shirushi.faces.http import Answer, Call, Operation, Outcome, Router, Words
from shirushi.services.signing.service import Signing


class RenewalQuery(Words):
    """How soon."""

    days: int | None = Field(
        None, ge=0, le=36_500, description="due within so many days; by default as configured"
    )


class DueReport(Words):
    """A document that was augmented here; its newest time-stamp ceases to prove anything at `due_at`."""

    digest: str = Field(description="the SHA-256 of the document, hexadecimal")
    name: str
    level: Level
    augmented_at: str
    due_at: str
    cause: str = Field(description="the certificate or the algorithm that ends then")
    failure: str | None = Field(description="why it could not be renewed")


class RenewalReport(Words):
    """What falls due, the most urgent first."""

    renewals: list[DueReport]


def router(service: Signing) -> Router:
    """The operation."""

    def list_(call: Call) -> Answer:
        asked: RenewalQuery = call.parameters
        within = None if asked.days is None else timedelta(days=asked.days)
        found = [
            {
                "digest": each.digest,
                "name": each.name,
                "level": each.level.value,
                "augmented_at": rfc3339(each.augmented_at),
                "due_at": rfc3339(each.due_at),
                "cause": each.cause,
                "failure": each.failure or None,
            }
            for each in service.renewals(call.actor, within=within)
        ]
        return Answer({"renewals": found})

    return (
        Operation(
            id="renewals.list",
            method="GET",
            path="/api/v1/renewals",
            summary="Documents that were augmented here and soon need another archive time-stamp",
            run=list_,
            outcomes=(Outcome("what falls due", model=RenewalReport),),
            parameters=RenewalQuery,
            tag="signing",
        ),
    )
