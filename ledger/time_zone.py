"""The time zone of ledgers: the zone whose day dates a command, wherever the computer is."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8), "北京时间")
"""All of China; the year round since 1992, before which no ledger was."""


def day_of_instant(at: str) -> date:
    """The day that it was there at an instant, written as envelopes write it."""
    return datetime.fromisoformat(at).astimezone(BEIJING).date()
