"""What can be wrong with bytes that should be JSON or a JSON Web Signature."""

from __future__ import annotations

from shirushi.core.errors import MalformedInput


class MalformedJson(MalformedInput):
    """Bytes that are no JSON, or not what their place demands; `detail`."""

    code = "JSON_MALFORMED"


class JsonMemberRepeated(MalformedInput):
    """A member that stands twice in an object, so that two programs could read two things; `member`."""

    code = "JSON_MEMBER_REPEATED"


class JsonTooComplex(MalformedInput):
    """More of something than any honest document holds; `what` and the `limit`."""

    code = "JSON_TOO_COMPLEX"


class MalformedJws(MalformedInput):
    """JSON or text that is no JSON Web Signature; `detail`."""

    code = "JWS_MALFORMED"
