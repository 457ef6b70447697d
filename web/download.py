"""Downloads (下载): what a page shows, as a file for a spreadsheet or on paper."""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from application.cose_receipts import COSE
from documents.lists import BOM, ListColumn, Row, csv_table, written_rows
from ledger.language import in_language
from web.desk import Desk

TYPES: Final = {
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".toml": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".tlog-proof": "text/plain; charset=utf-8",
    ".cose": COSE,
}


def wants_csv(desk: Desk) -> bool:
    """Whether the address asks for a spreadsheet in place of the page."""
    return desk.request.query_params.get("form") == "csv"


def as_csv(desk: Desk, name: str, columns: Sequence[ListColumn], rows: Iterable[Row]) -> Response:
    """A list with all its columns, as the command line writes it."""
    headings = [in_language(column.heading, desk.language) for column in columns]
    cells = written_rows(columns, rows, "", desk.language)
    numbers = [index for index, column in enumerate(columns) if column.number]
    text = BOM + csv_table(headings, cells, numbers)
    return handed_out(f"{name}.csv", text.encode())


def handed_out(name: str, content: bytes) -> Response:
    """A file that a browser saves under a name."""
    suffix = f".{name.rpartition('.')[2]}"
    return Response(
        content,
        media_type=TYPES.get(suffix, "application/octet-stream"),
        headers=attachment(name),
    )


def attachment(name: str) -> dict[str, str]:
    """The header by which a browser saves what it is sent, under a name."""
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
