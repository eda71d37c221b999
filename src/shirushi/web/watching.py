"""What machines ask that watch the platform: whether it lives, whether it is ready, what it counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict

from shirushi.adapters.metrics import Metrics
from shirushi.core.actor import Role
from shirushi.core.errors import NotPermitted
from shirushi.domain import Domain
from shirushi.faces.http import Answer, Call, Operation, Outcome, Router
from shirushi.faces.http.errors import TokenMissing
from shirushi.web.readiness import conditions, readiness_report


class AliveReport(BaseModel):
    """The process answers."""

    status: str


class CauseReport(BaseModel):
    """Why a condition does not hold, and what can be done about it."""

    code: str
    message: str
    remedy: str


class ConditionReport(BaseModel):
    """One thing that must hold."""

    name: str
    ready: bool
    causes: list[CauseReport]
    facts: dict[str, Any]


class ReadinessReport(BaseModel):
    """Whether everything holds that the platform needs."""

    ready: bool
    conditions: list[ConditionReport]


class Description(BaseModel):
    """An OpenAPI document."""

    model_config = ConfigDict(extra="allow")

    openapi: str


def watching(domain: Domain, metrics: Metrics, description: Callable[[], dict[str, Any]]) -> Router:
    """The operations."""

    def alive(call: Call) -> Answer:  # noqa: ARG001  it is for everyone
        return Answer({"status": "alive"})

    def ready(call: Call) -> Answer:
        found = readiness_report(conditions(domain), call.language)
        return Answer(found, 200 if found["ready"] else 503)

    def measured(call: Call) -> Answer:
        if not domain.configuration.serve.metrics_open:
            if not call.actor.roles:
                raise TokenMissing
            if not call.actor.has(Role.OPERATOR, Role.AUDITOR):
                raise NotPermitted(actor=call.actor.id, action="metrics")
        return Answer(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return (
        Operation(
            id="health.alive",
            method="GET",
            path="/healthz",
            summary="Whether the process answers",
            run=alive,
            outcomes=(Outcome("it does", model=AliveReport),),
            public=True,
            probe=True,
            tag="health",
        ),
        Operation(
            id="health.ready",
            method="GET",
            path="/readyz",
            summary="Whether the platform can do its work: anchors, clock, keys, database, lists",
            run=ready,
            outcomes=(
                Outcome("it can", model=ReadinessReport),
                Outcome("it cannot, for the causes that are named", 503, model=ReadinessReport),
            ),
            public=True,
            probe=True,
            tag="health",
        ),
        Operation(
            id="health.metrics",
            method="GET",
            path="/metrics",
            summary="What is counted, for Prometheus; operators and auditors may see it",
            run=measured,
            outcomes=(Outcome("the counts", media_type="text/plain"),),
            errors=(NotPermitted,),
            public=True,
            probe=True,
            tag="health",
        ),
        Operation(
            id="description.get",
            method="GET",
            path="/openapi.json",
            summary="This description",
            run=lambda _: Answer(description()),
            outcomes=(Outcome("an OpenAPI 3.1 document", model=Description),),
            public=True,
            tag="health",
        ),
    )
