"""Several at once (批量办理): rows that are confirmed or countersigned with one press.

Each row is a command of its own; they are recorded together or not at all, and an obstacle to one
of them is reported at its row.
"""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from http import HTTPStatus
from secrets import token_hex
from typing import Any, Final, NamedTuple

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from application.together import RefusedTogether
from intake.command_fields import does
from ledger.case import Award
from ledger.language import Text
from ledger.problem import Problem
from ledger.terms import COMMANDS
from ledger.values import IndicatorId
from projections.as_of import CaseAsOf
from projections.rubric_view import row_names
from projections.score_sheet import score_sheet
from projections.work_list import tasks
from web.api import problems
from web.desk import Desk
from web.pages import drafts
from web.pages.acting import record_together, recorded_since

WORDS: Final = "words-"
"""What the field of a row's own words begins with."""

NOTHING_TICKED: Final = Text("请至少勾选一项", "tick at least one row")


class Item(NamedTuple):
    """A row that waits.

    Attributes:
        name: with its id where another row has the same.
        claim: and what the rule gives, as text.
        award: that is to be signed, where there is one.
        differs: whether what is claimed is not what the rule gives.
    """

    id: IndicatorId
    name: str
    path: tuple[str, ...]
    claim: Decimal | None
    rule: Text
    award: Award | None
    excluded: bool
    differs: bool


class Kind(NamedTuple):
    """A command that is done to several rows at once.

    Attributes:
        do: the command.
        address: of its page, below that of the case.
        waits: which rows wait for it.
        words: the field that each row may have words of its own in.
    """

    do: str
    address: str
    waits: Callable[[Desk, CaseAsOf], set[IndicatorId]]
    words: str


def _unreviewed(desk: Desk, point: CaseAsOf) -> set[IndicatorId]:
    del desk
    return set(point.case.claims) - set(point.case.in_force)


def _unsigned(desk: Desk, point: CaseAsOf) -> set[IndicatorId]:
    return {
        task.subject
        for task in tasks(point, desk.today)
        if task.decided_by is not None and task.subject
    }


CONFIRM: Final = Kind("confirm-score", "confirm", _unreviewed, "ground")
COUNTERSIGN: Final = Kind("countersign-adjustment", "countersign", _unsigned, "note")


def page_of(kind: Kind) -> Callable[[Desk], Response]:
    """The page with the rows that wait for a command, as far as it was filled in before."""

    def page(desk: Desk) -> Response:
        kept = drafts.form_of(desk, _form_name(desk, kind))
        return _page(desk, kind, desk.now, given=kept, is_draft=bool(kept))

    return page


def recorder_of(kind: Kind) -> Callable[[Desk], Response]:
    """What records the command for the ticked rows, or for the one whose button was pressed."""
    return lambda desk: _record(desk, kind)


def _form_name(desk: Desk, kind: Kind) -> str:
    """Under which name what is typed is kept."""
    return f"{desk.case}/{kind.address}"


def _record(desk: Desk, kind: Kind) -> Response:
    point, given = desk.now, desk.form
    only = str(given.get("only") or "")
    rows = [only] if only else [str(row) for row in given.getlist("row")]
    if not rows:
        return _page(desk, kind, point, 422, whole=NOTHING_TICKED)
    key = str(given.get("key") or token_hex(16))
    commands = {
        f"{key}.{row}": {
            "do": kind.do,
            "indicator": row,
            kind.words: str(given.get(WORDS + row) or "").strip() or None,
        }
        for row in rows
    }
    waiting = _items(desk, kind, point)
    try:
        record_together(desk, commands)
    except RefusedTogether as refused:
        by_row = {row: refused.problems.get(name) for name, row in zip(commands, rows, strict=True)}
        wrong = {row: problem for row, problem in by_row.items() if problem}
        status = max(map(problems.page_status, wrong.values()))
        return _page(desk, kind, desk.read_again(), status, wrong=wrong)
    except Problem as problem:
        told = problems.words_of(problem)
        return _page(desk, kind, desk.read_again(), problems.status_of(problem), whole=told)
    _forget(desk, kind, rows)
    left = [item.id for item in waiting if item.id not in rows]
    here = [item.id for item in waiting].index(only) if only in {i.id for i in waiting} else 0
    following = next((item.id for item in waiting[here:] if item.id in left), "")
    place = f"#{following}" if following else ""
    return RedirectResponse(f"/cases/{desk.case}/{kind.address}{place}", 303)


def _forget(desk: Desk, kind: Kind, rows: Collection[IndicatorId]) -> None:
    """What was typed of these rows is recorded; what was typed of the others stays a draft."""
    name = _form_name(desk, kind)
    drafts.forget(desk, name)
    words = {
        field: text
        for field, text in desk.form.multi_items()
        if field.startswith(WORDS) and field.removeprefix(WORDS) not in rows
        if isinstance(text, str) and text.strip()
    }
    if words:
        drafts.put_by(desk, name, **words)


def _items(desk: Desk, kind: Kind, point: CaseAsOf) -> list[Item]:
    sheet, waiting = score_sheet(point), kind.waits(desk, point)
    names = row_names(point.rubric)
    return [
        Item(
            row.id,
            names[row.id],
            row.path,
            row.claim,
            row.rule_text,
            point.case.in_force.get(row.id),
            row.excluded,
            row.claim is not None and not row.rule_lowest <= row.claim <= row.rule_highest,
        )
        for row in (sheet.indicators if sheet else ())
        if row.id in waiting
    ]


def _page(  # noqa: PLR0913 - what the page may have to show
    desk: Desk,
    kind: Kind,
    point: CaseAsOf,
    status: int = 200,
    *,
    wrong: Mapping[str, Problem] | None = None,
    whole: Text | None = None,
    given: FormData | None = None,
    is_draft: bool = False,
) -> Response:
    given, items = desk.form if given is None else given, _items(desk, kind, point)
    names, waiting = row_names(point.rubric), {item.id for item in items}
    typed = {row: str(given.get(WORDS + row) or "").strip() for row in names}
    ticked = {str(row) for row in given.getlist("row")}
    told = {status, *map(problems.page_status, (wrong or {}).values())}
    moved_on = recorded_since(point, given.get("seen")) if HTTPStatus.CONFLICT in told else []
    rules = {problem.rule for problem in (wrong or {}).values()}
    at_rows: dict[str, Any] = {
        row: problems.words_of(problem) for row, problem in (wrong or {}).items()
    }
    listed = [("", Text("", ""), whole)] if whole else []
    for item in items:
        if item.id in at_rows:
            name = Text(item.name, item.name)
            listed.append((item.id, name, at_rows.pop(item.id)))
    shown = {name: text for name, _, text in listed if name}
    listed += [("", Text(row, row), text) for row, text in at_rows.items()]  # waits no longer
    return desk.case_page(
        "several.html",
        point,
        status,
        kind=kind,
        form_name=_form_name(desk, kind),
        is_draft=is_draft,
        sent=status != HTTPStatus.OK,
        title=COMMANDS[kind.do],
        does=does(kind.do),
        items=items,
        ticked=ticked,
        words={item.id: str(given.get(WORDS + item.id) or "") for item in items},
        wrong=listed,
        moved_on=moved_on,
        names=names,
        done_by_others={
            row: words
            for row, words in typed.items()
            if row not in waiting and (words or row in ticked)
        },
        at_rows=shown,
        # What was recorded under the key was something else: recording this as well takes another.
        key=token_hex(16) if "command-id" in rules else given.get("key") or token_hex(16),
        dated=given.get("dated") or desk.today.isoformat(),
        slips=[
            *given.getlist("confirmed_date"),
            *{problem.subject for problem in (wrong or {}).values() if problem.rule == "date"},
        ],
        personal="personal-number" in rules,
    )
