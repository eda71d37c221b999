"""Static files under names that hold their digest, so that they can be cached for ever."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response

PATH = "/static"
_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}
_REFERENCE = re.compile(r"url\(([\w.-]+)\)")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent."""

    address: str
    content: bytes
    media_type: str


class StaticFiles:
    """The portal's own files and the vendored ones, read once."""

    def __init__(self, folders: Iterable[Traversable]) -> None:
        self._by_name: dict[str, StaticFile] = {}
        found = {
            item.name: item for folder in folders for item in folder.iterdir() if _ending(item) in _TYPES
        }
        for name in sorted(
            found, key=lambda name: name.endswith(".css")
        ):  # style sheets last: they name the others
            content = found[name].read_bytes()
            if name.endswith(".css"):
                content = _REFERENCE.sub(self._referred, content.decode()).encode()
            stem, ending = name.rsplit(".", 1)
            digest = hashlib.sha256(content).hexdigest()[:16]
            self._by_name[name] = StaticFile(f"{PATH}/{stem}.{digest}.{ending}", content, _TYPES[ending])
        self._by_address: Mapping[str, StaticFile] = {f.address: f for f in self._by_name.values()}

    def address(self, name: str) -> str:
        """Where the file of that plain name is served; KeyError where there is none."""
        return self._by_name[name].address

    async def serve(self, request: Request) -> Response:
        """The file at the request's address."""
        found = self._by_address.get(f"{PATH}/{request.path_params['name']}")
        if found is None:
            return Response(status_code=404)
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(found.content, media_type=found.media_type, headers=headers)

    def _referred(self, match: re.Match[str]) -> str:
        return f"url({self.address(match[1])})"


@cache
def portal_files() -> StaticFiles:
    """The files that every portal serves."""
    package = files("shirushi")
    return StaticFiles(
        [
            package / "faces" / "portal" / "static",
            package / "vendor" / "htmx",
            package / "vendor" / "noto-sans-jp-web",
        ]
    )


def _ending(item: Traversable) -> str:
    return item.name.rpartition(".")[2]
