"""The tree of form fields with every node that is an object of its own (ISO 32000-2 §12.7.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shirushi.codecs.pdf.errors import PdfLimitExceeded
from shirushi.codecs.pdf.form import INHERITABLE, acro_form
from shirushi.codecs.pdf.objects import PdfDict, PdfValue, Reference
from shirushi.codecs.pdf.text import decode_text
from shirushi.codecs.pdf.view import PdfView, array, dictionary

_DEEPEST = 64
_MOST = 1 << 18


@dataclass(frozen=True, slots=True)
class Node:
    """A field, or a widget below one. `name` is the fully qualified name of the field."""

    reference: Reference
    name: str
    dictionary: PdfDict = field(repr=False)
    parent: Node | None = field(repr=False, default=None)

    @property
    def number(self) -> int:
        """Its object number."""
        return self.reference.number

    def get(self, key: str) -> PdfValue:
        """Its entry, inherited where it is inheritable; not resolved."""
        node: Node | None = self
        while node is not None:
            value = node.dictionary.get(key)
            if value is not None or key not in INHERITABLE:
                return value
            node = node.parent
        return None

    def line(self) -> Iterator[Node]:
        """The node and those above it."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent


@dataclass(frozen=True, slots=True)
class FormTree:
    """All nodes by object number. `direct` are fields that are no objects of their own, with the names above them.

    `arrays` are the numbers of `/Fields` and `/Kids` arrays that are objects.
    """

    nodes: dict[int, Node]
    direct: tuple[tuple[str, PdfDict], ...]
    arrays: frozenset[int]
    _below: dict[int, list[Node]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for node in self.nodes.values():
            if node.parent is not None:
                self._below.setdefault(node.parent.number, []).append(node)

    def children(self, node: Node) -> list[Node]:
        """The nodes directly below."""
        return self._below.get(node.number, [])


def form_tree(view: PdfView) -> FormTree:
    """Read the tree; raises `PdfLimitExceeded` where it is deeper or larger than any form of good faith."""
    form = acro_form(view)
    nodes: dict[int, Node] = {}
    direct: list[tuple[str, PdfDict]] = []
    arrays: set[int] = set()
    pending: list[tuple[PdfValue, str, Node | None, int]] = []

    def enter(value: PdfValue, name: str, parent: Node | None, depth: int) -> None:
        if isinstance(value, Reference):
            arrays.add(value.number)
        pending.extend((item, name, parent, depth) for item in reversed(array(view, value) or []))
        if depth > _DEEPEST or len(pending) + len(nodes) > _MOST:
            raise PdfLimitExceeded(limit="form fields")

    if form is not None:
        enter(form.get("Fields"), "", None, 0)
    while pending:
        item, above, parent, depth = pending.pop()
        found = dictionary(view, item)
        if found is None or (isinstance(item, Reference) and item.number in nodes):
            continue
        partial = decode_text(view.resolve(found.get("T")))
        name = above if partial is None else f"{above}.{partial}" if above else partial
        node = parent
        if isinstance(item, Reference):
            nodes[item.number] = node = Node(item, name, found, parent)
        else:
            direct.append((above, found))
        if "Kids" in found:
            enter(found["Kids"], name, node, depth + 1)
    return FormTree(nodes, tuple(direct), frozenset(arrays))
