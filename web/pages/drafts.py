"""Drafts (草稿): what is typed into a form is kept while it is typed, until it is recorded."""

from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from ledger.values import Invalid, instant
from web.desk import Desk

FORM_MAX: Final = 200
FIELDS_MAX: Final = 1_000_000
"""Characters of a form's name, and of all its content."""

NOT_KEPT: Final = {"password", "form"}
"""What a draft never holds: a secret, and its own name."""


class Draft(msgspec.Struct, forbid_unknown_fields=True):
    """What a form holds: the texts of each field."""

    form: str
    fields: dict[str, list[str]]


def keep(desk: Desk) -> Response:
    """Keep what was typed so far."""
    account = desk.account.id
    try:
        draft = msgspec.json.decode(desk.request.state.body or b"", type=Draft)
    except msgspec.MsgspecError:
        raise Invalid("不是草稿", "this is no draft") from None
    if not _keep(desk, account, draft.form, draft.fields):
        raise Invalid("草稿太长，没有保存", "the draft is too long; it was not kept")
    return Response(status_code=204)


def put_by(desk: Desk, form: str, **fields: str) -> None:
    """Keep what belongs to a form, so that it is found again when the page is gone."""
    _keep(desk, desk.account.id, form, {name: [text] for name, text in fields.items()})


def rescue(desk: Desk) -> bool:
    """Keep what was sent in a session that had ended, for whose session it was; whether it could.

    The account finds it in the form when it logs in again.
    """
    given, name = desk.form, desk.typed("form")
    account = desk.office.identities.whose(desk.token) if name else None
    if account is None:
        return False
    fields: dict[str, list[str]] = {}
    for field, value in given.multi_items():
        if isinstance(value, str):
            fields.setdefault(field, []).append(value)
    return _keep(desk, account, name, fields)


def draft_of(desk: Desk, form: str) -> list[tuple[str, str]]:
    """What was typed into a form and not recorded."""
    kept = desk.office.kept.draft(desk.account.id, form)
    fields = msgspec.json.decode(kept, type=dict[str, list[str]]) if kept else {}
    return [(name, text) for name, texts in fields.items() for text in texts]


def form_of(desk: Desk, form: str) -> FormData:
    """The same as if it were sent; empty where nothing is kept."""
    kept: list[tuple[str, str | UploadFile]] = [*draft_of(desk, form)]
    return FormData(kept)


def forget(desk: Desk, form: str) -> None:
    """What was typed into a form is recorded: also under the name that it was opened by."""
    for name in {form, str(desk.form.get("form") or form)}:
        desk.office.kept.forget_draft(desk.account.id, name)


def _keep(desk: Desk, account: str, form: str, fields: Mapping[str, list[str]]) -> bool:
    kept = {name: texts for name, texts in fields.items() if name not in NOT_KEPT}
    written = msgspec.json.encode(kept).decode()
    if len(form) > FORM_MAX or len(written) > FIELDS_MAX or "\0" in form:
        return False
    desk.office.kept.keep_draft(account, form, written, instant(desk.office.clock()))
    return True
