"""Write the made parts of docs/assurance.md: tables from the package's data, figures from counting through every input."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path

from shirushi.core.actor import Actor
from shirushi.core.catalogue import lookup
from shirushi.rules.assurance import (
    Facet,
    Framework,
    Impact,
    Kind,
    Weight,
    compare_revisions,
    eidas,
    facets,
    mapping,
    new_zealand,
    nist_63_3,
    nist_63_4,
    tables,
    trust_services,
)
from shirushi.services.assurance.model import QuestionKind
from shirushi.services.assurance.service import ASSESSABLE, AssuranceService

TARGET = Path(__file__).parent / "assurance.md"
READER = Actor("docs")
PART = re.compile(r"(<!-- made: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)


def figures() -> str:
    """What counting through every input gives."""
    flags = [nist_63_3.Circumstances(*one) for one in product((False, True), repeat=6)]
    selection = nist_63_3.shipped()
    by_level: Counter[int] = Counter()
    by_answer: Counter[tuple[int | None, ...]] = Counter()
    differing: Counter[int] = Counter()
    allowed = set(nist_63_3.combinations(selection))
    broken = 0
    for vector in product(Impact, repeat=6):
        impacts = nist_63_3.Impacts(*vector)
        both = compare_revisions(impacts)
        by_level[both.revision_3] += 1
        differing[both.revision_3] += both.revision_3 != both.revision_4
        for asked in flags:
            ial, aal, fal = (level.value for level in nist_63_3.assess(impacts, asked).levels)
            by_answer[ial, aal, fal] += 1
            broken += (ial, asked.personal_information_online, aal) not in allowed
    fourth = Counter(
        nist_63_4.level_of(nist_63_4.worst(vector), nist_63_4.shipped())
        for vector in product(Impact, repeat=5)
    )
    risks = new_zealand.shipped()
    apart = [
        cell
        for cell in range(1, 26)
        if new_zealand.threshold_level(cell, risks.wrong_information)
        != new_zealand.threshold_level(cell, risks.wrong_link)
    ]
    entries = AssuranceService().portfolio(READER)
    reported = [entry for entry in entries if entry.reproduced is not None]
    return table(
        ("what", "figure"),
        (
            ("revision 3: impact vectors", f"{by_level.total():,}"),
            ("revision 3: vectors at level 1, 2, 3", ", ".join(f"{by_level[n]:,}" for n in (1, 2, 3))),
            ("revision 3: vectors × all combinations of flags", f"{by_answer.total():,}"),
            ("revision 3: distinct answers (IAL, AAL, FAL)", len(by_answer)),
            ("revision 3: answers that break table 6-2", broken),
            ("revision 4: impact vectors", f"{fourth.total():,}"),
            ("revision 4: vectors at level 1, 2, 3", ", ".join(f"{fourth[n]:,}" for n in (1, 2, 3))),
            ("vectors on which the revisions differ (`worst-of-six`)", differing.total()),
            ("of these, revision 3 at level 2, at level 3", f"{differing[2]}, {differing[3]}"),
            ("New Zealand: cells on which the two columns differ", ", ".join(map(str, apart))),
            (
                "use cases of the report whose levels come out",
                f"{sum(bool(entry.reproduced) for entry in reported)} of {len(reported)}",
            ),
        ),
    )


def marks() -> str:
    """Every table with its mark."""
    return table(
        ("table", "edition", "source", "verified", "what was compared"),
        (
            (
                f"`{mark.id}` {mark.version}",
                mark.edition,
                mark.document("en"),
                "yes" if mark.verified else "**no**",
                mark.checked("en"),
            )
            for mark in (tables.table(name).mark for name in tables.names())
        ),
    )


def inputs() -> str:
    """What each framework asks."""
    service = AssuranceService()
    rows = []
    for framework in ASSESSABLE:
        for question in service.questions(READER, framework):
            words = "true, false" if question.kind is QuestionKind.FLAG else ", ".join(question.choices)
            text = lookup(question.text.code).en
            rows.append((f"`{framework.value}`", f"`{question.key}`", words, text.message))
    return table(("framework", "key", "answers", "question"), rows)


def elements() -> str:
    """The elements of (EU) 2015/1502 and what each level demands."""
    rows = []
    for element in eidas.shipped().elements:
        for demanded in element.scale:
            every = [f"`{fact}`" for fact in demanded.every]
            either = [" and ".join(f"`{fact}`" for fact in group) for group in demanded.either]
            demands = ", ".join(every) + ("; " if every and either else "") + " *or* ".join(either)
            rows.append(
                (
                    element.id,
                    ", ".join(sorted(person.value for person in element.persons)),
                    demanded.name,
                    demands or "as the level beneath",
                )
            )
    return table(("element", "persons", "level", "demands, beside the level beneath"), rows)


def facet_names() -> str:
    """Every facet with its meaning."""
    return table(
        ("facet", "meaning"),
        ((f"`{facet.value}`", lookup(f"ASSURANCE_FACT_{facet.name}").en.message) for facet in Facet),
    )


def facet_levels() -> str:
    """What each framework demands for each level, in facets."""
    rows = []
    for framework in facets.FRAMEWORKS:
        if framework is Framework.JAPAN_2022:
            continue
        for _, scale in facets.shipped(framework).scales:
            for demanded in scale:
                every = [f"`{fact}`" for fact in demanded.every]
                either = [" and ".join(f"`{fact}`" for fact in group) for group in demanded.either]
                rows.append(
                    (
                        f"`{framework.value}`",
                        demanded.name,
                        ", ".join(every) or "–",
                        " *or* ".join(either) or "–",
                        demanded.clause,
                    )
                )
    return table(("framework", "level", "every one of", "and one of", "clause"), rows)


def mappings() -> str:
    """Every mapping with what it loses."""
    shipped = mapping.shipped()
    rows = [
        (
            f"`{one.name}`",
            ", ".join(f"{before}→{after}" for before, after in one.levels),
            " ".join(lookup(f"ASSURANCE_LOSES_{code}").en.message for code in one.loses),
        )
        for one in shipped.mappings
    ]
    rows.append(
        (
            f"`{shipped.impacts_name}`",
            "the six impacts of revision 3, the worst decides in revision 4",
            " ".join(lookup(f"ASSURANCE_LOSES_{code}").en.message for code in shipped.impacts_loses),
        )
    )
    return table(("mapping", "levels", "loses"), rows)


def effects() -> str:
    """The legal effects by service, law and level."""
    shipped = trust_services.shipped()
    return table(
        ("service", "law", "level", "asked for when", "effect", "source", "verified"),
        (
            (
                service.value,
                effect.jurisdiction.value.upper(),
                effect.level,
                ", ".join(
                    weight.value
                    for weight in Weight
                    if shipped.level(service, effect.jurisdiction, weight) == effect.level
                )
                or "–",
                effect.reason.explain("en"),
                effect.citation.text("en"),
                "yes" if effect.verified else "no",
            )
            for service, effect in shipped.effects
        ),
    )


def use_cases() -> str:
    """The portfolio."""

    def levels(found: object, *kinds: Kind) -> str:
        return " ".join(level.name for level in found.levels if level.kind in kinds) if found else "–"

    rows = []
    for entry in AssuranceService().portfolio(READER):
        case = entry.use_case
        practice = entry.reached(Framework.JAPAN_2022)
        rows.append(
            (
                f"`{case.id}`",
                case.title("en"),
                case.origin.value,
                levels(entry.needed, Kind.IAL, Kind.AAL, Kind.FAL),
                levels(practice, Kind.IAL, Kind.AAL),
                entry.fit_gap.fit.value.replace("_", " ") if entry.fit_gap else "–",
                {None: "–", True: "yes", False: "**no**"}[entry.reproduced],
            )
        )
    return table(
        ("use case", "what", "origin", "needed (800-63-3)", "done (jp-2022)", "fit", "as the report has it"),
        rows,
    )


PARTS: dict[str, Callable[[], str]] = {
    "figures": figures,
    "marks": marks,
    "inputs": inputs,
    "elements": elements,
    "facets": facet_names,
    "facet-levels": facet_levels,
    "mappings": mappings,
    "effects": effects,
    "use-cases": use_cases,
}


def render() -> str:
    """The whole page, its made parts made anew."""
    return PART.sub(
        lambda part: part[1] + PARTS[part["name"]]() + part[3], TARGET.read_text(encoding="utf-8")
    )


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    print(TARGET.name)
