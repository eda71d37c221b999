"""The sources of time that `shirushi.toml` names: SNTP servers, this machine's chronyd, or a local reference."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence

from shirushi.adapters.configuration import ClockSourceSection
from shirushi.adapters.sntp import PORT, ask_servers
from shirushi.ports.clock_guard import MachineClocks, SourceDescription
from shirushi.rules.clock import Leap, Sample, Tick, smears_by_name
from shirushi.rules.clock.model import SECOND

LOCAL_ERROR = SECOND // 10
"""How far from UTC the local reference is taken to be: nobody knows, which is why it is traceable to nothing."""
_LEAPS = {
    "Normal": Leap.NONE,
    "Insert second": Leap.INSERTED,
    "Delete second": Leap.DELETED,
}
_OWN_CLOCK = "7F7F0101"


class ConfiguredSources:
    """The port `TimeSources` over the configuration. What is said to smear leap seconds is never asked.

    Attributes:
        sections: the sources.
        machine: the machine's clocks.
        timeout: how many seconds an answer is waited for.
    """

    def __init__(
        self, sections: Sequence[ClockSourceSection], machine: MachineClocks, timeout: float = 1.0
    ) -> None:
        self._machine = machine
        self._timeout = timeout
        self._descriptions = tuple(map(_describe, sections))
        asked = [s for s, found in zip(sections, self._descriptions, strict=True) if not found.refused]
        self._servers = {s.name: _address(s.server) for s in asked if s.kind == "sntp"}
        self._chrony = tuple(s.name for s in asked if s.kind == "chrony")
        self._local = tuple(s.name for s in asked if s.kind == "local")

    @property
    def descriptions(self) -> tuple[SourceDescription, ...]:
        """All of them, in their order."""
        return self._descriptions

    def ask(self) -> Sequence[Sample]:
        """Ask every source once."""
        found = list(ask_servers(self._servers, self._machine, self._timeout)) if self._servers else []
        for name in self._chrony:
            said = _chronyc(self._timeout)
            sample = read_tracking(said, name, self._machine.tick())
            found.extend([sample] if sample else [])
        found.extend(
            Sample(name, self._machine.tick(), 0, LOCAL_ERROR, 1, Leap.NONE, b"LOCL") for name in self._local
        )
        return found


def read_tracking(line: str, name: str, tick: Tick) -> Sample | None:
    """The sample in what `chronyc -c tracking` prints, None where there is none.

    The offset is the correction that chronyd has yet to bring to the system clock; the error is its root distance. A
    chronyd that follows nothing but its own clock is not synchronised.
    """
    fields = line.strip().split(",")
    try:
        identifier, server, stratum, leap = fields[0], fields[1], int(fields[2]), fields[13]
        correction, last, skew = float(fields[4]), float(fields[5]), float(fields[9])
        root_delay, root_dispersion = float(fields[10]), float(fields[11])
        reference = bytes.fromhex(identifier)
        error = abs(last) + skew * 1e-6 + root_delay / 2 + root_dispersion
        offset, span = int(correction * SECOND), int(error * SECOND)
    except (ValueError, IndexError, OverflowError):
        return None
    said = _LEAPS.get(leap, Leap.UNSYNCHRONISED) if identifier.upper() != _OWN_CLOCK else Leap.UNSYNCHRONISED
    if smears_by_name(server):
        reference = b"\xfe" + reference[1:]
    return Sample(name, tick, offset, abs(span), stratum, said, reference)


def _chronyc(timeout: float) -> str:
    program = shutil.which("chronyc")
    if program is None:
        return ""
    try:
        run = subprocess.run(  # noqa: S603  a program of the system, with fixed arguments
            [program, "-c", "tracking"], capture_output=True, text=True, timeout=timeout, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return run.stdout if run.returncode == 0 else ""


def _describe(section: ClockSourceSection) -> SourceDescription:
    smears = section.smeared or smears_by_name(_address(section.server)[0])
    return SourceDescription(
        section.name,
        section.kind,
        section.server,
        "" if section.kind == "local" else section.traceable_to,
        "CLOCK_SOURCE_SMEARS" if smears else "",
    )


def _address(server: str) -> tuple[str, int]:
    """Host and port of `host`, `host:port`, `[address]:port` or a bare IPv6 address."""
    host, colon, port = server.rpartition(":")
    if colon and port.isascii() and port.isdigit() and (":" not in host or host.endswith("]")):
        return host.strip("[]"), int(port)
    return server.strip("[]"), PORT
