"""What the commands of signing have in common: options, and where results go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shirushi.core.document import Document
from shirushi.core.evidence import Level
from shirushi.formats.protocol import Packaging


def _level(value: str | Level) -> Level:
    """The level that was written, or the default as it is."""
    return value if isinstance(value, Level) else Level.parse(value)


LevelOption = Annotated[
    Level, typer.Option("--level", parser=_level, metavar="B|T|LT|LTA", help="B-B, B-T, B-LT or B-LTA")
]
MarkOption = Annotated[
    list[str] | None, typer.Option("--mark", help="A line of the visible mark; may be given several times")
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="pades|xades|cades|jades|asic-s|asic-e|…",
        help="The signature's format [by the kind of the document]",
    ),
]
PackagingOption = Annotated[
    Packaging | None,
    typer.Option("--packaging", help="Where the signature stands: in, around or beside the document"),
]
ContentStampOption = Annotated[
    bool,
    typer.Option(
        "--content-timestamp",
        help="Put a time-stamp over the document, made before it is signed, into the signature",
        rich_help_panel="More that a signature can say",
    ),
]
OutOption = Annotated[Path | None, typer.Option("--out", help="Folder for the results [beside each file]")]


def beside(file: Path, word: str, result: Document) -> Path:
    """Where the result goes: what became a file of another kind, such as a container, has a name of its own."""
    return file.with_name(f"{file.stem}.{word}{file.suffix}" if _same_kind(file, result) else result.name)


def placed(file: Path, word: str, result: Document, out: Path | None) -> Path:
    """Beside the file, or in the folder `out` under the file's own name."""
    if out is None:
        return beside(file, word, result)
    return out / (file.name if _same_kind(file, result) else result.name)


def _same_kind(file: Path, result: Document) -> bool:
    return result.name in {"", file.name}
