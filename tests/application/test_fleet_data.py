"""Given exports of several random ledgers, when all are asked, then sums are those of decimals.

What DuckDB answers over the files is what Python makes of the tables of the same ledgers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.fleet import export_of
from application.fleet_data import ask_fleet, folders_in
from application.portfolio import AwardFilter, CaseFilter, portfolio, scoring_patterns
from application.portfolio_list import ListFilter, portfolio_list
from documents.fleet_lists import COMPARED
from documents.lists import ListColumn, Row, written_rows
from documents.portfolio_lists import listed
from ledger.language import Language
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.note import SigningKey
from ledger.store import Store
from ledger.values import Invalid
from projections.portfolio.adjustments import Adjustment
from projections.portfolio.comparison import comparison
from projections.portfolio.exports import CALLED
from projections.portfolio.scores_view import Score
from projections.portfolio.texts_view import reasons_of_awards
from tests.support.portfolio_tables import filled

pytestmark = pytest.mark.sqlite_only("of files; the logs are read as elsewhere")
OPTIONS: Final[dict[str, Any]] = {
    **dict.fromkeys(("cases", "years", "units", "rubrics", "stages"), ()),
    **dict.fromkeys(("indicators", "reviewers", "clauses", "deciders", "by"), ()),
    "discretion": None,
    "label": "final",
    "table": "groups",
    "dimension": "indicator",
    "today": date(2024, 12, 31),
    "language": "zh",
}
ALL: Final = CaseFilter()
SEEDS: Final = ([1, 2, 3, 4], [5, 6, 7], [8, 9, 10, 11, 12])


def keep_checkpoint(store: Store, origin: str) -> None:
    """Sign a ledger as it is now."""
    key = SigningKey(origin, bytes(32))
    note = sign_checkpoint(Checkpoint(origin, store.head()), [key])
    store.keep_checkpoint(SignedCheckpoint.parse(bytes(note)), "2024-12-31T00:00:00.000000Z")


class Fleet:
    """Ledgers with their exports."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.stores = []
        for number, seeds in enumerate(SEEDS):
            store = filled(Store.create(folder / f"{number}.db"), seeds)
            self.stores.append(store)
            origin = f"city-{number}.example/2024"
            keep_checkpoint(store, origin)
            export_of(self.data, store, origin)

    def asked(self, question: str, **options: object) -> list[dict[str, Any]]:
        found = ask_fleet(question, folders_in(self.data), {**OPTIONS, **options})
        names = [column.name for column in found.columns]
        return [{name: row[name] for name in names} for row in found.rows]

    def of_one(
        self, label: str = "final", chosen: CaseFilter = ALL
    ) -> tuple[list[Score], list[Adjustment], dict[tuple[str, int], str]]:
        """What the tables of each ledger have, one after the other."""
        scores, awards, reasons = list[Score](), list[Adjustment](), dict[tuple[str, int], str]()
        for store in self.stores:
            with portfolio(store, label, chosen) as tables:
                scores += tables.scores(())
                awards += tables.adjustments(())
                reasons |= reasons_of_awards(tables.connection, chosen)
        return scores, awards, reasons


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path_factory.mktemp("fleet"))
    yield fleet
    for store in fleet.stores:
        store.close()


@pytest.mark.parametrize("label", ["final", "2024-08-01", "draft", "self"])
@pytest.mark.parametrize(
    "by",
    [
        ["indicator", "reviewer"],
        ["clause"],
        ["organisation", "year"],
        ["discretion", "decided_by"],
        ["rubric", "kind", "unit"],
    ],
)
@pytest.mark.parametrize(
    "wanted",
    [AwardFilter(), AwardFilter(discretion=True), AwardFilter(decided_by=["rule", "judgement"])],
)
def test_awards_are_grouped_as_in_one_ledger(
    fleet: Fleet, label: str, by: Sequence[str], wanted: AwardFilter
) -> None:
    _, awards, _ = fleet.of_one(label)
    patterns = scoring_patterns(awards, by, wanted.holds)
    right = [
        {CALLED.get(name, name): group for name, group in pattern.by.items()}
        | {name: getattr(pattern, name) for name in pattern.__struct_fields__ if name != "by"}
        for pattern in patterns
    ]
    discretion = None if wanted.discretion is None else "yes"
    found = fleet.asked(
        "adjustments", label=label, by=by, discretion=discretion, deciders=wanted.decided_by
    )
    assert found == right
    assert label != "final" or found


def test_deductions_are_the_sums_of_decimals(fleet: Fleet) -> None:
    _, awards, _ = fleet.of_one()
    for by in (["indicator"], ["organisation"]):
        points: dict[str, Decimal] = {}
        for award in awards:
            if award.delta is not None and award.delta < 0:
                group = getattr(award, by[0])
                points[group] = points.get(group, Decimal(0)) - award.delta
        found = fleet.asked("deductions", by=by)
        assert {row[by[0]]: row["points"] for row in found} == points
        assert found == sorted(found, key=lambda row: (-row["points"], row[by[0]]))
    assert sum(row["deducted"] for row in fleet.asked("deductions", by=["origin"])) == sum(
        1 for award in awards if award.delta is not None and award.delta < 0
    )


@pytest.mark.parametrize("label", ["final", "2024-08-01", "issued"])
def test_scores_are_those_of_each_ledger(fleet: Fleet, label: str) -> None:
    scores, _, _ = fleet.of_one(label)
    found = fleet.asked("scores", label=label)
    right = {score.case: score for score in scores}
    assert len(found) == len(right)
    for row in found:
        score = right[row["case"]]
        origin = row.pop("origin")
        assert origin.startswith("city-")
        assert row == {name: getattr(score, name) for name in row}
        assert str(row["award"]) == str(score.award)


def test_places_are_shared_by_equals_and_left_out_behind_them(fleet: Fleet) -> None:
    scores, _, _ = fleet.of_one()
    whole = [score for score in scores if score.award is not None and not score.pending]
    for row in fleet.asked("ranking"):
        above = [
            score
            for score in whole
            if score.year == row["year"] and score.award is not None and score.award > row["award"]
        ]
        assert row["place"] == len(above) + 1
    assert len(fleet.asked("ranking")) == len(whole)


def test_the_cases_that_are_chosen_are_asked(fleet: Fleet) -> None:
    scores, _, _ = fleet.of_one()
    stage, unit = scores[0].stage, scores[0].unit
    several: list[dict[str, Any]] = [
        {"stages": [stage]},
        {"units": [unit]},
        {"cases": ["walk-5", "no'such"]},
    ]
    for options in several:
        chosen, _, _ = fleet.of_one(chosen=CaseFilter(**options))
        assert {row["case"] for row in fleet.asked("scores", **options)} == {
            score.case for score in chosen
        }


def two_years(fleet: Fleet, folder: Path) -> Fleet:
    """The same exports, half of their cases as of another year."""
    older = object.__new__(Fleet)
    older.data, older.stores = folder / "data", fleet.stores
    for file in fleet.data.rglob("*.parquet"):
        table = pq.read_table(file)
        if "year" in table.column_names:
            place = table.schema.get_field_index("year")
            years = [
                year - 1 if int(case.removeprefix("walk-")) % 2 else year
                for case, year in zip(
                    table["case"].to_pylist(), table["year"].to_pylist(), strict=True
                )
            ]
            table = table.set_column(place, table.schema.field(place), pa.array(years, pa.int64()))
        to = older.data / file.relative_to(fleet.data)
        to.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, to)
    return older


def test_years_are_compared_as_in_one_ledger(fleet: Fleet, tmp_path: Path) -> None:
    from msgspec.structs import replace  # noqa: PLC0415 - to make another year here alone

    both = two_years(fleet, tmp_path)
    scores, awards, reasons = fleet.of_one()

    def older(case: str, year: int) -> int:
        return year - 1 if int(case.removeprefix("walk-")) % 2 else year

    scores = [replace(score, year=older(score.case, score.year)) for score in scores]
    awards = [replace(award, year=older(award.case, award.year)) for award in awards]
    years = sorted({score.year for score in scores})
    for by in ("indicator", "agency", "reviewer", "clause"):
        right = comparison(awards, scores, years, by, reasons)
        groups = both.asked("compare", dimension=by)
        assert len(groups) == len(right.groups)
        assert [*written_rows(COMPARED["groups"], groups, "", "zh")]
        for row, group in zip(groups, right.groups, strict=True):
            assert row == {name: getattr(group, name) for name in row}
    for table, of in (
        ("totals", right.totals),
        ("frequent", right.frequent),
        ("distribution", right.bins),
    ):
        found = both.asked("compare", table=table)
        assert len(found) == len(of)
        for row, struct in zip(found, of, strict=True):
            row.pop("origin", None)
            assert row == {name: getattr(struct, name) for name in row}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_waits_and_what_is_to_be_put_right_is_that_of_each_ledger(
    fleet: Fleet, language: Language
) -> None:
    today = date(2024, 9, 1)
    asked, waiting = list[Mapping[str, Any]](), list[Mapping[str, Any]]()
    for store in fleet.stores:
        with portfolio(store, "final", ALL) as tables:
            asked += listed(tables.requests(today, ()), language)
            waiting += listed(tables.work(today, ()), language)
    for question, right in (("rectification", asked), ("work", waiting)):
        found = fleet.asked(question, today=today, language=language)
        assert all(row.pop("origin").startswith("city-") for row in found)
        assert sorted(found, key=str) == sorted(right, key=str)
        assert found
        with pytest.raises(Invalid, match="no other point"):
            fleet.asked(question, label="2024-08-01")
    assert [row["since"] for row in found] == sorted(row["since"] for row in found)


@pytest.mark.slow
@settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    seeds=st.lists(st.integers(0, 5000), min_size=1, max_size=4, unique=True),
    today=st.dates(date(2023, 3, 1), date(2024, 12, 31)),
    language=st.sampled_from(["zh", "en"]),
)
def test_of_one_ledger_each_list_is_that_of_its_portfolio(
    tmp_path_factory: pytest.TempPathFactory, seeds: list[int], today: date, language: Language
) -> None:
    folder = tmp_path_factory.mktemp("one")
    with filled(Store.create(folder / "ledger.db"), seeds) as store:
        keep_checkpoint(store, "one.example/2024")
        export_of(folder, store, "one.example/2024")
        for view in ("scores", "adjustments", "rectification", "work"):
            asked = {**OPTIONS, "today": today, "language": language}
            columns, rows, _ = ask_fleet(view, folders_in(folder), asked)
            found = shown([column for column in columns if column.name != "origin"], rows, language)
            with portfolio(store, "final", ALL) as tables:
                right = portfolio_list(view, tables, ListFilter(), today, language)
            assert found == shown(right.columns, right.rows, language)


def shown(
    columns: Sequence[ListColumn], rows: Iterable[Row], language: Language
) -> list[dict[str, str]]:
    """A list as it is written for people and in JSON."""
    return [
        {column.name: column.written(row, "-", language) for column in columns}
        | {f"{column.name} in JSON": repr(row[column.name]) for column in columns}
        for row in rows
    ]


def test_one_year_alone_is_no_comparison(fleet: Fleet) -> None:
    year = fleet.asked("scores")[0]["year"]
    with pytest.raises(Invalid, match="two years"):
        fleet.asked("compare", years=[year])


def test_files_of_two_exports_are_no_export(fleet: Fleet, tmp_path: Path) -> None:
    mixed = two_years(fleet, tmp_path)
    file = next(mixed.data.rglob("work.parquet"))
    table = pq.read_table(file)
    pq.write_table(table.replace_schema_metadata({b"format": b"scoretrail/parquet@v1"}), file)
    with pytest.raises(Invalid, match="not of one export"):
        mixed.asked("scores")


def test_files_that_lack_a_column_are_told_in_our_words(fleet: Fleet, tmp_path: Path) -> None:
    changed = two_years(fleet, tmp_path)
    for file in changed.data.rglob("scores.parquet"):
        pq.write_table(pq.read_table(file).drop_columns(["rubric"]), file)
    with pytest.raises(Invalid, match="export it again"):
        changed.asked("scores")


def test_a_score_that_cannot_be_added_up_refuses_every_question(
    fleet: Fleet, tmp_path: Path
) -> None:
    changed = two_years(fleet, tmp_path)
    file = next(changed.data.rglob("adjustments.parquet"))
    table = pq.read_table(file)
    place = table.schema.get_field_index("award")
    values: list[Decimal | None] = table["award"].to_pylist()
    values[next(n for n, value in enumerate(values) if value is not None)] = None
    field = table.schema.field(place)
    pq.write_table(table.set_column(place, field, pa.array(values, field.type)), file)
    with pytest.raises(Invalid, match="more than 18 digits"):
        changed.asked("adjustments")
    with pytest.raises(Invalid, match="no exported data"):
        ask_fleet("scores", folders_in(tmp_path / "nothing"), OPTIONS)
