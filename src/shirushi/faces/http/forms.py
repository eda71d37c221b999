"""Forms (RFC 7578), split as they arrive: fields in memory, documents into uploads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Executor
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from shirushi.core.document import Document
from shirushi.faces.http.errors import BodyTooLarge, RequestMalformed
from shirushi.faces.http.operation import Form
from shirushi.ports.files import Upload, Uploads

MOST_PARTS = 100
MOST_TEXT = 65_536
"""Bytes that all fields of a form may hold together."""
AT_ONCE = 262_144
"""Bytes that are split in one go: on a thread, but for a form that is no larger than this."""


@dataclass(slots=True)
class FormContent:
    """What a form held."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    documents: dict[str, list[Document]] = field(default_factory=dict)


def boundary_of(content_type: str) -> bytes:
    """The boundary that a Content-Type field names; raises `RequestMalformed`."""
    _, parameters = parse_options_header(content_type)
    boundary = parameters.get(b"boundary", b"")
    if not 1 <= len(boundary) <= 70:
        raise RequestMalformed(detail="boundary")
    return boundary


async def read_form(
    arriving: AsyncIterator[bytes], boundary: bytes, form: Form, uploads: Uploads, threads: Executor
) -> FormContent:
    """Read a form to its end; raises `RequestMalformed`, `BodyTooLarge`, and what `arriving` and uploads raise."""
    splitting = _Splitting(boundary, form, uploads)
    buffer, first = bytearray(), True
    async for piece in arriving:
        buffer += piece
        if len(buffer) >= AT_ONCE:
            await asyncio.get_running_loop().run_in_executor(threads, splitting.take, bytes(buffer))
            buffer, first = bytearray(), False
    if first:
        splitting.take(bytes(buffer))
        return splitting.end()
    await asyncio.get_running_loop().run_in_executor(threads, splitting.take, bytes(buffer))
    return await asyncio.get_running_loop().run_in_executor(threads, splitting.end)


class _Splitting:
    """Splits a form. For one thread at a time."""

    def __init__(self, boundary: bytes, form: Form, uploads: Uploads) -> None:
        self._documents = {part.name: part for part in form.documents}
        self._names = set(form.fields.model_fields)
        self._uploads = uploads
        self._content = FormContent()
        self._parts = self._text_size = 0
        self._ended = False
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._disposition = b""
        self._name = self._filename = ""
        self._text = bytearray()
        self._upload: Upload | None = None
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._finish,
            },
        )

    def take(self, data: bytes) -> None:
        """Take the next piece."""
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise RequestMalformed(detail=FORM_DETAIL) from error

    def end(self) -> FormContent:
        """Nothing more comes."""
        if not self._ended:
            raise RequestMalformed(detail=FORM_DETAIL)
        return self._content

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise RequestMalformed(detail=f"> {MOST_PARTS} parts")
        self._header = (bytearray(), bytearray())
        self._disposition = b""
        self._text = bytearray()
        self._upload = None

    def _header_end(self) -> None:
        name, value = self._header
        if name.lower() == b"content-disposition":
            self._disposition = bytes(value)
        self._header = (bytearray(), bytearray())

    def _headers_finished(self) -> None:
        kind, parameters = parse_options_header(self._disposition)
        if kind != b"form-data" or b"name" not in parameters:
            raise RequestMalformed(detail="Content-Disposition")
        self._name = _text(parameters[b"name"], "name")
        if self._name in self._documents:
            self._filename = file_name(parameters.get(b"filename", b""))
            self._upload = self._uploads.begin()
        elif self._name not in self._names:
            raise RequestMalformed(detail=self._name[:100])

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._upload is not None:
            self._upload.write(data[start:end])
            return
        self._text_size += end - start
        if self._text_size > MOST_TEXT:
            raise BodyTooLarge(limit=MOST_TEXT)
        self._text += data[start:end]

    def _end(self) -> None:
        if self._upload is None:
            self._content.fields.setdefault(self._name, []).append(_text(bytes(self._text), self._name))
            return
        found = self._content.documents.setdefault(self._name, [])
        if found and not self._documents[self._name].many:
            raise RequestMalformed(detail=self._name)
        found.append(self._upload.finish(self._filename))
        self._upload = None

    def _finish(self) -> None:
        self._ended = True


FORM_DETAIL = "multipart/form-data"


def file_name(given: bytes) -> str:
    """The last part of a file's name as a client says it: no folder, no control characters, never empty."""
    name = given.decode(errors="replace").replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if c.isprintable())[:200].strip()
    return name if name not in {"", ".", ".."} else "document"


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise RequestMalformed(detail=name) from error
