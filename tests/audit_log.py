"""An audit log over a real database and a real key, for the tests of the audit service."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL

from shirushi.adapters.checkpoint_files import CheckpointFile
from shirushi.adapters.database import SqlDatabase, migrate, sqlite_url
from shirushi.adapters.software_keys import PinCost, SoftwareKeyStore
from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import KeyType
from shirushi.ports.audit import AuditEvent
from shirushi.ports.trust import TimeStamper
from shirushi.services.audit.model import AuditVerification
from shirushi.services.audit.service import AuditService, AuditTrail
from tests.fakes import FakeClock

OPERATOR = Actor("local:operator", frozenset({Role.OPERATOR, Role.AUDITOR}))
AUDITOR = Actor("auditor@example.jp", frozenset({Role.AUDITOR}))
ALICE = Actor("alice@example.jp", frozenset({Role.SIGNER}))


class Log:
    """The log in a folder, with its archive beside it; in another database where `url` names one."""

    def __init__(self, folder: Path, time_stamper: TimeStamper | None = None, url: URL | None = None) -> None:
        self.path = folder / "shirushi.sqlite"
        url = url or sqlite_url(self.path)
        migrate(url)
        self.database = SqlDatabase(url)
        self.clock = FakeClock()
        self.trail = AuditTrail(self.clock)
        self.keys = SoftwareKeyStore(folder, bytes(32), PinCost(8, 1))
        if "audit" not in self.keys.labels():
            self.keys.generate("audit", KeyType.P_256)
        self.archive = CheckpointFile(folder / "checkpoints.jsonl")
        self.service = AuditService(
            trail=self.trail,
            database=self.database,
            keys=self.keys,
            key_label="audit",
            clock=self.clock,
            time_stamper=time_stamper,
            archives=[self.archive],
        )

    def write(self, *subjects: str, actor: Actor = ALICE) -> None:
        """One event for each subject, each in a unit of its own."""
        for subject in subjects:
            self.clock.advance(seconds=1.5)
            with self.database.unit() as connection:
                self.trail.record(
                    connection, actor, AuditEvent("test.act", subject, detail={"n": len(subject)})
                )

    def filled(self, count: int) -> Log:
        """With so many linked records."""
        self.write(*(f"文書 {number}" for number in range(1, count + 1)))
        self.service.sequence(OPERATOR)
        return self

    def tamper(self, statement: str, parameters: Sequence[object] = ()) -> int:
        """Change the database behind the service's back; how many rows it touched."""
        connection = sqlite3.connect(self.path)
        with connection:
            touched = connection.execute(statement, parameters).rowcount
        connection.close()
        return touched

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What stands in the database."""
        connection = sqlite3.connect(self.path)
        found = connection.execute(query).fetchall()
        connection.close()
        return found

    def verify(self) -> AuditVerification:
        return self.service.verify(OPERATOR)

    def found(self) -> list[tuple[str, int | None]]:
        """The code and position of each finding."""
        return [(finding.reason.code, finding.position) for finding in self.verify().findings]
