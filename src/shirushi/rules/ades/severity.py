"""What becomes of a check that did not succeed."""

from __future__ import annotations

from enum import Enum

from shirushi.core.reason import Information, Reason


class Severity(Enum):
    """What a policy makes of a check that did not succeed."""

    FAIL = "fail"
    WARN = "warn"
    INFORM = "inform"
    IGNORE = "ignore"

    def told(self, *reasons: Reason) -> tuple[Reason, ...]:
        """The reasons as warnings or as `Information`; none for what fails, which is no warning, or is ignored."""
        if self is Severity.INFORM:
            return tuple(Information(each.code, each.parameters) for each in reasons)
        return reasons if self is Severity.WARN else ()
