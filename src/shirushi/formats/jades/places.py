"""Where signatures stand in a JWS: one beside another, and counter-signatures inside of what they counter-sign."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shirushi.codecs.jose.errors import JsonTooComplex
from shirushi.codecs.jose.jws import (
    MOST_SIGNATURES,
    Jws,
    JwsSignature,
    Serialization,
    members,
    read_jws,
)
from shirushi.codecs.jose.text import decode_base64url
from shirushi.core.errors import MalformedInput
from shirushi.formats.jades.declined import BreaksTimeStamp, SignatureNotFound
from shirushi.formats.jades.unsigned import COUNTER_SIGNATURE, Component, components, is_clear, written

_DEEPEST = 4
"""How deep counter-signatures of counter-signatures are looked into."""


@dataclass(frozen=True, slots=True)
class Place:
    """A signature where it stands. `path` leads to it: its index, then those of the components around it.

    `payload` is that of the JWS it is in; `countersigned` the value of the signature around it.
    """

    path: tuple[int, ...]
    payload: str | None
    signature: JwsSignature
    countersigned: bytes | None = None


def places(jws: Jws) -> Iterator[Place]:
    """Every signature in document order, counter-signatures after what they counter-sign; raises `JsonTooComplex`."""
    outermost = (Place((index,), jws.payload, each) for index, each in enumerate(jws.signatures))
    for number, place in enumerate(within for each in outermost for within in _within(each)):
        if number == MOST_SIGNATURES:
            raise JsonTooComplex(what="signatures", limit=MOST_SIGNATURES)
        yield place


def _within(place: Place) -> Iterator[Place]:
    yield place
    if len(place.path) > _DEEPEST:
        return
    try:
        value = decode_base64url(place.signature.signature)
    except MalformedInput:
        return
    for index, each in enumerate(components(place.signature)[0]):
        inner = counter_signature(each)
        if inner is not None:
            yield from _within(Place((*place.path, index), inner.payload, inner.signatures[0], value))


def counter_signature(component: Component) -> Jws | None:
    """The JWS in a `cSig`, which holds one signature (§5.3.2); None for other components, and where it cannot be read."""
    if component.name != COUNTER_SIGNATURE:
        return None
    try:
        inner = read_jws(component.value)
    except MalformedInput:
        return None
    return inner if len(inner.signatures) == 1 else None


def evidence_id(signature: JwsSignature) -> str:
    """The id of a signature in evidence; empty where its value cannot be read."""
    try:
        return hashlib.sha256(decode_base64url(signature.signature)).hexdigest()
    except MalformedInput:
        return ""


def find(jws: Jws, id_: str) -> Place:
    """The signature of that id, by default the last that counter-signs no other; raises `SignatureNotFound`."""
    found = [
        each for each in places(jws) if (evidence_id(each.signature) == id_ if id_ else len(each.path) == 1)
    ]
    if not found:
        raise SignatureNotFound(signature=id_ or "-")
    return found[-1]


def is_archived(jws: Jws, place: Place) -> bool:
    """Whether an archive time-stamp of a signature around it covers a counter-signature, which then stays as it is."""
    signature = jws.signatures[place.path[0]]
    for index in place.path[1:]:
        found = components(signature)[0]
        inner = counter_signature(found[index])
        if inner is None or any(each.name == "arcTst" for each in found[index:]):
            return True
        signature = inner.signatures[0]
    return False


def with_component(jws: Jws, place: Place, name: str, value: object) -> Jws:
    """The JWS with a component more at the end of those of a signature.

    What is compact becomes flattened, for only JSON has a place for it. Raises `BreaksTimeStamp` where an archive
    time-stamp covers the counter-signature that would change.
    """

    def add(signature: JwsSignature) -> JwsSignature:
        found = components(signature)[0]
        header = signature.header or {}
        added = [*(each.raw for each in found), written(name, value, clear=is_clear(found))]
        return dataclasses.replace(signature, header={**header, "etsiU": added})

    if is_archived(jws, place):
        raise BreaksTimeStamp(signature=evidence_id(jws.signatures[place.path[0]]))
    index, *inner = place.path
    changed = list(jws.signatures)
    changed[index] = _changed(changed[index], inner, add)
    compact = jws.serialization is Serialization.COMPACT
    return Jws(
        Serialization.FLATTENED if compact else jws.serialization,
        jws.payload,
        tuple(changed),
    )


def _changed(
    signature: JwsSignature, path: list[int], change: Callable[[JwsSignature], JwsSignature]
) -> JwsSignature:
    if not path:
        return change(signature)
    index, *inner = path
    found = components(signature)[0]
    within = read_jws(found[index].value)
    counter = members(_changed(within.signatures[0], inner, change))
    if within.payload is not None:
        counter = {"payload": within.payload, **counter}
    raw = [each.raw for each in found]
    raw[index] = written(COUNTER_SIGNATURE, counter, clear=is_clear(found))
    return dataclasses.replace(signature, header={**(signature.header or {}), "etsiU": raw})
