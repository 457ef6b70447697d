"""An agency's own tool: hands in the adjustments that its reviewers have written into a table.

    SCORETRAIL_TOKEN=stk_… python examples/agency-tool/hand_in.py ADDRESS CASE adjustments.csv [DAY]

The table has the columns indicator, award, justification, ground and clause, of which the last two
may be empty; DAY is the business date, today where it is not given. Rows that say what is recorded
already are left out; the others are handed in together, all or none. Started again after it was
interrupted, it records nothing twice.
"""

import csv
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

from client import Client, Command, Refused, Row, Unreachable

COLUMNS = ("indicator", "award", "justification", "ground", "clause")


def main(words: Sequence[str]) -> int:
    """Hand in what a table says; 0 where all of it is recorded."""
    if len(words) not in {3, 4} or "SCORETRAIL_TOKEN" not in os.environ:
        print(__doc__, file=sys.stderr)
        return 2
    (address, case, table), day = words[:3], words[3:]
    dated = date.fromisoformat(day[0]) if day else None
    client = Client(address, os.environ["SCORETRAIL_TOKEN"])
    text = Path(table).read_text("utf-8-sig")
    try:
        seen = client.version(case)
        rows = {row.id: row for row in client.sheet(case).indicators}
        wanted = [command for command in commands(text) if not is_recorded(command, rows)]
        if not wanted:
            print("nothing to hand in: all awards are recorded")
            return 0
        key = f"agency-tool-{sha256(repr((case, seen, wanted)).encode()).hexdigest()[:32]}"
        for event in client.record(case, wanted, key=key, dated=dated, seen=seen):
            data = event.content["data"]
            before = rows[data["indicator"]].award
            print(f"v{event.version} {data['indicator']}: {before} -> {data['award']}")
    except Refused as refused:
        print(refused, file=sys.stderr)
        for error in refused.problem.errors:
            print(f"{error.pointer}: {error.detail}", file=sys.stderr)
        return 1
    except Unreachable as away:
        print(f"{away}: no answer; start again, nothing is recorded twice", file=sys.stderr)
        return 1
    return 0


def is_recorded(command: Command, rows: Mapping[str, Row]) -> bool:
    """Whether a row of the score sheet has the award of a command already."""
    row = rows.get(str(command.get("indicator")))
    return row is not None and f"{row.award}" == command.get("award")


def commands(text: str) -> list[Command]:
    """A command for each row of the table."""
    return [
        {"do": "adjust-score"} | {name: row[name] for name in COLUMNS if row.get(name)}
        for row in csv.DictReader(text.splitlines())
    ]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
