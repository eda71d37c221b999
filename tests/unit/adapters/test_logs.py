from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator

import pytest

from shirushi.adapters.logs import FIELDS, configure_logs
from shirushi.ports.keys import PinRejected


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    stream = io.StringIO()
    configure_logs("info", stream)
    yield stream
    logging.captureWarnings(capture=False)
    root.setLevel(before[0])
    root.handlers[:] = before[1]


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_holds_its_facts(stream: io.StringIO) -> None:
    logger = logging.getLogger("shirushi.services.tsa")
    logger.info("tsa.stamped", extra={"serial_number": "17", "duration_ms": 1.5, "unit": "TSU 1"})
    logger.debug("tsa.detail")
    (line,) = lines(stream)
    assert line["event"] == "tsa.stamped"
    assert (line["level"], line["logger"]) == ("info", "shirushi.services.tsa")
    assert (line["serial_number"], line["duration_ms"], line["unit"]) == ("17", 1.5, "TSU 1")
    assert str(line["at"]).endswith("+00:00")


def test_what_is_not_allowed_cannot_appear(stream: io.StringIO) -> None:
    logger = logging.getLogger("any")
    logger.warning("PIN %s of alice@example.jp is wrong", "2468")
    logger.warning("code.ok", extra={"pin": "2468", "subject": "alice@example.jp"})
    logger.error("https://alice:2468@example.jp/")
    assert "2468" not in stream.getvalue()
    assert "alice" not in stream.getvalue()
    withheld, second, third = lines(stream)
    assert withheld["event"] == third["event"] == "message.withheld"
    assert second["withheld"] == 2


def test_exceptions_show_code_and_place_alone(stream: io.StringIO) -> None:
    for error in (ValueError("alice's PIN is 2468"), PinRejected(label="alice@example.jp")):
        try:
            raise error  # noqa: TRY301  the trace is what is looked at
        except Exception:
            logging.getLogger("any").exception("signing.failed")
    logging.getLogger("any").error("signing.failed", exc_info=KeyError("alice"))
    assert "alice" not in stream.getvalue()
    first, second, third = lines(stream)
    assert (first["error"], second["error"], third["error"]) == ("ValueError", "PIN_REJECTED", "KeyError")
    assert str(first["error_at"]).startswith("test_logs.py:")
    assert not third["error_at"]


def test_addresses_lose_what_identifies_somebody(stream: io.StringIO) -> None:
    logging.getLogger("any").warning(
        "fetch.failed", extra={"url": "http://user:2468@crl.example.jp/a.crl?who=alice#2468", "count": 10**9}
    )
    (line,) = lines(stream)
    assert (line["url"], line["count"]) == ("http://crl.example.jp/a.crl", 10**9)


def test_lines_stay_lines(stream: io.StringIO) -> None:
    logging.getLogger("any").warning(
        "code.ok", extra={"detail": object(), "outcome": "a\nb" * 1000, "job": None}
    )
    (line,) = lines(stream)
    assert len(str(line["outcome"])) == 500
    assert line["job"] is None


def test_warnings_are_logged(stream: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)  # whoever asked before has caught another test's
        logging.captureWarnings(capture=True)
        warnings.warn("alice", stacklevel=1)
    assert [line["logger"] for line in lines(stream)] == ["py.warnings"]
    assert "alice" not in stream.getvalue()


def test_no_allowed_field_speaks_of_people() -> None:
    assert FIELDS.isdisjoint({"name", "subject", "actor", "email", "pin", "path", "file", "label", "detail"})
