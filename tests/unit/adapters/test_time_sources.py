"""Sources of time: SNTP answers held to RFC 5905 and RFC 4330, chronyd's own report, names that smear."""

from __future__ import annotations

import random
import socket
import struct
import threading
from contextlib import contextmanager

import pytest

from shirushi.adapters.clock_board import SystemClocks
from shirushi.adapters.configuration import ClockSourceSection
from shirushi.adapters.sntp import ask_servers, read_answer
from shirushi.adapters.time_sources import ConfiguredSources, read_tracking
from shirushi.rules.clock import Leap, Tick
from shirushi.rules.clock.model import SECOND

PACKET = struct.Struct("!BBbbiI4s4Q")
NTP = 2_208_988_800
TICK = Tick(5 * SECOND, 1_782_864_000 * SECOND)


def timestamp(nanoseconds: int) -> int:
    seconds, rest = divmod(nanoseconds, SECOND)
    return (seconds + NTP) % (1 << 32) << 32 | rest * (1 << 32) // SECOND


def answer(cookie: int, at: int, **changed: int | bytes) -> bytes:
    """What a server sends whose clock stands at `at`."""
    said = {"leap": 0, "version": 4, "mode": 4, "stratum": 1, "delay": 0, "dispersion": 0} | changed
    flags = said["leap"] << 6 | said["version"] << 3 | said["mode"]
    origin = said.get("origin", cookie)
    left = said.get("left", timestamp(at))
    return PACKET.pack(
        flags,
        said["stratum"],
        6,
        -20,
        said["delay"],
        said["dispersion"],
        said.get("reference", b"NICT"),
        0,
        origin,
        timestamp(at),
        left,
    )


def read(packet: bytes, elapsed: int = 20_000_000):
    return read_answer(packet, 77, "s", TICK, Tick(TICK.raw + elapsed, 0))


@pytest.mark.parametrize("ahead", [0, 1_100_000_000, -1_100_000_000, 20 * 365 * 86_400 * SECOND])
def test_the_offset_is_right_to_half_the_delay(ahead):
    found = read(answer(77, TICK.system + ahead + 10_000_000))
    assert abs(found.offset - ahead) <= 10
    assert 10_000_000 <= found.error <= 10_002_000
    assert (found.stratum, found.leap, found.reference) == (1, Leap.NONE, b"NICT")


def test_the_distance_beyond_the_server_counts():
    found = read(answer(77, TICK.system, delay=1 << 15, dispersion=1 << 14))
    assert found.error == pytest.approx(10_000_000 + 250_000_000 + 250_000_000, abs=2000)


@pytest.mark.parametrize(
    "changed",
    [
        {"mode": 3},
        {"mode": 5},
        {"version": 2},
        {"origin": 78},
        {"left": 0},
        {"left": timestamp(TICK.system + SECOND)},
        {"left": timestamp(TICK.system - SECOND)},
        {"delay": -1},
    ],
)
def test_what_is_no_answer_is_none(changed):
    assert read(answer(77, TICK.system, **changed)) is None


def test_a_kiss_of_death_and_an_unsynchronised_server_say_what_they_are():
    assert read(answer(77, TICK.system, stratum=0, reference=b"RATE")).stratum == 0
    assert read(answer(77, TICK.system, leap=3)).leap is Leap.UNSYNCHRONISED
    assert read(answer(77, TICK.system, leap=1)).leap is Leap.INSERTED


def test_no_octets_are_too_strange():
    generator = random.Random(5)
    for _ in range(2000):
        packet = bytearray(answer(77, TICK.system))
        for _ in range(generator.randrange(8)):
            packet[generator.randrange(len(packet))] = generator.randrange(256)
        found = read(bytes(packet[: generator.randrange(len(packet) + 1)]))
        assert found is None or found.error >= 0


@contextmanager
def server(**changed: int | bytes):
    """A server on this machine whose clock is 250 ms ahead."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                packet, client = listening.recvfrom(100)
                if len(packet) < 48:
                    return
                at = SystemClocks().tick().system + 250_000_000
                listening.sendto(answer(PACKET.unpack(packet)[-1], at, **changed), client)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ending:
            ending.sendto(b"", listening.getsockname())
        thread.join()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_servers_are_asked_at_once_and_the_silent_are_missing():
    with server() as good, server(origin=5) as wrong:
        found = ask_servers({"good": good, "wrong": wrong}, SystemClocks(), 0.3)
    (sample,) = found
    assert sample.source == "good"
    assert abs(sample.offset - 250_000_000) <= sample.error


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_configured_sources_are_asked_but_for_those_that_smear():
    with server() as (host, port):
        sections = (
            ClockSourceSection(name="good", server=f"{host}:{port}", traceable_to="UTC(NICT)"),
            ClockSourceSection(name="cloud", server="time.google.com"),
            ClockSourceSection(name="own", server=f"{host}:{port}", smeared=True),
            ClockSourceSection(name="here", kind="local", traceable_to="UTC(NICT)"),
        )
        sources = ConfiguredSources(sections, SystemClocks())
        assert [sample.source for sample in sources.ask()] == ["good", "here"]
    described = {each.name: each for each in sources.descriptions}
    assert described["cloud"].refused == described["own"].refused == "CLOCK_SOURCE_SMEARS"
    assert described["good"].traceable_to == "UTC(NICT)"
    assert described["here"].traceable_to == ""


TRACKING = "85F3EEF3,ntp.nict.jp,2,1782864000.1,0.000250000,0.000010,0.00002,1.5,0.0,0.05,0.004,0.001,64.2,{}"


def test_chronyd_is_read():
    found = read_tracking(TRACKING.format("Normal"), "chrony", TICK)
    assert found.offset == 250_000
    assert 3_010_000 <= found.error <= 3_011_000
    assert (found.stratum, found.leap) == (2, Leap.NONE)
    assert read_tracking(TRACKING.format("Insert second"), "chrony", TICK).leap is Leap.INSERTED
    assert read_tracking(TRACKING.format("Not synchronised"), "chrony", TICK).leap is Leap.UNSYNCHRONISED
    own = TRACKING.replace("85F3EEF3", "7F7F0101").format("Normal")
    assert read_tracking(own, "chrony", TICK).leap is Leap.UNSYNCHRONISED
    smeared = TRACKING.replace("ntp.nict.jp", "time.google.com").format("Normal")
    assert read_tracking(smeared, "chrony", TICK).reference[0] == 254
    assert read_tracking("506 Cannot talk to daemon", "chrony", TICK) is None
