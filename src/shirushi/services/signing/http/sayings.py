"""What a signature says of itself, as fields of a form."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.evidence import SignaturePolicyIdentifier
from shirushi.faces.http import Line, Words
from shirushi.faces.http.errors import RequestMalformed
from shirushi.formats.protocol import (
    Certification,
    Packaging,
    ProductionPlace,
    SignatureParameters,
    VisibleMark,
)

Box = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,5}(\.[0-9]{1,3})?(,[0-9]{1,5}(\.[0-9]{1,3})?){3}$")]
ObjectIdentifier = Annotated[
    str, StringConstraints(max_length=200, pattern=r"^[0-2](\.(0|[1-9][0-9]{0,8}))+$")
]
Notice = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

_CERTIFICATIONS = {
    "no-changes": Certification.NO_CHANGES,
    "form-filling": Certification.FORM_FILLING,
    "annotations": Certification.ANNOTATIONS,
}


class Sayings(Words):
    """What the signature says, and how it shows on a page of a PDF; a format that cannot say something refuses it."""

    packaging: Packaging | None = Field(
        None, description="where the signature stands: in, around or beside the document"
    )
    field: Line | None = Field(None, description="the signature field of a PDF to fill, or to make")
    certification: Literal["no-changes", "form-filling", "annotations"] | None = Field(
        None,
        description="makes a PDF's first signature its certification, and says what it permits afterwards",
    )
    countersigns: Sha256 | None = Field(
        None, description="the id, as validation tells it, of the signature that this one countersigns"
    )
    commitment: Line | None = Field(None, description="a commitment type: its object identifier or URI")
    role: tuple[Line, ...] = Field((), max_length=20, description="roles that the signer claims")
    street: Line | None = Field(None, description="the rest of the address of the place of signing")
    postal_code: Line | None = None
    region: Line | None = None
    country: Line | None = None
    policy: ObjectIdentifier | None = Field(None, description="the signature policy's object identifier")
    policy_digest: Sha256 | None = Field(None, description="the SHA-256 of the policy's document")
    policy_uri: Line | None = Field(None, description="where the policy's document is found")
    policy_notice: Notice | None = Field(
        None, description="what the policy wants shown to whoever relies on the signature"
    )
    mark: tuple[Line, ...] = Field((), max_length=20, description="the lines of the visible mark")
    mark_page: int = Field(1, ge=-100_000, le=100_000, description="the page, from 1, or from the end as -1")
    mark_box: Box = Field("36,36,200,60", description="left, bottom, width, height in points")


def parameters(
    asked: Sayings, *, reason: str | None = None, location: str | None = None
) -> SignatureParameters:
    """The parameters that the fields ask for; raises `RequestMalformed` where they do not go together."""
    if asked.mark_page == 0:
        raise RequestMalformed(detail="mark_page")
    left, bottom, width, height = map(float, asked.mark_box.split(","))
    mark = VisibleMark(asked.mark, page=asked.mark_page, box=(left, bottom, width, height))
    place = ProductionPlace(
        asked.street or "", asked.postal_code or "", asked.region or "", asked.country or ""
    )
    return SignatureParameters(
        field=asked.field,
        reason=reason,
        location=location,
        place=None if place == ProductionPlace() else place,
        mark=mark if asked.mark else None,
        certification=_CERTIFICATIONS[asked.certification] if asked.certification else None,
        packaging=asked.packaging,
        commitment=asked.commitment,
        claimed_roles=asked.role,
        policy=_policy(asked),
        countersigns=asked.countersigns or "",
    )


def _policy(asked: Sayings) -> SignaturePolicyIdentifier | None:
    if asked.policy is None:
        if asked.policy_digest or asked.policy_uri or asked.policy_notice:
            raise RequestMalformed(detail="policy")
        return None
    if asked.policy_digest is None:
        raise RequestMalformed(detail="policy_digest")
    digest = Digest(DigestAlgorithm.SHA256, bytes.fromhex(asked.policy_digest))
    return SignaturePolicyIdentifier(asked.policy, digest, asked.policy_uri, asked.policy_notice)
