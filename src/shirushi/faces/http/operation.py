"""Operations as declarations: what a request holds, what answers it, and the use case between."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeAlias
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, StringConstraints

from shirushi.core.actor import Actor
from shirushi.core.catalogue import Language
from shirushi.core.document import Document
from shirushi.core.errors import ShirushiError
from shirushi.faces.http.credentials import Credentials
from shirushi.faces.http.errors import RequestMalformed

JSON = "application/json"
FORM = "multipart/form-data"

Line = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A line of text without control characters."""


class Words(BaseModel):
    """What a request or an answer says: names that are not known are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Part:
    """A document in a form."""

    name: str
    description: str
    many: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """A body of multipart/form-data: fields of text, and documents that are taken in piece by piece."""

    fields: type[Words]
    documents: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Json:
    """A body of JSON."""

    model: type[Words]
    most: int = 262_144


@dataclass(frozen=True, slots=True)
class Raw:
    """A body of another protocol, small enough to be read at once."""

    media_type: str
    description: str
    most: int = 65_536


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read and checked: `parameters` and `body` are of the types that the operation declares."""

    actor: Actor
    language: Language
    parameters: Any = None
    body: Any = None
    documents: Mapping[str, tuple[Document, ...]] = field(default_factory=dict)
    method: str = "GET"
    credentials: Credentials = field(default_factory=Credentials)

    def document(self, name: str = "document") -> Document:
        """The document of that name in the form."""
        return self.documents[name][0]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a use case answers: plain data for JSON, bytes, or a document."""

    content: Any
    status: int = 200
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer as the description says it. Without a `model` its content is octets."""

    description: str
    status: int = 200
    media_type: str = JSON
    model: type[BaseModel] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a client can ask.

    Attributes:
        id: its name in the description, such as `signatures.create`.
        method: GET or POST.
        path: where it answers, with parameters in braces.
        summary: what it does, in a line.
        run: the use case, synchronous; it runs in a thread, and may raise any `ShirushiError`.
        outcomes: what it answers when all is well.
        parameters: the parameters of path and query.
        body: what it takes.
        errors: what `run` may raise, apart from what every operation may: classes with their subclasses, or codes.
        public: whether it answers callers without a token.
        replayable: whether an Idempotency-Key is honoured.
        own_credentials: whether its protocol has credentials of its own, which `run` judges (`Call.credentials`).
        problem_type: what the type of a problem is by its protocol; none: the kit's own.
        probe: whether it is asked by machines that watch: without rate, and not on the threads of the use cases.
        tag: the service it belongs to.
    """

    id: str
    method: str
    path: str
    summary: str
    run: Callable[[Call], Answer]
    outcomes: tuple[Outcome, ...]
    parameters: type[Words] | None = None
    body: Form | Json | Raw | None = None
    errors: tuple[type[ShirushiError] | str, ...] = ()
    public: bool = False
    replayable: bool = False
    own_credentials: bool = False
    problem_type: Callable[[ShirushiError], str] | None = None
    probe: bool = False
    tag: str = ""


Router: TypeAlias = tuple[Operation, ...]


def attachment(name: str) -> dict[str, str]:
    """The header field under which a client saves an answer as a file of that name (RFC 6266 §4.1, RFC 8187)."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-()") else "_" for c in name)
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    }


def cursor_of(*parts: str) -> str:
    """Where the next page begins, as a word that means nothing to the client."""
    return urlsafe_b64encode("\n".join(parts).encode()).rstrip(b"=").decode()


def cursor_parts(cursor: str, count: int) -> list[str]:
    """What `cursor_of` was given; raises `RequestMalformed`."""
    try:
        parts = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode().split("\n")
    except ValueError as error:
        raise RequestMalformed(detail="cursor") from error
    if len(parts) != count:
        raise RequestMalformed(detail="cursor")
    return parts
