"""META-INF/manifest.xml: the container's files and their media types (EN 319 162-1 annex A.3, OpenDocument 1.2 part 3 §4)."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from shirushi.codecs.xml.reader import parse_xml

RELATIONS = "META-INF/manifest.xml"
_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_UNKNOWN = "application/octet-stream"


def write_relations(container: str, files: Mapping[str, str]) -> bytes:
    """The manifest of a container of that media type; `files` are names with their media types, empty where unknown."""

    def entry(path: str, media_type: str) -> str:
        return (
            f'<manifest:file-entry manifest:full-path="{escape(path)}" '
            f'manifest:media-type="{escape(media_type or _UNKNOWN)}"/>'
        )

    entries = "".join(entry(name, kind) for name, kind in files.items())
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f'<manifest:manifest xmlns:manifest="{_NAMESPACE}" manifest:version="1.2">'
        f"{entry('/', container)}{entries}</manifest:manifest>"
    ).encode()


def read_relations(data: bytes) -> dict[str, str]:
    """The media types that a manifest names, by file; raises what `parse_xml` raises."""
    return {
        each.get(f"{{{_NAMESPACE}}}full-path", ""): each.get(f"{{{_NAMESPACE}}}media-type", "")
        for each in parse_xml(data).root.iter(f"{{{_NAMESPACE}}}file-entry")
    }
