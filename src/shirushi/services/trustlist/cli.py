"""`shirushi trust`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.instant import Instant, instant, rfc3339
from shirushi.core.recognition import Equivalence, EquivalenceVerdict, Grade
from shirushi.core.trusted_list import in_language
from shirushi.faces.cli import (
    ContentOption,
    DataOption,
    JsonOption,
    Opener,
    choose,
    covered_by,
    language,
    say,
    say_json,
    say_table,
    told,
    with_progress,
)
from shirushi.ports.trust import Validator
from shirushi.rules.lists import ListJudgement, ListSignature
from shirushi.services.trustlist.model import (
    Explanation,
    ListStanding,
    agreements_report,
    explanation_report,
    report,
    standing_report,
    totals,
)
from shirushi.services.trustlist.service import ListPublishing, TrustedLists

REJECTED = 20
"""What `trust load` exits with where a list was rejected."""

_LOOK = {
    ListSignature.VERIFIED: ("✔", "bold green"),
    ListSignature.UNANCHORED: ("？", "bold yellow"),
    ListSignature.REJECTED: ("✘", "bold red"),
}


def commands(
    open_: Opener[TrustedLists], open_validator: Opener[Validator], open_publisher: Opener[ListPublishing]
) -> typer.Typer:
    """The commands of trusted lists. `open_validator` gives what judges a document that is to be explained."""
    trust = typer.Typer(no_args_is_help=True, help="Trusted lists: load, show, ask what was true at a date.")

    @trust.command()
    def load(
        files: Annotated[
            list[Path], typer.Argument(help="Trusted lists, lists of lists and pivots, in XML or JSON")
        ],
        anchor: Annotated[
            list[Path] | None,
            typer.Option("--anchor", help="A certificate that signs lists of lists, as published officially"),
        ] = None,
        at: Annotated[
            str | None,
            typer.Option("--at", help="Judge for this time (RFC 3339) [each list at its own issue]"),
        ] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Judge lists together and keep those that are verified. Exits 20 where one was rejected."""
        with told(as_json=as_json):
            time = instant(at) if at else None
            with open_(data) as session:
                read = session.files.read
                anchors = [found for path in anchor or () for found in certificates_in(read(path).read())]
                documents = [read(path) for path in with_progress(files, len(files), "lists")]
                judgements = session.service.load(session.actor, documents, anchors=anchors, at=time)
        if as_json:
            say_json(report(judgements, language()))
        else:
            _show(judgements)
        if any(each.signature is ListSignature.REJECTED for each in judgements):
            raise typer.Exit(REJECTED)

    @trust.command()
    def show(data: DataOption = None, as_json: JsonOption = False) -> None:
        """Show which lists are held: territory, number, issue, when the next is due, and the snapshot's digest."""
        with told(as_json=as_json), open_(data) as session:
            rows = [
                {
                    "territory": held.snapshot.territory,
                    "sequence": held.snapshot.sequence,
                    "issued": rfc3339(held.snapshot.issued),
                    "next_update": _when(held.snapshot.next_update),
                    "providers": len(held.trusted_list.providers),
                    "services": len(held.trusted_list.services),
                    "digest": held.snapshot.digest,
                }
                for held in session.service.lists(session.actor)
            ]
        if as_json:
            say_json({"lists": rows})
            return
        if not rows:
            say(choose("保持しているリストはありません。", "No list is held."))
            return
        headings = choose(
            "地域 番号 発行 次回更新 事業者 サービス SHA-256",
            "territory number issued next-update providers services SHA-256",
        )
        say_table(headings.split(), (tuple(row.values()) for row in rows))

    @trust.command()
    def refresh(data: DataOption = None, as_json: JsonOption = False) -> None:
        """Look up the configured lists of lists and what they lead to now. Exits 20 where anything failed."""
        with told(as_json=as_json), open_(data) as session:
            done = session.service.refresh(session.actor)
            found = session.service.standings(session.actor)
        if as_json:
            say_json({"lists": [standing_report(each, language()) for each in found]})
        else:
            for each in found:
                _show_standing(each)
        if any(each.failed for each in done):
            raise typer.Exit(REJECTED)

    @trust.command("at")
    def at_(
        territory: Annotated[str, typer.Argument(help="The territory's code, such as AT or JP")],
        date: Annotated[str, typer.Argument(help="The time that is asked about (RFC 3339)")],
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Say what every service of a territory was at a date: type, status, and since when."""
        with told(as_json=as_json), open_(data) as session:
            found = session.service.services(session.actor, territory, at=instant(date))
            rows = [
                {
                    "provider": in_language(provider.names, language()),
                    "service": in_language(period.names, language()),
                    "type": period.service_type,
                    "status": period.status,
                    "since": rfc3339(period.start),
                    "until": _when(service.end_of(period)),
                }
                for provider, service, period in found
            ]
        if as_json:
            say_json({"territory": territory.upper(), "at": date, "services": rows})
            return
        headings = choose("事業者 サービス 種別 状態 開始", "provider service type status since").split()
        shown = (
            (
                r["provider"],
                r["service"],
                *(str(r[name]).rpartition("/")[2] for name in ("type", "status")),
                r["since"],
            )
            for r in rows
        )
        say_table(headings, shown)

    @trust.command()
    def explain(
        file: Annotated[Path, typer.Argument(help="The signed document")],
        content: ContentOption = None,
        at: Annotated[str | None, typer.Option("--at", help="Validate as of this time (RFC 3339)")] = None,
        offline: Annotated[bool, typer.Option("--offline", help="Fetch nothing over the network")] = False,
        party: Annotated[
            str, typer.Option("--party", help="Whose equivalents are asked for [the configuration's]")
        ] = "",
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Explain what each signature of a document is qualified as, step by step, and what would have changed it.

        Where another country's services made it, say whether it is equivalent to ours, and at which level.
        """
        with told(as_json=as_json):
            time = instant(at) if at else None
            with open_validator(data) as session:
                read = session.files.read
                verdict = session.service.validate(
                    session.actor,
                    read(file),
                    content=[read(path) for path in covered_by(file, content)],
                    at=time,
                    offline=offline,
                )
            with open_(data) as session:
                asked = (
                    session.service.explain(session.actor, each, verdict.validation_time, party=party)
                    for each in verdict.signatures
                )
                found = [each for each in asked if each is not None]
        if as_json:
            say_json({"signatures": [explanation_report(each, language()) for each in found]})
            return
        for each in found:
            _show_explanation(each)
        if not found:
            say(
                choose(
                    "リストに照らして判断できる署名はありません。",
                    "There is no signature that the lists could be asked about.",
                )
            )

    @trust.command()
    def agreements(
        at: Annotated[
            str | None, typer.Option("--at", help="Say what counts at this time (RFC 3339)")
        ] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """List the agreements of mutual recognition: parties, legal basis, dates, and what counts as what."""
        with told(as_json=as_json), open_(data) as session:
            time = instant(at) if at else datetime.now(UTC)
            rows = agreements_report(session.service.agreements(session.actor), time, language())
        if as_json:
            say_json({"at": rfc3339(time), "agreements": rows})
            return
        for row in rows:
            _show_agreement(row)
        if not rows:
            say(choose("協定はありません。", "There is no agreement."))

    @trust.command()
    def sign(
        file: Annotated[
            Path, typer.Argument(help="The list's draft (TOML); files that it names lie beside it")
        ],
        by: Annotated[str, typer.Option("--by", help="The seal that signs it, by its registered name")],
        out: Annotated[Path | None, typer.Option("--out", help="Where it goes [FILE.xml]")] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Build and sign a trusted list of ours; it is read back as others would before it is written."""
        target = out or file.with_suffix(".xml")
        with told(as_json=as_json), open_publisher(data) as session:
            files = session.files
            signed = session.service.publish_draft(
                session.actor,
                files.read(file),
                by,
                lambda name: files.read(file.parent / name).read(),
                target.name,
            )
            files.write(signed, target)
            digest = signed.digest(DigestAlgorithm.SHA256).value.hex()
        if as_json:
            say_json({"file": str(target), "digest": digest})
        else:
            say(escape(f"{target}  {digest}"))

    app = typer.Typer()
    app.add_typer(trust, name="trust")
    return app


def _when(value: Instant | None) -> str | None:
    return rfc3339(value) if value else None


def _show(judgements: tuple[ListJudgement, ...]) -> None:
    for each in judgements:
        mark, style = _LOOK[each.signature]
        found = each.candidate.trusted_list
        what = f"{found.territory} {found.sequence}" if found else "-"
        say(f"[{style}]{mark} {each.signature.value}[/]  {escape(f'{each.candidate.name}  {what}')}")
        for reason in each.reasons:
            say(escape(f"    - {reason.explain(language())} [{reason.code}]"))
            say(escape(f"      → {reason.remedy(language())}"))
    counted = totals(judgements)
    say(
        choose(
            f"リスト {counted.lists} 件（署名が正しいもの {counted.verified}、信頼の起点に至るもの {counted.pinned}）、"
            f"事業者 {counted.providers}、サービス {counted.services}、過去の状態 {counted.history}",
            f"{counted.lists} lists ({counted.verified} with a good signature, {counted.pinned} pinned), "
            f"{counted.providers} providers, {counted.services} services, {counted.history} past periods",
        )
    )


def _show_standing(standing: ListStanding) -> None:
    held, place = standing.held, standing.place
    light = ListSignature.VERIFIED if standing.counts else ListSignature.UNANCHORED
    mark, style = _LOOK[light]
    edition = f"{held.sequence}  {rfc3339(held.issued)} – {_when(held.next_update) or '-'}" if held else "-"
    say(f"[{style}]{mark}[/]  {escape(f'{standing.territory}  {edition}')}")
    if place and place.failing:
        for reason in place.failure:
            say(escape(f"    - {reason.explain(language())} [{reason.code}]"))
            say(escape(f"      → {reason.remedy(language())}"))


_MARK = {True: "✔", False: "✘", None: "？"}


def _show_explanation(explanation: Explanation) -> None:
    tongue, found = language(), explanation.qualification
    by_eu = choose("EU の適格性", "Qualification in the EU")
    say(escape(f"{by_eu}: {found.conclusion.value}  ({explanation.verdict.indication.value})"))
    both = (
        (choose("証明書の発行時", "When the certificate was issued"), found.at_issuance),
        (choose("署名の存在が証明された時点", "When the signature is proven"), found.at_best_signature_time),
    )
    parts = [(f"{title}: {rfc3339(part.at)}", part.steps) for title, part in both]
    stamps = (choose("タイムスタンプ", "Time-stamps"), found.steps)
    for title, steps in [stamps] if explanation.verdict.signature.stands_alone else [*parts, stamps]:
        if steps:
            say(escape(f"  {title}"))
        for step in steps:
            say(escape(f"    {_MARK[step.passed]} {step.reason.explain(tongue)} [{step.clause}]"))
    for each in explanation.snapshots:
        say(escape(f"  {choose('根拠のリスト', 'List')}: {each.territory} {each.sequence}  {each.digest}"))
    for said, conclusion in explanation.alternatives:
        say(escape(f"  {said.explain(tongue)}: {conclusion.value}"))
    for standing in explanation.standings:
        by = choose(f"{standing.party.ja}の制度では", f"By the rules of {standing.party.en}")
        say(escape(f"  {by}: {standing.words(tongue)}  ({standing.native.kind.value})"))
        for step in standing.native.steps:
            say(escape(f"    {_MARK[step.passed]} {step.reason.explain(tongue)} [{step.clause}]"))
    for answer in explanation.equivalences:
        _show_equivalence(answer)


_ANSWERS = {
    EquivalenceVerdict.EQUIVALENT: ("✔", "同等", "equivalent to"),
    EquivalenceVerdict.NOT_EQUIVALENT: ("✘", "同等と認められません", "not equivalent"),
    EquivalenceVerdict.UNDECIDED: ("？", "判断できません", "undecided"),
}


def _show_equivalence(answer: Equivalence) -> None:
    tongue, native = language(), answer.native
    mark, *words = _ANSWERS[answer.verdict]
    what = f"{native.party} {native.conclusion or '-'} → {answer.recognising}"
    graded = f" {answer.grade}" if answer.grade else ""
    say(escape(f"  {mark} {what}: {choose(*words)}{graded}  ({native.kind.value} {native.subject[:16]})"))
    for step in answer.steps:
        say(escape(f"    {_MARK[step.passed]} {step.reason.explain(tongue)} [{step.clause}]"))
    for digest in answer.snapshots:
        say(escape(f"    {choose('根拠', 'Rests on')}: {digest}"))
    for said, verdict, grade in answer.alternatives:
        _, *other = _ANSWERS[verdict]
        say(escape(f"    {said.explain(tongue)}: {choose(*other)}{f' {grade}' if grade else ''}"))


def _show_agreement(row: dict[str, Any]) -> None:
    until = row["repealed_at"] or row["valid_until"] or ""
    say(
        escape(f"{row['id']}  {' – '.join(row['parties'])}  {row['standing']}  {row['valid_from']} – {until}")
    )
    say(escape(f"  {row['legal_basis']}"))
    for pair in row["pairs"]:
        grade = Grade(pair["service"], pair["level"] or "")
        native = " / ".join(pair["native"])
        say(escape(f"  {pair['rank']}  {pair['from']} {native} → {pair['to']} {grade}  [{pair['id']}]"))
