"""Trusted lists as a service: what is kept, what counts and for how long, what is recorded, and answers given again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from shirushi.adapters.database import SqlDatabase, sqlite_url
from shirushi.core.actor import Actor, Role
from shirushi.core.document import document
from shirushi.core.errors import NotPermitted
from shirushi.core.qualification import SignatureQualification
from shirushi.core.trusted_list import ListedService, ServiceType
from shirushi.core.verdict import Indication, SignatureVerdict
from shirushi.formats.cades.format import Cades
from shirushi.formats.protocol import Packaging, SignatureParameters
from shirushi.formats.xades.format import Xades
from shirushi.main import application
from shirushi.ports.trust import NoTrustAnchors
from shirushi.rules.lists import ListSignature
from shirushi.services.audit.store import audit_event
from shirushi.services.trustlist.model import (
    SnapshotUnknown,
    TerritoryUnknown,
    TrustedListOverdue,
    explanation_report,
)
from tests.fakes import FakeClock
from tests.unit.trustlist.world import (
    DUE,
    GRANTED,
    ISSUED,
    NOW,
    OPERATOR,
    QTST,
    WITHDRAWN,
    later,
    list_of_lists,
    national,
    operator,
    period,
    pointer,
    provider,
    service,
    signed,
    world,
)

V, U, R = ListSignature.VERIFIED, ListSignature.UNANCHORED, ListSignature.REJECTED


def editions(sequence: int = 1, **more):
    """A list of lists and the list of Japan that it points to."""
    issued = ISSUED + timedelta(days=sequence)
    root = list_of_lists(pointer("JP", "https://lists.example/JP.xml"), sequence=sequence, issued=issued)
    return [
        signed(root, name="EU.xml"),
        signed(national("JP", sequence=sequence, issued=issued, **more), name="JP.xml"),
    ]


def loaded(lists, *documents):
    return [each.signature for each in lists.load(OPERATOR, documents)]


def test_what_is_verified_is_kept_once_and_recorded(database_url):
    with service(database_url) as lists:
        assert loaded(lists, *editions()) == [V, V]
        assert loaded(lists, *editions()) == [V, V]
        assert loaded(lists, signed(national("AA"), name="AA.xml")) == [U]
        assert [each.snapshot.territory for each in lists.lists(OPERATOR)] == ["EU", "JP"]
        database = SqlDatabase(database_url)
        with database.reading() as connection:
            rows = connection.execute(select(audit_event.c.action, audit_event.c.outcome)).all()
        database.close()
        assert [outcome for action, outcome in rows if action == "trustlist.load"] == ["verified"] * 4 + [
            "unanchored"
        ]


def test_only_operators_load(tmp_path):
    with service(sqlite_url(tmp_path / "s.sqlite")) as lists:
        with pytest.raises(NotPermitted):
            lists.load(Actor("alice@example.jp", frozenset({Role.SIGNER})), editions())
        assert lists.lists(OPERATOR) == ()


def test_earlier_editions_stay_and_are_found_at_their_dates(database_url):
    with service(database_url) as lists:
        loaded(lists, *editions(1))
        loaded(lists, *editions(5))

        def at(days: int) -> list[int]:
            found = lists.lists(OPERATOR, at=ISSUED + timedelta(days=days))
            return [each.snapshot.sequence for each in found]

        assert (at(0), at(1), at(4), at(5)) == ([], [1, 1], [1, 1], [5, 5])


def test_sequences_and_the_last_good_state(tmp_path):
    with service(sqlite_url(tmp_path / "s.sqlite")) as lists:
        loaded(lists, *editions(3))
        back = signed(national("JP", sequence=2, issued=ISSUED + timedelta(days=9)), name="JP.xml")
        (_, judged) = lists.load(OPERATOR, [editions(3)[0], back])
        assert [each.code for each in judged.reasons] == ["LIST_SEQUENCE_WENT_BACK"]
        assert lists.of(OPERATOR, "jp").snapshot.sequence == 3


def test_a_list_counts_until_its_grace_is_over(tmp_path):
    clock = FakeClock(NOW)
    with service(sqlite_url(tmp_path / "s.sqlite"), clock, grace=timedelta(days=3)) as lists:
        with pytest.raises(NoTrustAnchors):
            lists.anchors(NOW)
        loaded(lists, *editions())
        clock.set(DUE + timedelta(days=3))
        assert len(lists.anchors(clock.at)) == 1
        assert lists.of(OPERATOR, "JP").trusted_list.territory == "JP"
        clock.advance(seconds=1)
        with pytest.raises(NoTrustAnchors):
            lists.anchors(clock.at)
        with pytest.raises(TrustedListOverdue):
            lists.of(OPERATOR, "JP")
        assert lists.browse(OPERATOR, "JP").snapshot.territory == "JP", "history may still be looked at"
        assert [each.counts for each in lists.standings(OPERATOR)] == [False, False]


def test_services_are_told_as_they_were_at_a_date(tmp_path):
    stamps = ListedService(
        (
            period(world().tsa, later(-20), WITHDRAWN, service_type=QTST, name="Stamps"),
            period(world().tsa, later(-400), GRANTED, service_type=QTST, name="Stamps"),
        )
    )
    issues = ListedService((period(world().issuing, later(-10)),))
    with service(sqlite_url(tmp_path / "s.sqlite")) as lists:
        loaded(lists, *editions(providers=(provider(stamps, issues, name="Ume"),)))
        japan = lists.of(OPERATOR, "JP")

        def said(**asked):
            return [(each.provider, each.name, each.status.name) for each in japan.services(**asked)]

        assert said(type=ServiceType.TSA_QTST) == [("Ume", "Stamps", "withdrawn")]
        assert said(type=ServiceType.TSA_QTST, at=date(2026, 3, 1)) == [("Ume", "Stamps", "granted")]
        assert len(said()) == 2
        (then,) = japan.services(at=date(2026, 3, 1))
        assert (then.since, then.until) == (later(-400), later(-20))
        with pytest.raises(TerritoryUnknown, match="JP"):
            lists.of(OPERATOR, "XX")


def verdict() -> SignatureVerdict:
    """A signature of Alice's, as validation found it: passed, its chain built."""
    form = Cades(Packaging.ENVELOPING)
    found = form.parse(world().sign(form, document(b"deed", "deed.txt", "text/plain")), ())[0]
    chain = (*world().alice.chain, world().root.certificate)
    return SignatureVerdict(found, Indication.TOTAL_PASSED, None, (), chain=chain, best_signature_time=NOW)


def test_an_answer_is_given_again_from_its_snapshots_byte_for_byte(database_url):
    def told(lists, **more) -> bytes:
        found = lists.explain(OPERATOR, verdict(), NOW, **more)
        return json.dumps(explanation_report(found, "en"), sort_keys=True).encode()

    with service(database_url) as lists:
        loaded(lists, *editions(1))
        before = told(lists)
        consulted = json.loads(before)["consulted"]
        assert len(consulted) == 2
        assert b"QUALIFICATION_NOT_CLAIMED" in before
        withdrawn = ListedService((period(world().issuing, later(-2000), WITHDRAWN),))
        loaded(lists, *editions(5, providers=(provider(withdrawn),)))
        assert told(lists) != before
        assert told(lists, snapshots=consulted) == before
        assert lists.qualified(verdict(), NOW).conclusion is SignatureQualification.ADESIG
        with pytest.raises(SnapshotUnknown):
            told(lists, snapshots=["0" * 64])


def test_the_command_answers_in_its_shape_and_exits_20_where_a_list_is_rejected(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for each in (*editions(), document(b"<x/>", "broken.xml", "application/xml")):
        (tmp_path / each.name).write_bytes(each.read())
    (tmp_path / "oj.pem").write_bytes(operator("EU").pem)
    run = CliRunner().invoke
    good = run(application(), ["trust", "load", "EU.xml", "JP.xml", "--anchor", "oj.pem", "--json"])
    assert good.exit_code == 0, good.output
    said = json.loads(good.stdout)
    assert said["totals"] == {
        "lists": 2,
        "providers": 1,
        "services": 1,
        "history": 0,
        "certificates": 1,
        "verified": 2,
        "pinned": 2,
    }
    assert said["lists"][1] == {
        "file": "JP.xml",
        "territory": "JP",
        "sequence": 1,
        "signature": "verified",
        "reason": None,
    }
    bare = run(application(), ["trust", "load", "JP.xml", "--json"])
    assert (bare.exit_code, json.loads(bare.stdout)["lists"][0]["signature"]) == (0, "unanchored")
    bad = run(application(), ["trust", "load", "JP.xml", "broken.xml", "--json"])
    assert bad.exit_code == 20
    assert json.loads(bad.stdout)["lists"][1]["reason"].startswith("TRUSTED_LIST_MALFORMED")
    late = run(
        application(),
        ["trust", "load", "EU.xml", "JP.xml", "--anchor", "oj.pem", "--at", "2027-01-01T00:00:00Z"],
    )
    assert late.exit_code == 20


def bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{i} "&e{i - 1};&e{i - 1};">' for i in range(1, 40))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY e0 "lol">{entities}]><l>&e39;</l>'.encode()


def changed(old: bytes, new: bytes) -> bytes:
    data = signed(national("JP")).read()
    assert old in data
    return data.replace(old, new, 1)


def wrapped() -> bytes:
    """The signed list moved inside another that says something else."""
    inner = signed(national("JP")).read().partition(b"?>")[2]
    return changed(b"<TrustServiceProviderList>", b"<Extra>" + inner + b"</Extra><TrustServiceProviderList>")


HOSTILE = {
    "entities that grow": (bomb, {"XML_DOCTYPE_REFUSED"}),
    "a document type": (
        lambda: changed(
            b"<TrustServiceStatusList", b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><TrustServiceStatusList"
        ),
        {"XML_DOCTYPE_REFUSED"},
    ),
    "nested without end": (lambda: b"<a>" * 100_000 + b"</a>" * 100_000, {"XML_MALFORMED"}),
    "an Id twice": (
        lambda: changed(b"<TrustServiceProviderList>", b'<TrustServiceProviderList Id="a"><x Id="a"/>'),
        {"XML_MALFORMED", "LIST_SIGNATURE_BROKEN"},
    ),
    "signed twice": (
        lambda: (
            world()
            .sign(
                Xades(),
                signed(national("JP")),
            )
            .read()
        ),
        {"LIST_SIGNED_TWICE"},
    ),
    "one list in another": (wrapped, {"LIST_SIGNATURE_BROKEN", "XML_MALFORMED", "LIST_SIGNED_TWICE"}),
    "nothing": (lambda: b"", {"XML_MALFORMED"}),
    "a number without end": (
        lambda: changed(b"<TSLSequenceNumber>1<", b"<TSLSequenceNumber>" + b"9" * 100_000 + b"<"),
        {"TRUSTED_LIST_MALFORMED"},
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_lists_are_rejected_each_for_its_own_reason(tmp_path, name):
    made, codes = HOSTILE[name]
    with service(sqlite_url(tmp_path / "s.sqlite")) as lists:
        loaded(lists, *editions())
        given = document(made(), "hostile.xml", "application/xml")
        (_, judged) = lists.load(OPERATOR, [editions()[0], given])
        assert judged.signature is R
        assert {each.code for each in judged.reasons} & codes, judged.reasons
        assert [each.snapshot.sequence for each in lists.lists(OPERATOR)] == [1, 1]


def test_a_critical_extension_that_is_not_known_takes_that_one_service_alone(tmp_path):
    odd = period(world().issuing, later(-2000))
    with service(sqlite_url(tmp_path / "s.sqlite")) as lists:
        root, japan = editions(
            providers=(provider(ListedService((replace(odd, expired_certificates_since=NOW),))),)
        )
        text = japan.read().replace(
            b'Critical="false"><ExpiredCertsRevocationInfo',
            b'Critical="true"><Odd/><ExpiredCertsRevocationInfo',
        )
        assert b"<Odd/>" in text
        unsigned = document(
            text[: text.index(b"<ds:Signature")] + b"</TrustServiceStatusList>", "JP.xml", "application/xml"
        )
        whole = world().sign(
            Xades(), unsigned, operator("JP"), SignatureParameters(packaging=Packaging.ENVELOPED)
        )
        assert loaded(lists, root, document(whole.read(), "JP.xml")) == [V, V]
        found = lists.explain(OPERATOR, verdict(), NOW)
        assert found.qualification.at_issuance.qualified is None
        assert found.qualification.conclusion is SignatureQualification.UNKNOWN
