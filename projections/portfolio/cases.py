"""What a case is about: whose, of which year, by which rubric. For filters of all other views."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct, json
from sqlalchemy import ColumnElement, Connection, FromClause, Index, Table, false, or_, select

from ledger.sight import Part
from ledger.values import AccountId, OrganisationId
from projections.case_summary import case_summary
from projections.portfolio.case_pages import PARTY
from projections.portfolio.steps import FoldedCase, ViewRow
from projections.portfolio.tables import (
    case_key,
    count,
    key,
    optional_words,
    table,
    words,
    yes_no,
)

CASES: Final = table(
    "cases",
    case_key(unique=True),
    key("case_id"),
    words("unit", "unit_name"),
    count("year"),
    words("title", "bureau", "bureau_id"),
    optional_words("agency", "agency_id"),
    words("stage"),
    count("version"),
    optional_words("rubric", "edition"),
    count("figures", "claims", "awards"),
    yes_no("scored"),
    optional_words("recused"),
    words("searched"),
)
"""One row per case. `scored` is 0 until a rubric is pinned that the ledger has; `recused` are the
accounts that do nothing more in it, as JSON, null where there are none; `searched` is all that it
is looked for by, in small letters. The rows of all other views have the key of their case.
"""

ORDERS: Final = (
    *((party, "case_id") for party in PARTY.values()),
    *((*of, "year", "unit", "case_id") for of in ((), ("agency_id",), ("bureau_id",))),
)
"""The orders in which lists are read: cases, and scores, of all cases or of those of a party."""

for _names in ORDERS:
    Index("_".join((CASES.name, "by", *_names)), *(CASES.c[name] for name in _names))


def with_cases(view: Table) -> FromClause:
    """The rows of a view, each with those of its case."""
    return CASES.join(view, CASES.c.case_key == view.c.case_key)


def fields_of(kind: type[Struct], *views: Table) -> list[ColumnElement[Any]]:
    """The columns that make up a row of a kind: each of the first table that has it, or the case's.

    Fields without a column are added where the row is made.
    """
    named: dict[str, ColumnElement[Any]] = {"case": CASES.c.case_id.label("case")}
    for each in (CASES, *reversed(views)):
        named.update(each.c.items())
    return [named[field] for field in kind.__struct_fields__ if field in named]


ORDER: Final = (CASES.c.year, CASES.c.unit, CASES.c.case_id)
"""The order of rows about cases."""


def rows(folded: FoldedCase) -> Iterator[ViewRow]:
    """The case's row, once it is opened."""
    case = folded.case
    if case.opened is None:
        return
    summary = case_summary(case)
    names = (folded.id, summary.unit, summary.title, summary.agency, summary.bureau, summary.year)
    yield (
        folded.id,
        case.opened.unit,
        summary.unit,
        summary.year,
        summary.title,
        summary.bureau,
        case.bureau,
        summary.agency,
        case.agency,
        summary.stage,
        summary.version,
        summary.rubric,
        summary.edition,
        summary.figures,
        summary.claims,
        summary.awards,
        int(folded.is_complete),
        json.encode(sorted(case.recused)).decode() if case.recused else None,
        "\n".join(str(name).lower() for name in names if name),
    )


def recused_in_cases(connection: Connection) -> dict[str, frozenset[AccountId]]:
    """The accounts that are recused from cases, by the case; only where any are."""
    columns = CASES.c
    wanted = select(columns.case_id, columns.recused).where(columns.recused.is_not(None))
    return {name: frozenset(json.decode(of)) for name, of in connection.execute(wanted)}


CHOSEN: Final = ("cases", "years", "units", "rubrics", "stages")
"""What people choose cases by, as `CaseFilter` has it."""


class CaseFilter(Struct, frozen=True, kw_only=True):
    """Which cases a reader wants; all where nothing is stated.

    Attributes:
        parties: the organisations of which one must be a party, by the part that it has.
    """

    cases: Sequence[str] = ()
    years: Sequence[int] = ()
    units: Sequence[str] = ()
    rubrics: Sequence[str] = ()
    stages: Sequence[str] = ()
    parties: Mapping[Part, OrganisationId] | None = None

    def conditions(self, **instead: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """The same for a query.

        Args:
            instead: columns to ask in place of those of the case as it is now.
        """
        wanted = {
            "case_id": self.cases,
            "year": self.years,
            "unit": self.units,
            "rubric": self.rubrics,
            "stage": self.stages,
        }
        given: list[ColumnElement[bool]] = [
            instead.get(name, CASES.c[name]).in_(values)
            for name, values in wanted.items()
            if values
        ]
        if self.parties is None:
            return given
        parties = (CASES.c[PARTY[part]] == party for part, party in self.parties.items())
        return [*given, or_(false(), *parties)]
