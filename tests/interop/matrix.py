"""Every cell of forms × levels × keys, signed once, with its twins, as judges are asked about it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from shirushi.codecs.jose.jws import Serialization
from shirushi.codecs.jose.text import encode_base64url
from shirushi.codecs.zip.reader import read_archive
from shirushi.codecs.zip.writer import KeptEntry, NewEntry, write_archive
from shirushi.core.algorithms import DigestAlgorithm, KeyType, Scheme, SignatureAlgorithm
from shirushi.core.document import Document, document
from shirushi.core.evidence import Level
from shirushi.formats.asic.container import AsicKind
from shirushi.formats.asic.format import AsicCades
from shirushi.formats.asic.xades_format import AsicXades
from shirushi.formats.cades.format import Cades
from shirushi.formats.jades.format import Jades
from shirushi.formats.pades.format import Pades
from shirushi.formats.protocol import Format, Packaging, SignatureParameters
from shirushi.formats.xades.format import Xades
from tests.interop.dss_judge import DssRequest
from tests.interop.ours import altered as altered_pdf
from tests.unit.formats_cades.world import DAY, ED25519, Entity, World
from tests.unit.formats_cms.keys import private_key
from tests.unit.formats_xades.bench import INVOICE

HOUR = DAY / 24
KEYS = ("P-256", "RSA-3072-PSS", "Ed25519")
PSS = SignatureAlgorithm(Scheme.RSA_PSS, DigestAlgorithm.SHA256, 32)
JUDGED_AFTER = {Level.B_B: 3 * HOUR, Level.B_T: 3 * HOUR, Level.B_LT: 11 * DAY, Level.B_LTA: 100 * DAY}
"""The signer's certificate lasts ten days, that of the first time-stamp unit twelve."""
TEXT = document("契約書 contract".encode() * 40, "contract.txt", "text/plain")
XML = document(INVOICE, "invoice.xml", "application/xml")
PDF = document(
    (Path(__file__).parents[2] / "src/shirushi/demo/documents/contract.pdf").read_bytes(),
    "contract.pdf",
    "application/pdf",
)
Altered = tuple[bytes, dict[str, bytes]]


@dataclass(frozen=True)
class Form:
    """A way to sign: what, how, how DSS calls it, and how one signed byte of the result is changed."""

    family: str
    format: Format
    given: Document
    alter: Callable[[Document], bytes] | None
    """None where the content is outside: that is changed then."""
    packaging: Packaging | None = None
    named: str = ""
    """The content's name under which it is detached."""
    through_manifest: bool = False
    """Whether the value is over a manifest, which stays intact where a file that it lists does not."""
    contents: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def detached(self) -> list[Document]:
        return [self.given] if self.contents else []


def _in_container(made: Document) -> bytes:
    """The signed file stored anew with another byte, so that the archive itself stays whole."""
    archive = read_archive(made)
    entry = archive.find("contract.txt")
    assert entry is not None
    changed = document(bytes((TEXT.read()[0] ^ 1,)) + TEXT.read()[1:])
    entries = [
        NewEntry("contract.txt", changed) if each is entry else KeptEntry(archive, each)
        for each in archive.entries
    ]
    return write_archive(entries, made.name, made.media_type).read()


def _in_cms(made: Document) -> bytes:
    data = bytearray(made.read())
    data[data.index(TEXT.read()) + 5] ^= 1
    return bytes(data)


def _in_xml(made: Document) -> bytes:
    data = made.read()
    assert data.count(b"110 &lt;") == 1
    return data.replace(b"110 &lt;", b"910 &lt;")


def _in_object(made: Document) -> bytes:
    data = made.read()
    place = data.index(b"<ds:Object Encoding") + 200
    return data[:place] + (b"A" if data[place : place + 1] != b"A" else b"B") + data[place + 1 :]


def _in_payload(made: Document) -> bytes:
    data, payload = made.read(), encode_base64url(TEXT.read()).encode()
    assert data.count(payload) == 1
    return data.replace(payload, b"B" + payload[1:])


_TEXT_BESIDE = {"contract.txt": TEXT.read()}
_XML_BESIDE = {"invoice.xml": INVOICE}
FORMS: dict[str, Form] = {
    "PAdES": Form("PAdES", Pades(), PDF, lambda made: altered_pdf(made.read())),
    "CAdES enveloping": Form("CAdES", Cades(), TEXT, _in_cms, Packaging.ENVELOPING),
    "CAdES detached": Form("CAdES", Cades(), TEXT, None, Packaging.DETACHED, contents=_TEXT_BESIDE),
    "XAdES enveloped": Form("XAdES", Xades(), XML, _in_xml, Packaging.ENVELOPED),
    "XAdES enveloped alone": Form("XAdES", Xades(), XML, _in_xml, Packaging.ENVELOPED_ALONE),
    "XAdES enveloping": Form("XAdES", Xades(), XML, _in_object, Packaging.ENVELOPING),
    "XAdES detached": Form("XAdES", Xades(), XML, None, Packaging.DETACHED, contents=_XML_BESIDE),
    "JAdES compact": Form("JAdES", Jades(Serialization.COMPACT), TEXT, _in_payload),
    "JAdES flattened": Form("JAdES", Jades(Serialization.FLATTENED), TEXT, _in_payload),
    "JAdES general": Form("JAdES", Jades(Serialization.GENERAL), TEXT, _in_payload),
    "JAdES detached": Form("JAdES", Jades(), TEXT, None, Packaging.DETACHED, contents=_TEXT_BESIDE),
    "ASiC-S CAdES": Form("CAdES", AsicCades(AsicKind.S), TEXT, _in_container),
    "ASiC-E CAdES": Form("CAdES", AsicCades(AsicKind.E), TEXT, _in_container, through_manifest=True),
    "ASiC-S XAdES": Form("XAdES", AsicXades(AsicKind.S), TEXT, _in_container),
    "ASiC-E XAdES": Form("XAdES", AsicXades(AsicKind.E), TEXT, _in_container),
}


def every_cell(forms: Iterable[str] = FORMS, keys: Sequence[str] = KEYS) -> pytest.MarkDecorator:
    """Runs a test for each cell: with one kind of key for each form and level, with the others as a long proof."""
    found = [
        pytest.param(
            name,
            key,
            level,
            id=f"{name}-{key}-{level.value}",
            marks=() if (row + column) % len(keys) == depth else pytest.mark.long,
        )
        for row, name in enumerate(forms)
        for column, level in enumerate(Level)
        for depth, key in enumerate(keys)
    ]
    return pytest.mark.parametrize(("name", "key", "level"), found)


@cache
def world() -> World:
    return World(curves=True)


@cache
def signer(key: str) -> Entity:
    own = world()
    if key == "P-256":
        return own.alice
    if key == "Ed25519":
        return own.entity("Ed", own.issuing, key=private_key(KeyType.ED25519), algorithm=ED25519)
    return own.entity("Rsa", own.issuing, key=rsa.generate_private_key(65537, 3072), algorithm=PSS)


@cache
def signed(name: str, key: str, level: Level) -> Document:
    """The cell, with a content time-stamp; every level is raised from the same B-B."""
    form = FORMS[name]
    if level is Level.B_B:
        said = SignatureParameters(packaging=form.packaging)
        return world().sign(form.format, form.given, signer(key), said, content_timestamp=True)
    return world().raise_to(form.format, signed(name, key, Level.B_B), level, contents=form.detached)


def altered(name: str, made: Document) -> Altered:
    """The cell with one byte changed of what is signed, and what is beside it."""
    form = FORMS[name]
    if form.alter:
        return form.alter(made), {}
    ((file, content),) = form.contents.items()
    return made.read(), {file: bytes((content[0] ^ 1,)) + content[1:]}


def request(
    made: Document,
    level: Level,
    key: str,
    *,
    data: bytes | None = None,
    contents: Mapping[str, bytes],
    root: Entity | None = None,
) -> DssRequest:
    """B-LT is judged by what it carries alone, after the signer has expired; B-LTA after the first unit has as well.

    At B-LTA the judge has fresh lists for the last time-stamp unit.
    """
    own = world()
    at = own.start + JUDGED_AFTER[level]
    lists = [] if level is Level.B_LT else [own.crl(own.root, at - HOUR), own.crl(own.issuing, at - HOUR)]
    name = "signature.xml" if made.media_type.endswith("xml") else re.sub(r"[^\w.]", "_", made.name)
    return DssRequest(
        made.read() if data is None else data,
        [(root or own.root).pem],
        crls=lists,
        contents=dict(contents),
        at=at,
        name=name,
        eddsa=key == "Ed25519",
    )


def requests(name: str, key: str, level: Level) -> tuple[DssRequest, DssRequest, DssRequest]:
    """The cell, its twin with one byte changed, and its twin without an anchor."""
    made, form = signed(name, key, level), FORMS[name]
    data, beside = altered(name, made)
    return (
        request(made, level, key, contents=form.contents),
        request(made, level, key, data=data, contents=beside),
        request(made, level, key, contents=form.contents, root=world().other_root),
    )
