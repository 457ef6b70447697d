"""The totals that a score table prints, next to what its own rows add up to. Only compared."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from intake.table_mapping import BONUS, PENALTY, Mapped
from intake.table_rows import DeliveredTables, TableRow
from ledger.rubric import NO_FIGURES, Rubric
from ledger.rules.rule import Figures


class PrintedTotal(NamedTuple):
    """A total of the table next to what its own rows add up to.

    Attributes:
        place: sheet and row.
        claim: as the self column prints it; `None` where it prints none.
        computed_claim: of the rows of the self column; `None` where there is no such column.
        award: as printed; `None` where it prints none.
        words: all that its row says, narrow and without white space, in which a grade may be.
    """

    place: str
    label: str
    claim: Decimal | None
    computed_claim: Decimal | None
    award: Decimal | None
    computed_award: Decimal
    words: str = ""

    @property
    def differs(self) -> bool:
        """Whether a printed total is another than the rows give."""
        return (self.award is not None and self.award != self.computed_award) or (
            None not in {self.claim, self.computed_claim} and self.claim != self.computed_claim
        )


def printed_totals(
    tables: DeliveredTables,
    mapped: Sequence[Mapped],
    rubric: Rubric,
    claimed: Figures,
    awarded: Figures,
) -> list[PrintedTotal]:
    """The totals of a table, the last one of all its rows, the others of those before them.

    Args:
        tables: the totals and where they are.
        mapped: the rows.
        rubric: how they are added up.
        claimed: the figures of the unit, which may limit the total of all rows.
        awarded: those of the review.
    """
    totals = []
    start = 0
    for before, total in tables.totals:
        whole = total == tables.totals[-1][1]
        part = mapped[:before] if whole else mapped[start:before]
        claims = any(pair.row.claim is not None for pair in part)
        totals.append(
            PrintedTotal(
                f"{total.sheet} {total.number}",
                total.name,
                total.claim,
                _sum(part, rubric, claimed if whole else NO_FIGURES, lambda row: row.claim)
                if claims
                else None,
                total.award,
                _sum(part, rubric, awarded if whole else NO_FIGURES, lambda row: row.award),
                total.standard,
            )
        )
        start = before
    return totals


def _sum(
    part: Sequence[Mapped],
    rubric: Rubric,
    figures: Figures,
    column: Callable[[TableRow], Decimal | None],
) -> Decimal:
    scores: dict[str, Decimal] = {}
    for pair in part:
        if pair.means in rubric.by_id and (score := column(pair.row)) is not None:
            scores[pair.means] = scores.get(pair.means, Decimal(0)) + score
    bonus = [score for pair in part if pair.means == BONUS and (score := column(pair.row))]
    penalty = [abs(score) for pair in part if pair.means == PENALTY and (score := column(pair.row))]
    return rubric.totals(scores, bonus, penalty, figures=figures).total
