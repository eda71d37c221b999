"""What the kit refuses before a use case is asked."""

from __future__ import annotations

from shirushi.core.errors import ShirushiError


class RouteUnknown(ShirushiError):
    """Nothing answers at this path."""

    code = "ROUTE_UNKNOWN"


class MethodRefused(ShirushiError):
    """The path is known, the method is not one it answers."""

    code = "METHOD_REFUSED"


class RequestMalformed(ShirushiError):
    """A parameter, a header or the body is not what the operation's description says."""

    code = "REQUEST_MALFORMED"


class ContentTypeRefused(ShirushiError):
    """The body is of a media type that the operation does not take."""

    code = "CONTENT_TYPE_REFUSED"


class BodyTooLarge(ShirushiError):
    """The body, or a part of it, is larger than the operation takes."""

    code = "BODY_TOO_LARGE"


class BodyTooSlow(ShirushiError):
    """The body stopped arriving, or arrives more slowly than is waited for."""

    code = "BODY_TOO_SLOW"


class BodyCutOff(ShirushiError):
    """The client went away before its body was whole: nobody reads this answer."""

    code = "BODY_CUT_OFF"


class TokenMissing(ShirushiError):
    """The operation is for identified callers, and the request bears no token."""

    code = "TOKEN_MISSING"


class RateLimited(ShirushiError):
    """The caller asks more often than it may."""

    code = "RATE_LIMITED"


class ServerBusy(ShirushiError):
    """As many requests are waiting as this process takes."""

    code = "SERVER_BUSY"
