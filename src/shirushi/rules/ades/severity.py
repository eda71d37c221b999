"""What becomes of a check that did not succeed."""

from __future__ import annotations

from enum import Enum


class Severity(Enum):
    """What a policy makes of a check that did not succeed."""

    FAIL = "fail"
    WARN = "warn"
    IGNORE = "ignore"
