"""Names that lists of all cases are filtered by: one that nothing has is a slip of the pen.

A filter by what exists may find no rows, and then the list is empty. A filter by what does not
exist would print the same empty list, from which a reader concludes that nothing was cut.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from application.look import accounts as registered
from application.look import rubrics, unknown_case
from ledger.editions import Editions
from ledger.envelope import is_case
from ledger.ledger import Ledger
from ledger.store import Store
from ledger.values import Invalid
from projections.portfolio import Watch, nobody
from projections.portfolio.case_rows import ViewColumns, rows_of_all
from projections.portfolio.cases import CaseFilter


class _Kind(NamedTuple):
    zh: str
    en: str
    rule: str = ""


_UNIT = _Kind("单位编号", "unit")
_RUBRIC = _Kind("指标体系", "rubric", "no-such-rubric")
_INDICATOR = _Kind("指标", "indicator")
_REVIEWER = _Kind("账号", "account")


def refuse_unknown_names(
    store: Store,
    chosen: CaseFilter,
    *,
    indicators: Sequence[str] = (),
    reviewers: Sequence[str] = (),
    watch: Watch = nobody,
) -> None:
    """Check that there is, or was, something by every name that a list is filtered by.

    Args:
        store: of the ledger.
        chosen: which cases, by their ids, units and rubrics.
        indicators: of any edition of any rubric, in use or not.
        reviewers: accounts; also one that has reviewed nothing.
        watch: called with the position that the tables have reached.

    Raises:
        Invalid: there is nothing by one of the names.
    """
    streams = Ledger(store).streams() if chosen.cases else ()
    for case in {*chosen.cases} - {*streams}:
        raise unknown_case(case, filter(is_case, streams))
    if chosen.units:
        (cases,) = rows_of_all(store, ViewColumns("cases", ("unit",)), watch=watch)
        _check(_UNIT, chosen.units, {unit for _, unit in cases})
    if chosen.rubrics or indicators:
        published = rubrics(store)
        _check(_RUBRIC, chosen.rubrics, published)
        _check(_INDICATOR, indicators, {*_rows_of(published)})
    if reviewers:
        _check(_REVIEWER, reviewers, registered(store).accounts)


def _rows_of(published: dict[str, Editions]) -> Iterable[str]:
    for editions in published.values():
        for edition in editions.published:
            rubric = editions.rubric(edition)
            yield from rubric.by_id
            yield from (extra.id for extra in (rubric.bonus, rubric.penalty) if extra)


def _check(kind: _Kind, asked: Iterable[str], known: Collection[str]) -> None:
    for name in asked:
        if name not in known:
            raise Invalid(
                f"没有{kind.zh} {name}（现有 {len(known)} 个）。",
                f"There is no {kind.en} {name} among the {len(known)} known.",
                rule=kind.rule,
                subject=name,
                known=known,
            )
