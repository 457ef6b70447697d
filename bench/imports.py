"""The imports between the folders of the program, as a drawing: `python -m bench.imports`.

Mermaid, as the pages of the documents show it. An arrow goes from the folder that imports to the
one that it needs, with how many files of the first do so, at the top of a file or inside of a
function. Libraries that say what a folder is about are drawn, too.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench import ROOT
from bench.walks import ASIDE

LIBRARIES: Final = {
    **dict.fromkeys(("alembic", "psycopg", "sqlalchemy", "sqlite3"), "databases"),
    "eventsourcing": "eventsourcing",
    **dict.fromkeys(("docx", "python_calamine", "typst", "xlsxwriter"), "paper"),
    "click": "click",
}
"""What a library is drawn as."""


def main() -> None:
    """Print the drawing."""
    arrows = defaultdict(set)
    for file in sorted(ROOT.rglob("*.py")):
        inside = file.relative_to(ROOT)
        if len(inside.parts) > 1 and inside.parts[0] not in {*ASIDE, "build", "tools"}:
            for needed in _needed(file):
                arrows[_name(inside.parent), needed].add(inside)
    print("flowchart LR")
    for (folder, needed), files in sorted(arrows.items()):
        if folder != needed:
            print(f"  {folder} -- {len(files)} --> {needed}")


def _needed(file: Path) -> Iterator[str]:
    """What a file imports, by the names in the drawing."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom(module=str(module)):
                names = [f"{module}.{alias.name}" for alias in node.names]
            case _:
                continue
        for name in names:
            first, *_ = name.split(".")
            if first in LIBRARIES:
                yield LIBRARIES[first]
            elif (ROOT / first / "__init__.py").exists():
                yield _folder_of(name)


def _folder_of(module: str) -> str:
    """The folder in which a module, or a name in one, stands."""
    folder = ROOT
    for part in module.split("."):
        if not (folder / part).is_dir():
            break
        folder /= part
    return _name(folder.relative_to(ROOT))


def _name(folder: Path) -> str:
    return "/".join(folder.parts)


if __name__ == "__main__":
    main()
