"""Plain answers into the words of each framework's rules; every fault raises `InputInvalid` with the key."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shirushi.rules.assurance import (
    Abroad,
    Assessment,
    Facet,
    Framework,
    Impact,
    Kind,
    Level,
    Needs,
    Weight,
    Who,
    eidas,
    from_facets,
    japan,
    new_zealand,
    nist_63_3,
    nist_63_4,
)
from shirushi.services.assurance.model import Answers, InputInvalid, InputMissing, InputUnknown
from shirushi.services.assurance.service.questions import (
    IMPACT_WORDS,
    LONGEST_YEARS,
    Reading,
    needs_questions,
    questions,
)

ANY = ("id",)
"""What every line may carry besides, to be found again in its answer."""


def assess(framework: Framework, answers: Answers) -> Assessment:
    """Assess one set of answers: under `facets` what was done, else what the framework asks; raises `InputInvalid`."""
    if "facets" in answers:
        reading = Reading(answers, allowed=(*ANY, "facets", "options"))
        return from_facets(facets(reading), framework, options=_options(reading.mapping("options")))
    return _READERS[framework](answers)


def facets(reading: Reading) -> frozenset[Facet]:
    """The facets by their names."""
    known = {facet.value: facet for facet in Facet}
    unknown = sorted(set(reading.words("facets")) - set(known))
    if unknown:
        raise InputUnknown(key=", ".join(unknown), known=", ".join(known))
    return frozenset(known[name] for name in reading.words("facets"))


def needs(answers: Answers) -> Needs:
    """What must be shown; raises `InputInvalid`."""
    asked = needs_questions()
    reading = Reading(answers, allowed=(*ANY, *(question.key for question in asked)))
    return Needs(
        who=Who(reading.choice("who", [word.value for word in Who])),
        unchanged=reading.flag("unchanged"),
        when=reading.flag("when"),
        arrived=reading.flag("arrived"),
        kept_years=reading.number("kept_years", LONGEST_YEARS),
        abroad=Abroad(reading.choice("abroad", [word.value for word in Abroad])),
        weight=Weight(reading.choice("weight", [word.value for word in Weight])),
    )


def stated_levels(framework: Framework, stated: Mapping[str, object]) -> tuple[Level, ...]:
    """Levels that are stated rather than found, such as `{"ial": 3, "aal": 2}`; eIDAS by its words; raises `InputInvalid`."""
    scales = SCALES[framework]
    reading = Reading(stated, allowed=[kind.value for kind in scales])
    levels = []
    for key, value in stated.items():
        kind = Kind(key)
        lowest, highest = scales[kind]
        if framework is Framework.EIDAS and value is not None:
            number = eidas.LEVELS.index(reading.choice(key, eidas.LEVELS)) + 1
            levels.append(Level(framework, kind, number, str(value)))
        elif value is None:
            levels.append(Level(framework, kind, None, "—"))
        else:
            number = reading.number(key, highest)
            if number < lowest:
                raise InputInvalid(key=key, value=number, choices=f"{lowest} … {highest}")
            levels.append(Level(framework, kind, number, _name(framework, kind, number)))
    if not levels:
        raise InputMissing(key="levels")
    return tuple(levels)


SCALES: Mapping[Framework, Mapping[Kind, tuple[int, int]]] = {
    Framework.NIST_63_3: {Kind.IAL: (1, 3), Kind.AAL: (1, 3), Kind.FAL: (1, 3)},
    Framework.NIST_63_4: {Kind.IAL: (1, 3), Kind.AAL: (1, 3), Kind.FAL: (1, 3)},
    Framework.EIDAS: {Kind.LOA: (1, 3), Kind.PROOFING: (1, 3), Kind.AUTHENTICATION: (1, 3)},
    Framework.NEW_ZEALAND: {Kind.IA: (1, 4), Kind.BA: (1, 4), Kind.AA: (1, 4)},
    Framework.JAPAN_2022: {Kind.IAL: (1, 3), Kind.AAL: (0, 3), Kind.FAL: (1, 3)},
}
"""The scales of each framework, each with its lowest and its highest level."""


def _name(framework: Framework, kind: Kind, value: int) -> str:
    return f"{kind.name}-{value}" if framework is Framework.JAPAN_2022 else f"{kind.name}{value}"


def _keys(framework: Framework) -> tuple[str, ...]:
    return (*ANY, *(question.key for question in questions(framework)))


def _impact(reading: Reading, key: str) -> Impact:
    return Impact[reading.choice(key, IMPACT_WORDS).upper()]


def _nist_63_3(answers: Answers) -> Assessment:
    reading = Reading(answers, allowed=_keys(Framework.NIST_63_3))
    impacts = nist_63_3.Impacts(**{key: _impact(reading, key) for key in nist_63_3.CATEGORIES})
    federated = reading.flag("federated")
    # What only a federation can have may be left out where there is none.
    assertion, front = (
        reading.flag(key) if federated or reading.given(key) else False
        for key in ("assertion_personal_information", "front_channel")
    )
    return nist_63_3.assess(
        impacts,
        nist_63_3.Circumstances(
            personal_information=reading.flag("personal_information"),
            validated_attributes=reading.flag("validated_attributes"),
            personal_information_online=reading.flag("personal_information_online"),
            federated=federated,
            assertion_personal_information=assertion,
            front_channel=front,
        ),
    )


def nist_63_4_statement(answers: Answers) -> nist_63_4.AcceptanceStatement:
    """The acceptance statement of one user group (NIST SP 800-63-4 §3.4.4); raises `InputInvalid` and its siblings."""
    reading = Reading(answers, allowed=(*_keys(Framework.NIST_63_4), "group", "tailoring"))
    impacts = nist_63_4.Impacts(**{key: _impact(reading, key) for key in nist_63_4.CATEGORIES})
    initial = nist_63_4.assess(
        impacts,
        nist_63_4.Circumstances(
            personal_information=reading.flag("personal_information"),
            validated_attributes=reading.flag("validated_attributes"),
            authentication=reading.flag("authentication"),
            personal_information_online=reading.flag("personal_information_online"),
            federated=reading.flag("federated"),
        ),
    )
    tailoring = tuple(_tailoring(change) for change in reading.objects("tailoring"))
    return nist_63_4.AcceptanceStatement(
        reading.text("group", ""), impacts, initial, nist_63_4.tailor(initial, tailoring), tailoring
    )


def _tailoring(change: Mapping[str, object]) -> nist_63_4.Tailoring:
    reading = Reading(
        change,
        allowed=("kind", "level", "rationale", "accepted_by", "compensating_controls", "residual_risk"),
    )
    level = None if change.get("level", 0) is None else int(reading.choice("level", ("1", "2", "3")))
    return nist_63_4.Tailoring(
        kind=Kind(reading.choice("kind", ("ial", "aal", "fal"))),
        level=level,
        rationale=reading.text("rationale", ""),
        accepted_by=reading.text("accepted_by", ""),
        compensating_controls=reading.words("compensating_controls"),
        residual_risk=reading.text("residual_risk", ""),
    )


def _eidas(answers: Answers) -> Assessment:
    reading = Reading(answers, allowed=(*_keys(Framework.EIDAS), "shown", "elements"))
    stated = Reading(reading.mapping("elements"), allowed=reading.mapping("elements"))
    words = ("none", *eidas.LEVELS)
    return eidas.assess(
        eidas.Person(reading.choice("person", [person.value for person in eidas.Person])),
        reading.words("shown"),
        {element: words.index(stated.choice(element, words)) for element in reading.mapping("elements")},
    )


def _new_zealand(answers: Answers) -> Assessment:
    reading = Reading(answers, allowed=(*ANY, "wrong_information", "wrong_link"))
    for key in ("wrong_information", "wrong_link"):
        if not reading.given(key):
            raise InputMissing(key=key)
    return new_zealand.assess(
        [_risk(loss) for loss in reading.objects("wrong_information")],
        [_risk(loss) for loss in reading.objects("wrong_link")],
    )


def _risk(loss: Mapping[str, object]) -> new_zealand.Risk:
    reading = Reading(loss, allowed=("loss", "impact", "likelihood"))
    return new_zealand.Risk(
        new_zealand.Impact(reading.choice("impact", [word.value for word in new_zealand.Impact])),
        new_zealand.Likelihood(reading.choice("likelihood", [word.value for word in new_zealand.Likelihood])),
    )


def _japan(answers: Answers) -> Assessment:
    reading = Reading(answers, allowed=(*_keys(Framework.JAPAN_2022), "options"))
    return japan.assess(
        japan.Practice(
            evidence=japan.Evidence(reading.choice("evidence", [word.value for word in japan.Evidence])),
            check=japan.Check(reading.choice("check", [word.value for word in japan.Check])),
            qualified_checker=reading.flag("qualified_checker"),
            factors=int(reading.choice("factors", ("0", "1", "2"))),
            hardware_token=reading.flag("hardware_token"),
            software_alternative=reading.flag("software_alternative"),
            authenticated_channel=reading.flag("authenticated_channel"),
            federation=japan.Federation(
                reading.choice("federation", [word.value for word in japan.Federation])
            ),
        ),
        _options(reading.mapping("options")),
    )


def _options(given: Mapping[str, object]) -> japan.Options:
    reading = Reading(given, allowed=japan.Options.__dataclass_fields__)
    return japan.Options(**{key: str(given[key]) for key in given if reading.given(key)})


_READERS: Mapping[Framework, Callable[[Answers], Assessment]] = {
    Framework.NIST_63_3: _nist_63_3,
    Framework.NIST_63_4: lambda answers: nist_63_4_statement(answers).tailored,
    Framework.EIDAS: _eidas,
    Framework.NEW_ZEALAND: _new_zealand,
    Framework.JAPAN_2022: _japan,
}
