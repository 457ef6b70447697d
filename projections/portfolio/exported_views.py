"""Data for others (数据导出): the rows of each view over all cases, and the facts, as flat tables.

They are folded from the log up to a checkpoint and not read from the tables of the portfolio, so
that who has the log can make the same rows again. Where a decimal does not fit a column of
decimals, the text next to it has it; each row names its log and its case, so that files of many
ledgers are one table.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Column, SmallInteger
from sqlalchemy import Text as SqlText

from ledger import terms
from ledger.language import Text
from ledger.log.tree import leaf_hash
from ledger.store import Store
from ledger.store.entries import Entry
from ledger.values import PLACES_MAX
from projections.portfolio.case_reader import AT_ONCE, Rubrics, folded_cases, names
from projections.portfolio.steps import FoldedCase, ViewRow
from projections.portfolio.views import VIEWS as PORTFOLIO

Kind = Literal["text", "number", "yes-no", "decimal"]
DIGITS: Final = 18
"""Of a decimal that fits its column, `PLACES_MAX` of them after the point: 64 bits hold it."""
TEXT_OF: Final = "_text"
"""How the column is called that has a decimal as it was written, with all its digits."""
OWN: Final = frozenset({"case_key", "recused", "searched", "same"})
"""Columns that serve the portfolio alone."""
DECIMALS: Final = frozenset({"claim", "award", "gap", "weight"})


class ExportedColumn(NamedTuple):
    """One column of a file.

    Attributes:
        optional: whether it may lack a value.
        said: what is in it.
    """

    name: str
    kind: Kind
    optional: bool
    said: Text


class ExportedView(NamedTuple):
    """One file."""

    name: str
    columns: tuple[ExportedColumn, ...]


_ORIGIN: Final = Text("日志名称", "Name of the log")
_DAY: Final = Text("（年-月-日）", " (year-month-day)")
SAID: Final[Mapping[str, Text]] = {
    "origin": _ORIGIN,
    "case": terms.CASE_ID,
    "unit": terms.UNIT_ID,
    "unit_name": terms.UNIT,
    "year": terms.YEAR,
    "title": terms.TITLE,
    "bureau": terms.BUREAU,
    "bureau_id": Text("财政部门编号", "Bureau id"),
    "agency": terms.AGENCY,
    "agency_id": Text("核查机构编号", "Agency id"),
    "stage": Text(
        "阶段：open、submitted、draft、issued、closed",
        "Stage: open, submitted, draft, issued or closed",
    ),
    "version": Text("事项内的条号", "Version: the number of the event in its case"),
    "rubric": terms.RUBRIC,
    "edition": terms.EDITION,
    "figures": Text("基础数据项数", "Number of figures"),
    "claims": terms.ROWS_CLAIMED,
    "awards": terms.ROWS_AWARDED,
    "scored": Text("已选定指标体系，有得分", "Has scores: a rubric is pinned"),
    "axis": Text(
        "时点种类：dated 业务日期、recorded 记录时间、stage 阶段",
        "Kind of point: dated, recorded or stage",
    ),
    "since": Text("自此时点起", "Holds from this point on"),
    "until": Text("至此时点止，不含；~ 为至今", "Holds up to this point; ~: still"),
    "claim": terms.CLAIMED,
    "claim_grade": terms.CLAIMED_GRADE,
    "claim_pending": terms.NOT_CLAIMED,
    "award": terms.AWARDED,
    "grade": terms.GRADE,
    "pending": terms.NOT_REVIEWED,
    "bonus_undecided": terms.BONUS_UNDECIDED,
    "gap": Text("分差：核查得分减自评得分", "Gap: awarded less claimed"),
    "indicator": Text("指标编号", "Indicator id"),
    "weight": terms.WEIGHT,
    "excluded": terms.NOT_APPLICABLE,
    "version_until": Text(
        "至此条号止，不含；2147483647 为至今", "Current up to this version; 2147483647: still"
    ),
    "dated": Text("业务日期", "Business date"),
    "dated_until": Text("至此业务日期止，不含；~ 为至今", "Current up to this date; ~: still"),
    "recorded": Text("记录时间（UTC）", "Recorded (UTC)"),
    "recorded_until": Text("至此记录时间止，不含；~ 为至今", "Current up to this; ~: still"),
    "kind": terms.EVENT_TYPE,
    "reviewer": Text("核查人员账号", "Account of the reviewer"),
    "organisation": terms.ORGANISATION,
    "clause": terms.CLAUSE,
    "decided_by": Text(
        "评定方式：rule、discretion、judgement、missing；不适用的为空",
        "Decided by rule, discretion, judgement or missing; none where not applicable",
    ),
    "countersigned": terms.COUNTERSIGNED_BY,
    "request": Text("整改要求编号", "Request id"),
    "requested": terms.REQUESTED,
    "number": terms.NUMBER,
    "demand": terms.DEMAND,
    "state": Text(
        "状态：open 未反馈、answered 已反馈、accepted 已到位", "State: open, answered or accepted"
    ),
    "due": terms.DUE,
    "due_by": Text("期限依据：document、extension、clock", "Set by document, extension or clock"),
    "responses": terms.RESPONSES,
    "responded": terms.RESPONDED,
    "findings": Text("所涉问题（JSON）", "Findings (JSON)"),
    "answers": Text("各次反馈的条号和日期（JSON）", "Versions and days of the responses (JSON)"),
    "accepted": terms.ACCEPTED,
    "late": terms.DAYS_LATE,
    "turn": Text("待办方：unit、agency、bureau", "Responsible party: unit, agency or bureau"),
    "what_zh": Text("待办（中文）", "Task, in Chinese"),
    "what_en": Text("待办（英文）", "Task, in English"),
    "subject": terms.SUBJECT,
    "assigned": Text("所分配的账号", "Account that it is assigned to"),
    "shown_from": Text("自此日起待办", "Waits from this day on"),
    "shown_until": Text("至此日止，不含；~ 为至今", "Waits up to this day; ~: still"),
    "party": Text("待办机构编号", "Organisation that it waits for"),
    "last": Text("截止日期；~ 为没有", "Due date; ~: none"),
    "number_in_case": Text("申诉的次序", "Which appeal of the case"),
    "appeal": Text("申诉编号", "Appeal id"),
    "lodged": terms.LODGED,
    "contests": Text("所涉核查得分（JSON）", "Contested awards (JSON)"),
    "open": Text("尚未决定", "Not decided yet"),
    "sha256": Text("文件的 SHA-256", "SHA-256 of the file"),
    "nth": Text("该条内的次序", "Which text of the event"),
    "unit_number": Text(
        "单位所见的条号；不可见的为空", "Number as the unit sees it; none if hidden"
    ),
    "type": terms.EVENT_TYPE,
    "until_self": Text("提交自评的记录时间", "When the self-evaluation ended (recorded)"),
    "until_draft": Text("发出征求意见稿的记录时间", "When the draft was sent (recorded)"),
    "until_issued": Text("印发结果的记录时间", "When the result was issued (recorded)"),
    "account": terms.ACCOUNT,
    "text": Text("文字", "Text"),
    "position": Text("日志位置，从 0 起", "Log position, from 0"),
    "stream": Text(
        "记录流：评价事项、指标体系或账号登记簿", "Stream: a case, a rubric or the register"
    ),
    "entry": Text("条目原文（JSON，字节原样）", "The entry as recorded (JSON, byte for byte)"),
    "leaf": Text("条目的叶哈希（RFC 9162）", "Leaf hash of the entry (RFC 9162)"),
}
"""What is in a column, by its name."""

OTHERWISE: Final[Mapping[tuple[str, str], Text]] = {
    ("work", "number"): Text("次序", "Order"),
    ("work", "since"): Text("起算日", "Waiting since"),
    ("texts", "number"): Text("全部可见者所见的条号", "Number as those see it who see all"),
    ("texts", "kind"): terms.TEXT_KIND,
}
"""The same where a name means something else in one of the files."""


def _column(view: str, name: str, kind: Kind, *, optional: bool) -> Iterator[ExportedColumn]:
    said = OTHERWISE.get((view, name)) or SAID[name]
    yield ExportedColumn(name, kind, optional, said)
    if kind == "decimal":
        text = Text(f"{said.zh}，原样文字", f"{said.en}, as written")
        yield ExportedColumn(name + TEXT_OF, "text", optional, text)


_IDENTITY: Final = ("origin", "case", "unit", "unit_name")
_OF_CASE: Final = OWN | {"case_id", "unit", "unit_name", "year"}


def _exported(view: str) -> Iterator[tuple[int, Column[Any], Kind]]:
    """The columns of a view that are exported, but for those of its case, by their places."""
    for place, column in enumerate(_VIEWS[view].columns):
        if column.name in DECIMALS:
            yield place, column, "decimal"
        elif column.name not in _OF_CASE:
            is_text, is_yes_no = (isinstance(column.type, kind) for kind in (SqlText, SmallInteger))
            yield place, column, "text" if is_text else "yes-no" if is_yes_no else "number"


def _view(view: str) -> ExportedView:
    columns = [
        column for name in _IDENTITY for column in _column(view, name, "text", optional=False)
    ]
    columns += _column(view, "year", "number", optional=False)
    for _, column, kind in _exported(view):
        columns += _column(view, column.name, kind, optional=bool(column.nullable))
    return ExportedView(view, tuple(columns))


_VIEWS: Final = {name: view for name, view in PORTFOLIO.items() if name != "pieces"}
VIEWS: Final[tuple[ExportedView, ...]] = tuple(_view(name) for name in _VIEWS)
"""The views over all cases, but the index of the search."""
FACTS: Final = ExportedView(
    "facts",
    tuple(
        column
        for name, kind, optional in (
            ("origin", "text", False),
            ("position", "number", False),
            ("stream", "text", False),
            ("version", "number", False),
            ("type", "text", False),
            ("dated", "text", True),
            ("recorded", "text", True),
            ("account", "text", True),
            ("organisation", "text", True),
            ("entry", "text", True),
            ("leaf", "text", False),
        )
        for column in _column("facts", name, kind, optional=optional)  # type: ignore[arg-type]  # of Kind
    ),
)
"""What was recorded, in the order of the log. What cannot be read has its position and its hash."""
FILES: Final = {view.name: view for view in (*VIEWS, FACTS)}
"""The files of an export, by their names without the ending."""


def exported_rows(store: Store, origin: str, size: int) -> Iterator[tuple[str, Sequence[ViewRow]]]:
    """The rows of all views at a size of the log, by the name of the view, cases in their order.

    Args:
        store: the ledger; nothing is written.
        origin: the name of its log.
        size: how many events count.

    Raises:
        UnreadableEntry: an entry of the log, which no command sets aside.
    """
    rubrics: Rubrics = {}
    with store.projection_transaction(writing=False) as beside:
        named = sorted(names(beside.connection))
    for start in range(0, len(named), AT_ONCE):
        some = named[start : start + AT_ONCE]
        with store.projection_transaction(writing=False) as beside:
            every = list(folded_cases(beside.connection, some, size, rubrics))
        every.sort(key=attrgetter("id"))
        for name in _VIEWS:
            yield name, [row for folded in every for row in _rows(name, folded, origin)]


def _rows(name: str, folded: FoldedCase, origin: str) -> Iterator[ViewRow]:
    """The rows of a case in a view, in the order of what distinguishes them."""
    opened = folded.case.opened
    if opened is None:
        return
    whose = (origin, folded.id, opened.unit, opened.unit_name, opened.year)
    view, columns = _VIEWS[name], list(_exported(name))
    keys = [place for place, column in enumerate(view.columns) if column.primary_key]
    rows: Iterable[ViewRow] = view.rows(folded)
    for row in sorted(rows, key=lambda row: [row[place] for place in keys]):
        values: list[object] = []
        for place, _, kind in columns:
            value = row[place]
            if kind == "decimal":
                values += (fitting(value), value)
            else:
                values.append(bool(value) if kind == "yes-no" else value)
        yield (*whose, *values)


def fitting(written: str | None) -> Decimal | None:
    """A decimal as its column holds it; `None` where it does not fit, or there is none."""
    if written is None:
        return None
    number = Decimal(written)
    scaled = number.scaleb(PLACES_MAX)
    fits = scaled == scaled.to_integral_value() and abs(scaled) < 10**DIGITS
    return number if fits else None


class _By(Struct):
    account: str | None = None
    organisation: str | None = None


class _Head(Struct):
    at: str | None = None
    dated: str | None = None
    by: _By = msgspec.field(default_factory=_By)


_HEAD: Final = msgspec.json.Decoder(_Head)


def fact(origin: str, entry: Entry) -> ViewRow:
    """The row of an entry that has its position."""
    try:
        head, text = _HEAD.decode(entry.entry), entry.entry.decode()
    except (msgspec.MsgspecError, UnicodeDecodeError):
        head, text = _Head(), None
    return (
        *(origin, entry.position, entry.case_id, entry.version, entry.type),
        *(head.dated, head.at, head.by.account, head.by.organisation),
        *(text, leaf_hash(entry.entry).hex()),
    )
