"""The text of a rubric (指标体系文本): of a file, or of an edition that was published."""

from collections.abc import Callable
from pathlib import Path

from application.look import published_rubric
from intake.files import read_rubric
from ledger.ledger import EventStore


def rubric_source(store: Callable[[], EventStore], name: str) -> str:
    """The text of a rubric.

    Args:
        store: opens the ledger that it was published in; a file needs none.
        name: a file that ends in .toml, `id@edition`, or an id for its newest edition.

    Raises:
        Invalid: there is none.
    """
    if name.endswith(".toml"):
        return read_rubric(Path(name))
    return published_rubric(store(), name)
