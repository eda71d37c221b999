"""Parties and agreements from files: those that ship with the package, and the operator's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from shirushi.core.errors import ConfigurationInvalid
from shirushi.core.recognition import Treaty
from shirushi.rules.equivalence.agreement_file import read_treaty
from shirushi.rules.equivalence.parties import shipped

REAL = ("eu",)
"""What ships and is no example."""


class AgreementFiles:
    """Reads TOML files and all such files in folders, each time it is asked: what they say counts at once.

    With `examples` it takes in the fictitious agreements that ship, with their parties.
    """

    def __init__(self, paths: Sequence[Path], *, examples: bool = False) -> None:
        self._paths = tuple(paths)
        self._shipped = tuple(shipped(*(() if examples else REAL)))

    def treaty(self) -> Treaty:
        """What all files say together; raises what `read_treaty` raises, and `ConfigurationInvalid` for a bad file."""
        return read_treaty((*self._shipped, *self._own()))

    def _own(self) -> Iterator[tuple[str, bytes]]:
        for path in self._paths:
            try:
                for each in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
                    yield each.name, each.read_bytes()
            except OSError as error:
                raise ConfigurationInvalid(path=path, detail=error.strerror) from error
