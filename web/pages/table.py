"""A delivered table (原表): shown next to what was understood of it, and asked about in place.

The answers go into the mapping file, which waits with the table until both are recorded; nothing is
recorded while a question is left. The same table can be had back, filled in with what is recorded.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Final, NamedTuple, get_args

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from application.batch import StreamResult, apply_batch
from application.filled_table import FilledTable, fill, left_to_fill
from application.found_in_table import Side
from application.rehearsal import Rehearsal, rehearse
from application.score_table import MAPPING, batch_of
from application.understood_table import UnderstoodTable, understand
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
from ledger.language import Text, in_language
from ledger.problem import Problem
from ledger.values import Invalid, instant
from projections.rubric_view import row_names
from web.api import problems
from web.desk import Desk
from web.download import handed_out
from web.pages import drafts
from web.pages.acting import confirmed, ways_now
from web.pages.uploading import name_of, store_of, subjects_of
from web.step_up import ask_again, asks_again

ROWS_SHOWN: Final = 200
"""Rows of a table that the page shows; the others are read all the same."""

FILL: Final = "fill"
"""What somebody wants who records nothing: the table filled in with what is recorded."""

SIDES: Final[Mapping[str, Text]] = {
    "self-evaluation": Text("读入本单位的自评表", "read the unit's self-evaluation table"),
    "review": Text("读入核查机构的评分表", "read the agency's review table"),
    FILL: Text("不读入，把已记录的内容填进原表（.xlsx）",
               "read nothing: fill the table in with what is recorded (.xlsx)"),
}  # fmt: skip
BEGINS: Final[Mapping[str, str]] = {"self-evaluation": "claim-score", "review": "adjust-score"}
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
    """The page that takes a table; one that waits is shown as far as it was answered."""
    waiting = drafts.form_of(desk, _form_name(desk))
    if files := _waiting(desk, waiting):
        table, mapping = files
        typed = drafts.form_of(desk, f"{_form_name(desk)}/{waiting['upload']}")
        given = FormData([*waiting.multi_items(), *typed.multi_items()])
        mapping = _with_answers(given, mapping) if typed else mapping
        with suppress(Invalid):  # an answer that cannot be: the page begins again
            seen = _understood(desk, given, table, mapping)
            return _tried(desk, given, seen, str(waiting["upload"]))
    return _page(desk, FormData())


def _form_name(desk: Desk) -> str:
    return f"{desk.case}/table"


def _waiting(desk: Desk, given: FormData) -> list[HandedIn]:
    """The table that an upload left here, and its mapping; nothing where it is gone."""
    files = desk.office.kept.upload(
        desk.account.id, _form_name(desk), str(given.get("upload") or "")
    )
    is_table = len(files) == len(("table", "mapping")) and files[1][0].endswith(MAPPING)
    return [HandedIn(*file) for file in files] if is_table else []


def look_over(desk: Desk) -> Response:
    """What was understood of a table that is handed in; nothing is recorded."""
    given, file = desk.form, desk.form.get("file")
    if not (isinstance(file, UploadFile) and file.filename):
        nothing = Invalid("请选一个表", "choose a table", field="file")
        return _page(desk, given, 422, mistakes=[nothing])
    table = HandedIn(name_of(file.filename), file.file.read())
    try:
        seen = _understood(desk, given, table, _answered_before(desk, table))
    except Invalid as problem:
        return _page(desk, given, 422, mistakes=each(problem))
    return _tried(desk, given, seen, _keep(desk, given, seen))


def _answered_before(desk: Desk, table: HandedIn) -> HandedIn | None:
    """The mapping file that was filed with this very table, if one was: it is not asked twice."""
    folder, name = desk.office.place.evidence_there(), table.name + MAPPING
    known = [one for one in desk.now.case.evidence.values() if one.title == name]
    for one in reversed(known):
        held = folder.read(one.sha256) if folder else None
        if held and f'sha256 = "{table.sha256}"'.encode() in held:
            return HandedIn(name, held)
    return None


def record(desk: Desk) -> Response:
    """Take the answers; record what the table says where that was pressed and nothing is open."""
    given, files = desk.form, _waiting(desk, desk.form)
    if not files:
        gone = Invalid(
            "上传的表已不在：已经记录，或又上传过别的；请重新上传",
            "the table is gone: it was recorded, or another was uploaded since; upload it again",
        )
        return _page(desk, given, 409, mistakes=[gone])
    table, mapping = files
    try:
        seen = _understood(desk, given, table, _with_answers(given, mapping))
    except Invalid as problem:  # an answer that cannot be: what there was before stays
        before = _understood(desk, given, table, mapping)
        return _tried(desk, given, before, str(given["upload"]), 422, problem)
    upload = _keep(desk, given, seen)
    wants = "record" in given and given.get("side") != FILL
    if not wants or seen.refused:
        return _tried(desk, given, seen, upload, 422 if wants else 200)
    return _record(desk, given, seen, upload)


def filled_in(desk: Desk) -> Response:
    """The table that waits, filled in with what is recorded.

    Raises:
        Invalid: it is gone, it is no workbook, or something is left open.
    """
    desk.now  # noqa: B018 - a stranger must not learn that there is such a case
    files = _waiting(desk, FormData({"upload": desk.request.path_params["upload"]}))
    if not files:
        raise Invalid("表已不在，请重新上传", "the table is gone; upload it again")
    seen = _understood(desk, FormData({"side": FILL}), *files)
    stem, _, suffix = seen.table.name.rpartition(".")
    return handed_out(f"{stem}-{desk.case}.{suffix}", fill(seen).content)


def _record(desk: Desk, given: FormData, seen: UnderstoodTable, upload: str) -> Response:
    office = desk.office
    try:
        batch = batch_of(seen, desk.account.id, desk.today)
        for command in batch.commands:
            ask_again(desk, line_of(command).do)
        tried = rehearse(
            *(store_of(desk), office.clock, office.place, batch), confirmed=confirmed(given)
        )
        if tried.mistakes:
            return _shown(desk, given, seen, upload, tried, 422)
        desk.sent_again["upload"] = upload
        desk.ask_to_sign(tried.command_results)
        done = list(
            apply_batch(
                *(store_of(desk), office.clock, office.place, batch), confirmed=confirmed(given)
            )
        )
    except Problem as problem:
        return _tried(desk, given, seen, upload, problems.status_of(problem), problem)
    refused = [Invalid(*stream.refused) for stream in done if stream.refused]
    if not refused:
        office.kept.forget_upload(desk.account.id, _form_name(desk))
        office.kept.forget_draft(desk.account.id, _form_name(desk))
    return _page(desk, given, 409 if refused else 200, mistakes=refused, done=done)


def _understood(
    desk: Desk, given: FormData, table: HandedIn, mapping: HandedIn | None
) -> UnderstoodTable:
    path, own = Path(table.name), Path(table.name + MAPPING)
    return understand(desk.now, path, table, own, mapping, side=_side(given))


def _side(given: FormData) -> Side:
    if given.get("side") == FILL:
        return "self-evaluation"
    for side in get_args(Side):
        if given.get("side") == side:
            return side  # type: ignore[no-any-return]  # one of the literal's own values
    raise Invalid("请选择是哪一种表", "say which table it is", field="side")


def _in_place(refused: Invalid, path: Path) -> Invalid:
    """What is wrong, with the place of the page to mend it at in the place of the mapping file."""
    zh, en = refused.text
    zh = zh.replace(f"请在 {path} 中写 partial = true", "请勾选下面一项")
    zh = zh.replace(f"请在 {path} 中改正", "请在下面改正这一行读作什么")
    en = en.replace(f"write partial = true in {path}", "tick the box below")
    en = en.replace(f"Correct it in {path}", "Correct below what the row is read as")
    return Invalid(zh, en)


def _keep(desk: Desk, given: FormData, seen: UnderstoodTable) -> str:
    """Keep the table and its mapping until they are recorded, under a name that nobody guesses."""
    upload = token_hex(16)
    files = [(file.name, file.content) for file in (seen.table, seen.mapping)]
    kept, name = desk.office.kept, _form_name(desk)
    kept.keep_upload(desk.account.id, name, upload, files, instant(desk.office.clock()))
    if given.get("upload"):  # what was typed there is in the mapping by now
        kept.forget_draft(desk.account.id, f"{name}/{given['upload']}")
    drafts.put_by(desk, name, upload=upload, side=str(given["side"]))
    return upload


def _with_answers(given: FormData, mapping: HandedIn) -> HandedIn:
    """The mapping file with what was answered on the page; what was left empty stays asked."""
    answers, text = {}, mapping.content.decode()
    for name, value in given.multi_items():
        kind, _, place = name.removeprefix("answer:").partition(":")
        if name.startswith("answer:") and isinstance(value, str) and value.strip():
            answers[kind, place] = value.strip()
    if given.get("fix-row") and given.get("fix-as"):
        answers["rows", str(given["fix-row"])] = str(given["fix-as"])
    for name in ("partial", "submit"):
        if f"asks-{name}" in given:
            said = "true" if name in given else "false"
            text = _HEAD.sub(
                lambda found, name=name, said=said: (  # type: ignore[misc]  # bound as they are now
                    f"{name} = {said}" if found[1] == name else found[0]
                ),
                text,
            )
    text = answered(text, answers) if answers else text
    return HandedIn(mapping.name, text.encode())


def _tried(  # noqa: PLR0913, PLR0917 - what was understood, and what became of it
    desk: Desk,
    given: FormData,
    seen: UnderstoodTable,
    upload: str,
    status: int = 200,
    problem: Problem | None = None,
) -> Response:
    """The table with what it would record, if nothing is asked any more."""
    office, tried = desk.office, None
    if seen.refused is None and given.get("side") != FILL:
        batch = batch_of(seen, desk.account.id, desk.today)
        if batch.commands:
            tried = rehearse(
                *(store_of(desk), office.clock, office.place, batch), confirmed=confirmed(given)
            )
    return _shown(desk, given, seen, upload, tried, status, problem)


def _shown(  # noqa: PLR0913, PLR0917 - what the page may have to show
    desk: Desk,
    given: FormData,
    seen: UnderstoodTable,
    upload: str,
    tried: Rehearsal | None,
    status: int = 200,
    problem: Problem | None = None,
) -> Response:
    # A question is shown where it is answered; what is incomplete without one, at the head.
    fills, result = given.get("side") == FILL, None
    is_untold = seen.refused and not seen.questions and not fills
    untold = [_in_place(seen.refused, seen.path)] if seen.refused and is_untold else []
    if fills and not left_to_fill(seen):
        try:
            result = fill(seen)
        except Invalid as error:
            untold = [*each(error)]
    mistakes = [
        *([Invalid(*problems.words_of(problem))] if problem else []),
        *untold,
        *(tried.mistakes if tried else ()),
    ]
    lines = [line_of(command) for command in tried.batch.commands] if tried and tried.batch else []
    return _page(
        desk,
        given,
        status,
        mistakes=mistakes,
        seen=seen,
        result=result,
        upload=upload,
        lines=lines,
        tried=tried,
        asks_again=any(asks_again(desk, line.do) for line in lines),
    )


def _page(  # noqa: PLR0913 - the same
    desk: Desk,
    given: FormData,
    status: int = 200,
    *,
    mistakes: Sequence[Invalid] = (),
    seen: UnderstoodTable | None = None,
    result: FilledTable | None = None,
    upload: str = "",
    lines: Sequence[object] = (),
    tried: Rehearsal | None = None,
    asks_again: bool = False,
    done: Sequence[StreamResult] = (),
) -> Response:
    now = desk.read_again() if done else desk.now
    may = {way.do for way in ways_now(desk, now.case, COMMANDS)}
    return desk.case_page(
        "table.html",
        now,
        status,
        sides={
            side: words
            for side, words in SIDES.items()
            if side not in BEGINS or BEGINS[side] in may
        },
        side=str(given.get("side") or ""),
        fills=given.get("side") == FILL,
        result=result,
        form_name=f"{_form_name(desk)}/{upload}",
        mistakes=[mistake.sentence for mistake in mistakes],
        personal=bool(mistakes) and all(m.rule == "personal-number" for m in mistakes),
        seen=seen,
        blocks=[_block(block, seen) for block in seen.tables.blocks] if seen else [],
        asked=[*_asked(seen, left_to_fill(seen) if given.get("side") == FILL else seen.questions)]
        if seen
        else [],
        roles=[(role, WORDS[role]) for role in [*NAMES, IGNORED] if role in ANSWERS],
        names=row_names(seen.rubric if seen else None),
        meanings=[
            *(row_names(seen.rubric if seen else None).items()),
            *(
                (name, in_language(WORDS[name], desk.language))
                for name in (BONUS, PENALTY, IGNORED)
            ),
        ],
        words=WORDS,
        open=ASKED,
        upload=upload,
        lines=lines,
        subjects=subjects_of(seen.rubric) if seen else {},
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


def _asked(seen: UnderstoodTable, questions: Sequence[Question]) -> Iterator[Asked]:
    """Every question, with what there is to choose from."""
    rows = [(row, Text(name, name)) for row, name in row_names(seen.rubric).items()]
    names = dict(rows)
    for question in questions:
        fitting = [(value, WORDS.get(value) or names.get(value) or Text(value, value))
                   for value in question.choices]  # fmt: skip
        if question.kind == "row":
            others = [row for row in rows if row[0] not in question.choices]
            fitting += [*others, *((name, WORDS[name]) for name in (BONUS, PENALTY))]
        if question.kind == "column":
            known = {*question.choices}
            fitting += [(role, WORDS[role]) for role in NAMES if role in ANSWERS - known]
        yield Asked(question, ":".join(question.line.key), fitting)
