"""How a token is reached, and its PIN, which only its signer process reads."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from shirushi.adapters.data_directory import DataDirectoryExposed, check_closed
from shirushi.adapters.pkcs11.errors import TokenPinMissing


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """A token. `pin_file` None: the PIN is in the environment; `personal`: it is its holder's and comes with each call."""

    name: str
    module: str
    label: str
    serial: str = ""
    pin_file: Path | None = None
    personal: bool = False

    def encode(self) -> str:
        """As text that `decode` reads: no secret is in it."""
        return json.dumps(asdict(self) | {"pin_file": self.pin_file and str(self.pin_file)})

    @classmethod
    def decode(cls, text: str) -> TokenSettings:
        """What `encode` wrote."""
        said = json.loads(text)
        return cls(**(said | {"pin_file": said["pin_file"] and Path(said["pin_file"])}))

    @property
    def variable(self) -> str:
        """The environment variable of its PIN."""
        return f"SHIRUSHI_PIN_{self.name.upper().replace('-', '_')}"

    def pin(self, environment: Mapping[str, str] = os.environ) -> str:
        """The PIN; raises `TokenPinMissing`, also where others may read its file."""
        if self.pin_file is None:
            found = environment.get(self.variable, "")
            place: object = self.variable
        else:
            place = self.pin_file
            try:
                check_closed(self.pin_file)
                found = self.pin_file.read_text().strip()
            except (OSError, UnicodeDecodeError, DataDirectoryExposed) as error:
                raise TokenPinMissing(token=self.name, place=place) from error
        if not found:
            raise TokenPinMissing(token=self.name, place=place)
        return found
