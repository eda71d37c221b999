"""`shirushi demo`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from shirushi.adapters.data_directory import default_path
from shirushi.core.actor import Role
from shirushi.core.verdict import Indication, SubIndication
from shirushi.demo.documents import Outcome, judge_documents, make_documents
from shirushi.demo.establish import establish
from shirushi.demo.lists import publish_lists
from shirushi.demo.plan import Plan, load_plan
from shirushi.domain import open_domain
from shirushi.faces.cli import DataOption, JsonOption, choose, language, say, say_json, told
from shirushi.serve.cli import Place, run


def commands() -> typer.Typer:
    """The command of the demo."""
    app = typer.Typer()

    @app.command()
    def demo(
        once: Annotated[
            bool, typer.Option("--once", help="Exit 0 only if every document gets its declared verdict")
        ] = False,
        port: Annotated[int | None, typer.Option("--port", help="The port to serve on; 0: any")] = None,
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Make a trust domain, sign, seal and time-stamp documents in it, validate them, and serve."""
        path = data or default_path()
        plan = load_plan()
        with told(as_json=as_json):
            outcomes = _run(path, plan, quiet=as_json)
        if as_json:
            say_json([_as_data(outcome) for outcome in outcomes])
        else:
            _show(outcomes, path, hints=not once)
        if not all(outcome.as_declared for outcome in outcomes):
            raise typer.Exit(1)
        if not once:
            with told(as_json=as_json):
                tokens = _tokens(path, plan)
                run(Place(path, port=port), lambda address: _show_service(address, plan, tokens))

    return app


def _run(path: Path, plan: Plan, *, quiet: bool) -> list[Outcome]:
    """Make what is not there yet, then judge: to run the demo again judges the same documents again."""
    console = Console(stderr=True, highlight=False, quiet=quiet)
    with console.status(choose("トラスト基盤を作成しています", "Making a trust domain")) as status:
        tell = status.update
        if not (path / "shirushi.toml").exists():
            establish(path, plan, tell)
        folder = path / "documents"
        with open_domain(path) as domain:
            if not folder.exists():
                publish_lists(domain, plan, path, tell)
                make_documents(domain, plan, folder, tell)
            return list(judge_documents(domain, plan, folder))


def _tokens(path: Path, plan: Plan) -> dict[str, str]:
    """A token for the operator and for each person and company that can sign, good for a day."""
    with open_domain(path) as domain:
        create = partial(domain.ports.tokens.create, domain.actor, valid=timedelta(days=1))
        tokens = {"operator": create("operator", [Role.OPERATOR, Role.AUDITOR])}
        for account in plan.credentials:
            if "(" not in account:
                tokens[account] = create(account, [Role.SIGNER])
        return tokens


def _show_service(address: str, plan: Plan, tokens: dict[str, str]) -> None:
    say(choose(f"\n[bold]{address}[/] でサービスを開始しました。", f"\nServing at [bold]{address}[/]"))
    for account, token in tokens.items():
        credential = plan.credentials.get(account)
        pin = credential and plan.keys[credential.certificate].pin
        say(f"  {account}" + (f"  PIN {pin}" if pin else ""))
        say(f"    {choose('トークン', 'token')} {token}")
    say(choose("Ctrl-C で停止します。", "Ctrl-C stops it."))


def _show(outcomes: list[Outcome], path: Path, *, hints: bool) -> None:
    for outcome in outcomes:
        mark = "[green]✔[/]" if outcome.as_declared else "[red]✘[/]"
        verdict = outcome.verdict
        say(f"{mark} {outcome.plan.file:<28} [bold]{_verdict(verdict.indication, verdict.sub_indication)}[/]")
        for reason in verdict.reasons[:1]:
            say(escape(f"    {reason.explain(language())}"))
        for each in outcome.equivalences:
            what = f"{each.native.party} {each.native.conclusion or '-'}"
            counts = each.grade or choose("同等と認められません", each.verdict.value)
            say(escape(f"    {what} → {each.recognising}: {counts}"))
    if not hints:
        return
    say(
        choose(
            f"\n文書は {path}/documents にあります。お試しください:",
            f"\nThe documents are in {path}/documents. Try:",
        )
    )
    say(f"  shirushi validate {path}/documents/signed-after-revocation.pdf --data {path}")
    say(f"  shirushi sign {path}/documents/contract.signed.pdf --as alice@example.jp --pin - --data {path}")


def _verdict(indication: Indication | None, sub_indication: SubIndication | None) -> str:
    words = indication.value if indication else choose("署名なし", "no signature")
    return f"{words} / {sub_indication.value}" if sub_indication else words


def _as_data(outcome: Outcome) -> dict[str, object]:
    verdict, expected = outcome.verdict, outcome.plan.expect
    return {
        "file": str(outcome.path),
        "indication": verdict.indication.value if verdict.indication else None,
        "sub_indication": verdict.sub_indication.value if verdict.sub_indication else None,
        "declared": {
            "indication": expected.indication.value,
            "sub_indications": [sub_indication.value for sub_indication in expected.sub_indications],
        },
        "equivalents": [
            {
                "from": each.native.party,
                "party": each.recognising,
                "native": each.native.conclusion,
                "verdict": each.verdict.value,
                "grade": str(each.grade) if each.grade else None,
            }
            for each in outcome.equivalences
        ],
        "as_declared": outcome.as_declared,
    }
