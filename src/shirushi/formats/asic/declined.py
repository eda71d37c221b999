"""Why a container is not read, signed or raised as asked."""

from __future__ import annotations

from shirushi.core.errors import MalformedInput


class MalformedContainer(MalformedInput):
    """An archive that is no ASiC container; `detail`."""

    code = "ASIC_MALFORMED"


class MalformedManifest(MalformedInput):
    """An ASiCManifest that cannot be read; `name`, `detail`."""

    code = "ASIC_MANIFEST_MALFORMED"


class AsicDeclined(MalformedInput):
    """A container that could be read but is not signed or raised as asked; `detail`."""

    code = "ASIC_DECLINED"
