"""What an award must bring (评分要求), by what it rests on: a clause, a ground, a second signature.

A rubric writes it in `[needs]` for all rows and, where a row differs, in the row's own `needs`.
Discretion always needs a clause or a ground, and a second signature; a rubric can only add to that.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from msgspec import Struct

from ledger.rules.rule import DecidedBy

Need = Literal["clause", "ground", "clause-or-ground", "second-signature"]
Needs = frozenset[Need]


class AwardNeeds(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The needs of awards by what they rest on; `None` where nothing is stated."""

    rule: tuple[Need, ...] | None = None
    discretion: tuple[Need, ...] | None = None
    judgement: tuple[Need, ...] | None = None
    missing: tuple[Need, ...] | None = None


LEAST: Final[Mapping[DecidedBy, Needs]] = {
    "rule": frozenset(),
    "discretion": frozenset({"clause-or-ground", "second-signature"}),
    "judgement": frozenset(),
    "missing": frozenset(),
}
"""What no rubric can waive, and what applies where the rubric is silent."""


def needs_of(decided_by: DecidedBy, said: Iterable[AwardNeeds | None]) -> Needs:
    """What an award needs.

    Args:
        decided_by: what it rests on.
        said: of the row, then of the rubric; the first that states something applies.
    """
    written = (getattr(needs, decided_by) for needs in said if needs is not None)
    first = next((needs for needs in written if needs is not None), ())
    return LEAST[decided_by] | {*first}


def unmet(needs: Needs, clause: str, ground: str) -> list[Need]:
    """Which needs the words of an award leave open; a signature is not a word."""
    given = {"clause": bool(clause.strip()), "ground": bool(ground.strip())}
    given["clause-or-ground"] = any(given.values())
    return sorted(need for need in needs if not given.get(need, True))
