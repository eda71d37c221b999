"""Which format signs a document: by the name of a form, by media type, or by the document's own kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shirushi.core.document import DigestedDocument, Document
from shirushi.core.representation import on_behalf_of
from shirushi.formats.protocol import Format, Packaging, SignatureParameters
from shirushi.services.signing.model import (
    ContainerRefused,
    Form,
    FormatUnknown,
    FormUnknown,
    PackagingRefused,
)


class Forms:
    """`formats` are by the media type of what is signed already; `forms` by the name that people choose."""

    def __init__(self, formats: Mapping[str, Format], forms: Sequence[Form], default: str | None) -> None:
        self._formats = formats
        self._forms = {form.name: form for form in forms}
        self._default = default

    @property
    def offered(self) -> tuple[Form, ...]:
        """Every form that may be chosen."""
        return tuple(self._forms.values())

    def of(self, document: Document) -> str:
        """What signs the document where nobody chose: its own format, else the default."""
        known = document.media_type in self._formats
        return document.media_type if known else self._default or document.media_type

    def check(self, name: str | None) -> None:
        """Raise `FormUnknown` for a name that is not offered."""
        if name is not None and name not in self._forms and name not in self._formats:
            raise FormUnknown(form=name, known=", ".join(self._forms))

    def chosen(self, name: str | None, document: Document) -> str:
        """The choice, if it is offered; raises `FormUnknown`."""
        self.check(name)
        return self.of(document) if name is None else name

    def format(self, name: str, document: Document) -> Format:
        """The format of that name or media type; raises `FormatUnknown`, where nothing signs the document."""
        found = self._forms.get(name)
        format_ = found.format if found else self._formats.get(name)
        if format_ is None:
            raise FormatUnknown(name=document.name, media_type=document.media_type)
        return format_

    def signed(self, document: Document) -> Format:
        """The format that reads and raises the signatures in the document; raises `FormatUnknown`."""
        return self.format(document.media_type, document)

    def placed(self, name: str, document: Document, given: SignatureParameters) -> SignatureParameters:
        """The parameters with the packaging that the form has for this document; raises `PackagingRefused`."""
        form = self._forms.get(name)
        if form is None:
            return given
        if given.packaging is not None and given.packaging not in form.packagings:
            known = ", ".join(each.value for each in form.packagings) or "-"
            raise PackagingRefused(form=name, packaging=given.packaging.value, known=known)
        if isinstance(document, DigestedDocument):
            return self._detached(form, given)
        own = self._formats.get(document.media_type) is form.format
        if given.packaging is None and form.otherwise and not own and not given.countersigns:
            return replace(given, packaging=form.otherwise)
        return given

    def together(self, documents: Sequence[Document], name: str) -> Document:
        """One document that holds all of them; raises `FormUnknown`, `ContainerRefused`."""
        form = self._forms.get(name)
        if form is None:
            raise FormUnknown(form=name, known=", ".join(self._forms))
        if form.container is None:
            raise ContainerRefused(form=name)
        return form.container(documents)

    @staticmethod
    def _detached(form: Form, given: SignatureParameters) -> SignatureParameters:
        if Packaging.DETACHED not in form.packagings or given.packaging not in {None, Packaging.DETACHED}:
            refused = given.packaging.value if given.packaging else "over a digest alone"
            raise PackagingRefused(form=form.name, packaging=refused, known=Packaging.DETACHED.value)
        return replace(given, packaging=Packaging.DETACHED)


def telling(parameters: SignatureParameters, user: str, *, as_reason: bool) -> SignatureParameters:
    """The parameters with whom the seal stands for: as the reason that PDF viewers show, else as a claimed role."""
    said = on_behalf_of(user)
    if as_reason:
        return replace(parameters, reason=f"{parameters.reason}; {said}" if parameters.reason else said)
    return replace(parameters, claimed_roles=(*parameters.claimed_roles, said))
