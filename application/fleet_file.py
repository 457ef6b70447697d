"""The list of the ledgers of a fleet (记录库清单): a TOML file, with a `[[ledger]]` for each."""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from intake.files import read_bytes
from ledger.values import Invalid

State = Literal["live", "frozen", "archived"]
"""It grows; it does not any more; it is elsewhere, and is not opened."""


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ledger of a fleet.

    Attributes:
        origin: the name of its log.
        target: SQLite file, as seen from the folder of the fleet's file, or `postgresql://` URL.
        vkey: its public key, or the file that holds it.
    """

    origin: str
    target: str
    vkey: str
    state: State = "live"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ledger: tuple[Member, ...]


def read_fleet(path: Path) -> list[Member]:
    """The ledgers of a fleet, from its file.

    Raises:
        Invalid: it cannot be read, or is none, or names a log twice.
    """
    try:
        given = msgspec.convert(tomllib.loads(read_bytes(path).decode()), _File).ledger
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Invalid(
            f"{path}：不是记录库清单（{error}）。每个记录库一段 [[ledger]]，写明 origin、target、"
            "vkey、state。",
            f"{path}: not the file of a fleet ({error}). Each ledger is a [[ledger]] with origin,"
            " target, vkey and state.",
        ) from None
    names = [member.origin for member in given]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Invalid(f"{path}：{twice} 重复。", f"{path}: {twice} is named twice.")
    return [_from(path.parent, member) for member in given]


def _from(folder: Path, member: Member) -> Member:
    target = member.target if "://" in member.target else str(folder / member.target)
    named = folder / member.vkey
    vkey = str(named) if "+" not in member.vkey or named.is_file() else member.vkey
    return msgspec.structs.replace(member, target=target, vkey=vkey)
