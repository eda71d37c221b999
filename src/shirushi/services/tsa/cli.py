"""`shirushi stamp`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import document
from shirushi.core.errors import FileUnreadable
from shirushi.core.instant import rfc3339
from shirushi.faces.cli import (
    DataOption,
    JsonOption,
    Opener,
    Session,
    choose,
    say,
    say_json,
    told,
    with_progress,
)
from shirushi.services.tsa.model import TimeStampUnit
from shirushi.services.tsa.service import TimeStampingAuthority

RECORD = ".ers"
"""How the file of an evidence record is called after the file that it covers."""


def commands(open_: Opener[TimeStampingAuthority]) -> typer.Typer:
    """The commands of the time-stamping authority."""
    app = typer.Typer()
    app.add_typer(_units(open_))

    @app.command()
    def stamp(
        file: Annotated[Path, typer.Argument(help="The file to stamp; it is not changed")],
        output: Annotated[Path | None, typer.Option("-o", "--output", help="[FILE.tsr]")] = None,
        bulk: Annotated[
            bool,
            typer.Option(
                "--bulk",
                help="FILE is a folder: one token for all in it, and FILE.ers beside each (RFC 4998)",
            ),
        ] = False,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Time-stamp a file, or every file of a folder: proof that it exists now (RFC 3161, RFC 4998)."""
        if bulk:
            with told(as_json=as_json), open_(data) as session:
                _stamp_folder(session, file, output or file, as_json=as_json)
            return
        target = output or file.with_name(file.name + ".tsr")
        with told(as_json=as_json), open_(data) as session:
            response = session.service.stamp_document(session.actor, session.files.read(file))
            session.files.write(document(response), target)
            if as_json:
                say_json({"file": str(file), "response": str(target)})
            else:
                say(choose(f"タイムスタンプを {target} に保存しました。", f"Time-stamp written to {target}"))

    return app


def _stamp_folder(
    session: Session[TimeStampingAuthority], folder: Path, target: Path, *, as_json: bool
) -> None:
    """One token over all files of the folder, in their order of names, and an evidence record beside each."""
    if not folder.is_dir():
        raise FileUnreadable(path=folder, detail=choose("フォルダーではありません", "it is not a folder"))
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != RECORD]
    reading = choose("ハッシュ計算中", "Hashing")
    digests = [
        session.files.read(path).digest(DigestAlgorithm.SHA256)
        for path in with_progress(files, len(files), reading)
    ]
    records = session.service.stamp_batch(session.actor, digests).records()
    writing = choose("エビデンスレコードを保存中", "Writing records")
    made = []
    for path, record in with_progress(zip(files, records, strict=True), len(files), writing):
        place = target / path.relative_to(folder).with_name(path.name + RECORD)
        place.parent.mkdir(parents=True, exist_ok=True)
        session.files.write(document(record), place)
        made.append({"file": str(path), "record": str(place)})
    if as_json:
        say_json(made)
    else:
        say(
            choose(
                f"{len(made)} 件のファイルのエビデンスレコードを {target} に保存しました。",
                f"{len(made)} evidence records written to {target}",
            )
        )


def _units(open_: Opener[TimeStampingAuthority]) -> typer.Typer:
    app = typer.Typer(name="tsa", help="The time-stamping units", no_args_is_help=True)

    @app.command()
    def units(data: DataOption = None, as_json: JsonOption = False) -> None:
        """Show the units, and until when their keys may stamp."""
        with told(as_json=as_json), open_(data) as session:
            _show_units(session.service.units, as_json=as_json)

    @app.command()
    def rotate(
        name: Annotated[str | None, typer.Argument(help="The unit; without it, those that are due")] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Give a unit another key and certificate."""
        with told(as_json=as_json), open_(data) as session:
            _show_units(session.service.rotate(session.actor, name), as_json=as_json)

    return app


def _show_units(units: Sequence[TimeStampUnit], *, as_json: bool) -> None:
    shown = [
        {
            "name": unit.name,
            "policy": unit.policy_oid,
            "key": unit.key_label,
            "certificate": f"{unit.certificate.serial_number:x}",
            "until": rfc3339(unit.usage[1]),
        }
        for unit in units
    ]
    if as_json:
        say_json(shown)
    for each in () if as_json else shown:
        say(escape("  ".join(each.values())))
