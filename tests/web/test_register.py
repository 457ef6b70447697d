"""The register by its page, and the password that grave acts ask for once more."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ledger.authority import MAY
from tests.support.desks import PASSWORD, House, Later, house
from tests.support.places import Place
from tests.support.terminal import CASE, done, record, scoretrail
from web.step_up import FRESH, GRAVE


@pytest.fixture
def clock() -> Later:
    return Later()


@pytest.fixture
def pages(opened: Place, tmp_path: Path, clock: Later) -> Iterator[House]:
    with house(opened, tmp_path, clock=clock) as made:
        yield made


ACCOUNT = {"key": "a", "account": "second-reviewer", "organisation": "guangzhou-xianghe"}


def test_an_account_is_opened_and_listed(pages: House, opened: Place) -> None:
    desk = pages.desk("administrator", "en")
    answer = desk.post("/acts/open-account", data={**ACCOUNT, "roles": ["reviewer"]})
    assert (answer.status_code, answer.headers.get("location")) == (303, "/register"), answer.text
    assert record(opened)[-1][3] == "RoleGranted"
    text = desk.get("/register").text
    assert "second-reviewer" in text
    assert "no password" in text


def test_a_role_is_granted_and_taken_back(pages: House, opened: Place) -> None:
    desk = pages.desk("administrator")
    given = {"account": "agency-reviewer", "role": "auditor"}
    assert desk.post("/acts/grant-role", data={**given, "key": "g"}).status_code == 303
    back = {**given, "key": "r", "reason": "轮岗"}
    assert desk.post("/acts/revoke-role", data=back).status_code == 303
    assert [row[3] for row in record(opened)][-2:] == ["RoleGranted", "RoleRevoked"]


@pytest.mark.parametrize(
    ("do", "given", "field"),
    [
        (
            "open-account",
            {"account": "unit-filer", "organisation": "x", "roles": "unit"},
            "account",
        ),
        ("declare-conflict", {"account": "nobody", "unit": "x", "reason": "亲属任职"}, "account"),
        ("link-accounts", {"account": "unit-filer", "also": "nobody", "reason": "同一人"}, "also"),
    ],
)
def test_what_is_refused_about_an_account_is_said_where_it_was_named(
    pages: House, do: str, given: dict[str, str], field: str
) -> None:
    answer = pages.desk("administrator").post(f"/acts/{do}", data={"key": "k", **given})
    assert answer.status_code == 422
    assert f'id="{field}-problem"' in answer.text


def test_a_role_that_is_taken_back_is_gone_from_the_next_request_on(pages: House) -> None:
    reviewer = pages.desk("agency-reviewer", "en")
    assert "second" not in reviewer.get("/account").text
    given = {"account": "agency-reviewer", "role": "auditor", "key": "g"}
    pages.desk("administrator").post("/acts/grant-role", data=given)
    assert "auditor" in reviewer.get("/account").text


@pytest.mark.parametrize("account", ["bureau-officer", "unit-filer"])
def test_the_register_is_kept_by_administrators(pages: House, opened: Place, account: str) -> None:
    before = len(record(opened))
    desk = pages.desk(account)
    assert desk.get("/register").status_code == 404
    assert desk.post("/register/login", data={"account": "unit-filer"}).status_code == 404
    assert desk.post("/acts/open-account", data=ACCOUNT).status_code == 422
    assert len(record(opened)) == before
    assert "/register" not in desk.get("/").text


def test_a_first_password_is_shown_once_and_nowhere_kept(pages: House) -> None:
    desk = pages.desk("administrator")
    answer = desk.post("/register/login", data={"account": "unit-filer", "give": "1"})
    (password,) = re.findall(r'<code class="secret">([0-9a-f]{16})</code>', answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert password not in desk.get("/register").text
    door = pages.door()
    given = {"account": "unit-filer", "password": password}
    assert door.post("/login", data=given).status_code == 303
    assert door.get("/cases").headers["location"] == "/account"  # it is to be changed


def test_a_login_is_taken_away_at_once(pages: House) -> None:
    desk, filer = pages.desk("administrator", "en"), pages.desk("unit-filer")
    answer = desk.post("/register/login", data={"account": "unit-filer", "disable": "1"})
    assert answer.status_code == 303
    assert filer.get("/").status_code == 303
    assert "taken away" in desk.get("/register").text


def test_nobody_takes_their_own_login_away(pages: House) -> None:
    desk = pages.desk("administrator")
    desk.post("/register/login", data={"account": "administrator", "disable": "1"})
    assert desk.get("/register").status_code == 200


def test_a_login_is_given_to_accounts_only(pages: House) -> None:
    answer = pages.desk("administrator").post(
        "/register/login", data={"account": "ghost", "give": "1"}
    )
    assert (answer.status_code, "secret" in answer.text) == (403, False)


class TestOnceMore:
    """After ten minutes a grave act asks for the password."""

    def test_it_is_asked_for_and_the_words_are_kept(
        self, pages: House, opened: Place, clock: Later
    ) -> None:
        before = len(record(opened))
        desk = pages.desk("administrator", "en")
        clock.ahead += FRESH + timedelta(minutes=1)
        assert 'name="password"' in desk.get("/acts/open-account").text
        asked = desk.post("/acts/open-account", data=ACCOUNT)
        assert asked.status_code == 403
        assert 'value="second-reviewer"' in asked.text
        assert 'aria-describedby="password-words password-problem"' in asked.text
        assert len(record(opened)) == before
        wrong = desk.post("/acts/open-account", data={**ACCOUNT, "password": "guessed-it"})
        assert wrong.status_code == 422
        assert "guessed-it" not in wrong.text
        assert len(record(opened)) == before
        done = desk.post("/acts/open-account", data={**ACCOUNT, "password": PASSWORD})
        assert done.status_code == 303
        assert 'name="password"' not in desk.get("/acts/grant-role").text  # given just now

    def test_it_is_not_asked_for_by_what_can_be_mended(self, pages: House, clock: Later) -> None:
        desk = pages.desk("unit-filer")
        clock.ahead += FRESH + timedelta(minutes=1)
        assert 'name="password"' not in desk.get(f"/cases/{CASE}/acts/claim-score").text

    def test_a_login_is_not_given_away_from_a_desk_that_somebody_left(
        self, pages: House, clock: Later
    ) -> None:
        desk = pages.desk("administrator")
        clock.ahead += FRESH + timedelta(minutes=1)
        given = {"account": "unit-filer", "give": "1"}
        asked = desk.post("/register/login", data=given)
        assert (asked.status_code, 'name="password"' in asked.text) == (403, True)
        assert "secret" not in asked.text
        assert "secret" in desk.post("/register/login", data={**given, "password": PASSWORD}).text

    def test_the_api_asks_for_it_too(self, pages: House, opened: Place, clock: Later) -> None:
        before = len(record(opened))
        desk = pages.desk("administrator")
        clock.ahead += FRESH + timedelta(minutes=1)
        command = {"do": "grant-role", "account": "agency-reviewer", "role": "auditor"}

        def send(query: str = "") -> tuple[int, str]:
            body = {"command": command, "dated": clock().date().isoformat()}
            answer = desk.post(
                f"/api/v1/commands{query}", json=body, headers={"idempotency-key": "k"}
            )
            return answer.status_code, answer.json().get("rule", "")

        assert send() == (403, "step-up")
        assert send("?rehearse=1") == (200, "")
        assert len(record(opened)) == before
        desk.post("/login", data={"account": "administrator", "password": PASSWORD})
        assert send() == (201, "")


def test_whatever_only_administrators_do_asks_for_the_password_again() -> None:
    theirs = {
        kind.__struct_config__.tag for kind, roles in MAY.items() if roles == ("administrator",)
    }
    assert theirs - GRAVE == set()


class TestMySessions:
    def test_one_is_ended_from_elsewhere(self, pages: House) -> None:
        at_home, at_work = pages.desk("unit-filer", "en"), pages.desk("unit-filer", "en")
        text = at_work.get("/account").text
        assert text.count('<p class="hint">since ') == 2
        (other,) = re.findall(r'name="session" value="([0-9a-f]{64})"', text)
        assert at_work.post("/account/sessions", data={"session": other}).status_code == 303
        assert at_home.get("/").status_code == 303
        assert at_work.get("/").status_code == 200

    def test_nobody_ends_anothers(self, pages: House) -> None:
        filer = pages.desk("unit-filer")
        pages.desk("unit-filer")
        (id_,) = re.findall(r'name="session" value="([0-9a-f]{64})"', filer.get("/account").text)
        pages.desk("bureau-officer").post("/account/sessions", data={"session": id_})
        assert f'value="{id_}"' in filer.get("/account").text


def test_a_case_is_opened_by_its_page(pages: House) -> None:
    desk = pages.desk("bureau-officer", "en")
    given = {
        "key": "o",
        "case": "demo-2024",
        "title": "2024年度整体绩效",
        "year": "2024",
        "unit": "zhanjiang-amr",
        "unit_name": "湛江市市场监督管理局",
        "bureau": "zhanjiang-finance",
        "bureau_name": "湛江市财政局",
    }
    assert "/acts/open-case" in desk.get("/cases").text
    without = desk.post("/acts/open-case", data={**given, "case": ""})
    assert (without.status_code, 'id="case-problem"' in without.text) == (422, True)
    answer = desk.post("/acts/open-case", data=given)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/cases/demo-2024")
    assert "2024" in desk.get("/cases/demo-2024").text


RUBRIC = Path(__file__).parents[2] / "examples" / "project-expenditure" / "rubric.toml"


class TestARubric:
    def publish(self, pages: House, content: bytes) -> tuple[int, str]:
        answer = pages.desk("bureau-officer", "en").post(
            "/acts/publish-rubric",
            data={"key": "p"},
            files={"file": ("rubric.toml", content, "application/toml")},
        )
        return answer.status_code, answer.text

    def test_an_edition_is_published_as_it_stands(self, pages: House, opened: Place) -> None:
        assert self.publish(pages, RUBRIC.read_bytes())[0] == 303
        assert record(opened)[-1][3] == "RubricPublished"

    def test_all_that_is_wrong_with_it_is_told(self, pages: House, opened: Place) -> None:
        before = len(record(opened))
        broken = RUBRIC.read_text(encoding="utf-8").replace("weight =", "wheight =", 2)
        status, text = self.publish(pages, broken.encode())
        assert status == 422
        assert text.count("wheight") >= 2
        assert 'id="file-problem"' in text
        assert len(record(opened)) == before

    def test_what_is_no_text_is_told(self, pages: House) -> None:
        status, text = self.publish(pages, "指标".encode("gb18030"))
        assert (status, "UTF-8" in text) == (422, True)


REGISTER_LOG = "/register/log"


def rubric_log(place: Place) -> str:
    """The address of the log of the only rubric."""
    (stream,) = {row[1] for row in record(place) if row[1].startswith("rubric:")}
    return f"/rubrics/{stream.removeprefix('rubric:')}/log"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_logs_of_accounts_and_rubrics_are_those_of_the_command_line(
    pages: House, opened: Place, lang: str
) -> None:
    desk, of_rubric = pages.desk("administrator", lang), rubric_log(opened)
    name = of_rubric.split("/")[2]
    for address, stream in ((REGISTER_LOG, "register:accounts"), (of_rubric, f"rubric:{name}")):
        printed = done(scoretrail(opened, "log", stream, "--csv", lang=lang)).out
        assert desk.get(f"{address}?form=csv").content.decode() == printed
        assert f'id="v{len(printed.splitlines()) - 1}"' in desk.get(address).text


def test_the_log_of_the_accounts_is_filtered_and_looked_at_as_it_was(
    pages: House, opened: Place
) -> None:
    desk = pages.desk("administrator", "en")
    granted = [row for row in record(opened) if row[3] == "RoleGranted"]
    shown = desk.get(f"{REGISTER_LOG}?kind=RoleGranted").text
    assert shown.count("<li id=") == len(granted)
    earlier = desk.get(f"{REGISTER_LOG}?at=v2").text
    assert "not now" in earlier
    assert earlier.count("<li id=") == 2
    for wrong in ("at=v99", "dated_from=x", "recorded_to=x"):
        assert desk.get(f"{REGISTER_LOG}?{wrong}").status_code in {400, 404}, wrong


@pytest.mark.parametrize(
    ("role", "sees"),
    [("administrator", 2), ("auditor", 2), ("bureau", 1), ("reviewer", 0), ("unit", 0)],
)
def test_what_is_recorded_in_no_case_is_read_by_those_who_keep_and_audit_it(
    pages: House, opened: Place, role: str, sees: int
) -> None:
    given = {**ACCOUNT, "account": "some-reader", "organisation": "elsewhere", "roles": [role]}
    pages.desk("administrator").post("/acts/open-account", data=given)
    desk, of_rubric = pages.desk("some-reader"), rubric_log(opened)
    answers = [desk.get(of_rubric).status_code, desk.get(REGISTER_LOG).status_code]
    assert answers == [200] * sees + [404] * (2 - sees)
    assert (of_rubric in desk.get(of_rubric.removesuffix("/log")).text) == (sees > 0)
    assert (REGISTER_LOG in desk.get("/").text) == (role == "auditor")
