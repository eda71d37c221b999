"""Hold records against their chain: what was altered, removed, reordered or cut off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from shirushi.core.chain import GENESIS
from shirushi.core.reason import reason
from shirushi.services.audit.model import AuditFinding, Line, Row

LIMIT = 200
"""How many findings are named; the others are counted."""

_REORDERED_AMONG = 16
"""Among how many altered records it is tried whether they only changed places."""


class ChainExamination:
    """Takes the linked records in the order of positions and finds what is wrong.

    `state` is the count and head that the database says; a lane's chain has `name` and no state. `links` will hold the link at each of the
    counts in `wanted`, as it stands and as it should stand.
    A record is right where its link follows from the one before it, as that stands or as it should stand: so that the
    record that was touched is named, and not the one after it.
    """

    def __init__(self, state: tuple[int, str] | None, wanted: Iterable[int], name: str = "") -> None:
        self._name = name
        self.taken = 0
        self.last = 0
        self.omitted = 0
        self.links: dict[int, tuple[str, ...]] = {}
        self._state = state
        self._wanted = frozenset(wanted)
        self._before: tuple[str, ...] = (GENESIS,)
        self._altered: list[tuple[Row | Line, tuple[str, ...]]] = []
        self._found: list[AuditFinding] = []

    @property
    def reach(self) -> int:
        """The highest position that the records or the database's own count tell of."""
        return max(self.last, self._state[0] if self._state else 0)

    def take(self, row: Row | Line) -> None:
        """The next record."""
        self.taken += 1
        position = row.position
        if not isinstance(position, int) or position <= self.last:
            self._altered_record(row, ())
            return
        if position > self.last + 1:
            self._add("AUDIT_RECORDS_REMOVED", self.last + 1, first=self.last + 1, last=position - 1)
            self._before = ()
        following = tuple(dict.fromkeys(filter(None, (row.link_after(b, position) for b in self._before))))
        link = str(row.link)
        if link in following or not self._before:
            self._before = (link,)
        else:
            self._altered_record(row, self._before)
            self._before = (link, *following)[:4]
        self.last = position
        if position in self._wanted:
            self.links[position] = self._before

    def findings(self) -> Iterator[AuditFinding]:
        """All that was found, after the last record."""
        moved = self._moved()
        for row, _ in self._altered:
            code = "AUDIT_RECORD_REORDERED" if row.id in moved else "AUDIT_RECORD_ALTERED"
            self._found.append(
                AuditFinding(reason(code, id=row.id, position=row.position), row.position, row.id, self._name)
            )
        self._found.sort(key=lambda finding: finding.position if isinstance(finding.position, int) else 0)
        count, head = self._state or (None, None)
        if count is not None and count > self.last:
            self._add("AUDIT_RECORDS_CUT_OFF", self.last + 1, first=self.last + 1, last=count)
        elif not self._name and (count != self.last or head not in self._before):
            self._add("AUDIT_CHAIN_STATE_ALTERED", None)
        yield from self._found

    def _altered_record(self, row: Row | Line, before: tuple[str, ...]) -> None:
        if len(self._altered) < LIMIT:
            self._altered.append((row, before))
        else:
            self.omitted += 1

    def _add(self, code: str, position: int | None, **parameters: object) -> None:
        self._found.append(AuditFinding(reason(code, **parameters), position, chain=self._name))

    def _moved(self) -> set[int]:
        """The numbers of the altered records that are right at the position of another altered one."""
        if not 1 < len(self._altered) <= _REORDERED_AMONG:
            return set()
        positions = [row.position for row, _ in self._altered if isinstance(row.position, int)]
        stored = {str(row.link) for row, _ in self._altered}
        before = stored.union(*(links for _, links in self._altered))
        return {
            row.id
            for (row, _), position, link in product(self._altered, positions, before)
            if position != row.position and row.link_after(link, position) in stored
        }
