"""The portfolio over exports of many ledgers (多个记录库的总览): DuckDB asks the files themselves.

The questions, their columns and their numbers are those of the portfolio of one ledger; the rows of
all ledgers are one table. Sums are exact, being of decimals; means and quartiles are made of exact
sums and counts here. What a column of decimals cannot hold refuses every question, so that no sum
lacks it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from functools import cache, cached_property, lru_cache
from itertools import pairwise, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ledger.extras import ExtraMissing
from ledger.language import Language
from ledger.values import Invalid
from projections.as_of import FINAL, PointInTime, moment_over_cases
from projections.portfolio.adjustments import AwardFilter
from projections.portfolio.cases import CaseFilter
from projections.portfolio.comparison import BIN, ENOUGH, MOST_FREQUENT
from projections.portfolio.exported_views import DECIMALS, TEXT_OF, VIEWS
from projections.portfolio.rectification_view import counted_request
from projections.portfolio.spread import Spread, counted_spread, mean_of
from projections.portfolio.work_view import counted_task

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
GROUPS: Final[Mapping[str, str]] = {
    "origin": "origin",
    "rubric": "rubric",
    "indicator": "indicator",
    "clause": "clause",
    "reviewer": "reviewer",
    "organisation": "organisation",
    "discretion": "if(decided_by = 'discretion', 'yes', 'no')",
    "decided_by": "coalesce(decided_by, '')",
    "kind": "kind",
    "unit": "unit",
    "year": "year::VARCHAR",
}
"""What awards can be grouped by, each as the files have it."""
CALLED: Final = {"discretion": "discretionary"}
"""Groups that are called otherwise than what they are grouped by."""
DIMENSIONS: Final[Mapping[str, str]] = {
    "origin": "origin",
    "indicator": "indicator",
    "agency": "organisation",
    "reviewer": "reviewer",
    "clause": "clause",
}
"""What years can be compared by; units are compared by their totals."""
MEMORY: Final = "300MB"
AT_ONCE: Final = 2_000
PLACES: Final = 2
"""Decimals that are shown at least."""
_NARROW: Final = """origin, "case", year, rubric, edition, version,
    (row_number() OVER ())::INTEGER AS id,
    (dense_rank() OVER (ORDER BY year, rubric, edition))::INTEGER AS cohort"""
"""What joins, with a number of each case, and one of those of a year and an edition."""
_COHORTS: Final = "SELECT DISTINCT cohort, year, rubric, edition FROM chosen"
_SCORED: Final = ("claim", "award", "gap")
_WRITTEN: Final = "* EXCLUDE (claim_text, award_text, gap_text) REPLACE ({})".format(
    ", ".join(f"{name}{TEXT_OF} AS {name}" for name in _SCORED)
)
"""The columns of scores, with the digits that were recorded of what is added up or compared."""
_Counts = Counter[Decimal]


class _Query:
    """A question about the chosen cases at a moment, with its values apart from its text."""

    def __init__(self, moment: PointInTime) -> None:
        self.values: dict[str, object] = {}
        self._moment = moment

    def value(self, value: object) -> str:
        """How the text names a value."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"${name}"

    def among(self, column: str, values: Sequence[object]) -> str:
        """Whether a column has one of some values, if there are any."""
        return f"{column} IN ({', '.join(map(self.value, values))})" if values else "true"

    def chosen(self, chosen: CaseFilter, view: str) -> str:
        """Whether a row of a view is of a chosen case."""
        wanted = {
            '"case"': chosen.cases,
            "year": chosen.years,
            "unit": chosen.units,
            "rubric": chosen.rubrics,
            "stage": chosen.stages,
        }
        each = (self.among(f"{view}.{column}", values) for column, values in wanted.items())
        return " AND ".join(each)

    def scored(self, chosen: CaseFilter) -> str:
        """The chosen cases at the moment."""
        axis, at = self._moment.axis, self.value(self._moment.value)
        return (
            f"SELECT * FROM scores WHERE axis = {self.value(axis)} AND since <= {at}"  # noqa: S608 - columns of ours, values apart
            f" AND until > {at} AND {self.chosen(chosen, 'scores')}"
        )

    def meant(self, wanted: AwardFilter) -> str:
        """Whether an award is among those that are wanted."""
        discretion = "coalesce(decided_by, '') = 'discretion'"
        conditions = [
            self.among("reviewer", wanted.reviewers),
            self.among("clause", wanted.clauses),
            self.among("decided_by", wanted.decided_by),
            {None: "true", True: discretion, False: f"NOT {discretion}"}[wanted.discretion],
        ]
        return " AND ".join(condition for condition in conditions if condition != "true") or "true"


class ExportsPortfolio:
    """The files of some exports, for questions about the chosen cases at a moment."""

    def __init__(
        self, folders: Sequence[Path], moment: PointInTime, chosen: CaseFilter, threads: int = 1
    ) -> None:
        """Open the files.

        Args:
            folders: one of each ledger.
            moment: as `moment_over_cases` gives it.
            chosen: which cases, by their rubric and stage at that moment.
            threads: how many may answer; one takes the least time of the processor.

        Raises:
            ExtraMissing: the library is not installed.
            Invalid: there is no export, or one has a number that its column cannot hold; or the
                moment is as known at an instant, which no export holds.
        """
        if not folders:
            raise Invalid("没有导出的数据", "there is no exported data", rule="nothing-exported")
        if moment.known is not None:
            raise Invalid(
                "导出的数据没有“按当时所知”，只能问一个时点",
                "exported data does not hold what was known at an instant; ask for one point",
            )
        self._moment, self._chosen = moment, chosen
        self._duck = _connected(threads)
        with telling_broken():
            for view in VIEWS:
                files = [str(folder / f"{view.name}.parquet") for folder in folders]
                self._duck.read_parquet(files).create_view(view.name)
                if DECIMALS & {column.name for column in view.columns}:
                    self._refuse_what_does_not_fit(files)

    def close(self) -> None:
        """They are not needed any more."""
        self._duck.close()

    def footers(self, files: Sequence[Path]) -> Mapping[Path, Mapping[str, str]]:
        """What the footers of files say.

        Raises:
            Invalid: one of them is not there, or is no such file.
        """
        found: dict[Path, dict[str, str]] = {file: {} for file in files}
        text = "SELECT file_name, decode(key), decode(value) FROM parquet_kv_metadata($files)"
        with telling_broken():
            rows = self._duck.execute(text, {"files": list(map(str, files))}).fetchall()
        for file, name, said in rows:
            found[Path(file)][name] = said
        return found

    @cached_property
    def _narrow(self) -> str:
        """The table of the chosen cases: few, which the library cannot know of a file's rows."""
        asked = self._asked()
        made = f"CREATE TABLE chosen AS SELECT {_NARROW} FROM ({asked.scored(self._chosen)})"  # noqa: S608 - columns of ours, values apart
        with telling_broken():
            self._duck.execute(made, asked.values)
        return "chosen"

    def _awards(self, asked: _Query, indicators: Sequence[str] = ()) -> str:
        """The awards that are current at the moment in the chosen cases, with their gaps."""
        axis = self._moment.axis
        stands = "a.version <= s.version AND a.version_until > s.version"
        if axis != "stage":
            at = asked.value(self._moment.value)
            stands = f"a.{axis} <= {at} AND a.{axis}_until > {at}"
        return (
            "SELECT a.*, s.id, s.cohort, s.rubric, s.edition, a.award - a.claim AS delta"  # noqa: S608 - the same
            f' FROM adjustments a JOIN {self._narrow} s ON s."case" = a."case"'
            f" AND s.origin = a.origin WHERE {stands}"
            f" AND {asked.among('a.indicator', indicators)}"
        )

    def scores(self, grades: Sequence[str] = ()) -> Iterator[Row]:
        """Claim, award, gap and grade of every case, in the order of years, units and ids."""
        asked = self._asked()
        graded = asked.among("grade", grades)
        text = f"SELECT {_WRITTEN} FROM ({asked.scored(self._chosen)}) WHERE {graded}"  # noqa: S608 - the same
        return self._as_written(asked, f'{text} ORDER BY year, unit, "case", origin')

    def ranking(self) -> Iterator[Row]:
        """The cases of each year that have all their awards, the highest first; equals share."""
        asked = self._asked()
        text = (
            f"SELECT {_WRITTEN}, rank() OVER (PARTITION BY year ORDER BY award DESC) AS place"  # noqa: S608 - the same
            f" FROM ({asked.scored(self._chosen)}) WHERE pending = 0 AND award IS NOT NULL"
        )
        return self._as_written(asked, f'{text} ORDER BY year, place, unit, "case", origin')

    def adjustments(
        self, by: Sequence[str], wanted: AwardFilter, indicators: Sequence[str] = ()
    ) -> Iterator[Row]:
        """How the wanted awards lie, group by group; see `scoring_patterns`."""
        asked, names = self._asked(), [f'"by_{name}"' for name in by]
        keys = ", ".join(f'{GROUPS[name]} AS "by_{name}"' for name in by)
        meant, free = asked.meant(wanted), "decided_by = 'discretion'"
        text = f"""
            WITH own AS MATERIALIZED (
                SELECT {keys}, rubric, indicator, claim,
                    count(*) AS every, sum(delta) AS total,
                    count(*) FILTER ({meant}) AS n, sum(delta) FILTER ({meant}) AS s,
                    count(*) FILTER ({meant} AND delta <> 0) AS adjusted,
                    count(*) FILTER ({meant} AND delta > 0) AS raised,
                    count(*) FILTER ({meant} AND {free}) AS discretion,
                    count(*) FILTER ({meant} AND {free} AND coalesce(countersigned, '') = '')
                        AS uncountersigned,
                    min(delta) FILTER ({meant}) AS lowest, max(delta) FILTER ({meant}) AS highest,
                    max(award) FILTER ({meant}) - min(award) FILTER ({meant}) AS spread
                FROM ({self._awards(asked, indicators)}) WHERE delta IS NOT NULL GROUP BY ALL
            ), alike AS (
                SELECT rubric, indicator, claim, sum(every) AS all_every, sum(total) AS all_total
                FROM own GROUP BY ALL
            )
            SELECT {", ".join(names)}, sum(n)::BIGINT AS awards, sum(adjusted)::BIGINT AS adjusted,
                sum(raised)::BIGINT AS raised, sum(discretion)::BIGINT AS discretion,
                sum(uncountersigned)::BIGINT AS uncountersigned, sum(s) AS mean,
                min(lowest) AS lowest, max(highest) AS highest, max(spread) AS spread,
                sum(all_total - total) AS others, sum(all_every - every)::BIGINT AS others_count
            FROM own JOIN alike USING (rubric, indicator, claim)
            WHERE n > 0 GROUP BY ALL ORDER BY {", ".join(names)}"""  # noqa: S608 - the same
        for row in self._rows(asked, text):
            mean, others = row["mean"], row.pop("others_count")
            yield _named(by, row) | {
                "mean": mean_of(mean, row["awards"]),
                "others": mean_of(row["others"], others),
            }

    def deductions(
        self, by: Sequence[str], wanted: AwardFilter, indicators: Sequence[str] = ()
    ) -> Iterator[Row]:
        """Where points were deducted, group by group, the most points first."""
        asked, names = self._asked(), [f'"by_{name}"' for name in by]
        keys = ", ".join(f'{GROUPS[name]} AS "by_{name}"' for name in by)
        text = f"""
            SELECT {keys}, count(*) AS awards, count(*) FILTER (delta < 0) AS deducted,
                -sum(delta) FILTER (delta < 0) AS points, min(delta) AS lowest
            FROM ({self._awards(asked, indicators)})
            WHERE delta IS NOT NULL AND {asked.meant(wanted)}
            GROUP BY ALL HAVING deducted > 0 ORDER BY points DESC, {", ".join(names)}"""  # noqa: S608 - the same
        for row in self._rows(asked, text):
            mean = mean_of(-row["points"], row["deducted"])
            yield _named(by, row) | {"mean": mean}

    def years(self) -> list[int]:
        """The years of the chosen cases.

        Raises:
            Invalid: there are not two.
        """
        asked = self._asked()
        text = f"SELECT DISTINCT year FROM {self._narrow} ORDER BY year"  # noqa: S608 - the same
        years = sorted({*self._chosen.years}) or [row["year"] for row in self._rows(asked, text)]
        if len(years) < 2:  # noqa: PLR2004 - a comparison has two sides
            raise Invalid(
                f"比较至少需要两个年度，现有：{'、'.join(map(str, years)) or '无'}",
                "a comparison takes two years at least; there is"
                f" {', '.join(map(str, years)) or 'none'}",
                rule="two-years",
            )
        return years

    def groups(self, by: str) -> Iterator[Row]:
        """The awards of each group and year as distances from the claims; see `ComparedGroup`."""
        years, duck = self.years(), self._duck.cursor()  # which has the table for itself
        self._count_awards(duck, DIMENSIONS[by])
        of = defaultdict[tuple[str, int], defaultdict[str, _Counts]](lambda: defaultdict(Counter))
        number = cache(Decimal)  # of few texts, which the library hands out for less
        for what, group, year, delta, count in self._counts(duck, years):
            of[group, year][what][number(delta)] = count
        text = f"""SELECT g, year, sum(cases)::BIGINT, list(rubric || '@' || edition)
            FROM counted JOIN ({_COHORTS}) USING (cohort) WHERE delta IS NULL GROUP BY ALL"""  # noqa: S608 - text of ours
        more = {(group, year): rest for group, year, *rest in _fetched(duck.execute(text))}
        spreads, before = dict[tuple[str, int], Spread](), dict(pairwise(reversed(years)))
        for (group, year), counts in sorted(of.items()):
            spreads[group, year] = spread = counted_spread(counts["own"])
            last = spreads.get((group, before.get(year, 0)))
            cases, editions = more[group, year]
            yield {
                "group": group,
                "year": year,
                "cases": cases,
                "editions": tuple(sorted(editions)),
                **_compared(spread, last, counts),
            }

    def _count_awards(self, duck: "duckdb.DuckDBPyConnection", column: str) -> None:
        """Count the awards of each group by their gaps, and its cases in a line without a gap.

        A line is of those of one year that were scored by one edition. The awards are many: they
        are gone through once.
        """
        asked = self._asked()
        text = f"""
            CREATE TEMP TABLE counted AS
            SELECT g, cohort, indicator, delta, sum(n)::BIGINT AS n, count(id) AS cases FROM (
                SELECT g, cohort, indicator, delta, id, count(*) AS n
                FROM (SELECT {column} AS g, * FROM ({self._awards(asked)}) WHERE delta IS NOT NULL)
                GROUP BY GROUPING SETS ((g, cohort, indicator, delta), (g, cohort, id))
            ) GROUP BY ALL"""  # noqa: S608 - columns of ours, values apart
        with telling_broken():
            duck.execute(text, asked.values)

    def _counts(
        self, duck: "duckdb.DuckDBPyConnection", years: Sequence[int]
    ) -> Iterator[tuple[Any, ...]]:
        """How many awards of which gap are its own, of every group on the same rows, and so on."""
        asked = self._asked()
        earlier = " ".join(
            f"WHEN {asked.value(year)} THEN {asked.value(last)}" for last, year in pairwise(years)
        )
        text = f"""
            WITH a AS (SELECT * FROM counted WHERE delta IS NOT NULL),
            c AS MATERIALIZED ({_COHORTS}),
            line AS MATERIALIZED (SELECT DISTINCT g, cohort, indicator FROM a),
            pair AS MATERIALIZED (
                SELECT l.*, o.cohort AS last FROM line l JOIN c USING (cohort)
                JOIN c o ON o.year = CASE c.year {earlier} END
                    AND o.rubric = c.rubric AND o.edition = c.edition
                JOIN line b ON b.g = l.g AND b.cohort = o.cohort AND b.indicator = l.indicator
            ), every AS (
                SELECT cohort, indicator, delta, sum(n) AS n FROM a GROUP BY ALL
            )
            SELECT what, g, year, delta::VARCHAR, sum(n)::BIGINT FROM (
                SELECT 'own' AS what, g, cohort, delta, n FROM a
                UNION ALL SELECT 'every', g, cohort, delta, n
                    FROM line JOIN every USING (cohort, indicator)
                UNION ALL SELECT 'like', g, cohort, delta, n
                    FROM pair JOIN a USING (g, cohort, indicator)
                UNION ALL SELECT 'before', p.g, p.cohort, delta, n FROM pair p
                    JOIN a ON a.g = p.g AND a.cohort = p.last AND a.indicator = p.indicator
            ) JOIN c USING (cohort) GROUP BY ALL"""  # noqa: S608 - the same
        return _fetched(duck.execute(text, asked.values))

    def totals(self) -> Iterator[Row]:
        """Each case with its total, and that of the unit's case of the year before."""
        asked, years = self._asked(), self.years()
        earlier = " ".join(
            f"WHEN {asked.value(year)} THEN {asked.value(last)}" for last, year in pairwise(years)
        )
        text = f"""
            WITH t AS (
                SELECT s.*, c.bureau_id, CASE s.year {earlier} END AS last,
                    count(*) OVER (PARTITION BY s.unit, c.bureau_id, s.year) AS n
                FROM ({asked.scored(self._chosen)}) s
                JOIN cases c ON c."case" = s."case" AND c.origin = s.origin
            )
            SELECT t.origin, t.unit, t.unit_name, t.year, t."case", t.version,
                t.rubric || '@' || t.edition AS edition, t.claim_text AS claim,
                t.award_text AS award, t.gap_text AS gap, t.grade, o."case" AS before,
                t.rubric = o.rubric AND t.edition = o.edition AS alike,
                CASE WHEN t.pending = 0 AND o.pending = 0 THEN t.award - o.award END AS change
            FROM t LEFT JOIN t o ON o.unit = t.unit AND o.bureau_id = t.bureau_id
                AND o.year = t.last AND o.n = 1 AND t.n = 1
            ORDER BY t.unit, t.year, t."case", t.origin"""  # noqa: S608 - the same
        yield from self._as_written(asked, text)

    def rectification(self, today: date) -> Iterator[Row]:
        """The requests for rectification, those first whose last day comes first; see `requests`.

        Raises:
            Invalid: the point is an earlier one, of which the exports have no requests.
        """
        text = """SELECT r.* EXCLUDE (findings, answers)
            FROM requests r JOIN c ON c."case" = r."case" AND c.origin = r.origin
            ORDER BY r.due NULLS LAST, r."case", r.version, r.origin"""
        return map(counted_request, self._now(text), repeat(today))

    def work(self, today: date, language: Language) -> Iterator[Row]:
        """What waits on a day, what has waited longest first; see `work_view.work`.

        Raises:
            Invalid: as of `rectification`.
        """
        text = f"""SELECT w.* EXCLUDE (number, shown_from, shown_until, last, what_zh, what_en),
                w.what_{language} AS what, c.stage
            FROM work w JOIN c ON c."case" = w."case" AND c.origin = w.origin
            WHERE w.shown_from <= $today AND w.shown_until > $today
            ORDER BY w.since, w."case", w.number, w.origin"""  # noqa: S608 - columns of ours
        rows = self._now(text, today=today.isoformat())
        return map(counted_task, rows, repeat(today))

    def _now(self, text: str, **values: object) -> Iterator[Row]:
        """Rows of what the exports have of their own moment only."""
        if self._moment != moment_over_cases(FINAL):
            raise Invalid(
                "导出的数据只有检查点当时的整改和待办，不能另选时点",
                "exported data has requests and tasks as they were at its checkpoint; no other"
                " point can be chosen",
            )
        asked = self._asked()
        asked.values |= values
        chosen = f"SELECT * FROM cases WHERE scored AND {asked.chosen(self._chosen, 'cases')}"  # noqa: S608 - the same
        return self._rows(asked, f"WITH c AS ({chosen}) {text}")

    def distribution(self) -> Iterator[Row]:
        """How many cases of a year have a total from one number up to below another."""
        asked = self._asked()
        text = f"""SELECT year, award, count(*) AS n FROM ({asked.scored(self._chosen)})
            WHERE pending = 0 AND award IS NOT NULL GROUP BY ALL"""  # noqa: S608 - the same
        bins = Counter[tuple[int, Decimal]]()
        for row in self._rows(asked, text):
            low = (row["award"] / BIN).to_integral_value(ROUND_FLOOR) * BIN
            bins[row["year"], low] += row["n"]
        for (year, low), cases in sorted(bins.items()):
            yield {"year": year, "low": low, "high": low + BIN, "cases": cases}

    def frequent(self) -> Iterator[Row]:
        """The rows that were deducted most often."""
        asked = self._asked()
        text = f"""SELECT indicator, delta, count(*) AS n FROM ({self._awards(asked)})
            WHERE delta IS NOT NULL GROUP BY ALL"""  # noqa: S608 - the same
        awards, deducted = Counter[str](), defaultdict[str, _Counts](Counter)
        for row in self._rows(asked, text):
            awards[row["indicator"]] += row["n"]
            if row["delta"] < 0:
                deducted[row["indicator"]][row["delta"]] += row["n"]
        ordered = sorted(deducted.items(), key=lambda item: (-item[1].total(), item[0]))
        for indicator, deltas in ordered[:MOST_FREQUENT]:
            yield {
                "indicator": indicator,
                "deducted": deltas.total(),
                "awards": awards[indicator],
                "median": counted_spread(deltas).median,
            }

    def _asked(self) -> _Query:
        return _Query(self._moment)

    def _rows(self, asked: _Query, text: str) -> Iterator[Row]:
        with telling_broken():
            found = self._duck.cursor().execute(text, asked.values)
        names = [column[0] for column in found.description or ()]
        decimals = [name for name, kind, *_ in found.description or () if "DECIMAL" in str(kind)]
        for values in _fetched(found):
            row = dict(zip(names, values, strict=True))
            for name in decimals:
                if row[name] is not None:
                    row[name] = plain(row[name])
            yield row

    def _as_written(self, asked: _Query, text: str) -> Iterator[Row]:
        """Rows of scores, their decimals with the digits that were recorded."""
        number = cache(Decimal)  # of a few thousand texts
        for row in self._rows(asked, text):
            for name in _SCORED:
                if row[name] is not None:
                    row[name] = number(row[name])
            yield row

    def _refuse_what_does_not_fit(self, files: Sequence[str]) -> None:
        # The footers count what is missing: as many numbers as texts, where every number fits.
        text = """
            WITH m AS (SELECT file_name, path_in_schema AS own, stats_null_count AS n,
                    replace(path_in_schema, '_text', '') AS name FROM parquet_metadata($files))
            SELECT file_name, name FROM m WHERE list_contains($names, name) GROUP BY ALL
            HAVING sum(n) FILTER (own = name) IS DISTINCT FROM sum(n) FILTER (own <> name)"""
        values = {"files": list(files), "names": sorted(DECIMALS)}
        for file, name in self._duck.execute(text, values).fetchall():
            raise Invalid(
                f"{file} 的 {name} 有超出 18 位的得分，不能求和",
                f"{name} in {file} has a score of more than 18 digits, which cannot be added up",
            )


def _connected(threads: int) -> "duckdb.DuckDBPyConnection":
    try:
        import duckdb  # noqa: PLC0415 - of an extra
    except ModuleNotFoundError:
        raise ExtraMissing("scale", "duckdb") from None
    return duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "threads": threads,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,  # nothing is fetched from anywhere
            "autoload_known_extensions": False,
        }
    )


@contextmanager
def telling_broken() -> Iterator[None]:
    """What keeps files from being read, in our words."""
    import duckdb  # noqa: PLC0415 - of an extra

    try:
        yield
    except duckdb.Error:  # a file may lack a column, or have another kind of it
        raise not_whole() from None


def not_whole() -> Invalid:
    """The error for files that lack something."""
    return Invalid(
        "导出的数据不完整或已损坏。请重新导出，并核验",
        "the exported data is not whole, or is damaged; export it again, and verify it",
    )


@lru_cache(2**12)
def plain(number: Decimal) -> Decimal:
    """The same number with as many decimals as it needs, two at least."""
    exponent = number.normalize().as_tuple().exponent
    places = max(PLACES, -exponent) if isinstance(exponent, int) else PLACES
    return number.quantize(Decimal(1).scaleb(-places))


def _named(by: Sequence[str], row: Row) -> Row:
    """A row with its groups under the names that lists have for them."""
    named = {CALLED.get(name, name): row.pop(f"by_{name}") for name in by}
    return named | row


def _fetched(found: "duckdb.DuckDBPyConnection") -> Iterator[tuple[Any, ...]]:
    while some := found.fetchmany(AT_ONCE):
        yield from some


def _compared(spread: Spread, last: Spread | None, counts: Mapping[str, _Counts]) -> Row:
    """The columns of a group: its awards, those on like rows, those of others, the year before."""
    own = counts["own"]
    others, like, like_before = (
        counted_spread(each) for each in (counts["every"] - own, counts["like"], counts["before"])
    )
    shown = {name: getattr(spread, name) for name in Spread.__struct_fields__ if name != "count"}
    return {
        "awards": spread.count,
        "deducted": sum(n for delta, n in own.items() if delta < 0),
        "raised": sum(n for delta, n in own.items() if delta > 0),
        **{name: None if value is None else plain(value) for name, value in shown.items()},
        "change": _less(spread.median, last.median if last else None),
        "like": like.count,
        "like_change": _less(like.median, like_before.median),
        "others": others.count,
        "others_median": others.median,
        "enough": min(spread.count, others.count) >= ENOUGH,
    }


def _less(later: Decimal | None, earlier: Decimal | None) -> Decimal | None:
    return None if later is None or earlier is None else later - earlier
