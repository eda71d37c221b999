"""Dated algorithm catalogues (TS 119 312): which algorithms were reliable until when. What is not listed is not accepted."""

from shirushi.rules.suites.catalogues import CATALOGUES, CRYPTREC, ETSI, MODERN
from shirushi.rules.suites.model import (
    NEVER,
    AlgorithmCatalogue,
    DigestEntry,
    SchemeEntry,
    acceptable,
    acceptable_digest,
    layered,
    reliable_until,
)

__all__ = [
    "CATALOGUES",
    "CRYPTREC",
    "ETSI",
    "MODERN",
    "NEVER",
    "AlgorithmCatalogue",
    "DigestEntry",
    "SchemeEntry",
    "acceptable",
    "acceptable_digest",
    "layered",
    "reliable_until",
]
