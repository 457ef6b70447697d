"""Papers (公文与存证证明): documents, receipts, and the dossiers that were issued."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from msgspec.structs import replace
from starlette.responses import Response

from application.cose_receipts import kept_cose_receipt
from application.dossier_again import NotSignedYet, dossier_again
from application.paper import covering
from application.receipts import kept_receipt
from documents.formats import printer
from documents.kinds import KINDS, OF_LAST_YEAR, document_of
from documents.source import source
from ledger.case import Case
from ledger.envelope import RecordedEvent
from ledger.events import RECEIPT_EVENTS, DossierIssued
from ledger.language import Text
from projections.as_of import FINAL
from web.api.read import WITH_THE_DRAFT
from web.desk import Desk
from web.download import handed_out
from web.not_found import not_found
from web.pages.row_beside import case_before_of

FORMATS: Final = ("html", "pdf", "docx", "xlsx")
NAMES: Final = {
    "score-table": Text("得分表", "score table"),
    "composite": Text("综合评分表", "composite table"),
    "project-form": Text("项目支出绩效自评表", "self-evaluation form of a project"),
    "register": Text("年度变动台账", "register of changes"),
    "result-letter": Text("结果通知书", "result letter"),
    "rectification": Text("整改通知书", "rectification notice"),
    "appeal-answer": Text("申诉答复书", "answer to an appeal"),
}


class Paper(NamedTuple):
    """A document that can be made of the case.

    Attributes:
        about: the appeal or the request; `None` for the case as a whole.
    """

    kind: str
    name: Text
    about: str | None


def page(desk: Desk) -> Response:
    """The documents, receipts and dossiers of the case, as far as the account sees it."""
    now = desk.now
    size = max((kept.size for kept in desk.office.store.checkpoints()), default=0)
    return desk.case_page(
        "papers.html",
        now,
        papers=list(papers_of(now.case)),
        formats=FORMATS,
        receipts=[r for r in reversed(now.history) if isinstance(r.event, RECEIPT_EVENTS)],
        dossiers=[r for r in reversed(now.history) if isinstance(r.event, DossierIssued)],
        signed=size,
    )


def papers_of(case: Case) -> Iterator[Paper]:
    """The documents that can be made of a case."""
    if case.opened is None or case.pinned is None:
        return
    for kind in ("score-table", "composite", "project-form", "register"):
        yield Paper(kind, NAMES[kind], None)
    if case.issued:
        yield Paper("result-letter", NAMES["result-letter"], None)
    for request in case.rectifications:
        yield Paper("rectification", NAMES["rectification"], request)
    for appeal in case.appeals:
        yield Paper("appeal-answer", NAMES["appeal-answer"], appeal)


def document(desk: Desk) -> Response:
    """A document of what the account sees, in the format that the address names.

    Raises:
        Invalid: no such case or point, no such document, or it cannot be made of the case.
    """
    point = desk.point()
    kind, _, suffix = desk.request.path_params["name"].partition(".")
    if kind not in KINDS or suffix not in FORMATS:
        raise not_found(f"没有文书 {kind}.{suffix}", f"no document {kind}.{suffix}")
    made_from = source(point, desk.today, covering(desk.office.store, point.history))
    if kind in OF_LAST_YEAR:
        made_from = replace(made_from, before=case_before_of(desk, point))
    about = desk.request.query_params.get("about") or None
    made = printer(f".{suffix}")(document_of(kind, made_from, desk.language, about))
    name = "-".join(filter(None, (desk.case, kind, about)))
    at = "" if desk.label == FINAL else f"-v{point.version}"
    return handed_out(f"{name}{at}.{suffix}", made)


def receipt(desk: Desk) -> Response:
    """The receipt of an entry that the account sees, or the bytes of the entry itself.

    Raises:
        Invalid: no such case or entry.
    """
    version, _, suffix = desk.request.path_params["name"].partition(".")
    entry = _entry(desk, version)
    name = f"{desk.case}-v{entry.version}.{suffix}"
    if not entry.entry:
        raise WITH_THE_DRAFT
    if suffix == "json":
        return handed_out(name, entry.entry)
    kept = kept_cose_receipt if suffix == "cose" else kept_receipt
    made = None if entry.position is None else kept(desk.office.store, entry.position)
    return handed_out(name, made) if made else _coming(desk)


def dossier(desk: Desk) -> Response:
    """The file of a dossier that was issued; an account that sees this sees all of it.

    Raises:
        Invalid: no such case, no such dossier, or it cannot be made again.
    """
    version, _, _ = desk.request.path_params["name"].partition(".")
    entry = _entry(desk, version)
    try:
        made = dossier_again(desk.office.store, desk.case, entry.version)
    except NotSignedYet:
        return _coming(desk)
    return handed_out(f"{desk.case}-v{entry.version}.zip", made)


def _entry(desk: Desk, version: str) -> RecordedEvent:
    found = next((r for r in desk.now.history if f"v{r.version}" == version), None)
    if found is None:
        raise not_found(f"{desk.case} 没有条目 {version}", f"{desk.case} has no entry {version}")
    return found


def _coming(desk: Desk) -> Response:
    """That the signer has not come so far yet."""
    answer = desk.page("problem.html", 202, problem=NotSignedYet())
    answer.headers["retry-after"] = "60"
    return answer
