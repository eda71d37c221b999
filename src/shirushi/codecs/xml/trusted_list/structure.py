"""What the version that a list states forbids in it, beyond what reading it demands."""

from __future__ import annotations

from shirushi.codecs.xml.reader import XmlDocument
from shirushi.codecs.xml.trusted_list.names import tsl
from shirushi.core.reason import Reason, reason
from shirushi.core.trusted_list import TrustedList


def structure_faults(document: XmlDocument, trusted_list: TrustedList) -> tuple[Reason, ...]:
    """Typed supply points came with version 6 (ETSI TS 119 612 v2.4.1 §5.5.7): in an older list they are not its schema's."""
    if trusted_list.version >= 6:
        return ()
    typed = any("type" in each.attrib for each in document.root.iter(tsl("ServiceSupplyPoint")))
    return (reason("LIST_STRUCTURE", detail="ServiceSupplyPoint/@type"),) if typed else ()
