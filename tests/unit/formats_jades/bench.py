"""Documents, keys and changes for the tests of JAdES."""

import base64
import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed448

from shirushi.codecs.jose.jws import Serialization
from shirushi.core.algorithms import DigestAlgorithm, KeyType, Scheme, SignatureAlgorithm, signature_algorithm
from shirushi.core.document import Document, document
from shirushi.core.evidence import SignatureEvidence
from shirushi.formats.jades.format import JSON_TYPE, Jades
from shirushi.formats.protocol import Packaging, SignatureParameters
from tests.unit.formats_cades.world import Entity, World
from tests.unit.formats_cms.keys import private_key

ORDER = '{"注文": [{"品名": "印鑑", "数量": 2}], "合計": 110.50, "to": "さくら商事"}'.encode()
FORMS = {each: Jades(each) for each in Serialization}
FORM = FORMS[Serialization.FLATTENED]


def order() -> Document:
    return document(ORDER, "order.json", "application/json")


@cache
def world() -> World:
    return World(curves=True)


@cache
def signers() -> dict[str, Entity]:
    """One of each algorithm that JOSE has a name for, and one of a curve that has none."""
    made = {}
    for name, key_type, pss in (
        ("ES256", KeyType.P_256, False),
        ("ES384", KeyType.P_384, False),
        ("ES512", KeyType.P_521, False),
        ("RS256", KeyType.RSA_2048, False),
        ("PS256", KeyType.RSA_2048, True),
        ("EdDSA", KeyType.ED25519, False),
    ):
        made[name] = world().entity(
            name, world().issuing, key=private_key(key_type), algorithm=signature_algorithm(key_type, pss=pss)
        )
    for size, digest in (("384", DigestAlgorithm.SHA384), ("512", DigestAlgorithm.SHA512)):
        key = private_key(KeyType.RSA_2048)
        for name, algorithm in (
            (f"RS{size}", SignatureAlgorithm(Scheme.RSA_PKCS1, digest)),
            (f"PS{size}", SignatureAlgorithm(Scheme.RSA_PSS, digest, digest.size)),
        ):
            made[name] = world().entity(name, world().issuing, key=key, algorithm=algorithm)
    made["EdDSA (Ed448)"] = world().entity(
        "Ed448",
        world().issuing,
        key=ed448.Ed448PrivateKey.from_private_bytes(b"\x07" * 57),
        algorithm=SignatureAlgorithm(Scheme.ED448),
    )
    made["Brainpool"] = world().entity(
        "Brainpool",
        world().issuing,
        key=ec.derive_private_key(4711, ec.BrainpoolP256R1()),
        algorithm=SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA256),
    )
    return made


def signed(
    form: Jades = FORM, given: Document | None = None, signer: Entity | None = None, **said: Any
) -> Document:
    return world().sign(form, given or order(), signer, SignatureParameters(**said))


def only(given: Document, *contents: Document) -> SignatureEvidence:
    """The one signature of a document."""
    (found,) = FORM.parse(given, contents)
    return found


def decoded(text: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def header(given: Document) -> dict[str, Any]:
    """The protected header of a flattened JWS."""
    return decoded(json.loads(given.read())["protected"])


def changed(given: Document, **members: Any) -> Document:
    """A JSON document with members set, or left out where they are None."""
    whole = json.loads(given.read()) | members
    kept = {name: value for name, value in whole.items() if value is not None}
    return document(json.dumps(kept).encode(), given.name, JSON_TYPE)


def resigned(
    head: dict[str, Any], payload: str = "e30", signer: Entity | None = None, **members: Any
) -> Document:
    """A flattened JWS with exactly that protected header, honestly signed by its signer."""
    from shirushi.formats.raw_ecdsa import to_raw

    signer = signer or world().alice
    protected = encoded(head)
    value = to_raw(signer.sign(f"{protected}.{payload}".encode()), 256)
    text = base64.urlsafe_b64encode(value).rstrip(b"=").decode()
    whole = {"payload": payload, "protected": protected, "signature": text, **members}
    return document(json.dumps(whole).encode(), "x.json", JSON_TYPE)


def plain_head(**more: Any) -> dict[str, Any]:
    """The protected header that a signature of Alice's needs."""
    own = world().alice.der
    thumbprint = DigestAlgorithm.SHA256.digest(own)
    return {
        "alg": "ES256",
        "iat": int(world().start.timestamp()),
        "x5t#S256": base64.urlsafe_b64encode(thumbprint).rstrip(b"=").decode(),
        "x5c": [base64.b64encode(own).decode()],
        **more,
    }


def codes(reasons: Any) -> set[str]:
    return {each.code for each in reasons}


DETACHED = Packaging.DETACHED
