"""A token's PIN is changed, tried wrongly and locked under load: the platform never locks it, and goes on once it may."""

from __future__ import annotations

import pytest

from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.adapters.pkcs11.errors import TokenPinLastTry, TokenPinLocked, TokenPinRejected
from tests import results
from tests.chaos.test_serve import wait_for
from tests.chaos.test_signers import check, conditions_of, place, softhsm, stamping
from tests.tokens import PIN, Locking, write_pin

__all__ = ["place", "softhsm"]


@pytest.fixture
def locking(place, tmp_path, monkeypatch):
    """Lets the domain reach its token through a module that locks PINs."""
    made, path = Locking(tmp_path, monkeypatch), place[0] / "shirushi.toml"
    found = read_configuration(path)
    (section,) = found.pkcs11
    through = section.model_copy(update={"module": str(made.module)})
    write_configuration(path, found.model_copy(update={"pkcs11": (through,)}))
    return made


@pytest.mark.needs("softhsm2-util", "softhsm2")
@pytest.mark.needs("cc", "gcc")
@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.long)])
def test_a_locked_pin_under_load(place, softhsm, locking, rounds):
    data, _ = place
    pins = [PIN, "135791"]
    with stamping(data) as (signer, load):

        def refused_with(kind):
            before = len(load.refused)
            wait_for(lambda: kind in load.refused[before:])

        for number in range(rounds):
            old, new = pins[number % 2], pins[(number + 1) % 2]
            softhsm.change_pin("hsm", old, new)
            load.more()  # who is logged in stays so
            for tries in (1, 2):  # each process that starts anew tries the old PIN once
                signer.kill()
                refused_with(TokenPinRejected)
                assert locking.tries == tries
            for _ in range(2):
                signer.kill()
                refused_with(TokenPinLastTry)
            assert locking.tries == 2  # the last one is left to a person
            locking.lock()
            refused_with(TokenPinLocked)
            (tokens,) = [each for each in conditions_of(load.domain) if each.name == "tokens"]
            assert [cause.code for cause in tokens.causes] == ["NOT_READY"]
            write_pin(data, pin=new)
            refused_with(TokenPinLocked)  # a PIN that is right does not help either
            locking.unlock()
            results.record("signers", round=number, unlocked=load.more())
            assert locking.tries == 0
    assert set(load.refused) == {TokenPinRejected, TokenPinLastTry, TokenPinLocked}
    check(load)
