"""Shirushi: a trust-services platform. Sign, seal, time-stamp, validate.

    with shirushi.open("shirushi-data") as domain:
        verdict = domain.validation.validate(shirushi.read("contract.pdf"))

What stands in `__all__` is the public face; each name is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shirushi.adapters.files import open_document as read
    from shirushi.adapters.files import write_document as write
    from shirushi.core.errors import ShirushiError
    from shirushi.core.evidence import Level
    from shirushi.core.trusted_list import ServiceType
    from shirushi.core.verdict import Indication, SubIndication
    from shirushi.domain import open_domain as open  # noqa: A004  it reads as shirushi.open, as gzip.open does
    from shirushi.formats.protocol import SignatureParameters, VisibleMark

__all__ = [
    "Indication",
    "Level",
    "ServiceType",
    "ShirushiError",
    "SignatureParameters",
    "SubIndication",
    "VisibleMark",
    "open",
    "read",
    "write",
]

_PLACES = {
    "Indication": ("core.verdict", "Indication"),
    "Level": ("core.evidence", "Level"),
    "ServiceType": ("core.trusted_list", "ServiceType"),
    "ShirushiError": ("core.errors", "ShirushiError"),
    "SignatureParameters": ("formats.protocol", "SignatureParameters"),
    "SubIndication": ("core.verdict", "SubIndication"),
    "VisibleMark": ("formats.protocol", "VisibleMark"),
    "open": ("domain", "open_domain"),
    "read": ("adapters.files", "open_document"),
    "write": ("adapters.files", "write_document"),
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'shirushi' has no attribute {name!r}")
    module, attribute = _PLACES[name]
    return getattr(import_module(f"shirushi.{module}"), attribute)
