"""Materials (材料): the files of a case, whether they are there, and what they are cited for."""

from typing import NamedTuple

from starlette.responses import Response

from application.evidence import ListedFile, list_files
from documents.read_lists import EVIDENCE
from ledger.case import Case
from ledger.values import Sha256
from projections.as_of import CaseAsOf
from projections.change_log import change_log
from projections.rubric_view import row_names
from web.desk import Desk
from web.download import as_csv, wants_csv


class Use(NamedTuple):
    """Where a file is cited: versions, and rows with their names."""

    versions: list[int]
    rows: dict[str, str]


def page(desk: Desk) -> Response:
    """The files; each is hashed again where the address asks for it."""
    now, point = desk.now, desk.point()
    hashed = desk.request.query_params.get("hashed") == "yes"
    files = _files(desk, point.case, hashed=hashed)
    if wants_csv(desk):
        rows = ({name: getattr(file, name) for name in _COLUMNS} for file in files)
        return as_csv(desk, f"{desk.case}-evidence", EVIDENCE, rows)
    wanted = desk.request.query_params.get("view")
    return desk.case_page(
        "materials.html",
        now,
        point=point,
        files=files,
        uses=_uses(point),
        hashed=hashed,
        shown=next((file for file in files if file.sha256 == wanted), None),
    )


_COLUMNS = tuple(column.name for column in EVIDENCE)


def _files(desk: Desk, case: Case, *, hashed: bool) -> list[ListedFile]:
    folder = desk.office.place.evidence_there()
    if folder:
        return list_files(folder, case, hashed=hashed)
    return [
        ListedFile(
            sha256=file.sha256,
            title=file.title,
            number=file.number or None,
            media_type=file.media_type,
            size=file.size,
            state="erased" if file.sha256 in case.erased else "missing",
        )
        for file in case.evidence.values()
    ]


def _uses(point: CaseAsOf) -> dict[Sha256, Use]:
    names = row_names(point.rubric)
    uses: dict[Sha256, Use] = {}
    for row in point.made(change_log):
        for file in row.evidence:
            use = uses.setdefault(file.sha256, Use([], {}))
            use.versions.append(row.version)
            if row.indicator:
                use.rows[row.indicator] = names.get(row.indicator, row.indicator)
    return uses
