"""Draw the floors from the imports into docs/floors.svg. `make graph` runs it; a test holds the picture to the code."""

import configparser
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
TARGET = Path(__file__).parent / "floors.svg"
BOX, ROW, LEFT = (132, 34), 74, 24
INK, LINE, PAPER = "#1a1a1a", "#00118f", "#fbfaf7"


def floors() -> list[list[str]]:
    """The floors, top to bottom, as the import contract names them; those without a module are left out."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    rows = contracts["importlinter:contract:floors"]["layers"].split("\n")
    return [[name.strip(" ()") for name in row.split("|")] for row in rows if row.strip()]


def edges(names: set[str]) -> dict[tuple[str, str], int]:
    """How many imports lead from one floor's part to another's."""
    graph = grimp.build_graph("shirushi", cache_dir=None)
    counts: dict[tuple[str, str], int] = {}
    for module in sorted(graph.modules):
        part = module.split(".")[1] if "." in module else ""
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            other = imported.split(".")[1] if "." in imported else ""
            if part != other and {part, other} <= names:
                counts[part, other] = counts.get((part, other), 0) + 1
    return counts


def draw() -> str:
    """The picture as SVG."""
    present = {path.stem for path in (ROOT / "src" / "shirushi").iterdir()}
    rows = [row for names in floors() if (row := [name for name in names if name in present])]
    places = {
        name: (LEFT + (2 - len(row)) * (BOX[0] + 220) // 2 + column * (BOX[0] + 220), 20 + line * ROW)
        for line, row in enumerate(rows)
        for column, name in enumerate(row)
    }
    parts = []
    for (start, end), count in sorted(edges(set(places)).items()):
        (x1, y1), (x2, y2) = places[start], places[end]
        x1, x2 = x1 + BOX[0] // 2, x2 + BOX[0] // 2
        y1, y2 = (y1 + BOX[1], y2) if y2 > y1 else (y1, y2 + BOX[1])
        bend = (y1 + y2) // 2
        far = 70 * (1 if (x1 + y1) % 4 else -1) if x1 == x2 and y2 - y1 > ROW else 0
        parts.append(
            f'<path d="M{x1},{y1} C{x1 + far},{bend} {x2 + far},{bend} {x2},{y2}" fill="none" stroke="{LINE}" '
            f'stroke-opacity="0.45" stroke-width="{min(1 + count / 12, 6):.1f}" marker-end="url(#a)">'
            f"<title>{escape(start)} → {escape(end)}: {count}</title></path>"
        )
    for name, (x, y) in places.items():
        parts.append(
            f'<rect x="{x}" y="{y}" width="{BOX[0]}" height="{BOX[1]}" rx="3" fill="white" stroke="{INK}"/>'
            f'<text x="{x + BOX[0] // 2}" y="{y + 22}" text-anchor="middle">{escape(name)}</text>'
        )
    width, height = LEFT * 2 + 2 * BOX[0] + 220, 20 + len(rows) * ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="14" fill="{INK}">\n'
        f'<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" '
        f'markerUnits="userSpaceOnUse"><path d="M0,0 L8,4 L0,8 z" fill="{LINE}"/></marker></defs>\n'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


if __name__ == "__main__":
    TARGET.write_text(draw(), encoding="utf-8")
    print(TARGET.relative_to(ROOT))
