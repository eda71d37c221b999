"""Parties and agreements that ship with the package, one TOML file each beside this module.

Nothing that ships is in force between states: the agreements are examples and say so (`fictitious`).
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def shipped(*names: str) -> Iterator[tuple[str, bytes]]:
    """The files of these names without their endings, or all, as `read_treaty` takes them."""
    for each in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        stem, _, ending = each.name.rpartition(".")
        if ending == "toml" and (not names or stem in names):
            yield each.name, each.read_bytes()
