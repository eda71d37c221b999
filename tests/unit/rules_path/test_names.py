from dataclasses import replace

import pytest

from shirushi.codecs.asn1 import der
from shirushi.core.evidence import Extensions, GeneralName, GeneralNameKind, NameConstraints
from shirushi.rules.path.names import NameFinding, check_names
from tests.unit.rules_path.world import World, make_name

ALLOWED, NOT_PERMITTED, EXCLUDED, UNPROCESSABLE = NameFinding
KINDS = {
    "dns": GeneralNameKind.DNS,
    "email": GeneralNameKind.EMAIL,
    "uri": GeneralNameKind.URI,
    "ip": GeneralNameKind.IP,
    "other": GeneralNameKind.OTHER,
    "id": GeneralNameKind.REGISTERED_ID,
}


def general(text):
    """A general name from `kind:value`; the value of bytes is hexadecimal."""
    kind, _, value = text.partition(":")
    if kind == "dn":
        return GeneralName(GeneralNameKind.DIRECTORY, make_name(pair.split("=") for pair in value.split("/")))
    return GeneralName(KINDS[kind], bytes.fromhex(value) if kind in {"ip", "other"} else value)


def finding(name, permitted=(), excluded=()):
    certificate = World().certificate("target")
    certificate = replace(
        certificate,
        subject=make_name([]),
        extensions=Extensions(subject_alternative_names=(general(name),)),
    )
    constraints = NameConstraints(tuple(map(general, permitted)), tuple(map(general, excluded)))
    return check_names(certificate, [constraints])[0]


@pytest.mark.parametrize(
    ("name", "subtree", "within"),
    [
        ("dns:example.jp", "dns:example.jp", True),
        ("dns:WWW.Example.JP", "dns:example.jp", True),
        ("dns:a.b.example.jp.", "dns:example.jp", True),
        ("dns:notexample.jp", "dns:example.jp", False),
        ("dns:jp", "dns:example.jp", False),
        ("dns:anything", "dns:", True),
        ("dns:*.example.jp", "dns:example.jp", True),
        ("email:alice@example.jp", "email:alice@example.jp", True),
        ("email:alice@EXAMPLE.jp", "email:alice@example.jp", True),
        ("email:Alice@example.jp", "email:alice@example.jp", False),
        ("email:bob@example.jp", "email:alice@example.jp", False),
        ("email:bob@example.jp", "email:Example.jp", True),
        ("email:bob@mail.example.jp", "email:example.jp", False),
        ("email:bob@mail.example.jp", "email:.example.jp", True),
        ("email:bob@example.jp", "email:.example.jp", False),
        ("uri:https://example.jp/a", "uri:example.jp", True),
        ("uri:https://www.example.jp/a", "uri:example.jp", False),
        ("uri:https://user@www.example.jp:8080?x#y", "uri:.example.jp", True),
        ("uri:https://example.jp", "uri:.example.jp", False),
        ("ip:c0000201", "ip:c0000200ffffff00", True),
        ("ip:c0000301", "ip:c0000200ffffff00", False),
        ("ip:" + "20010db8" + "0" * 24, "ip:c0000200ffffff00", False),
        ("ip:" + "20010db8" + "0" * 24, "ip:20010db8" + "0" * 24 + "f" * 8 + "0" * 24, True),
        ("dn:C=JP/O=Sakura/CN=Alice", "dn:C=JP/O=SAKURA", True),
        ("dn:C=JP/O=Sakura", "dn:C=JP/O=Sakura", True),
        ("dn:C=JP", "dn:C=JP/O=Sakura", False),
        ("dn:C=DE/O=Sakura", "dn:O=Sakura", False),
    ],
)
def test_a_name_is_within_a_subtree_or_not(name, subtree, within):
    assert finding(name, permitted=[subtree]) is (ALLOWED if within else NOT_PERMITTED)
    assert finding(name, excluded=[subtree]) is (EXCLUDED if within else ALLOWED)


@pytest.mark.parametrize(
    ("name", "subtree"),
    [
        ("dns:example.jp", "dns:.example.jp"),
        ("dns:example.jp", "dns:*.example.jp"),
        ("email:no mailbox", "email:example.jp"),
        ("other:060a2b06010401823714020302a000", "other:060a2b06010401823714020302a000"),
        ("other:06082b06010505070809a0030c0161", "email:example.jp"),
        ("id:1.2.3", "id:1.2.3"),
        ("uri:urn:example:a", "uri:example.jp"),
        ("uri:https://192.0.2.1/", "uri:example.jp"),
        ("uri:https://[2001:db8::1]/", "uri:example.jp"),
        ("uri:https://localhost/", "uri:example.jp"),
        ("ip:c0000201", "ip:c0000200"),
        ("ip:c0000201", "ip:c0000200ff00ff00"),
        ("ip:c000", "ip:c0000200ffffff00"),
    ],
)
def test_what_cannot_be_compared_is_refused(name, subtree):
    assert finding(name, permitted=[subtree]) is UNPROCESSABLE
    assert finding(name, excluded=[subtree]) is UNPROCESSABLE


def test_constraints_bind_names_of_their_kind_alone():
    assert finding("dns:example.jp", permitted=["email:example.com"], excluded=["ip:c0000200"]) is ALLOWED
    assert finding("dns:example.jp", permitted=["dns:.jp", "dns:example.jp"]) is UNPROCESSABLE
    assert finding("dns:example.jp", permitted=["dns:example.jp"], excluded=["dns:example.jp"]) is EXCLUDED


def test_a_wildcard_is_excluded_where_a_name_that_it_covers_is():
    assert finding("dns:*.example.jp", excluded=["dns:www.example.jp"]) is EXCLUDED
    assert finding("dns:*.example.jp", excluded=["dns:a.www.example.jp"]) is ALLOWED
    assert finding("dns:*.example.jp", permitted=["dns:www.example.jp"]) is NOT_PERMITTED


def test_every_certificate_above_must_permit():
    certificate = World().certificate(
        "target", extensions=Extensions(subject_alternative_names=(general("dns:a.example.jp"),))
    )
    wide, narrow, other = (
        NameConstraints((general(text),)) for text in ("dns:jp", "dns:a.example.jp", "dns:b.example.jp")
    )
    assert check_names(certificate, [wide, narrow]) == (ALLOWED, None)
    assert check_names(certificate, [wide, narrow, other]) == (NOT_PERMITTED, general("dns:a.example.jp"))


def test_the_subject_is_a_directory_name():
    certificate = World().certificate("target")
    assert check_names(certificate, [NameConstraints((general("dn:C=JP"),))])[0] is ALLOWED
    assert check_names(certificate, [NameConstraints((general("dn:C=DE"),))])[0] is NOT_PERMITTED
    assert (
        check_names(replace(certificate, subject=make_name([])), [NameConstraints((general("dn:C=DE"),))])[0]
        is ALLOWED
    )


def test_the_legacy_address_in_the_subject_counts_without_alternative_names():
    subject = make_name([("CN", "Alice"), ("emailAddress", "Alice@example.jp")])
    certificate = replace(World().certificate("target"), subject=subject)
    constraint = NameConstraints(excluded=(general("email:example.jp"),))
    assert check_names(certificate, [constraint])[0] is EXCLUDED
    modern = replace(
        certificate, extensions=Extensions(subject_alternative_names=(general("dns:example.jp"),))
    )
    assert check_names(modern, [constraint])[0] is ALLOWED


def test_too_many_comparisons_are_refused():
    names = tuple(general(f"dns:{number}.example.jp") for number in range(1100))
    certificate = World().certificate("target", extensions=Extensions(subject_alternative_names=names))
    constraint = NameConstraints(
        excluded=tuple(general(f"dns:{number}.example.com") for number in range(1000))
    )
    assert check_names(certificate, [constraint]) == (UNPROCESSABLE, None)
    assert check_names(certificate, []) == (ALLOWED, None)


def test_a_mailbox_in_unicode_is_told_by_its_identifier():
    assert der.read_oid(bytes.fromhex("2b06010505070809")) == "1.3.6.1.5.5.7.8.9"
