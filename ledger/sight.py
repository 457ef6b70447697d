"""Sight (可见范围): which events of a case an account may see, and under which numbers.

It is asked once, for the events, before anything is made of them: a column that is only hidden
still leaks, since what a rule gives shows the figures that it was given. So does a number: who sees
events 4 and 9 knows that four lie between them. Who does not see all events of a case therefore
sees those that they do see numbered from 1 without gaps.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from msgspec.structs import replace

from ledger.account_registry import Account
from ledger.case import Case, History
from ledger.commands import (
    Command,
    DefineScope,
    ListUnit,
    MakeStatement,
    PrintSubtotal,
    RegisterDocument,
)
from ledger.envelope import REGISTER, RecordedEvent, StreamId
from ledger.events import (
    CaseOpened,
    CaseReopened,
    DossierIssued,
    DraftSent,
    EvidenceErased,
    EvidenceFiled,
    ResultIssued,
    ReviewCommissioned,
    Role,
    SubmissionReturned,
)
from ledger.values import OrganisationId

Part = Literal["unit", "agency", "bureau", "auditor"]
"""What an account is to a case. An administrator, who keeps the register, is nothing to it."""

PARTS: Final[dict[Role, Part]] = {
    "unit": "unit",
    "reviewer": "agency",
    "lead-reviewer": "agency",
    "bureau": "bureau",
    "auditor": "auditor",
}
_KEEPERS: Final = frozenset[Role]({"administrator", "auditor"})
_TOLD: Final = (DraftSent, ResultIssued)
"""With the first of these the unit is informed of what the agency found."""

PARTIES: Final = (CaseOpened, ReviewCommissioned)
"""What names the organisations that have a part in a case."""

WIDENING: Final = (*PARTIES, *_TOLD)
"""With these, more may be seen of what was recorded before them."""

_TO_THE_UNIT: Final = (SubmissionReturned,)
"""What the agency says to the unit before that."""

_ABOUT_THE_REVIEW: Final = (DossierIssued,)
"""What others than the agency record about its work before that: a dossier names all entries."""


OF_THE_AGENCY: Final = "review-"
"""How ids of the agency begin before the draft, and no unit's: whether one is taken shows nothing.

An agency may choose others, as may those who see everything anyway; its pages propose these.
"""

MADE_BY_BOTH: Final[Mapping[type[Command], str]] = {
    RegisterDocument: "document",
    ListUnit: "member",
    DefineScope: "scope",
    MakeStatement: "item",
    PrintSubtotal: "item",
}
"""What unit and agency make alike, and the field of its id."""


def reserved(command: Command, case: Case) -> str | None:
    """The field of a unit's command whose id is for the agency before the draft."""
    field = MADE_BY_BOTH.get(type(command))
    if field is None or not case.is_before_the_draft:
        return None
    return field if getattr(command, field).startswith(OF_THE_AGENCY) else None


def parts_in(account: Account, case: Case) -> frozenset[Part]:
    """What an account is to a case by its roles and its organisation; nothing to a stranger."""
    return parts_of(account, unit=case.unit, agency=case.agency, bureau=case.bureau)


def parts_of(
    account: Account,
    *,
    unit: OrganisationId | None,
    agency: OrganisationId | None,
    bureau: OrganisationId | None,
) -> frozenset[Part]:
    """The same, of a case with these organisations."""
    holders = {
        "unit": unit,
        "agency": agency,
        "bureau": bureau,
        "auditor": account.organisation,
    }
    return frozenset(
        part
        for role, part in PARTS.items()
        if role in account.roles and holders[part] == account.organisation
    )


def parties_of(account: Account) -> dict[Part, OrganisationId] | None:
    """In which cases an account has a part: where it has this part for this organisation.

    Returns:
        The organisation by the part; `None` where it has a part in every case.
    """
    parts = {PARTS[role] for role in account.roles if role in PARTS}
    if "auditor" in parts:
        return None
    return dict.fromkeys(sorted(parts), account.organisation)


def whole_parties_of(account: Account) -> dict[Part, OrganisationId] | None:
    """The same of the cases of which it sees everything at any time, as a unit does not."""
    parties = parties_of(account)
    return parties and {part: of for part, of in parties.items() if part != "unit"}


def sees_beside(account: Account, stream: StreamId) -> bool:
    """Whether an account may read what is recorded in no case: who keeps it, and who audits.

    Args:
        account: whose roles are asked.
        stream: `register:accounts`, or that of a rubric.
    """
    keepers = _KEEPERS if stream == REGISTER else _KEEPERS | {"bureau"}
    return not keepers.isdisjoint(account.roles)


def visible_to(parts: Iterable[Part], record: Sequence[RecordedEvent]) -> Sequence[RecordedEvent]:
    """The events of a case that somebody sees who has these parts in it, with its numbers.

    Agency, bureau and auditor see all of them. The unit sees nothing of the agency's work before
    it is sent the draft, or the result where no draft was sent; then all of it.

    Args:
        parts: in the case.
        record: of the case, whole and in the order of its versions.
    """
    those = set(parts)
    if those - {"unit"}:
        return record
    if not those:
        return ()
    if any(isinstance(recorded.event, _TOLD) for recorded in record):
        return record
    visible: list[RecordedEvent] = []
    files: set[str] = set()
    for recorded in record:
        event = recorded.event
        if PARTS.get(recorded.by.role) == "agency" and not isinstance(event, _TO_THE_UNIT):
            continue
        if isinstance(event, _ABOUT_THE_REVIEW):
            continue
        if isinstance(event, EvidenceErased) and event.sha256 not in files:
            continue
        if isinstance(event, EvidenceFiled):
            files.add(event.evidence.sha256)
        visible.append(recorded)
    return visible


def visible_after(role: Role, record: Sequence[RecordedEvent], version: int) -> list[RecordedEvent]:
    """The events after a version that somebody who acts in a role can have seen.

    Args:
        role: of the author, who has its part in the case.
        record: see `visible_to`.
        version: that the author had looked at.
    """
    visible = visible_to({"unit"}, record) if role == "unit" else record
    return [recorded for recorded in visible if recorded.version > version]


def in_own_numbers(visible: Sequence[RecordedEvent]) -> History:
    """Events that somebody sees, numbered from 1 without gaps.

    Up to the first that is hidden they are what is recorded. Behind it, an event has neither bytes
    nor a position in the log, since its bytes contain the number and the link that it has there.

    Args:
        visible: of one case, in the order of their versions.
    """
    if not visible or visible[-1].version == len(visible):
        return History.of(visible)
    numbers = {recorded.version: number for number, recorded in enumerate(visible, 1)}
    return History(
        recorded if recorded.version == number else _renumbered(recorded, numbers)
        for number, recorded in enumerate(visible, 1)
    )


def _renumbered(recorded: RecordedEvent, numbers: Mapping[int, int]) -> RecordedEvent:
    event = recorded.event
    if isinstance(event, CaseReopened):  # the only one that names another before the draft
        event = replace(event, request=numbers[event.request])
    seen = recorded.seen and sum(version <= recorded.seen for version in numbers)
    return replace(
        recorded,
        version=numbers[recorded.version],
        event=event,
        seen=seen,
        prev="",
        entry=b"",
        position=None,
    )
