"""What stands on the pages, for whom, in which language; and what strangers are told."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.terminal import CASE, done, scoretrail
from web.wording import FOLDER

OF_CASE = (
    *("", "/bridge", "/log", "/acts", "/checks", "/materials", "/rectification", "/papers"),
    "/indicators/output-goals",
)


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


def test_the_sheet_shows_claim_rule_and_award_of_each_row(pages: House) -> None:
    text = pages.desk("agency-reviewer").get(f"/cases/{CASE}").text
    assert "93.89" in text
    assert "100.00" in text
    row = text.partition('<tr id="output-goals"')[2].partition("</tr>")[0]
    for score in ("20.00", "10.75", "16.00", "酌情", "−4.00"):
        assert score in row


def test_what_is_not_reviewed_is_missing_and_not_zero(unfinished: House) -> None:
    text = unfinished.desk("unit-filer").get(f"/cases/{CASE}").text
    assert "尚有28项未核查" in text
    assert "<dd>0.00" not in text


def test_the_slider_stops_where_something_moved(pages: House) -> None:
    text = pages.desk("agency-reviewer").get(f"/cases/{CASE}").text
    stops = [int(each) for each in text.partition('data-stops="')[2].partition('"')[0].split()]
    assert stops == sorted(stops)
    assert 10 < len(stops) < 150
    earlier = pages.desk("agency-reviewer").get(f"/cases/{CASE}?at=v{stops[len(stops) // 2]}").text
    assert "不是现在" in earlier
    assert "其后有变动" in earlier


def test_the_slider_says_which_version_is_shown_also_where_nothing_moved(pages: House) -> None:
    desk = pages.desk("agency-reviewer")
    whole = desk.get(f"/cases/{CASE}").text
    stops = [int(each) for each in whole.partition('data-stops="')[2].partition('"')[0].split()]
    between = next(one + 1 for one in stops if one + 1 not in stops and one < stops[-1])
    for version in (5, stops[0] - 1, stops[0], between, stops[-1]):
        page = desk.get(f"/cases/{CASE}?at=v{version}").text
        said = page.partition('<output for="slider">')[2].partition("</output>")[0]
        assert said.split()[0] == f"v{version}"
        listed = page.partition('<ol id="stops">')[2].partition("</ol>")[0]
        assert listed.count("aria-current") == (version in stops)
        slider = page.partition('id="slider"')[2].partition(">")[0]
        assert ('min="-1"' in slider) == (version < stops[0])  # left of the first stop


@pytest.mark.parametrize("account", ["unit-filer", "agency-reviewer", "bureau-officer"])
def test_the_bridge_opens_the_events_of_each_step(pages: House, account: str) -> None:
    text = pages.desk(account).get(f"/cases/{CASE}/bridge").text
    assert text.count("<details>") == 8
    assert "未解释差额 0.00" in text


def test_the_history_of_a_row_is_a_conversation(pages: House) -> None:
    text = pages.desk("unit-filer").get(f"/cases/{CASE}/indicators/output-goals").text
    thread = text.partition('<ol class="thread">')[2]
    assert thread.index('class="unit"') < thread.index('class="agency"')
    assert "16.00" in thread


def test_the_log_comes_a_page_at_a_time(pages: House) -> None:
    desk = pages.desk("unit-filer")
    first = desk.get(f"/cases/{CASE}/log").text
    assert first.count('<li id="v') == 100
    assert "from=101" in first
    later = desk.get(f"/cases/{CASE}/log?from=101").text
    assert '<li id="v101"' in later


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", [*(f"/cases/{CASE}{part}" for part in OF_CASE), "/", "/cases"])
def test_every_page_is_in_the_language_of_its_reader(
    pages: House, language: str, path: str
) -> None:
    answer = pages.desk("bureau-officer", language).get(path)
    assert answer.status_code == 200
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in answer.text
    assert ("退出" in answer.text) == (language == "zh")


def test_a_language_once_chosen_stays(pages: House) -> None:
    desk = pages.desk("unit-filer")
    desk.post("/account/language", data={"language": "en", "next": "/cases"})
    assert '<html lang="en">' in desk.get("/cases").text


class TestSight:
    def test_the_unit_sees_nothing_of_a_review_before_its_draft(self, unfinished: House) -> None:
        desk = unfinished.desk("unit-filer")
        for part in OF_CASE:
            text = desk.get(f"/cases/{CASE}{part}").text
            assert "agency-reviewer" not in text
            assert "16.00" not in text
            assert "10.75" not in text  # what the rule gives of the reviewer's figures

    @pytest.mark.parametrize("at", ["v300", "v360", "2024-12-30"])
    def test_nor_by_asking_for_an_earlier_or_a_later_point(
        self, unfinished: House, at: str
    ) -> None:
        answer = unfinished.desk("unit-filer").get(f"/cases/{CASE}?at={at}")
        assert "16.00" not in answer.text
        assert "10.75" not in answer.text

    @pytest.mark.parametrize("account", ["agency-reviewer", "agency-lead", "bureau-officer"])
    def test_agency_and_bureau_do(self, unfinished: House, account: str) -> None:
        assert "16.00" in unfinished.desk(account).get(f"/cases/{CASE}").text

    @pytest.mark.parametrize("part", OF_CASE)
    def test_a_stranger_cannot_tell_a_case_from_one_that_is_not_there(
        self, issued: Place, tmp_path: Path, part: str
    ) -> None:
        stranger = ("account", "open", "other-filer", "--organisation", "another-unit")
        done(scoretrail(issued, "--as", "administrator", *stranger))
        role = ("account", "grant", "other-filer", "unit")
        done(scoretrail(issued, "--as", "administrator", *role))
        with house(issued, tmp_path) as made:
            desk = made.desk("other-filer")
            there = desk.get(f"/cases/{CASE}{part}")
            nowhere = desk.get(f"/cases/zhanjiang-amr-2099{part}")
            assert there.status_code == nowhere.status_code == 404
            assert there.text.replace(CASE, "") == nowhere.text.replace("zhanjiang-amr-2099", "")
            assert CASE not in desk.get("/cases").text
            assert CASE not in desk.get("/").text

    def test_an_administrator_keeps_the_register_and_sees_no_case(self, pages: House) -> None:
        assert pages.desk("administrator").get(f"/cases/{CASE}").status_code == 404

    def test_it_is_kept_who_looked_at_a_case(self, pages: House) -> None:
        pages.desk("unit-filer").get(f"/cases/{CASE}/log")
        assert [access[2:] for access in pages.kept.accesses(CASE)] == [("unit-filer", "log")]

    def test_the_bureau_reads_who_looked_and_the_others_do_not(self, pages: House) -> None:
        pages.desk("unit-filer").get(f"/cases/{CASE}/indicators/output-goals")
        bureau, here = pages.desk("bureau-officer"), f"/cases/{CASE}/accesses"
        assert here in bureau.get(f"/cases/{CASE}/log").text
        text = bureau.get(f"{here}?by=unit-filer").text
        assert re.findall(r'data-heading="(?:账号|内容)">([^<]*)</td>', text) == [
            *("unit-filer", "部门整体绩效目标产出指标完成情况")
        ]
        for account in ("unit-filer", "agency-reviewer"):
            desk = pages.desk(account)
            assert desk.get(here).status_code == 404
            assert here not in desk.get(f"/cases/{CASE}/log").text

    def test_who_looked_is_read_a_page_at_a_time(self, pages: House) -> None:
        for number in range(130):
            pages.kept.keep_access("unit-filer", CASE, f"row-{number}", "2025-01-01T00:00:00Z")
        bureau, here = pages.desk("bureau-officer"), f"/cases/{CASE}/accesses"
        first = bureau.get(f"{here}?by=unit-filer").text
        (older,) = re.findall(r'rel="next" href="([^"]+)"', first)
        second = bureau.get(here + older.replace("&amp;", "&")).text
        shown = re.findall(r">(row-[0-9]+)<", first) + re.findall(r">(row-[0-9]+)<", second)
        assert shown == [f"row-{number}" for number in reversed(range(130))]
        assert 'rel="next"' not in second


@pytest.mark.parametrize(
    ("page", "shows"),
    [
        ("", r'<a class="row"[^>]*>([^<]+)</a>'),
        ("/acts/adjust-score", r'<option value="[^"]+"[^>]*>([^<]+)</option>'),
        ("/log", r'<option value="[^"]+"[^>]*>([^<]+)</option>'),
    ],
)
def test_rows_of_one_name_are_told_apart(pages: House, page: str, shows: str) -> None:
    text = pages.desk("agency-reviewer").get(f"/cases/{CASE}{page}").text
    select = text.partition('<select id="indicator"')[2].partition("</select>")[0]
    names = re.findall(shows, select if "option" in shows else text)
    assert len(names) == len({*names}) == 28
    assert sum("采购政策效能" in name for name in names) == 3


OTHERWISE: Final = {
    "login.html": "secrets",
    "account.html": "secrets, and the name of a key",
    "register.html": "an account of a list",
    "register_tokens.html": "a few words, which are there again where they are refused",
    "shared.html": "the same",
    "log.html": "a receipt that somebody holds",
    "papers.html": "a receipt that somebody holds",
    "upload.html": "files",
    "sign.html": "a signature",
    "base.html": "buttons",
}
"""Forms in which nobody types what could be lost, and what they take."""


def test_every_form_that_is_typed_into_keeps_a_draft() -> None:
    for file in FOLDER.glob("*.html"):
        for head, inside in re.findall(
            r'(<form method="post".*?>)\n?(.*?)</form>', file.read_text("utf-8"), re.DOTALL
        ):
            takes_a_file = 'enctype="multipart/form-data"' in head and "data-draft" not in head
            is_chosen = file.name == "rubric_draft.html" and "understood" in head  # a list
            if re.search(r'<textarea|type="text"|<select|input\(|choose\(', inside):
                kept = "data-draft=" in head or file.name in OTHERWISE or takes_a_file or is_chosen
                assert kept, f"{file.name}: {head}"
