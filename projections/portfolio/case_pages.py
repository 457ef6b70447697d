"""A page of a list (一页): the cases, or the open tasks, of an account, by an index.

A page costs what is on it, however many cases there are: it begins after the last row of the page
before, and whose cases they are is asked of the tables, not of the rows that come back. Where the
tables cannot be brought up to the log, every case is folded for this reader: the same, only slower.
"""

from collections.abc import Iterable, Mapping, Sequence
from heapq import merge
from typing import Final, NamedTuple

from ledger.sight import Part
from ledger.store import Ask, Store
from ledger.values import AccountId, OrganisationId
from migrations import PROJECTIONS
from projections.portfolio import table_name
from projections.portfolio.case_rows import Row, asked

Parties = Mapping[Part, OrganisationId]
PARTY: Final[Mapping[Part, str]] = {"unit": "unit", "agency": "agency_id", "bureau": "bureau_id"}

_CASES, _WORK = (f"{PROJECTIONS}.{table_name(name)}" for name in ("cases", "work"))
URGENCY: Final = ("last", "since", "case_key", "number")
"""What is most urgent, first; see `work_view`."""
WAITING: Final = ("turn", "what_zh", "what_en", "subject", "since", "due", "decided_by", "assigned")


class CaseSearch(NamedTuple):
    """Which cases a page has.

    Attributes:
        parties: of which one is a party, by the part that it has; `None` for all cases.
        words: found in the id, the names, the title or the year, in either case of letters.
        year: of the case; any where it is `None`, as `stage`.
        after: the id that the page before ended with.
        limit: how many cases at most.
    """

    parties: Parties | None
    words: str = ""
    year: int | None = None
    stage: str | None = None
    after: str = ""
    limit: int = 50


class WorkSearch(NamedTuple):
    """Which of the things that wait a page has.

    Attributes:
        parties: whose turn it is.
        today: the day that is asked about, in ISO 8601.
        until: only what has its last day by this one; all where it is `None`.
        signatures: only what waits for a second signature.
        assigned: only what is assigned to this account.
        after: values of `URGENCY` that the page before ended with.
        limit: how many at most.
    """

    parties: Parties
    today: str
    until: str | None = None
    signatures: bool = False
    assigned: AccountId | None = None
    after: tuple[str, str, int, int] | None = None
    limit: int = 50


def page_of_cases(store: Store, columns: Sequence[str], wanted: CaseSearch) -> list[Row]:
    """The cases of a page, in the order of their ids, each id before its columns."""

    def page(ask: Ask) -> list[Row]:
        where, given = _search(wanted)
        parties: Iterable[tuple[str, tuple[object, ...]]] = (
            [("", ())]
            if wanted.parties is None
            else [(f" AND {PARTY[part]} = ?", (of,)) for part, of in wanted.parties.items()]
        )
        selected = ", ".join(("case_id", *columns))
        found = [
            ask(
                f"SELECT {selected} FROM {_CASES}"  # noqa: S608 - names of our tables and columns
                f" WHERE case_id > ?{where}{party} ORDER BY case_id LIMIT ?",
                [wanted.after, *given, *whose, wanted.limit],
            )
            for party, whose in parties
        ]
        return _once(merge(*found), wanted.limit)

    return asked(store, page, ["cases"])


def page_of_work(store: Store, columns: Sequence[str], wanted: WorkSearch) -> list[Row]:
    """What waits on a page, the most urgent first.

    Each row has the values of `URGENCY`, the id of the case, `columns` of the case and `WAITING`.
    """
    of_case = ", ".join(f"cases.{name}" for name in ("case_id", *columns))
    of_work = ", ".join(f"work.{name}" for name in WAITING)
    order = ", ".join(f"work.{name}" for name in URGENCY)

    def page(ask: Ask) -> list[Row]:
        where, given = " AND work.shown_from <= ? AND work.shown_until > ?", [wanted.today] * 2
        if wanted.until:
            where, given = f"{where} AND work.last <= ?", [*given, wanted.until]
        if wanted.signatures:
            where += " AND work.decided_by IS NOT NULL"
        if wanted.assigned:
            where, given = f"{where} AND work.assigned = ?", [*given, wanted.assigned]
        later: list[object] = []
        if wanted.after:
            where, later = f"{where} AND ({order}) > (?, ?, ?, ?)", [*wanted.after]
        found = [
            ask(
                f"SELECT {order}, {of_case}, {of_work} FROM {_WORK} AS work"  # noqa: S608 - the same
                f" JOIN {_CASES} AS cases USING (case_key)"
                f" WHERE work.turn = ? AND work.party = ?{where} ORDER BY {order} LIMIT ?",
                [part, party, *given, *later, wanted.limit],
            )
            for part, party in wanted.parties.items()
        ]
        return list(merge(*found))[: wanted.limit]

    return asked(store, page, ["work"])


def work_of_cases(store: Store, columns: Sequence[str], cases: Sequence[str]) -> list[Row]:
    """Columns of what waits in these cases, each row after the id of its case."""
    if not cases:
        return []
    selected = ", ".join(f"work.{name}" for name in columns)
    marks = ", ".join("?" * len(cases))
    query = (
        f"SELECT cases.case_id, {selected} FROM {_CASES} AS cases"  # noqa: S608 - the same
        f" JOIN {_WORK} AS work USING (case_key)"
        f" WHERE cases.case_id IN ({marks}) ORDER BY cases.case_id, work.number"
    )
    return asked(store, lambda ask: ask(query, cases), ["work"], cases)


def _search(wanted: CaseSearch) -> tuple[str, list[object]]:
    where, given = "", list[object]()
    for name, value in (("year", wanted.year), ("stage", wanted.stage)):
        if value is not None:
            where, given = f"{where} AND {name} = ?", [*given, value]
    if wanted.words:
        pattern = pattern_of(wanted.words.lower())
        where, given = f"{where} AND searched LIKE ? ESCAPE '\\'", [*given, pattern]
    return where, given


def pattern_of(words: str) -> str:
    r"""What LIKE finds these words with anywhere in a text, its escape being `\\`."""
    for special in ("\\", "%", "_"):
        words = words.replace(special, f"\\{special}")
    return f"%{words}%"


def _once(rows: Iterable[Row], limit: int) -> list[Row]:
    """So many rows, each case once."""
    return list({case: (case, *row) for case, *row in rows}.values())[:limit]
