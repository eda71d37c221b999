"""What a signature says of itself, as options that several commands have: apart, under a heading of their own."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.evidence import SignaturePolicyIdentifier
from shirushi.formats.protocol import (
    Certification,
    Packaging,
    ProductionPlace,
    SignatureParameters,
    VisibleMark,
)
from shirushi.services.signing.cli.options import MarkOption, PackagingOption

LARGEST_ROLE = 100_000
"""Bytes of an attribute certificate at most."""
MORE = "More that a signature can say"


class Permitted(Enum):
    """What a certification permits afterwards, as it is written on the command line."""

    NO_CHANGES = "no-changes"
    FORM_FILLING = "form-filling"
    ANNOTATIONS = "annotations"


def _option(kind: Any, name: str, help_: str, **more: Any) -> Any:
    return Annotated[kind, typer.Option(name, help=help_, rich_help_panel=MORE, **more)]


_TEXT = str | None
_OPTIONS: dict[str, Any] = {
    "packaging": PackagingOption,
    "mark": MarkOption,
    "reason": _option(_TEXT, "--reason", "Why it is signed or sealed"),
    "commitment": _option(_TEXT, "--commitment", "A commitment type: its object identifier or URI"),
    "role": _option(list[str] | None, "--role", "A role that the signer claims; may be given several times"),
    "certified_role": _option(
        list[Path] | None,
        "--certified-role",
        "An attribute certificate in DER that proves a role; may be given several times",
    ),
    "location": _option(_TEXT, "--location", "The town where it is signed"),
    "street": _option(_TEXT, "--street", "The rest of that address"),
    "postal_code": _option(_TEXT, "--postal-code", "The rest of that address"),
    "region": _option(_TEXT, "--region", "The rest of that address: the prefecture"),
    "country": _option(_TEXT, "--country", "The rest of that address: the country"),
    "policy": _option(_TEXT, "--policy", "The object identifier of the policy under which it is signed"),
    "policy_file": _option(
        Path | None, "--policy-file", "The policy's document: its SHA-256 goes into the signature"
    ),
    "policy_digest": _option(_TEXT, "--policy-digest", "That SHA-256 itself, hexadecimal"),
    "policy_uri": _option(_TEXT, "--policy-uri", "Where the policy's document is found"),
    "policy_notice": _option(
        _TEXT, "--policy-notice", "What the policy wants shown to whoever relies on the signature"
    ),
    "certification": _option(
        Permitted | None,
        "--certify",
        "Makes a PDF's first signature its certification, and says what may change afterwards",
    ),
    "field": _option(_TEXT, "--field", "The signature field of a PDF to fill, or to make"),
    "countersigns": _option(
        _TEXT,
        "--countersigns",
        "The id, as `shirushi verify --json` tells it, of the signature to countersign",
    ),
}


def saying(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command these options; it takes what was said in them as `said`."""
    signature = inspect.signature(command, eval_str=True)
    own = [
        each.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for each in signature.parameters.values()
        if each.name != "said"
    ]
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in _OPTIONS.items()
    ]

    @functools.wraps(command)
    def with_options(**given: Any) -> None:
        said = {name: given.pop(name) for name in _OPTIONS}
        command(said=parameters(**said), **given)

    del with_options.__wrapped__
    with_options.__signature__ = signature.replace(parameters=[*own, *added])  # type: ignore[attr-defined]  # read by `inspect`
    with_options.__annotations__ = {each.name: each.annotation for each in (*own, *added)}
    return with_options


def parameters(
    *,
    mark: Sequence[str] | None,
    packaging: Packaging | None,
    role: Sequence[str] | None,
    certified_role: Sequence[Path] | None,
    street: str | None,
    postal_code: str | None,
    region: str | None,
    country: str | None,
    policy: str | None,
    policy_file: Path | None,
    policy_digest: str | None,
    policy_uri: str | None,
    policy_notice: str | None,
    certification: Permitted | None,
    countersigns: str | None,
    **rest: str | None,
) -> SignatureParameters:
    """What the signature is to say of itself."""
    place = ProductionPlace(street or "", postal_code or "", region or "", country or "")
    return SignatureParameters(
        mark=VisibleMark(tuple(mark)) if mark else None,
        packaging=packaging,
        claimed_roles=tuple(role or ()),
        certified_roles=tuple(_read(path, LARGEST_ROLE) for path in certified_role or ()),
        place=None if place == ProductionPlace() else place,
        policy=_policy(policy, policy_file, policy_digest, policy_uri, policy_notice),
        certification=Certification[certification.name] if certification else None,
        countersigns=countersigns or "",
        **rest,
    )


def _policy(
    oid: str | None, file: Path | None, digest: str | None, uri: str | None, notice: str | None
) -> SignaturePolicyIdentifier | None:
    if oid is None:
        if file or digest or uri or notice:
            hint = "--policy-file, --policy-digest, --policy-uri, --policy-notice"
            raise typer.BadParameter("--policy", param_hint=hint)
        return None
    if (file is None) == (digest is None):
        raise typer.BadParameter("--policy-file | --policy-digest", param_hint="--policy")
    algorithm = DigestAlgorithm.SHA256
    try:
        value = algorithm.digest(_read(file)) if file else bytes.fromhex(digest or "")
    except ValueError:
        value = b""
    if len(value) != algorithm.size:
        raise typer.BadParameter("SHA-256", param_hint="--policy-digest")
    return SignaturePolicyIdentifier(oid, Digest(algorithm, value), uri, notice)


def _read(path: Path, most: int = 64 << 20) -> bytes:
    try:
        if path.stat().st_size <= most:
            return path.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from error
    raise typer.BadParameter(f"{path}: > {most}")
