"""Choices (选项): what a field of a command may name, so that nobody has to know an id by heart."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from application.look import accounts, rubrics
from intake.command_fields import CommandField
from ledger import terms
from ledger.account_registry import Account
from ledger.case import Case
from ledger.commands import COMMANDS
from ledger.language import Text
from ledger.rubric import Rubric
from ledger.sight import MADE_BY_BOTH, OF_THE_AGENCY, parts_in
from projections.rubric_view import row_names
from web.desk import Desk

Choices = list[tuple[str, Text]]
"""Each value that may be chosen, with its words."""

WORDS: Final[Mapping[tuple[str, str], Mapping[Any, Text]]] = {
    ("answer-objection", "outcome"): terms.OBJECTION_OUTCOMES,
    ("decide-appeal", "outcome"): terms.APPEAL_OUTCOMES,
    ("make-statement", "kind"): terms.STATEMENT_KINDS,
    ("print-subtotal", "column"): {"claimed": terms.CLAIMED, "awarded": terms.AWARDED},
}
_OF_A_FIELD: Final[Mapping[str, Mapping[Any, Text]]] = {
    "role": terms.ROLES,
    "roles": terms.ROLES,
    "kind": terms.FIGURE_KINDS,
    "form": terms.DOCUMENT_FORMS,
    "target_sense": terms.DIRECTIONS,
}
"""The words of a closed list, by the command and its field, or by the field alone."""


def closed(do: str, field: CommandField) -> Choices:
    """What a field may be that is one of a closed list."""
    words = WORDS.get((do, field.name)) or _OF_A_FIELD.get(field.name, {})
    return [(choice, words.get(choice) or _same(choice)) for choice in field.choices]


def in_the_case(do: str, field: str, case: Case, rubric: Rubric | None) -> Choices | None:
    """What a field may name of a case; `None` where it names nothing that is there already."""
    if field in {"indicator", "indicators"}:
        return _rows(do, case, rubric) if rubric else None
    if (do, field) == ("decide-appeal", "awards"):
        names = dict(_rows("lodge-appeal", case, rubric)) if rubric else {}
        contested = [n for appeal in case.appeals.values() if appeal.open for n in appeal.names]
        return [(name, names.get(name, _same(name))) for name in dict.fromkeys(contested)]
    if field == "item" and do in {"recognise-bonus", "refuse-bonus"}:
        return _ids(case.bonus_claims)
    if find := _KNOWN.get((do, field)) or _KNOWN.get(("", field)):
        return find(case)
    return None


def outside_cases(do: str, field: str, desk: Desk) -> Choices | None:
    """What a field may name of the register and of the rubrics; `None` as for a case."""
    if (chosen := _PEOPLE.get(do)) and field in {"account", "also"}:
        people = accounts(desk.office.store).accounts.values()
        return [
            (person.id, Text(*(f"{person.id} · {person.organisation}",) * 2))
            for person in people
            if chosen(desk.account, person)
        ]
    if field == "rubric":
        return _ids(rubrics(desk.office.store))
    if field in {"edition", "by_edition"}:
        published = rubrics(desk.office.store).values()
        return _ids({edition for name in published for edition in name.published})
    return None


def proposed(do: str, field: str, case: Case, account: Account) -> str:
    """An unused id for what an account's command makes; empty where it makes nothing."""
    made = _MADE.get((do, field))
    if made is None:
        return ""
    stem, there = made
    is_made_by_both = MADE_BY_BOTH.get(COMMANDS[do]) == field and case.is_before_the_draft
    if is_made_by_both and "agency" in parts_in(account, case):
        stem = OF_THE_AGENCY + stem  # else the unit asks for the next id, and learns that it exists
    known = set(there(case))
    return next(name for n in range(1, len(known) + 2) if (name := f"{stem}-{n}") not in known)


def _rows(do: str, case: Case, rubric: Rubric) -> Choices:
    names = row_names(rubric)
    rows = [
        (row.id, Text(*(" › ".join((*row.path[:-1], names[row.id])),) * 2))
        for row in rubric.indicators
    ]
    if do in _OF_ITEMS_TOO:
        rows += [
            *_titled(case.bonus, terms.TOTALS_LINES["bonus"]),
            *_titled(case.penalties, terms.TOTALS_LINES["penalty"]),
        ]
    return rows


def _titled(ids: Iterable[str], kind: Text) -> Choices:
    return [(id_, Text(f"{kind.zh} {id_}", f"{kind.en} {id_}")) for id_ in ids]


def _ids(ids: Iterable[str]) -> Choices:
    return [(id_, _same(id_)) for id_ in sorted(ids)]


def _same(name: str) -> Text:
    return Text(name, name)


def _documents(case: Case) -> Choices:
    return [(id_, _same(document.title)) for id_, document in case.documents.items()]


def _figures(case: Case) -> Choices:
    return [(id_, _same(figure.name)) for id_, figure in case.figures.items()]


def _reviews_here(account: Account, person: Account) -> bool:
    return person.organisation == account.organisation and bool(
        person.roles & {"reviewer", "lead-reviewer"}
    )


def _may_be_recused(account: Account, person: Account) -> bool:
    return (
        person.id == account.id
        or "bureau" in account.roles
        or ("lead-reviewer" in account.roles and person.organisation == account.organisation)
    )


def _has_an_interest(account: Account, person: Account) -> bool:
    return person.id == account.id or bool(account.roles & {"bureau", "administrator"})


def _anybody(_account: Account, _person: Account) -> bool:
    return True


_PEOPLE: Final[Mapping[str, Callable[[Account, Account], bool]]] = {
    "grant-role": _anybody,
    "revoke-role": _anybody,
    "link-accounts": _anybody,
    "end-conflict": _anybody,
    "declare-conflict": _has_an_interest,
    "recuse-account": _may_be_recused,
    "assign-work": _reviews_here,
}
"""Whom a command of an account may name."""

_OF_ITEMS_TOO: Final = {"amend-reason", "raise-objection", "lodge-appeal", "correct-result"}
"""Commands whose indicator may be a bonus or a penalty item."""

_KNOWN: Final[Mapping[tuple[str, str], Callable[[Case], Choices]]] = {
    ("answer-objection", "objection"): lambda case: _ids(
        id_ for id_, objection in case.objections.items() if not objection.answered
    ),
    ("decide-appeal", "appeal"): lambda case: _ids(
        id_ for id_, appeal in case.appeals.items() if appeal.open
    ),
    ("withdraw-appeal", "appeal"): lambda case: _ids(
        id_ for id_, appeal in case.appeals.items() if appeal.open
    ),
    ("respond-rectification", "request"): lambda case: _ids(case.rectifications),
    ("return-rectification", "request"): lambda case: _ids(case.rectifications),
    ("accept-rectification", "request"): lambda case: _ids(case.rectifications),
    ("extend-deadline", "request"): lambda case: _ids(case.rectifications),
    ("", "findings"): lambda case: [(id_, _same(title)) for id_, title in case.findings.items()],
    ("", "promises"): lambda case: [
        (item, _same(case.statements[item][1].statement)) for item in case.promises
    ],
    ("", "members"): lambda case: [(id_, _same(unit.name)) for id_, unit in case.units.items()],
    ("", "within"): lambda case: [(id_, _same(unit.name)) for id_, unit in case.units.items()],
    ("deliver-report", "document"): _documents,
    ("publish-material", "document"): _documents,
    ("withdraw-figure", "figure"): _figures,
    ("confirm-figure", "figure"): _figures,
    ("erase-evidence", "sha256"): lambda case: [
        (sha256, _same(file.title))
        for sha256, file in case.evidence.items()
        if sha256 not in case.erased
    ],
    ("", "evidence"): lambda case: [
        (sha256, _same(f"{file.title} {file.number}".strip()))
        for sha256, file in case.evidence.items()
    ],
}
"""What is there to name, by the command and its field, or by the field alone."""


_MADE: Final[Mapping[tuple[str, str], tuple[str, Callable[[Case], Iterable[str]]]]] = {
    ("raise-objection", "objection"): ("objection", lambda case: case.objections),
    ("lodge-appeal", "appeal"): ("appeal", lambda case: case.appeals),
    ("request-rectification", "request"): ("request", lambda case: case.rectifications),
    ("raise-finding", "finding"): ("finding", lambda case: case.findings),
    ("make-recommendation", "recommendation"): (
        "recommendation",
        lambda case: case.recommendations,
    ),
    ("claim-bonus", "item"): ("bonus", lambda case: case.bonus_claims),
    ("record-penalty", "item"): ("penalty", lambda case: case.penalties),
    ("make-statement", "item"): ("statement", lambda case: case.statements),
    ("print-subtotal", "item"): ("subtotal", lambda case: case.subtotals),
    ("list-unit", "member"): ("unit", lambda case: case.units),
    ("register-document", "document"): ("document", lambda case: case.documents),
}
"""What a command makes that gets an id: how such ids begin, and those that are taken."""
