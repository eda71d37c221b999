"""Two thousand damaged JWS: nothing crashes, and nothing that was signed changes and stays intact."""

import json
import random

import pytest

from shirushi.codecs.jose.jws import Serialization
from shirushi.core.document import Document, document
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import Level
from tests.unit.formats_jades.bench import DETACHED, FORM, FORMS, only, order, signed, world

SPLICES = (
    b"\0",
    b"\xff",
    b'"',
    b"{",
    b"[[",
    b"}",
    b",",
    b".",
    b"=",
    b'"a":1,',
    b"\\u0041",
    b"-_",
    b"e30",
    b" ",
)


def originals() -> list[tuple[Document, list[Document]]]:
    made = [(signed(form), []) for form in FORMS.values()]
    own = world()
    first = signed(FORMS[Serialization.GENERAL])
    countered = signed(given=first, signer=own.bob, countersigns=only(first).id)
    made.append((own.raise_to(FORM, signed(given=countered, signer=own.bob), Level.B_LTA), []))
    made.append((own.raise_to(FORM, signed(packaging=DETACHED), Level.B_LTA, contents=[order()]), [order()]))
    return made


def damaged(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3))):
        place = rng.randrange(len(changed))
        match rng.randrange(4):
            case 0:
                changed[place] ^= 1 << rng.randrange(8)
            case 1:
                del changed[place : place + rng.choice((1, 1, 4, 100))]
            case 2:
                changed[place:place] = rng.choice(SPLICES)
            case _:
                other = rng.randrange(len(changed))
                changed[place:place] = changed[other : other + rng.randrange(60)]
    return bytes(changed)


def signed_parts(data: bytes) -> list[tuple[str | None, str | None]]:
    """Payload and protected header of each signature, by another reader."""
    if data.lstrip()[:1] != b"{":
        protected, payload, _ = data.decode().strip().split(".")
        return [(payload or None, protected)]
    whole = json.loads(data)
    return [(whole.get("payload"), each.get("protected")) for each in whole.get("signatures", [whole])]


@pytest.mark.parametrize("part", range(4))
def test_damaged_documents(part):
    rng = random.Random(f"jades {part}")
    every = originals()
    outcomes = {"refused": 0, "intact": 0, "broken": 0}
    for number in range(500):
        given, contents = every[number % len(every)]
        data = damaged(rng, given.read())
        try:
            found = FORM.parse(document(data, given.name, given.media_type), contents)
        except ShirushiError:
            outcomes["refused"] += 1
            continue
        outermost = [each for each in found if not each.countersigns]
        outcomes["intact" if any(each.integrity for each in outermost) else "broken"] += 1
        before = signed_parts(given.read())
        after = signed_parts(data) if found else []
        for each, part_ in zip(outermost, after, strict=True):
            assert not each.integrity or part_ in before, data
    assert min(outcomes.values()) > 20
