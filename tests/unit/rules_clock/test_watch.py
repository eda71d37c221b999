"""No token outside the declared accuracy: steps, drift, leap seconds, hold-over, lost and lying sources, sleep."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shirushi.rules.clock import GuardState, Leap, Refusal, Standing, Watch, drift, refusal, smears_by_name
from shirushi.rules.clock.model import SECOND
from tests.clock_world import DECLARED, Machine

SOURCES = ("a", "b", "c", "d")


def hear(watch: Watch, machine: Machine, **lies: float) -> Watch:
    leap = Leap.INSERTED if machine.leap_at else Leap.NONE
    samples = [machine.sample(source, lie=lies.get(source, 0.0), leap=leap) for source in SOURCES]
    return watch.heard(samples, machine.tick())


def may(watch: Watch, machine: Machine) -> bool:
    """Whether a token would be made now, as the guarded clock asks it."""
    if watch.state is not GuardState.IN_SERVICE:
        return False
    granted = refusal(watch.fix, DECLARED, machine.tick()) is None
    assert not granted or machine.wrong <= DECLARED.accuracy
    return granted


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def watch(machine):
    found = hear(Watch(DECLARED, SOURCES), machine)
    assert found.state is GuardState.IN_SERVICE
    assert may(found, machine)
    return found


@pytest.mark.parametrize("step", [1.1, -1.1, 0.2, -0.2, 86_400.0])
def test_a_step_is_seen_at_the_next_token(machine, watch, step):
    machine.advance(3)
    machine.step(step)
    assert refusal(watch.fix, DECLARED, machine.tick()) is Refusal.STEPPED
    stopped = watch.looked(machine.tick())
    assert (stopped.state, stopped.code) == (GuardState.STOPPED, "CLOCK_STEPPED")


@pytest.mark.parametrize("step", [1.1, -1.1])
def test_a_step_stays_a_stop_though_the_clock_is_set_right_again(machine, watch, step):
    machine.step(step)
    watch = watch.looked(machine.tick())
    machine.step(-step)
    for _ in range(10):
        machine.advance(16)
        watch = hear(watch, machine)
        assert not may(watch, machine)
    assert may(watch.returned(machine.tick()), machine)


def test_a_step_between_two_rounds_is_not_covered_by_the_second(machine, watch):
    machine.advance(10)
    machine.step(0.5)
    assert hear(watch, machine).code == "CLOCK_STEPPED"


def test_nobody_returns_a_clock_that_is_still_wrong(machine, watch):
    machine.step(1.1)
    watch = hear(watch.looked(machine.tick()), machine)
    assert watch.returned(machine.tick()).state is GuardState.STOPPED
    assert watch.unfit(machine.tick()) == "CLOCK_INACCURATE"


def test_a_drift_is_followed_while_sources_are_heard_and_measured(machine, watch):
    machine.drift = 100_000
    for _ in range(100):
        machine.advance(16)
        watch = hear(watch, machine)
        assert may(watch, machine) == (machine.wrong < SECOND - 50_000_000)
    found, error = drift(watch.first, watch.fix)
    assert abs(found + 100_000) <= error + 100


def test_an_oscillator_worse_than_declared_is_found_out(machine, watch):
    machine.drift = 5_000_000
    for _ in range(40):
        machine.advance(16)
        watch = hear(watch, machine)
        may(watch, machine)
    assert watch.code == "CLOCK_CONTRADICTED"


def test_hold_over_lasts_until_the_bound_reaches_the_accuracy_and_ends_there(machine, watch):
    held = 0
    while may(watch, machine):
        machine.advance(60)
        watch = watch.heard([], machine.tick())
        held += 60
        assert held < 10_000
    # (1 s - 5 ms) / 200 ppm
    assert held == pytest.approx(4975, abs=61)
    assert watch.code == "CLOCK_INACCURATE"
    assert not may(hear(watch, machine), machine)


def test_too_few_sources_are_no_fix(machine):
    watch = Watch(DECLARED, SOURCES).heard([machine.sample("a"), machine.sample("b")], machine.tick())
    assert (watch.state, watch.code) == (GuardState.STARTING, "CLOCK_TOO_FEW_SOURCES")


@pytest.mark.parametrize("lie", [-3.0, -0.5, 0.02, 0.5, 86_400.0])
def test_one_liar_among_four_is_named_and_moves_nothing(machine, lie):
    watch = hear(Watch(DECLARED, SOURCES), machine, c=lie)
    assert abs(watch.fix.offset) <= 5_000_000
    standing = {finding.source: finding.standing for finding in watch.selection.findings}
    assert standing == dict.fromkeys("abd", Standing.AGREED) | {"c": Standing.FALSE}


def test_without_a_majority_there_is_no_fix(machine):
    watch = hear(Watch(DECLARED, SOURCES), machine, a=2.0, b=-2.0, c=4.0)
    assert watch.code == "CLOCK_SOURCES_DISAGREE"


def test_sources_that_jump_together_contradict_what_they_said(machine, watch):
    machine.advance(16)
    assert hear(watch, machine, a=0.5, b=0.5, c=0.5, d=0.5).code == "CLOCK_CONTRADICTED"


def test_a_machine_that_slept_is_stopped(machine, watch):
    machine.advance(2)
    machine.suspend(0.5)
    assert refusal(watch.fix, DECLARED, machine.tick()) is Refusal.SUSPENDED
    assert watch.looked(machine.tick()).state is GuardState.STOPPED


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ({"stratum": 16}, Standing.UNSYNCHRONISED),
        ({"stratum": 0}, Standing.UNSYNCHRONISED),
        ({"leap": Leap.UNSYNCHRONISED}, Standing.UNSYNCHRONISED),
        ({"reference": b"GOOG"}, Standing.SMEARED),
        ({"reference": bytes([254, 1, 2, 3])}, Standing.SMEARED),
        ({"error": 0.6}, Standing.DISTANT),
    ],
)
def test_a_source_that_says_it_is_of_no_use_is_not_used(machine, said, standing):
    samples = [machine.sample("a", **said), *(machine.sample(source) for source in "bcd")]
    watch = Watch(DECLARED, SOURCES).heard(samples, machine.tick())
    assert watch.selection.findings[0].standing is standing
    assert watch.state is GuardState.IN_SERVICE


def test_services_that_smear_are_known_by_name():
    assert smears_by_name("Time.Google.com.")
    assert not smears_by_name("ntp.nict.jp")


def at_leap(inserted: int = 4) -> tuple[Machine, Watch]:
    """A minute before the end of June; `inserted` of the sources announce the leap second."""
    end = int(datetime(2026, 7, 1, tzinfo=UTC).timestamp()) * SECOND
    machine = Machine(utc=end - 60 * SECOND, system=end - 60 * SECOND, leap_at=end)
    leaps = [Leap.INSERTED] * inserted + [Leap.NONE] * (4 - inserted)
    samples = [machine.sample(source, leap=leap) for source, leap in zip(SOURCES, leaps, strict=True)]
    return machine, Watch(DECLARED, SOURCES).heard(samples, machine.tick())


def test_no_token_is_made_about_a_leap_second_and_stamping_goes_on_after_it():
    machine, watch = at_leap()
    made = {}
    for second in range(120):
        machine.advance(1)
        watch = hear(watch, machine) if second % 16 == 0 else watch.looked(machine.tick())
        made[second] = may(watch, machine)
    silent = [second for second, granted in made.items() if not granted]
    assert silent
    assert min(silent) >= 55
    assert max(silent) <= 65
    assert watch.state is GuardState.IN_SERVICE


def test_a_machine_that_ignores_the_leap_second_is_stopped():
    machine, watch = at_leap()
    machine.advance(70)
    machine.step(1.0)
    assert refusal(watch.fix, DECLARED, machine.tick()) is Refusal.STEPPED


def test_who_does_not_announce_what_most_announce_is_taken_for_smearing():
    _, watch = at_leap(3)
    assert [f.standing for f in watch.selection.findings] == [Standing.AGREED] * 3 + [Standing.SMEARED]


def test_a_leap_second_that_few_announce_is_waited_out_and_not_believed():
    machine, watch = at_leap(1)
    assert watch.fix.leap is Leap.NONE
    machine.advance(60)
    assert refusal(watch.fix, DECLARED, machine.tick()) is Refusal.LEAP
