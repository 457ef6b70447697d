"""Lists: work, cases and the portfolio, of whoever may see them, a page at a time."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.terminal import CASE, done, scoretrail
from web.pages import cases as pages_of_cases
from web.pages import portfolio as pages_of_portfolio

VIEWS = ("scores", "adjustments", "rectification", "work")


@pytest.fixture
def pages(built: Mapping[str, Place], tmp_path: Path) -> Iterator[House]:
    """The whole reference case. Nothing is recorded in it but who looks."""
    with house(built["issued"], tmp_path) as made:
        yield made


@pytest.fixture
def unfinished(built: Mapping[str, Place], tmp_path: Path) -> Iterator[House]:
    """The case as the agency has reviewed it and told nobody."""
    with house(built["reviewed"], tmp_path) as made:
        yield made


def with_auditor(place: Place) -> Place:
    """A ledger with an auditor, and with a unit and a bureau that have no case in it."""
    for name, organisation, role in (
        ("auditor", "audit-office", "auditor"),
        ("other-filer", "another-unit", "unit"),
        ("other-officer", "another-bureau", "bureau"),
    ):
        opened = ("account", "open", name, "--organisation", organisation, "--role", role)
        done(scoretrail(place, "--as", "administrator", *opened))
    return place


class TestCases:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("", True),
            ("q=湛江市", True),
            ("q=AMR-2023", True),
            ("q=别的单位", False),
            ("q=%25", False),
            ("year=2023&stage=issued", True),
            ("year=2022", False),
            ("stage=open", False),
            (f"after={CASE}", False),
        ],
    )
    def test_they_are_searched_and_filtered(self, pages: House, asked: str, found: bool) -> None:  # noqa: FBT001 - a case of the table
        for account in ("unit-filer", "agency-lead", "bureau-officer"):
            text = pages.desk(account).get(f"/cases?{asked}").text
            assert (f'href="/cases/{CASE}"' in text) == found

    def test_a_year_that_no_case_can_have_is_no_empty_list(self, pages: House) -> None:
        desk = pages.desk("bureau-officer")
        for place in ("/cases", "/api/v1/cases", "/portfolio/scores"):
            for year in ("24", "02023", "2023年", "-1"):
                answer = desk.get(f"{place}?year={year}")
                assert (answer.status_code, "1949" in answer.text) == (400, True), (place, year)

    def test_a_page_leads_to_the_next_and_keeps_what_was_asked(
        self, pages: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pages_of_cases, "ROWS", 1)
        text = pages.desk("bureau-officer").get("/cases?q=amr").text
        assert 'rel="next"' not in text  # there is one case only
        later = pages.desk("bureau-officer").get(f"/cases?q=amr&after={CASE}").text
        assert 'href="?q=amr&amp;year=&amp;stage="' in later

    def test_before_the_draft_the_unit_is_not_told_how_far_the_review_has_come(
        self, unfinished: House
    ) -> None:
        row = unfinished.desk("unit-filer").get("/cases").text.partition("<tbody>")[2]
        assert '<td class="n" data-heading="已核查指标">0</td>' in row
        assert "复核签字" not in row
        seen = unfinished.desk("unit-filer").get("/api/v1/cases").json()["cases"][0]
        own = unfinished.desk("unit-filer").get(f"/api/v1/cases/{CASE}").json()
        assert {name: seen[name] for name in own} == own
        whole = unfinished.desk("agency-lead").get("/api/v1/cases").json()["cases"][0]
        assert whole["awards"] == 28
        assert whole["version"] > seen["version"]


class TestWork:
    def test_each_sees_what_waits_for_them(self, pages: House, unfinished: House) -> None:
        assert "登记签收结果" in pages.desk("unit-filer").get("/").text
        assert "没有待办事项" in pages.desk("agency-reviewer").get("/").text
        waiting = unfinished.desk("agency-lead").get("/").text
        assert "已核查 28 项" in waiting
        assert "没有待办事项" in unfinished.desk("unit-filer").get("/").text

    def test_a_page_ends_where_the_next_begins(
        self, submitted: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for row in ("output-goals", "benefit-goals"):
            why = ("--justification", "酌情", "--ground", "酌情")
            adjust = ("review", "adjust", CASE, row, "1.00", *why)
            done(scoretrail(submitted, "--as", "agency-reviewer", "--dated=2024-12-30", *adjust))
        monkeypatch.setattr(pages_of_cases, "ROWS", 1)
        with house(submitted, tmp_path) as made:
            desk = made.desk("agency-lead")
            seen, path = [], "/"
            while path:
                text = desk.get(path).text
                seen.append(text.partition("<tbody>")[2].partition("</tbody>")[0])
                _, found, rest = text.partition('<a rel="next" href="')
                path = rest.partition('"')[0].replace("&amp;", "&") if found else ""
            assert len(seen) == len(set(seen)) == 3  # the review, and two signatures
            assert desk.get("/?only=signatures").text.count("酌情</span>") == 1

    @pytest.mark.parametrize("after", ["x", "a_b_c_d", "2024-01-01_2024-01-01_1_1_1"])
    def test_a_page_that_there_is_not_is_told(self, pages: House, after: str) -> None:
        answer = pages.desk("unit-filer").get(f"/?after={after}")
        assert answer.status_code == 400
        assert "没有这一页" in answer.text


class TestPortfolio:
    @pytest.mark.parametrize("view", VIEWS)
    def test_auditor_bureau_and_agency_see_it_as_the_command_line_does(
        self, issued: Place, tmp_path: Path, view: str
    ) -> None:
        place = with_auditor(issued)
        grouped = {"adjustments": ("--by", "indicator")}.get(view, ())
        said = done(scoretrail(place, "portfolio", view, *grouped, "--csv"))
        with house(place, tmp_path) as made:
            for account in ("auditor", "bureau-officer", "agency-reviewer"):
                desk = made.desk(account)
                assert desk.get(f"/portfolio/{view}").status_code == 200
                answer = desk.get(f"/portfolio/{view}?form=csv")
                assert answer.text.splitlines() == said.out.splitlines()

    @pytest.mark.parametrize("view", VIEWS)
    def test_whose_cases_they_are_not_sees_none_of_them(
        self, issued: Place, tmp_path: Path, view: str
    ) -> None:
        place = with_auditor(issued)
        with house(place, tmp_path) as made:
            answer = made.desk("other-officer").get(f"/portfolio/{view}?form=csv")
            assert len(answer.text.splitlines()) == 1
            at = made.desk("other-officer").get(f"/portfolio/{view}?form=csv&at=2024-12-30")
            assert len(at.text.splitlines()) == 1
            for account in ("unit-filer", "other-filer", "administrator"):
                assert made.desk(account).get(f"/portfolio/{view}").status_code == 404
                assert "评价总览" not in made.desk(account).get("/account").text

    def test_it_is_asked_at_both_times(self, pages: House) -> None:
        desk = pages.desk("bureau-officer")
        early = desk.get("/portfolio?at=2024-07-30&form=csv").text
        assert "93.89" not in early
        assert CASE in early
        assert CASE not in desk.get("/portfolio?known=2001-01-01T00:00&form=csv").text
        assert desk.get("/portfolio?at=v7").status_code == 400
        assert desk.get("/portfolio/nothing").status_code == 404

    def test_awards_are_listed_one_by_one_and_a_page_at_a_time(
        self, pages: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pages_of_portfolio, "ROWS", 10)
        desk = pages.desk("bureau-officer")
        address = "/portfolio/adjustments?group=nothing&sort=delta"
        text = desk.get(address).text
        assert text.count("<tr><td") == 10
        assert "group=nothing&amp;sort=delta&amp;from=11&amp;" in text
        assert desk.get(f"{address}&from=21").text.count("<tr><td") == 8
        assert f'href="/cases/{CASE}/indicators/output-goals"' in desk.get(address).text
