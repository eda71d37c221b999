"""CAA records: whom they let issue (RFC 8659 §4, RFC 8657), and records that cannot be read."""

import pytest

from shirushi.services.ca.model.caa import CaaRecord, forbidding

ACCOUNT = "https://ca.example.jp/acme/account/1"


def record(text: str, flags: int = 0) -> bytes:
    """A record in wire form, written as in `issue ca.example.jp`."""
    tag, _, value = text.partition(" ")
    return bytes((flags, len(tag))) + tag.encode() + value.encode()


def judged(*records, wildcard=False, method="http-01"):
    found = [CaaRecord.read(each if isinstance(each, bytes) else record(each)) for each in records]
    return forbidding(found, {"ca.example.jp"}, wildcard=wildcard, account=ACCOUNT, method=method)


@pytest.mark.parametrize(
    ("records", "forbids"),
    [
        (["issue ca.example.jp"], None),
        (["ISSUE CA.example.JP"], None),
        (["issue other.example"], "issue"),
        (["issue other.example", "issue  ca.example.jp "], None),
        (["issue ;"], "issue"),
        (["issue "], "issue"),
        (["iodef mailto:a@example.jp"], None),
        (["unknown x"], None),
        (["issue %%%%%"], "issue"),
        (["issue xca.example.jp"], "issue"),
        (["issuewild ca.example.jp", "issue ;"], "issue"),
        ([f"issue ca.example.jp; accounturi={ACCOUNT}"], None),
        (["issue ca.example.jp; accounturi=https://ca.example.jp/acme/account/2"], "issue"),
        ([f"issue ca.example.jp; accounturi={ACCOUNT}; accounturi={ACCOUNT}"], "issue"),
        (["issue ca.example.jp; validationmethods=dns-01,http-01"], None),
        (["issue ca.example.jp; validationmethods=dns-01"], "issue"),
        (["issue ca.example.jp; validationmethods=http-01; validationmethods=http-01"], "issue"),
        (["issue ca.example.jp; colour=blue"], None),
        (["issue ca.example.jp; nonsense"], "issue"),
    ],
)
def test_whom_a_domain_lets_issue(records, forbids):
    assert judged(*records) == forbids


def test_wildcards_have_a_property_of_their_own():
    assert judged("issue ca.example.jp", "issuewild ;", wildcard=True) == "issuewild"
    assert judged("issue ;", "issuewild ca.example.jp", wildcard=True) is None
    assert judged("issue ca.example.jp", wildcard=True) is None
    assert judged("issue ;", wildcard=True) == "issue"


def test_what_is_critical_and_not_understood_forbids():
    assert judged(record("tbs x", 0x80), "issue ca.example.jp") == "tbs"
    assert judged(record("issue ca.example.jp", 0x80)) is None
    assert judged(record("tbs x", 0x7F), "issue ca.example.jp") is None


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"\0\0", b"\0\5iss", b"\0\5is-uex", b"\0\5issue\xe3\x81\x82", b"\0\xffissue"]
)
def test_what_cannot_be_read_forbids(data):
    assert judged(data, "issue ca.example.jp") == "?"
