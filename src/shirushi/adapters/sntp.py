"""Ask servers for the time: SNTP over UDP, in the client mode of RFC 5905 §14 and RFC 4330."""

from __future__ import annotations

import secrets
import select
import socket
import struct
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from shirushi.ports.clock_guard import MachineClocks
from shirushi.rules.clock import Leap, Sample, Tick
from shirushi.rules.clock.model import SECOND

PORT = 123
_PACKET = struct.Struct("!BBbbiI4s4Q")
_EPOCH = 2_208_988_800
"""From 1900, where NTP counts from, to 1970 in seconds."""
_ERA = 1 << 32
_CLIENT, _SERVER, _VERSION = 3, 4, 4


@dataclass(slots=True)
class _Asked:
    name: str
    socket: socket.socket
    cookie: int
    tick: Tick


def ask_servers(
    servers: Mapping[str, tuple[str, int]], machine: MachineClocks, timeout: float = 1.0
) -> tuple[Sample, ...]:
    """Ask each server once, all at once; whoever answers rightly within `timeout` seconds is among the samples."""
    asked: dict[int, _Asked] = {}
    try:
        for name, address in servers.items():
            with suppress(OSError):
                each = _send(name, address, machine)
                asked[each.socket.fileno()] = each
        return tuple(_collect(asked, machine, timeout))
    finally:
        for each in asked.values():
            each.socket.close()


def read_answer(packet: bytes, cookie: int, name: str, sent: Tick, received: Tick) -> Sample | None:
    """The sample in a server's answer, None where it is no answer to this question (RFC 5905 §8, RFC 4330 §5).

    `cookie` is the transmit timestamp that was sent: a random number, so that nobody answers who has not seen it. The
    time in between is counted by the raw clock, which no step of the system clock touches.
    """
    if len(packet) < _PACKET.size:
        return None
    flags, stratum, _, precision, root_delay, root_dispersion, reference, _, origin, arrived, left = (
        _PACKET.unpack_from(packet)
    )
    if (
        flags & 7 != _SERVER
        or not 3 <= flags >> 3 & 7 <= _VERSION
        or origin != cookie
        or 0 in {arrived, left}
    ):
        return None
    elapsed = received.raw - sent.raw
    server = _nanoseconds(left) - _nanoseconds(arrived)
    if not 0 <= server <= elapsed or root_delay < 0:
        return None
    # offset = ((T2 - T1) + (T3 - T4)) / 2, where T4 is T1 and what the raw clock counted since
    first = sent.system
    offset = (_nanoseconds(arrived) - first + _nanoseconds(left) - first - elapsed) // 2
    distance = (elapsed - server) // 2 + _short(root_delay) // 2 + _short(root_dispersion)
    distance += int(2.0 ** max(-32, min(precision, 0)) * SECOND) + 1
    return Sample(name, sent, offset, distance, stratum, Leap(flags >> 6), reference)


def _send(name: str, address: tuple[str, int], machine: MachineClocks) -> _Asked:
    family, kind, protocol, _, place = socket.getaddrinfo(*address, type=socket.SOCK_DGRAM)[0]
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setblocking(False)  # noqa: FBT003  as the library has it
        opened.connect(place)  # nobody else is heard
        cookie = secrets.randbits(64) | 1
        packet = _PACKET.pack(_VERSION << 3 | _CLIENT, 0, 0, 0, 0, 0, b"", 0, 0, 0, cookie)
        tick = machine.tick()
        opened.send(packet)
    except OSError:
        opened.close()
        raise
    return _Asked(name, opened, cookie, tick)


def _collect(asked: Mapping[int, _Asked], machine: MachineClocks, timeout: float) -> list[Sample]:
    found: list[Sample] = []
    waiting = set(asked)
    until = time.monotonic() + timeout
    while waiting and (left := until - time.monotonic()) > 0:
        for fd in select.select(list(waiting), [], [], left)[0]:
            received = machine.tick()
            each = asked[fd]
            try:
                packet = each.socket.recv(1024)
            except OSError:
                waiting.discard(fd)
                continue
            sample = read_answer(packet, each.cookie, each.name, each.tick, received)
            if sample is not None:
                found.append(sample)
                waiting.discard(fd)
    return found


def _nanoseconds(timestamp: int) -> int:
    """An NTP timestamp as POSIX time; seconds below 2³¹ belong to the era that begins in 2036 (RFC 4330 §3)."""
    seconds, fraction = timestamp >> 32, timestamp & 0xFFFFFFFF
    seconds += _ERA if seconds < 1 << 31 else 0
    return (seconds - _EPOCH) * SECOND + (fraction * SECOND >> 32)


def _short(value: int) -> int:
    """An NTP short format, 16 bits of seconds and 16 of fraction, in nanoseconds."""
    return value * SECOND >> 16
