"""Long work over many items: on every core, with each item's outcome told as it comes, and a way to stop."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from queue import Empty
from typing import Any, Generic, TypeVar

from shirushi.core.catalogue import Language
from shirushi.core.errors import ShirushiError

T = TypeVar("T")
_THREADS = 2
"""Items in hand in each process: while one waits for a disk or another server, the next one computes."""
_PATIENCE = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of an item: `result`, or the error's code, message and remedy in the caller's language."""

    item: T
    result: str = ""
    code: str = ""
    message: str = ""
    remedy: str = ""


def processes_for(count: int) -> int:
    """How many processes many items are worth: one for each core, one alone for a handful."""
    return max(1, min(len(os.sched_getaffinity(0)), count // 8))


def spread(
    items: Sequence[T],
    begin: Callable[[], AbstractContextManager[Callable[[T], str]]],
    *,
    processes: int,
    language: Language,
) -> Iterator[Outcome[T]]:
    """Each item's outcome, in whatever order they come.

    `begin` is opened once in each process and gives what works on an item; it must not have been opened here, for the
    processes are forked. Whoever takes no more outcomes stops the work: items in hand are finished, no other is begun.
    """
    context = multiprocessing.get_context("fork")
    told: Any = context.Queue()
    taken, stopped = context.Value("l", 0), context.Event()

    def work() -> None:
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # the parent hears it, and stops this process in good order
        try:
            with begin() as act, ThreadPoolExecutor(_THREADS) as threads:
                line = _Line(items, taken, stopped, told, language)
                list(threads.map(lambda _: line.work_off(act), range(_THREADS)))
        except ShirushiError as error:
            told.put((-1, _failed(None, error, language)))

    children = [context.Process(target=work) for _ in range(processes)]
    for child in children:
        child.start()
    try:
        yield from _outcomes(children, told, items)
    finally:
        stopped.set()
        _drain(children, told)


@dataclass(frozen=True, slots=True)
class _Line(Generic[T]):
    """The items in a row, of which every thread of every process takes the next."""

    items: Sequence[T]
    taken: Any
    stopped: Any
    told: Any
    language: Language

    def work_off(self, act: Callable[[T], str]) -> None:
        """Take items until there are no more, or until the work is stopped."""
        while not self.stopped.is_set():
            with self.taken.get_lock():
                index = self.taken.value
                self.taken.value += 1
            if index >= len(self.items):
                return
            self.told.put((index, self._outcome(self.items[index], act)))

    def _outcome(self, item: T, act: Callable[[T], str]) -> Outcome[T]:
        try:
            return Outcome(item, act(item))
        except ShirushiError as error:
            return _failed(item, error, self.language)
        except Exception:  # noqa: BLE001  the other items still have a chance
            _log.exception("item.failed")
            return _failed(item, ShirushiError(), self.language)


def _outcomes(children: Sequence[Any], told: Any, items: Sequence[T]) -> Iterator[Outcome[T]]:
    left = len(items)
    while left:
        try:
            index, outcome = told.get(timeout=_PATIENCE)
        except Empty:
            if not any(child.is_alive() for child in children) and told.empty():
                return
            continue
        left -= 1
        yield outcome
        if index < 0:
            return


def _drain(children: Sequence[Any], told: Any) -> None:
    """Let the processes end; a queue that nobody reads would keep them."""
    while any(child.is_alive() for child in children):
        try:
            told.get(timeout=0.05)
        except Empty:
            continue
    for child in children:
        child.join()


def _failed(item: Any, error: ShirushiError, language: Language) -> Outcome[Any]:
    return Outcome(item, "", error.code, error.explain(language), error.remedy(language))
