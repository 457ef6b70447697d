"""Acts (办理): every act of the ledger as a page with fields, and what becomes of it.

Which fields an act asks for is read from the act itself (`intake/act_fields.py`). Whether it is
allowed is asked of the ledger alone; a page that is refused comes back with all that was typed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, NamedTuple

from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from application.completing import completed
from application.confirmed import Confirmed
from application.evidence import keep
from application.handle import handle
from application.outcome import outcome_of
from intake.act_fields import ActField, asked, does, is_of_case, put_together, words
from intake.files import HandedIn
from ledger.authority import may
from ledger.case import Case
from ledger.commands import COMMANDS
from ledger.field_errors import field_errors
from ledger.language import Text
from ledger.problem import Problem
from ledger.terms import COMMANDS as TITLES
from ledger.terms import FIELDS
from ledger.values import Invalid, day_of, version_seen
from projections.as_of import CaseAsOf
from projections.case_summary import case_summary
from web.api import problems
from web.desk import Desk
from web.pages.drafts import draft_of

LONG: Final = {
    "justification",
    "ground",
    "reason",
    "statement",
    "demand",
    "note",
    "difference",
    "transcriber_note",
    "answer",
}
"""What takes a sentence or more."""

ELSEWHERE: Final = {"open-case", "issue-dossier", "erase-evidence"}
"""What makes or removes more than a record has a page of its own."""

BESIDE: Final = ("cites", "transcriber_note", "undocumented")
"""Where an act is printed, and what a transcriber adds: asked last, and folded away."""


class Field(NamedTuple):
    """A field of the page.

    Attributes:
        shape: how it is filled in: `text`, `long`, `number`, `date`, `yes`, `file`, `choice`,
            `several` (a line each), `files` (those that the case holds), `row`, `rows`.
        value: what stands in it; a list where there may be several.
        choices: value and words of each.
        problem: what is wrong with it.
    """

    name: str
    title: Text
    words: Text
    shape: str
    required: bool
    value: str | list[str]
    choices: list[tuple[str, Text]]
    problem: Text | None


class Way(NamedTuple):
    """An act that this account may do in this case."""

    do: str
    title: Text
    does: Text


def ways(desk: Desk, case: Case, among: Iterable[str] = COMMANDS) -> list[Way]:
    """The acts that the account's roles and organisation allow; the stage is asked when it acts."""
    account = desk.account
    return [
        Way(do, TITLES[do], does(do))
        for do in among
        if is_of_case(do) and do not in ELSEWHERE and may(COMMANDS[do], case, account)
    ]


def offered(desk: Desk) -> Response:
    """All acts that the account may do in the case."""
    point = desk.now
    return desk.page(
        "acts.html",
        summary=case_summary(point.case),
        head=point.version,
        point=point,
        ways=ways(desk, point.case),
    )


def form(desk: Desk) -> Response:
    """The page of an act, filled in as the address says, or as far as it was typed before."""
    asked_for = desk.request.query_params.multi_items()
    point, do = desk.now, _do(desk)
    kept = draft_of(desk, _form_name(point, do, dict(asked_for)))
    filled: list[tuple[str, str | UploadFile]] = [*(kept or asked_for)]
    return _page(desk, point, FormData(filled), is_draft=bool(kept))


def _form_name(point: CaseAsOf, do: str, given: Mapping[str, object]) -> str:
    """Under which name what is typed is kept: a form for each row is one of its own."""
    return f"{point.case.id}/{do}/{given.get('indicator') or ''}"


def record(desk: Desk) -> Response:
    """Record the act; or the same page again, with what is wrong at its field."""
    point, given = desk.now, desk.request.state.form
    do = _do(desk)
    try:
        fields = completed(lambda: point.case, {"do": do, **_fields(desk, do, given)})
        wrong = {
            str(error.path[0]): error.text
            for error in field_errors(fields, COMMANDS[do])
            if error.path
        }
        if wrong:
            return _page(desk, point, given, 422, wrong=wrong)
        handle(
            desk.acting_store,
            desk.office.clock,
            desk.account.id,
            fields,
            key=str(given.get("key") or token_hex(16)),
            case=desk.case,
            dated=day_of(str(given["dated"])) if given.get("dated") else None,
            seen=version_seen(given["seen"]) if given.get("seen") else None,
            confirmed=_confirmed(given),
        )
    except Problem as problem:
        status = problems.STATUS[outcome_of(problem)]
        unusable = 400  # what was typed, which a page shows again
        return _page(
            desk, desk.read_again(), given, 422 if status == unusable else status, problem=problem
        )
    desk.office.kept.forget_draft(desk.account.id, _form_name(point, do, given))
    row = fields.get("indicator")
    return RedirectResponse(
        f"/cases/{desk.case}/indicators/{row}" if row else f"/cases/{desk.case}", 303
    )


def _confirmed(given: FormData) -> Confirmed:
    """What was ticked after a refusal: a number of a person, and days that look like slips."""
    days = [day_of(str(day)) for day in given.getlist("confirmed_date")]
    return Confirmed("confirmed" in given, tuple(days))


def _do(desk: Desk) -> str:
    do: str = desk.request.path_params["do"]
    if do not in COMMANDS or not is_of_case(do):
        raise Invalid(f"没有操作 {do}", f"there is no act {do}", rule="unknown-case", subject=do)
    return do


def _page(  # noqa: PLR0913 - what a page with fields may have to show
    desk: Desk,
    point: CaseAsOf,
    given: FormData,
    status: int = 200,
    *,
    wrong: Mapping[str, Text] | None = None,
    problem: Problem | None = None,
    is_draft: bool = False,
) -> Response:
    do = _do(desk)
    at_fields = dict(wrong or {})
    if problem and problem.field:
        at_fields[problem.field] = problem.text
    fields = [_field(do, each, point, given, at_fields) for each in asked(do)]
    seen = given.get("seen") or point.version
    return desk.page(
        "act.html",
        status,
        summary=case_summary(point.case),
        head=point.version,
        point=point,
        do=do,
        form_name=_form_name(point, do, given),
        is_draft=is_draft,
        title=TITLES[do],
        does=does(do),
        fields=[field for field in fields if field.name not in BESIDE],
        beside=[field for field in fields if field.name in BESIDE],
        key=given.get("key") or token_hex(16),
        seen=seen,
        dated=given.get("dated") or desk.office.clock().date().isoformat(),
        problem=problem
        if problem and problem.field not in {each.name for each in fields}
        else None,
        moved_on=[r for r in point.history if r.version > version_seen(seen)]
        if status == 409  # noqa: PLR2004 - RFC 9110
        else [],
        personal=problem is not None and problem.rule == "personal-number",
        slips=[
            *given.getlist("confirmed_date"),
            *([problem.subject] if problem and problem.rule == "date" else []),
        ],
    )


def _field(
    do: str, field: ActField, point: CaseAsOf, given: FormData, wrong: Mapping[str, Text]
) -> Field:
    shape, choices = _shape(field, point)
    value: str | list[str] = str(given.get(field.name) or "")
    if shape in {"several", "files", "rows"}:
        value = [line for each in given.getlist(field.name) for line in str(each).splitlines()]
    return Field(
        field.name,
        FIELDS.get(field.name) or words(do, field.name),
        words(do, field.name),
        shape,
        field.required,
        value,
        choices,
        wrong.get(field.name),
    )


def _shape(field: ActField, point: CaseAsOf) -> tuple[str, list[tuple[str, Text]]]:
    rubric = point.rubric
    rows = (
        [(row.id, Text(row.path[-1], row.path[-1])) for row in rubric.indicators] if rubric else []
    )
    if field.name in {"indicator", "indicators"} and rows:
        return ("rows" if field.many else "row"), rows
    if field.name == "evidence" and field.many:
        return "files", [
            (sha256, Text(file.title, file.title)) for sha256, file in point.case.evidence.items()
        ]
    if field.choices:
        return "choice", [(choice, Text(choice, choice)) for choice in field.choices]
    if field.many:
        return "several", []
    if field.name in LONG:
        return "long", []
    shapes = {Path: "file", bool: "yes", date: "date", Decimal: "number", int: "number"}
    return shapes.get(field.kind, "text"), []


def _fields(desk: Desk, do: str, given: FormData) -> dict[str, Any]:
    """The fields of the command, from what was filled in; a file is kept before it is recorded."""
    filled = dict(_filled(do, given))
    upload = given.get("file")
    if not (isinstance(upload, UploadFile) and upload.filename):
        return put_together(do, filled)
    file = HandedIn(Path(upload.filename).name, upload.file.read())
    if may(COMMANDS[do], desk.now.case, desk.account):  # else it is refused, and nothing stays
        keep(desk.office.store, desk.office.place.evidence(), desk.case, file)
    told = {name: filled.pop(name) for name in ("title", "number") if name in filled}
    return {**filled, "evidence": {**file.identity, "title": file.name, **told}}


def _filled(do: str, given: FormData) -> Iterator[tuple[str, Any]]:
    """What was filled in, by the field; neither files nor what was left empty."""
    for field in asked(do):
        values = [value for value in given.getlist(field.name) if isinstance(value, str)]
        text = (values[0] if values else "").replace("\r\n", "\n").strip()
        if field.many:
            if several := list(_several(values)):
                yield field.name, several
        elif text:
            whole = field.kind is int and text.isascii() and text.isdigit()
            yield field.name, True if field.kind is bool else int(text) if whole else text


def _several(values: Sequence[object]) -> Iterator[str]:
    for value in values:
        yield from (line.strip() for line in str(value).splitlines() if line.strip())
