"""The feed (事件流): the events of all cases that an account sees, in the order of first sight.

An event has its position where the account could see it first (`application.first_sight`). So who
goes on from where they were is given everything once: what became visible since, however long ago
it was recorded, and nothing that they were given before. Where they were is a pair of log
positions.
"""

from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Final

from application.concerned_log import ConcernedLog
from application.feed_events import FeedEvent, FeedPage, FeedPosition, ids_of
from application.first_sight import first_sight
from ledger.account_registry import Account, RegisterOverTime
from ledger.case import History
from ledger.envelope import REGISTER, StreamId
from ledger.followed_reading import FollowedReading
from ledger.sight import PARTS, in_own_numbers, parts_in, visible_to
from ledger.store import Entry, Store

LOOKED_AT: Final = 5_000
"""Entries of the log that one page looks at, so that a long gap delays nobody."""

OVER_TIME: Final = "over time"
FEED: Final = "feed"


class Feed:
    """The feed of one account, for one request."""

    def __init__(
        self,
        store: Store,
        reading: FollowedReading,
        account: Account,
        cases: Collection[StreamId] | None = None,
    ) -> None:
        """Begin to read.

        Args:
            store: of the ledger.
            reading: of the same, for one request.
            account: whose feed it is.
            cases: of which alone; of all that the account sees where it is `None`.
        """
        self._store, self._reading, self._account = store, reading, account
        self._log = ConcernedLog(store, account, cases)
        self._of: dict[StreamId, list[FeedEvent]] = {}
        self._by_sight: dict[StreamId, dict[int, list[FeedEvent]]] = {}

    def page(self, after: FeedPosition, limit: int) -> FeedPage:
        """What follows a place.

        Args:
            after: a place that was reached before, or `BEGINNING`.
            limit: how many events at most, at least one.

        Raises:
            ReadingBroken: a case that the account sees does not hold. Nothing is passed over.
        """
        page = self._page(after, limit)
        if page.reached != after:
            self._store.wait_for_disk()  # who has been given a place does not ask for it again
        return page

    def _page(self, after: FeedPosition, limit: int) -> FeedPage:
        events: list[FeedEvent] = []
        reached = after
        for looked, (place, event) in enumerate(self._walk(after), 1):
            if place is None:  # recorded while this was read: it is given with the next page
                return FeedPage(events, reached, more=True)
            reached = place
            if event:
                events.append(event)
            if len(events) >= limit or looked >= LOOKED_AT:
                return FeedPage(events, reached, more=True)
        return FeedPage(events, reached, more=False)

    def events_of(self, case: StreamId) -> list[FeedEvent]:
        """The events of a case that has to do with the account, in the order of the feed."""
        if case not in self._of:
            kept = self._reading.kept(case)
            key = (FEED, self._account.id, frozenset(self._account.roles), len(self._changes))
            found = kept.made.get(key) if kept else None
            if found is None:
                found = self._in_order(self._reading.read(case).history)
                if kept:
                    kept.made[key] = found
            self._of[case] = found
        return self._of[case]

    def _in_order(self, record: History) -> list[FeedEvent]:
        since = first_sight(self._changes, self._account, record)
        visible = visible_to(parts_in(self._account, record.case), record)
        ids = dict(zip((one.version for one in record), ids_of(record), strict=True))
        found = [
            FeedEvent(
                FeedPosition(since[one.version], one.position), ids[one.version], one.version, seen
            )
            for one, seen in zip(visible, in_own_numbers(visible), strict=True)
            if one.version in since and one.position is not None
        ]
        return sorted(found, key=lambda event: event.place)

    def _seen_at(self, case: StreamId, since: int) -> list[FeedEvent]:
        """The events of a case that came into sight with an entry, found without looking at others.

        What an entry costs that is hidden would otherwise show how many of them there are.
        """
        if case not in self._by_sight:
            found: dict[int, list[FeedEvent]] = {}
            for event in self.events_of(case):
                found.setdefault(event.place.since, []).append(event)
            self._by_sight[case] = found
        return self._by_sight[case].get(since, [])

    @cached_property
    def _changes(self) -> list[tuple[int, Account]]:
        kept, history = self._reading.kept(REGISTER), self._reading.read(REGISTER).history
        if kept is None:
            return RegisterOverTime(history).changes(self._account.id)
        if OVER_TIME not in kept.made:
            kept.made[OVER_TIME] = RegisterOverTime(history)
        register: RegisterOverTime = kept.made[OVER_TIME]
        return register.changes(self._account.id)

    @cached_property
    def _widened(self) -> set[int]:
        """Where the account was given a part in cases that it may have had none in."""
        before: set[str] = set()
        found = set()
        for place, account in self._changes:
            parts = {PARTS[role] for role in account.roles if role in PARTS}
            if parts - before:
                found.add(place)
            before = {*parts}
        return found

    def _walk(self, after: FeedPosition) -> Iterator[tuple[FeedPosition | None, FeedEvent | None]]:
        """Each place behind one with the event there, if any; `None` where reading fell behind."""
        start = after.since if after.position < after.since else after.since + 1
        for entry, place in self._log.entries(max(start, 0)):
            behind = after.position if place == after.since else -1
            concerns = self._log.concerns(entry.case_id)
            if (concerns or entry.case_id == REGISTER) and self._is_behind(entry):
                yield None, None
                return
            if place in self._widened:
                for earlier, position in self._log.entries(behind + 1, place):
                    yield from self._seen(earlier.case_id, FeedPosition(place, position))
            elif concerns:
                for event in self._seen_at(entry.case_id, place):
                    if event.place.position > behind:
                        yield event.place, event
            yield FeedPosition(place, place), None

    def _seen(
        self, case: StreamId, place: FeedPosition
    ) -> Iterator[tuple[FeedPosition, FeedEvent | None]]:
        events = self._seen_at(case, place.since) if self._log.concerns(case) else []
        yield place, next((event for event in events if event.place == place), None)

    def _is_behind(self, entry: Entry) -> bool:
        """Whether a stream was read before an entry of it had its position."""
        entries = self._reading.read(entry.case_id).entries
        return entry.version > len(entries) or entries[entry.version - 1][0] is None
