"""The change log (变动记录): everything recorded, oldest first, as it is asked for."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from starlette.datastructures import QueryParams, UploadFile
from starlette.responses import RedirectResponse, Response

from application.cose_receipts import any_receipt
from application.handed_over import RECEIPT
from application.log_filter import known_indicator
from application.look import look
from application.receipt_position import position_of
from documents.log_list import LOG, log_rows
from ledger.envelope import REGISTER, StreamId, rubric_stream
from ledger.language import Text, in_language
from ledger.sight import sees_beside
from ledger.terms import EVENTS, ROLES
from ledger.values import Invalid
from projections.as_of import CaseAsOf
from projections.case_summary import case_summary
from projections.change_log import ChangeLogRow, change_log
from projections.facts import reader_of
from projections.rubric_view import row_names
from web.asked import log_wanted
from web.desk import Desk
from web.download import as_csv, wants_csv
from web.not_found import not_found
from web.pages import accesses
from web.pages.rubrics import editions_of

ROWS: Final = 100
"""On a page."""

FILTERS: Final = (
    *("by", "role", "kind", "indicator", "dated_from", "dated_to"),
    *("recorded_from", "recorded_to", "late", "since"),
)
"""What an address may ask for; what is empty asks for nothing."""

OF_ACCOUNTS: Final = Text("账号的变动记录", "Change log of the accounts")
OF_RUBRIC: Final = Text("指标体系的变动记录", "Change log of a rubric")


def page(desk: Desk) -> Response:
    """A part of the log, as the address asks; or all that it asks for, as a spreadsheet."""
    now, point, asked = desk.now, desk.point(), desk.request.query_params
    indicator = asked.get("indicator") or None
    known_indicator(point.rubric, indicator)
    every = change_log(point, indicator) if indicator else point.made(change_log)
    return _listed(
        desk,
        "log.html",
        point,
        every,
        desk.case,
        case=desk.case,
        may_see_accesses=accesses.may_read(desk),
        summary=case_summary(now.case),
        head=now.version,
    )


def of_register(desk: Desk) -> Response:
    """The log of the accounts: who was opened, granted and revoked what, by whom and when.

    Raises:
        Invalid: the account may not read it.
    """
    back = "/register" if desk.keeps_register else ""
    return _outside_cases(desk, REGISTER, "accounts", about=OF_ACCOUNTS, name="", back=back)


def of_rubric(desk: Desk) -> Response:
    """The log of a rubric: which edition was published or superseded, by whom and when.

    Raises:
        Invalid: there is no such rubric, or the account may not read its log.
    """
    editions_of(desk)
    name: str = desk.request.path_params["rubric"]
    back = f"/rubrics/{name}"
    return _outside_cases(desk, rubric_stream(name), name, about=OF_RUBRIC, name=name, back=back)


def _outside_cases(desk: Desk, stream: StreamId, file: str, **shown: object) -> Response:
    """The same list of what is recorded in no case, read and verified for this page."""
    if not sees_beside(desk.account, stream):
        raise not_found(
            "该记录由管理员和审计人员查阅，指标体系的也由财政部门查阅",
            "this log is for administrators and auditors; that of a rubric also for the bureau",
        )
    point = look(desk.store, stream, desk.label, any_stream=True)
    return _listed(desk, "log_outside_case.html", point, change_log(point), file, case="", **shown)


def _listed(
    desk: Desk,
    template: str,
    point: CaseAsOf,
    every: Sequence[ChangeLogRow],
    file: str,
    **more: Any,  # noqa: ANN401 - what a template has to show
) -> Response:
    asked = desk.request.query_params
    rows = log_wanted(desk, every).of(every)
    reader = reader_of(point, desk.language)
    if wants_csv(desk):
        return as_csv(desk, f"{file}-log", LOG, log_rows(rows, reader, LOG))
    first = _first(desk, rows)
    return desk.page(
        template,
        **more,
        here=desk.request.url.path,
        point=point,
        rows=rows[first - 1 : first - 1 + ROWS],
        first=first,
        count=len(rows),
        whole=len(every),
        reader=reader,
        names=row_names(point.rubric),
        step=ROWS,
        asked={name: asked.get(name, "") for name in FILTERS},
        address=_again(asked),
        choices=_choices(desk, every),
    )


def _first(desk: Desk, rows: Sequence[ChangeLogRow]) -> int:
    """The row that a page begins with: as the address counts, or where a version is."""
    version = desk.number("version", 0)
    if version:
        before = sum(row.version < version for row in rows)
        return before // ROWS * ROWS + 1
    return max(desk.number("from", 1), 1)


def _again(asked: QueryParams) -> str:
    """The address that asks for the same, for the next page or the spreadsheet."""
    names = ("at", "known", *FILTERS)
    kept = QueryParams([(name, asked[name]) for name in names if asked.get(name)])
    return f"?{kept}&" if kept else "?"


def _choices(desk: Desk, every: Sequence[ChangeLogRow]) -> dict[str, list[tuple[str, str]]]:
    """What there is to choose from: what the rows that are seen have, and nothing else."""

    def words(names: Collection[str], titles: Mapping[Any, Text]) -> list[tuple[str, str]]:
        known = titles.items()
        return [(name, in_language(title, desk.language)) for name, title in known if name in names]

    return {
        "by": [(name, name) for name in sorted({row.by.account for row in every})],
        "role": words({row.by.role for row in every}, ROLES),
        "kind": words({row.type for row in every}, EVENTS),
    }


def since(desk: Desk) -> Response:
    """The log since a receipt that somebody holds, handed in as a file or as its text.

    Raises:
        Invalid: no such case, or it is not a receipt.
        ProofError: it is not of this log as it is now.
    """
    given, now = desk.form, desk.now
    file, text = given.get("file"), str(given.get("text") or "").strip()
    if isinstance(file, UploadFile) and file.filename:
        held = any_receipt(file.filename, file.file.read())
    elif text:
        held = any_receipt(
            desk.t(*RECEIPT), "".join(f"{line}\n" for line in text.splitlines()).encode()
        )
    else:
        raise Invalid("请选一份存证证明，或贴上它的全文", "choose a receipt, or paste its text")
    position = position_of(desk.office.store, held).position
    last = max(
        (
            event.version
            for event in now.history
            if event.position is not None and event.position <= position
        ),
        default=0,
    )
    return RedirectResponse(f"/cases/{desk.case}/log?since={last}", 303)
