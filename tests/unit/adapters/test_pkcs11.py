"""Tokens: what they never give away, what their errors are called, who may speak to a signer process."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from shirushi.adapters.configuration import KeySection
from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.adapters.key_routing import TokenUnknown
from shirushi.adapters.key_usage import KeyExhausted, KeyOutsidePeriod
from shirushi.adapters.pkcs11 import frames, server
from shirushi.adapters.pkcs11.client import SignerClient, settings_of
from shirushi.adapters.pkcs11.errors import (
    SAID,
    ModuleMissing,
    PinOfToken,
    SignatureValueWrong,
    TokenKeyLost,
    TokenMissing,
    TokenPinLocked,
    TokenPinMissing,
)
from shirushi.adapters.pkcs11.key_store import TokenKeyStore
from shirushi.adapters.pkcs11.settings import TokenSettings
from shirushi.core.algorithms import KeyType, signature_algorithm
from shirushi.core.primitives import verify
from shirushi.domain import compose, open_domain
from shirushi.ports.keys import KeyExists, KeyUnusable
from tests.fakes import FakeClock
from tests.tokens import PIN, bare_directory, softhsm, token_section, with_tokens, write_pin

__all__ = ["softhsm"]

P_256 = signature_algorithm(KeyType.P_256)


@pytest.fixture
def opened(request, softhsm, tmp_path):
    """Opens a store over a token called `hsm`, with what its section says otherwise."""

    def open_(**given) -> TokenKeyStore:
        section = token_section(**given)
        folder = tmp_path / f"data-{len(list(tmp_path.iterdir()))}"
        directory = bare_directory(folder, section)
        write_pin(directory.path)
        client = SignerClient(directory, settings_of(directory, section))
        request.addfinalizer(client.close)
        return TokenKeyStore(directory.keys, client, personal=section.personal)

    return open_


def test_other_hands_find_keys_that_never_leave(opened, softhsm):
    softhsm.make("hsm")
    store = opened()
    for key_type in (KeyType.P_256, KeyType.RSA_2048, KeyType.ED25519):
        store.generate(key_type.value, key_type)
    shown = softhsm.tool(
        "--token-label", "hsm", "--login", "--pin", PIN, "--list-objects", "--type", "privkey"
    )
    assert shown.count("Private Key Object") == 3
    assert shown.count("sensitive, always sensitive, never extractable, local") == 3
    assert "extract" not in shown.replace("never extractable", "")
    assert shown.count("Usage:      sign\n") == 3


def test_what_is_wrong_has_a_name_and_a_remedy(opened, softhsm, tmp_path):
    with pytest.raises(TokenMissing) as missing:
        opened().generate("key", KeyType.P_256)
    assert "hsm" in missing.value.explain("ja")
    softhsm.make("hsm")
    with pytest.raises(ModuleMissing) as module:
        opened(module="/nowhere/libtoken.so").generate("key", KeyType.P_256)
    assert "/nowhere/libtoken.so" in module.value.explain("en")
    with pytest.raises(TokenMissing):
        opened(serial="0123").generate("key", KeyType.P_256)
    with pytest.raises(TokenPinMissing):
        opened(pin_file="secrets/absent").generate("key", KeyType.P_256)
    with pytest.raises(TokenPinMissing, match="SHIRUSHI_PIN_HSM"):
        opened(pin_file="").generate("key", KeyType.P_256)
    with pytest.raises(PinOfToken):
        opened().generate("key", KeyType.P_256, "2468")


def test_the_pin_may_be_in_the_environment(opened, softhsm, monkeypatch):
    softhsm.make("hsm")
    monkeypatch.setenv("SHIRUSHI_PIN_HSM", PIN)
    assert opened(pin_file="").generate("key", KeyType.P_256).label == "key"


def test_a_locked_token_says_so():
    from pkcs11 import exceptions

    from shirushi.adapters.pkcs11.token import Token

    named = Token(TokenSettings("hsm", "m", "l"))._named
    assert isinstance(named(exceptions.PinLocked()), TokenPinLocked)
    assert {type(named(kind())) for kind in (exceptions.DeviceRemoved, exceptions.TokenNotPresent)} == {
        TokenMissing
    }
    assert SAID["PKCS11_PIN_LOCKED"] is TokenPinLocked


def test_what_lies_on_the_token_is_taken_in(opened, softhsm):
    softhsm.make("hsm")
    login = ("--token-label", "hsm", "--login", "--pin", PIN)
    softhsm.tool(*login, "--keypairgen", "--key-type", "EC:prime256v1", "--label", "theirs", "--id", "4242")
    store = opened()
    made = store.adopt("ours", "theirs")
    assert made.key_type is KeyType.P_256
    assert verify(made.spki, P_256, store.signer("ours").sign(b"data", P_256), b"data")
    with pytest.raises(KeyExists):
        store.adopt("ours", "theirs")
    softhsm.tool(*login, "--delete-object", "--type", "privkey", "--id", "4242")
    with pytest.raises(TokenKeyLost):
        store.signer("ours")


def test_a_value_of_another_key_never_leaves(opened, softhsm):
    softhsm.make("hsm")
    store = opened()
    store.generate("first", KeyType.P_256)
    store.generate("second", KeyType.P_256)
    files = {label: store._path(label) for label in ("first", "second")}
    swapped = files["first"].read_text().replace(store._key("first").key_id, store._key("second").key_id)
    files["first"].write_text(swapped)
    with pytest.raises(SignatureValueWrong):
        store.signer("first").sign(b"data", P_256)
    files["first"].write_text(files["second"].read_text())
    with pytest.raises(KeyUnusable):
        store.signer("first")


def test_messages(tmp_path):
    path = tmp_path / ("x" * 120) / "signer.sock"
    path.parent.mkdir()
    with frames.listen(path) as listening, frames.connect(path, 5) as client:
        served, _ = listening.accept()
        with served:
            assert frames.same_user(served)
            client.sendall(frames.Frame({"do": "検"}, b"\0octets").encode())
            came = frames.receive(served)
            assert (came.head, came.octets) == ({"do": "検"}, b"\0octets")
            assert "検" not in repr(came)
    for wrong in (b"\xff" * 8, b"\0\0\0\2\0\0\0\0[]", b"\0\0\0\1\0\0\0\0{"):
        with pytest.raises(frames.FrameMalformed):
            frames.split(bytearray(wrong))
    assert frames.split(bytearray(b"\0\0\0\2\0\0\0\0{")) is None


def test_another_user_is_shown_the_door(monkeypatch):
    """What SO_PEERCRED says of the other end is compared with this process's own user."""
    here, there = socket.socketpair()
    with here, there:
        assert frames.same_user(here)
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
        assert not frames.same_user(here)


def test_nonsense_is_answered_by_name():
    class Nothing:
        recoveries = 0

    answering = server.SignerServer(TokenSettings("hsm", "m", "l"), Nothing())
    for head in ({}, {"do": "explode"}, {"do": "sign"}, {"do": "sign", "id": 1, "scheme": "ECDSA"}):
        assert answering._answer(frames.Frame(head)).head["error"] == "PKCS11_FAILED"


def test_keys_have_limits(data):
    clock = FakeClock()
    limits = (
        KeySection(label="few-*", uses=3),
        KeySection(label="now", not_before="2026-03-01T00:00:00Z", not_after="2026-05-01T00:00:00+09:00"),
    )
    with_tokens(data, keys=limits)
    directory = DataDirectory(data)
    configuration = read_configuration(directory.configuration)
    with (
        compose(directory, configuration, clock) as domain,
        compose(directory, configuration, clock) as other,
    ):
        for label in ("few-1", "now", "free"):
            domain.keys.generate(label, KeyType.P_256)
        signers = [each.keys.signer("few-1") for each in (domain, other)]
        for signer in (*signers, signers[0]):
            signer.sign(b"data", P_256)
        for signer in signers:
            with pytest.raises(KeyExhausted):
                signer.sign(b"data", P_256)
        assert (domain.keys.uses("few-1"), domain.keys.uses("now")) == (3, 0)
        dated = domain.keys.signer("now")
        assert dated.sign(b"data", P_256)
        for days in (-60, 90):
            clock.advance(days=days)
            with pytest.raises(KeyOutsidePeriod):
                dated.sign(b"data", P_256)
        free = domain.keys.signer("free")
        for _ in range(20):
            free.sign(b"data", P_256)
        assert domain.keys.uses("free") == 31  # counted 1, 2, 4, 8, 16 before use: ahead, never behind


def test_a_rule_names_a_token_that_is_there(data):
    with_tokens(data, keys=(KeySection(label="x", token="hsm"),))
    with pytest.raises(TokenUnknown), open_domain(data):
        pass


@pytest.mark.parametrize("wrong", ['pin_file = ""\nname = "Upper"', 'not_before = "yesterday"'])
def test_sections_are_checked(tmp_path: Path, wrong: str):
    from shirushi.core.errors import ConfigurationInvalid

    path = tmp_path / "shirushi.toml"
    section = "[[pkcs11]]\nmodule = 'm'\nlabel = 'l'\n" if "name" in wrong else "[[key]]\nlabel = 'l'\n"
    path.write_text(f'[domain]\nname = "x"\n{section}{wrong}\n')
    with pytest.raises(ConfigurationInvalid):
        read_configuration(path)
