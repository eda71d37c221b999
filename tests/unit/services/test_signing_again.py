"""A signature beside earlier ones, whatever those say of themselves."""

import re

import pytest

import shirushi
from shirushi import Level
from shirushi.core.document import document

ALICE, PIN = "alice@example.jp", "2468"
PDF = "application/pdf"


def sign(domain, given, level=Level.B_T):
    alice = domain.signing.credential(ALICE)
    request = domain.signing.prepare(given, alice, level=level)
    return domain.signing.sign(request, alice.activate(request, PIN))


@pytest.mark.parametrize("claimed", [b"9999999999 9999999999 10", b"0 9999999999 1", b"0", b""])
def test_a_false_byte_range_draws_no_time_stamp_to_itself(data, contract, claimed):
    with shirushi.open(data) as domain:
        first = sign(domain, shirushi.read(contract), Level.B_B).read()
        numbers = re.search(rb"/ByteRange\[0 ([\d ]+)\]", first)
        lying = first[: numbers.start(1)] + claimed.ljust(len(numbers[1])) + first[numbers.end(1) :]
        second = sign(domain, document(lying, "lying.pdf", PDF)).read()
        sign(domain, document(second, "second.pdf", PDF))
        stamped = [row.action for row in domain.audit.search().records].count("tsa.stamp")
    assert second.startswith(lying)
    assert stamped == 2
