"""The port `Depot`: documents are kept whole, found under their names, and a folder is claimed by one at a time."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shirushi.adapters.depot import FolderDepot
from shirushi.core.document import document
from shirushi.core.errors import FileUnreadable
from shirushi.ports.database import StorageFull

TEXT = document(b"text" * 1000, "覚書.txt", "text/plain")


@pytest.fixture
def depot(tmp_path):
    return FolderDepot(tmp_path)


def test_what_is_kept_is_found_as_what_it_looks_like(depot):
    kept = depot.put("a", "1", document(b"%PDF-1.7 and so on", "契約書"))
    assert (kept.name, kept.media_type) == ("契約書", "application/pdf")
    assert depot.put("a", "2", TEXT).read() == TEXT.read()
    found = depot.get("a", "2", "other.csv")
    assert (found.read_at(2, 4), found.name, found.media_type) == (b"xtte", "other.csv", "text/csv")


def test_what_is_not_there_is_none_and_what_was_removed_cannot_be_read(depot):
    kept = depot.put("a", "1", TEXT)
    assert depot.get("a", "2", "x") is None
    assert depot.get("b", "1", "x") is None
    depot.remove("a", "1")
    depot.remove("a", "1")
    with pytest.raises(FileUnreadable):
        kept.read()
    depot.remove("a")
    depot.remove("a")
    assert not depot.has("a")


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_many_documents_cost_no_descriptor(depot):
    before = descriptors()
    kept = [depot.put("a", str(number), TEXT) for number in range(50)]
    assert descriptors() == before
    assert all(each.size == TEXT.size for each in kept)


@pytest.mark.parametrize("name", ["", "..", "a/b", ".lock", "-", "x" * 101])
def test_a_name_that_leads_elsewhere_is_refused(depot, name):
    with pytest.raises(ValueError, match="no name"):
        depot.put(name, "1", TEXT)
    with pytest.raises(ValueError, match="no name"):
        depot.get("a", name, "x")


def test_room_is_left_on_the_disk(depot, monkeypatch):
    monkeypatch.setattr("shirushi.adapters.depot.ROOM_LEFT", 1 << 62)
    with pytest.raises(StorageFull):
        depot.put("a", "1", TEXT)
    assert depot.get("a", "1", "x") is None


def test_one_at_a_time_claims_a_folder_that_is_there(depot):
    assert depot.claim("a") is None
    depot.put("a", "1", TEXT)
    release = depot.claim("a")
    assert depot.claim("a") is None
    release()
    again = depot.claim("a")
    assert again is not None
    again()


def test_a_killed_process_claims_nothing_any_more(depot, tmp_path):
    depot.put("a", "1", TEXT)
    program = (
        "import sys, time; from pathlib import Path; from shirushi.adapters.depot import FolderDepot; "
        "claim = FolderDepot(Path(sys.argv[1])).claim('a'); print(claim is not None, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"True\n"
        assert depot.claim("a") is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    release = depot.claim("a")
    assert release is not None
    release()
