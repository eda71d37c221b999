"""Hold checkpoints against their signatures, against each other, and the chain against them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from shirushi.core.algorithms import Digest, signature_algorithm
from shirushi.core.chain import GENESIS
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import TimeStampKind
from shirushi.core.primitives import verify
from shirushi.core.reason import reason
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.ports.keys import KeyReference
from shirushi.services.audit.model import AuditFinding, Checkpoint, Statement


class CheckpointExamination:
    """The checkpoints of the database and those that were kept elsewhere, examined together.

    `keys` are the keys that may have signed them, by label. Whether a time-stamp comes from a trusted authority is not
    judged here: its token is evidence that validation can judge.
    """

    def __init__(
        self, stored: Iterable[Checkpoint], lines: Iterable[str], keys: Mapping[str, KeyReference]
    ) -> None:
        self._keys = keys
        self._found: list[AuditFinding] = []
        self._valid: dict[int, Statement] = {}
        self.stamped = 0
        held = {checkpoint.number: checkpoint for checkpoint in stored}
        for checkpoint in held.values():
            self._examine(checkpoint)
        self._check_succession(held)
        for number, line in enumerate(lines, 1):
            self._compare(number, line, held)

    @property
    def valid(self) -> int:
        """How many different checkpoints are signed as they must be."""
        return len(self._valid)

    @property
    def chains(self) -> frozenset[str]:
        """The names of the lanes' chains that valid checkpoints bind."""
        return frozenset(name for statement in self._valid.values() for name in statement.chains)

    def counts(self, chain: str = "") -> frozenset[int]:
        """At which positions a chain is to be held against them; the database's where no name is given."""
        return frozenset(count for _, count, _ in self._marks(chain))

    def bound(self, links: Mapping[int, tuple[str, ...]], chain: str = "") -> int:
        """Up to which position a valid checkpoint confirms the chain."""
        return max((c for _, c, head in self._marks(chain) if head in links.get(c, ())), default=0)

    def findings(self) -> Iterator[AuditFinding]:
        """What is wrong with the checkpoints themselves."""
        yield from dict.fromkeys(self._found)

    def contradictions(
        self, links: Mapping[int, tuple[str, ...]], reach: int, chain: str = ""
    ) -> Iterator[AuditFinding]:
        """Where they contradict a chain, given its links at `counts` and how far it is known to have reached."""
        confirmed = 0
        for number, count, head in self._marks(chain):
            first = confirmed + 1
            if count > reach:
                said = reason("AUDIT_RECORDS_CUT_OFF", first=max(first, reach + 1), last=count)
                yield AuditFinding(said, max(first, reach + 1), chain=chain)
            elif count in links and head not in links[count]:
                said = reason("AUDIT_HISTORY_REWRITTEN", number=number, first=first, last=count)
                yield AuditFinding(said, first, chain=chain)
            confirmed = count

    def _marks(self, chain: str) -> Iterator[tuple[int, int, str]]:
        """The number of each valid checkpoint in order, and the count and head that it says of the chain."""
        for number, statement in sorted(self._valid.items()):
            said = statement.chains.get(chain) if chain else (statement.count, statement.head)
            if said is not None:
                yield number, *said

    def _examine(self, checkpoint: Checkpoint) -> bool:
        statement = self._statement(checkpoint)
        if statement is None:
            self._found.append(_finding("AUDIT_CHECKPOINT_ALTERED", number=checkpoint.number))
            return False
        self._valid[checkpoint.number] = statement
        if checkpoint.token is not None:
            if _covers(checkpoint.token, checkpoint.stamped):
                self.stamped += 1
            else:
                self._found.append(_finding("AUDIT_CHECKPOINT_STAMP_ALTERED", number=checkpoint.number))
        return True

    def _statement(self, checkpoint: Checkpoint) -> Statement | None:
        """What the checkpoint says, where one of the keys signed it."""
        try:
            statement = Statement.parse(checkpoint.statement)
            text = checkpoint.statement.encode()
        except (ValueError, TypeError):
            return None
        key = self._keys.get(statement.key)
        if key is None or statement.number != checkpoint.number:
            return None
        if statement.spki != hashlib.sha256(key.spki).hexdigest():
            return None
        algorithm = signature_algorithm(key.key_type)
        return statement if verify(key.spki, algorithm, checkpoint.signature, text) else None

    def _check_succession(self, held: Mapping[int, Checkpoint]) -> None:
        """Numbers run from 1, and each statement names the one before it."""
        for number, following in pairwise((0, *sorted(held))):
            self._found.extend(
                _finding("AUDIT_CHECKPOINT_REMOVED", number=n) for n in range(number + 1, following)
            )
            statement = self._valid.get(following)
            if statement and following == number + 1:
                before = held[number].digest if number else GENESIS
                if statement.previous != before and number in self._valid:
                    self._found.append(_finding("AUDIT_CHECKPOINT_ALTERED", number=following))

    def _compare(self, line_number: int, line: str, held: Mapping[int, Checkpoint]) -> None:
        """Take in a checkpoint that was kept elsewhere."""
        try:
            checkpoint = Checkpoint.from_line(line)
        except ValueError:
            self._found.append(_finding("AUDIT_CHECKPOINT_UNREADABLE", line=line_number))
            return
        statement = self._statement(checkpoint)
        if statement is None:
            self._found.append(_finding("AUDIT_CHECKPOINT_UNREADABLE", line=line_number))
        elif checkpoint.number not in held:
            if checkpoint.number not in self._valid:
                self._found.append(_finding("AUDIT_CHECKPOINT_REMOVED", number=checkpoint.number))
                self._examine(checkpoint)
        elif held[checkpoint.number].statement != checkpoint.statement:
            self._found.append(_finding("AUDIT_CHECKPOINT_ALTERED", number=checkpoint.number))
            self._valid[checkpoint.number] = statement
        elif checkpoint.token not in {None, held[checkpoint.number].token}:
            self._found.append(_finding("AUDIT_CHECKPOINT_STAMP_ALTERED", number=checkpoint.number))


def _covers(token: object, data: bytes) -> bool:
    """Whether the token is intact and stamps `data`."""
    if not isinstance(token, bytes):  # a column that was tampered with
        return False
    try:
        evidence = parse_timestamp_token(
            token, TimeStampKind.CONTENT, lambda algorithm: Digest(algorithm, algorithm.digest(data))
        )
    except MalformedInput:
        return False
    return evidence.imprint_intact is True and evidence.signature.integrity is True


def _finding(code: str, **parameters: object) -> AuditFinding:
    return AuditFinding(reason(code, **parameters))
