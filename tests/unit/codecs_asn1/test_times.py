from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirushi.codecs.asn1 import ber, der, times
from shirushi.codecs.asn1.errors import MalformedAsn1

EARLIEST = datetime(1950, 1, 1, tzinfo=UTC).replace(tzinfo=None)
LATEST = datetime(9999, 12, 31, tzinfo=UTC).replace(tzinfo=None)
INSTANTS = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        (der.UTC_TIME, "500101000000Z", datetime(1950, 1, 1, tzinfo=UTC)),
        (der.UTC_TIME, "491231235959Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (der.UTC_TIME, "9912312359Z", datetime(1999, 12, 31, 23, 59, tzinfo=UTC)),
        (der.UTC_TIME, "260401090000+0900", datetime(2026, 4, 1, tzinfo=UTC)),
        (der.UTC_TIME, "2603312000-0400", datetime(2026, 4, 1, tzinfo=UTC)),
        (der.GENERALIZED_TIME, "20260401000000.5Z", datetime(2026, 4, 1, 0, 0, 0, 500000, UTC)),
        (der.GENERALIZED_TIME, "20260401000000,1234567Z", datetime(2026, 4, 1, 0, 0, 0, 123456, UTC)),
        (der.GENERALIZED_TIME, "202604010000Z", datetime(2026, 4, 1, tzinfo=UTC)),
        (der.GENERALIZED_TIME, "2026040100", datetime(2026, 4, 1, tzinfo=UTC)),
        (der.GENERALIZED_TIME, "19000101000000Z", datetime(1900, 1, 1, tzinfo=UTC)),
        (der.GENERALIZED_TIME, "20161231235960Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_every_form_that_was_ever_written_is_read(tag, text, expected):
    assert times.read(tag, text.encode()) == expected


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        (der.UTC_TIME, ""),
        (der.UTC_TIME, "20260401000000Z"),
        (der.UTC_TIME, "261301000000Z"),
        (der.UTC_TIME, "260230000000Z"),
        (der.GENERALIZED_TIME, "00000101000000Z"),
        (der.GENERALIZED_TIME, "260401000000Z"),
        (der.GENERALIZED_TIME, "99991231235959-0100"),
        (der.GENERALIZED_TIME, "20260401000000.Z"),
        (der.OCTET_STRING, "260401000000Z"),
    ],
)
def test_what_is_no_time_is_refused(tag, text):
    with pytest.raises(MalformedAsn1):
        times.read(tag, text.encode())


@given(INSTANTS)
def test_generalized_time_keeps_microseconds_and_is_der(value):
    encoding = times.generalized_time(value)
    found = der.single(encoding)
    assert times.read(found.tag, found.value) == value
    assert ber.canonical(encoding) == encoding


@given(INSTANTS)
def test_a_time_is_utc_time_until_2050_and_has_whole_seconds(value):
    found = der.single(times.time(value))
    assert found.tag == (der.UTC_TIME if value.year < 2050 else der.GENERALIZED_TIME)
    assert times.read(found.tag, found.value) == value.replace(microsecond=0)
