"""Evidence (佐证材料): a file that a case cites, shown by what its first bytes are."""

from typing import Final

from starlette.responses import Response

from web.desk import Desk
from web.guard import SANDBOX
from web.not_found import not_found

SHOWN: Final = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
"""What a browser may show, by its first bytes; under any other type it is handed over."""


def file(desk: Desk) -> Response:
    """The bytes of a file that an event cites which the account sees."""
    point = desk.point()
    sha256 = desk.request.path_params["sha256"]
    cited = point.case.evidence.get(sha256)
    folder = desk.office.place.evidence_there()
    held = folder.read(sha256) if cited and folder and sha256 not in point.case.erased else None
    if held is None:
        raise not_found(f"没有佐证材料 {sha256}", f"there is no evidence file {sha256}")
    kind = type_of(held)
    return Response(
        held,
        media_type=kind or "application/octet-stream",
        headers={
            "content-security-policy": SANDBOX,
            "content-disposition": "inline" if kind else f'attachment; filename="{sha256[:16]}"',
            "cache-control": "private, max-age=3600",
        },
    )


def type_of(content: bytes) -> str | None:
    """What a browser may show it as; `None` where it must not."""
    for first, kind in SHOWN.items():
        if content.startswith(first):
            return kind
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else "text/plain; charset=utf-8"
