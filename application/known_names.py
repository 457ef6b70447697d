"""Names that lists of all cases are filtered by: one that nothing has is a slip of the pen.

A filter by what exists may find no rows, and then the list is empty. A filter by what does not
exist would print the same empty list, from which a reader concludes that nothing was cut.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from application.look import accounts as registered
from application.look import rubrics
from ledger import refusals
from ledger.editions import Editions
from ledger.envelope import is_case
from ledger.ledger import Ledger
from ledger.rubric import BonusPenaltyRule, Indicator, Rubric
from ledger.store import Store
from ledger.values import Invalid
from projections.portfolio import Watch, nobody
from projections.portfolio.case_rows import ViewColumns, rows_of_all
from projections.portfolio.cases import CaseFilter

FEW: Final = 8
"""So many names are listed, where there are no more."""


class _Kind(NamedTuple):
    zh: str
    en: str
    rule: str = ""


_UNIT = _Kind("单位编号", "unit")
_RUBRIC = _Kind("指标体系", "rubric", "no-such-rubric")
_INDICATOR = _Kind("指标", "indicator")
_REVIEWER = _Kind("账号", "account")
_GRADE = _Kind("等级", "grade")
_CLAUSE = _Kind("条款", "clause")


def refuse_unknown_names(  # noqa: PLR0913 - one argument for each kind of name
    store: Store,
    chosen: CaseFilter,
    *,
    indicators: Sequence[str] = (),
    reviewers: Sequence[str] = (),
    grades: Sequence[str] = (),
    clauses: Sequence[str] = (),
    watch: Watch = nobody,
) -> None:
    """Check that there is, or was, something by every name that a list is filtered by.

    Args:
        store: of the ledger.
        chosen: which cases, by their ids, units and rubrics.
        indicators: of any edition of any rubric, in use or not.
        reviewers: accounts; also one that has reviewed nothing.
        grades: of any edition of any rubric.
        clauses: those that some award cites, and those that an edition of a rubric prints.
        watch: called with the position that the tables have reached.

    Raises:
        Invalid: there is nothing by one of the names.
    """
    streams = Ledger(store).streams() if chosen.cases else ()
    for case in {*chosen.cases} - {*streams}:
        raise refusals.unknown_case(case, filter(is_case, streams))
    if chosen.units:
        (cases,) = rows_of_all(store, ViewColumns("cases", ("unit",)), watch=watch)
        _check(_UNIT, chosen.units, sorted({unit for _, unit in cases}))
    if chosen.rubrics or indicators or grades or clauses:
        published = rubrics(store)
        _check(_RUBRIC, chosen.rubrics, published)
        every = [*_editions(published)]
        _check(_INDICATOR, indicators, {row.id for rubric in every for row in _rows(rubric)})
        _check(
            _GRADE, grades, dict.fromkeys(band.grade for rubric in every for band in rubric.bands)
        )
        if clauses:
            (cited,) = rows_of_all(store, ViewColumns("adjustments", ("clause",)), watch=watch)
            printed = {row.clause for rubric in every for row in _rows(rubric)}
            _check(_CLAUSE, clauses, {clause for _, clause in cited if clause} | printed)
    if reviewers:
        _check(_REVIEWER, reviewers, registered(store).accounts)


def _editions(published: dict[str, Editions]) -> Iterator[Rubric]:
    for editions in published.values():
        yield from map(editions.rubric, editions.published)


def _rows(rubric: Rubric) -> Iterator[Indicator | BonusPenaltyRule]:
    yield from rubric.indicators
    yield from filter(None, (rubric.bonus, rubric.penalty))


def _check(kind: _Kind, asked: Iterable[str], known: Collection[str]) -> None:
    few = [*known] if 0 < len(known) <= FEW else []
    for name in asked:
        if name not in known:
            raise Invalid(
                f"没有{kind.zh} {name}"
                + (f"。现有：{'、'.join(few)}。" if few else f"（现有 {len(known)} 个）。"),
                f"There is no {kind.en} {name}"
                + (f". Known: {', '.join(few)}." if few else f" among the {len(known)} known."),
                rule=kind.rule,
                subject=name,
                known=known,
            )
