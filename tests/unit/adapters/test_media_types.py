from __future__ import annotations

import io
import zipfile

import pytest

from shirushi.adapters.media_types import media_type_of


def asic(mimetype: str, compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr("a.txt", "content")
    return buffer.getvalue()


CMS = bytes.fromhex("3082123406092a864886f70d010702a0821223")


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"%PDF-1.4", "x", "application/pdf"),
        (b"junk\n%PDF-1.4", "x.txt", "application/pdf"),
        (b"", "empty.pdf", "application/pdf"),
        (b"", "", "application/octet-stream"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "x", "application/xml"),
        ("<?xml version='1.0'?>".encode("utf-16"), "x", "application/xml"),
        (b"\xfe\xff" + "<?xml version='1.0'?>".encode("utf-16-be"), "x.txt", "application/xml"),
        ("<?xml version='1.0'?>".encode("utf-16-le"), "x", "application/xml"),
        (b"<a/>", "x.xml", "application/xml"),
        (b"<a/>", "contract.pdf.xades", "application/xml"),
        (b"<?xml version='1.0'?><svg/>", "mark.svg", "image/svg+xml"),
        (b"\x89PNG\r\n\x1a\n", "x", "image/png"),
        (b"\xff\xd8\xff\xe0", "x", "image/jpeg"),
        (b"\x30\x82", "A.TSR", "application/timestamp-reply"),
        (b"0", "noending", "application/octet-stream"),
        (asic("application/vnd.etsi.asic-e+zip"), "x", "application/vnd.etsi.asic-e+zip"),
        (asic("application/vnd.etsi.asic-e+zip", zipfile.ZIP_DEFLATED), "x", "application/zip"),
        (asic("not a type"), "x.zip", "application/zip"),
        (asic("application/vnd.etsi.asic-e+zip") + b"%PDF-1.7", "x.pdf", "application/vnd.etsi.asic-e+zip"),
        (CMS + b"%PDF-1.7", "contract.pdf", "application/pkcs7-mime"),
        (CMS, "contract.pdf.p7s", "application/pkcs7-signature"),
        (CMS, "token.tst", "application/vnd.etsi.timestamp-token"),
        (bytes.fromhex("308006092a864886f70d010702"), "x.cades", "application/pkcs7-mime"),
        (b"PK\x03\x04", "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_media_type(head: bytes, name: str, expected: str) -> None:
    assert media_type_of(head[:1024], name) == expected
