"""Refreshing over a real server: each list apart from the others, each failure with its own reason, nothing lost."""

from __future__ import annotations

import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shirushi.adapters.database import sqlite_url
from shirushi.core.actor import Actor, service_actor
from shirushi.core.errors import NotPermitted
from shirushi.services.trustlist.jobs import jobs
from tests.fakes import FakeClock
from tests.unit.trustlist.world import (
    NOW,
    OPERATOR,
    Publisher,
    fetcher,
    list_of_lists,
    national,
    operator,
    pointer,
    publishing,
    service,
    signed,
    source,
    world,
)

pytestmark = pytest.mark.enable_socket
SELF = service_actor("trustlist")
TERRITORIES = ("AA", "BB", "CC")
FRESH = NOW - timedelta(days=1)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as found:
        publish(found)
        yield found


def publish(to: Publisher, sequence: int = 1, **more) -> None:
    """An edition of the list of lists and of each national list."""
    issued = NOW - timedelta(days=30 - sequence)
    pointers = [pointer(each, to.url(f"{each}.xml")) for each in TERRITORIES]
    root = list_of_lists(*pointers, sequence=sequence, issued=issued, **more)
    to.files["EU.xml"] = signed(root).read()
    for each in TERRITORIES:
        to.files[f"{each}.xml"] = signed(national(each, sequence=sequence, issued=issued)).read()


def held(lists) -> dict[str, int]:
    return {each.snapshot.territory: each.snapshot.sequence for each in lists.lists(OPERATOR)}


def failures(lists) -> dict[str, list[str]]:
    return {
        each.territory: [said.code for said in each.place.failure]
        for each in lists.standings(OPERATOR)
        if each.place and each.place.failing
    }


def refreshed(lists):
    (done,) = lists.refresh(SELF)
    return done


def watching(database_url, publisher, **more):
    return service(
        database_url, fetcher=more.pop("by", fetcher()), sources=[source(publisher.url("EU.xml"))], **more
    )


def test_a_list_of_lists_leads_to_every_list_and_again_only_to_what_is_new(database_url, publisher):
    clock = FakeClock(NOW)
    with watching(database_url, publisher, clock=clock) as lists:
        done = refreshed(lists)
        assert (next(each.territory for each in done.accepted), len(done.accepted)) == ("EU", 4)
        assert held(lists) == {"AA": 1, "BB": 1, "CC": 1, "EU": 1}
        assert publisher.unchanged == []
        clock.advance(hours=6)
        done = refreshed(lists)
        assert (done.accepted, len(done.unchanged), done.failed) == ((), 4, ())
        assert sorted(publisher.unchanged) == ["AA.xml", "BB.xml", "CC.xml", "EU.xml"]
        publish(publisher, 2)
        assert len(refreshed(lists).accepted) == 4
        assert held(lists) == {"AA": 2, "BB": 2, "CC": 2, "EU": 2}
        assert {each.place.succeeded_at for each in lists.standings(OPERATOR)} == {clock.at}


def broken(body: bytes) -> bytes:
    return body.replace(b"AA operator", b"AA 0perator")


def elsewhere(location: bytes) -> bytes:
    return b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % location


FAULTS = {
    "gone": (lambda _: None, "FETCH_FAILED"),
    "refused": (lambda _: b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "FETCH_FAILED"),
    "around in circles": (lambda _: elsewhere(b"/AA.xml"), "FETCH_FAILED"),
    "into a file": (lambda _: elsewhere(b"file:///etc/passwd"), "FETCH_FORBIDDEN"),
    "enormous": (lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n", "FETCH_TOO_LARGE"),
    "no list": (lambda _: b"<html/>", "TRUSTED_LIST_MALFORMED"),
    "changed": (
        lambda _: broken(signed(national("AA", sequence=2, issued=FRESH)).read()),
        "LIST_SIGNATURE_BROKEN",
    ),
    "another's": (
        lambda _: signed(national("AA", sequence=2, issued=FRESH), operator("BB")).read(),
        "LIST_SIGNER_WRONG",
    ),
    "of another territory": (lambda p: p.files["BB.xml"], "LIST_TERRITORY_OTHER"),
    "overdue": (
        lambda _: signed(
            national("AA", sequence=2, issued=FRESH, next_update=NOW - timedelta(hours=1))
        ).read(),
        "LIST_EXPIRED",
    ),
    "of tomorrow": (
        lambda _: signed(national("AA", sequence=2, issued=NOW + timedelta(days=1))).read(),
        "LIST_NOT_YET_ISSUED",
    ),
    "played again": (
        lambda _: signed(national("AA", sequence=0, issued=NOW - timedelta(days=90))).read(),
        "LIST_SEQUENCE_WENT_BACK",
    ),
    "numbered as before": (lambda _: signed(national("AA", issued=NOW)).read(), "LIST_SEQUENCE_REUSED"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_with_one_list_is_named_and_touches_no_other(tmp_path, publisher, fault):
    made, code = FAULTS[fault]
    with watching(sqlite_url(tmp_path / "s.sqlite"), publisher) as lists:
        refreshed(lists)
        before = publisher.files["AA.xml"]
        publish(publisher, 2)
        publisher.files |= {"AA.xml": made(publisher)}
        refreshed(lists)
        assert failures(lists) == {"AA": [code]}
        assert held(lists) == {"AA": 1, "BB": 2, "CC": 2, "EU": 2}
        publisher.files["AA.xml"] = before
        refreshed(lists)
        assert failures(lists) == {}
        standing = next(each for each in lists.standings(OPERATOR) if each.territory == "AA")
        assert [each.code for each in standing.place.failure] == [code], "why it failed last is still told"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (lambda _: None, "FETCH_FAILED"),
        (lambda _: signed(list_of_lists(sequence=2, issued=FRESH), operator("AA")).read(), "LIST_UNANCHORED"),
        (
            lambda _: signed(
                list_of_lists(sequence=2, issued=FRESH, next_update=NOW - timedelta(hours=1))
            ).read(),
            "LIST_EXPIRED",
        ),
    ],
)
def test_a_list_of_lists_that_cannot_be_had_leaves_the_last_good_one_to_lead_on(
    tmp_path, publisher, fault, code
):
    with watching(sqlite_url(tmp_path / "s.sqlite"), publisher) as lists:
        refreshed(lists)
        publish(publisher, 2)
        publisher.files |= {"EU.xml": fault(publisher)}
        refreshed(lists)
        assert failures(lists) == {"EU": [code]}
        assert held(lists) == {"AA": 2, "BB": 2, "CC": 2, "EU": 1}


def test_a_network_that_goes_away_in_mid_refresh_leaves_what_was_there(tmp_path, publisher):
    with watching(sqlite_url(tmp_path / "s.sqlite"), publisher, by=fetcher(seconds=1)) as lists:
        refreshed(lists)
        publish(publisher, 2)
        publisher.before = {f"{each}.xml": threading.Event() for each in ("BB", "CC")}
        done = refreshed(lists)
        assert [each.territory for each in done.accepted] == ["EU", "AA"]
        assert failures(lists) == {"BB": ["FETCH_TIMED_OUT"], "CC": ["FETCH_TIMED_OUT"]}
        assert held(lists) == {"AA": 2, "BB": 1, "CC": 1, "EU": 2}
        for each in publisher.before.values():
            each.set()


def test_nothing_that_was_never_vouched_for_is_asked_for(tmp_path, publisher):
    publisher.files["EU.xml"] = signed(
        list_of_lists(pointer("AA", publisher.url("AA.xml"))), operator("BB")
    ).read()
    with watching(sqlite_url(tmp_path / "s.sqlite"), publisher) as lists:
        refreshed(lists)
        assert (publisher.asked, held(lists), failures(lists)) == (
            ["EU.xml"],
            {},
            {"EU": ["LIST_UNANCHORED"]},
        )
        assert lists.refresh(SELF)[0].failed[0].failing


def test_a_server_that_cannot_prove_who_it_is_gives_nothing(tmp_path):
    certificate, key = tmp_path / "server.pem", tmp_path / "server.key"
    server = world().entity("Server", None, days=3650)
    certificate.write_bytes(server.pem)
    key.write_bytes(server.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with publishing(context) as publisher:
        publish(publisher)
        with watching(sqlite_url(tmp_path / "s.sqlite"), publisher) as lists:
            refreshed(lists)
            assert (held(lists), failures(lists)) == ({}, {"EU": ["FETCH_UNTRUSTED"]})


def test_pivots_lead_from_the_notice_to_who_signs_now(tmp_path, publisher):
    """The anchor signed the pivot, the pivot names the next signer, who signs the list of lists."""
    itself = pointer("EU", publisher.url("EU.xml"), operator("next"), list_type=list_of_lists().list_type)
    pivot = list_of_lists(
        itself, sequence=4, issued=NOW - timedelta(days=200), next_update=NOW - timedelta(days=30)
    )
    publisher.files["eu-pivot-4.xml"] = signed(pivot).read()
    national_list = pointer("AA", publisher.url("AA.xml"))
    said = (("en", publisher.url("eu-pivot-4.xml")), ("en", "https://journal.example/notice"))
    root = list_of_lists(national_list, sequence=5, information=said)
    publisher.files["EU.xml"] = signed(root, operator("next")).read()
    with watching(sqlite_url(tmp_path / "s.sqlite"), publisher) as lists:
        refreshed(lists)
        assert (held(lists), failures(lists)) == ({"AA": 1, "EU": 5}, {})
        refreshed(lists)
        assert set(publisher.unchanged) == {"EU.xml", "AA.xml", "eu-pivot-4.xml"}
        publisher.files["EU.xml"] = signed(replace(root, sequence=6), operator("next")).read()
        del publisher.files["eu-pivot-4.xml"]
        refreshed(lists)
        assert (held(lists), failures(lists)) == ({"AA": 1, "EU": 5}, {"EU": ["LIST_PIVOT_MISSING"]})


def test_who_may_have_lists_refreshed_and_when_there_is_a_job(tmp_path, publisher):
    with watching(sqlite_url(tmp_path / "s.sqlite"), publisher) as lists:
        with pytest.raises(NotPermitted):
            lists.refresh(Actor("alice@example.jp"))
        (job,) = jobs(lists)
        job.run()
        assert len(held(lists)) == 4
    with service(sqlite_url(tmp_path / "other.sqlite")) as lists:
        assert jobs(lists) == ()


KILLED = """
import os
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.services.trustlist import store
from shirushi.services.trustlist.model import ListSource
from tests.unit.trustlist.test_refresh import SELF
from tests.unit.trustlist.world import fetcher, service

kept = store.put_place

def put_place(connection, place):
    kept(connection, place)
    if place.territory == "BB":
        os.kill(os.getpid(), 9)

store.put_place = put_place
signer = parse_certificate(bytes.fromhex({signer!r}))
with service({url!r}, fetcher=fetcher(), sources=[ListSource("EU", {eu!r}, (signer,))]) as lists:
    lists.refresh(SELF)
"""


def test_a_process_killed_in_mid_refresh_leaves_the_last_good_state(tmp_path, publisher):
    url = sqlite_url(tmp_path / "s.sqlite")
    with watching(url, publisher) as lists:
        refreshed(lists)
        publish(publisher, 2)
        line = str(url) if isinstance(url, str) else url.render_as_string(hide_password=False)
        code = KILLED.format(url=line, eu=publisher.url("EU.xml"), signer=operator("EU").der.hex())
        root = Path(__file__).parents[3]
        assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == -9
        found = held(lists)
        assert (found["EU"], found["BB"]) == (2, 1), "what was durable is, and what was not yet is as it was"
        refreshed(lists)
        assert held(lists) == {"AA": 2, "BB": 2, "CC": 2, "EU": 2}
        assert failures(lists) == {}
