"""The pages of assurance. All but sealing are for everyone, and none keeps what was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from shirushi.core.actor import Role
from shirushi.core.document import document
from shirushi.core.errors import ShirushiError
from shirushi.core.reason import Reason
from shirushi.faces.portal.errors import PageUnknown
from shirushi.faces.portal.kit import Kit, Task
from shirushi.faces.portal.visit import Visit
from shirushi.rules.assurance import Assessment, Facet, FitGap, Framework, Level
from shirushi.rules.assurance.facets import FEDERATION
from shirushi.services.assurance.model import (
    AdviceStatement,
    FitGapResult,
    PortfolioEntry,
    Question,
    QuestionKind,
    Statement,
)
from shirushi.services.assurance.portal.paper import paper, sentence
from shirushi.services.assurance.portal.wizard import FRAMEWORKS, Given
from shirushi.services.assurance.service import AssuranceService

WIZARDS = ("services", "level")
SCALES = {"ial": ("1", "2", "3"), "aal": ("1", "2", "3"), "fal": ("none", "1", "2", "3")}
"""The levels of NIST SP 800-63-3 that may be stated."""

_SEALERS = frozenset({Role.OPERATOR})
_EVERY = tuple(Facet)
FACETS = {
    "proofing": _EVERY[: _EVERY.index(Facet.FACTOR_KNOWLEDGE)],
    "authentication": tuple(
        facet for facet in _EVERY[_EVERY.index(Facet.FACTOR_KNOWLEDGE) :] if facet not in FEDERATION
    ),
    "federation": tuple(facet for facet in _EVERY if facet in FEDERATION),
}
"""What may be ticked as done, by what it is about."""
_ORDER = ("too_little", "too_much", "fits", "unknown")


def pages(service: AssuranceService, kit: Kit) -> list[Route]:
    """The pages of assurance."""
    kit.task(Task("assurance", "/assurance", order=45))

    def start(visit: Visit) -> Response:
        return visit.page("assurance/start.html")

    def picture(visit: Visit) -> Response:
        entries = [_Row(entry) for entry in service.portfolio(visit.actor)]
        entries.sort(key=lambda row: _ORDER.index(row.fit))
        counts = Counter(row.fit for row in entries)
        return visit.page("assurance/portfolio.html", rows=entries, counts=counts, order=_ORDER)

    def case(visit: Visit) -> Response:
        (entry,) = service.portfolio(visit.actor, visit.argument("id"))
        return visit.page(
            "assurance/case.html", row=_Row(entry), entry=entry, reason_of=_facet, sentence=sentence
        )

    return [
        kit.get("/assurance", start),
        *(route for name in WIZARDS for route in _wizard(service, kit, name)),
        kit.get("/assurance/fit-gap", lambda visit: _compare(service, visit)),
        kit.get("/assurance/portfolio", picture),
        kit.get("/assurance/portfolio/{id}", case),
    ]


def _wizard(service: AssuranceService, kit: Kit, name: str) -> list[Route]:
    def ask(visit: Visit) -> Response:
        given = Given(name, visit.query)
        number = _page_number(visit.query.get("page", "1"), len(given.pages))
        page = given.pages[number - 1]
        way = visit.query.get("go")
        if way == "back" and number > 1:
            return visit.go(given.address(page=number - 1))
        if way == "next" and not given.wrong(page):
            last = number == len(given.pages)
            return visit.go(given.address("/result") if last else given.address(page=number + 1))
        return visit.page(
            "assurance/step.html",
            given=given,
            page=page,
            number=number,
            count=len(given.pages),
            wrong=given.wrong(page) if way == "next" else (),
            frameworks=FRAMEWORKS,
            flag=QuestionKind.FLAG,
            numeric=QuestionKind.NUMBER,
        )

    def result(visit: Visit) -> Response:
        given = Given(name, visit.query)
        if unanswered := given.first_wrong():
            return visit.go(given.address(page=unanswered, go="next"))
        found = _state(service, visit, given)
        return visit.page(
            f"assurance/{name}.html",
            given=given,
            found=found,
            sentence=sentence,
            at=kit.clock.now(),
            printable=visit.query.get("view") == "print",
            compare=_compare_address(given, found),
            can_seal=visit.session.signed_in and visit.actor.has(*_SEALERS),
            said=[(question, _word(visit, given, question)) for question in given.asked],
        )

    def give_pdf(visit: Visit) -> Response:
        given = _whole(name, visit)
        made = paper(_state(service, visit, given), visit.language, visit.say, kit.clock.now())
        return visit.download(document(made), visit.say("assurance.statement.file"), "application/pdf")

    def give_content(visit: Visit) -> Response:
        found = _state(service, visit, _whole(name, visit))
        file = visit.say("assurance.statement.content.file")
        return visit.download(document(found.content), file, "application/json")

    def seal(visit: Visit) -> Response:
        """Hand the statement to the pages of sealing, where it is looked at and sealed."""
        given = Given(name, visit.form.fields)
        if given.first_wrong():
            raise PageUnknown
        made = paper(_state(service, visit, given), visit.language, visit.say, kit.clock.now())
        kept = visit.put(document(made), visit.say("assurance.statement.file"), way="seal")
        return visit.go(f"/seal/{kept.id}")

    here = f"/assurance/{name}"
    return [
        kit.get(here, ask),
        kit.get(f"{here}/result", result),
        kit.get(f"{here}/statement.pdf", give_pdf),
        kit.get(f"{here}/statement.json", give_content),
        kit.post(f"{here}/seal", seal, roles=_SEALERS),
    ]


def _state(service: AssuranceService, visit: Visit, given: Given) -> Statement | AdviceStatement:
    title = given.title or visit.say("assurance.unnamed")
    if given.wizard == "services":
        return service.state_advice(visit.actor, given.answers, title=title)
    return service.state(visit.actor, given.framework, given.answers, title=title)


def _whole(name: str, visit: Visit) -> Given:
    """What was answered; raises `PageUnknown` where something is missing: such an address was not made here."""
    given = Given(name, visit.query)
    if given.first_wrong():
        raise PageUnknown
    return given


def _page_number(text: str, count: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 1
    return min(max(number, 1), count)


def _word(visit: Visit, given: Given, question: Question) -> str:
    """An answer as people read it."""
    text = given.fields.get(question.key, "")
    return text if question.kind is QuestionKind.NUMBER else question.choice(text).explain(visit.language)


def _compare_address(given: Given, found: Statement | AdviceStatement) -> str:
    """Where the levels that were found are compared with what is in place."""
    if isinstance(found, AdviceStatement) or given.framework is not Framework.NIST_63_3:
        return ""
    levels = {f"needed-{one.kind.value}": one.value or "none" for one in found.assessment.levels}
    return f"/assurance/fit-gap?{urlencode(levels)}"


def _compare(service: AssuranceService, visit: Visit) -> Response:
    fields = visit.query
    ticked = [facet.value for facet in _EVERY if fields.get(facet.value) == "on"]
    found: FitGapResult | None = None
    error: ShirushiError | None = None
    if "go" in fields:
        try:
            found = service.fit_gap(
                visit.actor,
                Framework.NIST_63_3,
                {
                    "needed": {"levels": _stated("needed", fields)},
                    "in_place": {"facets": ticked} if ticked else {"levels": _stated("place", fields)},
                },
            )
        except ShirushiError as raised:
            error = raised
    return visit.page(
        "assurance/fit-gap.html",
        given=fields,
        scales=SCALES,
        groups=FACETS,
        ticked=ticked,
        found=found,
        error=error,
        reason_of=_facet,
    )


def _stated(side: str, fields: Mapping[str, str]) -> dict[str, int | None]:
    stated: dict[str, int | None] = {}
    for scale, words in SCALES.items():
        word = fields.get(f"{side}-{scale}", words[0])
        stated[scale] = int(word) if word in {"1", "2", "3"} else None
    return stated


def _facet(facet: Facet) -> Reason:
    """What the facet means."""
    return Reason(f"ASSURANCE_FACT_{facet.name}")


@dataclass(frozen=True, slots=True)
class _Row:
    """A use case as the picture shows it."""

    entry: PortfolioEntry

    @property
    def fit(self) -> str:
        """How what is in place stands to what is needed; `unknown` where nobody assessed both."""
        found: FitGap | None = self.entry.fit_gap
        return found.fit.value if found else "unknown"

    @property
    def scales(self) -> dict[str, tuple[int | None, int | None]]:
        """Needed and in place by scale, None where it does not apply or is not known."""
        needed = {level.kind.value: level.value for level in _levels(self.entry.needed)}
        reached = self.entry.reached(Framework.NIST_63_3)
        there = {level.kind.value: level.value for level in _levels(reached)} | dict(
            self.entry.use_case.stated
        )
        return {scale: (needed.get(scale), there.get(scale)) for scale in SCALES}


def _levels(found: Assessment | None) -> tuple[Level, ...]:
    return found.levels if found else ()
