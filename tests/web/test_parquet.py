"""Given accounts of all parts, when all data is asked for, then an auditor has it, who sees it all.

What is downloaded is what the command line verifies, cell by cell.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import gettempdir
from zipfile import ZipFile

import pytest

from application import parquet_zip
from projections.portfolio.exported_views import FILES
from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.terminal import CASE, done, scoretrail

HERE = "/portfolio/parquet"
PARTS = {
    "an-auditor": 200,
    "bureau-officer": 404,
    "agency-reviewer": 404,
    "agency-lead": 404,
    "unit-filer": 404,
    "administrator": 404,
}


@pytest.fixture
def place(issued: Place) -> Place:
    """A ledger with an auditor and a signed checkpoint."""
    opened = ("account", "open", "an-auditor", "--organisation", "audit-office")
    done(scoretrail(issued, "--as", "administrator", *opened, "--role", "auditor"))
    done(scoretrail(issued, "key", "generate", "city-a.example/2024"))
    done(scoretrail(issued, "checkpoint", "sign"))
    return issued


@pytest.fixture
def pages(place: Place, tmp_path: Path) -> Iterator[House]:
    with house(place, tmp_path) as made:
        yield made


def left_over() -> set[Path]:
    return set(Path(gettempdir()).glob("scoretrail-*"))


def test_who_sees_everything_has_it_and_nobody_else(pages: House) -> None:
    for account, status in PARTS.items():
        desk = pages.desk(account)
        assert desk.get(HERE).status_code == status, account
        if status == 404:
            nowhere = desk.get("/portfolio/nothing")
            assert desk.get(HERE).text == nowhere.text.replace("/nothing", "/parquet"), account
        shown = HERE in desk.get("/portfolio").text
        assert shown == (status == 200), account
    assert pages.door().get(HERE).status_code == 303


def test_what_is_downloaded_is_what_the_log_says(
    pages: House, place: Place, tmp_path: Path
) -> None:
    before = left_over()
    answer = pages.desk("an-auditor").get(HERE)

    assert answer.headers["content-type"] == "application/zip"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''data-")
    assert answer.headers["cache-control"] == "private, no-cache"
    with ZipFile(BytesIO(answer.content)) as archive:
        assert archive.namelist() == [f"{name}.parquet" for name in FILES]
        archive.extractall(tmp_path / "data")
    assert "相符" in done(scoretrail(place, "verify-export", str(tmp_path / "data"))).out
    assert left_over() <= before


def test_every_case_and_the_account_say_that_it_was_taken(pages: House) -> None:
    desk = pages.desk("an-auditor")
    desk.get(HERE)
    assert "下载全部数据" in desk.get(f"/cases/{CASE}/accesses").text
    assert "下载全部数据，日志条数：" in desk.get("/account").text


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "一分钟后再试"), ("en", "try again in a minute")]
)
def test_it_is_made_once_at_a_time(pages: House, language: str, words: str) -> None:
    desk = pages.desk("an-auditor", language)
    with pages.app.state.office.data:
        answer = desk.get(HERE)
    assert answer.status_code == 503
    assert words in answer.text
    assert desk.get(HERE).status_code == 200


def test_it_says_why_there_is_none(pages: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before, desk = left_over(), pages.desk("an-auditor")
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pyarrow.parquet", None)
        answer = desk.get(HERE)
        assert answer.status_code == 400
        assert "缺少附加功能 scale" in answer.text
    monkeypatch.setattr(parquet_zip, "ENTRIES_MAX", 10)
    answer = desk.get(HERE)
    assert answer.status_code == 400
    assert "请管理服务器的人员在服务器上导出" in answer.text
    assert left_over() <= before
    assert "下载全部数据" not in desk.get("/account").text


def test_without_a_signed_checkpoint_there_is_nothing_to_verify_it_by(
    issued: Place, tmp_path: Path
) -> None:
    opened = ("account", "open", "an-auditor", "--organisation", "audit-office")
    done(scoretrail(issued, "--as", "administrator", *opened, "--role", "auditor"))
    with house(issued, tmp_path) as made:
        answer = made.desk("an-auditor").get(HERE)
    assert answer.status_code == 400
    assert "尚未签署检查点" in answer.text
