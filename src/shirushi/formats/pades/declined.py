"""Why a PDF is not signed as asked."""

from __future__ import annotations

from shirushi.core.errors import MalformedInput


class PdfDeclined(MalformedInput):
    """A PDF that could be read but is not signed as asked."""

    code = "PDF_DECLINED"


class CertifiedWithoutChanges(PdfDeclined):
    """An earlier signature permits no changes: its DocMDP, or the lock of its field, has `/P 1`; `field`."""

    code = "PDF_CERTIFIED_NO_CHANGES"


class CertificationNotFirst(PdfDeclined):
    """A certification signature must be the first one (ISO 32000-2 §12.8.2.2.1), and the document has one."""

    code = "PDF_CERTIFICATION_NOT_FIRST"


class FieldLocked(PdfDeclined):
    """An earlier signature locks this field (ISO 32000-2 §12.8.2.4); `field`, `by`."""

    code = "PDF_FIELD_LOCKED"


class FieldSigned(PdfDeclined):
    """The field holds a signature already; `field`."""

    code = "PDF_FIELD_SIGNED"


class NotASignatureField(PdfDeclined):
    """The field of that name is of another type; `field`."""

    code = "PDF_FIELD_NOT_A_SIGNATURE"


class FieldNameInvalid(PdfDeclined):
    """A new field's name is empty or holds a full stop, which separates parts of names; `field`."""

    code = "PDF_FIELD_NAME_INVALID"


class SeedValueUnmet(PdfDeclined):
    """The field's seed value demands what this platform does not do; `field`, `constraint`."""

    code = "PDF_SEED_VALUE_UNMET"


class DynamicForm(PdfDeclined):
    """A dynamic XFA form: what is seen is made by a program at every opening, so nothing stable can be signed."""

    code = "PDF_XFA_DYNAMIC"


class MarkOutsidePage(PdfDeclined):
    """The visible mark does not lie on the page; `page`, `width` and `height` of the page in points."""

    code = "PDF_MARK_OUTSIDE_PAGE"


class ReservedTooSmall(PdfDeclined):
    """The signature does not fit into the space that was reserved; `needed` and `reserved` in bytes."""

    code = "PDF_RESERVED_TOO_SMALL"


class NothingToExtend(PdfDeclined):
    """No signature of that id, or none at all, stands in its own place in the file; `signature` is the id or empty."""

    code = "PDF_NOTHING_TO_EXTEND"


class StampNotOurs(PdfDeclined):
    """The document is not the one for which the time-stamp was asked."""

    code = "PDF_STAMP_NOT_OURS"


class ParameterUnsupported(PdfDeclined):
    """A signature in a PDF cannot say what was asked for; `parameter`."""

    code = "PDF_PARAMETER_UNSUPPORTED"
