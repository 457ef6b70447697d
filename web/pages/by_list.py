"""By list (按清单办理): many cases with one command each, from a list that is handed in.

It is tried first, case by case: what cannot be read keeps the whole list from being done and is
reported at its cells; what a rule forbids keeps back its own case only. The command line does the
same by the same functions, and the report of it is the same workbook.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from secrets import token_hex
from typing import Final, cast

from starlette.datastructures import UploadFile
from starlette.responses import Response

from application.by_list import Done, carry_out
from application.case_outcome import CaseOutcome, rows_of, summary_of
from application.empty_list import list_for
from application.look_as import look_as
from application.place import Store
from documents.case_report import REPORT, case_report
from documents.formats import printer
from intake.case_list import CaseList, read_list
from intake.command_fields import does
from intake.listed_commands import LISTS
from intake.mistakes import each
from ledger import refusals
from ledger.authority import roles_for
from ledger.commands import OpenCase
from ledger.language import Text
from ledger.problem import Problem
from ledger.sight import parties_of
from ledger.terms import COMMANDS
from ledger.values import Invalid, instant, year_of
from web.api import problems
from web.desk import Desk
from web.download import handed_out
from web.not_found import not_found
from web.pages.acting import confirmed
from web.pages.uploading import LISTS as HERE
from web.pages.uploading import in_two, name_of
from web.step_up import ask_again, asks_again

REPORTS: Final = "list-report"
"""Where the report of a list waits."""

KINDS: Final = (".xlsx", ".xls", ".ods", ".csv")
EMPTY: Final = (".xlsx", ".csv")


def page(desk: Desk) -> Response:
    """The page that takes lists, with empty ones; and what one would do that was handed in."""
    upload = desk.request.query_params.get("upload", "")
    for name, content in desk.office.kept.upload(desk.account.id, HERE, upload):
        return _tried(desk, upload, name, content)
    return _page(desk)


def empty_list(desk: Desk) -> Response:
    """An empty list, or one with the cases of a year that the account has a part in.

    Raises:
        Invalid: no such list, or no such case.
    """
    account, given = desk.account, desk.request.query_params
    do, suffix = desk.request.path_params["name"], f".{given.get('form') or 'xlsx'}"
    if do not in LISTS:
        raise not_found(f"没有清单 {do}", f"there is no list {do}")
    year = year_of(given["year"]) if given.get("year") else None
    made = list_for(
        lambda: desk.store,
        *(do, year, suffix),
        language=desk.language,
        today=desk.today,
        parties=parties_of(account),
    )
    return handed_out(f"{do}{f'-{year}' if year else ''}{suffix}", made)


def look_over(desk: Desk) -> Response:
    """What the list would do, case by case, or all that is wrong with its cells."""
    file = desk.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        wrong = Invalid("请选择一份清单", "choose a list", field="file")
        return _page(desk, 422, mistakes=[wrong])
    name, content = name_of(file.filename), file.file.read()
    upload = token_hex(16)
    desk.office.kept.keep_upload(
        desk.account.id, HERE, upload, [(name, content)], instant(desk.office.clock())
    )
    return _tried(desk, upload, name, content)


def record(desk: Desk) -> Response:
    """Do what was tried, case by case, as far as the rules allow; and say what became of each."""
    upload, account = desk.typed("upload"), desk.account
    files = desk.office.kept.upload(account.id, HERE, upload)
    if not files:
        gone = Invalid(
            "清单已不在：已经办理，或又上传过别的；请重新上传，已办的不会重复",
            "the list is gone: it was done, or another was uploaded since; upload it again, what"
            " was done is not repeated",
        )
        return _page(desk, 409, mistakes=[gone])
    ((name, content),) = files
    outcomes: list[CaseOutcome] = []
    try:
        listed, unseen = _read(desk, name, content)
        ask_again(desk, listed.do)
        tried = _carried_out(desk, listed, dry_run=True)
        desk.ask_to_sign(result for one in tried for result in one.results)
        outcomes += unseen
        for one in carry_out(
            *(_store(desk), desk.clock, desk.office.place, listed), confirmed=confirmed(desk.form)
        ):
            outcomes.append(one.outcome)
    except Problem as problem:
        if not outcomes:
            return _tried(desk, upload, name, content, problem)
        return _page(desk, problems.status_of(problem), _told(problem), outcomes, upload=upload)
    desk.office.kept.forget_upload(account.id, HERE)
    return _page(desk, 200, outcomes=outcomes, do=listed.do)


def report(desk: Desk) -> Response:
    """The report of what was tried or done last, as a workbook.

    Raises:
        Invalid: there is none under that name.
    """
    upload = desk.request.path_params["upload"]
    for name, content in desk.office.kept.upload(desk.account.id, REPORTS, upload):
        return handed_out(name, content)
    raise not_found(
        "报告已不在；再次上传清单即可重新生成",
        "the report is gone; upload the list again for another",
    )


def _tried(
    desk: Desk, upload: str, name: str, content: bytes, problem: Problem | None = None
) -> Response:
    mistakes = _told(problem) if problem else []
    status = problems.status_of(problem) if problem else 200
    try:
        listed, unseen = _read(desk, name, content)
        outcomes = [*unseen, *(one.outcome for one in _carried_out(desk, listed, dry_run=True))]
    except Problem as wrong:
        found = [*mistakes, *_told(wrong)]
        personal = all(one.rule == "personal-number" for one in found)
        return _page(
            desk, 422, found, upload=upload if personal else "", personal=personal, do=_do(desk)
        )
    possible = any(outcome.result == "possible" for outcome in outcomes)
    return _page(
        desk,
        status,
        mistakes,
        outcomes,
        upload=upload if possible else "",
        do=listed.do,
        personal="confirmed" in desk.form,
        is_rehearsal=True,
    )


def _do(desk: Desk) -> str:
    """The command that was chosen; empty where the sheet is to say it."""
    do = desk.typed("do")
    return do if do in LISTS else ""


def _read(desk: Desk, name: str, content: bytes) -> tuple[CaseList, list[CaseOutcome]]:
    """A list without the cases that the account does not see, and the refusals of those.

    Raises:
        Invalid: it is not a list, or something is wrong with its cells.
        CommandRefused: the account opens no cases.
    """
    account = desk.account
    listed = read_list(
        Path(name), _do(desk) or None, account=account.id, dated=desk.today, content=content
    )
    if listed.do == "open-case":
        roles_for(OpenCase, account)
        return listed, []
    unseen: dict[str, CaseOutcome] = {}
    seen: set[str] = set()
    for command in listed.batch.commands:
        case = str(command.envelope.case)
        if case in seen or case in unseen:
            continue
        with suppress(Problem):
            look_as(desk.reading, account, case)
            seen.add(case)
        if case not in seen:
            refused = refusals.unknown_case(case).text
            unseen[case] = CaseOutcome(case, listed.ref(command), "refused", refused)
    commands = [one for one in listed.batch.commands if one.envelope.case in seen]
    return listed._replace(batch=listed.batch._replace(commands=commands)), [*unseen.values()]


def _carried_out(desk: Desk, listed: CaseList, *, dry_run: bool) -> list[Done]:
    return [
        *carry_out(
            *(_store(desk), desk.clock, desk.office.place, listed),
            dry_run=dry_run,
            confirmed=confirmed(desk.form),
        )
    ]


def _store(desk: Desk) -> Store:
    return cast("Store", desk.acting_store)


def _told(problem: Problem) -> list[Invalid]:
    if isinstance(problem, Invalid):
        return [*each(problem)]
    return [Invalid(*problems.words_of(problem), rule=problem.rule)]


def _report(desk: Desk, outcomes: Sequence[CaseOutcome], today: date, *, is_rehearsal: bool) -> str:
    """Keep the report for its account; under which name."""
    title = Text("预演报告", "Rehearsal") if is_rehearsal else Text("办理报告", "Report")
    made = instant(desk.office.clock())
    document = case_report(title, rows_of(outcomes), today, desk.language, made)
    name = "rehearsal.xlsx" if is_rehearsal else "report.xlsx"
    token = token_hex(16)
    files = [(name, printer(".xlsx")(document))]
    desk.office.kept.keep_upload(desk.account.id, REPORTS, token, files, made)
    return token


def _page(  # noqa: PLR0913 - what the page may have to show
    desk: Desk,
    status: int = 200,
    mistakes: Sequence[Invalid] = (),
    outcomes: Sequence[CaseOutcome] = (),
    *,
    upload: str = "",
    do: str = "",
    personal: bool = False,
    is_rehearsal: bool = False,
) -> Response:
    return desk.page(
        "by_list.html",
        status,
        lists={name: (COMMANDS[name], does(name)) for name in LISTS},
        kinds=KINDS,
        empty=EMPTY,
        year=desk.today.year - 1,
        mistakes=[in_two(mistake) for mistake in mistakes],
        columns=REPORT,
        rows=rows_of(outcomes),
        summary=summary_of(outcomes) if outcomes else None,
        report=_report(desk, outcomes, desk.today, is_rehearsal=is_rehearsal) if outcomes else "",
        upload=upload,
        do=do,
        personal=personal,
        is_rehearsal=is_rehearsal,
        asks_again=bool(do) and asks_again(desk, do),
    )
