"""ASiCManifest and ASiCArchiveManifest (EN 319 162-1 annex A.4, A.7): which files a signature or time-stamp covers."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from xml.parsers import expat

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.formats.asic.declined import MalformedManifest

LARGEST = 4 << 20
_MOST_REFERENCES = 10_000
NAMESPACE = "http://uri.etsi.org/02918/v1.2.1#"
_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_NAMESPACES = re.compile(r"http://uri\.etsi\.org/0?2918/v1\.\d\.\d#")
_ENCODINGS = re.compile(r"utf-(8|16)|(us-)?ascii|iso-8859-\d{1,2}|windows-125\d", re.IGNORECASE)
"""Any other name would be looked up among Python's own codecs, some of which are none of text."""
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")

_URIS = {
    DigestAlgorithm.MD5: "http://www.w3.org/2001/04/xmldsig-more#md5",
    DigestAlgorithm.SHA1: "http://www.w3.org/2000/09/xmldsig#sha1",
    DigestAlgorithm.SHA224: "http://www.w3.org/2001/04/xmldsig-more#sha224",
    DigestAlgorithm.SHA256: "http://www.w3.org/2001/04/xmlenc#sha256",
    DigestAlgorithm.SHA384: "http://www.w3.org/2001/04/xmldsig-more#sha384",
    DigestAlgorithm.SHA512: "http://www.w3.org/2001/04/xmlenc#sha512",
    DigestAlgorithm.SHA3_224: "http://www.w3.org/2007/05/xmldsig-more#sha3-224",
    DigestAlgorithm.SHA3_256: "http://www.w3.org/2007/05/xmldsig-more#sha3-256",
    DigestAlgorithm.SHA3_384: "http://www.w3.org/2007/05/xmldsig-more#sha3-384",
    DigestAlgorithm.SHA3_512: "http://www.w3.org/2007/05/xmldsig-more#sha3-512",
    DigestAlgorithm.RIPEMD160: "http://www.w3.org/2001/04/xmlenc#ripemd160",
}
_ALGORITHMS = {uri: algorithm for algorithm, uri in _URIS.items()}


@dataclass(frozen=True, slots=True)
class DataObjectReference:
    """A file with its digest; `digest` is None where the algorithm is unknown. `root` marks the manifest before this one."""

    name: str
    digest: Digest | None
    media_type: str = ""
    root: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says: the signature or time-stamp file that is over it, and the files that it lists."""

    signature: str
    references: tuple[DataObjectReference, ...]


def xml_digest(algorithm: DigestAlgorithm) -> DigestAlgorithm:
    """The algorithm itself where XML has a name for it, else SHA-512."""
    return algorithm if algorithm in _URIS else DigestAlgorithm.SHA512


def write_manifest(signature: str, media_type: str, references: Iterable[DataObjectReference]) -> bytes:
    """The manifest that the signature or time-stamp of that name will be over. Every reference has its digest."""
    parts = [
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n',
        f'<asic:ASiCManifest xmlns:asic="{NAMESPACE}" xmlns:ds="{_DSIG}">',
        f'<asic:SigReference MimeType="{escape(media_type)}" URI="{to_uri(signature)}"/>',
    ]
    for each in references:
        if each.digest is None:
            raise ValueError(f"{each.name} has no digest")
        kind = f' MimeType="{escape(each.media_type)}"' if each.media_type else ""
        root = ' Rootfile="true"' if each.root else ""
        value = binascii.b2a_base64(each.digest.value, newline=False).decode("ascii")
        parts.append(
            f'<asic:DataObjectReference{kind}{root} URI="{to_uri(each.name)}">'
            f'<ds:DigestMethod Algorithm="{_URIS[each.digest.algorithm]}"/>'
            f"<ds:DigestValue>{value}</ds:DigestValue></asic:DataObjectReference>"
        )
    parts.append("</asic:ASiCManifest>")
    return "".join(parts).encode()


def to_uri(name: str) -> str:
    """A file's name as a relative URI (RFC 3986 §2.1)."""
    return "".join(chr(octet) if octet in _UNRESERVED else f"%{octet:02X}" for octet in name.encode())


def from_uri(uri: str) -> str:
    """The file name that a relative URI stands for."""
    octets = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found[1].decode()), uri.encode())
    return octets.decode("utf-8", "replace").removeprefix("./").removeprefix("/")


def read_manifest(data: bytes, name: str = "") -> Manifest:
    """Read a manifest; raises `MalformedManifest`, also for one with a document type: no entity is ever resolved."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.XmlDeclHandler = reader.declare
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(data, True)  # noqa: FBT003  expat's own signature
    except (expat.ExpatError, ValueError, LookupError) as error:  # LookupError: iso-8859-99
        raise MalformedManifest(name=name, detail=str(error)) from error
    if reader.signature is None:
        raise MalformedManifest(name=name, detail="it names no signature")
    if len({each.name for each in reader.references}) != len(reader.references):
        raise MalformedManifest(name=name, detail="it lists a file twice")
    return Manifest(reader.signature, tuple(reader.references))


class _Reader:
    """Collects a manifest's parts as expat meets them; ValueError for what is none."""

    def __init__(self) -> None:
        self.signature: str | None = None
        self.references: list[DataObjectReference] = []
        self._path: list[str] = []
        self._open: dict[str, str] | None = None
        self._algorithm = ""
        self._value: list[str] = []

    def declare(self, _version: str, encoding: str | None, _standalone: int) -> None:
        """The XML declaration."""
        if encoding is not None and not _ENCODINGS.fullmatch(encoding):
            raise ValueError(f"its encoding is {encoding[:40]}")

    def refuse(self, *_: object) -> None:
        """A document type."""
        raise ValueError("it has a document type")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        namespace, _, local = tag.rpartition(" ")
        path = [*self._path, local]
        self._path.append(local)
        if len(path) == 1 and (local != "ASiCManifest" or not _NAMESPACES.fullmatch(namespace)):
            raise ValueError("it is no ASiCManifest")
        if path == ["ASiCManifest", "SigReference"]:
            if self.signature is not None:
                raise ValueError("it names two signatures")
            self.signature = from_uri(attributes.get("URI", ""))
        elif path == ["ASiCManifest", "DataObjectReference"]:
            if len(self.references) >= _MOST_REFERENCES:
                raise ValueError("it lists too many files")
            self._open, self._algorithm, self._value = attributes, "", []
        elif path == ["ASiCManifest", "DataObjectReference", "DigestMethod"] and namespace == _DSIG:
            self._algorithm = attributes.get("Algorithm", "")

    def text(self, data: str) -> None:
        """Character data."""
        if self._path == ["ASiCManifest", "DataObjectReference", "DigestValue"]:
            self._value.append(data)

    def end(self, _: str) -> None:
        """An element ends."""
        path = tuple(self._path)
        self._path.pop()
        if path != ("ASiCManifest", "DataObjectReference") or self._open is None:
            return
        algorithm = _ALGORITHMS.get(self._algorithm)
        value = binascii.a2b_base64("".join("".join(self._value).split()), strict_mode=True)
        self.references.append(
            DataObjectReference(
                from_uri(self._open.get("URI", "")),
                Digest(algorithm, value) if algorithm else None,
                self._open.get("MimeType", ""),
                self._open.get("Rootfile", "") in {"true", "1"},
            )
        )
        self._open = None
