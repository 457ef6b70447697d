"""A table as it was delivered, read by the page: shown, asked about in place, then recorded."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import Workbook, load_workbook
from starlette.testclient import TestClient

from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.terminal import CASE, record

pytestmark = pytest.mark.sqlite_only("it is about a page; tests/cli/test_import_table has both")

ADDRESS = f"/cases/{CASE}/table"
"""Of the page."""

HEADINGS = ["三级指标", "分值", "自评得分", "核查得分", "得扣分原因"]


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    with house(submitted, tmp_path) as made:
        yield made


def read(desk: TestClient, content: bytes, side: str = "review") -> Any:  # noqa: ANN401 - an answer
    files = {"file": ("复核表.csv", content, "application/octet-stream")}
    return desk.post(ADDRESS, data={"side": side}, files=files)


def press(desk: TestClient, text: str, **more: str) -> Any:  # noqa: ANN401 - the same
    """Press a button of the page, with what it holds."""
    held = dict(re.findall(r'type="hidden" name="(upload|side|form)" value="([^"]*)"', text))
    return desk.post(f"{ADDRESS}/record", data={**held, **more})


def asked(text: str) -> list[str]:
    """The questions of the page, by their lines of the mapping file."""
    return re.findall(r'<li class="field"><label for="([^"]+)"', text)


def table(*rows: list[str]) -> bytes:
    return "\n".join(",".join(row) for row in [HEADINGS, *rows]).encode()


def test_a_table_is_shown_asked_about_and_recorded(pages: House, submitted: Place) -> None:
    before, desk = len(record(submitted)), pages.desk("agency-reviewer")
    content = table(
        ["部门预算资金支出率", "10", "10.00", "9.00", "支出率未达标"],
        ["新增项目事前绩效评估", "2", "2.00", "2.00", ""],
        ["没有这一项", "3", "3.00", "3.00", ""],
    )
    shown = read(desk, content)
    assert shown.status_code == 200, shown.text
    for words in ("支出率未达标", "没有这一项", "expenditure-rate", "核查得分"):
        assert words in shown.text
    (question,) = asked(shown.text)
    assert len(record(submitted)) == before

    # Nothing is recorded while something is open, whatever is pressed.
    early = press(desk, shown.text, record="1")
    assert (early.status_code, len(record(submitted))) == (422, before)
    assert asked(early.text) == [question]

    answered = press(desk, early.text, **{f"answer:{question}": "ignore"})
    assert asked(answered.text) == []
    assert 'name="partial"' in answered.text  # the table lacks indicators, which is said
    tried = press(desk, answered.text, **{"asks-partial": "1", "partial": "on"})
    assert "预演通过" in tried.text, tried.text
    assert len(record(submitted)) == before
    done = press(desk, tried.text, record="1")
    assert (done.status_code, "已记录" in done.text) == (200, True), done.text
    assert [row[3] for row in record(submitted)[before:]] == [
        *("EvidenceFiled", "EvidenceFiled", "ScoreAdjusted", "ScoreConfirmed")
    ]
    again = press(desk, tried.text, record="1")
    assert (again.status_code, len(record(submitted))) == (409, before + 4)


def test_what_is_no_table_is_told(pages: House, submitted: Place) -> None:
    before, desk = len(record(submitted)), pages.desk("agency-reviewer", "en")
    for content in (b"", b"\x00\x01", "只有一句话".encode()):
        answer = read(desk, content)
        assert answer.status_code == 422
        assert 'id="problem"' in answer.text
        assert "Traceback" not in answer.text
    assert desk.post(ADDRESS, data={"side": "review"}).status_code == 422
    assert read(desk, table(), side="neither").status_code == 422
    assert len(record(submitted)) == before


def test_a_table_is_nobody_elses_and_of_no_use_to_who_may_not_act(
    pages: House, submitted: Place
) -> None:
    before = len(record(submitted))
    rows = table(["部门预算资金支出率", "10", "10.00", "9.00", "支出率未达标"])
    shown = read(pages.desk("agency-reviewer"), rows)
    assert press(pages.desk("agency-lead"), shown.text, record="1").status_code == 409
    bureau = pages.desk("bureau-officer")
    page = bureau.get(ADDRESS).text  # who records nothing may still have it filled in
    assert re.findall(r"<option value=\"([a-z-]+)\"", page) == ["fill"]
    tried = press(bureau, read(bureau, rows).text, **{"asks-partial": "1", "partial": "on"})
    done = press(bureau, tried.text, record="1", partial="on", **{"asks-partial": "1"})
    assert done.status_code == 422
    assert len(record(submitted)) == before


def own_table(*rows: list[str]) -> bytes:
    headings = ["三级指标", "分值", "核定数", "自评得分", "未达标原因"]
    return "\n".join(",".join(row) for row in [headings, *rows]).encode()


@pytest.fixture
def waiting(opened: Place, tmp_path: Path) -> Iterator[House]:
    """A case that waits for the unit's self-evaluation."""
    with house(opened, tmp_path) as made:
        yield made


OWN_ROWS = own_table(
    ["部门预算资金支出率", "10", "9.50", "10.00", ""],
    ["新增项目事前绩效评估", "2", "1.50", "2.00", ""],
)


def test_the_units_own_table_goes_in_there_too(waiting: House, opened: Place) -> None:
    before, desk = len(record(opened)), waiting.desk("unit-filer")
    shown = read(desk, OWN_ROWS, side="self-evaluation")
    assert shown.status_code == 200, shown.text
    for words in ("expenditure-rate", "自评得分", "表头如此"):  # each column, and why
        assert words in shown.text
    question = asked(shown.text)  # what is 核定数?
    assert question == ["columns:复核表!C1"]
    early = press(desk, shown.text, record="1")
    assert (early.status_code, len(record(opened))) == (422, before)

    answers = {f"answer:{question[0]}": "ignore", "asks-submit": "1", "asks-partial": "1"}
    tried = press(desk, early.text, partial="on", **answers)
    assert "预演通过" in tried.text, tried.text
    assert len(record(opened)) == before
    done = press(desk, tried.text, record="1", partial="on", **answers)
    assert "已记录" in done.text, done.text
    assert [row[3] for row in record(opened)[before:]] == [
        *("EvidenceFiled", "EvidenceFiled", "ScoreClaimed", "ScoreClaimed")
    ]
    # The answers are filed with the table: nothing is asked twice.
    assert asked(read(desk, OWN_ROWS, side="self-evaluation").text) == []


def test_a_table_and_its_answers_outlast_the_page(waiting: House) -> None:
    desk = waiting.desk("unit-filer")
    shown = read(desk, OWN_ROWS, side="self-evaluation").text
    (name,) = re.findall(r'data-draft="([^"]+)"', shown)
    (question,) = asked(shown)
    fields = {f"answer:{question}": ["ignore"]}
    assert desk.post("/drafts", json={"form": name, "fields": fields}).status_code == 204
    again = desk.get(ADDRESS).text  # another tab, another day, after a restart
    assert "复核表.csv" in again
    assert asked(again) == []

    # Answered in a session that had ended: the account finds it when it logs in again.
    fresh = read(desk, OWN_ROWS, side="self-evaluation").text
    waiting.clock.ahead += timedelta(hours=13)
    sent = press(desk, fresh, **{f"answer:{question}": "ignore"})
    assert unquote(sent.headers["location"]) == f"/login?next={ADDRESS}"
    assert asked(waiting.desk("unit-filer").get(ADDRESS).text) == []
    assert "复核表.csv" not in waiting.desk("agency-reviewer").get(ADDRESS).text


def test_what_is_handed_in_waits_where_it_was_handed_in(waiting: House) -> None:
    """A rubric's table, a batch file and the table of a case leave each other alone."""
    desk = waiting.desk("unit-filer")
    shown = read(desk, OWN_ROWS, side="self-evaluation").text
    rubric = "三级指标,分值,评分标准\n预算执行率,100,达到95%得满分。\n".encode()
    drafted = desk.post("/rubric-draft", files={"file": ("指标表.csv", rubric)}).text
    batch = f'case = "{CASE}"\n[[command]]\ndo = "make-statement"\nitem = "a"\nkind = "goal"\n'
    looked_over = desk.post(
        "/upload", files={"file": ("a.toml", f'{batch}statement = "按期完成"\n')}
    ).text
    assert "复核表.csv" in desk.get(ADDRESS).text
    (question,) = asked(shown)
    assert asked(press(desk, shown, **{f"answer:{question}": "ignore"}).text) == []
    (upload,) = re.findall(r'name="upload" value="([0-9a-f]+)"', looked_over)
    assert desk.post("/upload/record", data={"upload": upload}).status_code == 200
    (upload,) = set(re.findall(r'name="upload" value="([0-9a-f]+)"', drafted))
    assert "预算执行率" in desk.post("/rubric-draft", data={"upload": upload}).text
    assert "复核表.csv" in desk.get(ADDRESS).text


def test_a_table_is_had_back_filled_in(submitted: Place, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active
    for row in (
        ["三级指标", "分值", "自评得分", "核查得分"],
        ["部门预算资金支出率", 10, None, None],
        ["新增项目事前绩效评估", 2, 1, None],
    ):
        book.active.append(row)
    book.save(tmp_path / "表.xlsx")
    before = len(record(submitted))
    with house(submitted, tmp_path) as made:
        desk = made.desk("bureau-officer")
        files = {"file": ("表.xlsx", (tmp_path / "表.xlsx").read_bytes(), "application/x")}
        shown = desk.post(ADDRESS, data={"side": "fill"}, files=files)
        assert "填写 2 格" in shown.text, shown.text
        (link,) = re.findall(r'href="([^"]+/table/filled/[0-9a-f]+)"', shown.text)
        (tmp_path / "填好.xlsx").write_bytes(desk.get(link).content)
        assert made.desk("unit-filer").get(link).status_code == 400  # it is nobody else's
        told = read(desk, table(["部门预算资金支出率", "10", "", "", ""]), side="fill")
        assert 'id="problem"' in told.text  # no workbook
        assert "/table/filled/" not in told.text
    sheet = load_workbook(tmp_path / "填好.xlsx").active
    assert sheet
    assert [cell.value for cell in sheet["C"]] == ["自评得分", 10, 2]
    assert [cell.value for cell in sheet["D"]] == ["核查得分", None, None]
    assert len(record(submitted)) == before


def test_a_row_that_was_taken_for_another_is_corrected_in_place(pages: House) -> None:
    desk = pages.desk("agency-reviewer")
    shown = read(
        desk,
        table(
            ["部门预算资金支出率", "10", "10.00", "9.00", "支出率未达标"],
            ["部门预算资金支出率", "10", "10.00", "8.00", "其实是别的一项"],
        ),
    )
    both = {f"answer:{one}": "expenditure-rate" for one in asked(shown.text)}
    wrong = press(desk, shown.text, **both)  # a slip
    assert "请在下面改正" in wrong.text, wrong.text
    assert ".mapping.toml" not in wrong.text  # the page has a place of its own
    mended = press(desk, wrong.text, **{"fix-row": "复核表!3", "fix-as": "pre-assessment"})
    assert "请勾选下面一项" in mended.text
    assert ".mapping.toml" not in mended.text
    means = re.findall(r'<span class="id">([a-z-]+)</span>', mended.text)
    assert means == ["expenditure-rate", "pre-assessment"]
