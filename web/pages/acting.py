"""Commands (办理): every command of the ledger as a page with fields, and what becomes of it.

Whether a command is allowed is asked of the ledger alone; a page that is refused comes back with
all that was typed, and with what is wrong at its field.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, NamedTuple, cast
from urllib.parse import urlencode

from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from application.completing import completed
from application.confirmed import Confirmed
from application.dossier_record import record_dossier
from application.evidence import erase, keep
from application.place import Store
from application.together import handle_together
from intake.command_fields import does, field_at, is_of_case, put_together
from intake.files import HandedIn, text_of
from ledger.authority import may
from ledger.case import Case
from ledger.commands import COMMANDS
from ledger.decide.stages import STAGES_OF, fits
from ledger.field_errors import field_errors
from ledger.language import Text, listing, sentence
from ledger.problem import Problem
from ledger.terms import COMMANDS as TITLES
from ledger.terms import STAGES
from ledger.values import Invalid, day_of, version_seen
from projections.as_of import CaseAsOf
from projections.case_summary import case_summary
from projections.change_log import ChangeLogRow, change_log
from projections.rubric_check import check
from projections.rubric_view import row_names
from web.api import problems
from web.desk import Desk
from web.not_found import not_found
from web.pages import drafts
from web.pages.command_form import BESIDE, Field, asked_of_people, fields_of, filled, missing
from web.pages.row_beside import row_beside
from web.signing import KEPT, kept, kept_of
from web.step_up import ask_again, asks_again

ELSEWHERE: Final = {"open-case"}
"""Commands of a case that are not done in it: there is none yet."""

OF_NO_CASE: Final = {
    "open-account": "/register",
    "grant-role": "/register",
    "revoke-role": "/register",
    "set-time-zone": "/register",
    "countersign-key": "/register",
    "retire-key": "/register",
    "demand-signatures": "/register",
    "declare-conflict": "/register",
    "end-conflict": "/register",
    "link-accounts": "/register",
    "set-entry-aside": "/register",
    "record-year-notice": "/calendar",
    "publish-rubric": "/cases",
    "supersede-rubric": "/cases",
    "open-case": "/cases",
}
"""Commands that are done in no case, and where one is after that."""

DECLINING: Final = {"answer-objection", "decide-appeal"}
"""Commands by which what was asked for can be declined in one press, with a reason."""

LISTED: Final = 20
"""How many records a conflict lists at most."""

FILL_IN: Final = Text("请填写这一项", "fill this in")


class Way(NamedTuple):
    """A command that this account may do."""

    do: str
    title: Text
    does: Text


def ways_now(desk: Desk, case: Case, among: Iterable[str] = COMMANDS) -> list[Way]:
    """The commands that the account may do and that the stage of the case does not exclude."""
    return [way for way in ways(desk, case, among) if fits(way.do, case.stage)]


def ways(desk: Desk, case: Case, among: Iterable[str] = COMMANDS) -> list[Way]:
    """The commands that the account's roles and organisation allow, at any stage."""
    account = desk.account
    return [
        Way(do, TITLES[do], does(do))
        for do in among
        if is_of_case(do) and do not in ELSEWHERE and may(COMMANDS[do], case, account)
    ]


def ways_outside_cases(desk: Desk, *among: str) -> list[Way]:
    """The same of commands that are done in no case."""
    return [
        Way(do, TITLES[do], does(do)) for do in among if may(COMMANDS[do], Case(), desk.account)
    ]


def offered(desk: Desk) -> Response:
    """All commands that the account may do in the case."""
    point = desk.now
    return desk.case_page(
        "acts.html",
        point,
        ways=ways_now(desk, point.case),
        others=[
            (way, _stages(way.do))
            for way in ways(desk, point.case)
            if not fits(way.do, point.case.stage)
        ],
    )


def _stages(do: str) -> Text:
    """At which stages a command can be done."""
    return listing(STAGES[stage] for stage in STAGES_OF[do])


def form(desk: Desk) -> Response:
    """The page of a command, filled in as the address says, or as far as it was typed before."""
    asked_for = desk.request.query_params.multi_items()
    point, do = _point(desk), _do(desk)
    kept = drafts.draft_of(desk, form_name(desk, do, dict(asked_for)))
    given: list[tuple[str, str | UploadFile]] = [*(kept or asked_for)]
    return _page(desk, point, FormData(given), is_draft=bool(kept))


def form_name(desk: Desk, do: str, given: Mapping[str, object]) -> str:
    """Under which name what is typed is kept: a form for each row is one of its own."""
    case = desk.request.path_params.get("case", "")
    return f"{case}/{do}/{given.get('indicator') or ''}"


def record(desk: Desk) -> Response:
    """Record the command; or the same page again, with what is wrong at its field."""
    point, given = _point(desk), desk.form
    do = _do(desk)
    try:
        ask_again(desk, do)
        wrong = {} if KEPT in given else dict.fromkeys(missing(do, given), FILL_IN)
        if not wrong:
            fields = kept_of(given) or _fields(desk, do, given, point)
            if any(isinstance(value, UploadFile) and value.filename for value in given.values()):
                desk.sent_again[KEPT] = kept(fields)
            fields |= {"enclosures": []} if do == "issue-dossier" else {}
            wrong = {
                field_at(do, error.path): error.text for error in field_errors(fields, COMMANDS[do])
            }
        if wrong:
            return _page(desk, point, given, 422, wrong=wrong)
        _act(desk, do, fields, given, point)
    except Problem as problem:
        again = desk.read_again() if point else None
        return _page(desk, again, given, problems.page_status(problem), problem=problem)
    drafts.forget(desk, form_name(desk, do, given))
    return RedirectResponse(_after(desk, do, given, point), 303)


def _act(
    desk: Desk, do: str, fields: dict[str, Any], given: FormData, point: CaseAsOf | None
) -> None:
    """Do it, as the account that has logged in."""
    key, dated = str(given.get("key") or token_hex(16)), day_given(given)
    if do == "issue-dossier":
        record_dossier(
            *(cast("Store", desk.acting_store), desk.clock, desk.account.id, desk.case),
            key=key,
            dated=dated,
            indicator=fields.get("indicator"),
            purpose=fields.get("purpose"),
            confirmed=confirmed(given),
        )
        return
    desk.record(
        {key: fields},
        case=str(given.get("case")) if do == "open-case" else desk.case if point else None,
        dated=dated,
        seen=version_seen(given["seen"]) if given.get("seen") else None,
        confirmed=confirmed(given),
    )
    if do == "erase-evidence":  # after the record: what fails here can be done again
        erase(desk.office.store, desk.office.place.evidence(), fields["sha256"])


def _after(desk: Desk, do: str, given: FormData, point: CaseAsOf | None) -> str:
    """Where one is then: at the row, in the case, or where the command was found."""
    if do == "open-case":
        return f"/cases/{given['case']}"
    if do in {"retire-key", "declare-conflict"} and given.get("account") == desk.account.id:
        return "/account"
    if point is None:
        return OF_NO_CASE[do]
    if do == "issue-dossier":
        return f"/cases/{desk.case}/papers"
    row = str(given.get("indicator") or "")
    rows = {indicator.id for indicator in point.rubric.indicators} if point.rubric else set()
    return f"/cases/{desk.case}/indicators/{row}" if row in rows else f"/cases/{desk.case}"


def back_to(desk: Desk) -> str:
    """The address at which a form that was sent is looked at again."""
    row = desk.typed("indicator")
    path = desk.request.url.path.removesuffix("/record")
    return path + (f"?{urlencode({'indicator': row})}" if row else "")


def _point(desk: Desk) -> CaseAsOf | None:
    """The case in which something is done; `None` where it is done in none."""
    return desk.now if "case" in desk.request.path_params else None


def _do(desk: Desk) -> str:
    do: str = desk.request.path_params["do"]
    in_a_case = "case" in desk.request.path_params
    is_one = do in COMMANDS and is_of_case(do) and do != "open-case" if in_a_case else (
        do in OF_NO_CASE
    )  # fmt: skip
    if not is_one:
        raise not_found(f"没有操作 {do}", f"there is no command {do}")
    return do


def day_given(given: FormData) -> date | None:
    """The business date.

    Raises:
        Invalid: what was typed is not a date.
    """
    if not given.get("dated"):
        return None
    try:
        return day_of(str(given["dated"]))
    except Invalid as error:
        raise Invalid(*error.text, field="dated") from None


def confirmed(given: FormData) -> Confirmed:
    """What was ticked after a refusal: a number of a person, and days that look like slips."""
    days = [day_of(str(day)) for day in given.getlist("confirmed_date")]
    return Confirmed("confirmed" in given, tuple(days))


def record_together(desk: Desk, commands: Mapping[str, Mapping[str, object]]) -> None:
    """Record several commands of one form, all or nothing.

    Raises:
        RefusedTogether: says all that keeps any of them from being recorded.
        Problem: of the form, or of all of them.
    """
    given = desk.form
    recording = partial(
        desk.record,
        case=desk.case,
        dated=day_given(given),
        seen=version_seen(given["seen"]) if given.get("seen") else None,
        confirmed=confirmed(given),
    )
    handle_together(commands, recording, partial(recording, rehearses=True))


def _page(  # noqa: PLR0913 - what a page with fields may have to show
    desk: Desk,
    point: CaseAsOf | None,
    given: FormData,
    status: int = 200,
    *,
    wrong: Mapping[str, Text] | None = None,
    problem: Problem | None = None,
    is_draft: bool = False,
) -> Response:
    do = _do(desk)
    at_fields = {name: sentence(text) for name, text in (wrong or {}).items() if name}
    of_the_whole = [sentence(text) for name, text in (wrong or {}).items() if not name]
    if problem:
        own = problem.field if problem.field in {"case", "dated", "password"} else ""
        named = own or field_at(do, (problem.field,))
        if name := named or _filled_with(do, given, problem.subject):
            at_fields[name] = problems.words_of(problem)
        else:
            of_the_whole.append(problems.words_of(problem))
    fields = fields_of(desk, do, point, given, at_fields)
    seen = given.get("seen") or (point.version if point else "")
    moved_on = status == 409 and point is not None  # noqa: PLR2004 - RFC 9110
    answered = problem is not None and problem.rule == "command-id"
    context: dict[str, Any] = {} if point is None else {
        "summary": case_summary(point.case),
        "head": point.version,
        "point": point,
        "row": row_beside(desk, point, given.get("indicator")),
    }  # fmt: skip
    return desk.page(
        "act.html" if point else "act_outside_case.html",
        status,
        **context,
        do=do,
        action=desk.request.url.path,
        form_name=form_name(desk, do, given),
        is_draft=is_draft,
        title=TITLES[do],
        does=does(do),
        fields=[field for field in fields if field.name not in BESIDE],
        beside=[field for field in fields if field.name in BESIDE],
        # What was recorded under the key was something else: recording this as well takes another.
        key=token_hex(16) if answered else given.get("key") or token_hex(16),
        seen=point.version if moved_on and point else seen,
        wrong=_listed(fields, of_the_whole, at_fields),
        asks_again=asks_again(desk, do),
        password_problem=at_fields.get("password"),
        declines=do in DECLINING,
        moved_on=recorded_since(point, seen) if moved_on and point else [],
        row_titles=row_names(point.rubric) if point else {},
        personal=problem is not None and problem.rule == "personal-number",
        slips=[
            *given.getlist("confirmed_date"),
            *([problem.subject] if problem and problem.rule == "date" else []),
        ],
        told=problem is not None,
    )


def recorded_since(point: CaseAsOf, seen: object) -> list[ChangeLogRow]:
    """What was recorded after the version that a form was opened at, the newest of it."""
    since = version_seen(str(seen)) if seen else point.version
    return [row for row in point.made(change_log) if row.version > since][-LISTED:]


def _filled_with(do: str, given: FormData, subject: str) -> str:
    """The one field in which somebody filled in what a refusal is about; empty where none is."""
    names = {field.name for field in asked_of_people(do) if subject in given.getlist(field.name)}
    return names.pop() if subject and len(names) == 1 else ""


def _listed(
    fields: Iterable[Field], whole: Iterable[Text], at_fields: Mapping[str, Text]
) -> list[tuple[str, Text, Text]]:
    """All that is wrong, for the head of the page: the field, its title and the words."""
    listed = [("", Text("", ""), text) for text in whole]
    listed += [(field.name, field.title, field.problem) for field in fields if field.problem]
    if text := at_fields.get("password"):
        listed.append(("password", Text("密码", "Password"), text))
    return listed


def _fields(desk: Desk, do: str, given: FormData, point: CaseAsOf | None) -> dict[str, Any]:
    """The fields of the command, from what was filled in; a file is kept before it is recorded."""
    put = dict(filled(do, given))
    upload = given.get("file")
    if isinstance(upload, UploadFile) and upload.filename:
        file = HandedIn(Path(upload.filename).name, upload.file.read())
        if do == "publish-rubric":
            put["source"] = _rubric(file)
        else:
            if point and may(COMMANDS[do], point.case, desk.account):  # else nothing stays
                keep(desk.office.store, desk.office.place.evidence(), desk.case, file)
            told = {name: put.pop(name) for name in ("title", "number") if name in put}
            return {"do": do, **put, "evidence": {**file.identity, "title": file.name, **told}}
    fields = {"do": do, **put_together(do, put)}
    return completed(lambda: point.case, fields) if point else fields


def _rubric(file: HandedIn) -> str:
    """The text of a rubric that can be published.

    Raises:
        Invalid: it cannot; says every line and key that is wrong.
    """
    text = text_of(Path(file.name), file.content)
    found = check(text.encode())
    if found.rubric is None:
        wrong = [each.sentence for each in found.problems if each.severity == "error"]
        zh, en = (f"{file.name}\n" + "\n".join(lines) for lines in zip(*wrong, strict=True))
        raise Invalid(zh, en, rule="rubric-wrong", field="source")
    return text
