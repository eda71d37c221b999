"""A set of trusted lists: parsed, verified and indexed, beside bare lxml and xmlsec; and a look-up at a date.

`python -m benchmarks lists` measures the set in $SHIRUSHI_CORPORA; without it there is nothing to measure.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import xmlsec
from lxml import etree

from benchmarks.measure import interleaved, peak_memory_mb, ratios, show
from shirushi.adapters.files import open_document
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.document import Document
from shirushi.core.evidence import Certificate
from shirushi.rules.lists import Question, judge
from shirushi.rules.qualification import ServiceIndex, SourceList, qualify_certificate
from shirushi.rules.suites import ETSI
from shirushi.services.trustlist.service.reading import candidate

AT = datetime(2019, 9, 15, tzinfo=UTC)


def main() -> None:
    """Print the figures."""
    folder = Path(os.environ.get("SHIRUSHI_CORPORA", "")) / "trusted-lists/2019"
    paths = sorted(folder.glob("??.xml"))
    if not paths:
        show("lists", {"skipped": "needs the lists of $SHIRUSHI_CORPORA"})
        return
    documents = [open_document(path) for path in paths]
    contents = [document.read() for document in documents]
    index = ours(documents)
    few = ServiceIndex(index.sources[:3])
    chain = _chain(few)
    rates = interleaved(
        {
            "bare": lambda: bare(contents),
            "ours": lambda: ours(documents),
            "look_up_3_lists": lambda: qualify_certificate(chain[0], chain, few, AT),
            "look_up_all_lists": lambda: qualify_certificate(chain[0], chain, index, AT),
        },
        rounds=5,
        slot=0.5,
    )
    show(
        "lists",
        {
            "lists": len(paths),
            "megabytes": round(sum(map(len, contents)) / 1e6, 1),
            "seconds": {name: round(1 / rate.median, 6) for name, rate in rates.items()},
            "cost_of_ours_over_bare": round(1 / ratios(rates, "bare")["ours"], 2),
            "look_up_all_over_3": round(1 / ratios(rates, "look_up_3_lists")["look_up_all_lists"], 2),
            "peak_memory_mb": peak_memory_mb(),
        },
    )


def bare(contents: Sequence[bytes]) -> None:
    """What nobody can do without: parse each list with lxml, and verify its signature with xmlsec."""
    for content in contents:
        root = etree.fromstring(content)
        xmlsec.tree.add_ids(root, ["Id"])
        node = root.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
        context = xmlsec.SignatureContext()
        encoded = node.findtext(".//{http://www.w3.org/2000/09/xmldsig#}X509Certificate")
        pem = f"-----BEGIN CERTIFICATE-----\n{''.join(encoded.split())}\n-----END CERTIFICATE-----\n"
        context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatCertPem)
        context.verify(node)


def ours(documents: Sequence[Document]) -> ServiceIndex:
    """Everything: read with distrust, judged together, indexed."""
    candidates = [candidate(document) for document in documents]
    anchors = frozenset(each.signer.der for each in candidates if each.name == "EU.xml" and each.signer)
    judgements = judge(candidates, Question(anchors, None, ETSI))
    return ServiceIndex(
        SourceList(each.candidate.trusted_list, each.candidate.digest)
        for each in judgements
        if each.acceptable and each.candidate.trusted_list
    )


def _chain(index: ServiceIndex) -> tuple[Certificate, ...]:
    """A certificate that a listed service identifies, as its own issuer: what a look-up costs does not depend on more."""
    der = index.entries[0].service.current.identity.certificates[0]
    certificate = parse_certificate(der)
    return certificate, certificate
