"""Who a caller is: bearer tokens that stand for actors."""

from __future__ import annotations

from typing import Protocol

from shirushi.core.actor import Actor
from shirushi.core.errors import ShirushiError


class TokenRefused(ShirushiError):
    """The token is unknown, expired or revoked. Says no more than that."""

    code = "TOKEN_REFUSED"


class AccessTokens(Protocol):
    """Knows for whom a bearer token stands (RFC 6750)."""

    def actor(self, token: str) -> Actor:
        """The actor that the token stands for; raises `TokenRefused`."""
        ...
