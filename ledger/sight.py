"""Sight (可见范围): which events of a case an account may see.

It is asked once, for the events, before anything is made of them: a column that is only hidden
still leaks, since what a rule gives shows the figures that it was given.
"""

from collections.abc import Iterable
from typing import Final, Literal

from ledger.account_registry import Account
from ledger.case import Case, History
from ledger.events import DraftSent, ResultIssued, Role, SubmissionReturned
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
_TOLD: Final = (DraftSent, ResultIssued)
"""With the first of these the unit is informed of what the agency found."""

_TO_THE_UNIT: Final = (SubmissionReturned,)
"""What the agency says to the unit before that."""


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


def seen_by(parts: Iterable[Part], record: History) -> History:
    """The events of a case that somebody sees who has these parts in it.

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
        return History()
    if any(isinstance(recorded.event, _TOLD) for recorded in record):
        return record
    return History(
        recorded
        for recorded in record
        if PARTS.get(recorded.by.role) != "agency" or isinstance(recorded.event, _TO_THE_UNIT)
    )
