"""Since when (自何时起): the moment that a list of changes begins at, as people name it."""

from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Final, NamedTuple

from ledger.log.receipt import Receipt
from ledger.log.tree import ProofError
from ledger.store import Store, moment_of
from ledger.time_zone import day_of_instant
from ledger.values import Invalid, instant
from projections.as_of import instant_of

RECEIPT_MAX: Final = 1_000_000
"""Bytes of a file that may be a receipt."""


class Since(NamedTuple):
    """From when on what has changed is shown.

    Attributes:
        label: the point of each case then; empty where `size` says how many events there were.
        day: on which days were counted then.
    """

    label: str
    day: date
    size: int = 0


def days_within(text: str, today: date) -> int:
    """How many days from today on a list goes: `7d`, or up to a day.

    Raises:
        Invalid: it is neither.
    """
    if text.endswith("d") and text[:-1].isascii() and text[:-1].isdecimal():
        return int(text[:5].rstrip("d"))
    try:
        return (date.fromisoformat(text) - today).days
    except ValueError:
        raise Invalid(
            f"“{text}”应填写天数或日期，如 7d、2024-08-31。",
            f"'{text}' must be a number of days or a day, such as 7d or 2024-08-31.",
        ) from None


def since(text: str, store: Store, zone: tzinfo) -> Since:
    """The moment that a day, an instant or the file of a receipt names.

    A day is its beginning, so that lists of one day after the other leave nothing out. A receipt
    is as many events as its checkpoint covers, to the event.

    Raises:
        Invalid: it is none of them, or the receipt is of a longer log than this.
    """
    if (path := Path(text)).is_file():
        try:
            size = Receipt.parse(path.read_bytes()[:RECEIPT_MAX]).checkpoint.checkpoint.head.size
        except (ProofError, OSError) as error:
            raise _no_moment(text) from error
        last = store.entry_at(size - 1)
        if last is None:
            raise Invalid(
                f"{text}：存证证明所在的日志比本记录库长，不是本记录库的。",
                f"{text}: the log of the receipt is longer than this one; it is of another ledger.",
            )
        return Since("", day_of_instant(moment_of(last.entry).decode(), zone), size)
    try:
        if "T" in text:
            at = instant_of(text)
            return Since(f"recorded:{at}", day_of_instant(at, zone))
        day = date.fromisoformat(text)
    except (ValueError, Invalid):
        raise _no_moment(text) from None
    begins = instant(datetime.combine(day, time(), zone))
    return Since(f"recorded:{begins}", day - timedelta(1))


def _no_moment(text: str) -> Invalid:
    return Invalid(
        f"“{text}”应为日期、时刻或存证证明文件，如 2024-08-01、2024-08-01T08:00+08:00。",
        f"'{text}' must be a day, an instant or the file of a receipt, such as 2024-08-01 or"
        " 2024-08-01T08:00+08:00.",
    )
