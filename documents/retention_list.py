"""The list of what is kept how long (档案保管期限清册), for appraisal and destruction."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from msgspec.structs import asdict

from documents.lists import ListColumn, Row
from documents.page import (
    Document,
    PageColumn,
    PageRow,
    PageTable,
    Paragraph,
    Signatures,
)
from ledger import terms
from ledger.language import Language, Text, counted, speaker
from projections import formatting

TERMS: Final = {
    "permanent": Text("永久", "permanent"),
    "30-years": Text("30年", "30 years"),
    "10-years": Text("10年", "10 years"),
}
STATES: Final = {
    "unset": Text("未设定期限", "no term set"),
    "permanent": Text("永久保管", "kept permanently"),
    "kept": Text("保管中", "kept"),
    "due": Text("期满待鉴定", "due for appraisal"),
    "proposed": Text("已提出，待鉴定", "proposed"),
    "appraised": Text("已鉴定，待审批", "appraised"),
    "approved": Text("已批准，待销毁", "approved"),
    "destroyed": Text("已销毁", "destroyed"),
}
LIST_NUMBER: Final = Text("销毁清册", "Destruction list")
FILES: Final = Text("佐证材料份数", "Evidence files")
ERASED: Final = Text("已销毁份数", "Files erased")
OVER: Final = Text("期满日", "Term is over on")
RETENTION: Final = (
    ListColumn("case", terms.CASE),
    ListColumn("year", terms.YEAR, number=True),
    ListColumn("unit", terms.UNIT),
    ListColumn("title", terms.TITLE, for_people=False),
    ListColumn("term", terms.FIELDS["term"], words=TERMS),
    ListColumn("starts", terms.FIELDS["starts"], for_people=False),
    ListColumn("over", OVER),
    ListColumn("schedule", Text("保管期限表", "Retention schedule"), for_people=False),
    ListColumn("state", terms.STATE, words=STATES),
    ListColumn("list", LIST_NUMBER),
    ListColumn("files", FILES, number=True),
    ListColumn("erased", ERASED, number=True),
)
NEVER: Final = Text(
    "可销毁的只有佐证材料的字节。记录本身（标题、理由、得分、账号、哈希）在日志中，永远不能销毁；"
    "已交出的卷宗、导出文件和备份中的副本，由其持有者另行销毁。",
    "Only the bytes of evidence files can be destroyed. Entries of the log (titles, reasons,"
    " scores, accounts, hashes) never can; copies in dossiers, exports and backups are destroyed by"
    " their holders.",
)


def retention_rows(listed: Iterable[Any]) -> Iterable[Row]:
    """The rows of the list."""
    return map(asdict, listed)


def retention_list(rows: Iterable[Row], today: date, language: Language, made: str) -> Document:
    """The list as a document, with places for the appraiser, the approver and two witnesses.

    Args:
        rows: of `retention_rows`.
        today: the day that it is about.
        language: of its words.
        made: the instant that the file states.
    """
    say, found = speaker(language), list(rows)
    columns = [column for column in RETENTION if column.name not in {"title", "starts"}]
    widths = {"case": 10, "unit": 12, "schedule": 10, "state": 8, "list": 10, "over": 8}
    places = (
        Text("鉴定人", "Appraised by"),
        Text("审批人", "Approved by"),
        Text("监销人", "Destruction witnessed by"),
        Text("监销人", "Destruction witnessed by"),
    )
    return Document(
        title=say("档案保管期限与销毁清册", "Retention and destruction list"),
        subtitle=say(
            f"截至{formatting.day(today, language)}，共{len(found)}件",
            f"as of {formatting.day(today, language)}, {counted(len(found), 'case')}",
        ),
        blocks=(
            PageTable(
                say("清册", "list"),
                tuple(
                    PageColumn(
                        say(*column.heading), widths.get(column.name, 5), number=column.number
                    )
                    for column in columns
                ),
                tuple(
                    PageRow(tuple(column.written(row, "—", language) for column in columns))
                    for row in found
                ),
            ),
            Paragraph(say(*NEVER)),
            Signatures(tuple((say(*place), "") for place in places)),
        ),
        footer=(say("由记录生成；各步均有记录。", "From the record, which has every step."),),
        language=language,
        made=made,
        landscape=True,
    )
