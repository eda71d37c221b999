"""Why an archive is not read or not written."""

from __future__ import annotations

from shirushi.core.errors import MalformedInput


class MalformedZip(MalformedInput):
    """Bytes that are no well-formed archive, or that two readers could read in two ways; `detail`."""

    code = "ZIP_MALFORMED"


class ZipUnsupported(MalformedInput):
    """An archive that uses what is not read here: encryption, several disks, other compression; `detail`."""

    code = "ZIP_UNSUPPORTED"


class ZipLimitExceeded(MalformedInput):
    """An archive with more entries, or that would expand to more, than is safe; `limit`, `detail`."""

    code = "ZIP_LIMIT_EXCEEDED"


class ZipNameInvalid(MalformedInput):
    """A name that no entry may have: absolute, leading out of the archive, or there already; `name`."""

    code = "ZIP_NAME_INVALID"
