"""The signer process: one thread that serves a token's keys to the other processes of this user's platform."""

from __future__ import annotations

import argparse
import logging
import selectors
import signal
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from shirushi.adapters.pkcs11.errors import ModuleMissing, TokenUnusable
from shirushi.adapters.pkcs11.frames import Frame, FrameMalformed, same_user, split
from shirushi.adapters.pkcs11.settings import TokenSettings
from shirushi.core.errors import ShirushiError

_log = logging.getLogger(__name__)

UNTAKEN_SECONDS = 5.0
"""How long a client may leave an answer untaken before it is cut off."""
LOOK_SECONDS = 5.0
"""How often the token is looked at, for what counts."""


class Watch(Protocol):
    """Counts what a signer process does."""

    def signed(self, token: str, outcome: str) -> None:
        """A signature was asked for; the outcome is `done` or a code."""
        ...

    def token(self, token: str, *, usable: bool, recoveries: int) -> None:
        """Whether the token can be used, and how often it was recovered since this was last said."""
        ...


@dataclass(slots=True)
class _Client:
    """A process that asks, and what it has sent of its next question."""

    socket: socket.socket
    buffer: bytearray = field(default_factory=bytearray, repr=False)


class SignerServer:
    """Answers over `listening` until `lifeline` ends or SIGTERM comes."""

    def __init__(self, settings: TokenSettings, token: Any, watch: Watch | None = None) -> None:
        self._settings = settings
        self._token = token
        self._watch = watch
        self._looked = 0.0
        self._told_recoveries = 0
        self._work: Mapping[str, Callable[[Frame], Frame]] = {
            "check": self._check,
            "sign": self._sign,
            "unlock": self._unlock,
            "generate": self._generate,
            "find": self._find,
            "destroy": self._destroy,
        }

    def run(self, listening: socket.socket, lifeline: int) -> None:
        """Serve."""
        waker, woken = socket.socketpair()
        waker.settimeout(0)
        signal.set_wakeup_fd(waker.fileno())
        signal.signal(signal.SIGTERM, lambda _number, _frame: None)
        signal.signal(signal.SIGINT, lambda _number, _frame: None)
        with selectors.DefaultSelector() as waiting, waker, woken:
            listening.settimeout(0)
            waiting.register(listening, selectors.EVENT_READ, None)
            waiting.register(lifeline, selectors.EVENT_READ, "end")
            waiting.register(woken, selectors.EVENT_READ, "signal")
            self._look()
            while True:
                events = waiting.select(LOOK_SECONDS)
                if time.monotonic() - self._looked > LOOK_SECONDS:
                    self._look()
                for key, _ in events:
                    if key.data == "end" or (key.data == "signal" and _told_to_stop(woken)):
                        return
                    if key.data is None:
                        self._accept(listening, waiting)
                    elif isinstance(key.data, _Client) and not self._serve(key.data):
                        waiting.unregister(key.fileobj)
                        key.data.socket.close()

    def _accept(self, listening: socket.socket, waiting: selectors.BaseSelector) -> None:
        try:
            client, _ = listening.accept()
        except BlockingIOError:
            return
        if not same_user(client):
            _log.error("signer.refused", extra={"service": self._settings.name})
            client.close()
            return
        client.settimeout(UNTAKEN_SECONDS)
        waiting.register(client, selectors.EVENT_READ, _Client(client))

    def _serve(self, client: _Client) -> bool:
        """Take what came and answer what is whole; false where the client is to be let go."""
        try:
            came = client.socket.recv(1 << 18)
            if not came:
                return False
            client.buffer += came
            while (asked := split(client.buffer)) is not None:
                client.socket.sendall(self._answer(asked).encode())
        except (OSError, FrameMalformed):
            return False
        return True

    def _answer(self, asked: Frame) -> Frame:
        do = asked.head.get("do")
        outcome = "done"
        try:
            return self._work[str(do)](asked)
        except ShirushiError as error:
            outcome = error.code
            said = {name: str(value) for name, value in error.parameters.items()}
            return Frame({"error": error.code, "parameters": said})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            outcome = TokenUnusable.code
            said = {"token": self._settings.name, "detail": type(error).__name__}
            return Frame({"error": outcome, "parameters": said})
        finally:
            if self._watch and do == "sign":
                self._watch.signed(self._settings.name, outcome)

    def _look(self) -> None:
        """Look whether the token can be used, so that what counts it knows."""
        self._looked = time.monotonic()
        if self._watch is None:
            return
        usable = "error" not in self._answer(Frame({"do": "check"})).head
        recoveries = self._token.recoveries
        self._watch.token(self._settings.name, usable=usable, recoveries=recoveries - self._told_recoveries)
        self._told_recoveries = recoveries

    def _check(self, asked: Frame) -> Frame:  # noqa: ARG002  there is nothing to say
        self._token.check()
        return Frame({"recoveries": self._token.recoveries})

    def _sign(self, asked: Frame) -> Frame:
        head = asked.head
        pss = head.get("pss")
        value = self._token.sign(
            head["id"], head["scheme"], asked.octets, tuple(pss) if pss else None, head.get("pin")
        )
        return Frame({}, value)

    def _unlock(self, asked: Frame) -> Frame:
        self._token.unlock(asked.head["id"], asked.head.get("pin"))
        return Frame({})

    def _generate(self, asked: Frame) -> Frame:
        head = asked.head
        return Frame({}, self._token.generate(head["label"], head["id"], head["key_type"], head.get("pin")))

    def _find(self, asked: Frame) -> Frame:
        key_id, spki = self._token.find(asked.head["label"], asked.head.get("pin"))
        return Frame({"id": key_id}, spki)

    def _destroy(self, asked: Frame) -> Frame:
        self._token.destroy(asked.head["id"], asked.head.get("pin"))
        return Frame({})


def _told_to_stop(woken: socket.socket) -> bool:
    return not {signal.SIGTERM, signal.SIGINT}.isdisjoint(woken.recv(64))


class _NoLibrary:
    """Stands for a token that cannot be reached, for the library that loads modules is not installed."""

    recoveries = 0

    def __init__(self, settings: TokenSettings, error: ImportError) -> None:
        self._settings = settings
        self._error = error

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def refuse(*_given: object) -> Any:
            detail = f"{self._error}: pip install 'shirushi[pkcs11]'"
            raise ModuleMissing(token=self._settings.name, module=self._settings.module, detail=detail)

        return refuse


def signer_server(settings: TokenSettings, watch: Watch | None = None) -> SignerServer:
    """The server of a token, with all loaded but the token's own module, which is asked for when the server runs."""
    token: Any
    try:
        from shirushi.adapters.pkcs11.token import Token  # noqa: PLC0415  an extra; no other process loads it

        token = Token(settings)
    except ImportError as error:
        token = _NoLibrary(settings, error)
    return SignerServer(settings, token, watch)


def main() -> None:
    """A signer process that another process started for itself."""
    parser = argparse.ArgumentParser()
    parser.add_argument("settings", type=TokenSettings.decode)
    for end in ("listening", "lifeline"):
        parser.add_argument(f"--{end}", type=int, required=True)
    given = parser.parse_args()
    with socket.socket(fileno=given.listening) as listening:
        signer_server(given.settings).run(listening, given.lifeline)


if __name__ == "__main__":
    main()
