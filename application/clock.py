"""The clock that a front door hands to what it calls."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Gives the moment, aware of its zone: it is that zone's day which an act is dated by default."""
