"""Readers of every kind of signature file that a container may hold."""

from __future__ import annotations

from shirushi.formats.asic.parse import CadesFiles, SignatureFiles
from shirushi.formats.asic.xades_files import XadesFiles

READERS: tuple[SignatureFiles, ...] = (CadesFiles(), XadesFiles())
