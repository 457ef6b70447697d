"""Events of a feed (事件流中的事件): where each is, and by which id it is known."""

from collections import Counter
from collections.abc import Collection, Iterator
from hashlib import sha256
from typing import Final, NamedTuple

from ledger.envelope import RecordedEvent
from ledger.store import Store


class FeedPosition(NamedTuple):
    """Where an event is in the feed of an account.

    Attributes:
        since: the log position of the entry with which it became visible.
        position: its own, which is the same or before.
    """

    since: int
    position: int


BEGINNING: Final = FeedPosition(-1, -1)


class FeedEvent(NamedTuple):
    """An event in the feed.

    Attributes:
        id: the same for all who see the event, whenever they do; it shows nothing else.
        version: that it has in the case, which is not to be shown.
        event: as the account sees it now, in its own numbers.
    """

    place: FeedPosition
    id: str
    version: int
    event: RecordedEvent


class FeedPage(NamedTuple):
    """A part of the feed.

    Attributes:
        reached: where to go on from.
        more: whether there may be more by now.
    """

    events: list[FeedEvent]
    reached: FeedPosition
    more: bool


def feed_end(store: Store) -> FeedPosition:
    """The position after everything that is in the log now."""
    last = store.size() - 1
    return FeedPosition(last, last)


def ids_of(record: Collection[RecordedEvent]) -> Iterator[str]:
    """An id of each event of a case, the same for all accounts: made from its command."""
    of_command: Counter[str] = Counter()
    for one in record:
        of_command[one.command.id] += 1
        text = f"{one.case}\n{one.command.id}\n{of_command[one.command.id]}"
        yield sha256(text.encode()).hexdigest()[:32]
