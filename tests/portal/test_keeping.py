"""What sessions keep, and for how long; where a mark stands."""

import io

import pytest

from shirushi.core.actor import Actor, Role
from shirushi.core.document import beside
from shirushi.domain import LocalFiles
from shirushi.faces.portal.errors import UploadGone
from shirushi.faces.portal.sessions import Sessions
from shirushi.faces.portal.uploads import MOST_KEPT, Shelf, plain_name
from shirushi.ports.access import TokenRefused
from shirushi.services.signing.portal.marks import MARGIN, PLACES, box_at, pages_of
from tests.fakes import FakeClock


class OneToken:
    def actor(self, token):
        if token != "right":
            raise TokenRefused
        return Actor("alice@example.jp", frozenset({Role.SIGNER}))


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def sessions(tmp_path, clock):
    return Sessions(tmp_path / "visits", clock, OneToken())


def test_a_visitor_leaves_nothing_behind_until_something_is_kept(sessions, tmp_path):
    session = sessions.find(None)
    assert session.fresh
    assert not sessions.find(session.name).signed_in
    assert not (tmp_path / "visits").exists()


def test_a_session_ends_when_it_is_not_used_and_at_the_latest_after_its_lifetime(sessions, clock):
    session = sessions.sign_in(sessions.find(None), "right")
    for _ in range(19):
        clock.advance(minutes=25)
        assert sessions.find(session.name).signed_in
    clock.advance(minutes=25)
    assert not sessions.find(session.name).signed_in
    assert not session.folder.exists()
    idle = sessions.sign_in(sessions.find(None), "right")
    clock.advance(minutes=31)
    found = sessions.find(idle.name)
    assert not found.signed_in
    assert found.name != idle.name


def test_what_expired_is_swept_when_another_session_begins(sessions, clock):
    abandoned = sessions.keep(sessions.find(None))
    clock.advance(minutes=31)
    sessions.keep(sessions.find(None))
    assert not abandoned.folder.exists()


def test_a_sealed_token_opens_under_its_sessions_name_alone(sessions):
    mine = sessions.sign_in(sessions.find(None), "right")
    theirs = sessions.keep(sessions.find(None))
    (theirs.folder / "session.json").write_bytes((mine.folder / "session.json").read_bytes())
    assert not sessions.find(theirs.name).signed_in
    assert sessions.find(mine.name).signed_in


@pytest.mark.parametrize("name", ["", "short", "../" * 15, "A" * 42 + "/", "é" * 43, "A" * 44])
def test_names_that_no_session_has_are_passed_over(sessions, name):
    found = sessions.find(name)
    assert found.fresh
    assert found.name != name


def test_the_oldest_document_makes_room(sessions):
    shelf = Shelf(sessions.keep(sessions.find(None)).folder, LocalFiles())
    kept = [shelf.take_in(f"{n}.pdf", io.BytesIO(b"%PDF-1.7"), {}) for n in range(MOST_KEPT + 1)]
    with pytest.raises(UploadGone):
        shelf.find(kept[0].id)
    assert shelf.find(kept[-1].id).document.media_type == "application/pdf"
    for wrong in ("..", "../..", kept[1].id + "/..", ""):
        with pytest.raises(UploadGone):
            shelf.find(wrong)


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("契約書.pdf", "契約書.pdf"),
        ("C:\\files\\契約書.pdf", "契約書.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        (".bashrc", "bashrc"),
        ("", "document"),
        ("\u200f", "document"),
        ("x" * 400 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_names_are_made_plain(given, plain):
    assert plain_name(given) == plain


def test_a_result_is_named_beside_its_source():
    assert beside("契約書.pdf", "signed") == "契約書.signed.pdf"
    assert beside("README", "signed") == "README.signed"


@pytest.mark.parametrize("size", [(595.0, 842.0), (842.0, 595.0), (200.0, 120.0), (40.0, 4000.0)])
def test_a_mark_stands_on_the_page_wherever_it_is_put(size):
    boxes = [box_at(place, size) for place in PLACES]
    for left, bottom, width, height in boxes:
        assert left >= 0
        assert bottom >= 0
        assert left + width <= size[0]
        assert bottom + height <= size[1]
    if min(size) > 300:
        assert len(set(boxes)) == 9
        assert boxes[0][0] == MARGIN


def test_pages_are_counted_and_measured_where_they_can_be(fixtures, contract):
    from shirushi.adapters.files import open_document

    known = pages_of(open_document(contract))
    assert known is not None
    assert known.count == 1
    assert not known.broad
    assert pages_of(open_document(fixtures / "hostile" / "header-only.pdf")) is None
    assert pages_of(open_document(fixtures / "hostile" / "no-pages.pdf")) is None
