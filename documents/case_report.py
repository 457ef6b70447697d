"""What went and what did not (办理报告), of many cases with one command each."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from documents.lists import ListColumn, Row
from documents.page import Document, PageColumn, PageRow, PageTable
from ledger import terms
from ledger.language import Language, Text, counted, speaker
from projections import formatting

RESULTS: Final = {
    "done": Text("已办理", "done"),
    "possible": Text("可办理", "possible"),
    "before": Text("此前已办", "done before"),
    "not-ready": Text("尚不具备条件", "not ready"),
    "refused": Text("未办理", "not done"),
}
"""What became of a case."""

REPORT: Final = (
    ListColumn("case", terms.CASE),
    ListColumn("place", terms.PLACE),
    ListColumn("result", Text("结果", "Result"), words=RESULTS),
    ListColumn("reason", terms.REASON),
    ListColumn("events", Text("记录条数", "Events"), number=True),
)
_WIDTHS: Final = {"case": 12, "reason": 30, "result": 8}


def summary(results: Collection[str]) -> Text:
    """How many cases there are of each result."""
    kinds = [(words, list(results).count(name)) for name, words in RESULTS.items()]
    zh = "，".join(f"{words.zh} {count} 件" for words, count in kinds if count)
    en = ", ".join(f"{count} {words.en}" for words, count in kinds if count)
    many = len(results)
    return Text(f"共 {many} 件：{zh}", f"{counted(many, 'case')}: {en}")


def case_report(
    title: Text, rows: Sequence[Row], today: date, language: Language, made: str
) -> Document:
    """The report as a document.

    Args:
        title: what was done.
        rows: values by the names of `REPORT`.
        today: the day on which it was done.
        language: of its words.
        made: the instant that the file states.
    """
    say = speaker(language)
    return Document(
        title=say(*title),
        subtitle=f"{formatting.day(today, language)}  "
        + say(*summary([row["result"] for row in rows])),
        blocks=(
            PageTable(
                say("办理报告", "report"),
                tuple(
                    PageColumn(say(*each.heading), _WIDTHS.get(each.name, 5), number=each.number)
                    for each in REPORT
                ),
                tuple(
                    PageRow(tuple(each.written(row, "—", language) for each in REPORT))
                    for row in rows
                ),
            ),
        ),
        footer=(say("由程序生成。", "Made by the program."),),
        language=language,
        made=made,
        landscape=True,
    )
