"""`shirushi deferred prepare|bind|complete`: the key lies elsewhere, and days may pass between the steps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.document import document
from shirushi.core.evidence import Level
from shirushi.faces.cli import DataOption, JsonOption, Opener, choose, say, say_json, told
from shirushi.formats.protocol import SignatureParameters
from shirushi.services.signing.cli.options import (
    FormatOption,
    LevelOption,
    PackagingOption,
    beside,
)
from shirushi.services.signing.model import Deferral
from shirushi.services.signing.service import Signing

StateArgument = Annotated[Path, typer.Argument(help="What the step before wrote")]


def mount(app: typer.Typer, open_: Opener[Signing]) -> None:
    """Add the commands."""
    group = typer.Typer(name="deferred", help="Sign with a key that lies elsewhere", no_args_is_help=True)
    app.add_typer(group)

    @group.command()
    def prepare(
        file: Annotated[Path, typer.Argument(help="The document to sign; it is not changed")],
        level: LevelOption = Level.B_T,
        form: FormatOption = None,
        packaging: PackagingOption = None,
        reason: Annotated[str | None, typer.Option("--reason", help="Why it is signed")] = None,
        output: Annotated[Path | None, typer.Option("-o", "--output", help="[FILE.deferred]")] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Fix what will be signed; no certificate is needed yet."""
        with told(as_json=as_json), open_(data) as session:
            deferral = session.service.defer(
                session.actor,
                session.files.read(file),
                level=level,
                form=form,
                parameters=SignatureParameters(packaging=packaging, reason=reason),
            )
            target = output or file.with_name(f"{file.name}.deferred")
            session.files.write(document(deferral.text.encode()), target)
            if as_json:
                say_json({"deferral": str(target), "form": deferral.form, "level": level.value})
            else:
                say(choose(f"署名を準備しました: {target}", f"Prepared: {target}"))

    @group.command()
    def bind(
        state: StateArgument,
        chain: Annotated[Path, typer.Option("--chain", help="The signing certificate and its issuers, PEM")],
        to_sign: Annotated[Path, typer.Option("--to-sign", help="Where the bytes to be signed go")],
        file: Annotated[Path | None, typer.Option("--document", help="For forms that need it")] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Fix the certificate; writes the bytes that its key must sign."""
        with told(as_json=as_json), open_(data) as session:
            read = session.files.read
            bound, to_be_signed = session.service.bind_deferred(
                session.actor,
                Deferral.read(read(state).read().decode(errors="replace")),
                certificates_in(read(chain).read()),
                document=read(file) if file else None,
            )
            session.files.write(document(bound.text.encode()), state)
            session.files.write(document(to_be_signed.data), to_sign)
            if as_json:
                say_json({"to_sign": str(to_sign), "algorithm": str(to_be_signed.algorithm)})
            else:
                say(
                    choose(
                        f"{to_be_signed.algorithm} で署名してください: {to_sign}",
                        f"To be signed with {to_be_signed.algorithm}: {to_sign}",
                    )
                )

    @group.command()
    def complete(
        state: StateArgument,
        file: Annotated[Path, typer.Argument(help="The document, as it was prepared")],
        value: Annotated[Path, typer.Option("--value", help="The signature value; ECDSA as a DER sequence")],
        output: Annotated[Path | None, typer.Option("-o", "--output", help="[FILE.signed.pdf]")] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Put the signature value in its place."""
        with told(as_json=as_json), open_(data) as session:
            read = session.files.read
            deferral = Deferral.read(read(state).read().decode(errors="replace"))
            signed = session.service.complete_deferred(
                session.actor, deferral, read(file), read(value).read()
            )
            target = output or beside(file, "signed", signed)
            session.files.write(signed, target)
            if as_json:
                say_json({"file": str(target), "level": deferral.level.value})
            else:
                say(choose(f"署名を付けました: {target}", f"Signed: {target}"))
