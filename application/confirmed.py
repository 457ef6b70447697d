"""What the author has confirmed: it is meant so, although it looks like a slip."""

from datetime import date
from typing import Final, NamedTuple


class Confirmed(NamedTuple):
    """What has been confirmed of everything that is handed in together.

    Attributes:
        personal_numbers: whether the numbers of persons in it are meant to be recorded.
        dates: days that are right, although they look implausible.
    """

    personal_numbers: bool = False
    dates: tuple[date, ...] = ()


NOTHING: Final = Confirmed()
