"""A table as it was delivered, read by the page: shown, asked about in place, then recorded."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
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
    (upload,) = re.findall(r'name="upload" value="([0-9a-f]+)"', text)
    return desk.post(f"{ADDRESS}/record", data={"upload": upload, "side": "review", **more})


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
    assert "不能读入表" in bureau.get(ADDRESS).text
    tried = press(bureau, read(bureau, rows).text, **{"asks-partial": "1", "partial": "on"})
    done = press(bureau, tried.text, record="1", partial="on", **{"asks-partial": "1"})
    assert done.status_code == 422
    assert len(record(submitted)) == before
