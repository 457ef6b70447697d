"""A rubric from a table (由已有的表起草): drafted, corrected, checked and published in one place.

What was understood is shown with the sentence that it is from; nothing is recorded before somebody
publishes the file.
"""

from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import Final, NamedTuple

from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from application.rubric_reading import Drafted, ReadDraft, read_draft
from intake.draft_file import Question
from intake.files import HandedIn
from intake.headings import NAMES
from intake.mistakes import each
from intake.rule_sentences import FoundRule
from intake.table_columns import ANSWERS, ASKED, IGNORED
from ledger.authority import may
from ledger.case import Case
from ledger.commands import COMMANDS
from ledger.language import Text
from ledger.problem import Problem
from ledger.terms import SHAPES
from ledger.values import Invalid, instant
from projections.rubric_check import RubricCheck, check
from projections.rubric_view import tree
from projections.rubric_words import about_rubric, row_words
from web.api import problems
from web.desk import Desk
from web.download import handed_out
from web.pages import drafts
from web.pages.acting import confirmed, day_given
from web.pages.uploading import name_of

PUBLISH: Final = "publish-rubric"
NAME: Final = "rubric-draft"
"""Of the file that somebody is correcting."""

NO_WEIGHTS: Final = Invalid(
    "没有一列能确定是分值，请在“各列”中指明",
    "none of the columns is known to hold the weights: say below which one does",
    field="column",
)
COLUMN: Final = "column:"
"""What the field of a column begins with, and then its letters."""


class ShownRow(NamedTuple):
    """A row of the draft.

    Attributes:
        sentences: those of its standard that state the rule.
        rule: what kind of rule they state, or why it is left to the reviewer.
        asks: what they leave open.
    """

    id: str
    path: tuple[str, ...]
    cell: str
    weight: object
    standard: str
    sentences: tuple[str, ...]
    rule: Text
    by_rule: bool
    asks: list[Question]


def form(desk: Desk) -> Response:
    """The page that takes a table; a file that somebody has not published is there again."""
    kept = drafts.form_of(desk, NAME)
    if desk.request.query_params.get("form") == "toml":
        return handed_out("rubric.toml", str(kept.get("source") or "").encode())
    return _page(desk, source=str(kept.get("source") or ""), is_draft=bool(kept))


def look_over(desk: Desk) -> Response:
    """What is drafted from a table that is handed in, or from the same one with other columns."""
    given, file = desk.form, desk.form.get("file")
    account, kept = desk.account.id, desk.office.kept
    if isinstance(file, UploadFile) and file.filename:
        table = HandedIn(name_of(file.filename), file.file.read())
        upload, said = token_hex(16), {}
        at = instant(desk.office.clock())
        kept.keep_upload(account, NAME, upload, [(table.name, table.content)], at)
    else:
        upload = str(given.get("upload") or "")
        held = kept.upload(account, NAME, upload)
        if len(held) != 1:
            nothing = Invalid("请选一个表", "choose a table", field="file")
            return _page(desk, 422, mistakes=[nothing])
        table, said = HandedIn(*held[0]), _said(given)
    try:
        read = read_draft(table, said)
    except Invalid as problem:
        return _page(desk, 422, mistakes=each(problem))
    mistakes = [] if read.drafted else [NO_WEIGHTS]
    source = read.drafted.file.text if read.drafted else ""
    if source:
        drafts.put_by(desk, NAME, source=source)
    status = 422 if mistakes else 200
    shown = Shown(table.name, upload, read)
    return _page(desk, status, mistakes=mistakes, shown=shown, source=source)


def correct(desk: Desk) -> Response:
    """Check the file as it is by now, or publish it."""
    given = desk.form
    source = str(given.get("source") or "").replace("\r\n", "\n")
    drafts.put_by(desk, NAME, source=source)
    found = check(source.encode())
    if "record" not in given or found.rubric is None:
        return _page(desk, 422 if "record" in given else 200, source=source, found=found)
    try:
        key = str(given.get("key") or token_hex(16))
        commands: Mapping[str, Mapping[str, object]] = {key: {"do": PUBLISH, "source": source}}
        desk.record(commands, case=None, dated=day_given(given), confirmed=confirmed(given))
    except Problem as problem:
        told = [Invalid(*problems.words_of(problem))]
        status = problems.status_of(problem)
        slip = problem.subject if problem.rule == "date" else ""
        return _page(desk, status, mistakes=told, source=source, found=found, slip=slip)
    drafts.forget(desk, NAME)
    return RedirectResponse(f"/rubrics/{found.rubric.id}?edition={found.rubric.edition}", 303)


class Shown(NamedTuple):
    """A table that was handed in, and what came of it."""

    name: str
    upload: str
    read: ReadDraft


def _said(given: FormData) -> dict[str, str]:
    """What somebody says a column is, where it is not what it was taken for."""
    said = {}
    for name, value in given.multi_items():
        was = given.get("was:" + name.removeprefix(COLUMN))
        if name.startswith(COLUMN) and isinstance(value, str) and value and value != was:
            said[name.removeprefix(COLUMN)] = value
    return said


def _rows(drafted: Drafted) -> list[ShownRow]:
    return [
        ShownRow(
            row.id,
            row.path,
            shown.cell,
            row.weight,
            row.row.standard,
            row.rule.sentences if isinstance(row.rule, FoundRule) else (),
            SHAPES[row.rule.rule["shape"]] if isinstance(row.rule, FoundRule) else row.rule.why,
            isinstance(row.rule, FoundRule),
            [one for one in drafted.file.questions if one.indicator == row.id],
        )
        for row, shown in zip(drafted.draft.rows, drafted.view.rows, strict=True)
    ]


def _page(  # noqa: PLR0913 - what the page may have to show
    desk: Desk,
    status: int = 200,
    *,
    mistakes: Sequence[Invalid] = (),
    shown: Shown | None = None,
    source: str = "",
    found: RubricCheck | None = None,
    is_draft: bool = False,
    slip: str | None = "",
) -> Response:
    drafted = shown.read.drafted if shown else None
    rubric = found.rubric if found else None
    return desk.page(
        "rubric_draft.html",
        status,
        mistakes=[mistake.sentence for mistake in mistakes],
        shown=shown,
        roles=[
            (ASKED, Text("请选择", "choose")),
            *((role, words) for role, words in NAMES.items() if role in ANSWERS),
            (IGNORED, Text("不读", "not read")),
        ],
        drafted=drafted,
        rows=_rows(drafted) if drafted else [],
        asks=[one for one in drafted.file.questions if not one.indicator] if drafted else [],
        source=source,
        form_name=NAME,
        is_draft=is_draft,
        found=found,
        rubric=rubric,
        levels=list(tree(rubric)) if rubric else [],
        row_words=row_words,
        about=about_rubric(rubric) if rubric else [],
        publishes=may(COMMANDS[PUBLISH], Case(), desk.account),
        key=token_hex(16),
        today=str(desk.form.get("dated") or desk.today.isoformat()),
        slip=slip,
    )
