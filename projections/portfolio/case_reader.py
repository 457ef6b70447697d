"""Cases as they were when the log had so many events, read from the record."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, bindparam, text

from ledger.account_registry import AccountRegistry, fold_register
from ledger.editions import Editions, fold_editions
from ledger.envelope import REGISTER, RecordedEvent, is_case, rubric_stream
from ledger.events import (
    AccountRecused,
    EntrySetAside,
    Event,
    RubricPinned,
    RubricRepinned,
    YearNoticeRecorded,
)
from ledger.store import moment_of
from ledger.stream_reading import StoredEntry, acts_in, entries_set_aside, events_of
from ledger.values import AccountId, Instant, Invalid
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
_OF_TYPE: Final = text(
    "SELECT position, entry FROM events JOIN leaves ON event_id = events.id"
    " WHERE case_id IN :streams AND type = :type AND position < :until"
).bindparams(bindparam("streams", expanding=True))
_LAST: Final = text(
    "SELECT events.case_id, entry FROM events JOIN (SELECT case_id, max(version) AS version FROM"
    " events GROUP BY case_id) AS ends ON ends.case_id = events.case_id"
    " AND ends.version = events.version"
)
_STREAM_AT: Final = text(
    "SELECT case_id FROM events JOIN leaves ON event_id = events.id WHERE position = :position"
)


def names(connection: Connection) -> set[str]:
    """Every case of the ledger."""
    return {name for name in connection.execute(_STREAMS).scalars() if is_case(name)}


def folded_cases(
    connection: Connection, cases: Sequence[str], until: int, rubrics: Rubrics, first: int = 1
) -> Iterator[FoldedCase]:
    """Cases as they were when the log had so many events, each with its editions.

    Args:
        connection: over the record.
        cases: their ids; those that had no event are left out.
        until: events of the log that count.
        rubrics: editions that were read before, which does not change what they say.
        first: the number of the first generation.
    """
    notices = tuple(notices_between(connection, 0, until))
    for generation, history in enumerate(_histories(connection, cases, until), first):
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
        yield FoldedCase(history, rubrics.get(rubric, Editions()), generation, notices)


def streams_set_aside(connection: Connection, since: int, until: int) -> set[str]:
    """The streams of entries that acts from one position up to another have set aside."""
    aside = entries_set_aside(_registered(connection, EntrySetAside, since, until))
    places = ({"position": position} for position in aside)
    return {str(connection.execute(_STREAM_AT, place).scalar()) for place in places}


def recorded_since(connection: Connection, instant: Instant) -> set[str]:
    """The cases of which something was recorded after an instant, as far as that can be read."""
    after = instant.encode()
    return {
        name
        for name, entry in connection.execute(_LAST)
        if is_case(name) and not b"" < moment_of(bytes(entry)) <= after
    }


def notices_between(connection: Connection, since: int, until: int) -> list[RecordedEvent]:
    """The notices of years that were recorded from one position up to another."""
    return acts_in(_registered(connection, YearNoticeRecorded, since, until), YearNoticeRecorded)


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


def recused_in(
    connection: Connection, cases: Iterable[str], until: int
) -> dict[str, set[AccountId]]:
    """The accounts that are recused from each of these cases, as far as any are."""
    asked = {"streams": sorted(cases), "type": AccountRecused.__name__, "until": until}
    if not asked["streams"]:
        return {}
    rows = connection.execute(_OF_TYPE, asked)
    found: dict[str, set[AccountId]] = {}
    for act in acts_in([(place, bytes(entry)) for place, entry in rows], AccountRecused):
        if isinstance(act.event, AccountRecused):
            found.setdefault(act.case, set()).add(act.event.account)
    return found


def at_point(folded: Iterable[FoldedCase], label: str) -> Iterator[FoldedCase]:
    """Cases folded up to an earlier point; those that had not come so far are left out."""
    for now in folded:
        with suppress(Invalid):  # a stage that it did not reach
            point = at(now.history, now.editions, label, notices=now.notices)
            if history := point.history:
                yield FoldedCase(list(history), now.editions, now.generation, point.notices)


def _histories(
    connection: Connection, streams: Sequence[str], until: int
) -> Iterator[list[RecordedEvent]]:
    aside = entries_set_aside(_registered(connection, EntrySetAside, 0, until))
    for start in range(0, len(streams), AT_ONCE):
        some = {"streams": list(streams[start : start + AT_ONCE]), "until": until}
        found = connection.execute(_HISTORIES, some).all()
        for name, group in groupby(found, lambda row: str(row[0])):
            entries = ((place, bytes(entry)) for _, entry, place in group)
            if history := events_of(name, entries, aside):
                yield history
