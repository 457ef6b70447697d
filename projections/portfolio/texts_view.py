"""The texts of all events, for the search: where each is, and who sees it under which number."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, select

from ledger.sight import visible_to
from projections.as_of import STAGE_EVENTS
from projections.portfolio.adjustments import ADJUSTMENTS
from projections.portfolio.cases import CASES, CaseFilter
from projections.portfolio.steps import FoldedCase, ViewRow, place
from projections.portfolio.tables import (
    count,
    life_number,
    maybe_count,
    optional_text,
    table,
    words,
)
from projections.portfolio.tables import place as number
from projections.searched_texts import compared, texts_of

TEXTS: Final = table(
    "texts",
    life_number(),
    number("version"),
    number("nth"),
    count("number"),
    maybe_count("unit_number"),
    words("type"),
    words("kind"),
    optional_text("indicator"),
    words("dated"),
    words("recorded"),
    *(optional_text(f"until_{stage}") for stage in STAGE_EVENTS),
    words("account"),
    words("organisation"),
    words("text"),
    optional_text("same"),
)
"""One row a text. `number` is its event's for those who see all of the case, `unit_number` for the
unit, null while it does not see it. `until_…` is when the next end of a stage behind the event was
recorded, null where none is. `same` is the text as it is compared, null where it is that already.
"""

TABLE = TEXTS


def rows(life: FoldedCase) -> Iterator[ViewRow]:
    """The texts of a case in the order of its events."""
    if life.case.opened is None:
        return
    visible = visible_to({"unit"}, life.history)
    to_unit = {recorded.version: at for at, recorded in enumerate(visible, 1)}
    ends = [
        [
            (end.version, place(end, "recorded"))
            for end in life.history
            if isinstance(end.event, kind)
        ]
        for kind in STAGE_EVENTS.values()
    ]
    for at, recorded in enumerate(life.history, 1):
        until = [
            min((end for version, end in of if version >= recorded.version), default=None)
            for of in ends
        ]
        for nth, (kind, written) in enumerate(texts_of(recorded.event)):
            same = compared(written)
            yield (
                life.number,
                recorded.version,
                nth,
                at,
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
        .join_from(TEXTS, CASES, CASES.c.life == TEXTS.c.life)
        .join(
            ADJUSTMENTS,
            (ADJUSTMENTS.c.life == TEXTS.c.life) & (ADJUSTMENTS.c.version == TEXTS.c.version),
        )
        .where(TEXTS.c.kind.in_(("reason", "answer")), *by_name.conditions())
        .order_by(CASES.c.case_id, TEXTS.c.version, TEXTS.c.nth)
    )
    reasons: dict[tuple[str, int], list[str]] = {}
    for case, version, text in connection.execute(wanted):
        reasons.setdefault((case, version), []).append(text)
    return {event: "\n".join(dict.fromkeys(texts)) for event, texts in reasons.items()}
