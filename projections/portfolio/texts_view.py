"""The texts of all events, for the search: where each is, and who sees it under which number."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, select

from ledger.sight import visible_to
from projections.as_of import STAGE_EVENTS
from projections.portfolio import tables
from projections.portfolio.adjustments import ADJUSTMENTS
from projections.portfolio.cases import CASES, CaseFilter, with_cases
from projections.portfolio.steps import FoldedCase, ViewRow, place
from projections.portfolio.tables import (
    case_key,
    count,
    optional_count,
    optional_words,
    table,
    words,
)

TEXTS: Final = table(
    "texts",
    case_key(),
    tables.place("version", "nth"),
    count("number"),
    optional_count("unit_number"),
    words("type", "kind"),
    optional_words("indicator"),
    words("dated", "recorded"),
    optional_words(*(f"until_{stage}" for stage in STAGE_EVENTS)),
    words("account", "organisation", "text"),
    optional_words("same"),
)
"""One row a text. `number` is its event's for those who see all of the case, `unit_number` for the
unit, null while it does not see it. `until_…` is when the next end of a stage after the event was
recorded, null where none is. `same` is the text as it is compared, null where it is that already.
"""


def rows(folded: FoldedCase) -> Iterator[ViewRow]:
    """The texts of a case in the order of its events."""
    if folded.case.opened is None:
        return
    visible = visible_to({"unit"}, folded.history)
    to_unit = {recorded.version: at for at, recorded in enumerate(visible, 1)}
    ends = [
        [
            (end.version, place(end, "recorded"))
            for end in folded.history
            if isinstance(end.event, kind)
        ]
        for kind in STAGE_EVENTS.values()
    ]
    for at, nth, kind, written, same in folded.texts:
        recorded = folded.history[at]
        until = [
            min((end for version, end in of if version >= recorded.version), default=None)
            for of in ends
        ]
        yield (
            *(recorded.version, nth, at + 1),
            to_unit.get(recorded.version),
            recorded.type,
            kind,
            getattr(recorded.event, "indicator", None),
            place(recorded, "dated"),
            place(recorded, "recorded"),
            *until,
            recorded.by.account,
            recorded.by.organisation,
            written,
            None if same == written else same,
        )


def reasons_of_awards(connection: Connection, chosen: CaseFilter) -> dict[tuple[str, int], str]:
    """The reasons of all awards in the chosen cases, by case and version of the event.

    Args:
        connection: over the tables, in a transaction.
        chosen: which cases, by their years and units.
    """
    by_name = CaseFilter(cases=chosen.cases, years=chosen.years, units=chosen.units)
    wanted = (
        select(CASES.c.case_id, TEXTS.c.version, TEXTS.c.text)
        .select_from(with_cases(TEXTS))
        .join(
            ADJUSTMENTS,
            (ADJUSTMENTS.c.case_key == TEXTS.c.case_key)
            & (ADJUSTMENTS.c.version == TEXTS.c.version),
        )
        .where(TEXTS.c.kind.in_(("reason", "answer")), *by_name.conditions())
        .order_by(CASES.c.case_id, TEXTS.c.version, TEXTS.c.nth)
    )
    reasons: dict[tuple[str, int], list[str]] = {}
    for case, version, text in connection.execute(wanted):
        reasons.setdefault((case, version), []).append(text)
    return {event: "\n".join(dict.fromkeys(texts)) for event, texts in reasons.items()}
