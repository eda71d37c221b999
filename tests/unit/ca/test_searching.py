"""How certificates are found, and which names look alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shirushi.core.evidence import GeneralName, GeneralNameKind, RevocationReason
from shirushi.services.ca.model import DistinguishedName
from shirushi.services.ca.model.searching import Sought, Standing, look, looks_of, words_of
from tests.unit.ca.world import ALICE, OPERATOR, SAKURA


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sakura-login", "sakura-1ogin"),
        ("Example Corp", "ＥＸＡＭＰＬＥ　ｃｏｒｐ."),
        ("modern.example", "rnodern.example"),
        ("株式会社さくら商事", "さくら商事株式会社"),
        ("カトー工業", "力卜ー工業"),
        ("データ・ラボ", "デ一タラボ"),
        ("士屋商店", "土屋商店"),
    ],
)
def test_names_that_look_alike(one, other):
    assert one != other
    assert look(one) == look(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("さくら商事", "すみれ商事"),
        ("sakura", "sakuro"),
        ("有栖 花子", "有栖 華子"),
        ("a.example", "b.example"),
    ],
)
def test_names_that_do_not(one, other):
    assert look(one) != look(other)


def test_a_certificate_is_found_by_all_that_its_names_say():
    names = (
        GeneralName(GeneralNameKind.DNS, "www.Example.jp"),
        GeneralName(GeneralNameKind.IP, bytes([192, 0, 2, 1])),
        GeneralName(GeneralNameKind.EMAIL, "hanako@example.jp"),
    )
    words = words_of(ALICE, names).split("\n")
    assert {"有栖花子", "a-0001", "www.example.jp", "192.0.2.1", "hanako@example.jp"} <= set(words)
    assert "jp" not in words
    assert f"\n{look('www.example.jp')}\n" in looks_of(SAKURA, names)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0A:1b 2C", "0a1b2c"),
        ("0xff", "ff"),
        ("ab" * 32, "ab" * 32),
        ("ab" * 21, None),
        ("さくら", None),
        ("12g", None),
    ],
)
def test_numbers_are_read_however_they_are_written(text, number):
    assert Sought(text).number == number


def test_the_register_is_searched(world):
    alice = world.issue()
    sakura = world.issue("sakura", subject=SAKURA, profile="e-seal")
    short = world.issue("short", not_after=world.clock.now() + timedelta(days=5))

    def found(**sought):
        page = world.ca.certificates(OPERATOR, sought=Sought(authority="issuing", **sought))
        return {each.serial_number for each in page.certificates}

    assert found(text="有栖　花子") == {alice.serial_number, short.serial_number}
    assert found(text="花子 有栖", profile="e-seal") == set()
    assert found(text="7000012050002") == {sakura.serial_number}
    assert found(text=f"{sakura.serial_number:X}") == {sakura.serial_number}
    assert found(text=sakura.certificate.id) == {sakura.serial_number}
    assert found(text="%") == found(text="_") == set()
    assert found(ends_before=world.clock.now() + timedelta(days=30)) == {short.serial_number}
    world.ca.suspend(OPERATOR, alice.serial_number)
    world.ca.revoke(OPERATOR, sakura.serial_number, RevocationReason.SUPERSEDED)
    assert found(standing=Standing.ON_HOLD) == {alice.serial_number}
    assert found(standing=Standing.REVOKED) == {sakura.serial_number}
    assert found(revoked=True) == {alice.serial_number, sakura.serial_number}
    world.clock.advance(days=6)
    assert found(standing=Standing.EXPIRED) == {short.serial_number}
    assert short.serial_number not in found(standing=Standing.VALID)
    assert world.ca.count(OPERATOR, Sought(standing=Standing.ON_HOLD)) == 1
    (held,) = world.ca.certificates(OPERATOR, sought=Sought(standing=Standing.ON_HOLD)).certificates
    assert held.standing(world.clock.now()) is Standing.ON_HOLD
    assert replace(held, revocation=None).standing(held.not_before - timedelta(1)) is Standing.FUTURE


def test_pages_follow_one_another_both_ways(world):
    for number in range(5):
        world.clock.advance(seconds=number % 2)
        world.issue(f"key-{number}", not_after=world.clock.now() + timedelta(days=30 - number // 2))
    for sought in (Sought(), Sought(ends_before=world.clock.now() + timedelta(days=40))):
        whole = world.ca.certificates(OPERATOR, sought=sought).certificates
        seen, after = [], None
        while True:
            page = world.ca.certificates(OPERATOR, sought=sought, after=after, limit=2)
            seen += page.certificates
            after = page.following
            if after is None:
                break
        assert seen == list(whole)
    ends = [each.not_after for each in whole]
    assert ends == sorted(ends)


def test_what_relying_parties_are_told_of_a_certificate(world):
    issued = world.issue()
    assert world.ca.told(OPERATOR, issued).status.name == "GOOD"
    world.ca.crl(OPERATOR, "issuing")
    world.ca.revoke(OPERATOR, issued.serial_number, RevocationReason.SUPERSEDED)
    told = world.ca.told(OPERATOR, issued)
    assert (told.status.name, told.listed, told.published.lacking) == ("REVOKED", False, 1)
    world.ca.publish_crl(OPERATOR, "issuing")
    told = world.ca.told(OPERATOR, issued)
    assert (told.listed, told.published.lacking) == (True, 0)
    published = {each.authority.name: each for each in world.ca.publications(OPERATOR)}
    (complete,) = published["issuing"].lists
    assert complete.record == told.published.record
    assert not complete.overdue(world.clock.now())
    world.clock.advance(days=8)
    assert complete.overdue(world.clock.now())
    assert published["root"].lists[0].record is None


def test_kin_bear_the_same_name(world):
    first, other = world.issue(), world.issue("sakura", subject=SAKURA, profile="e-seal")
    second = world.issue("again")
    assert [each.serial_number for each in world.ca.kin(OPERATOR, first)] == [second.serial_number]
    assert world.ca.kin(OPERATOR, other) == ()
    assert DistinguishedName.decode(second.certificate.subject.der) == ALICE
