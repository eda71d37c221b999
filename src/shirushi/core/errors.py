"""Exceptions: this platform could not do what was asked.

A bad signature is a result, never an exception. Each class has a stable `code`, under which the catalogue holds its
message and its remedy in Japanese and English.
"""

from __future__ import annotations

from typing import ClassVar

from shirushi.core.catalogue import Language, lookup


class ShirushiError(Exception):
    """The root of all errors raised on purpose. Keyword arguments fill the places in the catalogue's texts."""

    code: ClassVar[str] = "INTERNAL_ERROR"

    def __init__(self, **parameters: object) -> None:
        self.parameters = parameters
        super().__init__(f"{self.code}: {self.explain('en')}")

    def explain(self, language: Language) -> str:
        """What happened, for a person."""
        return lookup(self.code).text(language).message.format_map(_Named(self.parameters))

    def remedy(self, language: Language) -> str:
        """What the person can do about it."""
        return lookup(self.code).text(language).remedy.format_map(_Named(self.parameters))


class _Named(dict[str, object]):
    """Parameters in which a missing name shows as itself: an error text never raises another error."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class UnsupportedAlgorithm(ShirushiError):
    """An algorithm that is unknown here or that this machine's libraries lack."""

    code = "UNSUPPORTED_ALGORITHM"


class NotAnInstant(ShirushiError):
    """Text that should be an RFC 3339 date-time and is not."""

    code = "NOT_AN_INSTANT"


class MalformedInput(ShirushiError):
    """Bytes that are not what their place demands. The codecs raise subclasses of it."""

    code = "MALFORMED_INPUT"


class FileUnreadable(ShirushiError):
    """A file that is missing or cannot be read."""

    code = "FILE_UNREADABLE"


class FileUnwritable(ShirushiError):
    """A file that could not be written whole; what stood in its place still does."""

    code = "FILE_UNWRITABLE"


class NotPermitted(ShirushiError):
    """The actor may not do this."""

    code = "NOT_PERMITTED"


class ConfigurationInvalid(ShirushiError):
    """A configuration file that does not say what it must."""

    code = "CONFIGURATION_INVALID"
