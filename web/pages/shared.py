"""Papers by link (凭链接查看): one document or list of a case, for who has its address.

The address has a secret of its own, as that of a calendar has: it opens this paper and nothing
else, for some days. The paper shows what its maker sees at the moment, and is gone with that.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from ledger.case import Case
from ledger.language import Text
from ledger.problem import Mendable, Problem
from web.api import problems
from web.desk import Desk, NotLoggedIn
from web.guard import NOWHERE, SANDBOX
from web.not_found import NO_PAGE
from web.pages import bridge, log, materials, papers
from web.step_up import ask_again, asks_again
from web.tokens import SHARED_DAYS

DO: Final = "make-token"
"""Handing a paper on weighs as much as a token."""
LISTS: Final = MappingProxyType(
    {"/log": log.page, "/bridge": bridge.page, "/materials": materials.page}
)
LIST_NAMES: Final[Mapping[str, Text]] = {
    "/log?form=csv": Text("变动记录（CSV）", "change log (CSV)"),
    "/bridge?form=csv": Text("得分变动（CSV）", "bridge (CSV)"),
    "/materials?form=csv": Text("材料清单（CSV）", "list of the evidence (CSV)"),
}
NOT_OFFERED: Final = Mendable(
    "请选择本事项的一份文书或清单",
    "choose a document or a list of this case",
    rule="token",
    field="paper",
)


def form(desk: Desk) -> Response:
    """The links of the account to papers of the case, and a form for another one."""
    return _page(desk)


def make(desk: Desk) -> Response:
    """Make a link; the page that follows shows it, and no other ever will."""
    now = desk.now
    given = {name: desk.typed(name) for name in ("name", "paper", "days")}
    try:
        if given["paper"] not in papers_of(now.case):
            raise NOT_OFFERED
        ask_again(desk, DO)
        tokens = desk.office.tokens
        days = desk.typed_number("days", 0)
        secret = tokens.share(desk.account.id, given["name"], desk.case, given["paper"], days)
        desk.office.identities.note(desk.account.id, f"link-made {desk.case}{given['paper']}")
    except Problem as problem:
        return _page(desk, problems.page_status(problem), problem=problem, given=given)
    return _page(desk, 201, secret=secret)


def by_address(desk: Desk) -> Response:
    """The paper that an address opens.

    Raises:
        Invalid: it opens none, or none any longer; which of them is not said.
    """
    shared = desk.office.tokens.whose_paper(str(desk.request.path_params["secret"]))
    if shared is None:
        raise NO_PAGE
    path, _, query = shared.paper.partition("?")
    address = f"/cases/{shared.case}{path}"
    # As if its maker asked for it, at the address that it has in the case.
    asked = Request(
        {
            **desk.request.scope,
            "path": address,
            "raw_path": address.encode(),
            "query_string": query.encode(),
            "path_params": {"case": shared.case, "name": path.rpartition("/")[2]},
        }
    )
    try:
        return _opened(Desk(desk.office, asked, shared.login, desk.language), path)
    except NotLoggedIn:
        raise NO_PAGE from None
    except Problem as problem:
        if problems.status_of(problem) == HTTPStatus.NOT_FOUND:
            raise NO_PAGE from None
        raise


def _opened(desk: Desk, path: str) -> Response:
    answer = LISTS.get(path, papers.document)(desk)
    if path.endswith(".html"):  # to be read where it is, and of no origin of ours
        answer.headers["content-disposition"] = "inline"
        answer.headers["content-security-policy"] = SANDBOX
    return answer


def papers_of(case: Case) -> dict[str, Text]:
    """The papers of a case that links can be made to, by their addresses after its own."""
    documents = (
        f"/documents/{one.kind}.{suffix}{f'?about={quote(one.about)}' if one.about else ''}"
        for one in papers.papers_of(case)
        for suffix in papers.FORMATS
    )
    return {address: name_of(address) for address in (*documents, *LIST_NAMES)}


def name_of(paper: str) -> Text:
    """What people call the paper at an address."""
    if paper in LIST_NAMES:
        return LIST_NAMES[paper]
    path, _, about = paper.partition("?about=")
    kind, _, suffix = path.rpartition("/")[2].partition(".")
    zh, en = (
        " ".join(filter(None, (name, unquote(about), suffix.upper())))
        for name in papers.NAMES[kind]
    )
    return Text(zh, en)


def _page(
    desk: Desk,
    status: int = 200,
    *,
    problem: Problem | None = None,
    secret: str = "",
    given: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    now = desk.now
    links = [
        one
        for one in desk.office.tokens.of(desk.account.id)
        if one.paper and one.cases == (desk.case,)
    ]
    answer = desk.case_page(
        "shared.html",
        now,
        status,
        papers=papers_of(now.case),
        name_of=name_of,
        links=links,
        asks_again=asks_again(desk, DO),
        problem=problem,
        secret=secret,
        given=given,
        lasts=SHARED_DAYS,
    )
    answer.headers["cache-control"] = NOWHERE
    return answer
