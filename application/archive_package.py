"""Archive packages (归档信息包): a closed case, its proofs, documents and metadata in one file."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Final

from application.clock import Clock
from application.confirmed import NOTHING, Confirmed
from application.dossier import IssuedDossier, issue_dossier
from application.look import look
from application.place import LedgerPlace
from application.sign import keys
from application.signed_file import signed_file
from documents.formats import printer
from documents.kinds import document_of
from documents.retention_list import TERMS
from documents.source import source
from ledger.archive_package import DOSSIER, Manifest, Package, PackagedFile
from ledger.case import Case
from ledger.envelope import RecordedEvent
from ledger.events import CaseClosed, EvidenceErased
from ledger.evidence import EvidenceFolder
from ledger.log.checkpoint import SignedCheckpoint
from ledger.program import VERSION
from ledger.store import Store
from ledger.values import AccountId, Evidence, IndicatorId, Invalid
from projections.as_of import CaseAsOf

DOCUMENTS: Final = {
    "result-letter": "评价结果",
    "score-table": "核查评分表",
    "composite": "综合得分表",
    "register": "年度台账",
}
"""What is printed for the archive, and its title there."""


def make_package(  # noqa: PLR0913 - as of a dossier
    store: Store,
    clock: Clock,
    account: AccountId,
    place: LedgerPlace,
    case: str,
    *,
    key: str,
    dated: date | None = None,
    indicator: IndicatorId | None = None,
    purpose: str | None = None,
    held: Collection[SignedCheckpoint] = (),
    confirmed: Confirmed = NOTHING,
) -> IssuedDossier:
    """Issue a dossier of a closed case and pack it with documents, evidence and metadata.

    Args:
        store: where the case is.
        clock: when.
        account: who hands it over.
        place: whose key signs, and where the evidence is.
        case: what it is about.
        key: idempotency key of the dossier.
        dated: business date; the clock's day where it is not given.
        indicator: the row that its change log is about; the whole case without it.
        purpose: of the dossier.
        held: checkpoints of the reader: that the log only grew since is proven to them.
        confirmed: what is meant so, although it looks like a slip.

    Raises:
        Invalid: the case is not closed, has no retention term, or evidence is missing or altered;
            nothing was recorded. Or something was recorded in the meantime.
        ExtraMissing: the packages that print PDF are not installed.
        EnvelopeRefused: a rule forbids the dossier.
    """
    point = look(store, case, "final")
    must_be_ready(point.case)
    contents = dict(_evidence(point.case, place.evidence())) | dict(_documents(point, clock))
    issued, data = issue_dossier(
        *(store, clock, account, place, case),
        key=key,
        dated=dated,
        indicator=indicator,
        purpose=purpose or "归档",
        held=held,
        confirmed=confirmed,
    )
    if issued.version != point.case.version + 1:
        raise Invalid(
            f"{case}：其间又有记录，卷宗已导出，归档信息包未写出。请重新执行。",
            f"{case}: something was recorded in the meantime; the dossier is exported, but there is"
            " no package. Run this again.",
        )
    files = {PackagedFile.of(DOSSIER, "卷宗", "application/zip", data): data, **contents}
    signers = keys(place)
    metadata = metadata_of(point.case, point.history, signers[0].name)
    manifest = bytes(Manifest(metadata, [*files, *erased_files(point.case, point.history)]))
    packed = {file.name: content for file, content in files.items()}
    package = Package(manifest, signed_file(manifest, signers), packed)
    return IssuedDossier(issued, bytes(package))


def must_be_ready(case: Case) -> None:
    """Ask for what a package says of a case.

    Raises:
        Invalid: it is not closed, or nobody has set how long it is kept.
    """
    if case.stage != "closed":
        raise Invalid(
            f"{case.id}：尚未办结，不能归档。请先办结。",
            f"{case.id} is not closed and cannot be archived. Close it first.",
        )
    if case.retention is None:
        raise Invalid(
            f"{case.id}：尚未设定保管期限，不能归档。请先设定。",
            f"{case.id} has no retention term and cannot be archived. Set it first.",
        )


def _evidence(case: Case, folder: EvidenceFolder) -> Iterator[tuple[PackagedFile, bytes]]:
    """The evidence that is still there, in the order of filing."""
    for sha256, file in case.evidence.items():
        if sha256 not in case.erased:
            content = folder.read(sha256)
            name = f"evidence/{sha256}"
            yield PackagedFile.of(name, title_of(file), file.media_type, content), content


def erased_files(case: Case, history: Iterable[RecordedEvent]) -> Iterator[PackagedFile]:
    """The evidence that was erased by law, with the ground."""
    for recorded in history:
        if isinstance(recorded.event, EvidenceErased):
            file, ground = case.evidence[recorded.event.sha256], recorded.event.ground
            yield PackagedFile(
                "",
                title_of(file),
                file.media_type,
                file.size,
                file.sha256,
                ground=_one_line(ground),
            )


def _documents(point: CaseAsOf, clock: Clock) -> Iterator[tuple[PackagedFile, bytes]]:
    """What is printed of the case."""
    made_from, print_pdf = source(point, clock().date()), printer(".pdf")
    for kind, title in DOCUMENTS.items():
        if kind != "result-letter" or point.case.issued:
            content = print_pdf(document_of(kind, made_from, "zh"))
            name = f"documents/{kind}.pdf"
            yield PackagedFile.of(name, title, "application/pdf", content), content


def metadata_of(case: Case, history: Iterable[RecordedEvent], log: str) -> dict[str, str]:
    """What the manifest says of a case that is ready for it.

    Args:
        case: folded from the history.
        history: of the case.
        log: the name of the log.
    """
    opened, kept, result = case.opened, case.retention, case.issued
    assert opened  # noqa: S101 - it is closed
    assert kept  # noqa: S101 - `_must_be_ready`
    closed = [one.dated for one in history if isinstance(one.event, CaseClosed)]
    said = {
        "聚合层次": "案卷",
        "立档单位名称": opened.bureau_name,
        "电子文件号": case.id,
        "题名": f"{opened.unit_name}{opened.title}",
        "责任者": opened.bureau_name,
        "年度": str(opened.year),
        "日期": closed[-1].isoformat(),
        "文件编号": (result.number or "") if result else "",
        "保管期限": TERMS[kept.term].zh,
        "期限起算日": kept.starts.isoformat(),
        "保管期限依据": kept.number,
        "日志名称": log,
        "程序版本": f"scoretrail {VERSION}",
    }
    return {name: _one_line(text) for name, text in said.items()}


def title_of(file: Evidence) -> str:
    """What a package calls a file of evidence."""
    return _one_line(f"{file.title} {file.number}")


def _one_line(text: str) -> str:
    return " ".join(text.split())
