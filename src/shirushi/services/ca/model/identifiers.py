"""Japanese names and numbers: identifiers with their semantics, corporate numbers, ideographs that pass for katakana."""

from __future__ import annotations

import re

from shirushi.services.ca.model.errors import SubjectNameRefused

_NATURAL = re.compile(r"(PAS|IDC|PNO|TAX|TIN|[A-Z]{2}:)[A-Z]{2}-.+")
"""EN 319 412-1 §5.1.3."""
_LEGAL = re.compile(r"(VAT|NTR|PSD|LEI|EID|[A-Z]{2}:)[A-Z]{2}-.+")
"""EN 319 412-1 §5.1.4."""
_CORPORATE_NUMBER = re.compile(r"(?:NTRJP-|VATJP-T?)([0-9]{13})")
_REGISTRY_NUMBER = re.compile(r"NTRJP-[0-9]{12}")
"""会社法人等番号: without a check digit, which the corporate number puts before it."""


def corporate_number_holds(number: str) -> bool:
    """Whether the first of 13 digits is the check digit of the others.

    法人番号の指定等に関する省令（平成26年財務省令第70号）第2条.
    """
    if len(number) != 13 or not (number.isascii() and number.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(number[1:])]
    return int(number[0]) == 9 - sum(digits[0::2], 2 * sum(digits[1::2])) % 9


def semantics_of(types: dict[str, str]) -> str | None:
    """Which semantics (a key of `SEMANTICS`) the identifier of a name follows, or None.

    `types` are the name's attributes. Raises nothing: an identifier of another form is one of the operator's own.
    """
    if "organizationIdentifier" in types and "givenName" not in types and "surname" not in types:
        return "legal" if _LEGAL.fullmatch(types["organizationIdentifier"]) else None
    return "natural" if _NATURAL.fullmatch(types.get("serialNumber", "")) else None


def check_organization_identifier(value: str) -> None:
    """Raise `SubjectNameRefused` for a Japanese identifier that is none."""
    if not value.startswith(("NTRJP-", "VATJP-")):
        return
    number = _CORPORATE_NUMBER.fullmatch(value)
    if number is None and not _REGISTRY_NUMBER.fullmatch(value):
        raise SubjectNameRefused(attribute="organizationIdentifier", detail="NTRJP-/VATJP- + 13 digits")
    if number is not None and not corporate_number_holds(number[1]):
        raise SubjectNameRefused(
            attribute="organizationIdentifier", detail=f"{number[1]}: check digit (法人番号)"
        )


_HIDDEN_IDEOGRAPH = re.compile("[ァ-ヺー][力夕口二工卜八才千三一][ァ-ヺー]")


def hidden_ideograph(text: str) -> str | None:
    """An ideograph between katakana that looks like one of them (夕 for タ, 口 for ロ), or None."""
    found = _HIDDEN_IDEOGRAPH.search(text)
    return f"{found[0]}: U+{ord(found[0][1]):04X}" if found else None
