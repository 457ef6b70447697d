"""What forms send (填写内容): instants of a browser's field, in the ledger's time zone."""

from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from ledger.time_zone import title_of
from ledger.values import Instant, Invalid
from projections.as_of import FINAL, as_known, instant_of, moment_of


class TypedPoint(NamedTuple):
    """A point in time as two fields hold it; empty where it names none.

    Attributes:
        day: a business date.
        known: an instant of recording, in the ledger's time zone, to the minute or the second.
    """

    day: str
    known: str


def instant_typed(text: str, zone: tzinfo) -> str:
    """An instant in UTC, from a field that holds the time of a zone or an address that has UTC.

    Raises:
        Invalid: no such instant.
    """
    if text.endswith("Z"):
        instant_of(text)
        return text
    try:
        there = datetime.fromisoformat(text)
        there = there if there.tzinfo else there.replace(tzinfo=zone)
        return f"{there.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
    except (ValueError, OverflowError):
        of = title_of(zone)
        raise Invalid(
            f"“{text}”不是时刻；应写成 2026-11-21T18:00 这样（{of.zh}）",
            f"'{text}' is not an instant such as 2026-11-21T18:00 ({of.en})",
        ) from None


def point_typed(at: str | None, known: str | None, zone: tzinfo) -> str:
    """The point that two fields name: what happened by then, as it was known at an instant.

    Raises:
        Invalid: no such form, day or instant.
    """
    return as_known(at or FINAL, instant_typed(known, zone) if known else None)


def as_typed(label: str, zone: tzinfo) -> TypedPoint:
    """The fields that name a point, as far as they can."""
    moment = moment_of(label)
    known = moment.value if moment.axis == "recorded" else moment.known
    return TypedPoint(moment.value if moment.axis == "dated" else "", _local(known, zone))


def _local(at: Instant | None, zone: tzinfo) -> str:
    if at is None:
        return ""
    there = datetime.fromisoformat(at).astimezone(zone)
    return f"{there:%Y-%m-%dT%H:%M:%S}" if there.second else f"{there:%Y-%m-%dT%H:%M}"
