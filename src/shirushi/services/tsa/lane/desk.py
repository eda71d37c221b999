"""RFC 3161 over HTTP (§3.4): what a lane of the time-stamping authority is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from shirushi.codecs.asn1.tsp import PkiStatus, encode_timestamp_response
from shirushi.faces.lane import Asked, Target
from shirushi.services.tsa.lane.commit import GroupCommit
from shirushi.services.tsa.lane.stamping import LaneStamper
from shirushi.services.tsa.model import FailureInfo

PATHS = {b"/", b"/tsa"}
_REPLY = b"content-type: application/timestamp-reply\r\n"
_UNDURABLE = encode_timestamp_response(
    PkiStatus.REJECTION, failure_info=FailureInfo.SYSTEM_FAILURE, text="The audit record could not be kept."
)


class StampDesk:
    """Stamps what arrived together, and answers once the audit records are durable."""

    methods = b"POST"

    def __init__(self, stamper: LaneStamper, commit: GroupCommit) -> None:
        self._stamper = stamper
        self._commit = commit
        self.done = {"tokens": 0, "lost": 0}
        self.refusals: Counter[str] = Counter()

    def judge(self, target: Target) -> int:
        """200, or the status that refuses such a request."""
        if target.path not in PATHS:
            return 404
        if target.method != b"POST":
            return 405
        return 200 if target.media_type == b"application/timestamp-query" else 415

    def answer_all(self, asked: Sequence[Asked]) -> None:
        """Answer requests: refusals at once, tokens once their records are durable."""
        answers = self._stamper.answer_all([each.body for each in asked])
        waiting: list[tuple[Asked, bytes]] = []
        records: list[bytes] = []
        for each, (response, record, failure) in zip(asked, answers, strict=True):
            if record is None:
                self.refusals[failure] += 1
                each.connection.answered(200, _REPLY, response)
            else:
                waiting.append((each, response))
                records.append(record)
                each.connection.waits = True
        if records:
            self._commit.add(records, partial(self._recorded, waiting))

    def _recorded(self, waiting: list[tuple[Asked, bytes]], durable: int) -> None:
        """The records of the first so many are durable; those of the others never will be."""
        self.done["tokens"] += durable
        self.done["lost"] += len(waiting) - durable
        for number, ((connection, _, _), response) in enumerate(waiting):
            connection.waits = False
            if number < durable:
                connection.answered(200, _REPLY, response)
            else:
                connection.answered(503, _REPLY, _UNDURABLE)
