"""All cases at once, as an outsider's script and a person with a spreadsheet ask for them."""

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from io import StringIO
from shutil import copy
from typing import Any

import pytest

from documents.lists import FORMULA, ListColumn, cell, in_order
from ledger.language import Text
from ledger.store import Store
from ledger.visible import visible
from migrations import PROJECTIONS
from projections.portfolio.scores_view import SCORES
from tests.support.many_cases import ledger_of
from tests.support.places import Place, Places
from tests.support.postgres import Raw, is_postgres, raw
from tests.support.terminal import CASE, done, scoretrail

SEEDS = [3, 7, 11, 19, 23, 31]


@pytest.fixture
def many(places: Places) -> Place:
    """Six cases at various stages."""
    place = places.ledger()
    start, cases = ledger_of(SEEDS)
    with Store.open(place.target) as store:
        store.append(start)
        for events in cases.values():
            store.append(events)
    return place


@contextmanager
def tables_of(ledger: Place) -> Iterator[Raw]:
    """Whoever writes to the tables of the portfolio: in a file of their own, or a schema."""
    if is_postgres(ledger.owner):
        with raw(ledger.owner) as connection:
            connection.execute(f"SET search_path = {PROJECTIONS}")
            yield connection
        return
    with raw(ledger.file(".projections")) as connection:
        yield connection


def has_tables(ledger: Place) -> bool:
    """Whether the portfolio has tables."""
    if not is_postgres(ledger.owner):
        return ledger.file(".projections").exists()
    with raw(ledger.owner) as connection:
        wanted = "SELECT count(*) FROM pg_tables WHERE schemaname = ?"
        found: int = connection.execute(wanted, (PROJECTIONS,)).fetchone()[0]
        return found > 0


def scores(ledger: Place, *words: str) -> list[dict[str, Any]]:
    """The list of scores as JSON."""
    said = done(scoretrail(ledger, "portfolio", "scores", *words, "--json"))
    found: list[dict[str, Any]] = said.json["scores"]
    return found


class TestScores:
    def test_of_the_reference_case(self, issued: Place) -> None:
        said = done(scoretrail(issued, "portfolio", "scores", "--json")).json

        (one,) = said["scores"]
        assert (one["case"], one["year"], one["stage"]) == (CASE, 2023, "issued")
        assert (one["claim"], one["award"], one["gap"]) == ("100.00", "93.89", "-6.11")
        assert (one["grade"], one["pending"]) == ("优", 0)
        assert said["at"]["position"] == said["at"]["size"] > 0

    def test_catch_up_with_what_was_recorded_meanwhile(self, submitted: Place) -> None:
        assert scores(submitted)[0]["pending"] == 28
        done(
            scoretrail(
                submitted,
                *("--as", "agency-reviewer", "review", "confirm", CASE, "e-contracts"),
                *("--justification", "属实", "--ground", "据实"),
            )
        )

        assert scores(submitted)[0]["pending"] == 27

    @pytest.mark.parametrize("label", ["final", "self", "2024-08-01", "2024-12-30", "issued"])
    def test_at_any_point_are_those_of_the_score_sheet(self, issued: Place, label: str) -> None:
        (one,) = scores(issued, "--at", label)
        sheet = done(scoretrail(issued, "score", CASE, "--at", label, "--json")).json

        for column in ("claim", "award"):
            given = sheet[column]["scored"] > 0
            assert one[column] == (sheet[column]["total"] if given else None)
        assert one["claim_grade"] == sheet["claim"]["grade"]
        assert one["grade"] == sheet["award"]["grade"]
        assert (one["stage"], one["pending"]) == (sheet["stage"], sheet["award"]["pending"])

    def test_before_the_first_case_there_are_none(self, issued: Place) -> None:
        assert scores(issued, "--at", "1999-01-01") == []
        assert scores(issued, "--at", "recorded:1999-01-01T00:00Z") == []

    def test_of_one_indicator_in_every_case(self, issued: Place) -> None:
        (one,) = scores(issued, "--indicator", "e-contracts")

        assert (one["weight"], one["claim"], one["award"], one["gap"]) == (
            "1.00",
            "0.00",
            "0.39",
            "0.39",
        )

    def test_are_chosen_by_every_filter(self, many: Place) -> None:
        every = scores(many)

        assert len(every) == len(SEEDS)
        for option, key in (
            ("--case", "case"),
            ("--year", "year"),
            ("--unit", "unit"),
            ("--rubric", "rubric"),
            ("--stage", "stage"),
            ("--grade", "grade"),
        ):
            for value in {one[key] for one in every if one[key] is not None}:
                wanted = [one for one in every if one[key] == value]
                assert scores(many, option, str(value)) == wanted
        assert scores(many, "--year", "1999") == []
        first, second = every[0], every[1]
        both = scores(many, "--case", first["case"], "--case", second["case"])
        assert both == [first, second]
        assert scores(many, "--case", first["case"], "--year", "1999") == []

    @pytest.mark.parametrize("way", [(), ("--descending",)])
    def test_are_sorted_by_number_and_not_by_letter(
        self, many: Place, way: tuple[str, ...]
    ) -> None:
        found = [one["award"] for one in scores(many, "--sort", "award", *way)]
        awards = [float(award) for award in found if award is not None]

        assert found[len(awards) :] == [None] * (len(found) - len(awards))
        assert awards == sorted(awards, reverse=bool(way))
        assert len(set(awards)) > 1

    def test_of_other_lengths_too(self) -> None:
        rows = [{"x": Decimal(score)} for score in ("9.50", "100.00", "-10.00", "-9.00")]
        columns = [ListColumn("x", Text("甲", "x"))]

        assert [str(row["x"]) for row in in_order(rows, columns, "x", descending=False)] == [
            "-10.00",
            "-9.00",
            "9.50",
            "100.00",
        ]

    def test_without_a_value_stand_last_whichever_way(self, many: Place) -> None:
        for way in ((), ("--descending",)):
            gaps = [one["gap"] for one in scores(many, "--sort", "gap", *way)]
            present = [gap for gap in gaps if gap is not None]
            assert gaps[: len(present)] == present
            assert 0 < len(present) < len(gaps)


class TestAsCsv:
    def test_comes_back_as_what_json_says(self, many: Place) -> None:
        said = done(scoretrail(many, "portfolio", "scores", "--csv", lang="en"))
        every = scores(many)

        assert said.out.startswith("\ufeff")
        assert "\r\n" in said.out
        rows = list(csv.reader(StringIO(said.out.removeprefix("\ufeff"), newline="")))
        assert len(rows) == len(every) + 1
        for row, one in zip(rows[1:], every, strict=True):
            assert row == ["" if value is None else str(value) for value in one.values()]

    def test_has_chinese_headings_for_chinese_readers(self, many: Place) -> None:
        heading = done(scoretrail(many, "portfolio", "work", "--csv")).out.splitlines()[0]

        assert heading.startswith("\ufeff评价事项,单位编号,被评价单位,年度")

    @pytest.mark.parametrize("sign", FORMULA)
    def test_text_is_never_a_formula_and_can_be_read_back(self, sign: str) -> None:
        shown = cell(f"{sign}1+1")

        assert shown == f"'{visible(sign)}1+1" == cell(f"{sign}1+1", number=True)
        assert shown.removeprefix("'") == visible(f"{sign}1+1")
        assert cell("-6.11", number=True) == "-6.11"
        assert cell("-6.11") == "'-6.11"
        assert cell("1+1") == "1+1"

    def test_and_json_exclude_each_other(self, many: Place) -> None:
        assert scoretrail(many, "portfolio", "scores", "--csv", "--json").code == 2


class TestOtherViews:
    def test_adjustments_of_the_reference_case(self, issued: Place) -> None:
        said = done(scoretrail(issued, "portfolio", "adjustments", "--by", "reviewer", "--json"))

        (one,) = said.json["adjustments"]
        assert one["reviewer"] == "agency-reviewer"
        assert (one["awards"], one["adjusted"], one["raised"]) == (28, 7, 2)
        assert (one["lowest"], one["highest"]) == ("-4.00", "0.50")
        assert one["mean"] == "-0.27"  # 90.89 less 98.50, over 28 rows

    @pytest.mark.parametrize("way", ["rule", "discretion", "judgement", "missing"])
    def test_awards_by_what_they_rest_on(self, issued: Place, way: str) -> None:
        words = ("portfolio", "adjustments", "--list", "--decided-by", way, "--json")
        listed = done(scoretrail(issued, *words)).json["adjustments"]
        sheet = done(scoretrail(issued, "score", CASE, "--json")).json
        chosen = done(scoretrail(issued, "score", CASE, "--decided-by", way, "--json")).json

        rows = [row["id"] for row in sheet["indicators"] if row["decided_by"] == way]
        assert {one["indicator"] for one in listed} == {*rows}
        assert {one["decided_by"] for one in listed} == {way}
        assert [row["id"] for row in chosen["indicators"]] == rows
        assert chosen["award"] == sheet["award"], "the totals are of all rows"

    def test_groups_by_what_awards_rest_on(self, issued: Place) -> None:
        words = ("portfolio", "adjustments", "--by", "decided_by", "--json")
        grouped = done(scoretrail(issued, *words)).json["adjustments"]

        assert {one["decided_by"]: one["awards"] for one in grouped} == {
            "rule": 14,
            "discretion": 6,
            "judgement": 1,
            "missing": 7,
        }

    def test_signatures_that_are_lacking_by_what_the_award_rests_on(self, submitted: Place) -> None:
        confirm = ("review", "confirm", CASE, "three-public")
        done(scoretrail(submitted, "--as", "agency-reviewer", *confirm))
        work = ("portfolio", "work", "--json", "--decided-by")

        (waiting,) = done(scoretrail(submitted, *work, "judgement")).json["work"]
        assert (waiting["subject"], waiting["turn"]) == ("three-public", "agency")
        assert done(scoretrail(submitted, *work, "missing")).json["work"] == []
        assert "three-public，人工评定" in done(scoretrail(submitted, "case", "list")).out

    def test_each_adjustment_by_itself(self, issued: Place) -> None:
        words = ("portfolio", "adjustments", "--list", "--discretion", "yes", "--json")
        listed = done(scoretrail(issued, *words)).json["adjustments"]
        sheet = done(scoretrail(issued, "score", CASE, "--json")).json

        assert {one["indicator"] for one in listed} == {
            row["id"] for row in sheet["indicators"] if row["discretion"]
        }
        # A known account that has reviewed nothing is no mistake.
        filtered = done(scoretrail(issued, *words, "--reviewer", "unit-filer")).json["adjustments"]
        assert filtered == []
        assert scoretrail(issued, *words, "--clause", "nowhere").code == 2

    def test_work_of_all_cases(self, many: Place) -> None:
        words = ("--dated", "2024-06-01", "portfolio", "work", "--json")
        said = done(scoretrail(many, *words)).json
        listed = done(scoretrail(many, "--dated", "2024-06-01", "case", "list", "--json")).json

        assert said["today"] == "2024-06-01"
        for one in listed["cases"]:
            mine = [row for row in said["work"] if row["case"] == one["case"]]
            # The work list of one case asks for the signatures of all its rows at once.
            shown = {(row["turn"], row["what"], row["subject"] or None) for row in mine}
            asked = {(task["turn"], task["what"], task["subject"]) for task in one["waiting"]}
            assert {part for part in shown if part[1] != "复核签字"} == {
                part for part in asked if part[1] != "复核签字"
            }
        over = done(scoretrail(many, *words, "--overdue")).json["work"]
        assert over == [row for row in said["work"] if row["left"] is not None and row["left"] < 0]
        long = done(scoretrail(many, *words, "--days", "150")).json["work"]
        assert long == [row for row in said["work"] if row["days"] >= 150]
        bureau = done(scoretrail(many, *words, "--turn", "bureau")).json["work"]
        assert bureau == [row for row in said["work"] if row["turn"] == "bureau"]

    @pytest.mark.parametrize("label", ["final", "2024-01-20", "2024-02-10"])
    def test_requests_of_all_cases_at_a_point(self, many: Place, label: str) -> None:
        words = ("--dated", "2024-06-01")
        at = ("--at", label, "--json")
        found = done(scoretrail(many, *words, "portfolio", "rectification", *at)).json["requests"]
        expected: list[dict[str, Any]] = []
        for seed in SEEDS:
            one = scoretrail(many, *words, "rectify", "status", f"walk-{seed}", *at)
            expected += one.json["requests"] if one.code == 0 else []

        keys = ("case", "request", "state", "due", "late", "left", "overdue")
        assert sorted([row[key] for key in keys] for row in found) == sorted(
            [row[key] for key in keys] for row in expected
        )
        assert len(found) > 0
        # Where no last day is known nothing is late, and nothing in time.
        days = [(row["late"], row["overdue"]) for row in found if row["due"] is None]
        assert set(days) <= {(None, None)}

    def test_tables_stand_right_with_chinese_in_them(self, issued: Place) -> None:
        said = done(scoretrail(issued, "portfolio", "scores"))

        assert "湛江市市场监督管理局" in said.out
        assert "-6.11" in said.out


class TestErrors:
    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("scores", "--at", "v3"), "版本"),
            (("scores", "--at", "somewhen"), "时点"),
            (("scores", "--at", "2024-02-30"), "日期"),
            (("scores", "--indicator", "plan", "--sort", "grade"), "不能按 grade 排序"),
            (("scores", "--indicator", "plan", "--grade", "优"), "--grade"),
            (("adjustments", "--sort", "case"), "不能按 case 排序"),
            (("adjustments", "--by", "weather"), "weather"),
            (("work", "--at", "v1"), "版本"),
            (("rectification", "--at", "v1"), "版本"),
            (("scores", "--year", "last"), "last"),
        ],
    )
    def test_say_what_is_wrong(self, many: Place, words: tuple[str, ...], told: str) -> None:
        said = scoretrail(many, "portfolio", *words)

        assert said.code == 2
        assert told in said.err
        assert said.out == ""

    @pytest.mark.parametrize(
        ("words", "near"),
        [
            (("scores", "--case", CASE + "x"), CASE),
            (("work", "--unit", "zhanjiang-amrr"), "zhanjiang-amr"),
            (("rectification", "--rubric", "zhanjiang-departments-2032"), None),
            (("scores", "--indicator", "e-contract"), "e-contracts"),
            (("adjustments", "--indicator", "e-contract"), "e-contracts"),
            (("adjustments", "--reviewer", "agency-reviewr"), "agency-reviewer"),
        ],
    )
    def test_a_name_that_nothing_has_is_no_empty_list(
        self, issued: Place, words: tuple[str, ...], near: str | None
    ) -> None:
        said = scoretrail(issued, "portfolio", *words, lang="en")

        assert (said.code, said.out) == (2, "")
        assert words[-1] in said.err
        assert f"Did you mean '{near or 'zhanjiang-departments-2023'}'?" in said.err

    def test_no_ledger(self, places: Places) -> None:
        assert scoretrail(places.new(), "portfolio", "scores").code == 2


class TestNamesThatNothingHas:
    @pytest.mark.parametrize(
        ("words", "named", "meant"),
        [
            (("scores", "--grade", "优秀"), "优、良", "优"),
            (("scores", "--grade", "excellent"), "优、良", None),
            (("adjustments", "--clause", "财预〔2010〕10号"), "现有", None),
            (("scores", "--indicator", "output-goal"), "现有", "output-goals"),
        ],
        ids=["grade", "grade in English", "clause", "indicator"],
    )
    def test_are_refused_and_what_there_is_is_named(
        self, issued: Place, words: tuple[str, ...], named: str, meant: str | None
    ) -> None:
        said = scoretrail(issued, "portfolio", *words)

        assert said.code == 2
        assert said.out == ""
        assert words[-1] in said.err
        assert named in said.err
        assert meant is None or f"“{meant}”" in said.err or meant in said.err

    def test_those_that_are_there_choose(self, issued: Place) -> None:
        every = done(scoretrail(issued, "portfolio", "adjustments", "--list", "--json")).json
        (clause, *_) = {one["clause"] for one in every["adjustments"] if one["clause"]}

        words = ("portfolio", "adjustments", "--list", "--clause", clause, "--json")
        chosen = done(scoretrail(issued, *words)).json["adjustments"]

        assert {one["clause"] for one in chosen} == {clause}
        assert [one["grade"] for one in scores(issued, "--grade", "优")] == ["优"]
        assert scores(issued, "--grade", "差") == []


class TestVerify:
    def test_says_which_place_of_the_tables_is_wrong(self, issued: Place) -> None:
        done(scoretrail(issued, "portfolio", "scores"))
        assert scoretrail(issued, "verify").code == 0
        with tables_of(issued) as connection:
            changed = f"UPDATE {SCORES.name} SET award = '95.00' WHERE axis = 'stage'"  # noqa: S608 - the name of our table
            connection.execute(changed)

        said = scoretrail(issued, "verify", "--json")
        broken = said.json["breaks"]

        assert said.code == 3
        assert {one["kind"] for one in broken} == {"portfolio"}
        assert f"{CASE} scores stage issued" in {one["where"] for one in broken}
        assert "award" in json.dumps(broken)
        assert "重建" in broken[0]["affects"]
        assert scoretrail(issued, "verify", "--case", CASE).code == 3

        done(scoretrail(issued, "portfolio", "rebuild"))
        assert scoretrail(issued, "verify").code == 0

    @pytest.mark.sqlite_only("on a server only whoever owns the tables can change what they have")
    def test_says_that_tables_which_lack_something_are_not_checked(self, issued: Place) -> None:
        scores(issued)
        with (
            Store.open(issued.target) as store,
            store.projection_transaction(writing=True) as beside,
        ):
            beside.connection.exec_driver_sql(f"ALTER TABLE {SCORES.fullname} DROP COLUMN award")

        said = done(scoretrail(issued, "verify", lang="en"))

        assert "portfolio not verified: it is incomplete" in said.err
        assert scores(issued)[0]["pending"] == 0
        assert done(scoretrail(issued, "verify", lang="en")).err == ""

    @pytest.mark.sqlite_only("on a server the tables are restored with the ledger")
    def test_after_a_restore_names_the_tables_that_it_left_out(
        self, built: Mapping[str, Place], issued: Place
    ) -> None:
        """The file of the tables stays when an older ledger is put in place of a newer one."""
        assert scores(issued)[0]["pending"] == 0
        copy(built["submitted"].target, issued.target)

        said = done(scoretrail(issued, "verify"))

        assert "其他历史" in said.err
        assert scores(issued)[0]["pending"] == 28
        assert "其他历史" not in done(scoretrail(issued, "verify")).err

    @pytest.mark.sqlite_only("on a server the tables are in the ledger's database")
    def test_a_broken_file_of_tables_is_not_taken_for_a_broken_ledger(self, issued: Place) -> None:
        scores(issued)
        tables = issued.file(".projections")
        tables.write_bytes(b"spoiled " * 1000)

        said = scoretrail(issued, "verify", "--json")
        assert said.code == 3
        assert [one["kind"] for one in said.json["breaks"]] == ["portfolio"]
        asked = scoretrail(issued, "portfolio", "scores", lang="en")
        assert (asked.code, "the ledger is not affected. Delete it" in asked.err) == (3, True)
        assert done(scoretrail(issued, "score", CASE, "--json")).json["award"]["total"] == "93.89"

        for left in tables.parent.glob(f"{tables.name}*"):
            left.unlink()
        assert len(scores(issued)) == 1
        assert done(scoretrail(issued, "verify", "--json")).json["breaks"] == []

    @pytest.mark.sqlite_only("on a server they are made with the ledger, by its owner")
    def test_checks_no_tables_where_there_are_none(self, issued: Place) -> None:
        assert scoretrail(issued, "verify").code == 0
        assert not has_tables(issued)
