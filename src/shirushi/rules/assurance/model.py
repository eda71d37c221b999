"""The words of assurance: levels on scales of their own, and answers that carry their trace and their citations.

There is no global scale of levels. A `Level` belongs to one scale of one framework, and levels of different scales are
never compared; `rules.assurance.mapping` carries a level over, and says what is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

from shirushi.core.catalogue import Language
from shirushi.core.errors import ShirushiError
from shirushi.core.reason import Reason


class ScalesDiffer(ShirushiError):
    """Two levels of different scales were to be compared."""

    code = "ASSURANCE_SCALES_DIFFER"


class TableInvalid(ShirushiError):
    """A table that does not say what its framework needs."""

    code = "ASSURANCE_TABLE_INVALID"


class Framework(Enum):
    """A framework of assurance, in one of its revisions."""

    NIST_63_3 = "nist-sp800-63-3"
    NIST_63_4 = "nist-sp800-63-4"
    EIDAS = "eidas"
    NEW_ZEALAND = "nz"
    JAPAN_2022 = "jp-2022"
    ISO_29115 = "iso-29115"


class Kind(Enum):
    """What a scale measures; the names are the frameworks' own."""

    IAL = "ial"
    AAL = "aal"
    FAL = "fal"
    LOA = "loa"
    PROOFING = "proofing"
    AUTHENTICATION = "authentication"
    IA = "ia"
    BA = "ba"
    AA = "aa"


class Impact(IntEnum):
    """How bad it would be, in the words of NIST SP 800-63 (§5.3.2 of revision 3, §3.2.2 of revision 4)."""

    NONE = 0
    LOW = 1
    MODERATE = 2
    HIGH = 3

    @property
    def label(self) -> str:
        """The word of the standard, in lower case."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Citation:
    """Where it is written: a document under its English and its Japanese name, and the clause."""

    document_en: str
    document_ja: str
    clause: str

    def text(self, language: Language) -> str:
        """The citation as it is printed."""
        return f"{self.document_ja if language == 'ja' else self.document_en} {self.clause}".strip()


@dataclass(frozen=True, slots=True)
class TableMark:
    """Which table an answer rests upon. `verified`: compared, row by row, with its issuer's own text.

    `checked_en` and `checked_ja` say what was compared with what.
    """

    id: str
    version: str
    edition: str
    verified: bool
    checked_en: str
    checked_ja: str
    document_en: str
    document_ja: str

    def document(self, language: Language) -> str:
        """The document's name."""
        return self.document_ja if language == "ja" else self.document_en

    def checked(self, language: Language) -> str:
        """What was compared with what."""
        return self.checked_ja if language == "ja" else self.checked_en

    def cite(self, clause: str) -> Citation:
        """A clause of the table's document."""
        return Citation(self.document_en, self.document_ja, clause)


@dataclass(frozen=True, slots=True)
class Level:
    """A level on the scale (`framework`, `kind`).

    `value` None says that the scale does not apply (nothing is federated, nobody is proofed); 0 that not even the lowest
    level is reached, or the scale's own zero. `name` is the framework's word.
    """

    framework: Framework
    kind: Kind
    value: int | None
    name: str

    def reaches(self, other: Level) -> bool:
        """Whether this level is at least `other`; raises `ScalesDiffer` where they stand on different scales."""
        if (self.framework, self.kind) != (other.framework, other.kind):
            raise ScalesDiffer(
                left=f"{self.framework.value}/{self.kind.value}",
                right=f"{other.framework.value}/{other.kind.value}",
            )
        return (self.value or 0) >= (other.value or 0)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a decision: why, and where that is written."""

    reason: Reason
    citation: Citation

    def explain(self, language: Language) -> str:
        """The step in one sentence, for a person."""
        return self.reason.explain(language)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The levels of one framework, the steps that led to them in their order, and the tables they rest upon."""

    framework: Framework
    levels: tuple[Level, ...]
    trace: tuple[Step, ...]
    tables: tuple[TableMark, ...]

    def level(self, kind: Kind) -> Level:
        """The level on the scale `kind`; KeyError where this framework has none."""
        for level in self.levels:
            if level.kind is kind:
                return level
        raise KeyError(kind)

    @property
    def unverified(self) -> tuple[TableMark, ...]:
        """The tables among them that were not compared with their issuer's own text."""
        return tuple(table for table in self.tables if not table.verified)
