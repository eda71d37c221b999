"""An authority's definition from the command line: a file, or a few options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shirushi.core.algorithms import KeyType
from shirushi.faces.cli import Session
from shirushi.services.ca.cli.words import name_of
from shirushi.services.ca.model import AuthorityDefinition
from shirushi.services.ca.model.definition_file import read_definition
from shirushi.services.ca.service import CertificateAuthority

DefinitionOption = Annotated[
    Path | None,
    typer.Option("--definition", help="The whole definition as a file (TOML), in place of the other options"),
]


def defined(
    session: Session[CertificateAuthority],
    name: str,
    file: Path | None,
    subject: list[str] | None,
    key_type: KeyType,
    succeeds: str | None = None,
) -> AuthorityDefinition:
    """The definition; what it does not place itself is published where this domain answers."""
    if (file is None) == (not subject):
        raise typer.BadParameter("--definition | --subject")
    definition = (
        read_definition(name, session.files.read(file).read())
        if file
        else AuthorityDefinition(name, name_of(subject or []), key_type, succeeds=succeeds)
    )
    return definition.published_under(session.address)
