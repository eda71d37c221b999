"""`shirushi.toml`: read, with errors that name entry and line, and written so that a person can go on from there."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, TypeGuard, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shirushi.adapters.configuration import Configuration, Section
from shirushi.adapters.files import write_whole
from shirushi.core.errors import ConfigurationInvalid


class EntryUnknown(ConfigurationInvalid):
    """An entry that means nothing here, most often a slip of the pen."""

    code = "CONFIGURATION_ENTRY_UNKNOWN"


class EntryMissing(ConfigurationInvalid):
    """An entry that must stand there and does not."""

    code = "CONFIGURATION_ENTRY_MISSING"


class EntryWrong(ConfigurationInvalid):
    """An entry whose value cannot be."""

    code = "CONFIGURATION_ENTRY_WRONG"


def read_configuration(path: Path) -> Configuration:
    """Read and check the file.

    Raises:
        EntryUnknown, EntryMissing, EntryWrong: an entry is not what it must be; all are `ConfigurationInvalid`.
        ConfigurationInvalid: the file cannot be read, or is not TOML.
    """
    try:
        text = path.read_bytes().decode()
        content = tomllib.loads(text)
    except OSError as error:
        raise ConfigurationInvalid(path=path, detail=error.strerror) from error
    except ValueError as error:  # UnicodeDecodeError and TOMLDecodeError, which names the line
        raise ConfigurationInvalid(path=path, detail=str(error)) from error
    try:
        # as JSON, in which strictness means what it does in TOML; dates, which JSON lacks, must not pass for text
        return Configuration.model_validate_json(
            json.dumps(content, default=lambda date: {"date": str(date)})
        )
    except ValidationError as error:
        raise _named(path, text, error.errors()[0]) from error


def write_configuration(path: Path, configuration: Configuration) -> None:
    """Write the file anew, with a comment on every entry; raises `FileUnwritable`."""
    write_whole(path, render_configuration(configuration).encode(), mode=0o600)


def render_configuration(configuration: Configuration) -> str:
    """The text of a configuration file."""
    parts = [
        "# A Shirushi trust domain. Paths are relative to this file. Changes take effect on the next start."
    ]
    for name in type(configuration).model_fields:
        value = getattr(configuration, name)
        many = isinstance(value, tuple)
        head = f"[[{name}]]" if many else f"[{name}]"
        parts.extend(_render_section(head, section) for section in (value if many else (value,)))
    return "\n\n".join(parts) + "\n"


def _render_section(head: str, section: BaseModel) -> str:
    fields = type(section).model_fields
    lines = [f"{name} = {_toml(value)}" for name, value in section.model_dump(mode="json").items()]
    width = max(map(len, lines)) + 2
    comments = [field.description for field in fields.values()]
    return "\n".join(
        [f"{head}  # {(type(section).__doc__ or '').strip().rstrip('.')}"]
        + [f"{line:<{width}}# {comment}" for line, comment in zip(lines, comments, strict=True)]
    )


def _toml(value: Any) -> str:
    """A TOML value. JSON writes texts, numbers, booleans and arrays of them as TOML does, but for U+007F."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _named(path: Path, text: str, error: ErrorDetails) -> ConfigurationInvalid:
    line = _line(text, error["loc"])
    place: dict[str, object] = {
        "path": path,
        "entry": ".".join(str(part + 1) if isinstance(part, int) else part for part in error["loc"]),
        "line": f":{line}" if line else "",
    }
    match error["type"]:
        case "extra_forbidden":
            return EntryUnknown(**place, known=", ".join(_known(error["loc"])))
        case "missing":
            return EntryMissing(**place)
        case _:
            return EntryWrong(**place, detail=error["msg"].removeprefix("Value error, "))


def _known(location: tuple[int | str, ...]) -> list[str]:
    """The entries that may stand where an unknown one did."""
    model: type[BaseModel] = Configuration
    for part in location[:-1]:
        if isinstance(part, str):
            annotation = model.model_fields[part].annotation
            model = next((kind for kind in (annotation, *get_args(annotation)) if _is_section(kind)), model)
    return list(model.model_fields)


def _is_section(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, Section)


def _line(text: str, location: tuple[int | str, ...]) -> int | None:
    """The line on which an entry stands, or its section where it does not; None where it is written otherwise."""
    section, *keys = location
    nth = keys[0] + 1 if keys and isinstance(keys[0], int) else 1
    rest = [key for key in keys if isinstance(key, str)]
    header = re.compile(rf"\s*\[\[?\s*{re.escape(str(section))}\s*\]")
    found = None
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"\s*\[", line):
            inside = bool(header.match(line)) and (nth := nth - 1) == 0
            found = number if inside else found
        elif inside and rest and re.match(rf"\s*[\"']?{re.escape(rest[0])}[\"']?\s*=", line):
            return number
    return found
