"""First sight: what comes into an account's sight later is found where it did, and nowhere else."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from application.first_sight import first_sight
from ledger.account_registry import Account
from ledger.case import History
from ledger.envelope import Actor, IdempotencyKey, RecordedEvent
from ledger.events import (
    CaseEvent,
    CaseOpened,
    DraftSent,
    FigureWithdrawn,
    ReviewCommissioned,
    Role,
    SubmissionReturned,
)
from ledger.sight import parts_in, visible_to

HOUSES: Final[dict[Role, str]] = {
    "unit": "a-unit",
    "reviewer": "an-agency",
    "bureau": "a-bureau",
    "auditor": "an-office",
}
OPENED: Final = CaseOpened(
    title="x",
    year=2023,
    unit="a-unit",
    unit_name="x",
    bureau="a-bureau",
    bureau_name="x",
    notice="",
)


SAID: Final = FigureWithdrawn(figure="f", reason="x")
"""Stands for all that is said in a case and widens nobody's sight."""


def commission(agency: str) -> ReviewCommissioned:
    return ReviewCommissioned(agency=agency, agency_name="x", number="")


EVENTS: Final = st.sampled_from(
    [
        ("bureau", commission("an-agency")),
        ("bureau", commission("another-agency")),
        ("reviewer", SubmissionReturned(reason="x")),
        ("reviewer", DraftSent(number="", computed_total=Decimal(0), respond_by=None)),
        ("unit", SAID),
        ("reviewer", SAID),
    ]
)
ROLES: Final = st.lists(st.sampled_from([*HOUSES]), unique=True, max_size=2)
HISTORY: Final = st.lists(st.one_of(EVENTS, ROLES), max_size=14)
ORGANISATIONS: Final = st.sampled_from([*HOUSES.values(), "another-agency"])


def recorded(role: Role, event: CaseEvent, version: int, position: int) -> RecordedEvent:
    return RecordedEvent(
        case="a-case",
        version=version,
        at="2024-01-01T00:00:00.000000Z",
        dated=date(2024, 1, 1),
        by=Actor("somebody", role, "x"),
        command=IdempotencyKey(f"c{version}", "0" * 64),
        prev="",
        event=event,
        position=position,
    )


def in_sight(account: Account | None, record: Sequence[RecordedEvent]) -> set[int]:
    history = History(record)
    if account is None or not record:
        return set()
    return {one.version for one in visible_to(parts_in(account, history.case), history)}


@given(ORGANISATIONS, HISTORY)
def test_each_event_is_found_at_the_first_entry_with_which_it_was_seen(
    organisation: str, story: list[tuple[Role, CaseEvent] | list[Role]]
) -> None:
    record = [recorded("bureau", OPENED, 1, 1)]
    account: Account | None = None
    changes: list[tuple[int, Account]] = []
    since: dict[int, int] = {}
    for position, step in enumerate([*story], 2):
        if isinstance(step, tuple):
            record.append(recorded(*step, len(record) + 1, position))
        else:
            account = Account(id="me", organisation=organisation, roles={*step})
            changes.append((position, account))
        for version in in_sight(account, record):
            since.setdefault(version, position)
    now = account or Account(id="me", organisation=organisation)
    seen = in_sight(now, record)
    expected = {version: place for version, place in since.items() if version in seen}
    assert first_sight(changes, now, History(record)) == expected


def test_what_has_no_place_yet_is_not_seen_yet() -> None:
    account = Account(id="me", organisation="a-unit", roles={"unit"})
    opened = recorded("bureau", OPENED, 1, 3)
    pending = replace(recorded("unit", SAID, 2, 4), position=None)
    assert first_sight([(1, account)], account, History([opened, pending])) == {1: 3}
