"""What people do at their desks, in a real browser."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import Office, served
from tests.support.desks import PASSWORD, house
from tests.support.places import Place
from tests.support.sample import LONG
from tests.support.terminal import CASE, record

pytestmark = [pytest.mark.sqlite_only("pages of one ledger; tests/web has both")]

ROW = "output-goals"
ADJUST = f"/cases/{CASE}/acts/adjust-score?indicator={ROW}"
COMPOSING = """document.getElementById('justification').dispatchEvent(new KeyboardEvent('keydown',
  { key: 'Enter', ctrlKey: true, isComposing: true, bubbles: true }))"""
WORDS = "报告只列出其中五项的完成值，按附件一第一条计分。"


@pytest.fixture
def office(submitted: Place, tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    """A case that waits for its review."""
    with house(submitted, tmp_path) as made, served(made, chromium) as open_:
        yield open_


@pytest.fixture
def archive(built: Mapping[str, Place], tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    """The whole reference case. Nothing is recorded in it."""
    with house(built["issued"], tmp_path) as made, served(made, chromium) as open_:
        yield open_


def test_the_slider_leads_to_any_point_that_moved_something(archive: Office) -> None:
    page = archive.desk("bureau-officer").goes_to(f"/cases/{CASE}")
    slider = page.locator("#slider")
    stops = (slider.get_attribute("data-stops") or "").split()
    slider.focus()
    slider.press("ArrowLeft")
    page.wait_for_url(f"**/cases/{CASE}?at=v{stops[-2]}")
    expect(page.locator(".notnow")).to_be_visible()
    page.go_back()
    expect(page.locator(".notnow")).to_have_count(0)


def test_the_slider_starts_from_the_version_that_is_shown(archive: Office) -> None:
    page = archive.desk("bureau-officer").goes_to(f"/cases/{CASE}?at=v200")
    slider, told = page.locator("#slider"), page.locator(".slide output")
    stops = (slider.get_attribute("data-stops") or "").split()
    assert int(stops[0]) > 200
    expect(told).to_contain_text("v200 ")
    assert "v200 " in (slider.get_attribute("aria-valuetext") or "")
    slider.focus()
    slider.press("ArrowRight")  # and the first stop can be reached
    page.wait_for_url(f"**/cases/{CASE}?at=v{stops[0]}")
    expect(told).to_contain_text(f"v{stops[0]} ")


def test_keys_lead_from_row_to_row_but_not_while_somebody_types(office: Office) -> None:
    page = office.desk("agency-reviewer").goes_to(f"/cases/{CASE}/indicators/{ROW}")
    page.keyboard.press("j")
    page.wait_for_url("**/indicators/benefit-goals")
    page.keyboard.press("k")
    page.wait_for_url(f"**/indicators/{ROW}")
    page.goto(office.address + ADJUST)
    page.fill("#justification", "")
    page.locator("#justification").press_sequentially("jk")
    assert page.url.endswith(ADJUST)
    assert page.input_value("#justification") == "jk"
    # What an input method is still putting together is not recorded.
    page.evaluate(COMPOSING)
    assert page.url.endswith(ADJUST)


def test_keys_are_listed_and_can_be_switched_off(office: Office) -> None:
    here = f"/cases/{CASE}/indicators/{ROW}"
    page = office.desk("agency-reviewer").goes_to(here)
    page.keyboard.press("?")
    page.get_by_label("启用单个字母键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    page.reload()  # it stays so in this browser
    page.keyboard.press("j")
    assert page.url.endswith(here)
    page.locator("[data-keys]").focus()
    page.keyboard.press("Enter")
    page.get_by_label("启用单个字母键").check()
    page.get_by_role("button", name="关闭").click()
    page.keyboard.press("j")
    page.wait_for_url("**/indicators/benefit-goals")


def test_a_row_is_adjusted_with_the_keyboard_alone(office: Office, submitted: Place) -> None:
    page = office.desk("agency-reviewer").goes_to(ADJUST)
    page.locator("#award").focus()
    page.keyboard.type("16.00")
    page.keyboard.press("Tab")
    page.keyboard.type(WORDS)
    page.fill("#ground", "三项没有完成值")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/cases/{CASE}/indicators/{ROW}")
    expect(page.locator(".thread")).to_contain_text(WORDS)
    assert [row[3] for row in record(submitted)][-1] == "ScoreAdjusted"


def test_what_is_refused_is_told_where_the_reader_is(office: Office) -> None:
    page = office.desk("agency-reviewer").goes_to(ADJUST)
    page.fill("#award", "8,5")
    page.fill("#justification", WORDS)
    page.click("button.main")
    expect(page.locator("#award-problem")).to_be_visible()
    assert page.input_value("#justification") == WORDS
    assert page.locator("#award").get_attribute("aria-invalid") == "true"
    assert page.evaluate("document.activeElement.id") == "problem"
    page.click("#problem a")
    assert page.evaluate("document.activeElement.id") == "award"


def test_a_conflict_shows_what_happened_and_keeps_the_words(office: Office) -> None:
    page = office.desk("agency-reviewer").goes_to(ADJUST)
    page.fill("#award", "16.00")
    page.fill("#justification", WORDS)
    page.fill("#ground", "三项没有完成值")
    other = office.desk("agency-lead").goes_to(ADJUST)
    other.fill("#award", "15.00")
    other.fill("#justification", "另按四项计。")
    other.fill("#ground", "四项没有完成值")
    other.click("button.main")
    other.wait_for_url("**/indicators/*")
    page.click("button.main")
    expect(page.locator(".since")).to_contain_text("agency-lead")
    assert page.input_value("#justification") == WORDS
    page.click("button.main")
    page.wait_for_url("**/indicators/*")
    expect(page.locator(".thread")).to_contain_text(WORDS)


def test_what_is_typed_while_the_server_is_away_is_there_again(office: Office) -> None:
    desk = office.desk("agency-reviewer")
    page = desk.goes_to(ADJUST)
    desk.context.set_offline(offline=True)
    page.fill("#justification", WORDS)
    expect(page.locator(".draft")).to_contain_text("仅在本页", timeout=5000)
    page.fill("#award", "16.00")
    page.click("summary")
    page.check("[name=undocumented]")
    page.click("button.main")  # nothing is sent, and the page stays
    expect(page.locator(".draft")).to_contain_text("服务器连接不上", timeout=5000)
    page.goto("about:blank")
    desk.context.set_offline(offline=False)
    desk.goes_to(ADJUST)
    assert page.input_value("#justification") == WORDS
    assert page.input_value("#award") == "16.00"
    assert page.is_checked("[name=undocumented]")
    expect(page.locator(".draft")).to_contain_text("草稿已保存", timeout=5000)


def test_what_was_typed_is_kept_as_soon_as_the_server_is_there_again(office: Office) -> None:
    desk = office.desk("agency-reviewer")
    page = desk.goes_to(ADJUST)
    desk.context.set_offline(offline=True)
    page.fill("#justification", WORDS)
    expect(page.locator(".draft")).to_contain_text("仅在本页", timeout=5000)
    desk.context.set_offline(offline=False)
    expect(page.locator(".draft")).to_contain_text("草稿已保存", timeout=5000)
    assert WORDS in str(office.house.kept.draft("agency-reviewer", f"{CASE}/adjust-score/{ROW}"))


def test_what_was_typed_is_there_where_the_browser_has_forgotten_who_is_there(
    office: Office,
) -> None:
    desk = office.desk("agency-reviewer")
    page = desk.goes_to(ADJUST)
    page.fill("#award", "16.00")
    desk.context.clear_cookies()
    page.fill("#justification", WORDS)
    page.click("button.main")
    page.wait_for_url("**/login**")
    page.fill("#account", "agency-reviewer")
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.wait_for_url(f"{office.address}{ADJUST}")
    assert page.input_value("#justification") == WORDS
    assert page.input_value("#award") == "16.00"


def test_a_session_that_ends_while_somebody_types_takes_no_words(office: Office) -> None:
    desk = office.desk("agency-reviewer")
    page = desk.goes_to(ADJUST)
    page.fill("#justification", WORDS)
    expect(page.locator(".draft")).to_contain_text("草稿已保存", timeout=5000)
    logins, now = office.house.app.state.office.identities, office.house.clock
    logins._clock = lambda: now() + timedelta(hours=13)  # noqa: SLF001 - time passes
    page.fill("#award", "16.00")
    page.click("button.main")
    page.wait_for_url("**/login**")
    logins._clock = now  # noqa: SLF001 - the same
    page.fill("#account", "agency-reviewer")
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.wait_for_url(f"**{ADJUST}")
    assert page.input_value("#justification") == WORDS
    assert page.input_value("#award") == "16.00"


def test_a_button_that_is_pressed_twice_makes_one_act(office: Office, submitted: Place) -> None:
    page = office.desk("agency-reviewer").goes_to(ADJUST)
    page.fill("#award", "16.00")
    page.fill("#justification", WORDS)
    page.fill("#ground", "三项没有完成值")
    page.dblclick("button.main")
    page.wait_for_url("**/indicators/*")
    assert [row[3] for row in record(submitted)].count("ScoreAdjusted") == 1


def test_it_all_works_without_a_script(office: Office, submitted: Place) -> None:
    page = office.desk("agency-reviewer", java_script_enabled=False).goes_to(ADJUST)
    page.fill("#award", "16.00")
    page.fill("#justification", WORDS)
    page.fill("#ground", "三项没有完成值")
    page.click("button.main")
    expect(page.locator(".thread")).to_contain_text(WORDS)
    assert [row[3] for row in record(submitted)].count("ScoreAdjusted") == 1


def test_a_lead_signs_the_queue_by_keys(office: Office, submitted: Place) -> None:
    reviewer = office.desk("agency-reviewer").goes_to(ADJUST)
    reviewer.fill("#award", "16.00")
    reviewer.fill("#justification", WORDS)
    reviewer.fill("#ground", "三项没有完成值")
    reviewer.click("button.main")
    reviewer.wait_for_url("**/indicators/*")
    page = office.desk("agency-lead").goes_to(f"/cases/{CASE}/countersign")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == ROW
    page.keyboard.press("c")
    expect(page.locator(".empty")).to_be_visible()
    assert record(submitted)[-1][3] == "AdjustmentCountersigned"


def test_what_weighs_much_asks_for_the_password_again_and_keeps_the_words(
    office: Office, submitted: Place
) -> None:
    page = office.desk("bureau-officer").goes_to(f"/cases/{CASE}/acts/issue-dossier")
    logins, now = office.house.app.state.office.identities, office.house.clock
    logins._clock = lambda: now() + timedelta(minutes=11)  # noqa: SLF001 - time passes
    office.house.app.state.office.clock = logins._clock  # noqa: SLF001 - the same
    page.fill("#purpose", WORDS)
    page.click("button.main")
    expect(page.locator("#problem")).to_be_focused()
    assert page.input_value("#purpose") == WORDS
    page.fill("#password", "not-this-one")
    page.click("button.main")
    expect(page.locator("#password-problem")).to_be_visible()
    page.fill("#password", PASSWORD)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/cases/{CASE}/papers")
    expect(page.locator("ul.papers").last).to_contain_text(WORDS)
    assert record(submitted)[-1][3] == "DossierIssued"


def test_a_batch_file_is_uploaded_looked_over_and_recorded(
    office: Office, submitted: Place, tmp_path: Path
) -> None:
    before, file = len(record(submitted)), tmp_path / "review.toml"
    act = '[[command]]\ndo = "confirm-score"\nindicator = "{}"\nground = "{}"\n'
    head = f'case = "{CASE}"\ndated = 2024-12-30\n'
    page = office.desk("agency-reviewer").goes_to(f"/upload?case={CASE}")
    file.write_text(head + act.format("nothing-such", "一") + act.format(ROW, "附件齐全"))
    page.set_input_files("#file", file)
    page.click("button.main")
    expect(page.locator("#problem")).to_contain_text("nothing-such")
    expect(page.locator("#problem")).to_be_focused()
    file.write_text(head + act.format(ROW, "附件齐全"))
    page.set_input_files("#file", file)
    page.click("form.upload button.main")
    expect(page.get_by_text("预演通过")).to_be_visible()
    assert len(record(submitted)) == before
    page.get_by_role("button", name="记录", exact=True).click()
    expect(page.get_by_role("heading", name="已记录")).to_be_visible()
    assert [row[3] for row in record(submitted)[before:]] == ["ScoreConfirmed"]


def test_a_table_is_read_as_it_is_and_asked_about_in_place(
    office: Office, submitted: Place, tmp_path: Path
) -> None:
    before, file = len(record(submitted)), tmp_path / "复核表.csv"
    file.write_text(
        "三级指标,分值,核查得分,得扣分原因\n部门预算资金支出率,10,9.00,支出率未达标\n无此项,3,3.00,\n"
    )
    desk = office.desk("agency-reviewer")
    page = desk.goes_to(f"/cases/{CASE}/table")
    page.set_input_files("#file", file)
    page.click("form.upload button.main")
    assert desk.hindrances() == []
    page.locator(".asked select").select_option(label="不读")
    page.get_by_role("button", name="按这些答案再读一次").click()
    page.get_by_label("只读取表中列出的指标").check()
    page.get_by_role("button", name="按这些答案再读一次").click()
    expect(page.get_by_text("预演通过")).to_be_visible()
    assert len(record(submitted)) == before
    page.get_by_role("button", name="记录", exact=True).click()
    expect(page.get_by_role("heading", name="已记录")).to_be_visible()
    assert record(submitted)[-1][3] == "ScoreAdjusted"


def test_an_answer_that_leads_to_a_question_records_nothing_before_that_is_answered(
    office: Office, submitted: Place, tmp_path: Path
) -> None:
    before, file = record(submitted), tmp_path / "复核表.csv"
    file.write_text(
        "三级指标,分值,财政口径,得扣分原因\n部门预算资金支出率,10,扣1分,支出率未达标\n"
        "采购合同签订时效性,1,0.39,75 份中 29 份\n"
    )
    page = office.desk("agency-reviewer").goes_to(f"/cases/{CASE}/table")
    page.set_input_files("#file", file)
    page.click("form.upload button.main")
    again, asked = page.get_by_role("button", name="按这些答案再读一次"), page.locator(".asked li")
    write = page.get_by_role("button", name="记录", exact=True)
    expect(asked).to_have_count(1)
    expect(page.locator("table.delivered")).to_contain_text("扣1分")
    again.click()  # with nothing answered
    expect(asked).to_have_count(1)
    expect(write).to_have_count(0)
    asked.locator("select").select_option("award")
    again.click()
    expect(asked).to_have_count(1)
    expect(asked).to_contain_text("C2")
    expect(write).to_have_count(0)
    assert record(submitted) == before
    asked.locator("input").fill("9.00")
    again.click()
    page.get_by_label("只读取表中列出的指标").check()
    again.click()
    expect(page.get_by_text("预演通过")).to_be_visible()
    assert record(submitted) == before
    write.click()
    expect(page.get_by_role("heading", name="已记录")).to_be_visible()
    assert [row[3] for row in record(submitted)[len(before) :]] == [
        *("EvidenceFiled", "EvidenceFiled", "ScoreAdjusted", "ScoreAdjusted")
    ]


def test_a_queue_keeps_what_is_typed_and_records_the_row_one_is_at(
    office: Office, submitted: Place
) -> None:
    desk = office.desk("agency-reviewer")
    page = desk.goes_to(f"/cases/{CASE}/confirm")
    words = page.locator(f'[name="words-{ROW}"]')
    desk.context.set_offline(offline=True)
    words.fill(WORDS)
    expect(page.locator(".draft")).to_contain_text("仅在本页", timeout=5000)
    page.goto("about:blank")
    desk.context.set_offline(offline=False)
    desk.goes_to(f"/cases/{CASE}/confirm")
    expect(words).to_have_value(WORDS)
    before = len(record(submitted))
    words.press("Control+Enter")
    expect(page.locator(f'li[id="{ROW}"]')).to_have_count(0)
    assert [row[3] for row in record(submitted)[before:]] == ["ScoreConfirmed"]


def test_on_paper_there_is_the_sheet_and_no_furniture(archive: Office) -> None:
    page = archive.desk("bureau-officer").goes_to(f"/cases/{CASE}/bridge")
    page.emulate_media(media="print")
    expect(page.locator(".top")).not_to_be_visible()
    expect(page.locator("ol.bridge")).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


def test_a_stranger_finds_no_case(archive: Office) -> None:
    page = archive.desk("administrator").goes_to(f"/cases/{CASE}")
    expect(page.locator(".problem")).to_contain_text("没有评价事项")


def test_a_line_says_that_something_was_recorded_since(office: Office) -> None:
    page = office.desk("agency-reviewer").goes_to(f"/cases/{CASE}/indicators/{ROW}")
    page.clock.install()
    page.reload()
    other = office.desk("agency-lead").goes_to(ADJUST)
    other.fill("#award", "15.00")
    other.fill("#justification", "另按四项计。")
    other.fill("#ground", "四项没有完成值")
    other.click("button.main")
    other.wait_for_url("**/indicators/*")
    page.clock.run_for(16000)
    expect(page.locator(".news")).to_be_visible()


OF_CASE = ("", "/bridge", "/log", "/acts", "/checks", "/rectification", f"/indicators/{ROW}")
PATHS = ("/", "/cases", "/account", ADJUST, *(f"/cases/{CASE}{part}" for part in OF_CASE))
LESS_OFTEN = (
    *(f"/cases/{CASE}/{part}" for part in ("papers", "materials", "confirm", "countersign")),
    *(
        f"/upload?case={CASE}",
        f"/cases/{CASE}/table",
        "/upload/list",
        "/portfolio",
        "/calendar",
        "/rubrics",
        "/rubric-draft",
    ),
    *("/search?q=预算", "/portfolio/compare"),
)
"""Pages that are looked at in one light and width each: they are made of the same pieces."""


LOOKS: Final = [("light", 1280), ("dark", 390)]
MORE_LOOKS: Final = [("dark", 1280), ("light", 820), ("dark", 820), ("light", 390)]


@pytest.mark.parametrize("account", ["unit-filer", "agency-reviewer", "bureau-officer", "auditor"])
def test_the_bar_at_the_top_fits_a_phone_in_english(archive: Office, account: str) -> None:
    """Its words are longer there, and how many there are depends on the account."""
    desk = archive.desk(account, viewport={"width": 390, "height": 800}, locale="en-US")
    page = desk.goes_to("/account")

    expect(page.locator(".top nav")).to_contain_text("Rubrics")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_card_on_a_phone_says_what_each_of_its_values_is(archive: Office) -> None:
    """Its headings are next to the values, where a wide window has them above."""
    desk = archive.desk("agency-reviewer", viewport={"width": 390, "height": 800})
    for path in (f"/cases/{CASE}", f"/cases/{CASE}/checks", "/cases"):
        page = desk.goes_to(path)
        room = "cells => cells.map(cell => parseFloat(getComputedStyle(cell).paddingLeft))"
        found = page.locator("table.cards td[data-heading]").evaluate_all(room)
        assert min(found, default=999) >= 100, path


@pytest.mark.parametrize(("scheme", "width"), [*LOOKS, *(MORE_LOOKS if LONG else ())])
def test_nothing_keeps_anybody_from_using_a_page(archive: Office, scheme: str, width: int) -> None:
    desk = archive.desk(
        "agency-reviewer", viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    more = LESS_OFTEN if (scheme, width) in LOOKS else ()
    for path in (*PATHS, *more):
        page = desk.goes_to(path)
        assert desk.hindrances() == [], path
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} pixels wide"
        # At 200 % a page has half the width (WCAG 1.4.4, 1.4.10).
        page.set_viewport_size({"width": max(width // 2, 320), "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= max(width // 2, 320), f"{path} is {wide} pixels wide at 200 %"
        page.set_viewport_size({"width": width, "height": 900})
    assert desk.errors == []
