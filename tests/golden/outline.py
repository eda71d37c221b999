"""The structure of signed documents in lines of text, with what is long shortened to its length and digest."""

import base64
import json
import re
from collections.abc import Iterator
from hashlib import sha256

from asn1crypto import cms, core
from lxml import etree

from shirushi.codecs.zip.reader import read_archive
from shirushi.core.document import Document

_LONG = 96
_TOKEN = bytes.fromhex("06092a864886f70d010702")
"""What a SignedData begins with, behind its own tag and length."""
_PREFIXES = {
    "http://www.w3.org/2000/09/xmldsig#": "ds",
    "http://uri.etsi.org/01903/v1.3.2#": "xades",
    "http://uri.etsi.org/01903/v1.4.1#": "xades141",
    "http://uri.etsi.org/02918/v1.2.1#": "asic",
    "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0": "manifest",
}


def outline(document: Document) -> Iterator[str]:
    """A document of any of our forms, by what it begins with."""
    data = document.read()
    if data.startswith(b"PK"):
        yield from _container(document)
    elif data.startswith(b"%PDF"):
        yield from _pdf(data)
    else:
        yield from _plain(data)


def _plain(data: bytes) -> Iterator[str]:
    if data.startswith(b"0"):
        yield from _cms(data)
    elif data.startswith(b"<"):
        yield from _element(etree.fromstring(data), "")
    elif data.startswith(b"{"):
        yield from _json(json.loads(data), "")
    elif data.count(b".") == 2 and data.isascii():
        protected, payload, signature = data.split(b".")
        yield from _json({"protected": protected.decode()}, "")
        yield f"payload: {_short(payload)}, signature: {_short(signature)}"
    else:
        yield _short(data)


def _json(value: object, margin: str, name: str = "") -> Iterator[str]:
    """JSON by its members; what a JWS protects, and its unsigned parts (TS 119 182-1 §5.3), are opened."""
    if name in {"protected", "etsiU"} and isinstance(value, str):
        value = json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
    if isinstance(value, dict):
        yield f"{margin}{name}{{"
        for key, each in value.items():
            yield from _json(each, margin + " ", key)
    elif isinstance(value, list):
        yield f"{margin}{name}["
        for each in value:
            yield from _json(each, margin + " ", "etsiU" if name == "etsiU" else "")
    else:
        text = json.dumps(value, ensure_ascii=False)
        yield f"{margin}{name}: {text if len(text) <= _LONG else _short(text.encode())}"


def _short(data: bytes) -> str:
    return f"{len(data)} bytes {sha256(data).hexdigest()[:16]}"


def _container(document: Document) -> Iterator[str]:
    archive = read_archive(document)
    for entry in archive.entries:
        data = archive.content(entry).read_at(0, entry.size)
        yield f"{entry.name}: {_short(data)}{' stored' if entry.stored else ''}"
        if entry.name.startswith("META-INF/"):
            yield from (f"  {line}" for line in _plain(data))


def _element(element: etree._Element, margin: str) -> Iterator[str]:
    if not isinstance(element.tag, str):
        yield f"{margin}<!-- or <? {_short(etree.tostring(element, with_tail=False))}"
        return
    name = etree.QName(element)
    prefix = _PREFIXES.get(name.namespace or "", "")
    attributes = "".join(f" {etree.QName(key).localname}={value}" for key, value in element.attrib.items())
    text = (element.text or "").strip().replace("\r", "\\r").replace("\n", "\\n")
    said = f": {text if len(text) <= _LONG else _short(text.encode())}" if text else ""
    yield f"{margin}{prefix}{':' if prefix else ''}{name.localname}{attributes}{said}"
    for child in element:
        yield from _element(child, margin + " ")


def _cms(data: bytes) -> Iterator[str]:
    signed = cms.ContentInfo.load(data)["content"]
    inside = signed["encap_content_info"]
    held = "detached" if isinstance(inside["content"], core.Void) else "inside"
    yield f"SignedData version {signed['version'].native}, {inside['content_type'].dotted} {held}"
    yield f" digests: {', '.join(each['algorithm'].dotted for each in signed['digest_algorithms'])}"
    for field in ("certificates", "crls"):
        items = signed[field]
        if not isinstance(items, core.Void):
            yield f" {field}: {', '.join(sha256(each.dump()).hexdigest()[:16] for each in items)}"
    for signer in signed["signer_infos"]:
        algorithm = signer["signature_algorithm"]
        yield f" SignerInfo version {signer['version'].native} {algorithm['algorithm'].dotted}"
        for field in ("signed_attrs", "unsigned_attrs"):
            for attribute in () if isinstance(signer[field], core.Void) else signer[field]:
                kind = attribute["type"]
                for value in _values(attribute):
                    yield f"  {field.partition('_')[0]} {kind.dotted}: {_short(value)}"
                    if value.startswith(_TOKEN, 4):
                        yield from (f"   {line}" for line in _cms(value))


def _values(attribute: cms.CMSAttribute) -> Iterator[bytes]:
    """The values as they stand, whatever they are."""
    for each in core.SetOf.load(attribute["values"].dump(), spec=core.Any):
        yield each.dump()


def _pdf(data: bytes) -> Iterator[str]:
    """What was appended behind the first revision, its binary parts shortened."""
    tail = data[data.index(b"%%EOF") + 6 :]
    for part in re.split(rb"(/Contents ?<[0-9A-Fa-f]+>)", tail):
        if part.startswith(b"/Contents"):
            encoded = part[part.index(b"<") + 1 : -1]
            value = bytes.fromhex(encoded.decode())
            yield f"/Contents with space for {len(value)} bytes"
            yield from (f"  {line}" for line in _cms(cms.ContentInfo.load(value, strict=False).dump()))
            continue
        text = re.sub(
            rb"stream\r?\n(.*?)\r?\nendstream",
            lambda found: b"stream of " + _short(found[1]).encode(),
            part,
            flags=re.DOTALL,
        )
        yield from (line for line in text.decode("latin-1").splitlines() if line.strip())
