"""The demo's trusted lists: drafts beside this module, built, sealed, and loaded as a relying party would."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from shirushi.adapters.files import write_document
from shirushi.core.document import document
from shirushi.demo.establish import Tell
from shirushi.demo.plan import Plan
from shirushi.domain import Domain
from shirushi.rules.lists import ListSignature


def publish_lists(domain: Domain, plan: Plan, path: Path, tell: Tell) -> None:
    """Publish every list of the plan into `trust/lists`, and load them together; the first one's signer is pinned."""
    folder, certificates = path / "trust" / "lists", path / "certificates"
    folder.mkdir(mode=0o700, exist_ok=True)
    published = []
    for planned in plan.lists:
        tell(f"{planned.draft}.xml: {planned.by}")
        content = (files(__name__) / f"{planned.draft}.toml").read_bytes()
        draft = document(content, f"{planned.draft}.toml", "application/toml")
        signed = domain.list_publishing.publish_draft(
            draft, planned.by, lambda name: (certificates / name).read_bytes(), f"{planned.draft}.xml"
        )
        write_document(signed, folder / signed.name)
        published.append(signed)
    if published:
        anchor = domain.signing.credential(plan.lists[0].by).chain[0]
        judged = domain.trusted_lists.load(published, anchors=[anchor])
        assert all(each.signature is ListSignature.VERIFIED for each in judged), judged
