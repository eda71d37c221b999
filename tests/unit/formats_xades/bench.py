"""Documents and signers for the tests of XAdES."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, ed448, mldsa

from shirushi.core.algorithms import DigestAlgorithm, KeyType, Scheme, SignatureAlgorithm, signature_algorithm
from shirushi.core.document import Document, document
from shirushi.formats.protocol import Packaging, SignatureParameters
from shirushi.formats.xades.format import Xades
from tests.unit.formats_cades.world import Entity, World
from tests.unit.formats_cms.keys import private_key

FORM = Xades()
INVOICE = """<?xml version="1.0" encoding="UTF-8"?>
<?print landscape?>
<!-- 請求書 -->
<inv:invoice xmlns:inv="urn:example:invoice" xmlns="http://www.w3.org/2000/09/xmldsig#" xml:lang="ja">
  <inv:to no="1&#9;2">さくら商事&#13; &lt;御中&gt;</inv:to><inv:total currency="JPY"><![CDATA[110 <000>]]></inv:total>
</inv:invoice>
<!-- behind -->
""".encode()
"""With all that canonical form cares for, and with a prefix and a default namespace that would catch ours."""


def invoice(data: bytes = INVOICE) -> Document:
    return document(data, "invoice.xml", "application/xml")


@cache
def world() -> World:
    return World(curves=True)


@cache
def signers() -> dict[str, Entity]:
    """One of each algorithm that XML signatures have an identifier for."""
    made = {}
    for name, key_type, pss in (
        ("P-256", KeyType.P_256, False),
        ("P-384", KeyType.P_384, False),
        ("P-521", KeyType.P_521, False),
        ("RSA", KeyType.RSA_2048, False),
        ("RSA-PSS", KeyType.RSA_2048, True),
        ("Ed25519", KeyType.ED25519, False),
    ):
        made[name] = world().entity(
            name, world().issuing, key=private_key(key_type), algorithm=signature_algorithm(key_type, pss=pss)
        )
    brainpool = ec.derive_private_key(4711, ec.BrainpoolP256R1())
    made["Brainpool"] = world().entity(
        "Brainpool",
        world().issuing,
        key=brainpool,
        algorithm=SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA256),
    )
    made["Ed448"] = world().entity(
        "Ed448",
        world().issuing,
        key=ed448.Ed448PrivateKey.from_private_bytes(b"\x07" * 57),
        algorithm=SignatureAlgorithm(Scheme.ED448),
    )
    return made


def ml_dsa() -> Entity:
    key = mldsa.MLDSA65PrivateKey.from_seed_bytes(b"\x07" * 32)
    return world().entity("ML-DSA", world().issuing, key=key, algorithm=SignatureAlgorithm(Scheme.ML_DSA_65))


def signed(
    packaging: Packaging = Packaging.ENVELOPED, data: bytes = INVOICE, signer: Entity | None = None, **said
) -> Document:
    return world().sign(FORM, invoice(data), signer, SignatureParameters(packaging=packaging, **said))


def replaced(given: Document, *pairs: tuple[bytes, bytes]) -> Document:
    """The document with the first of each pair, which must be there once, replaced by the second."""
    data = given.read()
    for old, new in pairs:
        assert data.count(old) == 1, (old, data.count(old))
        data = data.replace(old, new)
    return document(data, given.name, given.media_type)


def codes(reasons) -> set[str]:
    return {each.code for each in reasons}
