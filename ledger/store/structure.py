"""What a ledger's tables are made of, and what somebody has left out, added or changed there.

Everything that decides what is stored or read is compared with what the migrations make: tables,
columns, constraints, indexes, triggers, and on a server also functions, rules, policies, tables
that inherit, owners and rights.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

import migrations


class StructureFault(NamedTuple):
    """A part of the database that is not what the migrations make.

    Attributes:
        part: its kind and its name.
        state: what is wrong with it.
    """

    part: str
    state: Literal["missing", "foreign", "changed"]


def parts(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each part by its kind and name, with what it is; how that is spaced means nothing."""
    return {name: " ".join(made.split()) for name, made in rows}


def compare(found: Mapping[str, str], dialect: str) -> Iterator[StructureFault]:
    """What differs from what the migrations make, in the order of the names.

    Args:
        found: each part by its kind and name.
        dialect: `sqlite` or `postgresql`.
    """
    made = migrations.structure(dialect)
    for part in sorted(made.keys() | found.keys()):
        if part not in found:
            yield StructureFault(part, "missing")
        elif part not in made:
            yield StructureFault(part, "foreign")
        elif found[part] != made[part]:
            yield StructureFault(part, "changed")
