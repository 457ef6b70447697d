"""The clock that a front door hands to what it calls."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Gives the moment, aware of its zone: commands are dated by that zone's day by default."""
