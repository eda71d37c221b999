"""The objects around a signature: its field and widget, the page, the form, the catalogue (ISO 32000-2 §12.7.5.5)."""

from __future__ import annotations

from collections.abc import Mapping

from shirushi.codecs.pdf.form import Field, acro_form
from shirushi.codecs.pdf.geometry import geometry
from shirushi.codecs.pdf.objects import PdfDict, PdfValue, Reference, verbatim
from shirushi.codecs.pdf.pages import Page, page_at
from shirushi.codecs.pdf.text import encode_text
from shirushi.codecs.pdf.view import PdfView, array, dictionary, integer
from shirushi.codecs.pdf.writer import serialise_dictionary, serialise_string
from shirushi.formats.pades.declined import MarkOutsidePage
from shirushi.formats.pades.request import SignatureFieldParameters, VisibleMark

WIDGET_FLAGS = 132
"""Print and Locked (ISO 32000-2 table 167)."""
SIG_FLAGS = 3
"""SignaturesExist and AppendOnly (ISO 32000-2 table 225)."""


class Plan:
    """The objects of one update, as they come together."""

    __slots__ = ("catalogue", "next_number", "objects", "parameters", "view")

    def __init__(self, view: PdfView, next_number: int, parameters: SignatureFieldParameters) -> None:
        self.view = view
        self.next_number = next_number
        self.parameters = parameters
        self.objects: dict[Reference, PdfValue] = {}
        self.catalogue: PdfDict = {}

    def new(self) -> Reference:
        """A number that nothing uses."""
        self.next_number += 1
        return Reference(self.next_number - 1)

    def add_field(self, name: str, signature: Reference) -> None:
        """A new field, merged with its widget, on a page and in the form."""
        mark = self.parameters.mark
        page = page_at(self.view, mark.page if mark else 1)
        own = self.new()
        head = b"<</Type/Annot/Subtype/Widget/FT/Sig/T%b/V %d 0 R/P %d %d R/F %d" % (
            serialise_string(encode_text(name)), signature[0], page.reference[0], page.reference[1], WIDGET_FLAGS
        )  # fmt: skip
        if mark is None:
            self.objects[own] = verbatim(head, b"/Rect[0 0 0 0]>>")
        else:
            shown = geometry(self.view, page)
            if not shown.contains(mark.area):
                raise MarkOutsidePage(
                    page=page.index + 1, width=round(shown.width), height=round(shown.height)
                )
            area = shown.place(mark.area)
            look = self._appearance(mark, mark.area.width, mark.area.height, page)
            rect: list[PdfValue] = [area.x, area.y, area.x + area.width, area.y + area.height]
            rest = serialise_dictionary({"Rect": [*map(_rounded, rect)], **look})
            self.objects[own] = verbatim(head, rest[2:])
        self._annotate(page, own)
        self._enter(own)

    def _annotate(self, page: Page, widget: Reference) -> None:
        """Put the widget on the page's list of annotations."""
        annotations = page.dictionary.get("Annots")
        if annotations is None:
            self.objects[page.reference] = _with(
                self.view, page.reference, page.dictionary, "Annots", b"[%d 0 R]" % widget[0]
            )
            return
        listed = [*(array(self.view, annotations) or []), widget]
        if isinstance(annotations, Reference) and array(self.view, annotations) is not None:
            self.objects[annotations] = listed
        else:
            self.objects[page.reference] = {**page.dictionary, "Annots": listed}

    def _enter(self, own: Reference) -> None:
        """Put the field into the form, which is made where there is none."""
        form = acro_form(self.view)
        if form is None:
            self.catalogue["AcroForm"] = reference = self.new()
            self.objects[reference] = verbatim(b"<</Fields[%d 0 R]/SigFlags %d>>" % (own[0], SIG_FLAGS))
            return
        changes: PdfDict = {}
        fields = form.get("Fields")
        listed = [*(array(self.view, fields) or []), own]
        if isinstance(fields, Reference) and array(self.view, fields) is not None:
            self.objects[fields] = listed
        else:
            changes["Fields"] = listed
        self._change_form(form, changes)

    def _change_form(self, form: PdfDict, changes: PdfDict) -> None:
        flags = integer(self.view, form.get("SigFlags")) or 0
        if flags | SIG_FLAGS != flags:
            changes["SigFlags"] = flags | SIG_FLAGS
        if not changes:
            return
        given = self.view.root.get("AcroForm")
        if isinstance(given, Reference):
            self.objects[given] = {**form, **changes}
        else:
            self.catalogue["AcroForm"] = {**form, **changes}

    def sign_field(self, existing: Field, signature: Reference) -> None:
        """Set the value of an empty field, and its look where one is asked for."""
        assert existing.reference is not None  # choose_field declines others
        changed: PdfDict = {**existing.dictionary, "V": signature}
        mark = self.parameters.mark
        if mark is not None and existing.widgets:
            widget = existing.widgets[0]
            node = changed if widget == existing.reference else dict(dictionary(self.view, widget) or {})
            node |= self._look_of_widget(mark, node)
            self.objects[widget] = node
        self.objects[existing.reference] = changed
        form = acro_form(self.view)
        if form is not None:
            self._change_form(form, {})

    def _look_of_widget(self, mark: VisibleMark, widget: PdfDict) -> PdfDict:
        """The appearance for a widget that exists, in the area that it has; none where it has no area."""
        corners = [
            v
            for v in map(self.view.resolve, array(self.view, widget.get("Rect")) or [])
            if isinstance(v, (int, float))
        ]
        if len(corners) != 4:
            return {}
        width, height = abs(corners[2] - corners[0]), abs(corners[3] - corners[1])
        if not width or not height:
            return {}
        page = page_at(self.view, mark.page)
        if geometry(self.view, page).rotation in {90, 270}:
            width, height = height, width
        return self._appearance(mark, width, height, page)

    def _appearance(self, mark: VisibleMark, width: float, height: float, page: Page) -> PdfDict:
        """The entries of a widget that show the mark upright on its page."""
        shown = geometry(self.view, page)
        form, parts = mark.appearance.build(width, height, shown.upright, self.next_number)
        for part in parts:
            self.objects[self.new()] = part
        own = self.new()
        self.objects[own] = form
        look: PdfDict = {"AP": {"N": own}}
        if shown.rotation:
            look["MK"] = {"R": shown.rotation}
        return look

    def finish_catalogue(self, signature: Reference) -> None:
        """Write the catalogue anew where it changes."""
        root = self.view.root
        if self.parameters.certification is not None:
            given = dictionary(self.view, root.get("Perms")) or {}
            self.catalogue["Perms"] = {**given, "DocMDP": signature}
        if not self.catalogue:
            return
        reference = self.view.root_reference
        form = self.catalogue.get("AcroForm")
        if len(self.catalogue) == 1 and isinstance(form, Reference):
            self.objects[reference] = _with(self.view, reference, root, "AcroForm", b" %d 0 R" % form[0])
        else:
            self.objects[reference] = {**root, **self.catalogue}


def _with(
    view: PdfView, reference: Reference, entries: Mapping[str, PdfValue], key: str, value: bytes
) -> PdfValue:
    """A dictionary with one more entry: as its bytes stand, where they can be had."""
    raw = view.raw(reference) if key not in entries else None
    if raw is not None and raw.endswith(b">>"):
        return verbatim(raw[:-2], b"/", key.encode("ascii"), value, b">>")
    return {**entries, key: verbatim(value)}


def _rounded(value: PdfValue) -> PdfValue:
    return round(value, 3) if isinstance(value, float) else value
