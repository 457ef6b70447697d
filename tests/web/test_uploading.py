"""Filled forms and batch files by the page: looked over first, recorded with one press, or not."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.terminal import CASE, record
from tests.support.workbooks import Book

HEAD = f'case = "{CASE}"\ndated = 2024-12-30\n'
CONFIRM = '[[command]]\ndo = "confirm-score"\nindicator = "{}"\nground = "附件齐全"\n'
ROWS = ("output-goals", "e-contracts", "benefit-goals")
RUBRIC = "zhanjiang-departments-2023"
NAMES = (
    "部门整体绩效目标产出指标完成情况",
    "采购合同签订时效性 e-contracts",  # two rows have this name
    "部门整体绩效目标效益指标完成情况",
)


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    with house(submitted, tmp_path) as made:
        yield made


def upload(desk: TestClient, **files: bytes | str) -> Any:  # noqa: ANN401 - an answer
    sent = [
        ("file", (name.replace("__", "."), content, "application/octet-stream"))
        for name, content in files.items()
    ]
    return desk.post("/upload", files=sent)


def press(desk: TestClient, text: str, **more: str) -> Any:  # noqa: ANN401 - the same
    (waiting,) = re.findall(r'name="upload" value="([0-9a-f]+)"', text)
    return desk.post("/upload/record", data={"upload": waiting, **more})


def mistakes(text: str) -> list[tuple[str, str]]:
    """Where something is wrong, and what."""
    told = text.partition('id="problem"')[2].partition("</tbody>")[0]
    return re.findall(r'<td data-heading="Where">(.*?)</td><td[^>]*>(.*?)</td>', told)


def batch(*rows: str) -> str:
    return HEAD + "".join(CONFIRM.format(row) for row in rows)


def test_what_would_be_recorded_is_shown_and_recorded_with_one_press(
    pages: House, submitted: Place
) -> None:
    before, desk = len(record(submitted)), pages.desk("agency-reviewer", "en")
    shown = upload(desk, review__toml=batch(*ROWS))
    assert shown.status_code == 200, shown.text
    assert all(f'data-heading="Subject">{name}</td>' in shown.text for name in NAMES)
    assert len(record(submitted)) == before
    done = press(desk, shown.text)
    assert (done.status_code, "3 recorded" in done.text) == (200, True)
    assert [row[3] for row in record(submitted)[before:]] == ["ScoreConfirmed"] * 3
    assert press(desk, shown.text).status_code == 409  # the files are gone
    assert len(record(submitted)) == before + 3


def test_a_form_is_downloaded_filled_in_and_recorded(
    pages: House, submitted: Place, tmp_path: Path
) -> None:
    desk = pages.desk("agency-reviewer", "en")
    path = tmp_path / "review.xlsx"
    path.write_bytes(desk.get(f"/cases/{CASE}/forms/review").content)
    book = Book(path)
    written = {"award": "16.00", "justification": "按五项平均", "ground": "报告缺三项"}
    cells = {book.ref("Awards", "output-goals", key): value for key, value in written.items()}
    book.put("Awards", cells).save(path)
    shown = upload(desk, review__xlsx=path.read_bytes())
    assert shown.status_code == 200, shown.text.partition("<main")[2]
    assert press(desk, shown.text).status_code == 200
    assert record(submitted)[-1][3] == "ScoreAdjusted"


def test_every_mistake_of_a_form_is_told_at_its_cell(
    pages: House, submitted: Place, tmp_path: Path
) -> None:
    before, desk = len(record(submitted)), pages.desk("agency-reviewer", "en")
    path = tmp_path / "review.xlsx"
    path.write_bytes(desk.get(f"/cases/{CASE}/forms/review").content)
    book = Book(path)
    refs = [book.ref("Awards", row, "award") for row in ROWS]
    book.put("Awards", dict.fromkeys(refs, "sixteen")).save(path)
    shown = upload(desk, review__xlsx=path.read_bytes())
    assert shown.status_code == 422
    places = [unescape(where) for where, _ in mistakes(shown.text)]
    assert sorted(places) == sorted(f"review.xlsx, sheet 'Awards', cell {ref}" for ref in refs)
    assert 'name="upload"' not in shown.text
    assert len(record(submitted)) == before


def test_every_refusal_of_a_batch_is_told_with_its_line(pages: House, submitted: Place) -> None:
    before, desk = len(record(submitted)), pages.desk("agency-reviewer", "en")
    wrong = CONFIRM.format("output-goals").replace("confirm-score", "adjust-score")
    over, twice = f'{wrong}award = "99"\n', CONFIRM.format("e-contracts")
    shown = upload(desk, a__toml=HEAD + over + twice + twice + CONFIRM.format("no-such-row"))
    assert shown.status_code == 422
    lines = [re.search(r"line (\d+)", where) for where, _ in mistakes(shown.text)]
    assert [int(line[1]) for line in lines if line] == [3, 16]
    assert len(record(submitted)) == before


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a__toml", 'case = "x', "Not TOML"),
        ("a__toml", "指标".encode("gb18030"), "UTF-8"),
        ("a__jsonl", "{", "Not JSON"),
        ("a__xlsx", b"PK\x03\x04 and no more", "Not an intact .xlsx"),
        ("a__xlsx", "<html>", "Not an intact .xlsx"),
        ("a__toml", "", "no command"),
        ("a__pdf", b"%PDF-1.7", "Choose one filled-in form"),
        ("a__toml", HEAD + '[[command]]\ndo = "drop-table"\n', "drop-table"),
    ],
)
def test_what_is_no_batch_is_told_so(
    pages: House, name: str, content: bytes | str, words: str
) -> None:
    shown = upload(pages.desk("agency-reviewer", "en"), **{name: content})
    assert (shown.status_code, words in shown.text) == (422, True), shown.text
    assert "Traceback" not in shown.text


def test_nobody_acts_for_another_account_by_a_file(pages: House, submitted: Place) -> None:
    before, desk = len(record(submitted)), pages.desk("agency-reviewer", "en")
    shown = upload(desk, a__toml='as = "agency-lead"\n' + batch("output-goals"))
    assert (shown.status_code, "agency-lead" in shown.text) == (422, True)
    assert len(record(submitted)) == before


def test_a_case_that_one_does_not_see_is_told_like_one_that_is_not_there(pages: House) -> None:
    desk = pages.desk("administrator", "en")
    told = [
        upload(desk, a__toml=batch("output-goals").replace(CASE, case)).text.replace(case, "")
        for case in (CASE, "zhanjiang-amr-2099")
    ]
    assert told[0].partition("<main")[2] == told[1].partition("<main")[2]


FILE = '[[command]]\ndo = "file-evidence"\nfile = "{}"\ntitle = "抽查记录"\n'


def test_files_go_with_the_batch_that_names_them(pages: House, submitted: Place) -> None:
    desk = pages.desk("agency-reviewer", "en")
    cites = CONFIRM.format("output-goals") + 'evidence = ["notes.pdf"]\n'
    content = HEAD + FILE.format("notes.pdf") + cites
    without = upload(desk, a__toml=content)
    assert (without.status_code, "upload it together" in without.text) == (422, True)
    shown = upload(desk, a__toml=content, notes__pdf=b"%PDF-1.7 notes")
    assert shown.status_code == 200, shown.text
    kept = [each for each in submitted.evidence.rglob("*") if each.is_file()]
    assert not [each for each in kept if each.read_bytes() == b"%PDF-1.7 notes"]
    assert press(desk, shown.text).status_code == 200
    assert [row[3] for row in record(submitted)][-2:] == ["EvidenceFiled", "ScoreConfirmed"]


@pytest.mark.parametrize("name", ["/etc/hostname", "../logins", "ledger.db", "a.toml/../x"])
def test_no_file_of_the_machine_is_read(pages: House, name: str) -> None:
    shown = upload(pages.desk("agency-reviewer", "en"), a__toml=HEAD + FILE.format(name))
    assert (shown.status_code, "is not there" in shown.text) == (422, True)


def test_an_upload_is_nobody_elses(pages: House, submitted: Place) -> None:
    before = len(record(submitted))
    shown = upload(pages.desk("agency-reviewer"), a__toml=batch("output-goals"))
    assert press(pages.desk("agency-lead"), shown.text).status_code == 409
    assert len(record(submitted)) == before


def test_what_was_sound_and_is_no_longer_is_not_recorded(pages: House, submitted: Place) -> None:
    desk = pages.desk("agency-reviewer", "en")
    shown = upload(desk, a__toml=batch("output-goals", "e-contracts"))
    path = f"/cases/{CASE}/acts/confirm-score"
    given = {"indicator": "e-contracts", "ground": "x", "key": "k"}
    assert pages.desk("agency-lead").post(path, data=given).status_code == 303
    before = len(record(submitted))
    answer = press(desk, shown.text)
    assert answer.status_code in {200, 422}
    assert len(record(submitted)) == before + (2 if answer.status_code == 200 else 0)
