"""The command line's kit: every command says errors, progress and results in one way."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from shirushi.core.actor import Actor
from shirushi.core.catalogue import Language, lookup
from shirushi.core.errors import ShirushiError
from shirushi.ports.files import Files

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Session(Generic[S]):
    """A service, the actor on whose behalf the face speaks to it, that actor's files, and the domain's address."""

    service: S
    actor: Actor
    files: Files
    address: str = ""


Opener: TypeAlias = Callable[[Path | None], AbstractContextManager[Session[S]]]
"""Opens the trust domain in a data directory (None: the default one) and gives a session of one of its services."""

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", envvar="SHIRUSHI_DATA", help="The trust domain's data directory [./shirushi-data]"
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON")]

ContentOption = Annotated[
    list[Path] | None,
    typer.Option("--content", help="What a detached signature covers [of FILE.tsr and its like: FILE]"),
]

_BESIDE = {".ers", ".p7s", ".tsr", ".tst", ".xades"}
"""The endings of what is kept beside a file, under the file's whole name."""


def language() -> Language:
    """Japanese where the environment's locale is Japanese, else English."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "ja" if locale.lower().startswith("ja") else "en"


def choose(ja: str, en: str) -> str:
    """The text in the user's language."""
    return ja if language() == "ja" else en


def covered_by(file: Path, content: Sequence[Path] | None) -> Sequence[Path]:
    """What `file` covers: `content` where it is said, else the file beside which it is kept, if it stands there."""
    beside = file.with_suffix("")
    if content or file.suffix.lower() not in _BESIDE or not beside.is_file():
        return content or ()
    say(escape(choose(f"対象のファイル: {beside}", f"What it covers: {beside}")), aside=True)
    return (beside,)


@contextmanager
def told(*, as_json: bool = False) -> Iterator[None]:
    """Turn a `ShirushiError` into its message, its remedy and its exit status."""
    try:
        yield
    except ShirushiError as error:
        if as_json:
            say_json(
                {
                    "error": {
                        "code": error.code,
                        "message": error.explain(language()),
                        "remedy": error.remedy(language()),
                    }
                }
            )
        console = Console(stderr=True, highlight=False)
        console.print(f"[bold red]{error.code}[/]  {escape(error.explain(language()))}", soft_wrap=True)
        console.print(f"  → {escape(error.remedy(language()))}", soft_wrap=True)
        raise typer.Exit(lookup(error.code).exit_status) from error


def say_json(value: Any) -> None:
    """Print a value as JSON, in one document."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def say(text: str, *, aside: bool = False) -> None:
    """Print a line for a person; styles in rich's markup. `aside` is what is said on the way to a result: no output."""
    Console(highlight=False, stderr=aside).print(text, soft_wrap=True)


_WIDEST = 1000
"""Columns of a table, so that nothing is cut off whatever the terminal's width."""


def say_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings, in columns as wide as what they hold."""
    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(escape(str(value)) for value in row))
    Console(highlight=False, width=_WIDEST).print(table)


def with_progress(items: Iterable[T], total: int, what: str) -> Iterable[T]:
    """The items, with a progress bar on the error stream where a person looks on and there is more than one."""
    if total < 2 or not sys.stderr.isatty():
        return items
    return track(items, what, total=total, console=Console(stderr=True))


def read_pin(pin: str | None) -> str | None:
    """The PIN itself; `-` takes it from the terminal unseen, or from the first line of standard input."""
    if pin != "-":
        return pin
    return getpass("PIN: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
