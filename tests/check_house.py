"""House rules that no ready-made checker knows. `make check` runs it; it prints what is wrong and exits 1.

File sizes, the catalogue complete in both languages, the one shape of a service, and who may import the young ASN.1 API.
"""

import ast
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import shirushi
from shirushi.core.catalogue import Entry, catalogue
from shirushi.core.errors import ShirushiError
from shirushi.core.verdict import SubIndication

SOURCE = Path(shirushi.__file__).parent
SHAPE = {"__init__", "model", "store", "service", "jobs", "http", "cli", "portal", "lane"}
LONG, TOO_LONG, SHARE_OF_LONG = 400, 600, 0.05


def file_sizes(source: Path = SOURCE) -> Iterator[str]:
    """95 % of the files under 400 lines, none over 600."""
    sizes = {path: len(path.read_text().splitlines()) for path in source.rglob("*.py")}
    long = {path: size for path, size in sizes.items() if size > LONG}
    for path, size in long.items():
        if size > TOO_LONG or len(long) > SHARE_OF_LONG * len(sizes):
            yield f"{path.relative_to(source)}: {size} lines; a long file is a second idea"


def service_shapes(services: Path = SOURCE / "services") -> Iterator[str]:
    """Each service holds only the modules, or packages, of the one shape."""
    for service in sorted(services.iterdir()):
        if service.is_dir() and service.name != "__pycache__":
            for entry in sorted(service.iterdir()):
                if entry.stem not in SHAPE and entry.name != "__pycache__":
                    yield f"services/{service.name}/{entry.name}: not a part of a service's shape"
            if not (service / "service.py").exists() and not (service / "service").is_dir():
                yield f"services/{service.name}: has no service module"
        elif service.suffix == ".py" and service.name != "__init__.py":
            yield f"services/{service.name}: a service is a folder"


def asn1_imports(source: Path = SOURCE) -> Iterator[str]:
    """cryptography.hazmat.asn1 is imported in codecs/asn1 alone."""
    for path in source.rglob("*.py"):
        inside = path.relative_to(source).parts[:2] == ("codecs", "asn1")
        if not inside and re.search(r"cryptography\.hazmat(\.| import )asn1", path.read_text()):
            yield f"{path.relative_to(source)}: imports cryptography.hazmat.asn1, which only codecs/asn1 may"


def _places(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)", text))


def _entry_faults(entry: Entry) -> Iterator[str]:
    for language in ("ja", "en"):
        if not all(part.strip() for part in entry.text(language)):
            yield f"catalogue {entry.code}: a text is missing in {language}"
    if not re.search(r"[ぁ-んァ-ヶ一-龠]", entry.ja.message + entry.ja.remedy):
        yield f"catalogue {entry.code}: the Japanese text is not Japanese"
    if _places("".join(entry.ja)) != _places("".join(entry.en)):
        yield f"catalogue {entry.code}: the languages name different parameters"


def catalogue_whole(source: Path = SOURCE) -> Iterator[str]:
    """Every error's code, every sub-indication and every reason that the code names is in the catalogue, whole."""
    entries = catalogue()
    for entry in entries.values():
        yield from _entry_faults(entry)
    for module in walk_packages([str(source)], "shirushi."):
        if "migrations" not in module.name:
            import_module(module.name)
    pending = [ShirushiError]
    while pending:
        error = pending.pop()
        pending.extend(error.__subclasses__())
        if error.code not in entries:
            yield f"{error.__module__}.{error.__name__}: code {error.code} is not in the catalogue"
    for sub_indication in SubIndication:
        if sub_indication.value not in entries:
            yield f"sub-indication {sub_indication.value} is not in the catalogue"
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id="reason"), args=[ast.Constant(value=str(code)), *_]) if (
                    code not in entries
                ):
                    yield f"{path.relative_to(source)}:{node.lineno}: reason {code} is not in the catalogue"


CHECKS = (file_sizes, service_shapes, asn1_imports, catalogue_whole)


def main() -> int:
    """Run every check; 1 if any found something."""
    findings = [finding for check in CHECKS for finding in check()]
    print("\n".join(findings) or "The house is in order.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
