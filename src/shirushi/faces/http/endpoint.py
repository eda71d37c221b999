"""Carries operations out, each request in one order: rate, token, type, size, body, use case, answer."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from shirushi.core.actor import Actor
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import ShirushiError
from shirushi.faces.http.credentials import TlsProxies, credentials
from shirushi.faces.http.errors import (
    BodyTooLarge,
    ContentTypeRefused,
    RateLimited,
    RequestMalformed,
    TokenMissing,
)
from shirushi.faces.http.forms import boundary_of, read_form
from shirushi.faces.http.intake import pieces, whole
from shirushi.faces.http.language import preferred
from shirushi.faces.http.limits import Buckets, Limits
from shirushi.faces.http.operation import FORM, JSON, Answer, Call, Form, Json, Operation, Raw, Words
from shirushi.faces.http.problems import ProblemResponse
from shirushi.ports.access import AccessTokens, TokenRefused
from shirushi.ports.files import Uploads
from shirushi.ports.replies import KeptReplies, Reply

T = TypeVar("T")

ANONYMOUS = Actor("anonymous")
"""Whoever asks a public operation without a token. An address is personal data: it is not written down."""
FIELDS_ROOM = 1 << 20
"""Bytes of a form for all but its documents."""
SENT_AT_ONCE = 4 << 20
"""Bytes of a document that are read before the answer begins; a longer one is read as it is sent."""


@dataclass(frozen=True)
class Kit:
    """What operations are carried out with. `threads` is where use cases run."""

    tokens: AccessTokens
    replies: KeptReplies
    uploads: Uploads
    limits: Limits
    threads: Executor
    proxies: TlsProxies = field(default_factory=TlsProxies)
    buckets: Buckets = field(init=False)

    def __post_init__(self) -> None:
        buckets = Buckets(self.limits.requests_per_second, self.limits.burst)
        object.__setattr__(self, "buckets", buckets)

    async def on_thread(self, call: Callable[..., T], *arguments: Any) -> T:
        """Run a synchronous call where it blocks nobody."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, call, *arguments)


def mount(operations: Iterable[Operation], kit: Kit) -> list[BaseRoute]:
    """Routes that carry the operations out: one for each path, so that a refused method learns all that there are."""
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    return [
        Route(path, _Endpoint(methods, kit).respond, methods=list(methods))
        for path, methods in by_path.items()
    ]


class _Endpoint:
    """Answers at one path."""

    def __init__(self, operations: Mapping[str, Operation], kit: Kit) -> None:
        self._operations = operations
        self._kit = kit

    async def respond(self, request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        operation = self._operations[method]
        request.scope["shirushi.route"] = operation.path
        exchange = _Exchange(operation, self._kit, request)
        try:
            answer = await exchange.answer()
        except ShirushiError as error:
            request.scope["shirushi.code"] = error.code
            type_ = operation.problem_type(error) if operation.problem_type else None
            return ProblemResponse(
                error, exchange.language, exchange.actor, unread=exchange.unread, type_=type_
            )
        return exchange.response(answer)


class _Exchange:
    """One request and its answer."""

    def __init__(self, operation: Operation, kit: Kit, request: Request) -> None:
        self.language = preferred(request.headers.get("accept-language", ""))
        self.actor = ANONYMOUS
        self.unread = operation.body is not None
        self._operation = operation
        self._kit = kit
        self._request = request

    async def answer(self) -> Answer:
        """Carry the operation out; raises what the kit refuses, and what the use case raises."""
        self.actor = await self._identify()
        parameters = self._parameters()
        key = self._idempotency_key()
        body, documents = await self._body()
        self.unread = False
        shown = credentials(self._request, self._kit.proxies)
        call = Call(self.actor, self.language, parameters, body, documents, self._request.method, shown)
        if self._operation.probe:
            return await asyncio.to_thread(self._run, call)
        if key is None:
            return await self._kit.on_thread(self._run, call)
        return await self._kit.on_thread(self._run_once, call, key)

    def response(self, answer: Answer) -> Response:
        """The answer as it goes out."""
        headers = {"Cache-Control": "no-store", **answer.headers}
        etag = headers.get("ETag")
        if etag and etag in self._request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if answer.media_type == JSON:
            headers["Content-Language"] = self.language
            content = json.dumps(answer.content, ensure_ascii=False).encode()
            return Response(content, answer.status, headers, JSON)
        if isinstance(answer.content, Document):
            headers["Content-Length"] = str(answer.content.size)
            chunks = self._chunks(answer.content)
            return StreamingResponse(chunks, answer.status, headers, answer.media_type)
        return Response(answer.content, answer.status, headers, answer.media_type)

    async def _identify(self) -> Actor:
        """Who asks; a caller that asks too often is told so, and so is one that tries tokens."""
        scheme, _, token = self._request.headers.get("authorization", "").partition(" ")
        address = self._request.client.host if self._request.client else ""
        if scheme.lower() == "bearer" and token.strip():
            try:
                actor = await self._kit.on_thread(self._kit.tokens.actor, token.strip())
            except TokenRefused:
                self._take(f"address {address}")
                raise
            self._take(f"actor {actor.id}")
            return actor
        self._take(f"address {address}")
        if not self._operation.public or (scheme and not self._operation.own_credentials):
            raise TokenMissing
        return ANONYMOUS

    def _take(self, caller: str) -> None:
        if self._operation.probe:
            return
        wait = self._kit.buckets.take(caller)
        if wait:
            raise RateLimited(seconds=max(1, round(wait + 0.5)))

    def _parameters(self) -> Words | None:
        asked = self._operation.parameters
        found: dict[str, Any] = {}
        for name, value in self._request.query_params.multi_items():
            if name in found or name in self._request.path_params:
                raise RequestMalformed(detail=name[:100])
            found[name] = value
        found |= self._request.path_params
        if asked is None:
            if found:
                raise RequestMalformed(detail=next(iter(found))[:100])
            return None
        return _checked(asked, found)

    def _idempotency_key(self) -> str | None:
        value = self._request.headers.get("idempotency-key")
        if value is None or not self._operation.replayable:
            return None
        key = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
        if not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()):
            raise RequestMalformed(detail="Idempotency-Key")
        return key

    async def _body(self) -> tuple[Any, Mapping[str, tuple[Document, ...]]]:
        match self._operation.body:
            case None:
                return None, {}
            case Json(model, most):
                return _checked_json(model, await self._whole(JSON, most)), {}
            case Raw(media_type, _, most):
                return await self._whole(media_type, most), {}
            case Form() as form:
                return await self._form(form)

    async def _whole(self, media_type: str, most: int) -> bytes:
        self._check_head(media_type, most)
        return await whole(self._request.receive, most, self._kit.limits)

    async def _form(self, form: Form) -> tuple[Words, Mapping[str, tuple[Document, ...]]]:
        most = self._kit.limits.document_bytes + FIELDS_ROOM
        self._check_head(FORM, most)
        boundary = boundary_of(self._request.headers["content-type"])
        arriving = pieces(self._request.receive, most, self._kit.limits)
        found = await read_form(arriving, boundary, form, self._kit.uploads, self._kit.threads)
        for part in form.documents:
            if part.required and part.name not in found.documents:
                raise RequestMalformed(detail=part.name)
        fields = {
            name: values if _is_list(form.fields, name) or len(values) > 1 else values[0]
            for name, values in found.fields.items()
        }
        documents = {name: tuple(documents) for name, documents in found.documents.items()}
        return _checked(form.fields, fields), documents

    def _check_head(self, media_type: str, most: int) -> None:
        given = self._request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != media_type or self._request.headers.get("content-encoding", "identity") != "identity":
            raise ContentTypeRefused(media_type=given[:100] or "-", accepted=media_type)
        length = self._request.headers.get("content-length", "0")
        if length.isdecimal() and int(length) > most:
            raise BodyTooLarge(limit=most)

    def _run(self, call: Call) -> Answer:
        answer = self._operation.run(call)
        if isinstance(answer.content, Document) and answer.content.size <= SENT_AT_ONCE:
            return replace(answer, content=answer.content.read())
        return answer

    def _run_once(self, call: Call, key: str) -> Answer:
        """Run, unless a reply is kept under the key. What is refused is not kept: the key may come again.

        What breaks off otherwise leaves the key claimed: what was done by then is unknown, and is not done again.
        """
        replies, actor_id = self._kit.replies, call.actor.id
        kept = replies.claim(actor_id, key, _digest(self._operation, call))
        if kept is not None:
            return _replayed(kept, call)
        try:
            answer = self._operation.run(call)
        except ShirushiError:
            replies.release(actor_id, key)
            raise
        reply = _reply(answer, call)
        replies.keep(actor_id, key, reply)
        return answer

    async def _chunks(self, document: Document) -> AsyncIterator[bytes]:
        chunks = document.chunks()
        while (chunk := await self._kit.on_thread(next, chunks, b"")) != b"":
            yield chunk


def _is_list(model: type[BaseModel], name: str) -> bool:
    return str(model.model_fields[name].annotation).startswith(("tuple", "list"))


W = TypeVar("W", bound=Words)


def _checked(model: type[W], found: Mapping[str, Any]) -> W:
    try:
        return model.model_validate(found)
    except ValidationError as error:
        raise RequestMalformed(detail=_detail(error)) from None


def _checked_json(model: type[W], data: bytes) -> W:
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        raise RequestMalformed(detail=_detail(error)) from None


def _detail(error: ValidationError) -> str:
    """Where the first mistake is, and of what kind; never what was given."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])[:100]
    return f"{where or 'body'} ({first['type']})"


def _digest(operation: Operation, call: Call) -> str:
    """What the request asks, as a SHA-256. Secrets are left out: a digest over a PIN would tell it to who guesses."""
    said = {
        "operation": operation.id,
        "parameters": call.parameters and call.parameters.model_dump(mode="json"),
        "body": _open_fields(call.body),
        "documents": {
            name: [[d.name, str(d.digest(DigestAlgorithm.SHA256))] for d in documents]
            for name, documents in call.documents.items()
        },
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _open_fields(body: Any) -> Any:
    if isinstance(body, BaseModel):
        secret = {name for name, value in body if isinstance(value, SecretStr)}
        return body.model_dump(mode="json", exclude=secret)
    return body.hex() if isinstance(body, bytes) else body


def _reply(answer: Answer, call: Call) -> Reply:
    headers = tuple(answer.headers.items())
    content, given = answer.content, call.documents.get("document", (None,))[0]
    if isinstance(content, Document):
        after = given is not None and content.source is given.source and not given.appended
        kept = content.appended if after else content.read()
        return Reply(answer.status, answer.media_type, headers, kept, after)
    octets = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    return Reply(answer.status, answer.media_type, headers, octets)


def _replayed(kept: Reply, call: Call) -> Answer:
    content: Any = kept.content
    if kept.after_document:
        given = call.document()
        content = Document(given.source, kept.content, given.name, given.media_type)
    elif kept.media_type == JSON:
        content = json.loads(kept.content)
    headers = {**dict(kept.headers), "Idempotency-Replayed": "true"}
    return Answer(content, kept.status, kept.media_type, headers)
