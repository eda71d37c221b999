"""Why a JAdES signature is not made or raised as asked."""

from __future__ import annotations

from shirushi.core.errors import MalformedInput


class JadesDeclined(MalformedInput):
    """A document that could be read but is not signed, or raised to a level, as asked."""

    code = "JADES_PARAMETER_UNSUPPORTED"


class ParameterUnsupported(JadesDeclined):
    """Something that the signer wishes to say and JAdES has no place for; `parameter`."""

    code = "JADES_PARAMETER_UNSUPPORTED"


class BreaksTimeStamp(JadesDeclined):
    """An archive time-stamp covers what would be changed: the counter-signature inside of `signature`."""

    code = "JADES_BREAKS_TIME_STAMP"


class SignatureNotFound(JadesDeclined):
    """The document holds no such signature; `signature`."""

    code = "JADES_SIGNATURE_NOT_FOUND"


class ContentMissing(JadesDeclined):
    """The signed data is needed as well, and that is not at hand; `name`."""

    code = "JADES_CONTENT_MISSING"


class PayloadUnfit(JadesDeclined):
    """A payload that cannot stand unencoded where it should; `serialization`."""

    code = "JADES_PAYLOAD_UNFIT"
