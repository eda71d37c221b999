"""Assurance: which level is needed, which is in place, and which trust service shows what must be shown.

One module a framework: `nist_63_3`, `nist_63_4`, `eidas`, `new_zealand`, `japan`. `facets` draws levels from what was
really done, `mapping` carries a level over and says what is lost, `gap` compares, `needs` advises. All are pure functions
over versioned tables; `tables` holds them as data.
"""

from shirushi.rules.assurance.facets import Facet, FacetsContradict, from_facets
from shirushi.rules.assurance.gap import Fit, FitGap, Gap, fit_gap
from shirushi.rules.assurance.mapping import (
    Mapped,
    MappingUnknown,
    Revisions,
    carry,
    compare_revisions,
)
from shirushi.rules.assurance.model import (
    Assessment,
    Citation,
    Framework,
    Impact,
    Kind,
    Level,
    ScalesDiffer,
    Step,
    TableInvalid,
    TableMark,
)
from shirushi.rules.assurance.needs import Abroad, Advice, Needs, Recommendation, Who, which_service
from shirushi.rules.assurance.trust_services import Jurisdiction, LegalEffect, TrustService, Weight

__all__ = [
    "Abroad",
    "Advice",
    "Assessment",
    "Citation",
    "Facet",
    "FacetsContradict",
    "Fit",
    "FitGap",
    "Framework",
    "Gap",
    "Impact",
    "Jurisdiction",
    "Kind",
    "LegalEffect",
    "Level",
    "Mapped",
    "MappingUnknown",
    "Needs",
    "Recommendation",
    "Revisions",
    "ScalesDiffer",
    "Step",
    "TableInvalid",
    "TableMark",
    "TrustService",
    "Weight",
    "Who",
    "carry",
    "compare_revisions",
    "fit_gap",
    "from_facets",
    "which_service",
]
