"""Looking up control of names: where it may not be asked, and what resolvers may not make it believe."""

import struct

import pytest

from shirushi.adapters.dns_client import TXT, A, _name, _read, resolver, text_of
from shirushi.adapters.domain_control import ControlBounds, NetworkControl
from shirushi.ports.domain_control import LookupFailed


class Names:
    def __init__(self, **found):
        self.found = found

    def records(self, name, kind):
        return (self.found[name],) if kind == A and name in self.found else ()


def control(**named):
    found = {"inside": bytes((10, 0, 0, 1)), "loop": bytes((127, 0, 0, 1))}
    return NetworkControl(Names(**found), ControlBounds(seconds=1, **named))


@pytest.mark.parametrize("host", ["inside", "loop", "127.0.0.1", "169.254.169.254", "nowhere"])
def test_hosts_at_private_addresses_are_not_asked(host):
    with pytest.raises(LookupFailed, match=r"not public|no address"):
        control().http(host, "/x")
    with pytest.raises(LookupFailed, match=r"not public|no address"):
        control().certificate(host, "acme-tls/1")


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1/x",
        "https://10.0.0.1/",
        "http://www.example.jp:6379/",
        "file:///etc/passwd",
        "http://a@b/",
    ],
)
def test_redirects_lead_to_no_private_address_or_other_port(monkeypatch, place):
    found = control()
    first, get = [place], found._get
    monkeypatch.setattr(found, "_get", lambda at, end: first.pop() if first else get(at, end))
    with pytest.raises(LookupFailed, match=r"not public|redirect to"):
        found.http("www.example.jp", "/x")


def answer(*records, name="_acme-challenge.example.jp"):
    body = b"".join(
        _name(owner) + struct.pack("!HHIH", kind, 1, 0, len(data)) + data for owner, kind, data in records
    )
    return (
        struct.pack("!6H", 1, 0x8180, 1, len(records), 0, 0) + _name(name) + struct.pack("!HH", TXT, 1) + body
    )


def test_records_are_those_of_the_name_and_its_aliases():
    name = "_acme-challenge.example.jp"
    message = answer((name, 5, _name("a.jp")), ("a.jp", TXT, b"\3abc\2de"), ("other.jp", TXT, b"\1x"))
    assert [text_of(each) for each in _read(message, name, TXT)] == ["abcde"]


def test_a_pointer_that_leads_on_is_refused():
    message = answer()[:12] + b"\xc0\x0c" + struct.pack("!HH", TXT, 1)
    with pytest.raises(ValueError, match="pointer"):
        _read(message, "a", TXT)


def test_resolvers_as_they_are_configured():
    assert [resolver(each) for each in ("10.0.0.53", "ns:5353", "[::1]:53", "fe80::1")] == [
        ("10.0.0.53", 53), ("ns", 5353), ("::1", 53), ("fe80::1", 53)
    ]  # fmt: skip
