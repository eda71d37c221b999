"""The fast path of time-stamping: RFC 3161 over HTTP (§3.4), with a chain file of its own for its audit records."""

from shirushi.services.tsa.lane.commit import GroupCommit
from shirushi.services.tsa.lane.desk import StampDesk
from shirushi.services.tsa.lane.stamping import LaneStamper

__all__ = ["GroupCommit", "LaneStamper", "StampDesk"]
