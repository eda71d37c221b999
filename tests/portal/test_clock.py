"""The page of the clock guard: how the clock stands, who may stop it and return it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from shirushi.core.chain import canonical
from shirushi.services.clock.model import TimeRecord
from shirushi.services.clock.portal.plot import plot
from tests.portal.conftest import AUDITOR, OPERATOR

START = datetime(2026, 4, 1, tzinfo=UTC)


def test_an_operator_stops_the_clock_and_returns_it_and_says_why(portal):
    visitor = portal.visitor()
    visitor.sign_in(OPERATOR)
    portal.domain.services.clock.look_once()
    page = visitor.get("/clock").text
    assert "The clock is within its declared accuracy" in page
    assert "Nothing: for trials only" in page
    assert "<svg" in page
    assert visitor.send("/clock", page="/clock", act="stop", reason=" ").status_code == 400
    assert visitor.send("/clock", page="/clock", act="stop", reason="rack moves").status_code == 303
    assert "Time-stamping is stopped" in visitor.get("/clock").text
    visitor.send("/clock", page="/clock", act="resume", reason="rack moved")
    assert "The clock is within its declared accuracy" in visitor.get("/clock").text
    assert visitor.send("/clock/verify", page="/clock").status_code == 303
    assert "go with their signatures" in visitor.get("/clock").text
    acts = portal.domain.audit.search(action="clock.resume").records
    assert (acts[0].actor, acts[0].detail["why"]) == (OPERATOR, "rack moved")


def test_an_auditor_looks_and_does_not_act(portal):
    visitor = portal.visitor()
    visitor.sign_in(AUDITOR)
    page = visitor.get("/clock", **{"accept-language": "ja"}).text
    assert 'name="reason"' not in page
    assert visitor.send("/clock", page="/clock", act="stop", reason="no").status_code == 403


def record(minute: int, offset: float | None, bound: float = 5, kind: str = "measurement") -> TimeRecord:
    said = {"accuracy_ns": 1_000_000_000}
    if offset is not None:
        said |= {"offset_ns": int(offset * 1e6), "bound_ns": int(bound * 1e6)}
    return TimeRecord("n", minute, START + timedelta(minutes=minute), kind, canonical(said), b"")


def drawn(*records):
    return plot(records, START, START + timedelta(hours=1), timedelta(minutes=5))


def test_the_plot_spans_what_was_measured():
    found = drawn(record(0, 0), record(1, 3), record(2, -3))
    assert [line.label for line in found.levels] == ["-10 ms", "-5 ms", "0", "+5 ms", "+10 ms"]
    assert [line.label for line in found.moments] == ["09:00", "09:15", "09:30", "09:45", "10:00"]
    (run,) = found.offset
    heights = [float(point.split(",")[1]) for point in run.split()]
    assert heights[2] > heights[0] > heights[1]  # what is above stands higher, and SVG counts downwards
    assert found.limits == ()


def test_the_plot_draws_nothing_where_nothing_is_known():
    found = drawn(record(0, 0), record(1, 0), record(30, 0), record(31, None, kind="stopped"))
    assert len(found.offset) == len(found.band) == 2
    assert len(found.stops) == 1
    assert drawn(record(0, None)) is None


def test_the_declared_accuracy_is_drawn_where_it_is_within():
    assert len(drawn(record(0, 0, bound=900)).limits) == 2
