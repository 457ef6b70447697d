"""Rows and cases are assigned by dragging them onto a person, by keys, and without script."""

from collections.abc import Iterator
from json import loads
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Office, served
from tests.support.desks import house
from tests.support.places import Place
from tests.support.terminal import CASE, done, record, scoretrail

pytestmark = [pytest.mark.sqlite_only("pages of one ledger; tests/web has both")]

ASSIGN = f"/cases/{CASE}/assign"
FIRST, SECOND, THIRD = "output-goals", "benefit-goals", "e-contracts"


@pytest.fixture
def office(submitted: Place, tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    with house(submitted, tmp_path) as made, served(made, chromium) as open_:
        yield open_


def chosen(page: Page, row: str) -> str:
    return page.locator(f'select[name="to:{row}"]').input_value()


def drag(page: Page, row: str, account: str) -> None:
    """Drag a row onto a person, who stays in sight however far down the row is."""
    page.locator(f"#row-{row} strong").hover()
    page.mouse.down()
    to = page.locator(f'[data-person="{account}"]').bounding_box()
    assert to is not None
    assert 0 <= to["y"] < 800
    for step in (1, 2):
        page.mouse.move(to["x"] + 10 * step, to["y"] + 10)
    page.mouse.up()


def recorded(page: Page, ledger: Place) -> dict[str, list[str]]:
    """Give the reason, press the button, and see what was recorded."""
    page.fill("#reason", "按专长分工")
    before = len(record(ledger))
    page.click("button.main")
    expect(page.locator("#reason")).to_have_value("")
    entries = [loads(row[4])["data"] for row in record(ledger)[before:]]
    return {entry["account"]: entry["indicators"] for entry in entries}


def test_rows_are_dragged_onto_a_person_alone_and_with_those_ticked(
    office: Office, submitted: Place
) -> None:
    desk = office.desk("agency-lead")
    page = desk.goes_to(ASSIGN)
    assert desk.hindrances() == []
    drag(page, FIRST, "agency-reviewer")
    expect(page.locator("[data-told]")).to_contain_text("agency-reviewer")
    assert (chosen(page, FIRST), chosen(page, SECOND)) == ("agency-reviewer", "")
    for row in (SECOND, THIRD):
        page.locator(f"#row-{row} input[type=checkbox]").check()
    drag(page, THIRD, "agency-lead")
    expect(page.locator('[data-person="agency-lead"] [data-count]')).to_have_text("2")
    expect(page.locator(".queue .changed")).to_have_count(3)
    assert desk.hindrances() == []

    assert recorded(page, submitted) == {
        "agency-reviewer": [FIRST],
        "agency-lead": [SECOND, THIRD],
    }
    expect(page.locator(".queue .changed")).to_have_count(0)
    assert desk.errors == []


def test_the_same_is_done_by_keys_alone(office: Office, submitted: Place) -> None:
    page = office.desk("agency-lead").goes_to(ASSIGN)
    people = [each.get_attribute("data-person") for each in page.locator("[data-person]").all()]
    number = f"{people.index('agency-reviewer') + 1}"
    for key in ("j", "j", number):  # the case as a whole is first
        page.keyboard.press(key)
    for key in ("j", "x", "j", "x", number):
        page.keyboard.press(key)
    page.keyboard.press("j")
    page.keyboard.press("c")  # which does nothing here
    first = page.evaluate(
        "[...document.querySelectorAll('[data-row]')].slice(1, 4).map((r) => r.id)"
    )
    rows = [name.removeprefix("row-") for name in first]
    assert [chosen(page, row) for row in rows] == ["agency-reviewer"] * 3
    page.locator("#reason").focus()
    page.keyboard.type("12")  # what is typed assigns nothing
    assert chosen(page, "") == ""
    assert recorded(page, submitted) == {"agency-reviewer": rows}


def test_a_list_does_it_without_script(office: Office, submitted: Place) -> None:
    page = office.desk("agency-lead", java_script_enabled=False).goes_to(ASSIGN)
    expect(page.locator("[data-how]")).to_be_hidden()
    page.select_option(f'select[name="to:{FIRST}"]', "agency-reviewer")
    page.fill("#reason", "按专长分工")
    page.click("button.main")
    expect(page.locator("#reason")).to_have_value("")
    assert loads(record(submitted)[-1][4])["data"]["indicators"] == [FIRST]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_hinders_on_a_narrow_screen(office: Office, scheme: str) -> None:
    narrow = {"viewport": {"width": 390, "height": 800}, "color_scheme": scheme}
    desk = office.desk("agency-lead", **narrow)
    page = desk.goes_to(ASSIGN)
    assert desk.hindrances() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


NEXT, AFTER = "zhanjiang-amr-2024", "zhanjiang-amr-2025"


@pytest.fixture
def three(submitted: Place) -> Place:
    """The reference case, and two that follow it, all of one agency."""
    for before, case in ((CASE, NEXT), (NEXT, AFTER)):
        officer = ("--as", "bureau-officer", "--dated", "2025-03-01")
        done(scoretrail(submitted, *officer, "case", "next", before, case))
    return submitted


@pytest.fixture
def house_of_three(three: Place, tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    with house(three, tmp_path) as made, served(made, chromium) as open_:
        yield open_


def whole_cases(page: Page, ledger: Place) -> dict[str, str]:
    """Give the reason, press the button, and see which cases were assigned to whom."""
    page.fill("#reason", "按专长分工")
    before = len(record(ledger))
    page.click("form.several button.main")
    expect(page.locator("#reason")).to_have_value("")
    entries = [loads(row[4]) for row in record(ledger)[before:]]
    assert not any(entry["data"]["indicators"] for entry in entries)
    return {entry["case"]: entry["data"]["account"] for entry in entries}


def test_cases_are_dragged_onto_a_person_alone_and_with_those_ticked(
    house_of_three: Office, three: Place
) -> None:
    desk = house_of_three.desk("agency-lead")
    page = desk.goes_to("/cases")
    page.click('a[href="/assign"]')
    assert desk.hindrances() == []
    drag(page, CASE, "agency-lead")
    expect(page.locator("[data-told]")).to_contain_text("agency-lead")
    for case in (NEXT, AFTER):
        page.locator(f"#row-{case} input[type=checkbox]").check()
    drag(page, AFTER, "agency-reviewer")
    expect(page.locator('[data-person="agency-reviewer"] [data-count]')).to_have_text("2")
    expect(page.locator(".queue .changed")).to_have_count(3)
    assert desk.hindrances() == []

    assert whole_cases(page, three) == {
        CASE: "agency-lead",
        **dict.fromkeys((NEXT, AFTER), "agency-reviewer"),
    }
    expect(page.locator(".queue .changed")).to_have_count(0)
    assert chosen(page, NEXT) == "agency-reviewer"
    assert desk.errors == []


def test_cases_are_assigned_by_keys_alone(house_of_three: Office, three: Place) -> None:
    page = house_of_three.desk("agency-lead").goes_to("/assign")
    people = [each.get_attribute("data-person") for each in page.locator("[data-person]").all()]
    number = f"{people.index('agency-reviewer') + 1}"
    for key in ("j", number, "j", "x", "j", "x", number):
        page.keyboard.press(key)
    assert whole_cases(page, three) == dict.fromkeys((CASE, NEXT, AFTER), "agency-reviewer")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_cases_hinder_nothing_on_a_narrow_screen(house_of_three: Office, scheme: str) -> None:
    narrow = {"viewport": {"width": 390, "height": 800}, "color_scheme": scheme}
    desk = house_of_three.desk("agency-lead", **narrow)
    page = desk.goes_to("/assign")
    assert desk.hindrances() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
