"""`shirushi assurance …`: assess, compare, advise. It needs no data directory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Annotated, Any

import typer
from rich.markup import escape

from shirushi.core.errors import ShirushiError
from shirushi.faces.cli import JsonOption, Opener, choose, language, say, say_json, told
from shirushi.rules.assurance import Abroad, Assessment, Framework, Kind, Step, TableMark, Weight, Who
from shirushi.services.assurance.model import FitGapResult, InputMalformed, PortfolioEntry
from shirushi.services.assurance.service import (
    ASSESSABLE,
    AssuranceService,
    advice_values,
    assessment_values,
    entry_values,
    fit_gap_values,
    table_values,
)

MALFORMED = 2
"""The exit status where at least one line could not be answered."""

Assessable = Enum("Assessable", {one.name: one.value for one in ASSESSABLE})  # type: ignore[misc]  # typer reads members
Target = Enum("Target", {one.name: one.value for one in Framework})  # type: ignore[misc]  # typer reads members

FrameworkOption = Annotated[Assessable, typer.Option("--framework", help="The framework, in its revision")]
LinesOption = Annotated[bool, typer.Option("--json", help="Answer each line with one line of JSON")]
ExplainOption = Annotated[
    bool, typer.Option("--explain", help="Print the reasoning for a person (with --json: on standard error)")
]


def commands(open_: Opener[AssuranceService]) -> typer.Typer:
    """The commands of assurance. They open no trust domain: `open_` is called without a directory."""
    app = typer.Typer(
        name="assurance",
        help="Which level is needed, is it there, and which trust service do I need?",
        no_args_is_help=True,
    )

    @app.command()
    def assess(
        framework: FrameworkOption, as_json: LinesOption = False, explain: ExplainOption = False
    ) -> None:
        """Read JSON lines on standard input, and answer each with its levels.

        nist-sp800-63-3: reputation, finance, programs, information, safety, legal (none, low, moderate, high);
        personal_information, validated_attributes, personal_information_online, federated,
        assertion_personal_information, front_channel (true, false).

        nist-sp800-63-4, one user group a line: mission, reputation, information, finance, safety (none, low, moderate,
        high); personal_information, validated_attributes, authentication, personal_information_online, federated;
        optional: group, tailoring (list of kind, level, rationale, accepted_by, compensating_controls, residual_risk).

        eidas: person (natural, legal, representative); shown (list of facts); elements (found levels, such as "2.4.1": "high").

        nz: wrong_information, wrong_link (lists of impact and likelihood, optionally loss).

        jp-2022: evidence, check, qualified_checker, factors, hardware_token, software_alternative,
        authenticated_channel, federation; optional: options (the draft's open points).

        Under each of them: facets (list of what was done) instead, for the levels that this reaches. Any line may carry
        an id, which its answer repeats. A line that cannot be read is answered with an error and the exit status at the
        end is 2; the other lines are answered all the same. docs/assurance.md describes every key.
        """
        chosen = Framework(framework.value)

        def answer(service: AssuranceService, session: Any, line: dict[str, Any]) -> Assessment:
            return service.assess(session.actor, chosen, line)

        _lines(
            open_,
            answer,
            values=lambda found: assessment_values(found, language()),
            show=lambda found: _show_assessment(found, explain=explain),
            explain=(lambda found: _explain(found.trace, found.unverified, to_error=True))
            if explain
            else None,
            as_json=as_json,
        )

    @app.command("fit-gap")
    def fit_gap(framework: FrameworkOption, as_json: LinesOption = False) -> None:
        """Read JSON lines with "needed" and "in_place", and answer each with the gaps.

        Each side is {"levels": {"ial": 3, "aal": 2}}, or what `assess` takes, or {"facets": […]}. Lines that cannot be
        read are handled as by `assess`.
        """
        chosen = Framework(framework.value)

        def answer(service: AssuranceService, session: Any, line: dict[str, Any]) -> FitGapResult:
            return service.fit_gap(session.actor, chosen, line)

        _lines(
            open_,
            answer,
            values=_fit_gap,
            show=_show_fit_gap,
            as_json=as_json,
        )

    @app.command("which-service")
    def which_service(
        who: Annotated[Who, typer.Option("--who", help="Whose act must be shown")] = Who.NOBODY,
        unchanged: Annotated[bool, typer.Option("--unchanged", help="That it was not changed")] = False,
        when: Annotated[bool, typer.Option("--when", help="At what time it existed")] = False,
        arrived: Annotated[bool, typer.Option("--arrived", help="That it was sent and received")] = False,
        kept_years: Annotated[
            int, typer.Option("--kept-years", min=0, max=1000, help="For how many years")
        ] = 0,
        abroad: Annotated[Abroad, typer.Option("--abroad", help="Where beside Japan")] = Abroad.NO,
        weight: Annotated[Weight, typer.Option("--weight", help="What hangs on it")] = Weight.IMPORTANT,
        as_json: JsonOption = False,
    ) -> None:
        """From what must be shown later to the trust services that show it, with their legal effects."""
        with told(as_json=as_json), open_(None) as session:
            advice = session.service.which_service(
                session.actor,
                {
                    "who": who.value,
                    "unchanged": unchanged,
                    "when": when,
                    "arrived": arrived,
                    "kept_years": kept_years,
                    "abroad": abroad.value,
                    "weight": weight.value,
                },
            )
        values = advice_values(advice, language())
        if as_json:
            say_json(values)
            return
        for service in values["services"]:
            level = f"  {service['signature_level']}" if service["signature_level"] else ""
            say(f"[bold]{_service_name(service['service'])}[/]{level}")
            for step in service["why"]:
                say(escape(f"  - {step['text']}"))
            for effect in service["effects"]:
                mark = "" if effect["verified"] else choose("（未照合）", " (not verified)")
                say(escape(f"  {effect['jurisdiction'].upper()} {effect['level']}: {effect['text']}"))
                say(escape(f"     {effect['source']}{mark}"))
        for note in values["notes"]:
            say(escape(f"! {note['text']}"))
            say(escape(f"  → {note['remedy']}"))
        _mark(mark for mark in advice.tables if not mark.verified)

    @app.command()
    def portfolio(
        case: Annotated[str | None, typer.Option("--case", help="One use case alone")] = None,
        as_json: JsonOption = False,
    ) -> None:
        """Show the use cases: what each needs, what is in place, and the gap."""
        with told(as_json=as_json), open_(None) as session:
            entries = session.service.portfolio(session.actor, case)
        if as_json:
            say_json({"use_cases": [entry_values(entry, language()) for entry in entries]})
            return
        for entry in entries:
            _show_entry(entry, whole=case is not None)
        _mark({mark.id: mark for e in entries for found in e.practice for mark in found.unverified}.values())

    @app.command("map")
    def map_(
        framework: FrameworkOption,
        scale: Annotated[Kind, typer.Option("--scale", help="The scale of the level")],
        level: Annotated[str, typer.Option("--level", help="The level: its number, or eIDAS's word")],
        to: Annotated[Target, typer.Option("--to", help="The framework to carry it over to")],
        as_json: JsonOption = False,
    ) -> None:
        """Carry a level over to another framework, and say what is lost."""
        value: object = int(level) if level.isdecimal() else level
        with told(as_json=as_json), open_(None) as session:
            source = session.service.level(session.actor, Framework(framework.value), scale.value, value)
            mapped = session.service.carry(session.actor, source, Framework(to.value))
        if as_json:
            say_json(
                {
                    "mapping": mapped.mapping,
                    "from": source.name,
                    "to": mapped.target.name,
                    "scale": mapped.target.kind.value,
                    "loses": [{"code": why.code, "text": why.explain(language())} for why in mapped.loses],
                    "source": mapped.citation.text(language()),
                    "unverified": [] if mapped.table.verified else [table_values(mapped.table, language())],
                }
            )
            return
        say(escape(f"{source.name} → {mapped.target.name}  [{mapped.mapping}]"))
        for why in mapped.loses:
            say(escape(f"  - {why.explain(language())}"))
        _mark([] if mapped.table.verified else [mapped.table])

    @app.command()
    def tables(as_json: JsonOption = False) -> None:
        """Show every table with its version, its source and whether it was verified."""
        with told(as_json=as_json), open_(None) as session:
            marks = session.service.tables(session.actor)
        if as_json:
            say_json({"tables": [table_values(mark, language()) for mark in marks]})
            return
        for mark in marks:
            verified = choose("照合済み", "verified") if mark.verified else choose("未照合", "not verified")
            say(escape(f"{mark.id} {mark.version}  {verified}  {mark.document(language())}"))
            say(escape(f"  {mark.checked(language())}"))

    return app


def _lines(
    open_: Opener[AssuranceService],
    answer: Callable[[AssuranceService, Any, dict[str, Any]], Any],
    *,
    values: Callable[[Any], dict[str, Any]],
    show: Callable[[Any], None],
    as_json: bool,
    explain: Callable[[Any], None] | None = None,
) -> None:
    """Answer every line of standard input; exit with `MALFORMED` at the end if any could not be answered."""
    malformed = False
    with open_(None) as session:
        for raw in _standard_input():
            line: dict[str, Any] = {}
            try:
                line = _parse(raw)
                found = answer(session.service, session, line)
            except ShirushiError as error:
                malformed = True
                _say_error(error, line, as_json=as_json)
                continue
            if as_json:
                _say_line({**_identified(line), **values(found)})
                if explain:
                    explain(found)
            else:
                show(found)
    if malformed:
        raise typer.Exit(MALFORMED)


def _standard_input() -> Iterator[bytes]:
    for raw in typer.get_binary_stream("stdin"):
        if raw.strip():
            yield raw


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        line = json.loads(raw.decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise InputMalformed(detail=error) from error
    if not isinstance(line, dict):
        raise InputMalformed(detail=f"{type(line).__name__} ≠ object")
    return line


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, in which no key may stand twice: which of the two was meant?"""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _identified(line: dict[str, Any]) -> dict[str, Any]:
    return {key: line[key] for key in ("id", "group") if key in line}


def _say_line(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def _say_error(error: ShirushiError, line: dict[str, Any], *, as_json: bool) -> None:
    words = {
        "code": error.code,
        "message": error.explain(language()),
        "remedy": error.remedy(language()),
    }
    if as_json:
        _say_line({**_identified(line), "error": words})
    else:
        say(f"[bold red]{error.code}[/]  {escape(words['message'])}")
        say(f"  → {escape(words['remedy'])}")


def _show_assessment(found: Assessment, *, explain: bool) -> None:
    levels = "  ".join(level.name for level in found.levels)
    say(f"[bold]{escape(levels)}[/]")
    if explain:
        _explain(found.trace, found.unverified)
    else:
        _mark(found.unverified)


def _explain(trace: Iterable[Step], unverified: Iterable[TableMark], *, to_error: bool = False) -> None:
    """The reasoning, one step a line with its source."""
    for step in trace:
        text = f"  - {step.explain(language())}  [{step.citation.text(language())}]"
        if to_error:
            typer.echo(text, err=True)
        else:
            say(escape(text))
    if not to_error:
        _mark(unverified)
        return
    for mark in unverified:
        typer.echo(f"  ! {_unverified(mark)}", err=True)


def _mark(unverified: Iterable[TableMark]) -> None:
    for mark in unverified:
        say(f"[yellow]![/] {escape(_unverified(mark))}")


def _unverified(mark: TableMark) -> str:
    return choose(
        f"未照合の表に基づきます: {mark.id}（{mark.checked('ja')}）",
        f"Rests on a table that was not verified: {mark.id} ({mark.checked('en')})",
    )


def _fit_gap(found: FitGapResult) -> dict[str, Any]:
    values = fit_gap_values(found.fit_gap, language())
    unverified = {
        mark.id: table_values(mark, language())
        for side in (found.needed, found.in_place)
        if side
        for mark in side.unverified
    }
    return {**values, "unverified": [*unverified.values()]} if unverified else values


def _show_fit_gap(found: FitGapResult) -> None:
    for gap in found.fit_gap.gaps:
        say(escape(f"{gap.needed.name} ← {gap.in_place.name}: {gap.reason.explain(language())}"))
        say(escape(f"  → {gap.reason.remedy(language())}"))
    _mark(
        {
            mark.id: mark for side in (found.needed, found.in_place) if side for mark in side.unverified
        }.values()
    )


def _show_entry(entry: PortfolioEntry, *, whole: bool) -> None:
    case = entry.use_case
    say(f"[bold]{escape(case.id)}[/]  {escape(case.title(language()))}")
    if entry.needed:
        names = " ".join(level.name for level in entry.needed.levels)
        say(escape(f"  {choose('必要', 'needed')}: {names}"))
    for found in entry.practice if whole else ():
        names = " ".join(level.name for level in found.levels)
        say(escape(f"  {choose('現状', 'in place')}: {found.framework.value} {names}"))
    for gap in entry.fit_gap.gaps if entry.fit_gap else ():
        say(escape(f"  {gap.reason.explain(language())}"))
    for one in entry.advice.recommendations if entry.advice else ():
        effects = ", ".join(f"{effect.jurisdiction.value.upper()} {effect.level}" for effect in one.effects)
        say(escape(f"  {_service_name(one.service.value)}: {effects}"))


def _service_name(service: str) -> str:
    return {
        "signature": choose("電子署名", "Electronic signature"),
        "seal": choose("e シール", "Electronic seal"),
        "time-stamp": choose("タイムスタンプ", "Time-stamp"),
        "delivery": choose("電子配達（e デリバリー）", "Electronic registered delivery"),
        "preservation": choose("長期保存", "Preservation"),
    }[service]
