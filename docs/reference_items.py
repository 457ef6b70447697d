"""What the two documents of the reference case contain, item by item, and what holds each item.

`reference-case-items.csv` lists the items; the table in `reference-case.md` is made of them and of
the case as `examples/zhanjiang-2023` builds it. An event is named by its type and by the id of what
it is about, so that the list does not change with the versions.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from cli.demo import CASE, EXAMPLES
from intake.batch import read_batch
from ledger.envelope import RecordedEvent
from ledger.events import Event, MaterialPublished
from ledger.ledger import Ledger, stream_of
from ledger.store import Store
from ledger.values import Figure

LIST: Final = Path(__file__).parent / "reference-case-items.csv"
RUBRIC: Final = "rubric "
"""Before a row of `rubric.toml`, or its `bands`: what the printed standard states is held there."""
BEARS_ON: Final = {
    "score": "得分 score",
    "check": "核对 check",
    "trace": "留痕 trace",
    "rectification": "整改 rectification",
    "appeal": "申诉 appeal",
}
DOCUMENTS: Final = {"self-report": "自评报告 / Self-report", "review": "核查报告 / Review"}
_APART: Final = "；"
_SUBJECTS: Final = (
    "figure",
    "indicator",
    "item",
    "finding",
    "recommendation",
    "document",
    "member",
    "scope",
)
_RECORDED: Final = "2024-12-31T09:00:00.000000Z"


class Item(NamedTuple):
    """One thing that a document states.

    Attributes:
        document: the id under which the case registers it.
        place: where in it.
        says: in our words.
        bears_on: what it matters to, of `BEARS_ON`; empty where it matters to none of them.
        held_by: what holds it, each as `title` gives it, or a row of the rubric.
        figures: numbers and words that these must contain.
        left_out: the reason where nothing holds it.
    """

    document: str
    place: str
    says: str
    bears_on: Sequence[str]
    held_by: Sequence[str]
    figures: Sequence[str]
    left_out: str


@cache
def items() -> Sequence[Item]:
    """The list, in the order of the documents."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return [
            Item(
                document=row["document"],
                place=row["place"],
                says=row["says"],
                bears_on=row["bears_on"].split(),
                held_by=_parts(row["held_by"]),
                figures=_parts(row["figures"]),
                left_out=row["left_out"],
            )
            for row in csv.DictReader(file)
        ]


def _parts(cell: str) -> list[str]:
    return cell.split(_APART) if cell else []


@cache
def recorded() -> Sequence[RecordedEvent]:
    """The reference case, built from its files."""
    with TemporaryDirectory() as folder, Store.create(f"{folder}/reference.db") as store:
        ledger = Ledger(store)
        ledger.initialise("administrator", "administration", date(2024, 7, 30), _RECORDED)
        for file in sorted(EXAMPLES.glob("[1-9]-*.toml")):
            batch = read_batch(file, account=None, dated=date(2024, 12, 31))
            for _, commands in groupby(batch.commands, key=lambda one: stream_of(one.envelope)):
                ledger.handle([one.envelope for one in commands], _RECORDED)
        return ledger.history(CASE)


def title(event: Event) -> str:
    """The type of an event and the id of what it is about: `FigureSubmitted staff`."""
    subjects = [getattr(event, name, None) for name in _SUBJECTS]
    if isinstance(event, MaterialPublished):
        subjects = [event.title]
    subject = next((each for each in subjects if each), "")
    return (
        f"{type(event).__name__} {subject.id if isinstance(subject, Figure) else subject}".strip()
    )


@cache
def versions() -> Mapping[str, int]:
    """The versions of the events of the case by their titles; the last where several have one."""
    return {title(one.event): one.version for one in recorded()}


def table() -> Iterator[str]:
    """Every item with what it bears on and what holds it."""
    matter = [item for item in items() if item.bears_on]
    held = [item for item in matter if item.held_by]
    yield (
        f"\n{len(items())} 项，其中 {len(matter)} 项与得分、核对、留痕、整改或申诉有关，"
        f"记录了 {len(held)} 项。没有记录的写明理由。内容是另写的，不是原文；"
        "末栏的数是条号，`rubric` 是指标体系的行。\n"
        f"\n{len(items())} items, of which {len(matter)} bear on a score, a check, the trace,"
        f" rectification or an appeal and {len(held)} of these are held. What is left out says why."
        " The contents are in our words; the numbers in the last column are versions of events,"
        " `rubric` is a row of the rubric.\n"
    )
    for document, heading in DOCUMENTS.items():
        yield f"\n#### {heading}\n\n| 位置 Place | 内容 Contents | 关系 Bears on | 记录 Held by |\n"
        yield "|---|---|---|---|\n"
        for item in items():
            if item.document == document:
                bears_on = "、".join(BEARS_ON[each] for each in item.bears_on)
                holds = "<br>".join(map(_held, item.held_by)) or f"（{item.left_out}）"
                yield f"| {item.place} | {item.says} | {bears_on or '—'} | {holds} |\n"


def _held(name: str) -> str:
    return f"`{name}`" if name.startswith(RUBRIC) else f"{versions()[name]} `{name}`"
