"""Who looked at a case (查看记录): when, under which account, at what."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from starlette.responses import Response

from ledger.language import Text
from ledger.sight import parts_in
from ledger.terms import COMMANDS
from ledger.values import Instant
from projections.rubric_view import row_names
from web.desk import BY_LINK, Desk
from web.not_found import not_found
from web.store import KeptAccess

STEP: Final = 100
ERASED: Final = "accesses "
"""How a line about what was erased begins."""
READERS: Final = {"bureau", "auditor"}
"""Those who see to it that a case is looked at by its people alone; the others are looked after."""

SHOWN: Final[Mapping[str, Text]] = {
    "": Text("得分表", "score sheet"),
    "bridge": Text("得分变动", "bridge"),
    "log": Text("变动记录", "change log"),
    "checks": Text("核对", "checks"),
    "materials": Text("材料", "evidence"),
    "rectification": Text("申诉与整改", "appeals and rectification"),
    "papers": Text("公文与存证证明", "papers"),
    "acts": Text("办理", "commands"),
    "accesses": Text("查看记录", "who looked at it"),
    "table": Text("原有的表", "a table as it is"),
    "assign": Text("分配核查任务", "assigning rows"),
    "confirm": Text("批量确认", "confirming several"),
    "countersign": Text("批量复核签字", "countersigning several"),
    "sheet": Text("得分表", "score sheet"),
    "shared": Text("链接", "links"),
    "parquet": Text("下载全部数据", "download of all data"),
    "search": Text("检索结果", "what a search found"),
    **COMMANDS,
}
"""Pages by the end of their addresses; a row or a file has its own id there."""


class ShownAccess(NamedTuple):
    """A look at the case.

    Attributes:
        at: when.
        what: the page, row or file.
    """

    at: Instant
    account: str
    what: Text


def may_read(desk: Desk) -> bool:
    """Whether the account may know who looked at the case."""
    return bool(parts_in(desk.account, desk.now.case) & READERS)


def page(desk: Desk) -> Response:
    """The newest first, a page at a time.

    Raises:
        Invalid: no such case, or the account is none of those who may know.
    """
    point = desk.now
    if not may_read(desk):
        raise not_found(
            "查看记录只供本事项的财政部门和审计人员查阅",
            "only the bureau of the case and auditors may read who looked at it",
        )
    name = desk.request.query_params.get("by") or None
    before = desk.number("before", 0) or None
    found = desk.office.kept.accesses(desk.case, account=name, before=before, limit=STEP + 1)
    names = row_names(point.rubric)
    titles = {sha256: one.title for sha256, one in point.case.evidence.items()}
    return desk.case_page(
        "accesses.html",
        point,
        rows=[_shown(desk, one, names | titles) for one in found[:STEP]],
        further=found[STEP - 1].number if len(found) > STEP else None,
        by=name or "",
        people=[(one, one) for one in sorted(desk.office.kept.lookers(desk.case))],
        newest=before is None,
    )


def _shown(desk: Desk, one: KeptAccess, names: Mapping[str, str]) -> ShownAccess:
    what = "" if one.page == desk.case else one.page
    if what.startswith(ERASED):  # a page of the case never has a blank in its address
        number, _, count = what.removeprefix(ERASED).rpartition(" ")
        told = Text(f"按清册 {number} 销毁 {count} 条", f"list {number}: {count} erased")
        return ShownAccess(one.at, one.account, told)
    page = what.removeprefix(BY_LINK)
    known = names.get(page, page)
    told = SHOWN.get(page, Text(known, known))
    if what.startswith(BY_LINK):
        told = Text(f"凭链接：{told.zh}", f"by a link: {told.en}")
    return ShownAccess(one.at, one.account, told)
