"""The interactive form: its fields and the signatures in them (ISO 32000-2 §12.7, §12.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shirushi.codecs.pdf.effort import PARSED
from shirushi.codecs.pdf.errors import PdfLimitExceeded
from shirushi.codecs.pdf.lexer import Unreadable, entry_spans, object_header
from shirushi.codecs.pdf.objects import PdfDict, PdfValue, Reference
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.text import decode_date, decode_text
from shirushi.codecs.pdf.view import PdfView, array, dictionary, integer
from shirushi.core.instant import Instant

_DEEPEST = 64
_MOST_FIELDS = 1 << 18
INHERITABLE = ("FT", "Ff", "V", "DV", "DA", "Q", "MaxLen", "Opt")


@dataclass(frozen=True, slots=True)
class Field:
    """A terminal field, or one whose kids are widgets alone.

    `name` is the fully qualified name; `reference` is None where the dictionary stands directly in `/Fields` or
    `/Kids`; `widgets` are its widget annotations, the field itself among them where both are merged.
    """

    name: str
    reference: Reference | None
    dictionary: PdfDict = field(repr=False)
    ancestors: tuple[PdfDict, ...] = field(repr=False, default=())
    widgets: tuple[Reference, ...] = ()

    def get(self, key: str) -> PdfValue:
        """The field's entry, inherited where it is inheritable; not resolved."""
        value = self.dictionary.get(key)
        if value is None and key in INHERITABLE:
            for ancestor in self.ancestors:
                value = ancestor.get(key)
                if value is not None:
                    break
        return value


@dataclass(frozen=True, slots=True)
class FieldLock:
    """A field lock, or the parameters of FieldMDP (ISO 32000-2 tables 236 and 259): which fields may not change.

    `action` is `All`, `Include` or `Exclude`; `fields` are names; `permissions` is the lock's `/P`.
    """

    action: str
    fields: tuple[str, ...] = ()
    permissions: int | None = None

    def locks(self, name: str) -> bool:
        """Whether the field of that name, or one above it, is locked."""
        named = any(name == each or name.startswith(f"{each}.") for each in self.fields)
        return (
            self.action == "All"
            or (self.action == "Include" and named)
            or (self.action == "Exclude" and not named)
        )


@dataclass(frozen=True, slots=True)
class SignatureDictionary:
    """A signature dictionary (ISO 32000-2 table 255).

    `contents` is the value of `/Contents`, padding included; `contents_span` the offsets in the file from its `<` to
    behind its `>`, None where it cannot be told. `byte_range` is as written, whatever its length. `doc_mdp` is the
    `/P` of a DocMDP reference (2 where it names none), `field_mdp` every FieldMDP reference.
    """

    reference: Reference | None
    dictionary: PdfDict = field(repr=False)
    type: str | None
    filter: str | None
    sub_filter: str | None
    byte_range: tuple[int, ...]
    contents: bytes = field(repr=False)
    contents_span: tuple[int, int] | None
    name: str | None = None
    reason: str | None = None
    location: str | None = None
    contact_info: str | None = None
    time: Instant | None = None
    doc_mdp: int | None = None
    field_mdp: tuple[FieldLock, ...] = ()


@dataclass(frozen=True, slots=True)
class SignatureField:
    """A signature field; `signature` is None while it is empty. `lock` is its `/Lock`."""

    field: Field
    signature: SignatureDictionary | None
    lock: FieldLock | None = None

    @property
    def name(self) -> str:
        """The fully qualified field name."""
        return self.field.name


def acro_form(view: PdfView) -> PdfDict | None:
    """The interactive form dictionary, None where the document has none."""
    return dictionary(view, view.root.get("AcroForm"))


def fields(view: PdfView) -> Iterator[Field]:
    """The fields of the form in the order of its tree; raises `PdfLimitExceeded` on loops."""
    form = acro_form(view)
    top = array(view, form.get("Fields")) if form else None
    seen: set[Reference] = set()
    stack: list[tuple[PdfValue, str, tuple[PdfDict, ...]]] = [(item, "", ()) for item in reversed(top or [])]
    while stack:
        item, prefix, ancestors = stack.pop()
        node = dictionary(view, item)
        if node is None:
            continue
        reference = item if isinstance(item, Reference) else None
        if reference:
            if reference in seen:
                continue
            seen.add(reference)
        if len(ancestors) > _DEEPEST or len(seen) > _MOST_FIELDS:
            raise PdfLimitExceeded(limit="form fields")
        partial = decode_text(view.resolve(node.get("T")))
        name = prefix if partial is None else f"{prefix}.{partial}" if prefix else partial
        kids = array(view, node.get("Kids")) or []
        below = (node, *ancestors)
        children = [kid for kid in kids if _is_field(view, kid)]
        if children:
            stack.extend((kid, name, below) for kid in reversed(children))
            continue
        widgets = tuple(kid for kid in kids if isinstance(kid, Reference))
        if not kids and reference:
            widgets = (reference,)
        yield Field(name, reference, node, ancestors, widgets)


def _is_field(view: PdfView, kid: PdfValue) -> bool:
    node = dictionary(view, kid)
    return node is not None and ("T" in node or "Kids" in node)


def signature_fields(view: PdfView) -> Iterator[SignatureField]:
    """The signature fields of the form, empty ones included."""
    for each in fields(view):
        if view.resolve(each.get("FT")) == "Sig":
            yield SignatureField(
                each, signature_dictionary(view, each.get("V")), field_lock(view, each.get("Lock"))
            )


def field_lock(view: PdfView, value: PdfValue) -> FieldLock | None:
    """A `/Lock` dictionary or the parameters of FieldMDP; None where the value is neither."""
    found = dictionary(view, value)
    if found is None:
        return None
    names = (decode_text(view.resolve(item)) for item in array(view, found.get("Fields")) or [])
    return FieldLock(
        str(view.resolve(found.get("Action")) or "All"),
        tuple(name for name in names if name is not None),
        integer(view, found.get("P")),
    )


def signature_dictionary(view: PdfView, value: PdfValue) -> SignatureDictionary | None:
    """The signature dictionary in `value`, None where there is none."""
    found = dictionary(view, value)
    if found is None:
        return None
    reference = value if isinstance(value, Reference) else None

    def text(key: str) -> str | None:
        return decode_text(view.resolve(found.get(key)))

    def name(key: str) -> str | None:
        given = view.resolve(found.get(key))
        return str(given) if isinstance(given, str) else None

    numbers = (integer(view, item) for item in array(view, found.get("ByteRange")) or [])
    contents = view.resolve(found.get("Contents"))
    doc_mdp: int | None = None
    field_mdp: list[FieldLock] = []
    for item in array(view, found.get("Reference")) or []:
        transform = dictionary(view, item) or {}
        method = view.resolve(transform.get("TransformMethod"))
        parameters = dictionary(view, transform.get("TransformParams")) or {}
        if method == "DocMDP":
            permissions = integer(view, parameters.get("P"))
            doc_mdp = 2 if permissions is None else permissions
        elif method == "FieldMDP":
            lock = field_lock(view, parameters)
            field_mdp += [lock] if lock else []
    return SignatureDictionary(
        reference,
        found,
        name("Type"),
        name("Filter"),
        name("SubFilter"),
        tuple(number for number in numbers if number is not None),
        contents if isinstance(contents, bytes) else b"",
        contents_span(view, reference) if reference else None,
        text("Name"),
        text("Reason"),
        text("Location"),
        text("ContactInfo"),
        decode_date(view.resolve(found.get("M"))),
        doc_mdp,
        tuple(field_mdp),
    )


def contents_span(view: PdfView, reference: Reference) -> tuple[int, int] | None:
    """Where the hexadecimal `/Contents` of a signature stands in the file, `<` and `>` included."""
    if not isinstance(view, PdfReader):
        return None
    offset = view.offset_of(reference)
    raw = view.raw(reference)
    if offset is None or raw is None:
        return None
    view.window.effort.spend(PARSED * len(raw))
    head = view.window.read(offset, 64)
    found = object_header(head)
    if found is None or found[3] is None:
        return None
    try:
        span = entry_spans(raw, 2).get("Contents")
    except Unreadable:
        return None
    shift = offset + found.end() - 2
    return (shift + span[0], shift + span[1]) if span else None


def certification(view: PdfView) -> SignatureDictionary | None:
    """The certification signature that `/Perms /DocMDP` of the catalogue names (ISO 32000-2 §12.8.6)."""
    permissions = dictionary(view, view.root.get("Perms"))
    return signature_dictionary(view, permissions.get("DocMDP")) if permissions else None
