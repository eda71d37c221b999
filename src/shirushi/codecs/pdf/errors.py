"""Why a PDF could not be read."""

from __future__ import annotations

from shirushi.core.errors import MalformedInput


class MalformedPdf(MalformedInput):
    """A file that is no readable PDF."""

    code = "PDF_MALFORMED"


class PdfEmpty(MalformedPdf):
    """A file of no bytes."""

    code = "PDF_EMPTY"


class NotAPdf(MalformedPdf):
    """No PDF header within the first 1024 bytes."""

    code = "PDF_NOT_A_PDF"


class PdfTruncated(MalformedPdf):
    """A file whose end, with the position of its cross-reference data, is missing."""

    code = "PDF_TRUNCATED"


class PdfEncrypted(MalformedPdf):
    """An encrypted file: what would be appended had to be encrypted as well."""

    code = "PDF_ENCRYPTED"


class PdfXrefDamaged(MalformedPdf):
    """Cross-reference data, or a trailer, that cannot be followed; `offset` is where."""

    code = "PDF_XREF_DAMAGED"


class PdfObjectDamaged(MalformedPdf):
    """An object that does not stand where the cross-reference data say, or cannot be read; `number`, `offset`."""

    code = "PDF_OBJECT_DAMAGED"


class PdfStructureDamaged(MalformedPdf):
    """The catalogue, the page tree or the form is not of the kind that its place demands; `place` names it."""

    code = "PDF_STRUCTURE_DAMAGED"


class PdfFilterUnsupported(MalformedPdf):
    """A stream filter that this reader lacks; `filter`."""

    code = "PDF_FILTER_UNSUPPORTED"


class PdfLimitExceeded(MalformedPdf):
    """More nesting, updates or decompressed data than a document of good faith has; `limit` names which."""

    code = "PDF_LIMIT_EXCEEDED"


class PdfPageMissing(MalformedPdf):
    """The document has no page of that number; `page` counts from 1."""

    code = "PDF_PAGE_MISSING"


class PdfFontUnusable(MalformedInput):
    """The font is no TrueType font that may be embedded and subset."""

    code = "PDF_FONT_UNUSABLE"


class GlyphMissing(MalformedInput):
    """The font has no glyph for a character; `character`, `codepoint`."""

    code = "PDF_GLYPH_MISSING"


class ImageUnsupported(MalformedInput):
    """An image that is neither a PNG nor a JPEG that a PDF can carry; `detail` is a token that names the trouble."""

    code = "PDF_IMAGE_UNSUPPORTED"
