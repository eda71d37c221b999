"""What kind of document some bytes are, as a media type."""

from __future__ import annotations

import re

_BY_ENDING = {
    ".pdf": "application/pdf",
    ".xml": "application/xml",
    ".xades": "application/xml",
    ".json": "application/json",
    ".jws": "application/jose",
    ".jose": "application/jose",
    ".jwt": "application/jwt",
    ".jades": "application/jose+json",
    ".asics": "application/vnd.etsi.asic-s+zip",
    ".scs": "application/vnd.etsi.asic-s+zip",
    ".asice": "application/vnd.etsi.asic-e+zip",
    ".sce": "application/vnd.etsi.asic-e+zip",
    ".bdoc": "application/vnd.etsi.asic-e+zip",
    ".zip": "application/zip",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".p7m": "application/pkcs7-mime",
    ".p7s": "application/pkcs7-signature",
    ".p7b": "application/pkcs7-mime",
    ".tsq": "application/timestamp-query",
    ".tsr": "application/timestamp-reply",
    ".tst": "application/vnd.etsi.timestamp-token",
    ".ers": "application/x-evidence-record",
    ".er": "application/x-evidence-record",
    ".cer": "application/pkix-cert",
    ".crt": "application/pkix-cert",
    ".crl": "application/pkix-crl",
    ".svg": "image/svg+xml",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".html": "text/html",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
_XML_BASED = {"image/svg+xml", "application/xhtml+xml", "text/html"}
_MIMETYPE_ENTRY = b"mimetype"
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
"""The content type of a CMS signature (RFC 5652 §5.1), with which its file begins."""
_SIGNED_DATA_TYPES = {
    "application/pkcs7-signature",
    "application/vnd.etsi.timestamp-token",
    "application/timestamp-reply",
    "application/x-evidence-record",
}

_COMPACT_JWS = re.compile(rb"\s*eyJ[\w-]+(\.|\Z)", re.ASCII)
"""A header in base64url, which begins with a brace and a quotation mark (RFC 7515 §7.1)."""
_JSON_JWS = re.compile(rb'\s*\{\s*"(payload|protected|signature|signatures)"\s*:')


def media_type_of(head: bytes, name: str) -> str:
    """The media type of a file from its first 1,024 bytes, else from the end of its name.

    A PDF header may stand anywhere in the first 1,024 bytes (ISO 32000-1 Annex H.3, note 13). A ZIP container names its
    own type in an uncompressed first entry `mimetype` (EN 319 162-1 §A.1). A CMS signature begins with its content type.
    """
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    by_name = _BY_ENDING.get(ending, "application/octet-stream")
    container = _zip_type(head) if head.startswith(b"PK\x03\x04") else None
    if container:  # before a PDF is looked for: it may hold one
        return container
    if head[:1] == b"0" and _SIGNED_DATA in head[:20]:
        return by_name if by_name in _SIGNED_DATA_TYPES else "application/pkcs7-mime"
    if b"%PDF-" in head:
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return by_name if ending in _BY_ENDING else "application/zip"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if _is_xml(head):
        return by_name if by_name in _XML_BASED else "application/xml"
    if by_name == "application/octet-stream":
        return _jws_type(head) or by_name
    return by_name


def _jws_type(head: bytes) -> str | None:
    """The type of a JSON Web Signature under a name that tells nothing (RFC 7515 §9.2.1)."""
    if _COMPACT_JWS.match(head):
        return "application/jose"
    return "application/jose+json" if _JSON_JWS.match(head) else None


def _is_xml(head: bytes) -> bool:
    """Whether an XML declaration stands there, in UTF-8 or in UTF-16 (XML 1.0 appendix F)."""
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml"):
        return True
    return any(
        head.startswith("<?xml".encode(encoding)) for encoding in ("utf-16", "utf-16-le", "utf-16-be")
    ) or (head.startswith(b"\xfe\xff" + "<?xml".encode("utf-16-be")))


def _zip_type(head: bytes) -> str | None:
    """The content of an uncompressed first entry `mimetype`, by the local file header (APPNOTE.TXT §4.3.7)."""
    size = int.from_bytes(head[18:22], "little")
    name_length = int.from_bytes(head[26:28], "little")
    extra_length = int.from_bytes(head[28:30], "little")
    stored = head[8:10] == b"\x00\x00"
    if not stored or head[30 : 30 + name_length] != _MIMETYPE_ENTRY:
        return None
    start = 30 + name_length + extra_length
    value = head[start : start + size].strip()
    return value.decode("ascii") if value and value.isascii() and b"/" in value else None
