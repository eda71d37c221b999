"""An authority's definition as a file (TOML): what an operator keeps under version control, and reviews."""

from __future__ import annotations

import tomllib
from datetime import timedelta

from shirushi.codecs.toml import TomlTable
from shirushi.core.algorithms import KeyType
from shirushi.services.ca.model.authority import AuthorityDefinition
from shirushi.services.ca.model.errors import DefinitionRefused
from shirushi.services.ca.model.name import DistinguishedName

_KEY_TYPES = {each.value: each for each in KeyType}


def read_definition(name: str, content: bytes) -> AuthorityDefinition:
    """The definition of the authority `name`: a table `subject`, and what else `AuthorityDefinition` names, all optional.

    `policies` is a table of lists of policies by profile, `pds` one of lists of addresses by language; validities are
    in hours. Raises `DefinitionRefused` for what is missing, unknown or of another kind; nothing is passed over.
    """
    try:
        told = TomlTable("", tomllib.loads(content.decode()))
        definition = _definition(name, told)
        told.end()
    except ValueError as error:  # EntryWrong, and what is no TOML or no UTF-8
        raise DefinitionRefused(name=name, detail=error) from error
    return definition


def _definition(name: str, told: TomlTable) -> AuthorityDefinition:
    bare = AuthorityDefinition(name, DistinguishedName(told.languages("subject")), KeyType.P_384)
    return AuthorityDefinition(
        name=name,
        subject=bare.subject,
        key_type=told.one_of("key_type", _KEY_TYPES) if "key_type" in told.content else bare.key_type,
        key_label=told.text("key_label", "") or None,
        pss=told.take("pss", bool, bare.pss),
        not_before=told.time("not_before", optional=True),
        not_after=told.time("not_after", optional=True),
        path_length=_number_or_none(told, "path_length"),
        crl_urls=told.texts("crl_urls"),
        ocsp_urls=told.texts("ocsp_urls"),
        ca_issuers_urls=told.texts("ca_issuers_urls"),
        crl_validity=_hours(told, "crl_hours", bare.crl_validity),
        ocsp_validity=_hours(told, "ocsp_hours", bare.ocsp_validity),
        pds=tuple((url, language) for language, url in _many(told, "pds")),
        legislation=told.texts("legislation"),
        retention_years=_number_or_none(told, "retention_years"),
        cps=told.text("cps", "") or None,
        policies=_many(told, "policies"),
        partitions=told.number("partitions", bare.partitions),
        delta_crl_urls=told.texts("delta_crl_urls"),
        delta_validity=_hours(told, "delta_hours", bare.delta_validity),
        succeeds=told.text("succeeds", "") or None,
        lint=told.take("lint", bool, bare.lint),
    )


def _number_or_none(told: TomlTable, key: str) -> int | None:
    return told.number(key) if key in told.content else None


def _hours(told: TomlTable, key: str, default: timedelta) -> timedelta:
    return timedelta(hours=told.number(key)) if key in told.content else default


def _many(told: TomlTable, key: str) -> tuple[tuple[str, str], ...]:
    """A table of lists as pairs of each list's name and one of its texts, in the file's order."""
    if key not in told.content:
        return ()
    table = told.table(key)
    return tuple((name, each) for name in list(table.content) for each in table.texts(name, needed=True))
