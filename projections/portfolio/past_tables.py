"""The tables as they would have been at an instant, for both times together.

The tables hold every day as it is known now, and every instant of recording. A day as it was known
at an instant is in neither. So the cases are folded as far as they were recorded by then, into
tables of the same shape in memory, and asked by the same queries.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, create_engine

from migrations import PROJECTIONS
from projections.as_of import FINAL, PointInTime, as_known
from projections.portfolio import adjustments, cases, indicators, scores_view, texts_view
from projections.portfolio.cases import CaseFilter
from projections.portfolio.catch_up import lives_at
from projections.portfolio.tables import METADATA

VIEWS: Final = (cases, scores_view, indicators, adjustments, texts_view)
"""Those that hold a row for every day, and the words of the events."""


@contextmanager
def tables_at(
    connection: Connection, moment: PointInTime, chosen: CaseFilter
) -> Iterator[Connection]:
    """The tables as they are, or those of the chosen cases from what was recorded by an instant.

    Args:
        connection: over the tables and the record, in a transaction.
        moment: that is asked about; whether it is as known at an instant.
        chosen: which cases; their stage and rubric are for the queries to ask.
    """
    if moment.known is None:
        yield connection
        return
    with create_engine("sqlite://").connect() as bare:
        memory = bare.execution_options(schema_translate_map={PROJECTIONS: None})
        METADATA.create_all(memory, tables=[view.TABLE for view in VIEWS])
        for life in lives_at(connection, as_known(FINAL, moment.known), chosen):
            if life.case.opened is None:
                continue
            for view in VIEWS:
                names = view.TABLE.columns.keys()
                if rows := [dict(zip(names, row, strict=True)) for row in view.rows(life)]:
                    memory.execute(view.TABLE.insert(), rows)
        yield memory
