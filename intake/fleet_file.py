"""The list of the ledgers of a fleet (记录库清单): a TOML file, with a `[[ledger]]` for each.

What is wrong is named with its line and its field.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from intake.toml_file import read_toml
from ledger.field_errors import FieldError
from ledger.language import Text
from ledger.objects import ARCHIVE
from ledger.values import FORM
from ledger.visible import marked

State = Literal["live", "frozen", "archived"]
"""It grows; it does not any more; nor does it need a database, being in an archive."""


def _one_line(data: str) -> Text:
    return Text(f"“{marked(data)}”应为一行文字", f"'{marked(data)}' must be one line of text")


Line = Annotated[
    str,
    Meta(pattern=r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*\Z", max_length=500, extra={FORM: _one_line}),
]
"""The name of a log, a place or a key."""


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ledger of a fleet.

    Attributes:
        origin: the name of its log.
        target: SQLite file, as seen from the folder of the fleet's file, `postgresql://` URL, or
            `archive:` and a folder or `s3://` address.
        vkey: its public key, or the file that holds it.
    """

    origin: Line
    target: Line
    vkey: Line
    state: State = "live"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ledger: tuple[Member, ...]


def read_fleet(path: Path) -> list[Member]:
    """The ledgers of a fleet, from its file.

    Raises:
        Invalid: it cannot be read, or is none, or names a log twice; says on which line.
    """
    members = read_toml(path, _File, _WRITTEN, _twice).ledger
    return [_from(path.parent, member) for member in members]


def _twice(file: _File) -> Iterator[FieldError]:
    names = [member.origin for member in file.ledger]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield FieldError(
                ("ledger", index, "origin"), Text(f"{name} 重复", f"{name} is named twice")
            )


_WRITTEN: Final = Text(
    "每个记录库一段 [[ledger]]，写明 origin、target、vkey、state。",
    "Each ledger is a [[ledger]] with origin, target, vkey and state.",
)


def _from(folder: Path, member: Member) -> Member:
    kind = ARCHIVE if member.target.startswith(ARCHIVE) else ""
    target = member.target.removeprefix(kind)
    target = f"{kind}{target if '://' in target else folder / target}"
    named = folder / member.vkey
    vkey = str(named) if "+" not in member.vkey or named.is_file() else member.vkey
    return msgspec.structs.replace(member, target=target, vkey=vkey)
