"""What became of one of many cases (逐件结果), and the report of all of them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import asdict

from application.paper import ask_for_paper
from application.written_file import write_whole
from documents.case_report import case_report, summary
from documents.formats import printer
from documents.lists import Row
from ledger.language import Language, Text
from ledger.values import Invalid, instant

Result = Literal["done", "possible", "before", "not-ready", "refused"]


class CaseOutcome(Struct, frozen=True):
    """What became of one case.

    Attributes:
        place: the cell of the list that it is about, or the file that was written.
        reason: why it was not done; `None` where it was.
        events: how many were recorded, or would be.
    """

    case: str
    place: str
    result: Result
    reason: Text | None = None
    events: int = 0


def rows_of(outcomes: Iterable[CaseOutcome]) -> list[Row]:
    """The rows of a report."""
    return [asdict(outcome) for outcome in outcomes]


def summary_of(outcomes: Iterable[CaseOutcome]) -> Text:
    """How many cases there are of each result."""
    return summary([outcome.result for outcome in outcomes])


def ask_for_report(output: Path) -> None:
    """Ask whether a report can be written there, before anything is done.

    Raises:
        Invalid: there is a file already, no such format or folder.
        ExtraMissing: the packages that make it are not installed.
    """
    if output.exists():
        raise Invalid(
            f"{output} 已存在，未作改动。请换一个文件名。",
            f"{output} is already there and stays as it is. Name another file.",
        )
    ask_for_paper(output)


def write_report(  # noqa: PLR0913, PLR0917 - its content, where, when and in which words
    output: Path,
    title: Text,
    outcomes: Sequence[CaseOutcome],
    today: date,
    now: datetime,
    language: Language,
) -> None:
    """Write the report as a workbook, or in another format of documents.

    Raises:
        Invalid: it cannot be written there.
    """
    document = case_report(title, rows_of(outcomes), today, language, instant(now))
    write_whole(output, [printer(output.suffix)(document)])
