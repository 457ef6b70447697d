"""A log that lies about what was done in it and signs that: all links and ends fit."""

from typing import Any

from ledger.codec import canonical
from ledger.log.tree import leaf_hash

Entries = list[dict[str, Any]]


def linked(entries: Entries) -> list[bytes]:
    """The entries as a log that lies would have recorded them: all links and ends fit."""
    ends: dict[str, tuple[int, str]] = {}
    log = []
    for entry in entries:
        version, leaf = ends.get(entry["case"], (0, ""))
        entry["version"], entry["prev"] = version + 1, leaf
        if entry["type"] == "DossierIssued":
            for end in entry["data"]["streams"]:
                end["version"], end["leaf"] = ends[end["stream"]]
            entry["data"]["covers"] = version
        log.append(canonical(entry))
        ends[entry["case"]] = version + 1, leaf_hash(log[-1]).hex()
    return log


def the(entries: Entries, type_: str, account: str = "reviewer") -> dict[str, Any]:
    """The last entry of a type that an account has recorded."""
    return [one for one in entries if (one["type"], one["by"]["account"]) == (type_, account)][-1]
