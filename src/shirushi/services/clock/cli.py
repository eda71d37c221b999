"""`shirushi clock …`: how the clock stands; stop, return to service; time-audit records."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from shirushi.core.instant import rfc3339
from shirushi.core.reason import reason
from shirushi.faces.cli import DataOption, JsonOption, Opener, choose, language, say, say_json, told
from shirushi.services.clock.model import (
    ClockStatus,
    record_report,
    records_verification_report,
    status_report,
)
from shirushi.services.clock.service import ClockGuard

ReasonOption = Annotated[
    str, typer.Option("--reason", help="Why; it stands in the audit log", metavar="TEXT")
]


def commands(open_: Opener[ClockGuard]) -> typer.Typer:
    """The commands of the clock guard."""
    app = typer.Typer(
        name="clock", help="The clock that time-stamps are dated by, and its guard", no_args_is_help=True
    )

    @app.command()
    def status(data: DataOption = None, as_json: JsonOption = False) -> None:
        """Show how the clock stands. Exits 0 in service, 10 otherwise."""
        with told(as_json=as_json), open_(data) as session:
            session.service.look_once()
            found = session.service.status(session.actor)
        if as_json:
            say_json(status_report(found, language()))
        else:
            _show(found)
        raise typer.Exit(10 if found.code else 0)

    @app.command()
    def stop(why: ReasonOption, data: DataOption = None, as_json: JsonOption = False) -> None:
        """Have no more tokens made on this machine."""
        with told(as_json=as_json), open_(data) as session:
            session.service.stop(session.actor, why)
        if as_json:
            say_json({"stopped": True})
        else:
            say(choose("タイムスタンプの発行を停止しました。", "Time-stamping is stopped."))

    @app.command()
    def resume(why: ReasonOption, data: DataOption = None, as_json: JsonOption = False) -> None:
        """Return the clock to service after a stop, where it is fit for it."""
        with told(as_json=as_json), open_(data) as session:
            session.service.resume(session.actor, why)
        if as_json:
            say_json({"resumed": True})
        else:
            say(choose("時計の運用を再開しました。", "The clock is back in service."))

    @app.command()
    def records(
        before: Annotated[int | None, typer.Option("--before", help="Records before this number")] = None,
        limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 50,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Show time-audit records of this machine, newest first; with --json whole, with their signatures."""
        with told(as_json=as_json), open_(data) as session:
            found = session.service.records(session.actor, before=before, limit=limit)
        if as_json:
            say_json([record_report(record) for record in found])
            return
        for record in found:
            said = record.said
            numbers = f"{_ms(said.get('offset_ns'))} ± {_ms(said.get('bound_ns'))}"
            sources = ", ".join(f"{each['name']}: {each['standing']}" for each in said.get("sources", ()))
            say(escape(f"{record.number}  {rfc3339(record.at)}  {record.kind}  {numbers}  {sources}"))

    @app.command()
    def verify(data: DataOption = None, as_json: JsonOption = False) -> None:
        """Hold every time-audit record against its signature and the one before. Exits 0 intact, 20 otherwise."""
        with told(as_json=as_json), open_(data) as session:
            found = session.service.verify(session.actor)
        if as_json:
            say_json(records_verification_report(found, language()))
        elif found.intact:
            say(
                choose(
                    f"✔ 記録 {found.records} 件に異常はありません。", f"✔ {found.records} records, intact."
                )
            )
        for each in () if as_json else found.findings:
            say(escape(f"✘ {each.explain(language())} [{each.code}]"))
        raise typer.Exit(0 if found.intact else 20)

    return app


def _show(found: ClockStatus) -> None:
    cause = reason(found.code) if found.code else None
    state = {
        "in_service": choose("運用中", "in service"),
        "starting": choose("開始中", "starting"),
        "stopped": choose("停止中", "stopped"),
    }[found.state.name.lower()]
    mark, style = ("✔", "green") if cause is None else ("✘", "red")
    say(f"[bold {style}]{mark} {choose('時計', 'Clock')}: {state}[/]")
    if cause:
        say(escape(f"  {cause.explain(language())} [{cause.code}]"))
        say(escape(f"  → {cause.remedy(language())}"))
    accuracy = _ms(found.declared.accuracy)
    say(
        choose(
            f"  UTC との差 {_ms(found.offset)}、最大 {_ms(found.bound)}（宣言した精度 {accuracy}）",
            f"  offset of UTC {_ms(found.offset)}, at most {_ms(found.bound)} (declared: {accuracy})",
        )
    )
    nothing = choose("なし（試用のみ）", "nothing (for trials only)")
    say(escape(f"  {choose('トレーサビリティ', 'traceable to')}: {found.traceable_to or nothing}"))
    for source in status_report(found, language())["sources"]:
        standing = source["refused"] or source.get("standing", "-")
        numbers = f"{_ms(source.get('offset_ns'))} ± {_ms(source.get('error_ns'))}"
        say(escape(f"  - {source['name']} ({source['kind']} {source['address']}): {standing}, {numbers}"))


def _ms(span: int | None) -> str:
    return "-" if span is None else f"{span / 1e6:.3f} ms"
