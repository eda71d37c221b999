"""Why a document is not signed, or a signature not raised, as asked."""

from __future__ import annotations

from shirushi.core.errors import MalformedInput


class CadesDeclined(MalformedInput):
    """A document or signature that could be read but is not signed or raised as asked."""

    code = "CADES_DECLINED"


class ContentTooLarge(CadesDeclined):
    """Content that is too large to be put inside a signature; `size` and `limit` in bytes."""

    code = "CADES_CONTENT_TOO_LARGE"


class ParameterUnsupported(CadesDeclined):
    """CAdES cannot say what was asked for; `parameter`."""

    code = "CADES_PARAMETER_UNSUPPORTED"


class SignatureUnknown(CadesDeclined):
    """No signature of that id is in the document; `signature`."""

    code = "CADES_SIGNATURE_UNKNOWN"


class ContentNeeded(CadesDeclined):
    """The content is needed, for its digest under `algorithm` stands in no signature of the file."""

    code = "CADES_CONTENT_NEEDED"


class ArchivedDifferently(CadesDeclined):
    """An older archive time-stamp covers all validation data: more of it would break that time-stamp."""

    code = "CADES_ARCHIVE_TIMESTAMP_OLD"
