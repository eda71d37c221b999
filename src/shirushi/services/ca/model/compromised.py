"""Keys whose private half others can have: what shows it in the public half alone, and what lists name.

Covered by rule: keys of Infineon's RSALib (ROCA, CVE-2017-15361), primes that lie close together (Fermat). Covered by
list: the weak keys of Debian's OpenSSL of 2006 to 2008 (CVE-2008-0166), in the form of its own openssl-blacklist, and any
key by the SHA-256 of its SubjectPublicKeyInfo. No list comes with this program: an operator names theirs.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from math import isqrt

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from shirushi.services.ca.model.refusals import SubjectKeyCompromised

FERMAT_ROUNDS = 100
"""Steps of Fermat's factorisation (CA/Browser Forum BR §6.1.1.3): good primes take more than 2^100."""
_ROCA_GENERATOR = 65537
_ROCA_PRIMES = tuple(p for p in range(3, 168) if all(p % d for d in range(2, isqrt(p) + 1)))
"""The primes below 168: their product divides that by which RSALib builds primes for moduli of every length."""
_LINE = re.compile(r"[0-9a-f]{20}|[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class CompromisedKeys:
    """Digests of keys that are known to be compromised.

    Attributes:
        moduli: the last 20 hexadecimal digits of the SHA-1 of `Modulus=<hex>` and a newline (openssl-blacklist).
        keys: the SHA-256 of SubjectPublicKeyInfo, in hexadecimal.
    """

    moduli: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str) -> CompromisedKeys:
        """A list of one digest a line; empty lines and those after # say nothing. Raises ValueError for other lines."""
        moduli, keys = set(), set()
        for number, line in enumerate(text.splitlines(), 1):
            digest = line.partition("#")[0].strip().lower()
            if not digest:
                continue
            if not _LINE.fullmatch(digest):
                raise ValueError(f"line {number} is no digest")
            if len(digest) == 64:
                keys.add(digest)
            else:
                moduli.add(digest[-20:])
        return cls(frozenset(moduli), frozenset(keys))

    def joined(self, other: CompromisedKeys) -> CompromisedKeys:
        """What either names."""
        return CompromisedKeys(self.moduli | other.moduli, self.keys | other.keys)

    def check(self, spki: bytes) -> None:
        """Raise `SubjectKeyCompromised` for a key that a list names or that gives itself away."""
        if hashlib.sha256(spki).hexdigest() in self.keys:
            raise SubjectKeyCompromised(detail="listed")
        key = load_der_public_key(spki)
        if not isinstance(key, rsa.RSAPublicKey):
            return
        modulus = key.public_numbers().n
        line = f"Modulus={modulus:X}\n".encode()
        if hashlib.sha1(line, usedforsecurity=False).hexdigest()[-20:] in self.moduli:
            raise SubjectKeyCompromised(detail="listed (CVE-2008-0166)")
        if is_roca(modulus):
            raise SubjectKeyCompromised(detail="ROCA (CVE-2017-15361)")
        if has_close_factors(modulus):
            raise SubjectKeyCompromised(detail="close primes (Fermat)")


def is_roca(modulus: int) -> bool:
    """Whether a modulus is, for every small prime, a power of 65537: as RSALib's are, and of others one in 2^27."""
    return all(modulus % prime in powers for prime, powers in _roca_residues())


@cache
def _roca_residues() -> tuple[tuple[int, frozenset[int]], ...]:
    found = []
    for prime in _ROCA_PRIMES:
        powers, power = set(), 1
        while power not in powers:
            powers.add(power)
            power = power * _ROCA_GENERATOR % prime
        found.append((prime, frozenset(powers)))
    return tuple(found)


def has_close_factors(modulus: int) -> bool:
    """Whether Fermat's method finds the factors in `FERMAT_ROUNDS` steps."""
    middle = isqrt(modulus)
    if middle * middle < modulus:
        middle += 1
    for _ in range(FERMAT_ROUNDS):
        rest = middle * middle - modulus
        if isqrt(rest) ** 2 == rest:
            return True
        middle += 1
    return False
