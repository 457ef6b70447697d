"""Since when (起始时间): the moment that a list of changes begins at, as people name it."""

from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import NamedTuple

from ledger.store import Store, moment_of
from ledger.time_zone import day_of_instant
from ledger.values import Invalid, instant
from projections.as_of import instant_of


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
        Invalid: it is none of them, or the receipt is damaged.
        ProofError: the receipt is not of this log as it is now.
    """
    if (path := Path(text)).is_file():
        # What reads a receipt is slow to import, and few lists are asked for since one.
        from application.cose_receipts import read_any_receipt  # noqa: PLC0415 - as said
        from application.receipt_position import position_of  # noqa: PLC0415 - the same

        size = position_of(store, read_any_receipt(path)).size
        (last,) = store.entries(size - 1, size)
        return Since("", day_of_instant(moment_of(last).decode(), zone), size)
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
