"""`shirushi backup`, `shirushi restore` and `shirushi key …`."""

from __future__ import annotations

import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from shirushi.adapters.data_directory import default_path
from shirushi.codecs.asn1.pem import public_key_to_pem
from shirushi.core.algorithms import KeyType
from shirushi.core.errors import FileUnreadable
from shirushi.domain import Domain, open_domain
from shirushi.faces.cli import DataOption, JsonOption, choose, read_pin, say, say_json, told
from shirushi.operating.backup import BackupReport, backup, restore

PassphraseOption = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", help="A file with the passphrase [asked for, or read from standard input]"
    ),
]
PinOption = Annotated[str | None, typer.Option("--pin", help="The PIN; - reads it unseen")]


def commands() -> typer.Typer:
    """The operator's commands."""
    app = typer.Typer()
    app.add_typer(_keys())

    @app.command("backup")
    def backup_(
        file: Annotated[Path, typer.Argument(help="The backup to write; none may be there")],
        passphrase_file: PassphraseOption = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Back up the whole trust domain under a passphrase, while it serves."""
        with told(as_json=as_json):
            made = backup(data or default_path(), file, _passphrase(passphrase_file, twice=True))
            _tell(
                made,
                choose(f"バックアップを作成し、検証しました: {file}", f"Backed up and verified: {file}"),
                as_json,
            )

    @app.command("restore")
    def restore_(
        file: Annotated[Path, typer.Argument(help="The backup")],
        directory: Annotated[Path, typer.Argument(help="The data directory to make; nothing may lie there")],
        passphrase_file: PassphraseOption = None,
        database: Annotated[
            str, typer.Option("--database", help="An empty PostgreSQL database [SQLite in the directory]")
        ] = "",
        as_json: JsonOption = False,
    ) -> None:
        """Make a trust domain from a backup, which is verified whole before."""
        with told(as_json=as_json):
            found = restore(file, directory, _passphrase(passphrase_file, twice=False), database)
            _tell(found, choose(f"復元しました: {directory}", f"Restored: {directory}"), as_json)

    return app


def _keys() -> typer.Typer:
    app = typer.Typer(name="key", help="Private keys, in files and on PKCS#11 tokens", no_args_is_help=True)

    @app.command("list")
    def list_(data: DataOption = None, as_json: JsonOption = False) -> None:
        """List the keys: where each lies, and how often it was used at most."""
        with told(as_json=as_json), open_domain(data) as domain:
            found = [_described(domain, label) for label in domain.keys.labels()]
            if as_json:
                say_json(found)
            for each in () if as_json else found:
                say("  ".join(str(value) for value in each.values() if value != ""))

    @app.command()
    def generate(
        label: Annotated[str, typer.Argument(help="Its label")],
        key_type: Annotated[
            KeyType, typer.Option("--key-type", parser=KeyType, metavar="TYPE")
        ] = KeyType.P_256,
        pin: PinOption = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Make a key where [[key]] says: in an encrypted file, or on a token."""
        with told(as_json=as_json), open_domain(data) as domain:
            domain.keys.generate(label, key_type, read_pin(pin))
            _made(domain, label, as_json)

    @app.command()
    def adopt(
        label: Annotated[str, typer.Argument(help="Its label here")],
        token: Annotated[str, typer.Option("--token", help="The token, as [[pkcs11]] names it")],
        name: Annotated[str | None, typer.Option("--name", help="Its label on the token [the same]")] = None,
        pin: PinOption = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Take in a key that lies on a token already, such as a person's card."""
        with told(as_json=as_json), open_domain(data) as domain:
            domain.keys.store.adopt(token, label, name, read_pin(pin))
            _made(domain, label, as_json)

    @app.command()
    def public(
        label: Annotated[str, typer.Argument(help="Its label")],
        data: DataOption = None,
    ) -> None:
        """Print a key's public half in PEM."""
        with told(), open_domain(data) as domain:
            typer.echo(public_key_to_pem(domain.keys.reference(label).spki), nl=False)

    return app


def _described(domain: Domain, label: str) -> dict[str, object]:
    reference = domain.keys.reference(label)
    return {
        "label": label,
        "key_type": reference.key_type.value,
        "token": domain.keys.store.place(label),
        "pin": reference.pin_protected,
        "uses": domain.keys.uses(label),
    }


def _made(domain: Domain, label: str, as_json: bool) -> None:  # noqa: FBT001  as the command has it
    found = _described(domain, label)
    if as_json:
        say_json(found)
    else:
        place = found["token"] or "keys/"
        say(
            choose(
                f"鍵 {label} ({found['key_type']}): {place}", f"Key {label} ({found['key_type']}): {place}"
            )
        )


def _passphrase(file: Path | None, *, twice: bool) -> str:
    if file is not None:
        try:
            return file.read_text().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise FileUnreadable(path=file, detail=error) from error
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    given = getpass(choose("パスフレーズ: ", "Passphrase: "))
    if twice and getpass(choose("もう一度: ", "Again: ")) != given:
        raise typer.BadParameter(choose("一致しません。", "They differ."), param_hint="passphrase")
    return given


def _tell(report: BackupReport, text: str, as_json: bool) -> None:  # noqa: FBT001  as above
    if as_json:
        say_json(
            {
                "created_at": report.created_at,
                "domain": report.name,
                "files": len(report.files),
                "keys_on_tokens": list(report.on_tokens),
                "master_key": report.master_key,
                "outside": list(report.outside),
            }
        )
        return
    say(text)
    if report.on_tokens:
        labels = ", ".join(report.on_tokens)
        say(choose(f"  トークン上の鍵（含まれません）: {labels}", f"  Keys on tokens, not in it: {labels}"))
    if report.outside:
        places = ", ".join(report.outside)
        say(
            choose(
                f"  データディレクトリの外にあり、含まれません: {places}",
                f"  Outside the data directory, not in it: {places}",
            )
        )
    if not report.master_key:
        say(
            choose(
                "  マスター鍵は環境変数にあるため含まれません。",
                "  The master key is in the environment, not in it.",
            )
        )
