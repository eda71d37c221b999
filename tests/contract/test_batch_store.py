"""What is written down of batches, on every database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shirushi.adapters.database import SqlDatabase, migrate
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import document
from shirushi.core.evidence import Level
from shirushi.services.signing.model import Batch, BatchState, DocumentState, PinLocked
from shirushi.services.signing.store import batches as store
from tests.fakes import START

OPENED = Batch("b" * 32, "alice", BatchState.COLLECTING, 0, 0, 0, START, bytes(32))


@pytest.fixture
def database(database_url):
    migrate(database_url)
    found = SqlDatabase(database_url)
    yield found
    found.close()


def test_a_batch_is_written_down_from_its_opening_to_its_end(database):
    added = [store.NewDocument(f"key{number}", f"{number}.txt", 1 << 40, bytes(32)) for number in range(3)]
    with database.unit() as connection:
        store.open_batch(connection, OPENED)
        store.add_to_batch(connection, OPENED, added, b"d" * 32)
    with database.unit() as connection:
        found = store.find_batch(connection, OPENED.id, lock=True)
        assert (found.state, found.documents, found.digest) == (BatchState.COLLECTING, 3, b"d" * 32)
        store.begin_batch(
            connection,
            replace(found, credential="alice", level=Level.B_LTA, on_behalf_of="花子", begun_at=START),
        )
    with database.unit() as connection:
        assert store.is_running(connection, OPENED.id)
        made, digest = document(b"signed", "署名.pdf"), Digest(DigestAlgorithm.SHA256, bytes(32))
        store.tell_signed(connection, OPENED.id, 1, made, digest)
        store.tell_failed(connection, OPENED.id, 2, PinLocked(id="alice"))
        store.cancel_batch(connection, OPENED.id, START)
    with database.reading() as connection:
        found = store.find_batch(connection, OPENED.id)
        assert (found.state, found.signed, found.failed) == (BatchState.CANCELLING, 1, 1)
        assert (found.level, found.on_behalf_of, found.begun_at) == (Level.B_LTA, "花子", START)
        assert not store.is_running(connection, OPENED.id)
        assert [each.number for each in store.waiting_documents(connection, found)] == [3]
        assert store.batches_at_work(connection) == store.batches_of(connection, "alice") == (found,)
    with database.unit() as connection:
        store.end_batch(connection, OPENED.id, BatchState.CANCELLED, START)
        found = store.find_batch(connection, OPENED.id)
        signed, failed, left = store.documents_of(connection, found)
        assert (signed.state, signed.result_name, signed.size) == (DocumentState.SIGNED, "署名.pdf", 1 << 40)
        assert (failed.state, failed.failure.explain("ja")) == (
            DocumentState.FAILED,
            PinLocked(id="alice").explain("ja"),
        )
        assert left.state is DocumentState.NOT_SIGNED
        assert store.batches_opened_until(connection, START) == (found,)
        store.forget_batch(connection, OPENED.id)
        assert store.find_batch(connection, OPENED.id) is None
