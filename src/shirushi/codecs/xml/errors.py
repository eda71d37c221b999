"""What can be wrong with bytes that should be XML."""

from __future__ import annotations

from shirushi.core.errors import MalformedInput


class MalformedXml(MalformedInput):
    """Bytes that are no well-formed XML, or not what their place demands; `detail`."""

    code = "XML_MALFORMED"


class XmlDoctypeRefused(MalformedInput):
    """A document type declaration: entities and default attributes could change what is read from what was signed."""

    code = "XML_DOCTYPE_REFUSED"


class XmlEncodingRefused(MalformedInput):
    """A character encoding under which markup could hide from those who look for it; `encoding`."""

    code = "XML_ENCODING_REFUSED"


class XmlTooComplex(MalformedInput):
    """More of something than any honest document holds; `what` and the `limit`."""

    code = "XML_TOO_COMPLEX"


class XmlTransformUnsupported(MalformedInput):
    """A transform outside the list of those that are safe and known here; `transform`."""

    code = "XML_TRANSFORM_UNSUPPORTED"
