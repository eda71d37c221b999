"""What is written on the command line, as the authority's words."""

from __future__ import annotations

from pathlib import Path

import typer

from shirushi.codecs.asn1.pem import certificates_in
from shirushi.ports.files import Files
from shirushi.services.ca.model import DistinguishedName


def name_of(parts: list[str]) -> DistinguishedName:
    """A name from `commonName=…` and its like, in order."""
    pairs = [part.partition("=") for part in parts]
    if not all(separator for _, separator, _ in pairs):
        raise typer.BadParameter("commonName=…", param_hint="--subject")
    return DistinguishedName(tuple((kind.strip(), value.strip()) for kind, _, value in pairs))


def serial_number_of(text: str, files: Files, place: str) -> int:
    """The serial number of a certificate, which is named by that in hexadecimal, or by its file; `place` asks for it."""
    path = Path(text)
    if path.suffix:
        return certificates_in(files.read(path).read())[0].serial_number
    try:
        return int(text, 16)
    except ValueError:
        raise typer.BadParameter(text, param_hint=place) from None
