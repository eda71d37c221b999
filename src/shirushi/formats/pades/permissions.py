"""What earlier signatures of a PDF permit, and into which field a new one may go."""

from __future__ import annotations

from dataclasses import dataclass

from shirushi.codecs.pdf.errors import PdfXrefDamaged
from shirushi.codecs.pdf.form import (
    Field,
    SignatureDictionary,
    SignatureField,
    acro_form,
    certification,
    field_lock,
    fields,
    signature_dictionary,
)
from shirushi.codecs.pdf.text import decode_text
from shirushi.codecs.pdf.view import PdfView, array, dictionary, integer
from shirushi.formats.pades.declined import (
    CertificationNotFirst,
    CertifiedWithoutChanges,
    DynamicForm,
    FieldLocked,
    FieldNameInvalid,
    FieldSigned,
    NotASignatureField,
    SeedValueUnmet,
)

_SEED_FLAGS = (  # ISO 32000-2 table 237: /Ff, lowest bit first
    "Filter", "SubFilter", "V", "Reasons", "LegalAttestation", "AddRevInfo", "DigestMethod",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Permissions:
    """The form as signing finds it: its fields, its signatures, and the certification."""

    fields: tuple[Field, ...] = ()
    signatures: tuple[SignatureField, ...] = ()
    certification: SignatureDictionary | None = None

    @property
    def no_changes_by(self) -> str | None:
        """The field of the signature that permits no changes, an empty text for one outside the form, else None."""
        if self.certification and self.certification.doc_mdp == 1:
            return next((s.name for s in self.signatures if s.signature == self.certification), "")
        for signed in self.signatures:
            found = signed.signature
            if found and (found.doc_mdp == 1 or any(lock.permissions == 1 for lock in found.field_mdp)):
                return signed.name
        return None

    def locked_by(self, name: str) -> str | None:
        """The field of the signature that locks the field of that name, else None."""
        for signed in self.signatures:
            if signed.signature and any(lock.locks(name) for lock in signed.signature.field_mdp):
                return signed.name
        return None


@dataclass(frozen=True, slots=True)
class ChosenField:
    """Where the signature goes: an existing empty field, or a new one (None) of that name."""

    name: str
    field: Field | None


def read_permissions(view: PdfView) -> Permissions:
    """Read the form and its signatures; raises `DynamicForm`.

    A damaged file that carries signatures is not signed: its revisions cannot be told apart (`PdfXrefDamaged`).
    """
    form = acro_form(view)
    if form is None:
        return Permissions()
    if form.get("XFA") is not None and view.resolve(view.root.get("NeedsRendering")) is True:
        raise DynamicForm
    if not array(view, form.get("Fields")):
        return Permissions()
    every = tuple(fields(view))
    signatures = tuple(
        SignatureField(each, signature_dictionary(view, each.get("V")), field_lock(view, each.get("Lock")))
        for each in every
        if view.resolve(each.get("FT")) == "Sig"
    )
    if view.listed is not None and any(each.signature for each in signatures):
        raise PdfXrefDamaged(offset=0)
    return Permissions(every, signatures, certification(view))


def choose_field(
    view: PdfView,
    permissions: Permissions,
    name: str | None,
    sub_filter: str,
    *,
    stamp: bool = False,
    certify: bool = False,
    reason: str | None = None,
) -> ChosenField:
    """Find or name the field, or raise the `PdfDeclined` that says why it may not be signed.

    A document time-stamp (`stamp`) is no change in the sense of DocMDP and FieldMDP (ISO 32000-2 §12.8.2.2.2).
    """
    if not stamp:
        blocker = permissions.no_changes_by
        if blocker is not None:
            raise CertifiedWithoutChanges(field=blocker)
    if certify and any(signed.signature for signed in permissions.signatures):
        raise CertificationNotFirst
    if name is None:
        taken = {each.name.partition(".")[0] for each in permissions.fields}
        count = 1
        while f"Signature{count}" in taken:
            count += 1
        chosen = ChosenField(f"Signature{count}", None)
    else:
        chosen = ChosenField(name, _existing(view, permissions, name, sub_filter, reason))
    locker = None if stamp else permissions.locked_by(chosen.name)
    if locker is not None:
        raise FieldLocked(field=chosen.name, by=locker)
    return chosen


def _existing(
    view: PdfView, permissions: Permissions, name: str, sub_filter: str, reason: str | None
) -> Field | None:
    signed = next((each for each in permissions.signatures if each.name == name), None)
    if signed is not None:
        if signed.signature is not None:
            raise FieldSigned(field=name)
        if signed.field.reference is None:
            raise NotASignatureField(field=name)
        _meet_seed_value(view, signed.field, sub_filter, reason)
        return signed.field
    if any(each.name == name or each.name.startswith(f"{name}.") for each in permissions.fields):
        raise NotASignatureField(field=name)
    if not name or "." in name:
        raise FieldNameInvalid(field=name)
    return None


def _meet_seed_value(view: PdfView, existing: Field, sub_filter: str, reason: str | None) -> None:
    """Decline where a seed value (ISO 32000-2 §12.7.5.5) requires what is not going to be there."""
    seed = dictionary(view, existing.get("SV"))
    if seed is None:
        return
    required = integer(view, seed.get("Ff")) or 0
    for bit, constraint in enumerate(_SEED_FLAGS):
        if not required >> bit & 1 or seed.get(constraint) is None:
            continue
        allowed = view.resolve(seed[constraint])
        listed = [view.resolve(item) for item in allowed] if isinstance(allowed, list) else [allowed]
        met = {
            "Filter": "Adobe.PPKLite" in listed,
            "SubFilter": sub_filter in listed,
            "V": True,
            "Reasons": reason in [decode_text(item) for item in listed],
            "AddRevInfo": allowed is False,
        }
        if not met.get(constraint, False):
            raise SeedValueUnmet(field=existing.name, constraint=constraint)
    if seed.get("Cert") is not None and (
        integer(view, (dictionary(view, seed["Cert"]) or {}).get("Ff")) or 0
    ):
        raise SeedValueUnmet(field=existing.name, constraint="Cert")
