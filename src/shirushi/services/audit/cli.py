"""`shirushi audit …`: verify the log, look into it, make a checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from shirushi.core.instant import instant, rfc3339
from shirushi.faces.cli import DataOption, JsonOption, Opener, choose, language, say, say_json, told
from shirushi.services.audit.model import AuditVerification, record_report, verification_report
from shirushi.services.audit.service import AuditService


def commands(open_: Opener[AuditService]) -> typer.Typer:
    """The commands of the audit log."""
    app = typer.Typer(name="audit", help="Verify the audit log, look into it", no_args_is_help=True)

    @app.command()
    def verify(
        checkpoints: Annotated[
            Path | None,
            typer.Option("--checkpoints", help="Checkpoints that were kept elsewhere (JSON lines)"),
        ] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Hold every record against the chain and its checkpoints. Exits 0 intact, 20 if anything was tampered with."""
        with told(as_json=as_json), open_(data) as session:
            kept = session.files.read(checkpoints).read().decode().splitlines() if checkpoints else None
            found = session.service.verify(session.actor, kept)
        if as_json:
            say_json(verification_report(found, language()))
        else:
            _show(found)
        raise typer.Exit(0 if found.intact else 20)

    @app.command()
    def search(
        action: Annotated[str | None, typer.Option("--action", help="Such as tsa.stamp")] = None,
        subject: Annotated[str | None, typer.Option("--subject", help="What it was done to")] = None,
        digest: Annotated[
            str | None,
            typer.Option("--digest", help="What was stamped, or the token's own digest, in hexadecimal"),
        ] = None,
        chains: Annotated[bool, typer.Option("--chains", help="Look into the lanes' chains")] = False,
        since: Annotated[str | None, typer.Option("--since", help="From this time on (RFC 3339)")] = None,
        until: Annotated[str | None, typer.Option("--until", help="Before this time (RFC 3339)")] = None,
        before: Annotated[int | None, typer.Option("--before", help="Records before this number")] = None,
        limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 50,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Show records, newest first."""
        with told(as_json=as_json), open_(data) as session:
            page = session.service.search(
                session.actor,
                before=before,
                limit=limit,
                action=action,
                subject=subject,
                digest=digest,
                chains=chains,
                since=instant(since) if since else None,
                until=instant(until) if until else None,
            )
        if as_json:
            say_json({"records": [record_report(r) for r in page.records], "next_before": page.next_before})
            return
        for record in page.records:
            at = rfc3339(record.at) if record.at else "?"
            say(
                escape(
                    f"{record.id}  {at}  {record.actor}  {record.action}  {record.subject}  {record.outcome}"
                )
            )

    @app.command()
    def checkpoint(data: DataOption = None, as_json: JsonOption = False) -> None:
        """Sign and time-stamp a statement over the log as it stands, and export it."""
        with told(as_json=as_json), open_(data) as session:
            made = session.service.checkpoint(session.actor)
        if as_json:
            say_json({"number": made.number if made else None})
        elif made:
            say(choose(f"チェックポイント {made.number} を作成しました。", f"Checkpoint {made.number} made."))
        else:
            say(choose("前回から変更はありません。", "Nothing has happened since the last one."))

    return app


def _show(found: AuditVerification) -> None:
    style, verdict = (
        ("green", choose("✔ 監査ログは改ざんされていません。", "✔ The audit log is intact."))
        if found.intact
        else ("red", choose("✘ 監査ログに改ざんがあります。", "✘ The audit log was tampered with."))
    )
    say(f"[bold {style}]{verdict}[/]")
    say(
        choose(
            f"  記録 {found.records} 件、連鎖済み {found.linked} 件、チェックポイントで保証 {found.bound} 件",
            f"  {found.records} records, {found.linked} linked, {found.bound} under a checkpoint",
        )
    )
    for chain in found.chains:
        if chain.kept_on:
            say(
                escape(
                    choose(
                        f"  {chain.name}: {chain.kept_on} にあります（{chain.promised} 件）。そのマシンで検証してください。",
                        f"  {chain.name}: kept on {chain.kept_on} ({chain.promised} records); verify it there.",
                    )
                )
            )
            if not chain.records:
                continue
        say(
            escape(
                choose(
                    f"  {chain.name}: 記録 {chain.records} 件、チェックポイントで保証 {chain.bound} 件",
                    f"  {chain.name}: {chain.records} records, {chain.bound} under a checkpoint",
                )
            )
        )
    for finding in found.findings:
        place = f"{finding.chain}: " if finding.chain else ""
        say(escape(f"  - {place}{finding.reason.explain(language())} [{finding.reason.code}]"))
        say(escape(f"    → {finding.reason.remedy(language())}"))
