"""`shirushi sign` and `shirushi sign-digest`: a person's own signature, under their PIN."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import DigestedDocument
from shirushi.core.evidence import Level
from shirushi.faces.cli import (
    DataOption,
    JsonOption,
    Opener,
    choose,
    read_pin,
    say,
    say_json,
    told,
    with_progress,
)
from shirushi.formats.protocol import SignatureParameters
from shirushi.services.signing.cli.options import (
    ContentStampOption,
    FormatOption,
    LevelOption,
    OutOption,
    beside,
    placed,
)
from shirushi.services.signing.cli.saying import saying
from shirushi.services.signing.model import SigningBatch
from shirushi.services.signing.service import Signing

MOST_AT_ONCE = 500
"""Files under one activation: each stays open until it is signed."""

AsOption = Annotated[str, typer.Option("--as", help="Whose signature, such as alice@example.jp")]
PinOption = Annotated[str | None, typer.Option("--pin", help="The PIN; - reads it unseen")]


def mount(app: typer.Typer, open_: Opener[Signing]) -> None:
    """Add the commands."""

    @app.command()
    @saying
    def sign(
        *,
        said: SignatureParameters,
        files: Annotated[list[Path], typer.Argument(help="The documents to sign; they are not changed")],
        as_: AsOption,
        pin: PinOption = None,
        level: LevelOption = Level.B_T,
        output: Annotated[Path | None, typer.Option("-o", "--output", help="[FILE.signed.pdf]")] = None,
        out: OutOption = None,
        form: FormatOption = None,
        together: Annotated[
            bool, typer.Option("--together", help="One signature over all files, in a container (asic-e)")
        ] = False,
        content_timestamp: ContentStampOption = False,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Sign documents as a person, under their PIN: several under one PIN, which covers exactly these."""
        if len(files) > MOST_AT_ONCE or (output is not None and len(files) > 1 and not together):
            raise typer.BadParameter(f"1 – {MOST_AT_ONCE}" if output is None else "-o", param_hint="FILES")
        with told(as_json=as_json), open_(data) as session:
            signing, actor = session.service, session.actor
            credential = signing.credential(actor, as_)
            given = [session.files.read(file) for file in files]
            if together:
                form = form or "asic-e"
                given = [signing.together(actor, given, form)]
            batch = SigningBatch.of(
                credential,
                [
                    signing.prepare(
                        actor,
                        each,
                        credential,
                        level=level,
                        parameters=said,
                        form=form,
                        content_timestamp=content_timestamp,
                    )
                    for each in given
                ],
            )
            made: list[Path] = []
            signed = signing.sign_batch(actor, batch, credential.activate(batch, read_pin(pin)))
            with _cancelled(made, as_json=as_json):
                for result in with_progress(signed, len(given), choose("署名中", "Signing")):
                    target = output or placed(files[len(made)], "signed", result, out)
                    session.files.write(result, target)
                    made.append(target)
            if as_json:
                one = {"file": str(made[0])} if len(made) == 1 else {"files": [str(each) for each in made]}
                say_json({**one, "signer": as_, "level": level.value, "representation": "own"})
            elif len(made) == 1:
                say(choose(f"{as_} の署名を付けました: {made[0]}", f"Signed as {as_}: {made[0]}"))
            else:
                say(
                    choose(
                        f"{as_} の署名を {len(made)} 件に付けました。", f"Signed as {as_}: {len(made)} files"
                    )
                )

    @app.command("sign-digest")
    def sign_digest(
        digest: Annotated[
            str,
            typer.Argument(metavar="ALGORITHM:HEX", help="Of the whole document, such as SHA-256:9f86d0…"),
        ],
        as_: AsOption,
        name: Annotated[str, typer.Option("--name", help="The document's file name")],
        pin: PinOption = None,
        level: LevelOption = Level.B_T,
        output: Annotated[Path | None, typer.Option("-o", "--output", help="[NAME.p7s]")] = None,
        form: FormatOption = "cades",
        media_type: Annotated[
            str, typer.Option("--media-type", help="The document's media type")
        ] = "application/octet-stream",
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Sign a document by its digest alone: the document stays where it is; the signature stands beside it."""
        known = _digest(digest)
        with told(as_json=as_json), open_(data) as session:
            signing, actor = session.service, session.actor
            credential = signing.credential(actor, as_)
            document = DigestedDocument(name=name, media_type=media_type, digests=(known,))
            request = signing.prepare(actor, document, credential, level=level, form=form)
            signed = signing.sign(actor, request, credential.activate(request, read_pin(pin)))
            target = output or beside(Path(name), "signed", signed)
            session.files.write(signed, target)
            if as_json:
                say_json({"file": str(target), "signer": as_, "level": level.value})
            else:
                say(choose(f"{as_} の署名を作りました: {target}", f"Signed as {as_}: {target}"))


class _cancelled:  # noqa: N801  it reads as the statement that it is: with cancelled told
    """Ctrl-C ends the work after what is in hand: what was written is whole, and is named."""

    def __init__(self, made: list[Path], *, as_json: bool) -> None:
        self._made = made
        self._as_json = as_json

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is KeyboardInterrupt:
            tell_cancelled([str(each) for each in self._made], as_json=self._as_json)


def tell_cancelled(made: list[str], *, as_json: bool) -> None:
    """Say what was done before the work was cancelled, and end as a cancelled program does."""
    if as_json:
        say_json({"cancelled": True, "files": made})
    else:
        say(choose(f"取り消しました。完了: {len(made)} 件", f"Cancelled. Done: {len(made)} file(s)"))
    raise typer.Exit(130)


def _digest(text: str) -> Digest:
    name, _, value = text.partition(":")
    for algorithm in DigestAlgorithm:
        if algorithm.label.replace("-", "") == name.upper().replace("-", ""):
            try:
                found = bytes.fromhex(value)
            except ValueError:
                break
            if len(found) == algorithm.size:
                return Digest(algorithm, found)
    raise typer.BadParameter(text, param_hint="ALGORITHM:HEX")
