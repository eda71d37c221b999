"""Which object belongs to which part of the document: what may change in one place may stand in another as well."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from shirushi.codecs.pdf.errors import MalformedPdf, PdfLimitExceeded
from shirushi.codecs.pdf.objects import PdfDict, PdfValue, Reference, Stream
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.view import PLAIN, array, dictionary
from shirushi.formats.pades.changes.findings import named, page
from shirushi.formats.pades.changes.form_tree import FormTree, form_tree
from shirushi.formats.pades.changes.page_tree import PageTree, page_tree

_MOST_VALUES = 1 << 24


class Role(Enum):
    """What an object is to the structure of the document. Each has rules of its own for what may change."""

    CATALOGUE = "catalogue"
    PAGE_TREE = "page tree"
    PAGE = "page"
    ANNOTATIONS = "annotations"
    NODE = "node"
    """An annotation, a form field, or both."""
    FORM = "form"
    FIELDS = "fields"


class Kind(Enum):
    """The kinds of parts, by what may happen to them."""

    CONTENT = "content"
    NODE = "node"
    FORM = "form"
    STRUCTURE = "structure"
    STORE = "store"
    METADATA = "metadata"


class Part(NamedTuple):
    """A part of the document: `where` is its name for a person; `number` and `key` are a node's and its entry's."""

    kind: Kind
    where: str
    number: int = 0
    key: str = ""


METADATA_KEYS = frozenset({"Metadata", "PieceInfo", "Extensions", "LastModified"})
_CATALOGUE_KINDS = {"DSS": Kind.STORE, "StructTreeRoot": Kind.STRUCTURE}
_PROPER = {  # the entries through which one properly arrives at an object of that role
    Role.NODE: frozenset(
        {
            "Annots",
            "Kids",
            "Parent",
            "Fields",
            "Popup",
            "IRT",
            "Obj",
            "CO",
            "P",
            "T",
            "Data",
            "AN",
            "TA",
            "Annotation",
        }
    ),
    Role.FORM: frozenset({"AcroForm", "Data"}),
    Role.FIELDS: frozenset({"Fields", "Kids"}),
    Role.ANNOTATIONS: frozenset({"Annots"}),
}


_LEADS = frozenset({Reference, Stream, dict, list})
"""What can lead to other objects, by its very type: a font's arrays have thousands of names and numbers."""


class Territory:
    """The objects that a revision reaches from its trailer, each with its role or its part.

    An object in more than one part belongs to the content, where nothing may change; `entangled` are structural
    objects that something else uses in a way that is not theirs. Objects that are in no part are reached by nothing.
    References to objects that do not exist count: whoever makes them changes the document.
    """

    __slots__ = ("_left", "annotations", "entangled", "form", "pages", "parts", "roles")

    def __init__(self, view: PdfReader) -> None:
        self.parts: dict[int, Part] = {}
        self.roles: dict[int, Role] = {}
        self.entangled: set[int] = set()
        self.annotations: dict[int, int] = {}
        self._left = _MOST_VALUES
        self._survey(view, None)

    def page_of(self, number: int) -> int | None:
        """The index of the first page that is the object of that number."""
        return next((i for i, each in enumerate(self.pages.pages) if each.number == number), None)

    def advance(self, view: PdfReader, altered: Iterable[int]) -> None:
        """Take in what the objects of those numbers now refer to. What they referred to before stays in its part."""
        numbers = set(altered) & (self.parts.keys() | self.roles.keys())
        if numbers:
            self._survey(view, numbers)
        for number in numbers & self.parts.keys():
            value = _read(view, reference_to(view, number))
            inside = value.dictionary if isinstance(value, Stream) else value
            self._walk(view, [inside], self.parts[number], "")

    def _survey(self, view: PdfReader, altered: set[int] | None) -> None:
        """Find the structure, or what is new in it where `altered` objects are named, and walk all that hangs on it."""
        roles = {self.roles[number] for number in altered if number in self.roles} if altered else set(Role)
        structural = Role.CATALOGUE in roles or Role.PAGE_TREE in roles
        if structural:
            self.pages: PageTree = page_tree(view)
            self._give(Role.CATALOGUE, [view.root_reference.number])
            self._give(Role.PAGE_TREE, [each.number for each in self.pages.inner] + [*self.pages.arrays])
            self._give(Role.PAGE, [each.number for each in self.pages.pages])
        if roles & {Role.CATALOGUE, Role.FORM, Role.FIELDS, Role.NODE}:
            self._enter_form(view)
        chosen = {
            index
            for index, each in enumerate(self.pages.pages)
            if structural or (altered and each.number in altered)
        }
        for number in altered or ():
            if self.roles.get(number) is Role.ANNOTATIONS and number in self.annotations:
                chosen.add(self.annotations[number])
        nodes = [*self.form.nodes] if roles & {Role.CATALOGUE, Role.FORM, Role.FIELDS, Role.NODE} else []
        for index in sorted(chosen):
            nodes += self._enter_annotations(view, index)
        nodes += [number for number in altered or () if self.roles.get(number) is Role.NODE]
        for number in dict.fromkeys(nodes):
            self._walk_node(view, number)
        for index in sorted(chosen):
            self._walk_page(view, index)
        if structural:
            self._walk_catalogue(view)

    def _give(self, role: Role, numbers: Iterable[int]) -> None:
        for number in numbers:
            if self.roles.setdefault(number, role) is not role:
                self.entangled.add(number)

    def _enter_form(self, view: PdfReader) -> None:
        self.form: FormTree = form_tree(view)
        given = view.root.get("AcroForm")
        if isinstance(given, Reference):
            self._give(Role.FORM, [given.number])
        self._give(Role.FIELDS, self.form.arrays)
        self._give(Role.NODE, self.form.nodes)

    def _enter_annotations(self, view: PdfReader, index: int) -> list[int]:
        found = dictionary(view, self.pages.pages[index]) or {}
        given = found.get("Annots")
        if isinstance(given, Reference):
            self._give(Role.ANNOTATIONS, [given.number])
            self.annotations[given.number] = index
        numbers = [item.number for item in array(view, given) or [] if isinstance(item, Reference)]
        self._give(Role.NODE, numbers)
        for number in numbers:
            self.annotations.setdefault(number, index)
        return numbers

    def _walk_node(self, view: PdfReader, number: int) -> None:
        node = self.form.nodes.get(number)
        where = named(node.name) if node else page(self.annotations.get(number, 0))
        for key, value in _entries(_read(view, reference_to(view, number))).items():
            self._walk(view, [value], Part(Kind.NODE, where, number, key), key)

    def _walk_page(self, view: PdfReader, index: int) -> None:
        for key, value in (dictionary(view, self.pages.pages[index]) or {}).items():
            kind = Kind.METADATA if key in METADATA_KEYS else Kind.CONTENT
            self._walk(view, [value], Part(kind, page(index)), key)

    def _walk_catalogue(self, view: PdfReader) -> None:
        for inner in self.pages.inner:
            for key, value in (dictionary(view, inner) or {}).items():
                self._walk(view, [value], Part(Kind.CONTENT, "pages"), key)
        for key, value in view.root.items():
            if key == "AcroForm":
                for entry, item in (dictionary(view, value) or {}).items():
                    self._walk(view, [item], Part(Kind.FORM, "form"), entry)
                continue
            kind = Kind.METADATA if key in METADATA_KEYS else _CATALOGUE_KINDS.get(key, Kind.CONTENT)
            self._walk(view, [value], Part(kind, str(key)), key)
        self._walk(view, [view.trailer.get("Info")], Part(Kind.METADATA, "Info"), "Info")

    def _walk(self, view: PdfReader, values: Iterable[PdfValue], part: Part, key: str) -> None:
        """Put all that `values` reach into `part`, up to objects with a role. `key` is the entry they stand in."""
        pending: list[tuple[PdfValue, str, Part]] = [(value, key, part) for value in values]
        while pending:
            value, above, into = pending.pop()
            self._left -= 1
            if self._left < 0:
                raise PdfLimitExceeded(limit="objects")
            if isinstance(value, Reference):
                role = self.roles.get(value.number)
                if role is not None:
                    if above and above not in _PROPER.get(role, {above}):
                        self.entangled.add(value.number)
                    continue
                settled = self._settle(value.number, into)
                if settled is None:
                    continue
                value, into = _read(view, value), settled
            if isinstance(value, Stream):
                value = value.dictionary
            if isinstance(value, dict):
                self._left -= len(value)
                pending += [(item, name, into) for name, item in value.items() if type(item) in _LEADS]
            elif isinstance(value, list):
                self._left -= len(value)
                pending += [(item, above, into) for item in value if type(item) in _LEADS]

    def _settle(self, number: int, part: Part) -> Part | None:
        """Put an object into a part; gives the part that it now belongs to where that is news, else None."""
        known = self.parts.get(number)
        if known is None:
            settled = part
        elif known.kind is Kind.CONTENT or known == part:
            return None
        elif {known.kind, part.kind} <= {Kind.FORM, Kind.NODE}:
            settled = Part(Kind.FORM, known.where)
        elif known.kind is part.kind:
            return None
        else:
            settled = Part(Kind.CONTENT, part.where if part.kind is Kind.CONTENT else known.where)
        if settled == known:
            return None
        self.parts[number] = settled
        return settled


def _read(view: PdfReader, reference: Reference) -> PdfValue:
    """The object; a damaged one leads nowhere, and is compared as such."""
    try:
        return view.get(reference)
    except MalformedPdf:
        return None


def _entries(value: PdfValue) -> PdfDict:
    return value if isinstance(value, dict) else {}


def reference_to(view: PdfReader, number: int) -> Reference:
    """A reference to the object as the view has it."""
    entry = view.find(number)
    return Reference(number, entry.ordinal if entry is not None and entry.kind == PLAIN else 0)
