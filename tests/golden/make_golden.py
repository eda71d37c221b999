"""Write the golden structures: `python -m tests.golden.make_golden`. They change only where what we sign changes.

Keys, time and seeds are fixed, and the values of randomised algorithms are masked by fixed ones, so that every byte
after them is the same in every run too.
"""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from shirushi.codecs.asn1 import der
from shirushi.core.algorithms import message_digest_algorithm
from shirushi.core.document import Document
from shirushi.core.evidence import Level
from shirushi.formats.protocol import SignatureParameters, ToBeSigned
from tests.golden.outline import outline
from tests.interop.matrix import FORMS, KEYS, PSS
from tests.unit.formats_cades.world import ED25519, P_256, Entity, World

FOLDER = Path(__file__).parent / "structures"
MASKED = {
    "P-256": der.sequence(der.integer(int("11" * 32, 16)), der.integer(int("22" * 32, 16))),
    "RSA-3072-PSS": b"\x33" * 384,
}
"""What stands in the place of randomised values."""


@cache
def _rsa() -> object:
    return load_pem_private_key((Path(__file__).parent / "rsa-3072.pem").read_bytes(), None)


def _signer(world: World, key: str) -> Entity:
    keys = {
        "P-256": (ec.derive_private_key(4711, ec.SECP256R1()), P_256),
        "RSA-3072-PSS": (_rsa(), PSS),
        "Ed25519": (ed25519.Ed25519PrivateKey.from_private_bytes(b"\x44" * 32), ED25519),
    }
    private, algorithm = keys[key]
    return world.entity(f"Golden {key}", world.issuing, key=private, algorithm=algorithm)


def cell(name: str, key: str, level: Level) -> tuple[ToBeSigned, Document]:
    """What the key signs, and the document at the level."""
    form, world = FORMS[name], World()
    signer = _signer(world, key)
    prepared = form.format.prepare(
        form.given,
        SignatureParameters(packaging=form.packaging),
        digest_algorithm=message_digest_algorithm(signer.algorithm),
        space=20_000,
        time=world.start,
        seed=bytes(16),
    )
    bound = form.format.bind(prepared, signer.chain, signer.algorithm)
    made = form.format.assemble(bound, MASKED.get(key) or signer.sign(bound.data))
    return bound, world.raise_to(form.format, made, level, contents=form.detached)


def render(name: str) -> str:
    """The golden text of a form."""
    return "\n".join(_lines(name)) + "\n"


def _lines(name: str) -> Iterator[str]:
    for key in KEYS:
        bound, _ = cell(name, key, Level.B_B)
        yield f"{name}, {key}: to be signed"
        yield bound.data.decode() if bound.data.startswith(b"<") else bound.data.hex()
    for level in Level:
        for key in KEYS:
            lines = list(outline(cell(name, key, level)[1]))
            whole = sha256("\n".join(lines).encode()).hexdigest()
            yield f"{name}, {key}, {level.value}: {len(lines)} lines {whole}"
            if key == KEYS[0]:
                yield from (f"  {line}" for line in lines)


def file_of(name: str) -> Path:
    """Where the golden text of a form stands."""
    return FOLDER / f"{name.lower().replace(' ', '-')}.txt"


def main() -> None:
    """Write all of them."""
    for name in FORMS:
        file_of(name).write_text(render(name), encoding="utf-8")


if __name__ == "__main__":
    main()
