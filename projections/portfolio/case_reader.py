"""Cases as they were when the log had so many events, read from the record."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby, takewhile
from typing import Final

from sqlalchemy import Connection, bindparam, text

from ledger.account_registry import AccountRegistry, fold_register
from ledger.editions import Editions, fold_editions
from ledger.envelope import REGISTER, RecordedEvent, is_case, rubric_stream
from ledger.events import (
    EntrySetAside,
    Event,
    RubricPinned,
    RubricRepinned,
    YearNoticeRecorded,
)
from ledger.store import moment_of
from ledger.stream_reading import StoredEntry, entries_set_aside, events_of, events_of_type
from ledger.values import Instant, Invalid
from projections.as_of import at
from projections.portfolio.steps import FoldedCase

AT_ONCE: Final = 32
"""Cases read together: a few thousand events, so that memory does not grow with their number."""

Rubrics = dict[str, Editions]
"""Editions that were read up to one position."""

_STREAMS: Final = text("SELECT DISTINCT case_id FROM events")
_HISTORIES: Final = text(
    "SELECT case_id, entry, position FROM events JOIN leaves ON event_id = events.id"
    " WHERE case_id IN :streams AND position < :until ORDER BY case_id, version"
).bindparams(bindparam("streams", expanding=True))
_REGISTERED: Final = text(
    "SELECT position, entry FROM events JOIN leaves ON event_id = events.id WHERE case_id = :stream"
    " AND type = :type AND position >= :since AND position < :until ORDER BY version"
)
_ENDS: Final = text(
    "WITH RECURSIVE streams (name) AS (SELECT min(case_id) FROM events UNION ALL"
    " SELECT (SELECT min(case_id) FROM events WHERE case_id > name) FROM streams"
    " WHERE name IS NOT NULL) SELECT name,"
    " (SELECT entry FROM events WHERE case_id = name ORDER BY version LIMIT 1),"
    " (SELECT entry FROM events WHERE case_id = name ORDER BY version DESC LIMIT 1)"
    " FROM streams WHERE name IS NOT NULL"
)
"""The first and the last entry of each stream, which the index leads to from one to the next."""
_STREAM_AT: Final = text(
    "SELECT case_id FROM events JOIN leaves ON event_id = events.id WHERE position = :position"
)


def names(connection: Connection) -> set[str]:
    """Every case of the ledger."""
    return {name for name in connection.execute(_STREAMS).scalars() if is_case(name)}


def folded_cases(
    connection: Connection,
    cases: Sequence[str],
    until: int,
    rubrics: Rubrics,
    by: Instant | None = None,
) -> Iterator[FoldedCase]:
    """Cases as they were when the log had so many events, each with its editions.

    Args:
        connection: over the record.
        cases: their ids; those that had no event are left out.
        until: events of the log that count.
        rubrics: editions that were read before, which does not change what they say.
        by: the instant by which events of the cases were recorded that count; all where none is.
    """
    notices = tuple(notices_between(connection, 0, until))
    for history in _histories(connection, cases, until, by):
        pinned = {
            recorded.event.rubric
            for recorded in history
            if isinstance(recorded.event, RubricPinned | RubricRepinned)
        }
        for rubric in pinned - rubrics.keys():
            stream = rubric_stream(rubric)
            for published in _histories(connection, [stream], until):
                rubrics[rubric] = fold_editions(published)
        # A case stays with one rubric; only the edition changes.
        rubric = next(iter(pinned), "")
        yield FoldedCase(history, rubrics.get(rubric, Editions()), notices)


def streams_set_aside(connection: Connection, since: int, until: int) -> set[str]:
    """The streams of entries that acts from one position up to another have set aside."""
    aside = entries_set_aside(_registered(connection, EntrySetAside, since, until))
    places = ({"position": position} for position in aside)
    return {str(connection.execute(_STREAM_AT, place).scalar()) for place in places}


def recorded_since(connection: Connection, instant: Instant) -> dict[str, bool]:
    """The cases of which something was recorded after an instant; and whether they began before.

    Time does not run backwards in a stream. What cannot be read counts as if it might be both.
    """
    after = instant.encode()
    return {
        name: moment_of(bytes(first)) <= after
        for name, first, last in connection.execute(_ENDS)
        if is_case(name) and not b"" < moment_of(bytes(last)) <= after
    }


def notices_between(connection: Connection, since: int, until: int) -> list[RecordedEvent]:
    """The notices of years that were recorded from one position up to another."""
    return events_of_type(
        _registered(connection, YearNoticeRecorded, since, until), YearNoticeRecorded
    )


def _registered(
    connection: Connection, kind: type[Event], since: int, until: int
) -> list[StoredEntry]:
    """The entries of the register that are stored under the name of an event."""
    asked = {"stream": REGISTER, "type": kind.__name__, "since": since, "until": until}
    return [(place, bytes(entry)) for place, entry in connection.execute(_REGISTERED, asked)]


def register_at(connection: Connection, until: int) -> AccountRegistry:
    """The accounts as they were when the log had so many events."""
    (history,) = _histories(connection, [REGISTER], until)
    return fold_register(history)


def at_point(folded: Iterable[FoldedCase], label: str) -> Iterator[FoldedCase]:
    """Cases folded up to an earlier point; those that had not come so far are left out."""
    for now in folded:
        with suppress(Invalid):  # a stage that it did not reach
            point = at(now.history, now.editions, label, notices=now.notices)
            if history := point.history:
                yield FoldedCase(history, now.editions, point.notices)


def _histories(
    connection: Connection, streams: Sequence[str], until: int, by: Instant | None = None
) -> Iterator[list[RecordedEvent]]:
    aside = entries_set_aside(_registered(connection, EntrySetAside, 0, until))
    last = (by or "").encode()

    def counts(entry: StoredEntry) -> bool:
        return moment_of(entry[1]) <= last

    for start in range(0, len(streams), AT_ONCE):
        some = {"streams": list(streams[start : start + AT_ONCE]), "until": until}
        found = connection.execute(_HISTORIES, some).all()
        for name, group in groupby(found, lambda row: str(row[0])):
            every = ((place, bytes(entry)) for _, entry, place in group)
            entries = takewhile(counts, every) if by else every
            if history := events_of(name, entries, aside):
                yield history
