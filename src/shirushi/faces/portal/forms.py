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
    """The fields of a form and the files it brings."""

    fields: Mapping[str, str] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """The field's text without space around it."""
        return self.fields.get(name, default).strip()

    def upload(self, name: str) -> Upload:
        """The file of that field; raises `UploadMissing`."""
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


async def read_form(request: Request, session: Session, limit: int) -> tuple[Form, FormData]:
    """The form, if it is the session's own; what comes second must be closed once the form was used.

    Raises `FormForeign`, `FormMalformed`, `UploadTooLarge`.
    """
    check_origin(request.headers)
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit():
        raise FormMalformed
    if int(declared) > limit:
        raise UploadTooLarge(limit=size(limit))
    limited = Request(request.scope, _limited(request.receive, limit))
    try:
        data = await limited.form(max_files=1, max_fields=40, max_part_size=FORM_LIMIT)
    except (HTTPException, ClientDisconnect, UnicodeError) as error:
        raise FormMalformed from error
    fields = {name: value for name, value in data.items() if isinstance(value, str)}
    if not session.owns(fields.get(TOKEN_FIELD, "")):
        await data.close()
        raise FormForeign
    uploads = {
        name: Upload(value.filename, value.file)
        for name, value in data.items()
        if isinstance(value, UploadFile) and value.filename and value.size
    }
    return Form(fields, uploads), data


def _limited(receive: Receive, limit: int) -> Receive:
    """`receive`, which raises `UploadTooLarge` once more than `limit` bytes came, whatever was declared."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise UploadTooLarge(limit=size(limit))
        return message

    return counted
