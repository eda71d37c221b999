"""A process is killed between the claim of an idempotency key, the work, and the keeping of its reply: the work is done once at most."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from shirushi.core.actor import Role
from tests.http.conftest import ALICE, calling
from tests.http.test_idempotency import sign, signatures

ROOT = Path(__file__).resolve().parents[2]
KILLED = """
import os, signal, sys
from pathlib import Path
from shirushi.adapters.kept_replies import DatabaseReplies
from tests.http.conftest import calling
from tests.http.test_idempotency import sign

data, document, token, moment = sys.argv[1:]
claim = DatabaseReplies.claim

def killed(*arguments):
    if moment == "before the work":
        claim(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(DatabaseReplies, "claim" if moment == "before the work" else "keep", killed)
with calling(Path(data)) as caller:
    sign(caller, token, Path(document).read_bytes(), "order-1")
"""


@pytest.mark.parametrize(("moment", "done"), [("before the work", 0), ("before the reply is kept", 1)])
def test_a_killed_request_is_not_carried_out_again(data, contract, monkeypatch, moment, done):
    with calling(data) as caller:
        token = caller.token(ALICE, Role.SIGNER)
    process = subprocess.run(
        [sys.executable, "-c", KILLED, data, contract, token, moment], check=False, cwd=ROOT, timeout=120
    )
    assert process.returncode == -signal.SIGKILL
    with calling(data) as caller:
        pdf, clock = contract.read_bytes(), caller.domain.ports.clock
        told = [sign(caller, token, pdf, "order-1")]
        now = clock.now
        monkeypatch.setattr(type(clock), "now", lambda _: now() + timedelta(minutes=2))
        told += [sign(caller, token, pdf, "order-1"), sign(caller, token, pdf + b"\n", "order-1")]
        assert [(each.status_code, each.json()["code"]) for each in told] == [
            (409, "IDEMPOTENCY_IN_PROGRESS"),
            (409, "IDEMPOTENCY_OUTCOME_UNKNOWN"),
            (422, "IDEMPOTENCY_KEY_REUSED"),
        ]
        assert told[1].json()["remedy"]
        assert signatures(caller) == done
        assert sign(caller, token, pdf, "order-2").status_code == 200
        caller.domain.audit.checkpoint()
        assert caller.domain.audit.verify().intact
