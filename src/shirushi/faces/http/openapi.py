"""The OpenAPI description (3.1), written from the same declarations that are carried out."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from shirushi.core.catalogue import lookup
from shirushi.core.errors import NotPermitted, ShirushiError
from shirushi.faces.http.errors import (
    BodyTooLarge,
    BodyTooSlow,
    ContentTypeRefused,
    RateLimited,
    RequestMalformed,
    RouteUnknown,
    ServerBusy,
    TokenMissing,
)
from shirushi.faces.http.operation import FORM, JSON, Form, Json, Operation, Outcome, Raw
from shirushi.faces.http.problems import MEDIA_TYPE
from shirushi.ports.access import TokenRefused
from shirushi.ports.database import StorageBusy, StorageFailed, StorageFull, StorageUnreachable
from shirushi.ports.keys import KeyUnusable
from shirushi.ports.replies import IdempotencyInProgress, IdempotencyKeyReused, IdempotencyOutcomeUnknown

_PLACE = "#/components/schemas/{model}"
_ALWAYS = (
    RequestMalformed,
    RateLimited,
    ServerBusy,
    StorageBusy,
    StorageFull,
    StorageUnreachable,
    StorageFailed,
    KeyUnusable,
)
_WITH_BODY = (ContentTypeRefused, BodyTooLarge, BodyTooSlow)
_OCTETS = {"type": "string", "format": "binary"}


class Problem(BaseModel):
    """What went wrong (RFC 9457), and what can be done about it."""

    type: str = Field(description="a URN that names the kind of problem")
    title: str
    status: int
    detail: str = Field(description="what happened, in the language that was asked for")
    code: str = Field(description="the stable name of what happened")
    remedy: str = Field(description="what can be done about it, in the language that was asked for")


def describe(operations: Iterable[Operation], *, title: str, version: str, address: str) -> dict[str, Any]:
    """The description of all operations."""
    operations = tuple(operations)
    models: list[type[BaseModel]] = [Problem]
    for operation in operations:
        if isinstance(operation.body, Json):
            models.append(operation.body.model)
        models += [outcome.model for outcome in operation.outcomes if outcome.model is not None]
    _, definitions = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(models)], ref_template=_PLACE
    )
    schemas = definitions.get("$defs", {})
    for operation in operations:
        for spread in (operation.parameters, getattr(operation.body, "fields", None)):
            if spread is not None:
                schemas |= spread.model_json_schema(ref_template=_PLACE).get("$defs", {})
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        path = operation.path.replace(":path}", "}")
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": address}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": list(_parameters(operation)),
        "responses": _responses(operation),
        "security": [{}, {"token": []}] if operation.public else [{"token": []}],
    }
    if operation.body is not None:
        said["requestBody"] = {"required": True, "content": _body(operation.body)}
    return said


def _parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    if operation.parameters is not None:
        schema = operation.parameters.model_json_schema(ref_template=_PLACE)
        for name, each in schema["properties"].items():
            in_path = "{" + name in operation.path
            yield {
                "name": name,
                "in": "path" if in_path else "query",
                "required": in_path or name in schema.get("required", ()),
                "schema": _present(each),
            } | ({"description": each["description"]} if "description" in each else {})
    yield {"name": "Accept-Language", "in": "header", "schema": {"type": "string"}, "example": "ja"}
    if operation.replayable:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "a request that comes again under the same key is answered as the first was",
            "schema": {"type": "string", "pattern": "^[!#-~]{1,200}$"},
        }


def _present(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema where it is given: one that may be left out is never null."""
    options = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name not in {"anyOf", "title", "default"}}
    return (options[0] | rest) if len(options) == 1 else ({"anyOf": options} | rest if options else rest)


def _body(body: Form | Json | Raw) -> dict[str, Any]:
    match body:
        case Json(model):
            return {JSON: {"schema": {"$ref": _PLACE.format(model=model.__name__)}}}
        case Raw(media_type, description):
            return {media_type: {"schema": _OCTETS | {"description": description}}}
        case Form(fields, documents):
            schema = fields.model_json_schema(ref_template=_PLACE)
            properties = {name: _present(each) for name, each in schema.get("properties", {}).items()}
            for part in documents:
                one = _OCTETS | {"description": part.description}
                properties[part.name] = {"type": "array", "items": one} if part.many else one
            required = [*schema.get("required", ()), *(part.name for part in documents if part.required)]
            return {
                FORM: {
                    "schema": {
                        "type": "object",
                        "properties": properties,
                        "required": required,
                        "additionalProperties": False,
                    }
                }
            }


def _responses(operation: Operation) -> dict[str, Any]:
    found = {str(outcome.status): _outcome(outcome) for outcome in operation.outcomes}
    errors: list[type[ShirushiError]] = [*_ALWAYS, TokenMissing, TokenRefused, ShirushiError]
    if not operation.public:
        errors.append(NotPermitted)
    if "{" in operation.path:  # what is in its place may be no part of a path at all
        errors.append(RouteUnknown)
    if operation.body is not None:
        errors += _WITH_BODY
    if operation.replayable:
        errors += (IdempotencyKeyReused, IdempotencyInProgress, IdempotencyOutcomeUnknown)
    codes: dict[int, dict[str, None]] = {}
    for error in errors:
        codes.setdefault(lookup(error.code).http_status, {})[error.code] = None
    for declared in operation.errors:
        named = [declared] if isinstance(declared, str) else [e.code for e in _with_subclasses(declared)]
        for code in named:
            codes.setdefault(lookup(code).http_status, {})[code] = None
    for status, names in sorted(codes.items()):
        said = found.setdefault(str(status), {"description": HTTPStatus(status).phrase, "content": {}})
        said["description"] += f": {', '.join(names)}"
        said["content"][MEDIA_TYPE] = {"schema": {"$ref": _PLACE.format(model="Problem")}}
        if status in {429, 503, 409} and (status != 409 or operation.replayable):
            found[str(status)]["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return found


def _outcome(outcome: Outcome) -> dict[str, Any]:
    said: dict[str, Any] = {"description": outcome.description}
    if outcome.headers:
        said["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in outcome.headers.items()
        }
    if outcome.status != 304:
        schema = {"$ref": _PLACE.format(model=outcome.model.__name__)} if outcome.model else _OCTETS
        said["content"] = {outcome.media_type: {"schema": schema}}
    return said


def _with_subclasses(error: type[ShirushiError]) -> Iterable[type[ShirushiError]]:
    yield error
    for each in error.__subclasses__():
        yield from _with_subclasses(each)
