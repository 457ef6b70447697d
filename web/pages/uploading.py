"""Uploading (上传): filled forms and batch files, looked over first, then recorded with one press.

The files wait next to the ledger, for the account that handed them in and for nobody else. What is
read is their bytes: no file of this machine, under any name in a command.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import PurePosixPath, PureWindowsPath
from secrets import token_hex
from types import MappingProxyType
from typing import Final, cast

from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from application.batch import StreamResult, apply_batch
from application.look_as import look_as
from application.place import Store
from application.rehearsal import Rehearsal, read_upload, rehearse
from documents.source import source
from intake.batch import WORKBOOKS, Batch
from intake.case_list import is_list
from intake.command_line import line_of
from intake.files import HandedIn
from intake.forms.form_workbook import form_xlsx
from intake.forms.review_form import review_form
from intake.forms.self_evaluation_form import form_of_case
from intake.forms.sheet import Form
from intake.mistakes import each
from ledger.language import Text, sentence
from ledger.problem import Problem
from ledger.rubric import Rubric
from ledger.values import Invalid, instant
from projections.rubric_view import row_names
from web.api import problems
from web.desk import Desk
from web.download import handed_out
from web.not_found import not_found
from web.pages.acting import confirmed
from web.pages.row_beside import last_year_of
from web.step_up import ask_again, asks_again

COMMANDS_IN: Final = (".toml", ".jsonl", *WORKBOOKS)
"""The name of a file that contains commands; the others go with it."""

FILES_MAX: Final = 50

HERE: Final = "upload"
LISTS: Final = "list"
"""Where the files wait, and lists of cases, which have a page of their own."""

FORMS: Final[Mapping[str, tuple[Text, Callable[..., Form]]]] = {
    "self-evaluation": (Text("自评填报表", "self-evaluation form"), form_of_case),
    "review": (Text("核查评分表", "review form"), review_form),
}
"""Forms that can be filled in and handed in again."""


def form(desk: Desk) -> Response:
    """The page that takes files, with the forms of a case to fill in."""
    desk.account  # noqa: B018 - nobody else is let in
    return _page(desk)


def empty_form(desk: Desk) -> Response:
    """A form of the case, with what is there so far."""
    kind = desk.request.path_params["kind"]
    if kind not in FORMS:
        raise not_found(f"没有表 {kind}", f"there is no form {kind}")
    last = last_year_of(desk, desk.now)
    before = last if last and (last.is_issued or kind == "review") else None
    made = FORMS[kind][1](source(desk.now, desk.today), desk.language, before)
    return handed_out(f"{desk.case}-{kind}.xlsx", form_xlsx(made))


def look_over(desk: Desk) -> Response:
    """What the files would record, or all that is wrong with them; nothing is recorded."""
    try:
        files = _handed_in(desk)
    except Invalid as problem:
        return _page(desk, 422, mistakes=each(problem))
    upload, now = token_hex(16), instant(desk.office.clock())
    if is_list(*files[0]):
        desk.office.kept.keep_upload(desk.account.id, LISTS, upload, files[:1], now)
        return RedirectResponse(f"/upload/list?upload={upload}", 303)
    desk.office.kept.keep_upload(desk.account.id, HERE, upload, files, now)
    return _looked_over(desk, upload, files)


def record(desk: Desk) -> Response:
    """Record what was looked over; or the same page again, with what is wrong by now."""
    upload, account = desk.typed("upload"), desk.account
    files = desk.office.kept.upload(account.id, HERE, upload)
    if not files:
        gone = Invalid(
            "上传的文件已不在：已经记录，或又上传过别的；请重新上传",
            "these files are gone: they were recorded, or others were uploaded since; upload again",
        )
        return _page(desk, 409, mistakes=[gone])
    try:
        batch = read_upload(desk.reading, account, desk.today, files[0][0], _by_name(files))
        tried = rehearse(
            store_of(desk),
            desk.clock,
            desk.office.place,
            batch,
            confirmed=confirmed(desk.form),
        )
        for command in batch.commands:
            ask_again(desk, line_of(command).do)
        if tried.mistakes:
            return _shown(desk, upload, tried, 422)
        desk.ask_to_sign(tried.command_results)
        done = list(
            apply_batch(
                *(store_of(desk), desk.clock, desk.office.place, batch),
                confirmed=confirmed(desk.form),
            )
        )
    except Problem as problem:
        return _looked_over(desk, upload, files, problem)
    refused = [Invalid(*stream.refused) for stream in done if stream.refused]
    if not refused:
        desk.office.kept.forget_upload(account.id, HERE)
    return _page(desk, 409 if refused else 200, mistakes=refused, done=done)


def _handed_in(desk: Desk) -> list[tuple[str, bytes]]:
    """The files as they came, the one with the commands first.

    Raises:
        Invalid: none of them, or several, can hold commands; or two have one name.
    """
    given = [file for file in desk.form.getlist("file") if isinstance(file, UploadFile)]
    files = [(name_of(file.filename), file.file.read()) for file in given if file.filename]
    heads = [pair for pair in files if pair[0].lower().endswith(COMMANDS_IN)]
    if len(heads) != 1:
        raise Invalid(
            "请选一个填好的表（.xlsx）或批量操作文件（.toml、.jsonl），它引用的文件一并选上",
            "choose one filled-in form (.xlsx) or batch file (.toml, .jsonl), and with it the files"
            " that it names",
            field="file",
        )
    if len({name for name, _ in files}) < len(files):
        raise Invalid("有两个文件同名", "two of the files have the same name", field="file")
    if len(files) > FILES_MAX:
        raise Invalid(
            f"一次最多上传 {FILES_MAX} 个文件", f"at most {FILES_MAX} files at once", field="file"
        )
    return [*heads, *(pair for pair in files if pair not in heads)]


def name_of(sent: str | None) -> str:
    """The name of a file without the folders that a browser may send with it."""
    return PureWindowsPath(PurePosixPath(sent or "").name).name.replace("\0", "") or "file"


def subjects_of(rubric: Rubric) -> dict[str, str]:
    """What rows and figures are called, by their ids, for people who look over a file."""
    return {**rubric.figure_names, **row_names(rubric)}


def _subjects(desk: Desk, batch: Batch | None) -> dict[str, str]:
    """The same for all cases of a file that there are by now."""
    found: dict[str, str] = {}
    for case in {command.envelope.case for command in batch.commands} if batch else ():
        with suppress(Problem):
            rubric = look_as(desk.reading, desk.account, case).rubric if case else None
            found |= subjects_of(rubric) if rubric else {}
    return found


def _by_name(files: Sequence[tuple[str, bytes]]) -> dict[str, HandedIn]:
    return {name: HandedIn(name, content) for name, content in files}


def store_of(desk: Desk) -> Store:
    """The ledger, in which the account acts as its login has proven."""
    return cast("Store", desk.acting_store)


def _looked_over(
    desk: Desk, upload: str, files: Sequence[tuple[str, bytes]], problem: Problem | None = None
) -> Response:
    try:
        batch = read_upload(desk.reading, desk.account, desk.today, files[0][0], _by_name(files))
    except Invalid as mistake:
        return _shown(desk, upload, Rehearsal(None, (), each(mistake)), 422)
    tried = rehearse(
        store_of(desk), desk.clock, desk.office.place, batch, confirmed=confirmed(desk.form)
    )
    status = problems.status_of(problem) if problem else 422 if tried.mistakes else 200
    return _shown(desk, upload, tried, status, problem)


def _shown(
    desk: Desk, upload: str, tried: Rehearsal, status: int, problem: Problem | None = None
) -> Response:
    lines = [line_of(command) for command in tried.batch.commands] if tried.batch else []
    mistakes = [*([Invalid(*problems.words_of(problem))] if problem else []), *tried.mistakes]
    return _page(
        desk,
        status,
        mistakes=mistakes,
        upload="" if tried.mistakes and not _confirmable(tried.mistakes) else upload,
        lines=lines,
        subjects=_subjects(desk, tried.batch),
        tried=tried,
        asks_again=any(asks_again(desk, line.do) for line in lines),
    )


def _confirmable(mistakes: Sequence[Invalid]) -> bool:
    """Whether all that is wrong may be meant so: the number of a person."""
    return all(mistake.rule == "personal-number" for mistake in mistakes)


def _page(  # noqa: PLR0913 - what the page may have to show
    desk: Desk,
    status: int = 200,
    *,
    mistakes: Sequence[Invalid] = (),
    upload: str = "",
    lines: Sequence[object] = (),
    subjects: Mapping[str, str] = MappingProxyType({}),
    tried: Rehearsal | None = None,
    asks_again: bool = False,
    done: Sequence[StreamResult] = (),
) -> Response:
    return desk.page(
        "upload.html",
        status,
        case=desk.request.query_params.get("case", ""),
        forms=FORMS,
        mistakes=[in_two(mistake) for mistake in mistakes],
        personal=bool(mistakes) and _confirmable(mistakes),
        upload=upload,
        lines=lines,
        subjects=subjects,
        tried=tried,
        asks_again=asks_again,
        done=done,
    )


def in_two(mistake: Invalid) -> tuple[Text, Text]:
    """Where it is, and what is wrong there and what to do."""
    zh, _, why = mistake.text.zh.partition("：")
    en, _, reason = mistake.text.en.partition(": ")
    if not (why and reason):
        return Text("", ""), mistake.sentence
    return Text(zh, en), sentence(Text(why, reason))
