"""Namespaces of trusted lists (ETSI TS 119 612) and of the Commission's mutual-recognition extension."""

from __future__ import annotations

TSL = "http://uri.etsi.org/02231/v2#"
TSLX = "http://uri.etsi.org/02231/v2/additionaltypes#"
SIE = "http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#"
MRA = "http://ec.europa.eu/tools/lotl/mra/schema/v2#"


def tsl(name: str) -> str:
    """An element of the list's own schema."""
    return f"{{{TSL}}}{name}"


def tslx(name: str) -> str:
    """An element of the additional types."""
    return f"{{{TSLX}}}{name}"


def sie(name: str) -> str:
    """An element of the service information extensions."""
    return f"{{{SIE}}}{name}"


def mra(name: str) -> str:
    """An element of a mutual-recognition agreement."""
    return f"{{{MRA}}}{name}"
