"""How entries of older versions become readable: (name, version) -> dict -> dict.

Each function is pure, takes the `data` of that version and returns that of the next, and says in
its docstring what the older program did not know. The current version of an event is one more than
the number of its upcasts, so there is nothing to keep in step by hand.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

Upcast = Callable[[dict[str, Any]], dict[str, Any]]


def _dossier_issued_2(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out the program and the streams that the dossier depends on: v1 did not."""
    return {**data, "program": "", "streams": []}


UPCASTS: Final[Mapping[tuple[str, int], Upcast]] = {("DossierIssued", 1): _dossier_issued_2}


def current_version(name: str) -> int:
    """The version that today's program writes."""
    return 1 + sum(1 for known, _ in UPCASTS if known == name)


def upcast(name: str, version: int, data: dict[str, Any]) -> dict[str, Any]:
    """The data as today's program would have written it."""
    for step in range(version, current_version(name)):
        data = UPCASTS[name, step](data)
    return data
