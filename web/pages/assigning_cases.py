"""Assigning cases (分配评价事项): the cases of an agency, each with its reviewer, changed together.

As on the page of rows, whom a case goes to is chosen in its list, by the number of a person, or by
dragging the case onto the person. Each case whose reviewer changed takes one command; all are tried
first, and where one of them is refused nothing is recorded.
"""

from collections.abc import Mapping
from http import HTTPStatus
from secrets import token_hex
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from application.assignable import AssignableCase, assignable
from application.handle import handle_all
from application.look_as import look_as
from intake.command_fields import does
from ledger import refusals
from ledger.envelope import StreamId
from ledger.language import Text
from ledger.ledger import CommandResult
from ledger.problem import Problem
from ledger.terms import COMMANDS
from ledger.values import AccountId, year_of
from web.api import problems
from web.desk import Desk
from web.not_found import not_found
from web.pages import choices, drafts
from web.pages.acting import FILL_IN, confirmed, day_given
from web.pages.assigning import DO, TO, UNCHANGED, WAS

ROWS = 50
"""On a page."""
FORM = "assign"
"""Under which name what is chosen is kept."""
ASKED = ("q", "year", "after")
"""What the address says of the cases that are shown; the form sends it along."""
NOT_HERE = not_found(
    "分配评价事项限核查负责人。请换用核查负责人的账号。",
    "Cases are assigned by lead reviewers. Use the account of one.",
)


class Row(NamedTuple):
    """A case, and the account that was chosen for it instead; empty where none was."""

    own: AssignableCase
    change: AccountId


def page(desk: Desk) -> Response:
    """The cases and the people, as far as it was filled in before.

    Raises:
        Invalid: the account assigns nothing.
    """
    kept = drafts.form_of(desk, FORM)
    return _page(desk, desk.request.query_params, given=kept, is_draft=bool(kept))


def record(desk: Desk) -> Response:
    """Record what changed, one command for each case; or the page again, with what is wrong.

    Raises:
        Invalid: the account assigns nothing.
        ToBeSigned: what would be recorded has to be signed first.
    """
    given = desk.form
    asked = {name: str(given.get(name) or "") for name in ASKED}
    changed = {
        field.removeprefix(TO): str(account)
        for field, account in given.items()
        if field.startswith(TO) and account and account != given.get(_was(field))
    }
    if not changed:
        return _page(desk, asked, 422, whole=UNCHANGED)
    if not str(given.get("reason") or "").strip():
        return _page(desk, asked, 422, reason_problem=FILL_IN)
    if wrong := _rehearsed(desk, changed):
        return _page(desk, asked, max(map(problems.page_status, wrong.values())), wrong=wrong)
    for case, account in changed.items():
        try:
            _handled(desk, case, account)
        except Problem as problem:
            wrong[case] = problem  # somebody was faster; the others are recorded
    if wrong:
        desk.__dict__.pop("reading", None)
        return _page(desk, asked, max(map(problems.page_status, wrong.values())), wrong=wrong)
    drafts.forget(desk, FORM)
    return RedirectResponse("/assign" + _query(asked), 303)


def _rehearsed(desk: Desk, changed: Mapping[StreamId, AccountId]) -> dict[StreamId, Problem]:
    """What is wrong with each case that cannot be assigned so.

    Raises:
        ToBeSigned: nothing is, and what would be recorded has to be signed first.
    """
    wrong, results = dict[StreamId, Problem](), list[CommandResult]()
    for case, account in changed.items():
        try:
            to = look_as(desk.reading, desk.account, case).case.assigned.get(None, "")
            # Somebody else assigned it meanwhile: that is not taken back unseen.
            if to not in {account, desk.form.get(f"{WAS}{case}", to)}:
                raise refusals.moved_on([Text(to, to)])
            results += _handled(desk, case, account, rehearses=True)
        except Problem as problem:
            wrong[case] = problem
    if not wrong:
        desk.ask_to_sign(results)
    return wrong


def _handled(
    desk: Desk, case: StreamId, account: AccountId, *, rehearses: bool = False
) -> list[CommandResult]:
    """Assign a case that the account sees."""
    given = desk.form
    command = {"do": DO, "account": account, "reason": str(given.get("reason") or "").strip()}
    return desk.act(
        case,
        lambda ledger: handle_all(
            *(ledger, desk.clock, desk.account.id),
            {f"{given.get('key') or token_hex(16)}.{case}": command},
            case=case,
            dated=day_given(given),
            confirmed=confirmed(given),
        ),
        rehearses=rehearses,
    )


def _was(field: str) -> str:
    return WAS + field.removeprefix(TO)


def _query(asked: Mapping[str, str]) -> str:
    filled = {name: text for name in ASKED if (text := asked.get(name, ""))}
    return f"?{urlencode(filled)}" if filled else ""


def _page(  # noqa: PLR0913 - what the page may have to show
    desk: Desk,
    asked: Mapping[str, str],
    status: int = 200,
    *,
    given: FormData | None = None,
    wrong: Mapping[StreamId, Problem] | None = None,
    whole: Text | None = None,
    reason_problem: Text | None = None,
    is_draft: bool = False,
) -> Response:
    if "lead-reviewer" not in desk.account.roles:
        raise NOT_HERE
    given = desk.form if given is None else given
    year = asked.get("year", "").strip()
    cases, further = assignable(
        *(desk.store, desk.reading, desk.account),
        words=asked.get("q", "").strip(),
        year=year_of(year) if year else None,
        after=asked.get("after", ""),
        limit=ROWS,
    )
    rows = []
    for own in cases:
        chosen = str(given.get(TO + own.case) or "")
        rows.append(Row(own, chosen if chosen != own.to else ""))
    people = dict(choices.outside_cases(DO, "account", desk) or [])
    there = {account for own, change in rows for account in (own.to, change) if account}
    people |= {account: Text(account, account) for account in sorted(there - {*people})}
    told = {case: problems.words_of(problem) for case, problem in (wrong or {}).items()}
    listed = [("", Text("", ""), whole)] if whole else []
    listed += [(f"row-{case}", Text(case, case), text) for case, text in told.items()]
    if reason_problem:
        listed.append(("reason", Text("原因", "reason"), reason_problem))
    slips = [each.subject for each in (wrong or {}).values() if each.rule == "date"]
    rules = {each.rule for each in (wrong or {}).values()}
    return desk.page(
        "assign_cases.html",
        status,
        form_name=FORM,
        is_draft=is_draft,
        sent=status != HTTPStatus.OK,
        does=does(DO),
        title=COMMANDS[DO],
        rows=rows,
        people=people,
        counts={
            account: sum((change or own.to) == account for own, change in rows)
            for account in people
        },
        asked={name: asked.get(name, "") for name in ASKED},
        further=_query({**asked, "after": further}) if further else "",
        first=_query({**asked, "after": ""}) or "/assign",
        wrong=listed,
        at_rows=told,
        reason=str(given.get("reason") or ""),
        reason_problem=reason_problem,
        # What was recorded under the key was something else: recording this as well takes another.
        key=token_hex(16) if "command-id" in rules else given.get("key") or token_hex(16),
        dated=given.get("dated") or desk.today.isoformat(),
        personal="personal-number" in rules,
        slips=dict.fromkeys([*given.getlist("confirmed_date"), *slips]),
    )
