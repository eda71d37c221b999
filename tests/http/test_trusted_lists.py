"""Trusted lists over HTTP: who may load, what everyone may ask, and why a document is qualified as it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shirushi import Level, read
from tests.unit.trustlist.world import list_of_lists, national, operator, pointer, signed

NOW = datetime.now(UTC).replace(microsecond=0)
DATES = {"issued": NOW - timedelta(days=10), "next_update": NOW + timedelta(days=100)}


@pytest.fixture
def files():
    root = signed(list_of_lists(pointer("JP", "https://lists.example/JP.xml"), **DATES))
    japan = signed(national("JP", **DATES))
    return [
        ("list", ("EU.xml", root.read(), "application/xml")),
        ("list", ("JP.xml", japan.read(), "application/xml")),
        ("anchor", ("oj.pem", operator("EU").pem, "application/x-pem-file")),
    ]


def test_operators_load_and_everyone_asks(caller, operator, alice, files, pdf):
    address = "/api/v1/trusted-lists"
    assert caller.post(address, token=alice, files=files).status_code == 403
    assert caller.get(address).json() == {"lists": []}
    done = caller.post(address, token=operator, files=files)
    assert [each["signature"] for each in done.json()["lists"]] == ["verified", "verified"]
    assert done.json()["totals"]["pinned"] == 2
    standing = caller.get(address).json()["lists"]
    assert [(each["territory"], each["counts"], each["failures"]) for each in standing] == [
        ("EU", True, []),
        ("JP", True, []),
    ]
    found = caller.get(f"{address}/JP/services").json()
    assert (found["services"][0]["status"].rpartition("/")[2], found["digest"]) == (
        "granted",
        standing[1]["digest"],
    )
    assert (
        caller.get(f"{address}/JP/services", params={"at": "1999-01-01T00:00:00Z"}).json()["services"] == []
    )
    assert caller.get(f"{address}/XX/services").json()["code"] == "TERRITORY_UNKNOWN"
    assert caller.get(f"{address}/JP/services", params={"at": "soon"}).status_code == 400
    ready = caller.get("/readyz").json()
    facts = next(each["facts"] for each in ready["conditions"] if each["name"] == "trusted_lists")
    assert (facts["lists"], sorted(facts["next_update"])) == (2, ["EU", "JP"])


def test_a_signature_is_explained(caller, operator, alice, files, contract):
    caller.post("/api/v1/trusted-lists", token=operator, files=files)
    domain = caller.domain
    sealed = domain.signing.seal(read(contract), by="さくら商事株式会社", level=Level.B_B).read()
    sent = {"document": ("contract.pdf", sealed, "application/pdf")}
    (said,) = caller.post("/api/v1/trusted-lists/explanations", token=alice, files=sent).json()["signatures"]
    verdict = caller.post("/api/v1/validations", token=alice, files=sent).json()["signatures"][0]
    assert verdict["qualification"] == said["qualification"]
    assert verdict["lists"] == said["consulted"]
    assert len(said["consulted"]) == 2
    assert [each["code"] for each in said["at_issuance"]["steps"]] == ["QUALIFICATION_NO_SERVICE"]
    assert (said["standings"], said["equivalences"]) == ([], []), "no party's rules are configured"
