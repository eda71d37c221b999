"""The port `Background` on threads of this process."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from shirushi.core.errors import ShirushiError
from shirushi.ports.background import ProcessStopping, Work

AT_ONCE = 2

_log = logging.getLogger(__name__)


class BackgroundThreads:
    """Threads that are there once they are needed. Thread-safe."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None

    def start(self, work: Work) -> None:
        """Carry the work out; what it raises is logged."""
        with self._lock:
            if self._stopping.is_set():
                raise ProcessStopping
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._at_once, thread_name_prefix="background")
            self._threads.submit(self._run, work)

    def close(self) -> None:
        """Tell all work that the process stops, and wait until each has finished the step in hand."""
        with self._lock:
            self._stopping.set()
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown(wait=True)

    def _run(self, work: Work) -> None:
        try:
            work(self._stopping.is_set)
        except ShirushiError as error:
            _log.error("background.failed", extra={"code": error.code})
        except Exception:  # noqa: BLE001  nobody waits for its outcome
            _log.exception("background.failed", extra={"code": "INTERNAL_ERROR"})
