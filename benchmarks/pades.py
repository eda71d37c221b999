"""PAdES B-B on a small PDF beside RAW: bare signing with the same key, in the same interleaved run.

`format` is the format with the key: read, lay out, digest, bind, sign, assemble. `service` is the whole service, with
database, audit and a seal key from the key store, on the same disk. Rates are per CPU-second of this process.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import interleaved, ratios, show
from shirushi.core.algorithms import (
    KeyType,
    message_digest_algorithm,
    signature_algorithm,
    signature_value_size,
)
from shirushi.core.document import Document, document
from shirushi.core.evidence import Certificate, Level
from shirushi.demo.establish import establish
from shirushi.demo.plan import load_plan
from shirushi.domain import PDF, Domain, open_domain
from shirushi.formats.pades.format import Pades
from shirushi.formats.protocol import SignatureParameters
from shirushi.ports.keys import Signer
from shirushi.services.ca.model import CertificateRequest, DistinguishedName
from shirushi.services.signing.model import CredentialKind
from shirushi.services.signing.service.signing import ATTRIBUTES_ROOM

KEY_TYPES = (KeyType.P_256, KeyType.RSA_3072, KeyType.ED25519, KeyType.ML_DSA_65)
GOALS = {KeyType.RSA_3072: 0.85, KeyType.P_256: 0.15}
COMPANY = "Benchmark GmbH"


def small_pdf() -> bytes:
    """A regular PDF with one page and a line of text, 700 bytes or so."""
    content = b"BT /F 12 Tf 72 720 Td (A small document) Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    data, offsets = b"%PDF-1.7\n", []
    for number, value in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, value)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(data)
    return data + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer


def sign_format(pades: Pades, source: Document, signer: Signer, chain: tuple[Certificate, ...]) -> Document:
    """One signature without the service."""
    algorithm = signature_algorithm(signer.reference.key_type)
    prepared = pades.prepare(
        source,
        SignatureParameters(),
        digest_algorithm=message_digest_algorithm(algorithm),
        space=ATTRIBUTES_ROOM
        + sum(len(c.der) for c in chain)
        + signature_value_size(signer.reference.key_type),
        time=datetime.now(UTC),
        seed=bytes(16),
    )
    to_be_signed = pades.bind(prepared, chain, algorithm)
    return pades.assemble(to_be_signed, signer.sign(to_be_signed.data, algorithm))


def measure(domain: Domain, key_type: KeyType) -> dict[str, float]:
    """The rates and ratios of one key type."""
    label = f"bench-{key_type.value.lower()}"
    key = domain.keys.generate(label, key_type)
    name = DistinguishedName.of(
        countryName="DE", organizationName=COMPANY, organizationIdentifier="NTRDE-HRB1", commonName=label
    )
    issued = domain.ca.issue(
        CertificateRequest(authority="issuing", profile="e-seal", subject=name, public_key=key.spki)
    )
    chain = domain.ca.chain(issued)
    domain.signing.enrol(label, CredentialKind.SEAL, label, chain)
    signer = domain.keys.signer(label)
    algorithm = signature_algorithm(key_type)
    source = document(small_pdf(), "small.pdf", PDF)
    pades = Pades()
    credential = domain.signing.credential(label)

    def service() -> None:
        request = domain.signing.prepare(source, credential, level=Level.B_B)
        domain.signing.sign(request, credential.activate(request))

    rates = interleaved(
        {
            "raw": lambda: signer.sign(bytes(120), algorithm),
            "format": lambda: sign_format(pades, source, signer, chain),
            "service": service,
        }
    )
    measured = {f"{name}_per_cpu_second": round(rate.median, 1) for name, rate in rates.items()}
    measured |= {f"{name}_to_raw": ratio for name, ratio in ratios(rates, "raw").items()}
    if key_type in GOALS:
        measured["goal_format_to_raw"] = GOALS[key_type]
    return measured


def main() -> None:
    """Make a domain, measure, print JSON."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "domain"
        establish(path, load_plan().reduced_to("さくら商事株式会社"), lambda _: None)
        with open_domain(path) as domain:
            show("pades", {key_type.value: measure(domain, key_type) for key_type in KEY_TYPES})


if __name__ == "__main__":
    main()
