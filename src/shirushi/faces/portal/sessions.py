"""Sessions: an unguessable name in a cookie, and a private folder of that name for what the session keeps.

A visitor's session has no folder until something is kept. The folder's name is the digest of the session's name, so that
who sees the folder cannot take the session; the sign-in token inside is encrypted under the session's name. It is asked
for at every request whom the token stands for, so that a withdrawn token ends the session. Signing in always begins a new
session.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shirushi.core.actor import Actor
from shirushi.core.instant import Instant, instant, rfc3339
from shirushi.ports.access import AccessTokens, TokenRefused
from shirushi.ports.clock import Clock

IDLE = timedelta(minutes=30)
"""How long a session lasts without a request."""
LIFETIME = timedelta(hours=8)
"""How long a session lasts at most."""
VISITOR = Actor("portal:visitor")
"""Whoever has not signed in."""

_NAME = re.compile(r"[A-Za-z0-9_-]{43}")
_STATE = "session.json"


@dataclass(frozen=True, slots=True)
class Notice:
    """What the next page says first: the key of a text, and its parameters."""

    key: str
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """One browser's session. `sealed` holds the encrypted sign-in token; `fresh`: the browser does not know its name yet."""

    name: str = field(repr=False)
    folder: Path
    actor: Actor = VISITOR
    sealed: str = field(default="", repr=False)
    began: Instant | None = None
    fresh: bool = False
    notice: Notice | None = None

    @property
    def signed_in(self) -> bool:
        """Whether somebody has signed in."""
        return bool(self.sealed)

    @property
    def token(self) -> str:
        """What every form of this session must bring along: nobody who lacks the session's name can compute it."""
        return hmac.new(self.name.encode(), b"shirushi form", hashlib.sha256).hexdigest()

    def owns(self, token: str) -> bool:
        """Whether `token` is this session's, compared in constant time."""
        return hmac.compare_digest(self.token.encode(), token.encode())


class Sessions:
    """Keeps sessions under `folder`, which is private to the account that runs the platform.

    Several processes may share the folder. What has expired is removed when another session begins.
    """

    def __init__(self, folder: Path, clock: Clock, accounts: AccessTokens) -> None:
        self._folder = folder
        self._accounts = accounts
        self._clock = clock
        self._swept: Instant | None = None

    def find(self, name: str | None) -> Session:
        """The session of that name; a new one of a visitor's where there is none or it has expired."""
        if name is None or not _NAME.fullmatch(name):
            return self._new()
        session = Session(name, self._place(name))
        try:
            state = json.loads((session.folder / _STATE).read_text())
            seen = datetime.fromtimestamp((session.folder / _STATE).stat().st_mtime, UTC)
        except (OSError, ValueError):
            return session
        now, began = self._clock.now(), instant(state["began"])
        if now - seen > IDLE or now - began > LIFETIME:
            self.end(session)
            return self._new()
        if now - seen > timedelta(seconds=20):
            self._touch(session, now)
        actor = VISITOR
        if state["token"]:
            try:
                actor = self._accounts.actor(_unseal(name, state["token"]))
            except TokenRefused:
                self.end(session)
                return self._new()
        return replace(session, began=began, actor=actor, sealed=state["token"], notice=_notice(state))

    def sign_in(self, old: Session, token: str) -> Session:
        """Begin the session of whom `token` stands for, under a new name; what the visitor's session kept is removed.

        Raises `TokenRefused`.
        """
        actor = self._accounts.actor(token)
        self.end(old)
        session = self._new()
        return self.keep(replace(session, actor=actor, sealed=_seal(session.name, token)))

    def keep(self, session: Session) -> Session:
        """Make the session's folder and write down whose it is."""
        self._sweep()
        now = self._clock.now()
        session = replace(session, began=session.began or now)
        session.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = {
            "began": rfc3339(session.began or now),
            "token": session.sealed,
            "notice": [session.notice.key, dict(session.notice.parameters)] if session.notice else None,
        }
        part = session.folder / f"{secrets.token_hex(8)}.part"
        part.write_text(json.dumps(state))
        part.replace(session.folder / _STATE)
        self._touch(session, now)
        return session

    def end(self, session: Session) -> None:
        """Forget the session and all that it kept."""
        shutil.rmtree(session.folder, ignore_errors=True)

    def _new(self) -> Session:
        name = secrets.token_urlsafe(32)
        return Session(name, self._place(name), fresh=True)

    def _place(self, name: str) -> Path:
        return self._folder / hashlib.sha256(name.encode()).hexdigest()

    def _touch(self, session: Session, now: Instant) -> None:
        with suppress(OSError):
            os.utime(session.folder / _STATE, (now.timestamp(), now.timestamp()))

    def _sweep(self) -> None:
        """Remove what has expired, at most once a minute."""
        now = self._clock.now()
        if self._swept and now - self._swept < timedelta(minutes=1):
            return
        self._swept = now
        with suppress(OSError):
            for folder in list(self._folder.iterdir()):
                try:
                    seen = datetime.fromtimestamp((folder / _STATE).stat().st_mtime, UTC)
                except OSError:  # being made, or left half made by a process that was killed
                    seen = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
                if now - seen > IDLE:
                    shutil.rmtree(folder, ignore_errors=True)


def _seal(name: str, token: str) -> str:
    """The token, encrypted so that only who knows the session's name can read it."""
    nonce = secrets.token_bytes(12)
    return (nonce + AESGCM(_key(name)).encrypt(nonce, token.encode(errors="surrogateescape"), None)).hex()


def _unseal(name: str, sealed: str) -> str:
    """The token; raises `TokenRefused` where it was tampered with."""
    try:
        data = bytes.fromhex(sealed)
        return AESGCM(_key(name)).decrypt(data[:12], data[12:], None).decode(errors="surrogateescape")
    except (ValueError, InvalidTag) as error:
        raise TokenRefused from error


def _key(name: str) -> bytes:
    return hmac.new(name.encode(), b"shirushi sign-in", hashlib.sha256).digest()


def _notice(state: dict[str, Any]) -> Notice | None:
    if not state.get("notice"):
        return None
    key, parameters = state["notice"]
    return Notice(key, tuple(parameters.items()))
