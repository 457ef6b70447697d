"""A kit of damaged ledgers and dossiers, for any verifier to be tried on: `make damaged-kit`.

    python tests/support/damaged_kit.py FOLDER

`manifest.json` says of every file how it is damaged, and what a verifier must say of it; sound ones
are among them, which it must not refuse. The attacks are those of the damage suite.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from shutil import copy, copytree
from tempfile import TemporaryDirectory
from typing import Final, Literal, NamedTuple

from msgspec import Struct, json

from tests.support.attacks import ON_DOSSIERS, ON_LEDGERS, ON_PUBLISHED
from tests.support.houses import House, house_of
from tests.support.places import Places
from tests.support.small_dossier import packed, unpacked
from tests.support.terminal import OPENING, SELF, begun, done, scoretrail

KEY_NAME: Final = "damaged-kit.example/log1"
README: Final = """# 损坏的账本和卷宗 / Damaged ledgers and dossiers

`manifest.json` 逐个写明：文件、命令（在本目录执行）、应有的退出码、应报的一项。
`finding` 为空的是完好的，不应报任何问题。
账本：`verify --json` 的 `breaks` 中应有 `kind` 为 `finding` 的一项。
卷宗和公布的目录：应被拒绝，`finding` 是英文输出中的一段。
别的核对程序只需 `file`、`vkey`、`held` 三项：完好的应通过，其余的不应通过。

`manifest.json` says of each file: the command (to be run in this folder), its exit code, and the
one finding that it must raise. Where `finding` is null the file is sound, and nothing may be found.
Of a ledger, `breaks` of `verify --json` must have one whose `kind` is the finding. A dossier or a
published folder must be refused, and the finding is part of what is said in English. Another
verifier needs `file`, `vkey` and `held` only: it must pass what is sound and refuse all else.
"""


class Item(Struct, frozen=True, kw_only=True):
    """A line of the manifest. Paths are within the kit.

    Attributes:
        name: of the attack, or `sound`.
        about: what was done, in a sentence.
        what: what the file is.
        vkey: the public key of the log, as it was published.
        held: a checkpoint that somebody took before the attack.
        command: what to run.
        exit: its exit code.
        finding: what it must find; `None` where nothing was done.
    """

    name: str
    about: str
    what: Literal["ledger", "dossier", "published"]
    file: str
    vkey: str
    held: str
    command: tuple[str, ...]
    exit: int
    finding: str | None


class Kind(NamedTuple):
    """What files of a kind have in common: how they are called, and what verifies one."""

    what: Literal["ledger", "dossier", "published"]
    ending: str
    held: str
    command: Callable[[str], tuple[str, ...]]


def write_kit(folder: Path) -> list[Item]:
    """Write the kit into a folder that is not there yet; its manifest."""
    folder.mkdir(parents=True)
    with TemporaryDirectory() as name, Places(Path(name), None) as places:
        ledger = begun(places.new(), "2024-07-30")
        for file in (OPENING, SELF):
            done(scoretrail(ledger, "apply", str(file)))
        house = house_of(ledger, Path(name), KEY_NAME)
        copytree(ledger.evidence, folder / "evidence")
        copy(house.old, folder / "older-checkpoint")
        copy(house.new, folder / "newest-checkpoint")
        items = [
            *_ledgers(house, places, folder),
            *_dossiers(house, folder),
            *_published(house, folder),
        ]
    (folder / "README.md").write_text(README, encoding="utf-8")
    (folder / "manifest.json").write_bytes(json.format(json.encode(items)) + b"\n")
    return items


def _ledgers(house: House, places: Places, folder: Path) -> Iterator[Item]:
    against = ("--vkey", house.vkey, "--checkpoint", "newest-checkpoint")
    words = ("--evidence", "evidence", "verify", "--json", *against)
    kind = Kind(
        "ledger", ".db", "newest-checkpoint", lambda file: ("scoretrail", "--ledger", file, *words)
    )
    for do, finding in ((_nothing, None), *((one.do, one.finding) for one in ON_LEDGERS)):
        item = _item(kind, house, do, finding)
        own = house.copy(places)
        do(own)
        with closing(sqlite3.connect(own.ledger.target)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")  # all of it in one file
        _beside(folder / item.file)
        copy(own.ledger.target, folder / item.file)
        yield item


def _dossiers(house: House, folder: Path) -> Iterator[Item]:
    words = ("--vkey", house.vkey, "--checkpoint", "older-checkpoint")
    kind = Kind(
        "dossier",
        ".zip",
        "older-checkpoint",
        lambda file: ("scoretrail", "--lang", "en", "dossier", "verify", file, *words),
    )
    files = unpacked(house.dossier.read_bytes())
    yield _dossier(_item(kind, house, _nothing, None), folder, files)
    for do, finding in ON_DOSSIERS.items():
        yield _dossier(_item(kind, house, do, finding), folder, do(files))


def _dossier(item: Item, folder: Path, members: dict[str, bytes]) -> Item:
    _beside(folder / item.file)
    (folder / item.file).write_bytes(packed(members))
    return item


def _published(house: House, folder: Path) -> Iterator[Item]:
    held = "newest-checkpoint"
    kind = Kind("published", "", held, lambda file: ("goverify", house.vkey, file, "-held", held))
    for do, finding in ((_nothing, None), *ON_PUBLISHED.items()):
        item = _item(kind, house, do, finding)
        _beside(folder / item.file)
        done(scoretrail(house.ledger, "publish", str(folder / item.file)))
        do(folder / item.file)
        yield item


def _item(kind: Kind, house: House, do: Callable[..., object], finding: str | None) -> Item:
    name = "sound" if do is _nothing else do.__name__.replace("_", "-")
    file = f"{kind.what}/{name}{kind.ending}"
    return Item(
        name=name,
        about=" ".join((do.__doc__ or "").split()),
        what=kind.what,
        file=file,
        vkey=house.vkey,
        held=kind.held,
        command=kind.command(file),
        exit=0 if finding is None else 3,
        finding=finding,
    )


def _nothing(_: object) -> None:
    """Nothing was done to it."""


def _beside(file: Path) -> None:
    file.parent.mkdir(exist_ok=True)


if __name__ == "__main__":
    print(len(write_kit(Path(sys.argv[1]))), "files, and manifest.json")  # noqa: T201 - this is a script
