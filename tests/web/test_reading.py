"""Pages that read a case: points by both times, filters, evidence, the bridge."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.checks import CheckReport, examine
from ledger.envelope import REGISTER
from ledger.store import Store
from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.terminal import CASE, done, scoretrail

HERE = f"/cases/{CASE}"
ROW = f"{HERE}/indicators/output-goals"


@pytest.fixture
def pages(built: Mapping[str, Place], tmp_path: Path) -> Iterator[House]:
    """The whole reference case. Nothing is recorded in it."""
    with house(built["issued"], tmp_path) as made:
        yield made


@pytest.fixture
def unfinished(built: Mapping[str, Place], tmp_path: Path) -> Iterator[House]:
    """The case as the agency has reviewed it and told nobody. Nothing is recorded in it."""
    with house(built["reviewed"], tmp_path) as made:
        yield made


class TestPoints:
    def test_a_point_is_named_by_both_times(self, pages: House) -> None:
        desk = pages.desk("agency-reviewer", "en")
        text = desk.get(f"{HERE}?at=2024-07-30&known=2100-01-01T08:00").text
        assert "30 July 2024, as recorded by 1 January 2100 08:00 Beijing time" in text
        assert 'value="2024-07-30"' in text
        assert 'value="2100-01-01T08:00"' in text
        assert f'href="{ROW}?at=2024-07-30%402100-01-01T00%3A00%3A00Z"' in text

    def test_what_was_not_recorded_by_then_is_not_there(self, pages: House) -> None:
        text = pages.desk("agency-reviewer", "en").get(f"{HERE}?at=final&known=2001-01-01T08:00")
        assert "had no rubric" in text.text

    @pytest.mark.parametrize("part", ["", "/log", "/checks", "/materials", "/rectification"])
    def test_whoever_looks_back_is_told_and_led_to_now(self, pages: House, part: str) -> None:
        text = pages.desk("bureau-officer").get(f"{HERE}{part}?at=2024-07-30").text
        assert "不是现在" in text
        assert f'<a href="{HERE}{part}">看现在</a>' in text
        assert "不是现在" not in pages.desk("bureau-officer").get(f"{HERE}{part}").text

    @pytest.mark.parametrize("known", ["yesterday", "2024-13-01T00:00", "2024-07-30T08:00Zx"])
    def test_what_is_no_instant_is_told(self, pages: House, known: str) -> None:
        answer = pages.desk("bureau-officer").get(f"{HERE}?known={known}")
        assert answer.status_code == 400
        assert "不是时刻" in answer.text or "没有这个时刻" in answer.text

    def test_without_a_script_each_stop_is_a_link(self, pages: House) -> None:
        text = pages.desk("agency-reviewer").get(HERE).text
        stops = text.partition('data-stops="')[2].partition('"')[0].split()
        links = text.partition('<ol id="stops">')[2].partition("</ol>")[0]
        assert re.findall(r"\?at=v(\d+)", links) == stops[:-1]


class TestSheet:
    def test_rows_are_told_apart_by_what_their_award_rests_on(self, pages: House) -> None:
        desk = pages.desk("agency-reviewer")
        whole = desk.get(HERE).text
        assert '<span class="chip judgement">' in whole
        some = desk.get(f"{HERE}?by=discretion").text
        assert "部门整体绩效目标产出指标完成情况" in some
        assert some.count('<tr id="') == whole.count('<span class="chip discretion">') == 6
        assert "93.89" in some  # the totals are of all rows

    def test_before_the_draft_the_unit_is_told_no_state(self, unfinished: House) -> None:
        text = unfinished.desk("unit-filer").get(f"{HERE}?by=discretion").text
        assert '<tr id="' not in text
        assert 'class="chip discretion"' not in text


class TestBridge:
    def test_both_ends_are_chosen_from_what_moved_something(self, pages: House) -> None:
        desk = pages.desk("bureau-officer")
        text = desk.get(f"{HERE}/bridge?from=issued&to=self").text
        assert "93.89 → 100.00" in text
        choices = text.partition('<select id="from"')[2].partition("</select>")[0]
        assert '<option value="issued" selected>' in choices
        assert 60 < choices.count("<option") < 80

    def test_the_steps_come_as_a_spreadsheet_as_the_command_line_has_it(
        self, pages: House, built: Mapping[str, Place]
    ) -> None:
        answer = pages.desk("bureau-officer").get(f"{HERE}/bridge?form=csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        said = scoretrail(built["issued"], "bridge", CASE, "--csv")
        assert answer.text.splitlines() == said.out.splitlines()[: len(answer.text.splitlines())]


class TestIndicator:
    def test_a_file_stands_beside_the_row_in_a_frame_that_runs_nothing(self, pages: House) -> None:
        desk = pages.desk("unit-filer")
        files = re.findall(r"view=([0-9a-f]{64})", desk.get(ROW).text)
        text = desk.get(f"{ROW}?view={files[0]}").text
        assert f'<iframe class="viewer" src="{HERE}/evidence/{files[0]}"' in text
        policy = desk.get(f"{HERE}/evidence/{files[0]}").headers["content-security-policy"]
        assert policy.endswith("frame-ancestors 'self'; sandbox")

    def test_a_file_that_the_row_does_not_cite_is_not_shown_there(self, pages: House) -> None:
        assert "<iframe" not in pages.desk("unit-filer").get(f"{ROW}?view={'0' * 64}").text

    def test_the_row_and_its_files_stand_beside_the_form_that_is_about_it(
        self, pages: House
    ) -> None:
        desk = pages.desk("agency-reviewer")
        text = desk.get(f"{HERE}/acts/adjust-score?indicator=output-goals").text
        beside = text.partition("<aside")[2].partition("</aside>")[0]
        for words in ("10.75", "逐项用实际完成值除以年初目标值", 'name="viewer"'):
            assert words in beside
        assert beside.count('target="viewer"') == 2
        assert "<aside" not in desk.get(f"{HERE}/acts/adjust-score").text

    def test_a_figure_shows_what_it_was_before(self, pages: House) -> None:
        text = pages.desk("agency-reviewer").get(f"{HERE}/indicators/economy-cost").text
        figures = text.partition("基础数据</h3>")[2].partition("</table>")[0]
        assert re.search(r"<del>[^<]+</del> <a class=\"v\" [^>]+>v\d+</a> → ", figures)

    def test_the_keys_lead_through_the_rows_at_the_same_point(self, pages: House) -> None:
        text = pages.desk("agency-reviewer").get(f"{ROW}?at=issued").text
        assert f'aria-keyshortcuts="j" href="{HERE}/indicators/benefit-goals?at=issued"' in text
        assert 'data-key="e"' not in text  # nothing is done at an earlier point
        now = pages.desk("agency-reviewer").get(ROW).text
        assert "acts/adjust-score" not in now  # nor is a score adjusted once it is issued


class TestChecks:
    def test_findings_are_shown_by_their_gravity(self, pages: House) -> None:
        desk = pages.desk("bureau-officer")
        whole = desk.get(f"{HERE}/checks").text
        errors = desk.get(f"{HERE}/checks?severity=error").text
        assert whole.count('<li class="error">') == errors.count('<li class="error">') == 8
        assert '<li class="warning">' in whole
        assert '<li class="warning">' not in errors
        assert "未能判断" in errors


class TestLog:
    @pytest.mark.parametrize(
        ("asked", "option"),
        [
            ("by=agency-lead", ("--by", "agency-lead")),
            ("role=bureau", ("--role", "bureau")),
            ("kind=ScoreAdjusted", ("--type", "ScoreAdjusted")),
            ("dated_from=2024-10-01&dated_to=2024-12-29", ("--from=2024-10-01", "--to=2024-12-29")),
            ("recorded_to=2001-01-01T00:00", ("--recorded-to", "2000-12-31T16:00Z")),
            ("since=470", ("--since", "470")),
            ("late=yes&indicator=output-goals", ("--late", "--indicator", "output-goals")),
        ],
    )
    def test_it_is_filtered_as_the_command_line_filters(
        self, pages: House, built: Mapping[str, Place], asked: str, option: tuple[str, ...]
    ) -> None:
        desk = pages.desk("bureau-officer")
        said = scoretrail(built["issued"], "log", CASE, *option, "--csv")
        assert desk.get(f"{HERE}/log?{asked}&form=csv").text.splitlines() == said.out.splitlines()
        rows = len(said.out.splitlines()) - 1
        assert desk.get(f"{HERE}/log?{asked}").text.count('<li id="v') == min(rows, 100)

    def test_the_next_page_asks_for_the_same(self, pages: House) -> None:
        text = pages.desk("bureau-officer").get(f"{HERE}/log?role=unit").text
        assert "?role=unit&amp;from=101" in text

    def test_a_version_is_found_on_its_page(self, pages: House) -> None:
        text = pages.desk("bureau-officer").get(f"{HERE}/log?version=257").text
        assert '<li id="v257"' in text

    def test_nobody_is_offered_an_account_that_they_do_not_see(self, unfinished: House) -> None:
        desk = unfinished.desk("unit-filer")
        assert "agency-reviewer" not in desk.get(f"{HERE}/log").text
        assert 'id="v' not in desk.get(f"{HERE}/log?by=agency-reviewer").text
        assert "agency-reviewer" not in desk.get(f"{HERE}/log?form=csv").text


class TestChecksThatAreKept:
    """They take long, so what they found is kept until something that they look at is another."""

    @pytest.fixture
    def examined(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        found: list[str] = []

        def counted(*record: Any) -> CheckReport:  # noqa: ANN401 - as `examine` has it
            found.append(record[-1])
            return examine(*record)

        monkeypatch.setattr("application.check.examine", counted)
        return found

    def test_a_day_or_an_account_more_is_looked_at_again(
        self, submitted: Place, tmp_path: Path, examined: list[str]
    ) -> None:
        with house(submitted, tmp_path) as made:
            desk = made.desk("agency-reviewer")
            found, again = (desk.get(f"{HERE}/checks").text.count("<li") for _ in range(2))
            assert found == again
            assert len(examined) == 1
            made.clock.ahead += timedelta(days=1)
            desk = made.desk("agency-reviewer")
            desk.get(f"{HERE}/checks")
            assert len(examined) == 2
            words = ("account", "open", "second", "--organisation", "o", "--role", "auditor")
            done(scoretrail(submitted, "--as", "administrator", *words))
            desk.get(f"{HERE}/checks")
            assert len(examined) == 3

    def test_an_earlier_point_is_looked_at_each_time(
        self, pages: House, examined: list[str]
    ) -> None:
        for _ in range(2):
            pages.desk("agency-reviewer").get(f"{HERE}/checks?at=v57")
        assert len(examined) == 2


def test_a_page_asks_once_how_far_its_streams_have_come(
    pages: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a case that was read before; a server takes its time for each question."""
    asked: list[set[str]] = []
    ends = Store.ends

    def watched(store: Store, streams: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        asked.append(set(streams))
        return ends(store, streams)

    desk = pages.desk("bureau-officer")
    desk.get(HERE)
    monkeypatch.setattr(Store, "ends", watched)
    desk.get(HERE)
    (streams,) = asked
    assert len(streams) == 3  # the register, the case and its rubric

    asked.clear()
    desk.get(f"/api/v1{HERE}/head")
    assert asked == [{REGISTER, CASE}]
