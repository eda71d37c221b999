"""Namespaces and their elements' names, as lxml writes them."""

from __future__ import annotations

XML = "http://www.w3.org/XML/1998/namespace"
DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
FILTER2 = "http://www.w3.org/2002/06/xmldsig-filter2"
PSS = "http://www.w3.org/2007/05/xmldsig-more#"
XADES_111 = "http://uri.etsi.org/01903/v1.1.1#"
XADES_122 = "http://uri.etsi.org/01903/v1.2.2#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
XADES_141 = "http://uri.etsi.org/01903/v1.4.1#"


def ds(name: str) -> str:
    """An element of XMLDSig."""
    return f"{{{DS}}}{name}"


def xades(name: str) -> str:
    """An element of XAdES."""
    return f"{{{XADES}}}{name}"


def xades_141(name: str) -> str:
    """An element of XAdES that came with 1.4.1."""
    return f"{{{XADES_141}}}{name}"
