"""The tables as data: one TOML file each, beside this module, with version, source, clauses and the mark `verified`.

`read` is the pure part: text becomes a `Table`. `table` gives one that ships with the package.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from shirushi.rules.assurance.model import TableInvalid, TableMark


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was read: what marks it, and its content as TOML gives it."""

    mark: TableMark
    content: Mapping[str, Any]


def read(text: str) -> Table:
    """A table from TOML; raises `TableInvalid`."""
    try:
        content = tomllib.loads(text)
        head = content.pop("table")
        mark = TableMark(
            id=head["id"],
            version=head["version"],
            edition=head["edition"],
            verified=head["verified"] is True,
            checked_en=head["checked"]["en"],
            checked_ja=head["checked"]["ja"],
            document_en=head["source"]["en"],
            document_ja=head["source"]["ja"],
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise TableInvalid(table="?", detail=error) from error
    return Table(mark, content)


def source(name: str) -> str:
    """The TOML text of the table `name` as it ships; raises `TableInvalid` where there is none."""
    try:
        return (files(__name__) / f"{name}.toml").read_text(encoding="utf-8")
    except OSError as error:
        raise TableInvalid(table=name, detail=error) from error


def names() -> tuple[str, ...]:
    """The names of all tables that ship, sorted."""
    return tuple(sorted(file.name[:-5] for file in files(__name__).iterdir() if file.name.endswith(".toml")))


@cache
def table(name: str) -> Table:
    """The table `name` as it ships, read once; raises `TableInvalid`."""
    return read(source(name))
