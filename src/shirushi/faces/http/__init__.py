"""The kit for HTTP: a service declares operations, the kit carries them out and describes them in OpenAPI."""

from shirushi.faces.http.credentials import Credentials, TlsProxies
from shirushi.faces.http.endpoint import Kit, mount
from shirushi.faces.http.limits import Limits
from shirushi.faces.http.observing import Meter, Observing
from shirushi.faces.http.openapi import describe
from shirushi.faces.http.operation import (
    Answer,
    Call,
    Form,
    Json,
    Line,
    Operation,
    Outcome,
    Part,
    Raw,
    Router,
    Words,
    attachment,
    cursor_of,
    cursor_parts,
)

__all__ = [
    "Answer",
    "Call",
    "Credentials",
    "Form",
    "Json",
    "Kit",
    "Limits",
    "Line",
    "Meter",
    "Observing",
    "Operation",
    "Outcome",
    "Part",
    "Raw",
    "Router",
    "TlsProxies",
    "Words",
    "attachment",
    "cursor_of",
    "cursor_parts",
    "describe",
    "mount",
]
