"""Batches: many documents under one PIN, each whole or not at all, whatever happens to the process meanwhile."""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
import tracemalloc
import zipfile
from io import BytesIO

import pytest

from shirushi.adapters.background_threads import BackgroundThreads
from shirushi.adapters.depot import FolderDepot
from shirushi.adapters.files import open_document
from shirushi.adapters.system_clock import SystemEntropy
from shirushi.core.actor import Actor, Role
from shirushi.core.document import document
from shirushi.core.errors import NotPermitted
from shirushi.domain import open_domain
from shirushi.formats.protocol import Packaging, SignatureParameters
from shirushi.ports.background import ProcessStopping
from shirushi.ports.database import StorageBusy
from shirushi.services.audit.service import AuditTrail
from shirushi.services.signing.model import (
    ActivationForeign,
    BatchBegun,
    BatchDocumentMissing,
    BatchForeign,
    BatchNotOver,
    BatchOrder,
    BatchState,
    BatchTooLarge,
    BatchUnknown,
    DocumentState,
    FormUnknown,
    PinLocked,
    SealNeeded,
    TooManyBatches,
    WrongPin,
)
from shirushi.services.signing.service import Batches, batches
from shirushi.services.signing.service.batch_runs import KEPT
from shirushi.services.signing.service.batches import MOST_BATCHES
from tests.fakes import FakeClock

ALICE = Actor("alice@example.jp", frozenset({Role.SIGNER}))
COMPANY = "さくら商事株式会社"
TEXTS = [document(f"議事録 {number}".encode(), f"{number}.txt", "text/plain") for number in range(4)]


class Held:
    """Background work that waits until the test lets it go, a step at a time."""

    def __init__(self):
        self.stopping = False
        self.work = []

    def start(self, work):
        self.work.append(work)

    def run(self):
        for work in self.work:
            work(lambda: self.stopping)
        self.work = []


@pytest.fixture
def domain(data):
    with open_domain(data) as found:
        yield found


@pytest.fixture
def held():
    return Held()


@pytest.fixture
def many(domain, data, held):
    """Batches whose work the test carries out itself."""
    return made_of(domain, data, background=held)


def made_of(domain, data, **parts):
    ports = domain.ports
    return Batches(
        **{
            "signing": domain.services.signing,
            "depot": FolderDepot(data / "batches"),
            "background": BackgroundThreads(),
            "database": ports.database,
            "clock": ports.clock,
            "entropy": SystemEntropy(),
            "audit": AuditTrail(ports.clock),
            **parts,
        }
    )


def ordered(domain, many, *documents, actor=ALICE, account=None, **more):
    """A batch with the documents, and the order for it."""
    batch = many.add(actor, many.open(actor).id, documents or TEXTS)
    return BatchOrder(batch, domain.services.signing.credential(actor, account or actor.id), **more)


def begun(domain, many, *documents, pin="2468", **more):
    order = ordered(domain, many, *documents, **more)
    return many.begin(ALICE, order, order.credential.activate(order, pin))


def finished(many, batch, actor=ALICE):
    for _ in range(3000):
        found = many.find(actor, batch.id)
        if found.state.over:
            return found
        time.sleep(0.01)
    raise AssertionError(found)


def passes(domain, signed):
    return domain.validation.validate(signed).indication.value == "TOTAL_PASSED"


def test_every_document_is_signed_in_the_background_under_one_pin(domain, contract):
    many = domain.services.batches
    pdf = document(contract.read_bytes(), "契約書.pdf", "application/pdf")
    batch = begun(domain, many, pdf, *TEXTS[:2])
    assert batch.state in {BatchState.RUNNING, BatchState.DONE}
    done = finished(many, batch)
    assert (done.state, done.signed, done.failed, done.progress) == (BatchState.DONE, 3, 0, 3)
    told = many.documents(ALICE, done.id)
    assert [each.result_name for each in told] == ["契約書.signed.pdf", "0.txt.asice", "1.txt.asice"]
    for each in told:
        signed = many.result(ALICE, done.id, each.number)
        assert hashlib.sha256(signed.read()).hexdigest() == each.result_digest
        assert (signed.size, signed.name) == (each.result_size, each.result_name)
        assert passes(domain, signed)
    records = domain.audit.search(subject=ALICE.id, action="signing.sign")
    assert len(records.records) == 3


def test_a_document_that_cannot_be_signed_names_its_error_and_keeps_no_other_back(domain, many, held):
    broken = document(b"%PDF-1.7 cut off", "b.pdf", "application/pdf")
    batch = begun(domain, many, TEXTS[0], broken, TEXTS[1])
    held.run()
    found = many.find(ALICE, batch.id)
    assert (found.state, found.signed, found.failed) == (BatchState.DONE, 2, 1)
    failed = many.documents(ALICE, batch.id, after=1, limit=1)[0]
    assert failed.state is DocumentState.FAILED
    assert failed.failure.code.startswith("PDF_")
    assert failed.failure.explain("ja") != failed.failure.explain("en")
    for number in (2, 0, -1, 4, 1 << 70):
        with pytest.raises(BatchDocumentMissing):
            many.result(ALICE, batch.id, number)


def test_a_wrong_pin_is_counted_once_and_the_batch_can_still_be_begun(domain, many, held):
    order = ordered(domain, many)
    with pytest.raises(WrongPin) as wrong:
        many.begin(ALICE, order, order.credential.activate(order, "0000"))
    assert wrong.value.parameters["remaining"] == 4
    assert many.find(ALICE, order.batch.id).state is BatchState.COLLECTING
    many.begin(ALICE, order, order.credential.activate(order, "2468"))
    held.run()
    assert many.find(ALICE, order.batch.id).signed == 4


def test_an_activation_covers_exactly_the_documents_and_what_is_said_of_them(domain, many):
    order = ordered(domain, many)
    will = order.credential.activate(order, "2468")
    many.add(ALICE, order.batch.id, [document(b"slipped in", "x.txt")])
    with pytest.raises(ActivationForeign):
        many.begin(ALICE, order, will)
    now = BatchOrder(many.find(ALICE, order.batch.id), order.credential)
    for foreign in (
        will,
        order.credential.activate(BatchOrder(now.batch, now.credential, form="cades"), "2468"),
    ):
        with pytest.raises(ActivationForeign):
            many.begin(ALICE, now, foreign)


def test_a_document_changed_on_the_disk_is_not_signed(domain, many, held, data):
    batch = begun(domain, many, *TEXTS[:2])
    one = next((data / "batches" / batch.id).glob("*-in"))
    one.write_bytes(b"another text altogether")
    held.run()
    states = {each.state: each for each in many.documents(ALICE, batch.id)}
    assert set(states) == {DocumentState.SIGNED, DocumentState.FAILED}
    assert states[DocumentState.FAILED].failure.code == "BATCH_DOCUMENT_MISSING"


def test_cancelling_keeps_what_was_signed_and_signs_no_more(domain, data, held):
    many = made_of(domain, data, background=held)
    first = threading.Event()

    def fitted(_, given):
        if first.is_set():
            many.cancel(ALICE, batch.id)
        first.set()
        return given

    batch = begun(domain, many, fitted=fitted)
    held.run()
    found = many.find(ALICE, batch.id)
    assert (found.state, found.signed) == (BatchState.CANCELLED, 2)
    states = [each.state for each in many.documents(ALICE, batch.id)]
    assert states == [DocumentState.SIGNED] * 2 + [DocumentState.NOT_SIGNED] * 2
    assert passes(domain, many.result(ALICE, batch.id, 2))
    assert many.cancel(ALICE, batch.id).state is BatchState.CANCELLED
    assert not list((data / "batches" / batch.id).glob("*-in"))


def test_a_batch_that_never_began_is_cancelled_at_once_and_keeps_nothing(many, data):
    opened = many.add(ALICE, many.open(ALICE).id, TEXTS)
    assert (data / "batches" / opened.id).exists()
    assert many.cancel(ALICE, opened.id).state is BatchState.CANCELLED
    assert not (data / "batches" / opened.id).exists()
    with pytest.raises(BatchBegun):
        many.add(ALICE, opened.id, TEXTS)


def test_a_process_that_stops_finishes_the_document_in_hand_and_the_batch_says_so(domain, many, held):
    def fitted(_, given):
        held.stopping = True
        return given

    batch = begun(domain, many, fitted=fitted)
    held.run()
    found = many.find(ALICE, batch.id)
    assert (found.state, found.signed) == (BatchState.INTERRUPTED, 1)


def test_a_process_that_dies_leaves_a_batch_that_says_which_documents_were_signed(domain, data, held):
    many = made_of(domain, data, background=held)

    def fitted(document, given):
        if document.name == "2.txt":
            raise KeyboardInterrupt  # as near to a kill as a thread of the test's own process comes
        return given

    batch = begun(domain, many, fitted=fitted)
    with pytest.raises(KeyboardInterrupt):
        held.run()
    others = made_of(domain, data)
    found = others.find(ALICE, batch.id)
    assert (found.state, found.signed) == (BatchState.INTERRUPTED, 2)
    states = [each.state for each in others.documents(ALICE, batch.id)]
    assert states == [DocumentState.SIGNED] * 2 + [DocumentState.NOT_SIGNED] * 2
    assert passes(domain, others.result(ALICE, batch.id, 1))


def test_nobody_ends_a_batch_that_is_being_worked_on(domain, data, held, many):
    batch = begun(domain, many)
    assert made_of(domain, data).find(ALICE, batch.id).state is BatchState.RUNNING
    held.run()
    assert made_of(domain, data).find(ALICE, batch.id).state is BatchState.DONE


def test_a_signed_file_that_could_not_be_written_down_counts_as_signed(domain, data, held):
    class Stubborn:
        """A database that is busy at the wrong moment."""

        def __init__(self, inner):
            self.inner, self.busy = inner, False

        def reading(self):
            return self.inner.reading()

        def unit(self):
            if self.busy:
                raise StorageBusy(seconds=5)
            return self.inner.unit()

    class Kept(FolderDepot):
        def put(self, folder, name, document):
            kept = super().put(folder, name, document)
            database.busy = name.endswith("-out")
            return kept

    database = Stubborn(domain.ports.database)
    many = made_of(domain, data, background=held, database=database, depot=Kept(data / "batches"))
    batch = begun(domain, many, *TEXTS[:2])
    with pytest.raises(StorageBusy):
        held.run()
    found = made_of(domain, data).find(ALICE, batch.id)
    assert (found.state, found.signed, found.failed) == (BatchState.INTERRUPTED, 1, 0)


def test_what_is_refused_is_refused_before_the_pin_is_tried(domain, many):
    order = ordered(domain, many)
    will = order.credential.activate
    for wrong, error in (({"form": "pgp"}, FormUnknown), ({"on_behalf_of": "x"}, SealNeeded)):
        asked = BatchOrder(order.batch, order.credential, **wrong)
        with pytest.raises(error):
            many.begin(ALICE, asked, will(asked, "0000"))
    empty = BatchOrder(many.open(ALICE), order.credential)
    with pytest.raises(BatchForeign):
        many.begin(ALICE, empty, will(empty, "0000"))
    for _ in range(5):
        with pytest.raises(WrongPin):
            many.begin(ALICE, order, will(order, "0000"))
    with pytest.raises(PinLocked):
        many.begin(ALICE, order, will(order, "2468"))


def test_a_batch_is_for_whoever_opened_it(domain, many, held):
    batch = begun(domain, many, *TEXTS[:1])
    bob = Actor("bob@example.jp", frozenset({Role.SIGNER, Role.OPERATOR}))
    for use in (many.find, many.cancel, many.remove, many.archive, many.documents):
        with pytest.raises(BatchUnknown):
            use(bob, batch.id)
    with pytest.raises(NotPermitted):
        many.open(Actor("looker", frozenset({Role.AUDITOR})))
    with pytest.raises(NotPermitted):
        many.tidy(ALICE)
    assert many.own(bob) == ()
    assert [each.id for each in many.own(ALICE)] == [batch.id]
    held.run()


def test_a_batch_begins_once_and_takes_no_more_documents_then(domain, many, held):
    order = ordered(domain, many)
    will = order.credential.activate(order, "2468")
    many.begin(ALICE, order, will)
    with pytest.raises(BatchBegun):
        many.begin(ALICE, order, will)
    with pytest.raises(BatchBegun):
        many.add(ALICE, order.batch.id, TEXTS)
    with pytest.raises(BatchNotOver):
        many.remove(ALICE, order.batch.id)
    held.run()


def test_an_archive_holds_what_was_signed_under_names_of_their_own(domain, many, held):
    same = [document(text, "覚書.txt", "text/plain") for text in (b"1", b"2", b"3")]
    batch = begun(domain, many, *same)
    with pytest.raises(BatchDocumentMissing):
        many.archive(ALICE, batch.id)
    held.run()
    with zipfile.ZipFile(BytesIO(many.archive(ALICE, batch.id).read())) as archive:
        assert archive.namelist() == ["覚書.txt.asice", "覚書.txt.2.asice", "覚書.txt.3.asice"]
        assert archive.testzip() is None


def test_limits_are_told_and_nothing_of_what_is_refused_is_kept(domain, many, data, monkeypatch):
    monkeypatch.setattr(batches, "MOST_DOCUMENTS", 3)
    opened = many.open(ALICE)
    with pytest.raises(BatchTooLarge):
        many.add(ALICE, opened.id, TEXTS)
    assert many.find(ALICE, opened.id).documents == 0
    assert not list((data / "batches" / opened.id).glob("*-in"))
    for _ in range(MOST_BATCHES - 1):
        many.open(ALICE)
    with pytest.raises(TooManyBatches):
        many.open(ALICE)


def test_batches_go_a_day_after_they_are_over(domain, data, held):
    clock = FakeClock(domain.ports.clock.now())
    many = made_of(domain, data, background=held, clock=clock)
    operator = domain.actor
    done = begun(domain, many, *TEXTS[:1])
    waiting = many.open(ALICE)
    held.run()
    assert many.tidy(operator) == 0
    clock.advance(hours=KEPT.total_seconds() / 3600, seconds=1)
    fresh = many.open(ALICE)
    assert many.tidy(operator) == 2
    assert [each.id for each in many.own(ALICE)] == [fresh.id]
    assert not (data / "batches" / done.id).exists()
    with pytest.raises(BatchUnknown):
        many.find(ALICE, waiting.id)


def test_an_abandoned_batch_is_ended_by_the_job_though_nobody_asks(domain, data, held):
    many = made_of(domain, data, background=held)
    batch = begun(domain, many)
    work = held.work.pop()
    with pytest.raises(KeyboardInterrupt):
        work(stop_hard)
    many.tidy(domain.actor)
    records = domain.audit.search(subject=batch.id, action="signing.batch.end").records
    assert [record.detail["outcome"] for record in records] == ["interrupted"]


def stop_hard():
    raise KeyboardInterrupt


def test_a_platform_seals_a_batch_on_behalf_of_a_user(domain, many, held):
    operator = domain.actor
    order = ordered(domain, many, *TEXTS[:2], actor=operator, account=COMPANY, on_behalf_of=ALICE.id)
    many.begin(operator, order, order.credential.activate(order))
    held.run()
    found = many.find(operator, order.batch.id)
    assert (found.signed, found.on_behalf_of) == (2, ALICE.id)
    assert passes(domain, many.result(operator, found.id, 1))
    assert many.remove(operator, found.id).signed == 2
    with pytest.raises(BatchUnknown):
        many.find(operator, found.id)


def test_nothing_begins_in_a_process_that_stops(domain, data):
    background = BackgroundThreads()
    background.close()
    many = made_of(domain, data, background=background)
    order = ordered(domain, many)
    with pytest.raises(ProcessStopping):
        many.begin(ALICE, order, order.credential.activate(order, "2468"))
    found = many.find(ALICE, order.batch.id)
    assert (found.state, found.signed) == (BatchState.INTERRUPTED, 0)


def test_files_that_lie_on_another_machine_are_left_to_it(domain, many, held, data):
    batch = begun(domain, many)
    place = data / "batches" / batch.id
    shutil.move(place, data / "elsewhere")
    assert many.find(ALICE, batch.id).state is BatchState.RUNNING
    shutil.move(data / "elsewhere", place)
    held.run()
    assert many.find(ALICE, batch.id).state is BatchState.DONE


def test_a_batch_whose_files_are_nowhere_ends_after_a_day(domain, data, held):
    clock = FakeClock(domain.ports.clock.now())
    many = made_of(domain, data, background=held, clock=clock)
    batch = begun(domain, many)
    shutil.rmtree(data / "batches" / batch.id)
    assert many.find(ALICE, batch.id).state is BatchState.RUNNING
    clock.advance(hours=24, seconds=1)
    assert many.find(ALICE, batch.id).state is BatchState.INTERRUPTED


def sparse(data, number, size):
    """A file of that size which takes no room on the disk."""
    path = data / f"{number}.bin"
    with path.open("wb") as file:
        file.truncate(size)
        file.write(str(number).encode())
    return open_document(path)


@pytest.mark.parametrize("files", [(6, 8_000_000), pytest.param((520, 4_000_000), marks=pytest.mark.long)])
def test_memory_grows_neither_with_the_number_nor_with_the_size_of_documents(domain, many, held, data, files):
    count, size = files
    tracemalloc.start()
    try:
        opened = many.open(ALICE)
        for number in range(count):
            many.add(ALICE, opened.id, [sparse(data, number, size)])
            (data / f"{number}.bin").unlink()
        order = BatchOrder(
            many.find(ALICE, opened.id),
            domain.services.signing.credential(ALICE, ALICE.id),
            parameters=SignatureParameters(packaging=Packaging.DETACHED),
            form="cades",
        )
        many.begin(ALICE, order, order.credential.activate(order, "2468"))
        held.run()
        archive = many.archive(ALICE, opened.id)
        signed = sum(map(len, archive.chunks()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert many.find(ALICE, opened.id).signed == count
    assert signed > count * 1_000
    assert peak < 30_000_000
