"""Drafts (草稿): what is typed into a form is kept while it is typed, until it is recorded."""

from typing import Final

import msgspec
from starlette.responses import Response

from ledger.values import Invalid, instant
from web.desk import Desk

FORM_MAX: Final = 200
FIELDS_MAX: Final = 200_000
"""Characters of a form's name, and of all that stands in it."""


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
    fields = msgspec.json.encode(draft.fields).decode()
    if len(draft.form) > FORM_MAX or len(fields) > FIELDS_MAX:
        raise Invalid("草稿太长，没有保存", "the draft is too long; it was not kept")
    desk.office.kept.keep_draft(account, draft.form, fields, instant(desk.office.clock()))
    return Response(status_code=204)


def draft_of(desk: Desk, form: str) -> list[tuple[str, str]]:
    """What was typed into a form and not recorded."""
    kept = desk.office.kept.draft(desk.account.id, form)
    fields = msgspec.json.decode(kept, type=dict[str, list[str]]) if kept else {}
    return [(name, text) for name, texts in fields.items() for text in texts]
