"""The savings that a file consists of: every one appended to the one before (ISO 32000-2 §7.5.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shirushi.codecs.pdf.lexer import SKIP
from shirushi.codecs.pdf.objects import PdfDict
from shirushi.codecs.pdf.view import Entry, XrefStyle
from shirushi.codecs.pdf.window import Window
from shirushi.codecs.pdf.xref import Section

_startxref = re.compile(rb"startxref[\x00\t\n\x0c\r ]*\d{1,19}")
_revision_end = re.compile(
    SKIP + rb"startxref" + SKIP + rb"(\d{1,19})[\x00\t\n\x0c\r ]*(?:(%%EOF))?(?:[ \t]*(?:\r\n|\n|\r))?"
).match
_after_xref_stream = re.compile(rb"(?:\r\n|\n|\r)?endstream" + SKIP + rb"endobj").match


@dataclass(frozen=True, slots=True)
class Revision:
    """One saving of the file: everything from `start` to `end`, an offset after its `%%EOF` line.

    `eof` is the offset directly after `%%EOF`, before its line end. `sections` are its cross-reference sections, the
    one that counts first: more than one in a linearised file. `startxref` is the offset of the first.
    """

    index: int
    start: int
    end: int
    eof: int
    sections: tuple[Section, ...] = field(repr=False)
    _entries: dict[int, Entry] = field(default_factory=dict, repr=False, compare=False)

    @property
    def startxref(self) -> int:
        """The offset of the cross-reference section that counts."""
        return self.sections[0].offset

    @property
    def trailer(self) -> PdfDict:
        """The trailer dictionary."""
        return self.sections[0].trailer

    def entries(self) -> dict[int, Entry]:
        """What this revision itself says of objects, by their numbers."""
        if not self._entries:
            for section in self.sections:
                for number, entry in section.entries():
                    self._entries.setdefault(number, entry)
        return self._entries

    def find(self, number: int) -> Entry | None:
        """What this revision itself says of an object, or None."""
        for section in self.sections:
            entry = section.find(number)
            if entry is not None:
                return entry
        return None


def read_revisions(window: Window, sections: list[Section], base: int) -> tuple[Revision, ...]:
    """The revisions that `sections`, newest first, make up, oldest first.

    A section that stands behind the one that names it in `/Prev` belongs to the same saving (linearised files).
    """
    groups: list[list[Section]] = []
    for section in sections:
        if not groups or section.offset < min(newer.offset for newer in groups[-1]):
            groups.append([section])
            continue
        groups[-1].append(section)
        while len(groups) > 1 and section.offset > min(newer.offset for newer in groups[-2]):
            groups[-2:] = [groups[-2] + groups[-1]]
    revisions: list[Revision] = []
    start = 0
    for index, group in enumerate(reversed(groups)):
        limit = window.size if index == len(groups) - 1 else min(newer.offset for newer in groups[-2 - index])
        eof, end = _find_end(window, group, base, limit)
        revisions.append(Revision(index, start, end, eof, tuple(group)))
        start = end
    return tuple(revisions)


def _find_end(window: Window, group: list[Section], base: int, limit: int) -> tuple[int, int]:
    """The offsets after `%%EOF` and after its line, for the sections of one saving."""
    last = max(group, key=lambda section: section.offset)
    position = last.end
    if last.style is XrefStyle.STREAM:
        data, index = window.at(position, 256)
        closing = _after_xref_stream(data, index)
        position += closing.end() - index if closing else 0
    named = group[0].offset - base
    while position < limit:
        data, index = window.at(position, 256)
        found = _revision_end(data, index)
        if found is None:
            located = window.locate(_startxref, position, limit)
            if located is None:
                break
            position = located[0]
            continue
        shift = position - index
        if int(found[1]) == named:
            return shift + (found.end(2) if found[2] else found.end(1)), shift + found.end()
        position = shift + found.end(1)
    return min(position, limit), min(position, limit)
