"""The log: JSON lines that hold codes and facts, and can hold neither secrets nor personal data.

What may be logged is said here once, field by field; anything else that a caller adds is left out and only its name is
counted. A record's message is a code such as `tsa.stamped`, in no language; free text, arguments of `%` and texts of
exceptions never appear.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from shirushi.core.errors import ShirushiError

FIELDS = frozenset(
    {
        "action",
        "algorithm",
        "bytes",
        "certificate",
        "code",
        "count",
        "duration_ms",
        "host",
        "indication",
        "job",
        "key_type",
        "level_asked",
        "media_type",
        "number",
        "outcome",
        "policy",
        "port",
        "request",
        "serial_number",
        "service",
        "status",
        "sub_indication",
        "unit",
        "url",
    }
)
"""The fields that a record may carry (`extra=`): facts about machines, services and certificates, never about people."""

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")
_STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {
    "message",
    "asctime",
    "taskName",
}
_LONGEST = 500


class JsonLines(logging.Formatter):
    """One JSON object a line: `at`, `level`, `logger`, `event`, allowed fields, and where an exception came from."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        event = str(record.msg)
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event if _CODE.fullmatch(event) else "message.withheld",
            "process": record.process,
        }
        given = {name: value for name, value in record.__dict__.items() if name not in _STANDARD}
        line |= {name: _fact(value) for name, value in sorted(given.items()) if name in FIELDS}
        withheld = sum(name not in FIELDS for name in given)
        if withheld:
            line["withheld"] = withheld
        if record.exc_info and record.exc_info[1]:
            line |= _origin(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def configure_logs(level: str, stream: TextIO | None = None) -> None:
    """Send every logger's records of `level` (debug, info, warning, error) and above to `stream`, by default stderr.

    The process's entry point calls it once; calling it again replaces what stood.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(capture=True)


def _fact(value: object) -> str | int | float | bool | None:
    """The value, if it is plain; a URL loses what may identify somebody: user, query and fragment."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)[:_LONGEST]
    return re.sub(r"[?#].*", "", re.sub(r"(?<=://)[^/@]*@", "", text)) if "://" in text else text


def _origin(error: BaseException) -> dict[str, object]:
    """The kind of an exception and the place it came from: its text may hold anything, so it is left out."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    kind = error.code if isinstance(error, ShirushiError) else type(error).__name__
    return {"error": kind, "error_at": place}
