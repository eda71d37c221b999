"""Whatever the history, a reading that is granted is within the declared accuracy."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from shirushi.rules.clock import GuardState, Watch, refusal
from tests.clock_world import DECLARED, Machine

HONEST, LIAR = ("a", "b", "c"), "d"

_errors = st.floats(0, 0.4)
_polls = st.tuples(
    st.just("poll"),
    st.dictionaries(st.sampled_from(HONEST), st.tuples(_errors, st.floats(-1, 1)), max_size=3),
    st.none() | st.tuples(st.floats(-100, 100), st.floats(0, 0.4)),
)
_events = st.one_of(
    st.tuples(st.just("advance"), st.floats(0, 100), st.integers(-DECLARED.drift, DECLARED.drift)),
    st.tuples(st.just("advance"), st.floats(100, 10_000), st.integers(-DECLARED.drift, DECLARED.drift)),
    st.tuples(st.just("step"), st.floats(-1.2, 1.2)),
    st.tuples(st.just("slew"), st.integers(-1_000_000, 1_000_000)),
    st.tuples(st.just("suspend"), st.floats(0, 10_000)),
    st.tuples(st.just("return")),
    _polls,
    _polls,
)


@settings(max_examples=300, deadline=None)
@given(st.floats(-0.9, 0.9), st.lists(_events, max_size=40))
def test_a_granted_reading_is_within_the_accuracy(first, history):
    machine = Machine()
    machine.step(first)
    watch = Watch(DECLARED, (*HONEST, LIAR))
    watch = watch.heard([machine.sample(source) for source in HONEST], machine.tick())
    for event in history:
        match event:
            case ("advance", seconds, drift):
                machine.drift = drift
                machine.advance(seconds)
            case ("step", seconds):
                machine.step(seconds)
            case ("slew", slew):
                machine.slew = slew
            case ("suspend", seconds):
                machine.suspend(seconds)
            case ("return",):
                watch = watch.returned(machine.tick())
            case ("poll", honest, lie):
                samples = [
                    machine.sample(source, lie=error * share, error=error)
                    for source, (error, share) in honest.items()
                ]
                if lie:
                    samples.append(machine.sample(LIAR, lie=lie[0], error=lie[1]))
                machine.advance(0.3)
                watch = watch.heard(samples, machine.tick())
        if watch.state is GuardState.IN_SERVICE and refusal(watch.fix, DECLARED, machine.tick()) is None:
            assert machine.wrong <= DECLARED.accuracy
