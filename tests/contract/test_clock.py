"""What every adapter of the ports `Clock` and `Entropy` keeps."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from shirushi.adapters.system_clock import SystemClock, SystemEntropy
from shirushi.ports.clock import Clock, Entropy
from tests.fakes import START, FakeClock, SeededEntropy


@pytest.mark.parametrize("clock", [SystemClock(), FakeClock()], ids=lambda c: type(c).__name__)
def test_a_clock_tells_utc_and_goes_forward(clock: Clock) -> None:
    first, second = clock.now(), clock.now()
    assert first.tzinfo is second.tzinfo is UTC
    assert first.utcoffset() == timedelta(0)
    assert first <= second


@pytest.mark.parametrize("entropy", [SystemEntropy(), SeededEntropy()], ids=lambda e: type(e).__name__)
def test_entropy_gives_as_much_as_asked(entropy: Entropy) -> None:
    assert [len(entropy.bytes(length)) for length in (0, 1, 20, 1000)] == [0, 1, 20, 1000]
    assert len({entropy.bytes(16) for _ in range(100)}) == 100


def test_the_doubles_are_under_control() -> None:
    clock = FakeClock()
    clock.advance(days=1, seconds=0.5)
    assert clock.now() == START + timedelta(days=1, seconds=0.5)
    clock.set(START)
    assert clock.now() == START
    assert SeededEntropy(7).bytes(8) == SeededEntropy(7).bytes(8) != SeededEntropy(8).bytes(8)
