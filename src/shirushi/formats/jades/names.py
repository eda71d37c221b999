"""The header parameters that stand in a JAdES signature, by what is done about them."""

from __future__ import annotations

REGISTERED = frozenset(
    {"alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"}
    | {"epk", "apu", "apv", "iv", "tag", "p2s", "p2c", "enc", "zip"}
)
"""What RFC 7515 and RFC 7518 define, and `crit` must therefore not name (RFC 7515 §4.1.11)."""

OF_JADES = frozenset(
    {"iat", "sigT", "x5t#o", "sigX5ts", "srCms", "sigPl", "srAts", "adoTst", "sigPId", "sigD"}
)
"""What TS 119 182-1 §5.2 adds to the protected header."""

PROTECTED = (REGISTERED | OF_JADES | {"b64"}) - {"kid", "typ", "cty"}
"""What counts for nothing in the unprotected header, where anyone may write."""

UNDERSTOOD = OF_JADES | {"b64", "etsiU"}
"""What `crit` may name here."""

MUST_BE_CRITICAL = ("b64", "sigD")
"""What changes the meaning of the payload (RFC 7797 §6, TS 119 182-1 §5.1.9)."""

CERTIFICATE_REFERENCES = ("x5t#S256", "x5t#o", "sigX5ts")

BY_URI = "http://uri.etsi.org/19182/ObjectIdByURI"
BY_URI_HASH = "http://uri.etsi.org/19182/ObjectIdByURIHash"
HTTP_HEADERS = "http://uri.etsi.org/19182/HttpHeaders"
