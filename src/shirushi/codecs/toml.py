"""Tables of TOML files, taken entry by entry, so that nothing in a file is passed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from shirushi.core.instant import Instant

T = TypeVar("T")


class EntryWrong(ValueError):
    """An entry that is not what it must be; the text names it and says why."""

    def __init__(self, entry: str, detail: str) -> None:
        super().__init__(f"{entry}: {detail}")


class TomlTable:
    """A table whose entries are taken one by one; what nobody took is refused at the `end`."""

    def __init__(self, name: str, content: Any) -> None:
        if not isinstance(content, dict):
            raise EntryWrong(name, "it is no table")
        self._name = name
        self.content = dict(content)

    def _path(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        """The entry, which is of that kind; `default` where it is missing."""
        if key not in self.content:
            if default is None:
                raise EntryWrong(self._path(key), "it is missing")
            return default
        value = self.content.pop(key)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise EntryWrong(self._path(key), f"{str(value)[:60]} is not what it takes")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text; an empty one only where `default` says what it means."""
        value = self.take(key, str, default)
        if not value and default is None:
            raise EntryWrong(self._path(key), "it is empty")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        """A number from 0 to 99999."""
        value = self.take(key, int, default)
        if not 0 <= value < 100_000:
            raise EntryWrong(self._path(key), f"{value} is out of range")
        return value

    def time(self, key: str, *, optional: bool = False) -> Instant | None:
        """A date-time with its offset, in UTC; None where it is optional and missing."""
        if optional and key not in self.content:
            return None
        value = self.take(key, datetime)
        if value.tzinfo is None:
            raise EntryWrong(self._path(key), "a time names its offset")
        return value.astimezone(UTC)

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list of texts, none of them empty, in their order."""
        values = self.take(key, list, None if needed else [])
        if not all(isinstance(each, str) and each for each in values) or (needed and not values):
            raise EntryWrong(self._path(key), "it is a list of texts")
        return tuple(values)

    def table(self, key: str) -> TomlTable:
        """A table."""
        return TomlTable(self._path(key), self.take(key, dict))

    def languages(self, key: str, *, needed: bool = True) -> tuple[tuple[str, str], ...]:
        """A table of texts by language tag, in the file's order; empty where it is missing and not needed."""
        if not needed and key not in self.content:
            return ()
        told = self.table(key)
        return tuple((language, told.text(language)) for language in list(told.content))

    def tables(self, key: str) -> list[TomlTable]:
        """An array of tables; empty where it is missing."""
        return [TomlTable(f"{self._path(key)}[{n}]", each) for n, each in enumerate(self.take(key, list, []))]

    def one_of(self, key: str, known: Mapping[str, T]) -> T:
        """What a text of those known stands for."""
        return self._known(key, self.text(key), known)

    def some_of(self, key: str, known: Mapping[str, T]) -> frozenset[T]:
        """What texts of those known stand for."""
        return frozenset(self._known(key, each, known) for each in self.texts(key))

    def _known(self, key: str, value: str, known: Mapping[str, T]) -> T:
        if value not in known:
            raise EntryWrong(self._path(key), f"{value[:60]} is none of {', '.join(known)}")
        return known[value]

    def end(self) -> None:
        """Refuse what nobody took."""
        for key in self.content:
            raise EntryWrong(self._path(key), "there is no such entry")
