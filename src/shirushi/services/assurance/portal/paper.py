"""A statement on paper: one to two A4 pages that say what was found, why, and where that is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files

from shirushi.codecs.pdf.errors import GlyphMissing
from shirushi.codecs.pdf.fonts import FontSubset
from shirushi.codecs.pdf.sheets import PALE, Attached, Block, Sheets, write_sheets
from shirushi.codecs.pdf.subset import subset_font
from shirushi.core.catalogue import Language
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason
from shirushi.faces.portal import languages
from shirushi.rules.assurance import Recommendation, Step, TableMark
from shirushi.services.assurance.model import AdviceStatement, Statement

Say = Callable[..., str]
_LABEL = 102.0
"""The width of the column of labels, in points."""
_SMALL = 8.0
_MOST_MISSING = 60
"""How many different characters the font may lack: more cannot stand in a title."""


def paper(found: Statement | AdviceStatement, language: Language, say: Say, at: Instant) -> bytes:
    """The statement as a PDF in one language; its content in both travels inside."""
    blocks = [*_head(found, language, say, at)]
    blocks += (
        _advice(found, language, say) if isinstance(found, AdviceStatement) else _levels(found, language, say)
    )
    sheets = Sheets(
        say("assurance.statement.title"),
        language,
        tuple(blocks),
        say("assurance.statement.foot"),
        at,
        Attached("statement.json", "application/json", found.content),
    )
    sheets, font = _with_font(sheets)
    return write_sheets(sheets, font)


def _with_font(sheets: Sheets) -> tuple[Sheets, FontSubset]:
    """The font for the sheets; a character that it lacks is shown as 〓."""
    whole = (files("shirushi") / "vendor" / "noto-sans-jp" / "NotoSansJP-Regular.ttf").read_bytes()
    for _ in range(_MOST_MISSING):
        try:
            return sheets, subset_font(whole, sheets.characters)
        except GlyphMissing as missing:
            sheets = sheets.replaced(str(missing.parameters["character"]))
    return sheets, subset_font(whole, sheets.characters)


def _head(found: Statement | AdviceStatement, language: Language, say: Say, at: Instant) -> Iterator[Block]:
    kind = (
        say("assurance.statement.advice")
        if isinstance(found, AdviceStatement)
        else say("assurance.statement.of", framework=say(f"assurance.known-as.{found.framework.value}"))
    )
    yield Block(say("assurance.statement.title"), "title", 19, before=0)
    yield Block(kind, size=10.5, colour=PALE)
    digest = found.digest.value.hex()
    for label, text in (
        ("subject", found.title),
        ("made", languages.date_time(at, language)),
        ("digest", " ".join(digest[start : start + 8] for start in range(0, 64, 8))),
    ):
        yield Block(text, before=7, label=say(f"assurance.statement.{label}"), indent=_LABEL, rule=True)


def _levels(found: Statement, language: Language, say: Say) -> Iterator[Block]:
    assessment = found.assessment
    revision = found.framework.value[-1]
    yield Block(say("assurance.meaning"), "heading", 12.5, before=15)
    for level in assessment.levels:
        scale = say(f"assurance.scale.{level.kind.value}")
        if not level.value:
            yield Block(say("assurance.no-level"), before=7, label=scale, indent=_LABEL, rule=True)
            continue
        yield Block(level.name, size=13, before=7, label=scale, indent=_LABEL, rule=True)
        yield Block(say(f"assurance.{revision}.{level.kind.value}.{level.value}"), before=0, indent=_LABEL)
    yield Block(say("assurance.why"), "heading", 12.5, before=15)
    yield from _trace(assessment.trace, language)
    yield from _tables(assessment.tables, language, say)


def _advice(found: AdviceStatement, language: Language, say: Say) -> Iterator[Block]:
    advice = found.advice
    if not advice.recommendations:
        yield Block(say("assurance.services.none"), "heading", 12.5, before=15)
        yield Block(say("assurance.services.none.about"))
    for one in advice.recommendations:
        name = say(f"assurance.service.{one.service.value}")
        level = f"  {one.signature_level}" if one.signature_level else ""
        yield Block(name + level, "heading", 12.5, before=14)
        for step in one.why:
            yield Block(_both(step.reason, language))
        yield from _effects(one, language, say)
    if advice.notes:
        yield Block(say("assurance.notes"), "heading", 12.5, before=14)
        for note in advice.notes:
            yield Block(_both(note.reason, language), before=6)
            yield Block(note.citation.text(language), size=_SMALL, before=0, colour=PALE)
    yield from _tables(advice.tables, language, say)
    yield Block(say("assurance.advice-only"), before=10)


def _effects(one: Recommendation, language: Language, say: Say) -> Iterator[Block]:
    for effect in one.effects:
        law = say(f"assurance.law.{effect.jurisdiction.value}")
        rank = say(f"assurance.rank.{effect.level}")
        yield Block(
            f"{rank}: {effect.reason.explain(language)}", before=8, label=law, indent=_LABEL, rule=True
        )
        mark = say("assurance.verified.mark" if effect.verified else "assurance.unverified.mark")
        source = f"{effect.citation.text(language)} [{mark}]"
        yield Block(source, size=_SMALL, before=0, indent=_LABEL, colour=PALE)


def _trace(trace: Iterable[Step], language: Language) -> Iterator[Block]:
    for number, step in enumerate(trace, start=1):
        yield Block(step.explain(language), before=1.5, label=str(number), indent=18)
        yield Block(step.citation.text(language), size=_SMALL, before=0, indent=18, colour=PALE)


def _tables(tables: Iterable[TableMark], language: Language, say: Say) -> Iterator[Block]:
    """The tables it rests upon, each with its mark."""
    yield Block(say("assurance.tables"), "heading", 12.5, before=14)
    for table in tables:
        mark = say("assurance.verified.mark" if table.verified else "assurance.unverified.mark")
        named = f"{table.document(language)} {table.edition} [{mark}]"
        yield Block(f"{named}: {table.checked(language)}", size=_SMALL, before=2)


def _both(reason: Reason, language: Language) -> str:
    """What a reason says, and what it asks for."""
    return sentence(reason.explain(language), language) + reason.remedy(language)


def sentence(text: str, language: Language) -> str:
    """The text so that a sentence may follow."""
    if language == "en":
        return f"{text} "
    return text if text.endswith(("。", "？")) else f"{text}。"
