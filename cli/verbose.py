"""`--verbose`: what the program does while it works, reported to an operator on stderr.

Modules tell it to loggers of their own names, by Python's `logging`; only here is it said where
that goes. It names places, numbers and cases, and never a secret nor the text of a record. Loggers
of libraries stay as they are: SQLAlchemy would print the values of its statements.
"""

import logging
import time
from typing import Final

from ledger.redacted import redacted
from ledger.visible import marked

PACKAGES: Final = ("application", "cli", "documents", "intake", "ledger", "projections")


class _Line(logging.Formatter):
    """A line: the instant in UTC to the millisecond, how serious it is, who says it, what."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """The line as it may appear on a screen and in a file of logs."""
        return redacted(marked(super().format(record)))


def log_to_stderr(*, verbose: bool) -> None:
    """Say what is done on stderr, or keep quiet."""
    handler = logging.StreamHandler() if verbose else logging.NullHandler()
    handler.setFormatter(_Line("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name in PACKAGES:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.DEBUG if verbose else logging.NOTSET)
        logger.propagate = not verbose
