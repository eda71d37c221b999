"""Batches over HTTP: bring documents, agree once, watch, cancel, fetch."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, SecretStr, StringConstraints

from shirushi.core.actor import Actor
from shirushi.core.catalogue import Language
from shirushi.core.document import Document
from shirushi.core.errors import FileUnwritable
from shirushi.core.evidence import Level
from shirushi.core.instant import Instant, rfc3339
from shirushi.faces.http import (
    Answer,
    Call,
    Form,
    Json,
    Line,
    Operation,
    Outcome,
    Part,
    Router,
    Words,
    attachment,
)
from shirushi.faces.http.problems import problem
from shirushi.ports.background import ProcessStopping
from shirushi.ports.database import StorageFull
from shirushi.services.signing.http.sayings import parameters
from shirushi.services.signing.http.signatures import ERRORS, MarkedForm
from shirushi.services.signing.model import (
    ActivationForeign,
    Batch,
    BatchBegun,
    BatchDocument,
    BatchDocumentMissing,
    BatchForeign,
    BatchNotOver,
    BatchOrder,
    BatchState,
    BatchTooLarge,
    BatchUnknown,
    DocumentState,
    PinLocked,
    SealNeeded,
    TooManyBatches,
    WrongPin,
)
from shirushi.services.signing.service import Batches, Signing

ZIP = "application/zip"
BatchId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class BatchForm(Words):
    """Documents need no further words."""


class BatchPath(Words):
    """Which batch."""

    id: BatchId


class DocumentPath(BatchPath):
    """Which document of which batch."""

    number: int = Field(ge=1, le=1_000_000, description="from 1, in the order in which they were brought")


class DocumentsQuery(BatchPath):
    """Which page of the documents."""

    after: int = Field(
        0, ge=0, le=1_000_000, description="the number of the last document of the page before"
    )
    limit: int = Field(100, ge=1, le=1000)


class OrderBody(MarkedForm):
    """Whose signature or seal stands on every document, under which PIN, and what it says of itself."""

    credential: Line = Field(description="whose signature, or the registered name of the company that seals")
    pin: SecretStr | None = Field(None, max_length=200, description="the PIN of the credential")
    reason: Line | None = Field(None, description="why it is signed")
    location: Line | None = Field(None, description="the town where it is signed")
    on_behalf_of: Line | None = Field(
        None,
        description="the user on whose instruction a platform seals; it is told apart from the user's own signature",
    )
    content_timestamp: bool = Field(
        default=False,
        description="a time-stamp over each document before it is signed goes into its signature",
    )


class BatchReport(Words):
    """How far a batch is. `done` counts `signed` and `failed`."""

    id: str
    state: BatchState
    documents: int
    done: int
    signed: int
    failed: int
    credential: str | None
    level: Level | None
    on_behalf_of: str | None
    opened_at: str
    begun_at: str | None
    ended_at: str | None


class BatchesReport(Words):
    """The caller's batches, the latest first."""

    batches: list[BatchReport]


class FailureReport(Words):
    """What kept a document from being signed."""

    code: str
    detail: str
    remedy: str


class DocumentReport(Words):
    """A document of a batch. `result` is where its signed file is fetched."""

    number: int
    name: str
    size: int
    digest: str = Field(description="the SHA-256 of what was brought, hexadecimal")
    state: DocumentState
    result: str | None
    result_name: str | None
    result_digest: str | None = Field(description="the SHA-256 of the signed file, hexadecimal")
    failure: FailureReport | None


class DocumentsReport(Words):
    """Documents in the order in which they were brought. `next` is the next page's `after`, null at the end."""

    documents: list[DocumentReport]
    next: int | None


def router(service: Signing, batches: Batches) -> Router:
    """The operations."""

    def create(call: Call) -> Answer:
        opened = batches.open(call.actor)
        found = batches.add(call.actor, opened.id, call.documents["document"])
        return Answer(_report(found), status=201, headers={"Location": _place(found)})

    def add(call: Call) -> Answer:
        return Answer(_report(batches.add(call.actor, call.parameters.id, call.documents["document"])))

    def begin(call: Call) -> Answer:
        asked: OrderBody = call.body
        found = batches.find(call.actor, call.parameters.id)
        credential = service.credential(call.actor, asked.credential)
        order = BatchOrder(
            found,
            credential,
            asked.level,
            parameters(asked, reason=asked.reason, location=asked.location),
            asked.form,
            asked.on_behalf_of or "",
            asked.content_timestamp,
        )
        pin = asked.pin.get_secret_value() if asked.pin else None
        begun = batches.begin(call.actor, order, credential.activate(order, pin))
        return Answer(_report(begun), status=202, headers={"Location": _place(begun)})

    def show(call: Call) -> Answer:
        return Answer(_report(batches.find(call.actor, call.parameters.id)))

    def list_(call: Call) -> Answer:
        return Answer({"batches": [_report(each) for each in batches.own(call.actor)]})

    def cancel(call: Call) -> Answer:
        found = batches.cancel(call.actor, call.parameters.id)
        return Answer(_report(found), status=202 if found.state is BatchState.CANCELLING else 200)

    def remove(call: Call) -> Answer:
        return Answer(_report(batches.remove(call.actor, call.parameters.id)))

    def documents(call: Call) -> Answer:
        asked: DocumentsQuery = call.parameters
        found = batches.documents(call.actor, asked.id, after=asked.after, limit=asked.limit)
        told = [_document(asked.id, each, call.language, call.actor) for each in found]
        more = found[-1].number if len(found) == asked.limit else None
        return Answer({"documents": told, "next": more})

    def result(call: Call) -> Answer:
        asked: DocumentPath = call.parameters
        return _file(batches.result(call.actor, asked.id, asked.number))

    def archive(call: Call) -> Answer:
        return _file(batches.archive(call.actor, call.parameters.id))

    def operation(id_: str, method: str, path: str, summary: str, run: Any, **more: Any) -> Operation:
        given = {"parameters": BatchPath, "errors": (), **more}
        given["errors"] = (*given["errors"], *((BatchUnknown,) if "{id}" in path else ()))
        return Operation(
            id=f"batches.{id_}",
            method=method,
            path=f"/api/v1/batches{path}",
            summary=summary,
            run=run,
            tag="signing",
            **given,
        )

    brought = Form(BatchForm, (Part("document", "documents, each of which is signed by itself", many=True),))
    taken_in = (BatchBegun, BatchTooLarge, StorageFull, FileUnwritable)
    report = Outcome("the batch", model=BatchReport)
    place = {"Location": "the batch"}
    return (
        operation(
            "create",
            "POST",
            "",
            "Open a batch with its first documents; they are signed once it is begun",
            create,
            outcomes=(Outcome("the new batch", 201, model=BatchReport, headers=place),),
            parameters=None,
            body=brought,
            errors=(*taken_in, TooManyBatches),
            replayable=True,
        ),
        operation(
            "list",
            "GET",
            "",
            "The caller's batches",
            list_,
            outcomes=(Outcome("every batch that is kept", model=BatchesReport),),
            parameters=None,
        ),
        operation("get", "GET", "/{id}", "How far a batch is", show, outcomes=(report,)),
        operation(
            "cancel",
            "DELETE",
            "/{id}",
            "Sign no more of a batch; what was signed can still be fetched",
            cancel,
            outcomes=(report, Outcome("the document in hand is being finished", 202, model=BatchReport)),
        ),
        operation(
            "add",
            "POST",
            "/{id}/documents",
            "Bring further documents",
            add,
            outcomes=(report,),
            body=brought,
            errors=taken_in,
            replayable=True,
        ),
        operation(
            "documents",
            "GET",
            "/{id}/documents",
            "The documents of a batch: which are signed, and what kept the others",
            documents,
            outcomes=(Outcome("a page of documents", model=DocumentsReport),),
            parameters=DocumentsQuery,
        ),
        operation(
            "remove",
            "DELETE",
            "/{id}/documents",
            "Remove a batch that is over or never began, with all its documents",
            remove,
            outcomes=(Outcome("the batch as it was", model=BatchReport),),
            errors=(BatchNotOver,),
        ),
        operation(
            "begin",
            "POST",
            "/{id}/signature",
            "Sign every document of a batch under one PIN, in the background",
            begin,
            outcomes=(Outcome("it has begun", 202, model=BatchReport, headers=place),),
            body=Json(OrderBody),
            errors=(
                *ERRORS,
                WrongPin,
                PinLocked,
                SealNeeded,
                ActivationForeign,
                BatchBegun,
                BatchForeign,
                ProcessStopping,
                FileUnwritable,
            ),
            replayable=True,
        ),
        operation(
            "result",
            "GET",
            "/{id}/documents/{number}",
            "Fetch a signed document",
            result,
            outcomes=(Outcome("the signed file", media_type="*/*"),),
            parameters=DocumentPath,
            errors=(BatchDocumentMissing,),
        ),
        operation(
            "archive",
            "GET",
            "/{id}/archive",
            "Fetch all that was signed so far",
            archive,
            outcomes=(Outcome("a ZIP archive of the signed files", media_type=ZIP),),
            errors=(BatchDocumentMissing,),
        ),
    )


def _file(found: Document) -> Answer:
    return Answer(found, media_type=found.media_type, headers=attachment(found.name))


def _place(batch: Batch) -> str:
    return f"/api/v1/batches/{batch.id}"


def _at(instant: Instant | None) -> str | None:
    return rfc3339(instant) if instant else None


def _report(batch: Batch) -> dict[str, Any]:
    return {
        "id": batch.id,
        "state": batch.state.value,
        "documents": batch.documents,
        "done": batch.progress,
        "signed": batch.signed,
        "failed": batch.failed,
        "credential": batch.credential or None,
        "level": batch.level.value if batch.level else None,
        "on_behalf_of": batch.on_behalf_of or None,
        "opened_at": rfc3339(batch.opened_at),
        "begun_at": _at(batch.begun_at),
        "ended_at": _at(batch.ended_at),
    }


def _document(id_: str, each: BatchDocument, language: Language, actor: Actor) -> dict[str, Any]:
    failure = None
    if each.failure is not None:
        told = problem(each.failure, language, actor)
        failure = {name: told[name] for name in ("code", "detail", "remedy")}
    signed = each.state is DocumentState.SIGNED
    return {
        "number": each.number,
        "name": each.name,
        "size": each.size,
        "digest": each.digest,
        "state": each.state.value,
        "result": f"/api/v1/batches/{id_}/documents/{each.number}" if signed else None,
        "result_name": each.result_name or None,
        "result_digest": each.result_digest or None,
        "failure": failure,
    }
