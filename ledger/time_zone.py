"""The time zone of a ledger: the zone whose day dates a command, wherever the computer is.

It is a fact of the register (`TimeZoneSet`). A ledger that states none is dated in Beijing, as all
were before there was such an event.
"""

from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Final

from ledger import refusals
from ledger.language import Text

BEIJING_NAME: Final = "Asia/Shanghai"

BEIJING: Final = timezone(timedelta(hours=8), BEIJING_NAME)
"""All of China; the year round since 1992, before which no ledger was. It needs no database of
time zones, which some computers lack."""


def is_known(name: str) -> bool:
    """Whether the database of time zones (IANA) of this computer has a zone of that very name."""
    from zoneinfo import available_timezones  # noqa: PLC0415 - slow to import, not for Beijing

    is_name = "/" in name or name == "UTC"  # others are of this computer, or old short forms
    return name == BEIJING_NAME or (is_name and name in available_timezones())


def zone_of(name: str | None) -> tzinfo:
    """The zone of that name; Beijing's where a ledger states none.

    Raises:
        CommandRefused: this computer does not know it.
    """
    if name is None or name == BEIJING_NAME:
        return BEIJING
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - slow to import, not for Beijing

    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise refusals.unknown_time_zone(name) from None


def title_of(zone: tzinfo) -> Text:
    """What the times of a zone are called."""
    if zone == BEIJING:
        return Text("北京时间", "Beijing time")
    return Text(f"{zone} 时间", f"{zone} time")


def day_of_instant(at: str, zone: tzinfo) -> date:
    """The day that it was in a zone at an instant, written as envelopes write it."""
    return datetime.fromisoformat(at).astimezone(zone).date()
