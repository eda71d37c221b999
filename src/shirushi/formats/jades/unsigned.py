"""What stands unsigned beside a signature, in `etsiU` (TS 119 182-1 §5.3): clear, or each part in base64url."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from shirushi.codecs.jose.errors import MalformedJson
from shirushi.codecs.jose.jws import JwsSignature
from shirushi.codecs.jose.strict import parse_object
from shirushi.codecs.jose.text import decode_base64, decode_base64url, encode_base64, encode_base64url
from shirushi.codecs.jose.writing import CANONICAL, canonical_json, write_json
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import TimeStampKind
from shirushi.core.reason import Reason, reason

SIGNATURE_STAMPS = ("sigTst", "sigRTst")
ARCHIVE_STAMPS = ("arcTst", "rfsTst")
STAMPS = {
    **dict.fromkeys(SIGNATURE_STAMPS, TimeStampKind.SIGNATURE),
    **dict.fromkeys(ARCHIVE_STAMPS, TimeStampKind.ARCHIVE),
}
REFERENCES = ("xRefs", "rRefs", "axRefs", "arRefs")
COUNTER_SIGNATURE = "cSig"
_VALUES = {"xVals": "xVals", "axVals": "xVals", "rVals": "rVals", "arVals": "rVals"}
_BOTH = ("tstVD", "anyValData")
_MOST = 1_024


@dataclass(frozen=True, slots=True)
class Component:
    """One element of `etsiU`: as it stands, and its one member. `name` is empty where it cannot be read."""

    raw: Any = field(repr=False)
    name: str
    value: Any = field(repr=False)

    def octets(self, canonicalization: str | None) -> bytes:
        """What an archive time-stamp covers of it (§5.3.6.3.1); raises `MalformedJson` for an unknown canonical form.

        In base64url it is covered as it stands; in the clear, the whole element is covered in its canonical form.
        """
        if isinstance(self.raw, str):
            return self.raw.encode("utf-8")
        if canonicalization != CANONICAL:
            raise MalformedJson(detail=f"canonicalization {str(canonicalization)[:200]}")
        return canonical_json(self.raw)


def components(signature: JwsSignature) -> tuple[tuple[Component, ...], tuple[Reason, ...]]:
    """The components in their order, and what is wrong with them."""
    header = signature.header or {}
    if "etsiU" not in header:
        return (), ()
    found = header["etsiU"]
    if not isinstance(found, list) or not found or len(found) > _MOST:
        return (), (reason("JADES_PARAMETER_MALFORMED", parameter="etsiU"),)
    read = tuple(_component(each) for each in found)
    failings: list[Reason] = []
    if len({isinstance(each, str) for each in found}) > 1:
        failings.append(reason("JADES_UNSIGNED_MIXED"))
    if any(not each.name for each in read):
        failings.append(reason("JADES_PARAMETER_MALFORMED", parameter="etsiU"))
    return read, tuple(failings)


def _component(raw: Any) -> Component:
    try:
        value = parse_object(decode_base64url(raw)) if isinstance(raw, str) else raw
    except MalformedInput:
        return Component(raw, "", None)
    if not isinstance(value, dict) or len(value) != 1:
        return Component(raw, "", None)
    ((name, member),) = value.items()
    return Component(raw, name, member)


def is_clear(found: Sequence[Component]) -> bool:
    """Whether the components stand in the clear, as others beside them then must (§5.3.1)."""
    return bool(found) and isinstance(found[0].raw, dict)


def written(name: str, value: Any, *, clear: bool) -> Any:
    """A component as it is put into `etsiU`."""
    element = {name: value}
    return element if clear else encode_base64url(write_json(element))


def canonicalization_of(stamp: Component) -> str | None:
    """The `canonAlg` of a time-stamp (§5.4.3.3)."""
    return stamp.value.get("canonAlg") if isinstance(stamp.value, dict) else None


def time_stamp(token: bytes, *, canonical: bool) -> dict[str, Any]:
    """A tstContainer around a token; with `canonical`, what it covers of `etsiU` is in canonical form."""
    found: dict[str, Any] = {"canonAlg": CANONICAL} if canonical else {}
    return found | {"tstTokens": [{"val": encode_base64(token)}]}


def certificate_values(certificates: Iterable[bytes]) -> list[dict[str, Any]]:
    """The value of `xVals` (§5.3.5.1)."""
    return [{"x509Cert": {"val": encode_base64(each)}} for each in certificates]


def revocation_values(crls: Iterable[bytes], responses: Iterable[bytes]) -> dict[str, Any]:
    """The value of `rVals` (§5.3.5.2), empty where there is nothing."""
    found: dict[str, Any] = {}
    for name, values in (("crlVals", crls), ("ocspVals", responses)):
        listed = [{"val": encode_base64(each)} for each in values]
        if listed:
            found[name] = listed
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """Certificates, CRLs and OCSPResponses in DER that components carry."""

    certificates: tuple[bytes, ...] = field(default=(), repr=False)
    crls: tuple[bytes, ...] = field(default=(), repr=False)
    ocsp_responses: tuple[bytes, ...] = field(default=(), repr=False)


def held(found: Iterable[Component]) -> Held:
    """The validation material of components; what cannot be read is as good as absent."""
    certificates: list[bytes] = []
    crls: list[bytes] = []
    responses: list[bytes] = []
    for kind, value in _values(found):
        if kind == "xVals":
            certificates += _objects(value, "x509Cert")
        elif isinstance(value, dict):
            crls += _objects(value.get("crlVals"))
            responses += _objects(value.get("ocspVals"))
    return Held(tuple(certificates), tuple(crls), tuple(responses))


def _values(found: Iterable[Component]) -> Iterator[tuple[str, Any]]:
    for each in found:
        if each.name in _VALUES:
            yield _VALUES[each.name], each.value
        elif each.name in _BOTH and isinstance(each.value, dict):
            yield from ((kind, each.value[kind]) for kind in ("xVals", "rVals") if kind in each.value)


def _objects(listed: Any, member: str = "") -> Iterator[bytes]:
    """The values of a list of pkiOb (§5.4.2), or of objects that hold one as `member`."""
    for each in listed if isinstance(listed, list) else ():
        try:
            yield decode_base64((each[member] if member else each)["val"])
        except (MalformedInput, KeyError, TypeError):
            continue
