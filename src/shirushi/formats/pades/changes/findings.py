"""What an update did, and which permission it takes (ISO 32000-2 §12.8.2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from shirushi.core.evidence import ChangeKind


class Need(IntEnum):
    """The least that a signature must permit, as the numbers of DocMDP's `/P` (ISO 32000-2 table 257)."""

    NOTHING = 1
    """Document security stores and document time-stamps are no changes in the sense of DocMDP."""
    FORM = 2
    """Filling in forms and signing."""
    ANNOTATION = 3
    """Making, changing and deleting annotations."""
    FORBIDDEN = 4
    """No signature permits it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One change. `field` is the form field whose lock forbids it."""

    kind: ChangeKind
    needs: Need
    where: str
    field: str | None = None


def forbidden(where: str) -> Finding:
    """A change of what was signed."""
    return Finding(ChangeKind.CONTENT_CHANGED, Need.FORBIDDEN, where)


def unexplained(where: str) -> Finding:
    """Bytes that no revision accounts for."""
    return Finding(ChangeKind.UNEXPLAINED_BYTES, Need.FORBIDDEN, where)


def metadata(where: str) -> Finding:
    """A change of what describes the document and shows on no page."""
    return Finding(ChangeKind.METADATA, Need.NOTHING, str(where))


def page(index: int) -> str:
    """The name of a page for a person; `index` counts from 0."""
    return f"page {index + 1}"


def named(field: str) -> str:
    """The name of a form field for a person."""
    return f'field "{field}"'
