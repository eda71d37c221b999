"""What a browser sends with a form: read within limits, and believed only where it comes from our own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import urlsplit

from starlette.datastructures import FormData, Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from shirushi.faces.http.errors import BodyTooLarge
from shirushi.faces.http.intake import discard, pieces
from shirushi.faces.http.limits import Limits
from shirushi.faces.portal.errors import FormForeign, FormMalformed, UploadMissing, UploadTooLarge
from shirushi.faces.portal.languages import size
from shirushi.faces.portal.sessions import Session

FORM_LIMIT = 256_000
"""The most bytes of a form that brings no file."""
TOKEN_FIELD = "form-token"  # noqa: S105  the field's name, not a token


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived: its name as the browser says it, and its content on disk where it is large."""

    name: str
    content: BinaryIO = field(repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form and the files it brings, by field in the order in which they came."""

    fields: Mapping[str, str] = field(default_factory=dict)
    uploads: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """The field's text without space around it."""
        return self.fields.get(name, default).strip()

    def upload(self, name: str) -> Upload:
        """The first file of that field; raises `UploadMissing`."""
        return self.all_uploads(name)[0]

    def all_uploads(self, name: str) -> tuple[Upload, ...]:
        """The files of that field; raises `UploadMissing` where there is none."""
        try:
            return self.uploads[name]
        except KeyError:
            raise UploadMissing from None


def check_origin(headers: Headers) -> None:
    """Raise `FormForeign` where the browser says that another site sent the form."""
    site = headers.get("sec-fetch-site")
    if site not in {None, "same-origin", "none"}:
        raise FormForeign
    origin = headers.get("origin")
    if origin and urlsplit(origin).netloc != headers.get("host"):
        raise FormForeign


def check_length(headers: Headers, most: int) -> None:
    """Raise `UploadTooLarge` where more than `most` bytes are declared."""
    declared = headers.get("content-length", "0")
    if not (declared.isascii() and declared.isdigit()):
        raise FormMalformed
    if int(declared[:20]) > most:
        raise UploadTooLarge(limit=size(most))


async def read_form(
    request: Request, session: Session, most: int, limits: Limits, files: int = 1
) -> tuple[Form, FormData]:
    """The form of at most `most` bytes and `files` files, if it is the session's own.

    What comes second must be closed after its use.

    Raises `FormForeign`, `FormMalformed`, `UploadTooLarge`, `BodyTooSlow`, `BodyCutOff`.
    """
    try:
        check_origin(request.headers)
        check_length(request.headers, most)
    except (FormForeign, UploadTooLarge):
        await discard(request.scope, request.receive)
        raise
    limited = Request(request.scope, _limited(request.receive, most, limits))
    try:
        data = await limited.form(max_files=files, max_fields=60, max_part_size=FORM_LIMIT)
    except BodyTooLarge as error:
        await discard(request.scope, request.receive)
        raise UploadTooLarge(limit=size(most)) from error
    except (HTTPException, ClientDisconnect, UnicodeError) as error:
        raise FormMalformed from error
    fields = {name: value for name, value in data.items() if isinstance(value, str)}
    if not session.owns(fields.get(TOKEN_FIELD, "")):
        await data.close()
        raise FormForeign
    uploads: dict[str, tuple[Upload, ...]] = {}
    for name, value in data.multi_items():
        if isinstance(value, UploadFile) and value.filename and value.size:
            uploads[name] = (*uploads.get(name, ()), Upload(value.filename, value.file))
    return Form(fields, uploads), data


def _limited(receive: Receive, most: int, limits: Limits) -> Receive:
    """`receive`, which raises `BodyTooLarge`, `BodyTooSlow` or `BodyCutOff`, whatever was declared."""
    arriving = pieces(receive, most, limits)

    async def limited() -> Message:
        async for piece in arriving:
            return {"type": "http.request", "body": piece, "more_body": True}
        return {"type": "http.request", "body": b"", "more_body": False}

    return limited
