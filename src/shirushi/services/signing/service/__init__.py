"""The use cases of signing."""

from shirushi.services.signing.service.batches import Batches
from shirushi.services.signing.service.signing import Signing

__all__ = ["Batches", "Signing"]
