"""Group commit: what was recorded while the last records were on their way to the disk goes there in one step."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

from shirushi.core.errors import ShirushiError
from shirushi.ports.audit import AuditChain

_log = logging.getLogger(__name__)

Told: TypeAlias = Callable[[int], None]
"""Is told how many of its records, from the first on, are durable: fewer than all where the disk is full."""


_Order: TypeAlias = tuple[list[bytes], list[tuple[int, Told]]]
"""Records, and who is to be told of how many of them."""


class GroupCommit:
    """Appends records to a chain from a thread of its own, as many at a time as have come together.

    Where the disk is full, those that did not fit are told so, and the next are tried again. Where a write was not
    confirmed, nobody may know what the disk holds: everyone is told no, and `broken` is called once.
    """

    def __init__(
        self, chain: AuditChain, loop: asyncio.AbstractEventLoop, broken: Callable[[], None]
    ) -> None:
        self._chain = chain
        self._loop = loop
        self._broken: Callable[[], None] | None = broken
        self._records: list[bytes] = []
        self._told: list[tuple[int, Told]] = []
        self._under_way = False
        self.commits = 0
        self.seconds = 0.0
        """How often records were given to the disk, and how long that took in all."""
        self._orders: SimpleQueue[_Order | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="group-commit", daemon=True)
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be made durable."""
        return not self._under_way

    def add(self, records: Sequence[bytes], told: Told) -> None:
        """Have records made durable; `told` is called in the loop, in the order of the records."""
        self._records += records
        self._told.append((len(records), told))
        if not self._under_way:
            self._under_way = True
            # once the loop has read what else has arrived
            self._loop.call_soon(self._send)

    def close(self) -> None:
        """End the thread, when what it was given is done."""
        self._orders.put(None)
        self._thread.join()

    def _send(self) -> None:
        order = self._records, self._told
        self._records, self._told = [], []
        self._orders.put(order)

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            records, told = order
            failed, begin = False, time.perf_counter()
            try:
                kept = self._chain.append(records)
            except ShirushiError as error:
                kept, failed = 0, True
                _log.critical("tsa.chain_failed", extra={"code": error.code})
            else:
                if kept < len(records):
                    _log.error("tsa.chain_full", extra={"number": len(records) - kept})
            self.commits += 1
            self.seconds += time.perf_counter() - begin
            self._loop.call_soon_threadsafe(self._done, told, kept, failed)

    def _done(self, told: list[tuple[int, Told]], kept: int, failed: bool) -> None:  # noqa: FBT001  the loop passes no names
        if self._records:
            self._send()
        else:
            self._under_way = False
        for count, tell in told:
            tell(min(count, kept))
            kept = max(0, kept - count)
        if failed and self._broken is not None:
            broken, self._broken = self._broken, None
            broken()
