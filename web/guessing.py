"""Guessing (易猜的密码): whether a password is among the first that somebody would try."""

from typing import Final

LOOKED_AT: Final = 72
"""Characters from the beginning; the library takes no more."""
ENOUGH: Final = 2
"""Of the library's scores: somebody has to try more than a million passwords."""


def is_guessable(password: str) -> bool:
    """Whether a password is common, or made of little more: a row of keys, repetitions, a date.

    >>> is_guessable("password123"), is_guessable("three boats under snow")
    (True, False)
    """
    # Its lists take some megabytes, which a process has no use for until somebody changes one.
    from zxcvbn import zxcvbn  # noqa: PLC0415 - the same

    return bool(zxcvbn(password[:LOOKED_AT])["score"] < ENOUGH)
