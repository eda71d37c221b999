"""What the portal itself cannot do."""

from __future__ import annotations

from shirushi.core.errors import ShirushiError


class PageUnknown(ShirushiError):
    """No page has that address."""

    code = "PAGE_UNKNOWN"


class FormForeign(ShirushiError):
    """A form came without this session's token, or from another site."""

    code = "FORM_FOREIGN"


class FormMalformed(ShirushiError):
    """A form's body that is cut off or not what its type says."""

    code = "FORM_MALFORMED"


class UploadMissing(ShirushiError):
    """A form that should bring a file and did not."""

    code = "UPLOAD_MISSING"


class UploadTooLarge(ShirushiError):
    """A body beyond the limit."""

    code = "UPLOAD_TOO_LARGE"


class UploadGone(ShirushiError):
    """A kept document that has expired, was removed, or belongs to another session."""

    code = "UPLOAD_GONE"


class NoRoomForUploads(ShirushiError):
    """The disk is too full to take in files."""

    code = "NO_ROOM_FOR_UPLOADS"
