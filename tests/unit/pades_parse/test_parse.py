"""Signatures read back as evidence."""

from dataclasses import dataclass, field, replace

import pytest

from shirushi.codecs.asn1 import der
from shirushi.codecs.pdf.errors import MalformedPdf, NotAPdf
from shirushi.codecs.pdf.objects import Name, stream
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.rebuild import RebuiltPdf
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import CHUNK, Document, document
from shirushi.core.evidence import ChangeKind, Level, SignatureFormat, TimeStampKind
from shirushi.formats.cms import attributes, oids
from shirushi.formats.pades.layout import SignatureFieldParameters, SignatureKind, lay_out
from shirushi.formats.pades.parse import parse
from tests.unit.pades_parse import signer
from tests.unit.pades_parse.making import (
    CATALOGUE,
    CONTENT_1,
    ENTROPY,
    FORM,
    INFO,
    PAGE_1,
    TIME,
    field_reference,
    flat,
    get,
    next_reference,
    objects,
    update,
    widget,
    written,
)  # fmt: skip

PLAIN = written(objects())


def laid_out(given=PLAIN, kind=SignatureKind.SIGNATURE, **said):
    parameters = SignatureFieldParameters(ENTROPY, reserved=8192, kind=kind, time=TIME, **said)
    return lay_out(PdfReader(given), parameters)


def sign(given=PLAIN, **said) -> Document:
    return flat(signer.filled(laid_out(given, **said)))


def stamp(given) -> Document:
    return flat(signer.filled_with_token(laid_out(given, SignatureKind.DOCUMENT_TIMESTAMP)))


def with_store(given) -> Document:
    new = next_reference(given)
    store = {"CRLs": [next_reference(given, 1)], "Certs": [next_reference(given, 2)]}
    certificate = stream({}, signer.certificate().der)
    return update(
        given,
        {
            CATALOGUE: {**get(given, CATALOGUE), "DSS": new},
            new: {**store, "VRI": {"ABC": {"CRL": store["CRLs"]}}},
            next_reference(given, 1): stream({}, signer.crl()),
            next_reference(given, 2): certificate,
        },
    )


def edited(given: Document, old: bytes, new: bytes) -> Document:
    data = given.read()
    assert data.count(old) == 1
    assert len(old) == len(new)
    return document(data.replace(old, new))


SIGNED = sign()


def test_no_signature():
    assert parse(PLAIN) == ()


def test_a_baseline_signature():
    (found,) = parse(sign(name="山田", reason="approval", location="Tokyo"))
    assert found.format is SignatureFormat.PADES
    assert found.integrity is True
    assert found.level is Level.B_B
    assert found.name == "Signature1"
    assert found.claimed_signing_time == TIME
    assert found.claims == (("Name", "山田"), ("Reason", "approval"), ("Location", "Tokyo"))
    assert found.signing_certificate == signer.certificate()
    assert found.certificate_reference.matches
    assert found.covers_whole_document
    assert (found.structure, found.level_failings, found.changes) == ((), (), ())


def test_every_signature_in_the_order_they_were_made():
    found = parse(sign(sign(sign())))
    assert [s.name for s in found] == ["Signature1", "Signature2", "Signature3"]
    assert [s.covers_whole_document for s in found] == [False, False, True]
    assert [s.integrity for s in found] == [True, True, True]
    assert [len(s.changes) for s in found] == [2, 1, 0]


def test_a_changed_byte():
    (found,) = parse(edited(SIGNED, b"Pay 100", b"Pay 900"))
    assert found.integrity is False
    assert found.value_intact is True


def test_what_follows_does_not_touch_integrity():
    (found,) = parse(update(SIGNED, {CONTENT_1: stream({}, b"evil")}))
    assert found.integrity is True
    assert [c.kind for c in found.changes if not c.allowed] == [ChangeKind.CONTENT_CHANGED]


def test_time_stamp_on_the_signature():
    layout = laid_out()
    cms = signer.signed_data(layout.document.digest(DigestAlgorithm.SHA256, layout.ranges).value)
    (bare,) = parse(layout.fill(cms))
    (found,) = parse(layout.fill(signer.stamped(cms, bare.signature_value)))
    assert found.level is Level.B_T
    assert [s.imprint_intact for s in found.signature_timestamps] == [True]


def test_levels_from_store_and_document_time_stamps():
    stamped = stamp(SIGNED)
    assert [
        parse(d)[0].level for d in (SIGNED, stamped, with_store(stamped), stamp(with_store(stamped)))
    ] == [
        Level.B_B,
        Level.B_T,
        Level.B_LT,
        Level.B_LTA,
    ]


def test_the_store_goes_with_every_signature():
    (found,) = parse(with_store(SIGNED))
    assert [c.der for c in found.crls] == [signer.crl()]
    assert all(c.allowed for c in found.changes)


def test_a_store_that_was_written_over_still_counts():
    stored = with_store(SIGNED)
    (found,) = parse(update(stored, {CATALOGUE: {**get(stored, CATALOGUE), "DSS": {}}}))
    assert len(found.crls) == 1


def test_what_a_document_time_stamp_covers():
    given = stamp(with_store(stamp(SIGNED)))
    (found,) = parse(given)
    first, second = found.archive_timestamps
    assert first.kind is second.kind is TimeStampKind.DOCUMENT
    assert [s.imprint_intact for s in (first, second)] == [True, True]
    assert first.signature.name == "Signature2"
    assert found.id in first.covers & second.covers
    crl = found.crls[0].id
    assert crl not in first.covers
    assert {crl, first.id, first.signature.id, signer.certificate().id} <= second.covers
    assert [c.kind for c in first.signature.changes] == [
        ChangeKind.VALIDATION_DATA_ADDED,
        ChangeKind.TIMESTAMP_ADDED,
    ]


def test_a_time_stamp_covers_nothing_that_came_later():
    found = parse(sign(stamp(SIGNED)))
    assert [len(s.archive_timestamps) for s in found] == [1, 0]


def test_document_time_stamps_alone_are_no_signature():
    assert parse(stamp(PLAIN)) == ()


def test_a_time_stamp_of_other_bytes():
    (found,) = parse(edited(stamp(SIGNED), b"Pay 100", b"Pay 900"))
    assert found.archive_timestamps[0].imprint_intact is False


def test_a_time_stamp_that_cannot_be_read_is_told():
    layout = laid_out(SIGNED, SignatureKind.DOCUMENT_TIMESTAMP)
    (found,) = parse(layout.fill(b"\x30\x03\x02\x01\x01"))
    assert found.level is Level.B_B
    assert [r.code for r in found.level_failings] == ["CMS_TIMESTAMP_UNREADABLE"]


def _wrong(a: int, b: int, c: int, d: int) -> list[tuple[int, ...]]:
    return [
        (1, b - 1, c, d), (0, b - 1, c, d), (0, b, c + 1, d - 1), (0, b, c - 1, d + 1), (0, b, c, d - 2), (0, b, c, d + 9),
        (0, 0, c, d), (0, c, b, d), (0, b, c, 10**9), (0, b - 40, c, d), (0, 0, 0, c + d), (0, c + d, c + d, 0), (a, b, b, d),
    ]  # fmt: skip


@pytest.mark.parametrize("index", range(13))
def test_byte_ranges_that_are_not_exact(index):
    layout = laid_out()
    wrong = _wrong(*layout.byte_range)[index]
    old, new = (b"%d %-10d %-10d %-10d" % tuple(numbers) for numbers in (layout.byte_range, wrong))
    (found,) = parse(edited(sign(), old, new))
    assert found.integrity is False
    assert not found.covers_whole_document
    assert found.structure or found.references[0].intact is False


def test_negative_and_odd_byte_ranges():
    layout = laid_out()
    old = b"%d %-10d %-10d %-10d" % layout.byte_range
    for new in (b"0 -5", b"0 1 2 3 4", b"0 1 2", b"0 /A 1 2 3", b""):
        (found,) = parse(edited(sign(), old, new.ljust(len(old))))
        assert found.integrity is False, new
        assert found.structure[0].code == "PADES_BYTE_RANGE_INVALID"


def test_a_gap_with_more_than_the_contents():
    """Signature wrapping: another /Contents stands in the gap behind the one that is read."""
    layout = laid_out()
    data = signer.filled(layout).read()
    start, end = layout.byte_range[1:3]
    contents = data[start:end]
    half = contents[: len(contents) // 2 - 100] + b">"
    evil = half + b"/Evil true".ljust(len(contents) - len(half))
    (found,) = parse(document(data[:start] + evil + data[end:]))
    assert found.integrity is False
    assert [r.code for r in found.structure] == ["PADES_BYTE_RANGE_NOT_CONTENTS"]


def test_a_dictionary_that_was_replaced():
    reader = PdfReader(SIGNED)
    field = get(SIGNED, _field_of(SIGNED))
    given = {**reader.get(field["V"]), "Reason": b"another"}
    (found,) = parse(update(SIGNED, {field["V"]: given}))
    assert found.integrity is True  # the bytes are what was signed
    assert [r.code for r in found.structure] == ["PADES_DICTIONARY_REPLACED"]
    assert any(not c.allowed for c in found.changes)


def _field_of(given):
    return field_reference(given, "Signature1")


def test_two_fields_that_share_a_signature():
    field, new = get(SIGNED, _field_of(SIGNED)), next_reference(SIGNED)
    second = widget(PAGE_1, [0, 0, 0, 0], FT=Name("Sig"), T=b"Second", V=field["V"])
    form = get(SIGNED, FORM)
    (found,) = parse(update(SIGNED, {new: second, FORM: {**form, "Fields": [*form["Fields"], new]}}))
    assert any(not c.allowed for c in found.changes)


def test_content_of_its_own_is_not_the_document():
    content = b"something else"
    cms = signer.signed_data(DigestAlgorithm.SHA256.digest(content), content=content)
    (found,) = parse(laid_out().fill(cms))
    assert found.integrity is False
    assert "PADES_CONTENT_INSIDE" in [r.code for r in found.structure]


def as_kind(layout, kind: bytes):
    """The layout under another /SubFilter of at most the same length."""
    old, new = b"/ETSI.CAdES.detached", b"/" + kind
    data = layout.document.read()
    return replace(layout, document=Document(document(data.replace(old, new.ljust(len(old)))).source))


def fill(layout, value: bytes) -> Document:
    start, end = layout.byte_range[1:3]
    data = layout.document.read()
    return document(
        data[:start] + b"<" + value.hex().encode().ljust(end - start - 2, b"0") + b">" + data[end:]
    )


def test_pkcs7_detached():
    layout = as_kind(laid_out(), b"adbe.pkcs7.detached")
    (found,) = parse(
        fill(layout, signer.signed_data(layout.document.digest(DigestAlgorithm.SHA256, layout.ranges).value))
    )
    assert found.format is SignatureFormat.PDF_PKCS7
    assert found.integrity is True
    assert found.level is None
    assert [r.code for r in found.level_failings] == ["PADES_SUBFILTER_NOT_PADES"]


@pytest.mark.parametrize("right", [True, False])
def test_pkcs7_sha1(right):
    layout = as_kind(laid_out(), b"adbe.pkcs7.sha1")
    content = layout.document.digest(DigestAlgorithm.SHA1, layout.ranges).value if right else bytes(20)
    cms = signer.signed_data(DigestAlgorithm.SHA256.digest(content), content=content)
    (found,) = parse(fill(layout, cms))
    assert found.integrity is right
    assert [r.name for r in found.references] == ["message-digest", "ByteRange"]


def test_pkcs7_sha1_without_the_digest():
    layout = as_kind(laid_out(), b"adbe.pkcs7.sha1")
    digest = layout.document.digest(DigestAlgorithm.SHA256, layout.ranges).value
    assert parse(fill(layout, signer.signed_data(digest)))[0].integrity is False


def test_a_bare_rsa_value():
    layout = as_kind(laid_out(contact_info="c" * 2000), b"adbe.x509.rsa_sha1")
    _, certificate = signer.bare_rsa(b"", signer.rsa_key())
    hidden = b"(" + b"c" * 2000 + b")"
    cert = b"<%b>" % certificate.hex().encode()
    data = layout.document.read().replace(b"/ContactInfo" + hidden, (b"/Cert" + cert).ljust(len(hidden) + 12))
    layout = replace(layout, document=document(data))
    for key, right in ((signer.rsa_key(), True), (signer.rsa_key(2), False)):
        value, _ = signer.bare_rsa(b"".join(layout.document.chunks(layout.ranges)), key)
        (found,) = parse(fill(layout, der.octets(value)))
        assert found.integrity is right
    assert found.signature_oid == "1.2.840.113549.1.1.1"
    assert found.signing_certificate is not None


def test_an_unknown_kind():
    layout = as_kind(laid_out(), b"Own.Kind")
    digest = layout.document.digest(DigestAlgorithm.SHA256, layout.ranges).value
    (found,) = parse(fill(layout, signer.signed_data(digest)))
    assert [r.code for r in found.structure] == ["PADES_SUBFILTER_UNKNOWN"]


def test_a_value_that_cannot_be_read():
    (found,) = parse(laid_out().fill(b"\x30\x03\x02\x01\x01"))
    assert found.integrity is None
    assert [r.code for r in found.structure] == ["PADES_VALUE_UNREADABLE"]


def test_a_value_padded_with_more_than_zeros():
    layout = laid_out()
    cms = signer.signed_data(layout.document.digest(DigestAlgorithm.SHA256, layout.ranges).value)
    (found,) = parse(layout.fill(cms + b"\x01"))
    assert found.integrity is True
    assert "CMS_TRAILING_BYTES" in [r.code for r in found.level_failings]


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        (
            (attributes.attribute(oids.SIGNING_TIME, b"\x17\x0d260401000000Z"),),
            "PADES_SIGNING_TIME_ATTRIBUTE",
        ),
    ],
)
def test_attributes_that_keep_a_signature_from_baseline(extra, code):
    (found,) = parse(flat(signer.filled(laid_out(), extra=extra)))
    assert found.level is None
    assert [r.code for r in found.level_failings] == [code]
    assert found.claimed_signing_time == TIME
    assert found.integrity is True


def test_no_claimed_time():
    layout = lay_out(PdfReader(PLAIN), SignatureFieldParameters(ENTROPY))
    (found,) = parse(flat(signer.filled(layout)))
    assert found.level is None
    assert [r.code for r in found.level_failings] == ["PADES_CLAIMED_TIME_MISSING"]


def test_every_reason_can_be_explained():
    damaged = [
        edited(SIGNED, b"Pay 100", b"Pay 900"), laid_out().fill(b"\x30\x00"), update(SIGNED, {CONTENT_1: stream({}, b"")}),
    ]  # fmt: skip
    for given in damaged:
        for found in parse(given):
            for each in (*found.structure, *found.level_failings):
                assert all((each.explain("ja"), each.remedy("en")))


def test_what_is_no_pdf():
    with pytest.raises(NotAPdf):
        parse(document(b"GIF89a"))


def test_a_whole_file_with_a_damaged_update():
    later = update(SIGNED, {INFO: {"ModDate": b"D:2026"}}).read()
    section = later.rindex(b"xref\n", 0, later.rindex(b"startxref"))
    broken = document(later[:section] + b"XXXX" + later[section + 4 :])
    (found,) = parse(broken)
    assert found.integrity is True
    assert not found.covers_whole_document
    assert [(c.kind, c.allowed) for c in found.changes] == [(ChangeKind.UNEXPLAINED_BYTES, False)]
    (rebuilt,) = parse(broken, RebuiltPdf)
    assert rebuilt.integrity is True
    assert not all(c.allowed for c in rebuilt.changes)


def test_a_damaged_file_without_a_whole_part():
    data = SIGNED.read()
    broken = document(data.replace(b"\nxref\n", b"\nxxxx\n"))
    with pytest.raises(MalformedPdf):
        parse(broken)
    (found,) = parse(broken, RebuiltPdf)
    assert found.integrity is False


def test_a_damaged_file_that_was_signed_as_it_is():
    plain = document(PLAIN.read().replace(b"xref\n0 28", b"xrxx\n0 28"))
    layout = lay_out(RebuiltPdf(plain), SignatureFieldParameters(ENTROPY, time=TIME))
    (found,) = parse(flat(signer.filled(layout)), RebuiltPdf)
    assert found.integrity is True
    assert found.covers_whole_document
    assert (found.structure, found.changes) == ((), ())


@dataclass
class Counted:
    """A source that notes the largest piece that was asked of it."""

    data: bytes
    largest: int = field(default=0)

    @property
    def size(self) -> int:
        return len(self.data)

    def read_at(self, offset: int, length: int) -> bytes:
        self.largest = max(self.largest, length)
        return self.data[offset : offset + length]


def test_a_large_file_is_read_in_pieces():
    given = objects()
    given[CONTENT_1] = stream({}, bytes(8 * CHUNK))
    source = Counted(sign(sign(written(given))).read())
    found = parse(Document(source))
    assert [s.integrity for s in found] == [True, True]
    assert source.largest <= 2 * CHUNK
