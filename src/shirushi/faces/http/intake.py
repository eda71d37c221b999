"""Bodies as they arrive: within a size and a time, never whole in memory unless they are small."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from starlette.types import Receive, Scope

from shirushi.faces.http.errors import BodyCutOff, BodyTooLarge, BodyTooSlow
from shirushi.faces.http.limits import Limits

DISCARDED = 4 << 20
"""Bytes of a refused body that are read at most, so that the client comes to read the answer."""
DISCARDING = 1.0
"""Seconds that this takes at most."""


async def pieces(receive: Receive, most: int, limits: Limits) -> AsyncIterator[bytes]:
    """The pieces of a body. Raises `BodyTooLarge`, `BodyTooSlow`, or `BodyCutOff` where the client went away."""
    began, size = time.monotonic(), 0
    while True:
        try:
            message = await asyncio.wait_for(receive(), limits.idle_seconds)
        except TimeoutError:
            raise BodyTooSlow from None
        if message["type"] == "http.disconnect":
            raise BodyCutOff
        piece = message.get("body", b"")
        size += len(piece)
        if size > most:
            raise BodyTooLarge(limit=most)
        if time.monotonic() - began > limits.idle_seconds + size / limits.bytes_per_second:
            raise BodyTooSlow
        if piece:
            yield piece
        if not message.get("more_body", False):
            return


async def whole(receive: Receive, most: int, limits: Limits) -> bytes:
    """A small body at once; raises as `pieces`."""
    return b"".join([piece async for piece in pieces(receive, most, limits)])


async def discard(scope: Scope, receive: Receive) -> None:
    """Read what is left of a refused body, for a while; of one that waits for leave to be sent, nothing."""
    if any(name == b"expect" for name, _ in scope["headers"]):
        return
    left = DISCARDED
    try:
        async with asyncio.timeout(DISCARDING):
            while left > 0:
                message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
                left -= len(message.get("body", b""))
    except TimeoutError:
        return
