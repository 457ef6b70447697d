"""How much a test tries: a sample of it each time, and all of it in `make long`."""

import os
from typing import Final

LONG: Final = "LONG" in os.environ


def so_many(usual: int, in_full: int) -> int:
    """How often something is tried."""
    return in_full if LONG else usual
