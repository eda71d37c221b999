"""The use cases of signing."""

from shirushi.services.signing.service.signing import Signing

__all__ = ["Signing"]
