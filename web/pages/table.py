"""A delivered table (原表): shown next to what was understood of it, and asked about in place.

The answers go into the mapping file, which waits with the table until both are recorded; nothing is
recorded while a question is left.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Final, NamedTuple, get_args

from starlette.datastructures import UploadFile
from starlette.responses import Response

from application.batch import StreamResult, apply_batch
from application.rehearsal import Rehearsal, rehearse
from application.score_table import MAPPING, batch_of
from application.understood_table import Side, UnderstoodTable, understand
from intake.command_line import line_of
from intake.files import HandedIn
from intake.grid import Cell, column_letters
from intake.headings import NAMES
from intake.mapping_file import answered
from intake.mistakes import each
from intake.table_columns import ANSWERS, ASKED, IGNORED, Block
from intake.table_mapping import BONUS, PENALTY
from intake.table_questions import Question
from ledger.commands import COMMANDS
from ledger.language import Text
from ledger.problem import Problem
from ledger.values import Invalid, instant
from projections.case_summary import case_summary
from web.api import problems
from web.desk import Desk
from web.pages.acting import confirmed, ways
from web.pages.uploading import name_of, store_of
from web.step_up import ask_again, asks_again

ROWS_SHOWN: Final = 200
"""Rows of a table that the page shows; the others are read all the same."""

SIDES: Final[Mapping[Side, Text]] = {
    "self-evaluation": Text("本单位的自评表", "the unit's self-evaluation table"),
    "review": Text("核查机构的评分表", "the agency's review table"),
}
BEGINS: Final[Mapping[Side, str]] = {"self-evaluation": "claim-score", "review": "adjust-score"}
"""The command that somebody must be allowed to do for a table of this side to be of use."""

WORDS: Final[Mapping[str, Text]] = {
    **NAMES,
    IGNORED: Text("不读", "not read"),
    BONUS: Text("加分", "bonus"),
    PENALTY: Text("减分", "penalty"),
    "yes": Text("读", "read it"),
    "no": Text("不读", "not read"),
    "read": Text("读这个表", "read this table"),
    "compare": Text("合计，只作对照", "a total, only compared"),
    "row": Text("是指标行", "a row of an indicator"),
}
"""Answers of the mapping file in words; any other is the id of an indicator or a figure."""

_HEAD: Final = re.compile(r"^(partial|submit) = (true|false)", re.MULTILINE)


class ShownColumn(NamedTuple):
    """A column of the table and what it was taken for.

    Attributes:
        key: of its line in the mapping file.
    """

    letters: str
    heading: str
    role: str
    why: Text
    key: str


class ShownRow(NamedTuple):
    """A row of the table as it was delivered, and what it was taken for."""

    number: int
    cells: list[str]
    means: str
    hidden: bool


class ShownBlock(NamedTuple):
    """A table of the file, next to what was understood of it.

    Attributes:
        left: rows that are not shown.
    """

    sheet: str
    columns: list[ShownColumn | None]
    rows: list[ShownRow]
    left: int


class Asked(NamedTuple):
    """A question with the answers that there are to choose from; none where words are asked for."""

    question: Question
    key: str
    choices: list[tuple[str, Text]]


def form(desk: Desk) -> Response:
    """The page that takes a table."""
    return _page(desk)


def look_over(desk: Desk) -> Response:
    """What was understood of a table that is handed in; nothing is recorded."""
    given = desk.form.get("file")
    if not (isinstance(given, UploadFile) and given.filename):
        nothing = Invalid("请选一个表", "choose a table", field="file")
        return _page(desk, 422, mistakes=[nothing])
    table = HandedIn(name_of(given.filename), given.file.read())
    try:
        seen = _understood(desk, table, None)
    except Invalid as problem:
        return _page(desk, 422, mistakes=each(problem))
    return _tried(desk, seen, _keep(desk, seen))


def record(desk: Desk) -> Response:
    """Take the answers; record what the table says where that was pressed and nothing is open."""
    account, upload = desk.account.id, str(desk.form.get("upload") or "")
    files = desk.office.kept.upload(account, upload)
    if len(files) != len(("table", "mapping")):
        gone = Invalid(
            "上传的表已不在：已经记录，或又上传过别的；请重新上传",
            "the table is gone: it was recorded, or another was uploaded since; upload it again",
        )
        return _page(desk, 409, mistakes=[gone])
    table, mapping = (HandedIn(*file) for file in files)
    text = _with_answers(desk, mapping.content.decode())
    try:
        seen = _understood(desk, table, HandedIn(mapping.name, text.encode()))
    except Invalid as problem:  # an answer that cannot be: what there was before stays
        before = _understood(desk, table, mapping)
        return _tried(desk, before, upload, 422, problem)
    upload = _keep(desk, seen)
    if "record" not in desk.form or seen.refused:
        return _tried(desk, seen, upload, 422 if "record" in desk.form else 200)
    return _record(desk, seen, upload)


def _record(desk: Desk, seen: UnderstoodTable, upload: str) -> Response:
    office = desk.office
    try:
        batch = batch_of(seen, desk.account.id, desk.today)
        for command in batch.commands:
            ask_again(desk, line_of(command).do, str(desk.form.get("password") or ""))
        tried = rehearse(
            *(store_of(desk), office.clock, office.place, batch), confirmed=confirmed(desk.form)
        )
        if tried.mistakes:
            return _shown(desk, seen, upload, tried, 422)
        done = list(
            apply_batch(
                *(store_of(desk), office.clock, office.place, batch), confirmed=confirmed(desk.form)
            )
        )
    except Problem as problem:
        return _tried(desk, seen, upload, problems.status_of(problem), problem)
    refused = [Invalid(*stream.refused) for stream in done if stream.refused]
    if not refused:
        office.kept.forget_upload(desk.account.id)
    return _page(desk, 409 if refused else 200, mistakes=refused, done=done)


def _understood(desk: Desk, table: HandedIn, mapping: HandedIn | None) -> UnderstoodTable:
    path = Path(table.name)
    return understand(desk.now, path, table, Path(table.name + MAPPING), mapping, side=_side(desk))


def _side(desk: Desk) -> Side:
    for side in get_args(Side):
        if desk.form.get("side") == side:
            return side  # type: ignore[no-any-return]  # one of the literal's own values
    raise Invalid("请选择是哪一种表", "say which table it is", field="side")


def _keep(desk: Desk, seen: UnderstoodTable) -> str:
    """Keep the table and its mapping until they are recorded, under a name that nobody guesses."""
    upload = token_hex(16)
    files = [(file.name, file.content) for file in (seen.table, seen.mapping)]
    desk.office.kept.keep_upload(desk.account.id, upload, files, instant(desk.office.clock()))
    return upload


def _with_answers(desk: Desk, text: str) -> str:
    """The mapping file with what was answered on the page; what was left empty stays asked."""
    answers = {}
    for name, value in desk.form.multi_items():
        kind, _, place = name.removeprefix("answer:").partition(":")
        if name.startswith("answer:") and isinstance(value, str) and value.strip():
            answers[kind, place] = value.strip()
    for name in ("partial", "submit"):
        if f"asks-{name}" in desk.form:
            said = "true" if name in desk.form else "false"
            text = _HEAD.sub(
                lambda found, name=name, said=said: (  # type: ignore[misc]  # bound as they are now
                    f"{name} = {said}" if found[1] == name else found[0]
                ),
                text,
            )
    return answered(text, answers) if answers else text


def _tried(
    desk: Desk,
    seen: UnderstoodTable,
    upload: str,
    status: int = 200,
    problem: Problem | None = None,
) -> Response:
    """The table with what it would record, if nothing is asked any more."""
    office, tried = desk.office, None
    if seen.refused is None:
        batch = batch_of(seen, desk.account.id, desk.today)
        if batch.commands:
            tried = rehearse(
                *(store_of(desk), office.clock, office.place, batch), confirmed=confirmed(desk.form)
            )
    return _shown(desk, seen, upload, tried, status, problem)


def _shown(  # noqa: PLR0913, PLR0917 - what the page may have to show
    desk: Desk,
    seen: UnderstoodTable,
    upload: str,
    tried: Rehearsal | None,
    status: int = 200,
    problem: Problem | None = None,
) -> Response:
    # A question is shown where it is answered; what is incomplete without one, at the head.
    untold = [seen.refused] if seen.refused and not seen.questions else []
    mistakes = [
        *([Invalid(*problems.words_of(problem))] if problem else []),
        *untold,
        *(tried.mistakes if tried else ()),
    ]
    lines = [line_of(command) for command in tried.batch.commands] if tried and tried.batch else []
    return _page(
        desk,
        status,
        mistakes=mistakes,
        seen=seen,
        upload=upload,
        lines=lines,
        tried=tried,
        asks_again=any(asks_again(desk, line.do) for line in lines),
    )


def _page(  # noqa: PLR0913 - the same
    desk: Desk,
    status: int = 200,
    *,
    mistakes: Sequence[Invalid] = (),
    seen: UnderstoodTable | None = None,
    upload: str = "",
    lines: Sequence[object] = (),
    tried: Rehearsal | None = None,
    asks_again: bool = False,
    done: Sequence[StreamResult] = (),
) -> Response:
    now = desk.read_again() if done else desk.now
    may = {way.do for way in ways(desk, now.case, COMMANDS)}
    return desk.page(
        "table.html",
        status,
        summary=case_summary(now.case),
        head=now.version,
        point=now,
        sides={side: words for side, words in SIDES.items() if BEGINS[side] in may},
        side=str(desk.form.get("side") or ""),
        mistakes=[mistake.text for mistake in mistakes],
        personal=bool(mistakes) and all(m.rule == "personal-number" for m in mistakes),
        seen=seen,
        blocks=[_block(block, seen) for block in seen.tables.blocks] if seen else [],
        asked=[*_asked(seen)] if seen else [],
        roles=[(role, WORDS[role]) for role in [*NAMES, IGNORED] if role in ANSWERS],
        names={row.id: row.path[-1] for row in seen.rubric.indicators} if seen else {},
        words=WORDS,
        open=ASKED,
        upload=upload,
        lines=lines,
        tried=tried,
        asks_again=asks_again,
        done=done,
    )


def _block(block: Block, seen: UnderstoodTable) -> ShownBlock:
    """A table next to what was understood of it."""
    width = max((len(row) for row in block.sheet.rows), default=0)
    means = {(row.sheet, row.number): means for row, means in seen.rows}
    first, last = block.first, max(block.rows, default=block.first)
    numbers = [number for number in range(first, last + 1) if any(_said(block, number))]
    return ShownBlock(
        block.sheet.name,
        [
            ShownColumn(
                column_letters(index),
                column.heading,
                column.role,
                column.why,
                f"columns:{block.sheet.name}!{column_letters(index)}{first + 1}",
            )
            if (column := block.columns.get(index))
            else None
            for index in range(width)
        ],
        [
            ShownRow(
                number + 1,
                _said(block, number) + [""] * (width - len(block.sheet.rows[number])),
                means.get((block.sheet.name, number + 1), IGNORED),
                number in block.sheet.hidden,
            )
            for number in numbers[:ROWS_SHOWN]
        ],
        max(len(numbers) - ROWS_SHOWN, 0),
    )


def _said(block: Block, number: int) -> list[str]:
    return [_shown_cell(cell) for cell in block.sheet.rows[number]]


def _shown_cell(cell: Cell) -> str:
    return cell.text


def _asked(seen: UnderstoodTable) -> Iterator[Asked]:
    """Every question, with what there is to choose from."""
    rows = [(row.id, Text(row.path[-1], row.path[-1])) for row in seen.rubric.indicators]
    names = dict(rows)
    for question in seen.questions:
        fitting = [(value, WORDS.get(value) or names.get(value) or Text(value, value))
                   for value in question.choices]  # fmt: skip
        if question.kind == "row":
            others = [row for row in rows if row[0] not in question.choices]
            fitting += [*others, *((name, WORDS[name]) for name in (BONUS, PENALTY))]
        if question.kind == "column":
            known = {*question.choices}
            fitting += [(role, WORDS[role]) for role in NAMES if role in ANSWERS - known]
        yield Asked(question, ":".join(question.line.key), fitting)
