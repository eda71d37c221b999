"""What is written on the command line, as the authority's words."""

from __future__ import annotations

import typer

from shirushi.services.ca.model import DistinguishedName


def name_of(parts: list[str]) -> DistinguishedName:
    """A name from `commonName=…` and its like, in order."""
    pairs = [part.partition("=") for part in parts]
    if not all(separator for _, separator, _ in pairs):
        raise typer.BadParameter("commonName=…", param_hint="--subject")
    return DistinguishedName(tuple((kind.strip(), value.strip()) for kind, _, value in pairs))
