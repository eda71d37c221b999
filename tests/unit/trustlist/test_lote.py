"""Lists of trusted entities in JSON: read and written as the same values, signed in compact JAdES, loaded as any list."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from shirushi.adapters.database import sqlite_url
from shirushi.codecs.jose.jws import Serialization
from shirushi.codecs.jose.lote import MalformedLote, read_lote
from shirushi.codecs.jose.lote_writing import write_lote
from shirushi.core.document import Document, document
from shirushi.core.trusted_list import Address, DigitalIdentity, ListedService, PostalAddress
from shirushi.formats.jades.format import Jades
from shirushi.formats.protocol import Packaging, SignatureParameters
from shirushi.rules.lists import ListSignature
from tests.unit.trustlist.world import (
    GRANTED,
    NOW,
    OPERATOR,
    WITHDRAWN,
    later,
    list_of_lists,
    national,
    operator,
    period,
    pointer,
    provider,
    said,
    service,
    signed,
    world,
)


def whole():
    """A list with something in every place that JSON has."""
    postal = PostalAddress("ja", "霞が関 1", "千代田区", "JP", "東京都", "100-0013")
    address = Address((postal,), (("ja", "mailto:list@example.jp"),))
    periods = (
        period(world().issuing, later(-10), WITHDRAWN, additional_information=("urn:example:seals",)),
        period(world().issuing, later(-900), GRANTED, expired_certificates_since=later(-900)),
    )
    identity = replace(periods[1].identity, key_identifiers=(b"\x01\x02",), subject_names=("CN=Test",))
    one = ListedService(
        (periods[0], replace(periods[1], identity=identity)),
        (("urn:example:crl", "http://c/"),),
        said("urn:def"),
    )
    ume = replace(
        provider(one, name="梅"), trade_names=said("VATJP-1"), information=said("http://u/"), address=address
    )
    return national(
        "JP",
        ume,
        version=1,
        pointers=(
            pointer("AA", "https://lists.example/AA.json", mime_type="application/jose", operators=said("A")),
        ),
        information=said("https://info.example/"),
        status_determination="urn:example:appropriate",
        community_rules=("urn:example:rules",),
        distribution_points=("https://lists.example/JP.json",),
        address=address,
        legal_notices=said("The law"),
    )


def compact(content: bytes, name: str = "JP.json", form: Jades | None = None) -> Document:
    form = form or Jades(Serialization.COMPACT)
    given = document(content, name, "application/json")
    parameters = SignatureParameters(packaging=Packaging.ENVELOPING)
    made = world().sign(form, given, operator("JP"), parameters)
    return document(made.read(), name, made.media_type)


def test_what_is_written_reads_as_it_was():
    assert read_lote(write_lote(whole())) == whole()


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"LoTE": []},
        {"LoTE": {"ListAndSchemeInformation": {"LoTEVersionIdentifier": "1"}}},
        {
            "LoTE": {
                "ListAndSchemeInformation": {
                    "LoTEVersionIdentifier": True,
                    "ListIssueDateTime": "2026-01-01T00:00:00Z",
                }
            }
        },
        {"LoTE": {"ListAndSchemeInformation": {"ListIssueDateTime": "soon"}}},
    ],
)
def test_what_is_no_list_is_refused(wrong):
    with pytest.raises(MalformedLote):
        read_lote(json.dumps(wrong).encode())


def test_a_list_in_json_is_vouched_for_by_a_list_of_lists_in_xml_and_asked_as_any(tmp_path):
    root = signed(list_of_lists(pointer("JP", "https://lists.example/JP.json")), name="EU.xml")
    with service(sqlite_url(tmp_path / "s.sqlite")) as lists:
        judged = lists.load(OPERATOR, [root, compact(write_lote(whole()))], at=NOW)
        assert [(each.signature, each.reasons) for each in judged] == [(ListSignature.VERIFIED, ())] * 2
        (found,) = lists.of(OPERATOR, "JP").services(at=later(-20))
        assert (found.provider, found.status.name) == ("梅", "granted")


def other_payload() -> Document:
    head, _, value = compact(write_lote(whole())).read().split(b".")
    changed = compact(write_lote(replace(whole(), sequence=2))).read().split(b".")[1]
    return document(b".".join((head, changed, value)), "JP.json")


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: document(write_lote(whole()), "JP.json"), "LIST_UNSIGNED"),
        (lambda: compact(write_lote(whole()), form=Jades(Serialization.FLATTENED)), "LIST_STRUCTURE"),
        (other_payload, "LIST_SIGNATURE_BROKEN"),
        (lambda: document(b'{"LoTE":1,"LoTE":2}', "JP.json"), "JSON_MEMBER_REPEATED"),
        (lambda: document(b"[" * 100_000, "JP.json"), "XML_MALFORMED"),
        (lambda: document(b'{"a":' * 100_000, "JP.json"), "JSON_TOO_COMPLEX"),
        (
            lambda: compact(
                write_lote(whole()).replace(b'"LoTEVersionIdentifier":1', b'"LoTEVersionIdentifier":9')
            ),
            "LIST_VERSION_UNKNOWN",
        ),
    ],
)
def test_what_is_wrong_with_a_list_in_json_is_named(tmp_path, made, code):
    with service(sqlite_url(tmp_path / "s.sqlite")) as lists:
        (judged,) = lists.load(OPERATOR, [made()])
        assert judged.signature is ListSignature.REJECTED
        assert code in {each.code for each in judged.reasons}


@pytest.mark.parametrize("flag", ['"critical":true,', ""])
def test_an_extension_that_is_not_known_makes_that_one_service_unclear(flag):
    plain = ListedService((replace(period(world().bob), identity=DigitalIdentity((world().bob.der,))),))
    odd = ListedService((period(world().issuing, additional_information=("urn:example:odd",)),))
    data = write_lote(national("JP", provider(plain, odd), version=1))
    data = data.replace(b'"critical":true,"AdditionalServiceInformation"', flag.encode() + b'"Odd"')
    first, second = read_lote(data).services
    assert (first.current.unknown_critical, second.current.unknown_critical) == ((), ("Odd",))
