"""Acts by the page: the right events, refusals at their fields, and nothing typed is lost."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient

from intake.command_fields import is_of_case
from ledger.commands import COMMANDS
from tests.support.desks import PASSWORD, House, house
from tests.support.places import Place
from tests.support.terminal import CASE, done, record, scoretrail
from web.pages.acting import ELSEWHERE

ROW = "output-goals"
ADJUST = f"/cases/{CASE}/acts/adjust-score"
WORDS = "报告只列出其中五项的完成值，按附件一第一条计分。"


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    with house(submitted, tmp_path) as made:
        yield made


def filled(desk: TestClient, path: str, **fields: str) -> dict[str, str]:
    """What a page with fields would send, with some of them filled in."""
    text = desk.get(path).text
    hidden = dict(re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)"', text))
    dated = re.findall(r'name="dated" type="date" value="([^"]*)"', text)
    return {**hidden, "dated": dated[0], **fields}


def test_an_adjustment_is_recorded_with_its_reason(pages: House, submitted: Place) -> None:
    before = len(record(submitted))
    desk = pages.desk("agency-reviewer")
    given = filled(desk, ADJUST, indicator=ROW, award="16.00", justification=WORDS, clause="附件一")
    answer = desk.post(ADJUST, data={**given, "dated": "2024-12-30", "ground": "按五项平均"})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/cases/{CASE}/indicators/{ROW}"
    assert len(record(submitted)) == before + 1
    text = desk.get(answer.headers["location"]).text
    assert WORDS in text
    assert "16.00" in text


def test_a_form_that_is_sent_twice_makes_one_act(pages: House, submitted: Place) -> None:
    desk = pages.desk("agency-reviewer")
    given = filled(desk, ADJUST, indicator=ROW, award="16.00", justification=WORDS, ground="酌情")
    assert [desk.post(ADJUST, data=given).status_code for _ in range(2)] == [303, 303]
    made = [row for row in record(submitted) if row[3] == "ScoreAdjusted"]
    assert len(made) == 1


def test_what_is_refused_comes_back_with_all_that_was_typed(pages: House, submitted: Place) -> None:
    before = len(record(submitted))
    desk = pages.desk("agency-reviewer", "en")
    given = filled(desk, ADJUST, indicator=ROW, award="21.00", justification=WORDS)
    answer = desk.post(ADJUST, data=given)
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert 'value="21.00"' in answer.text
    assert 'role="alert"' in answer.text or "wrong-words" in answer.text
    assert "scoretrail " not in answer.text.partition("<main")[2]
    assert len(record(submitted)) == before


@pytest.mark.parametrize(
    ("award", "words"), [("8,5", "0-9"), ("sixteen", "0-9"), ("", "Fill this in"), ("１６", "0-9")]
)
def test_what_is_no_number_is_told_at_its_field(pages: House, award: str, words: str) -> None:
    desk = pages.desk("agency-reviewer", "en")
    given = filled(desk, ADJUST, indicator=ROW, award=award, justification=WORDS)
    answer = desk.post(ADJUST, data=given)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Traceback" not in answer.text


def test_what_somebody_else_did_meanwhile_is_shown_and_the_words_are_kept(pages: House) -> None:
    one, other = pages.desk("agency-reviewer", "en"), pages.desk("agency-lead", "en")
    theirs = filled(one, ADJUST, indicator=ROW, award="16.00", justification=WORDS, ground="x")
    given = filled(other, ADJUST, indicator=ROW, award="15.00", justification="another", ground="y")
    assert other.post(ADJUST, data=given).status_code == 303
    answer = one.post(ADJUST, data=theirs)
    assert answer.status_code == 409
    assert WORDS in answer.text
    assert "agency-lead" in answer.text.partition("since you opened this")[2]
    again = dict(theirs)
    (again["seen"],) = re.findall(r'name="seen" value="([^"]*)"', answer.text)
    assert one.post(ADJUST, data=again).status_code == 303


def test_a_key_under_which_something_else_was_recorded_is_told_and_replaced(pages: House) -> None:
    desk = pages.desk("agency-reviewer", "en")
    given = filled(desk, ADJUST, indicator=ROW, award="16.00", justification=WORDS, ground="x")
    assert desk.post(ADJUST, data=given).status_code == 303
    other = desk.post(ADJUST, data={**given, "award": "15.00", "seen": ""})
    assert (other.status_code, 'value="15.00"' in other.text) == (422, True)
    (key,) = re.findall(r'name="key" value="([^"]*)"', other.text)
    assert key != given["key"]


def test_every_field_that_is_wrong_is_told_at_once(pages: House) -> None:
    desk = pages.desk("agency-reviewer", "en")
    text = desk.post(ADJUST, data={"indicator": "No Id", "award": "8,5", "key": "k"}).text
    summary = text.partition('id="problem"')[2].partition("<form")[0]
    assert re.findall('href="#(.*?)"', summary) == ["indicator", "award"]
    assert 'aria-describedby="award-words award-problem"' in text
    assert desk.post(ADJUST, data={"key": "k"}).text.count('class="wrong-words"') == 2


def test_what_an_act_makes_gets_an_id_that_is_free(pages: House) -> None:
    desk = pages.desk("agency-reviewer", "en")
    path = f"/cases/{CASE}/acts/raise-finding"
    assert 'name="finding" type="text" value="finding-1"' in desk.get(path).text
    given = filled(desk, path, finding="finding-1", title="问题", statement=WORDS)
    assert desk.post(path, data=given).status_code == 303
    assert 'name="finding" type="text" value="finding-2"' in desk.get(path).text


def test_news_about_another_row_does_not_disturb(pages: House) -> None:
    one, other = pages.desk("agency-reviewer"), pages.desk("agency-lead")
    mine = filled(one, ADJUST, indicator=ROW, award="16.00", justification=WORDS, ground="x")
    path = f"/cases/{CASE}/acts/confirm-score"
    theirs = filled(other, path, indicator="e-contracts")
    other.post(path, data=theirs)
    assert one.post(ADJUST, data=mine).status_code == 303


def test_an_act_of_another_party_is_not_done(pages: House, submitted: Place) -> None:
    before = len(record(submitted))
    desk = pages.desk("unit-filer")
    given = filled(desk, ADJUST, indicator=ROW, award="20.00", justification=WORDS)
    assert desk.post(ADJUST, data=given).status_code == 422
    assert len(record(submitted)) == before


def test_a_date_that_looks_like_a_slip_is_asked_about_and_may_be_right(
    pages: House, submitted: Place
) -> None:
    before = len(record(submitted))
    desk = pages.desk("agency-reviewer", "en")
    given = filled(desk, ADJUST, indicator=ROW, award="16.00", justification=WORDS, ground="x")
    given["dated"] = "2014-12-30"
    asked = desk.post(ADJUST, data=given)
    assert asked.status_code == 422
    assert 'name="confirmed_date" value="2014-12-30"' in asked.text
    assert len(record(submitted)) == before
    assert desk.post(ADJUST, data={**given, "confirmed_date": "2014-12-30"}).status_code == 303


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dated", "2024/9/2"),
        ("dated", "2024-02-30"),
        ("seen", "last"),
        ("seen", "-1"),
        ("confirmed_date", "30.12."),
    ],
)
def test_what_a_page_never_sends_is_refused_and_not_believed(
    pages: House, submitted: Place, name: str, value: str
) -> None:
    before = len(record(submitted))
    desk = pages.desk("agency-reviewer", "en")
    given = filled(desk, ADJUST, indicator=ROW, award="16.00", justification=WORDS, ground="x")
    answer = desk.post(ADJUST, data={**given, name: value})
    assert answer.status_code == 422
    assert value in answer.text
    assert WORDS in answer.text
    assert len(record(submitted)) == before


def test_a_figure_is_restated_by_what_changes(pages: House, submitted: Place) -> None:
    desk = pages.desk("agency-reviewer")
    path = f"/cases/{CASE}/acts/restate-figure"
    given = filled(
        desk, path, figure_id="marketplace-contracts-signed-online", value="29", reason="照合同清单"
    )
    answer = desk.post(path, data=given)
    assert answer.status_code == 303, answer.text.partition("<main")[2]
    assert record(submitted)[-1][3] == "FigureRestated"


def test_nobody_keeps_a_file_by_an_act_that_is_not_theirs(pages: House, submitted: Place) -> None:
    auditor = ("account", "open", "an-auditor", "--organisation", "audit-office")
    done(scoretrail(submitted, "--as", "administrator", *auditor))
    done(
        scoretrail(submitted, "--as", "administrator", "account", "grant", "an-auditor", "auditor")
    )
    desk = pages.desk("an-auditor")
    path = f"/cases/{CASE}/acts/file-evidence"
    content = b"kept by nobody"
    answer = desk.post(
        path, data=filled(desk, path, title="x"), files={"file": ("x.txt", content, "text/plain")}
    )
    assert answer.status_code == 422
    assert content not in [
        each.read_bytes() for each in submitted.evidence.rglob("*") if each.is_file()
    ]


def test_only_what_one_may_do_is_offered(pages: House) -> None:
    reviewer = pages.desk("agency-reviewer").get(f"/cases/{CASE}/acts").text
    unit = pages.desk("unit-filer").get(f"/cases/{CASE}/acts").text
    assert "/acts/adjust-score" in reviewer
    assert "/acts/issue-result" not in reviewer
    assert "/acts/adjust-score" not in unit
    assert "/acts/lodge-appeal" in unit  # with the rest that this stage does not allow
    assert "/acts/lodge-appeal" not in unit.partition("不能办理的")[0]
    row = pages.desk("agency-reviewer").get(f"/cases/{CASE}/indicators/{ROW}").text
    assert re.search(r'acts/adjust-score\?indicator=output-goals"[^>]* data-key="e"', row)
    assert (
        "acts/raise-objection"
        not in pages.desk("unit-filer").get(f"/cases/{CASE}/indicators/{ROW}").text
    )


@pytest.mark.server_sample(8)
@pytest.mark.parametrize("do", [do for do in COMMANDS if is_of_case(do) and do not in ELSEWHERE])
def test_every_act_of_a_case_has_a_page_with_its_fields(pages: House, do: str) -> None:
    for language in ("zh", "en"):
        answer = pages.desk("bureau-officer", language).get(f"/cases/{CASE}/acts/{do}")
        assert answer.status_code == 200, answer.text
        for name in re.findall(r'<(?:input|textarea|select) id="([^"]*)"', answer.text):
            assert f'for="{name}"' in answer.text or f'id="{name}" name="{name}"' in answer.text


def test_a_file_is_kept_and_shown_for_what_it_is(pages: House, submitted: Place) -> None:
    desk = pages.desk("agency-reviewer")
    path = f"/cases/{CASE}/acts/file-evidence"
    file = ("../../sheet.pdf", b"%PDF-1.7 made for a test", "text/html")
    given = filled(desk, path, title="抽查记录")
    answer = desk.post(path, data=given, files={"file": file})
    assert answer.status_code == 303, answer.text
    sha256 = next(
        each.name for each in submitted.evidence.rglob("*")
        if each.is_file() and each.read_bytes() == file[1]
    )  # fmt: skip
    shown = desk.get(f"/cases/{CASE}/evidence/{sha256}")
    assert shown.headers["content-type"] == "application/pdf"
    assert "sandbox" in shown.headers["content-security-policy"]
    # The unit has not been told what the agency found, so the file is not there for it.
    assert pages.desk("unit-filer").get(f"/cases/{CASE}/evidence/{sha256}").status_code == 404


@pytest.mark.parametrize(
    ("content", "shown_as"),
    [
        (b"<html><script>alert(1)</script>", "text/plain; charset=utf-8"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"MZ\x00\x00", "application/octet-stream"),
        ("理由".encode("gb18030"), "application/octet-stream"),
    ],
)
def test_what_is_uploaded_is_shown_by_its_bytes(
    pages: House, submitted: Place, content: bytes, shown_as: str
) -> None:
    desk = pages.desk("agency-reviewer")
    path = f"/cases/{CASE}/acts/file-evidence"
    given = filled(desk, path, title="一份文件")
    desk.post(path, data=given, files={"file": ("a.html", content, "text/html")})
    (sha256,) = (
        each.name for each in submitted.evidence.rglob("*")
        if each.is_file() and each.read_bytes() == content
    )  # fmt: skip
    shown = desk.get(f"/cases/{CASE}/evidence/{sha256}")
    assert shown.headers["content-type"] == shown_as
    assert ("inline" in shown.headers["content-disposition"]) == (
        shown_as != "application/octet-stream"
    )


class TestDrafts:
    def keep(self, desk: TestClient, **fields: str) -> int:
        draft = {
            "form": f"{CASE}/adjust-score/{ROW}",
            "fields": {k: [v] for k, v in fields.items()},
        }
        return desk.post("/drafts", json=draft).status_code

    def test_what_was_typed_is_there_again(self, pages: House) -> None:
        desk = pages.desk("agency-reviewer", "en")
        assert self.keep(desk, justification=WORDS, award="16", indicator=ROW) == 204
        again = pages.desk("agency-reviewer", "en").get(f"{ADJUST}?indicator={ROW}").text
        assert WORDS in again
        assert "your earlier draft" in again

    def test_it_is_nobody_elses(self, pages: House) -> None:
        self.keep(pages.desk("agency-reviewer"), justification=WORDS, indicator=ROW)
        assert WORDS not in pages.desk("agency-lead").get(f"{ADJUST}?indicator={ROW}").text

    def test_what_was_recorded_is_no_draft_any_more(self, pages: House) -> None:
        desk = pages.desk("agency-reviewer")
        self.keep(desk, justification=WORDS, indicator=ROW)
        given = filled(desk, f"{ADJUST}?indicator={ROW}", indicator=ROW, award="16.00",
                       justification=WORDS, ground="x")  # fmt: skip
        assert desk.post(ADJUST, data=given).status_code == 303
        form, _, beside = desk.get(f"{ADJUST}?indicator={ROW}").text.partition("<aside")
        assert WORDS not in form
        assert WORDS in beside  # where the row stands as it was left

    def test_what_is_refused_stays_one(self, pages: House) -> None:
        desk = pages.desk("agency-reviewer")
        self.keep(desk, justification=WORDS, indicator=ROW)
        given = filled(desk, f"{ADJUST}?indicator={ROW}", indicator=ROW, award="99",
                       justification=WORDS)  # fmt: skip
        desk.post(ADJUST, data=given)
        assert WORDS in desk.get(f"{ADJUST}?indicator={ROW}").text

    def test_what_was_typed_about_one_row_is_gone_though_another_was_chosen(
        self, pages: House
    ) -> None:
        desk = pages.desk("agency-reviewer")
        self.keep(desk, justification=WORDS, indicator=ROW)
        opened = f"{CASE}/adjust-score/{ROW}"
        given = filled(desk, f"{ADJUST}?indicator={ROW}", indicator="benefit-goals",
                       award="16.00", justification=WORDS, ground="x", form=opened)  # fmt: skip
        assert desk.post(ADJUST, data=given).status_code == 303
        assert WORDS not in desk.get(f"{ADJUST}?indicator={ROW}").text

    def test_a_password_is_no_part_of_one(self, pages: House) -> None:
        desk = pages.desk("agency-reviewer")
        self.keep(desk, password="only-for-tests", justification=WORDS)  # noqa: S106 - of a test
        kept = pages.kept.draft("agency-reviewer", f"{CASE}/adjust-score/{ROW}") or ""
        assert WORDS in kept
        assert "only-for-tests" not in kept

    def test_what_is_sent_after_the_session_ended_is_there_after_the_next_login(
        self, pages: House, submitted: Place
    ) -> None:
        before = len(record(submitted))
        desk = pages.desk("agency-reviewer", "en")
        path = f"{ADJUST}?indicator={ROW}"
        given = filled(desk, path, indicator=ROW, award="16.00", justification=WORDS, ground="x")
        pages.clock.ahead += timedelta(hours=13)
        sent = desk.post(ADJUST, data={**given, "form": f"{CASE}/adjust-score/{ROW}"})
        back = sent.headers["location"].removeprefix("/login?next=")
        assert unquote(back) == path
        assert len(record(submitted)) == before
        again = {"account": "agency-reviewer", "password": PASSWORD, "next": unquote(back)}
        assert desk.post("/login", data=again).headers["location"] == path
        text = desk.get(path).text
        assert WORDS in text
        assert 'value="16.00"' in text

    def test_a_script_is_told_that_nobody_is_there(self, pages: House) -> None:
        desk = pages.desk("agency-reviewer")
        pages.clock.ahead += timedelta(hours=13)
        assert self.keep(desk, justification=WORDS) == 401

    def test_a_draft_outlives_the_server(
        self, pages: House, submitted: Place, tmp_path: Path
    ) -> None:
        self.keep(pages.desk("agency-reviewer"), justification=WORDS, indicator=ROW)
        with house(submitted, tmp_path) as made:
            assert WORDS in made.desk("agency-reviewer").get(f"{ADJUST}?indicator={ROW}").text

    @pytest.mark.parametrize("body", ["{", "[]", '{"form": "a"}', '{"form": "a", "fields": 1}'])
    def test_what_is_none_is_not_kept(self, pages: House, body: str) -> None:
        desk = pages.desk("agency-reviewer")
        sent = desk.post("/drafts", content=body, headers={"content-type": "application/json"})
        assert sent.status_code == 400


class TestAppeals:
    @pytest.fixture
    def decided(self, issued: Place, tmp_path: Path) -> Iterator[House]:
        with house(issued, tmp_path) as made:
            yield made

    def act(self, desk: TestClient, do: str, **given: str | list[str]) -> tuple[int, str]:
        path = f"/cases/{CASE}/acts/{do}"
        answer = desk.post(path, data={"key": token_hex(8), **given})
        return answer.status_code, answer.text.partition("<main")[2]

    def test_one_is_upheld_row_by_row_and_another_declined_in_one_press(
        self, decided: House, issued: Place
    ) -> None:
        unit, bureau = decided.desk("unit-filer"), decided.desk("bureau-officer", "en")
        for row in (ROW, "benefit-goals"):
            lodged = {"appeal": f"appeal-{row}", "indicators": row, "statement": WORDS}
            assert self.act(unit, "lodge-appeal", **lodged)[0] == 303
        text = bureau.get(f"/cases/{CASE}/acts/decide-appeal").text
        assert f'name="awards:{ROW}"' in text
        upheld = {"appeal": f"appeal-{ROW}", "outcome": "upheld", "justification": WORDS}
        status, told = self.act(bureau, "decide-appeal", **{**upheld, f"awards:{ROW}": "99"})
        assert (status, 'value="99"' in told) == (422, True)
        status, told = self.act(
            bureau, "decide-appeal", **{**upheld, f"awards:{ROW}": "17.00", "number": "1号"}
        )
        assert status == 303, told
        # The button is the last of its name that a browser sends.
        assert '<button name="outcome" value="rejected">' in text
        status, told = self.act(
            bureau,
            "decide-appeal",
            appeal="appeal-benefit-goals",
            outcome=["", "rejected"],
            justification="没有新的材料",
        )
        assert status == 303, told
        assert [row[3] for row in record(issued)][-1] == "AppealDecided"

    def test_a_dossier_is_issued_by_its_page_and_waits_for_the_signer(
        self, decided: House, issued: Place
    ) -> None:
        bureau = decided.desk("bureau-officer", "en")
        status, told = self.act(bureau, "issue-dossier", purpose="答复申诉")
        assert status == 303, told
        assert record(issued)[-1][3] == "DossierIssued"
        assert "答复申诉" in bureau.get(f"/cases/{CASE}/papers").text

    def test_the_bytes_of_a_file_are_erased_with_their_record(
        self, decided: House, issued: Place
    ) -> None:
        bureau = decided.desk("bureau-officer")
        text = bureau.get(f"/cases/{CASE}/acts/erase-evidence").text
        sha256 = re.findall(r'<option value="([0-9a-f]{64})"', text)[0]
        assert bureau.get(f"/cases/{CASE}/evidence/{sha256}").status_code == 200
        status, told = self.act(bureau, "erase-evidence", sha256=sha256, ground="依法删除")
        assert status == 303, told
        assert bureau.get(f"/cases/{CASE}/evidence/{sha256}").status_code == 404
        kept = [each.name for each in issued.evidence.rglob("*") if each.is_file()]
        assert sha256 not in kept
