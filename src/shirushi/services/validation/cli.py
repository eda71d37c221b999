"""`shirushi validate`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.catalogue import Language
from shirushi.core.document import Document
from shirushi.core.evidence import SignatureEvidence
from shirushi.core.instant import Instant, instant, rfc3339
from shirushi.core.representation import Representation, representation_of
from shirushi.core.verdict import Indication, SignatureVerdict, Verdict
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
    told,
)
from shirushi.rules.ades import PRESETS, ValidationPolicy
from shirushi.rules.ades.policy_file import preset, read_policy
from shirushi.services.validation.model import answer, report
from shirushi.services.validation.service import Validation

EXIT_STATUS = {
    Indication.TOTAL_PASSED: 0,
    Indication.INDETERMINATE: 10,
    Indication.TOTAL_FAILED: 20,
    None: 30,
}
"""What the command exits with; None stands for a document without signatures."""

_LOOK = {
    Indication.TOTAL_PASSED: ("✔", "bold green"),
    Indication.INDETERMINATE: ("？", "bold yellow"),
    Indication.TOTAL_FAILED: ("✘", "bold red"),
}


def commands(open_: Opener[Validation]) -> typer.Typer:
    """The commands of validation."""
    app = typer.Typer()

    @app.command()
    def validate(
        file: Annotated[Path, typer.Argument(help="The signed document")],
        content: ContentOption = None,
        record: Annotated[
            list[Path] | None,
            typer.Option("--record", help="An evidence record or time-stamp token over the document"),
        ] = None,
        trust: Annotated[
            list[Path] | None, typer.Option("--trust", help="Trust these certificates instead")
        ] = None,
        at: Annotated[str | None, typer.Option("--at", help="Validate as of this time (RFC 3339)")] = None,
        offline: Annotated[bool, typer.Option("--offline", help="Fetch nothing over the network")] = False,
        policy: Annotated[
            str, typer.Option("--policy", help="japan, eu, pki, or a policy file (TOML, JSON, DSS XML)")
        ] = "",
        data: DataOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Validate a document's signatures. Exits 0 passed, 10 indeterminate, 20 failed, 30 no signature."""
        with told(as_json=as_json):
            time = instant(at) if at else None
            with open_(data) as session:
                read = session.files.read
                covered = covered_by(file, content)
                verdict = session.service.validate(
                    session.actor,
                    read(file),
                    content=[read(path) for path in covered],
                    records=[read(path) for path in record or ()],
                    trust=[c for path in trust or () for c in certificates_in(read(path).read())],
                    at=time,
                    offline=offline,
                    policy=_policy(policy, read),
                )
        if as_json:
            say_json(report(verdict, language()))
        else:
            show(verdict, language())
        raise typer.Exit(EXIT_STATUS[verdict.indication])

    return app


def _policy(named: str, read: Callable[[Path], Document]) -> ValidationPolicy | None:
    """The preset of that name, or the policy in that file; None for the domain's own."""
    if not named:
        return None
    return preset(named) if named in PRESETS else read_policy(read(Path(named)).read())


def show(verdict: Verdict, tongue: Language) -> None:
    """Print the verdict for a person: the answer, then each signature's, then why, then what to do."""
    mark, style = _LOOK[verdict.indication] if verdict.indication else ("–", "bold")
    told = answer(verdict)
    say(f"[{style}]{mark} {escape(told.explain(tongue))}[/]")
    say(escape(f"  {told.remedy(tongue)}"))
    for signature in verdict.signatures:
        _show_signature(signature, verdict.validation_time, tongue)
    policy = choose("検証ポリシー", "Policy")
    say(escape(f"{policy}: {verdict.policy_name} (SHA-256 {verdict.policy_digest})"))
    if verdict.policy_unmapped:
        left = choose(
            "このポリシーのうち、ここでは確認していない項目", "Not checked here, though the policy says it"
        )
        say(escape(f"  {left}: {'; '.join(verdict.policy_unmapped)}"))


def _show_signature(verdict: SignatureVerdict, now: Instant, tongue: Language) -> None:
    mark, style = _LOOK[verdict.indication]
    sub_indication = f" / {verdict.sub_indication.value}" if verdict.sub_indication else ""
    say(f"[{style}]{mark} {verdict.indication.value}{sub_indication}[/]")
    evidence = verdict.signature
    unknown = choose("不明", "unknown")
    integrity = {
        True: choose("変更されていません", "not changed"),
        False: choose("変更されています", "changed"),
        None: unknown,
    }
    signer = evidence.signing_certificate.subject.text if evidence.signing_certificate else unknown
    proven = verdict.best_signature_time is not None and verdict.best_signature_time < now
    time = (
        rfc3339(verdict.best_signature_time or now)
        if proven
        else choose("今より前とは証明できません", "not proven before now")
    )
    alone = evidence.stands_alone
    who = choose("時刻を証明した者", "Who proves the time?") if alone else choose("署名者", "Who signed?")
    for question, found in (
        (choose("変更の有無", "Was it changed?"), integrity[evidence.integrity]),
        (who, signer),
        (choose("署名の種別", "In whose name?"), "" if alone else _name(evidence) or unknown),
        (
            choose("信頼の起点", "Do we trust the issuer?"),
            verdict.trust or choose("確認できません", "not established"),
        ),
        (choose("存在が証明された時刻", "When?"), time),
    ):
        if found:
            say(escape(f"  {question}: {found}"))
    if verdict.qualification:
        say(
            escape(
                f"  {choose('EU の適格性', 'Qualification in the EU')}: {verdict.qualification.conclusion.value}"
            )
        )
    level = f" {verdict.level.value}" if verdict.level else ""
    say(escape(f"  {choose('形式', 'Format')}: {evidence.format.value}{level}"))
    for reason in verdict.reasons:
        say(escape(f"  - {reason.explain(tongue)} [{reason.code}]"))
        say(escape(f"    → {reason.remedy(tongue)}"))
    stamps = (why for stamp in verdict.time_stamps for why in stamp.reasons)
    notes = (*verdict.warnings, *evidence.level_failings, *stamps)
    for reason in dict.fromkeys(each for each in notes if each not in verdict.reasons):
        say(escape(f"  ! {reason.explain(tongue)} [{reason.code}]"))
    for reason in verdict.information:
        say(escape(f"  i {reason.explain(tongue)} [{reason.code}]"))


def _name(evidence: SignatureEvidence) -> str:
    """In whose name the signature stands, in the user's language."""
    found = representation_of(evidence)
    if found is None:
        return ""
    match found.representation:
        case Representation.OWN:
            return choose("本人の電子署名（当事者型）", "the person’s own signature")
        case Representation.SEAL:
            return choose("eシール", "an e-seal")
        case Representation.ON_BEHALF:
            return choose(
                f"プラットフォームの eシール（立会人型）: {found.user} の指示による",
                f"a seal of the platform, on behalf of {found.user}",
            )
