"""Assigning (分配核查任务): the rows of a case, each with whom it is assigned to, changed together.

Whom a row goes to is chosen in its list, by the number of a person, or by dragging the row onto the
person; what is sent is the same. Each person whose rows changed takes one command.
"""

from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus
from secrets import token_hex
from typing import Final, NamedTuple

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from application.together import RefusedTogether
from intake.command_fields import does
from ledger.language import Text, listing
from ledger.problem import Problem
from ledger.terms import COMMANDS
from ledger.values import AccountId
from projections.as_of import CaseAsOf
from projections.rubric_view import row_names
from web.api import problems
from web.desk import Desk
from web.pages import choices, drafts
from web.pages.acting import FILL_IN, record_together, recorded_since

DO: Final = "assign-work"
TO: Final = "to:"
"""What the field of a row begins with; that of the case as a whole is no more than this."""

WAS: Final = "was:"
"""What names whom the page showed: what somebody else has assigned since is not taken back."""

WHOLE: Final = Text("整个事项（未单独分配的指标）", "the case (rows not assigned by themselves)")
UNCHANGED: Final = Text("没有改动任何分配", "no assignment was changed")


class Row(NamedTuple):
    """What is assigned: a row, or the case as a whole under no id.

    Attributes:
        to: the account that it is assigned to by itself; empty where to none.
        change: the account that was chosen instead; empty where none was.
        is_reviewed: whether it has an award.
    """

    id: str
    name: Text
    path: tuple[str, ...]
    to: AccountId
    change: AccountId
    is_reviewed: bool


def page(desk: Desk) -> Response:
    """The rows and the people, as far as it was filled in before."""
    kept = drafts.form_of(desk, _form_name(desk))
    return _page(desk, desk.now, given=kept, is_draft=bool(kept))


def record(desk: Desk) -> Response:
    """Record what changed, one command for each person; or the page again, with what is wrong."""
    point, given = desk.now, desk.form
    changed: defaultdict[AccountId, list[str]] = defaultdict(list)
    for row in _rows(point, given):
        if row.change:
            changed[row.change].append(row.id)
    reason = str(given.get("reason") or "").strip()
    if not changed:
        return _page(desk, point, 422, wrong=UNCHANGED)
    if not reason:
        return _page(desk, point, 422, reason_problem=FILL_IN)
    key = str(given.get("key") or token_hex(16))
    commands: dict[str, dict[str, object]] = {}
    for account, rows in changed.items():
        own: dict[str, object] = {"do": DO, "account": account, "reason": reason}
        if "" in rows:
            commands[f"{key}.{account}"] = own
        if named := [row for row in rows if row]:
            commands[f"{key}.{account}.rows"] = {**own, "indicators": named}
    try:
        record_together(desk, commands)
    except Problem as problem:
        shown = [*problem.problems.values()] if isinstance(problem, RefusedTogether) else [problem]
        told = listing(map(problems.words_of, shown), "；", "; ")
        status = max(map(problems.page_status, shown))
        return _page(desk, desk.read_again(), status, wrong=told, problem=problem)
    drafts.forget(desk, _form_name(desk))
    return RedirectResponse(f"/cases/{desk.case}/assign", 303)


def _form_name(desk: Desk) -> str:
    return f"{desk.case}/assign"


def _rows(point: CaseAsOf, given: Mapping[str, object]) -> list[Row]:
    case, names = point.case, row_names(point.rubric)

    def made(row: str, name: Text, path: tuple[str, ...]) -> Row:
        to = case.assigned.get(row or None, "")
        chosen = str(given.get(TO + row) or "")
        change = chosen if chosen != given.get(WAS + row, to) else ""
        return Row(row, name, path, to, change, row in case.in_force)

    rows = point.rubric.indicators if point.rubric else ()
    return [
        made("", WHOLE, ()),
        *(made(row.id, Text(*(names[row.id],) * 2), row.path[:-1]) for row in rows),
    ]


def _page(  # noqa: PLR0913 - what the page may have to show
    desk: Desk,
    point: CaseAsOf,
    status: int = 200,
    *,
    given: FormData | None = None,
    wrong: Text | None = None,
    reason_problem: Text | None = None,
    problem: Problem | None = None,
    is_draft: bool = False,
) -> Response:
    given = desk.form if given is None else given
    rows = _rows(point, given)
    people = dict(choices.outside_cases(DO, "account", desk) or [])
    there = {account for row in rows for account in (row.to, row.change) if account}
    people |= {account: Text(account, account) for account in sorted(there - {*people})}
    listed = [("", Text("", ""), wrong)] if wrong else []
    if reason_problem:
        listed.append(("reason", Text("原因", "reason"), reason_problem))
    rule = problem.rule if problem else None
    return desk.case_page(
        "assign.html",
        point,
        status,
        form_name=_form_name(desk),
        is_draft=is_draft,
        sent=status != HTTPStatus.OK,
        title=COMMANDS[DO],
        does=does(DO),
        rows=rows,
        people=people,
        counts={
            account: sum((row.change or row.to) == account for row in rows) for account in people
        },
        wrong=listed,
        reason=str(given.get("reason") or ""),
        reason_problem=reason_problem,
        moved_on=(
            recorded_since(point, given.get("seen")) if status == HTTPStatus.CONFLICT else []
        ),
        names=row_names(point.rubric),
        # What was recorded under the key was something else: recording this as well takes another.
        key=token_hex(16) if rule == "command-id" else given.get("key") or token_hex(16),
        dated=given.get("dated") or desk.today.isoformat(),
        personal=rule == "personal-number",
        slips=[
            *given.getlist("confirmed_date"),
            *([problem.subject] if problem and rule == "date" else []),
        ],
    )
