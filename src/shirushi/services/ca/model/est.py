"""The words of EST (RFC 7030), and what its server refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from shirushi.core.errors import ShirushiError
from shirushi.core.instant import Instant


class EstLabelUnknown(ShirushiError):
    """No enrolment is set up under that label."""

    code = "EST_LABEL_UNKNOWN"


class EstCredentialsRefused(ShirushiError):
    """The device showed neither a valid code nor a valid certificate."""

    code = "EST_CREDENTIALS_REFUSED"


class EstReenrolRefused(ShirushiError):
    """The request is not the renewal of the certificate that was shown."""

    code = "EST_REENROL_REFUSED"


class EstKeysNotMade(ShirushiError):
    """The server makes no keys for devices (RFC 7030 §4.4)."""

    code = "EST_KEYS_NOT_MADE"


class EstCmcRefused(ShirushiError):
    """The server does not speak Full CMC (RFC 7030 §4.3)."""

    code = "EST_CMC_REFUSED"


class EnrolmentCodeRefused(ShirushiError):
    """A code cannot be made like this."""

    code = "EST_CODE_REFUSED"


@dataclass(frozen=True, slots=True)
class EstTerms:
    """What devices are enrolled for under one label; the label "" is that of addresses without one."""

    label: str
    authority: str
    profile: str
    code_life: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """A code for one first enrolment. `subject` is the common name that it is for; None for any."""

    id: str
    label: str
    subject: str | None
    created_by: str
    created_at: Instant
    expires: Instant
    used_at: Instant | None = None
    serial_number: int | None = None
