"""The pages of validation: the start page and the verdict."""

from shirushi.services.validation.portal.pages import Verdicts, pages

__all__ = ["Verdicts", "pages"]
