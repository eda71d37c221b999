"""What is asked of a layout: which signature, in which field, and how it shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shirushi.codecs.pdf.geometry import Rectangle
from shirushi.core.instant import Instant
from shirushi.formats.pades.appearance import Appearance
from shirushi.formats.protocol import Certification


class SignatureKind(Enum):
    """What stands in the field: (/Type, /SubFilter)."""

    SIGNATURE = ("Sig", "ETSI.CAdES.detached")
    """A PAdES signature (EN 319 142-1 §6.3)."""
    DOCUMENT_TIMESTAMP = ("DocTimeStamp", "ETSI.RFC3161")
    """A document time-stamp (EN 319 142-1 §5.4.3)."""

    def __init__(self, type_: str, sub_filter: str) -> None:
        self.type = type_
        self.sub_filter = sub_filter
        self.head = b"<</Type/%b/Filter/Adobe.PPKLite/SubFilter/%b" % (type_.encode(), sub_filter.encode())


@dataclass(frozen=True, slots=True)
class VisibleMark:
    """How a signature shows.

    `page` counts from 1, or from the end as -1; `area` is in points from the lower left corner of the page as
    displayed. An existing field keeps the area that it has.
    """

    appearance: Appearance
    page: int
    area: Rectangle


@dataclass(frozen=True, slots=True)
class SignatureFieldParameters:
    """What to lay out.

    `entropy` are 16 random bytes; `reserved` is the space for the CMS in bytes. `field_name` names an empty field or a
    new one; None makes a new one, Signature1 or the next that is free. `time` is the claimed time, `/M`.
    """

    entropy: bytes
    reserved: int = 8192
    kind: SignatureKind = SignatureKind.SIGNATURE
    field_name: str | None = None
    time: Instant | None = None
    name: str | None = None
    reason: str | None = None
    location: str | None = None
    contact_info: str | None = None
    certification: Certification | None = None
    mark: VisibleMark | None = None
