"""A mutual-recognition agreement as data: what of another country's trust services counts as what of ours.

The Commission's MRA extension (namespace `http://ec.europa.eu/tools/lotl/mra/schema/v2#`) carries it in the pointer to
the other country's list: the pointing party's list of lists points to the pointed party's list.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shirushi.core.criteria import Criteria
from shirushi.core.instant import Instant

ENACTED = "http://ec.europa.eu/tools/lotl/mra/enacted"
REPEALED = "http://ec.europa.eu/tools/lotl/mra/repealed"


class ContentContext(Enum):
    """Which content of a certificate an equivalence is about."""

    QC_COMPLIANCE = "http://ec.europa.eu/tools/lotl/mra/QcCompliance"
    QC_TYPE = "http://ec.europa.eu/tools/lotl/mra/QcType"
    QC_QSCD = "http://ec.europa.eu/tools/lotl/mra/QcQSCD"


@dataclass(frozen=True, slots=True)
class ListedType:
    """A service type and its additional service information; empty where the list states none."""

    service_type: str
    additional_information: str = ""


@dataclass(frozen=True, slots=True)
class StatusEquivalence:
    """The statuses of the pointed list that count as those of the pointing one."""

    pointing: tuple[str, ...]
    pointed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContentEquivalence:
    """Certificates that meet `pointed` are read as if they met `pointing`.

    `context` is a URI: lists hold others than those of `ContentContext`, and those are nobody's to apply.
    """

    context: str
    pointing: Criteria
    pointed: Criteria


@dataclass(frozen=True, slots=True)
class QualifierEquivalence:
    """A qualifier of the pointed list that counts as one of the pointing list."""

    pointing: str
    pointed: str


@dataclass(frozen=True, slots=True)
class QualificationEquivalence:
    """How the two parties call the extension that holds qualifiers, and which of them count as which."""

    pointing_name: str
    pointed_name: str
    qualifiers: tuple[QualifierEquivalence, ...]


@dataclass(frozen=True, slots=True)
class EquivalencePeriod:
    """What an equivalence said from `start` until the next younger period."""

    status: str
    start: Instant
    pointing_types: tuple[ListedType, ...]
    pointed_types: tuple[ListedType, ...]
    valid: StatusEquivalence
    invalid: StatusEquivalence
    contents: tuple[ContentEquivalence, ...] = ()
    qualification: QualificationEquivalence | None = None

    @property
    def enacted(self) -> bool:
        """Whether the equivalence was in force in this period."""
        return self.status == ENACTED


@dataclass(frozen=True, slots=True)
class ServiceEquivalence:
    """One TrustServiceEquivalenceInformation: its legal identifier and its periods, the youngest first."""

    identifier: str
    periods: tuple[EquivalencePeriod, ...]

    def end_of(self, period: EquivalencePeriod) -> Instant | None:
        """When the period gave way to the next younger; None for the current one."""
        place = next(index for index, each in enumerate(self.periods) if each is period)
        return self.periods[place - 1].start if place else None


@dataclass(frozen=True, slots=True)
class MutualRecognitionAgreement:
    """A MutualRecognitionAgreementInformation: both legislations and what is equivalent under them."""

    technical_type: int
    version: int
    pointing_legislation: str
    pointed_legislation: str
    depth: int
    equivalences: tuple[ServiceEquivalence, ...]
