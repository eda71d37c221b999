"""Why a XAdES signature is not made or raised as asked."""

from __future__ import annotations

from shirushi.core.errors import MalformedInput


class XadesDeclined(MalformedInput):
    """A document that could be read but is not signed, or raised to a level, as asked."""

    code = "XADES_PARAMETER_UNSUPPORTED"


class ParameterUnsupported(XadesDeclined):
    """Something that the signer wishes to say and XAdES has no place for; `parameter`."""

    code = "XADES_PARAMETER_UNSUPPORTED"


class BreaksSignature(XadesDeclined):
    """A signature that is in the document would no longer be intact; `name`."""

    code = "XADES_BREAKS_SIGNATURE"


class BreaksTimeStamp(XadesDeclined):
    """An archive time-stamp covers what would be changed: the counter-signature `signature`."""

    code = "XADES_BREAKS_TIME_STAMP"


class SignatureNotFound(XadesDeclined):
    """The document holds no such signature; `signature`."""

    code = "XADES_SIGNATURE_NOT_FOUND"


class ContentMissing(XadesDeclined):
    """An archive time-stamp covers the signed data as well, and that is not at hand; `name`."""

    code = "XADES_CONTENT_MISSING"


class ValueWithoutId(XadesDeclined):
    """A signature value without an `Id` cannot be counter-signed: nothing could name it; `signature`."""

    code = "XADES_VALUE_WITHOUT_ID"
