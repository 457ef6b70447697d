"""The client: what it is given is what the pages show, and what it sends is recorded once."""

import ast
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from email.message import Message
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest

import client
from client import Client, Refused, Unreachable
from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.serving import serving
from tests.support.terminal import CASE, record, scoretrail
from web.api.openapi import described

pytestmark = pytest.mark.server_sample(4)

ADJUST = {
    "do": "adjust-score",
    "indicator": "output-goals",
    "award": "16.00",
    "justification": "按五项平均",
    "ground": "报告缺三项",
}
DATED = date(2024, 12, 30)
TOKEN = ("接口", "act", (), 90)


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    with house(submitted, tmp_path) as made:
        yield made


@pytest.fixture
def tool(pages: House) -> Iterator[Client]:
    """A program of the agency."""
    pages.identities.give_password("agency-reviewer", "only-for-tests", initial=False)
    token = pages.app.state.office.tokens.make("agency-reviewer", *TOKEN)
    with serving(pages) as address:
        yield Client(address, token, pause=lambda _: None)


def test_it_reads_what_the_command_line_says(tool: Client, submitted: Place) -> None:
    said: dict[str, Any] = scoretrail(submitted, "score", CASE, "--json").json
    assert [one.case for one in tool.cases()] == [CASE]
    assert [one.case for one in tool.cases(year="1999")] == []
    sheet = tool.sheet(CASE)
    assert (sheet.case, sheet.year) == (CASE, said["year"])
    assert (str(sheet.claim.total), sheet.award.pending) == ("100.00", said["award"]["pending"])
    assert [(row.id, str(row.claim)) for row in sheet.indicators] == [
        (row["id"], row["claim"]) for row in said["indicators"]
    ]
    assert tool.sheet(CASE, "v3").claim.total != sheet.claim.total


def test_it_follows_a_case_over_all_pages(tool: Client, submitted: Place) -> None:
    versions = [one.version for one in tool.events(CASE)]
    assert versions == [*range(1, tool.version(CASE) + 1)]
    assert len(versions) > 100  # more than one page
    assert [one.version for one in tool.events(CASE, after=versions[-3])] == versions[-2:]
    assert {one.type for one in tool.events(CASE)} >= {"BonusClaimed"}
    del submitted


def test_it_follows_all_cases_from_where_it_was(tool: Client, submitted: Place) -> None:
    events = [*tool.feed()]
    assert [one.event.version for one in events] == [*range(1, tool.version(CASE) + 1)]
    assert {one.case for one in events} == {CASE}
    assert [one.id for one in tool.feed(events[9].cursor)] == [one.id for one in events[10:]]
    begun = tool.feed_page(now=True)
    assert (begun.events, begun.more) == ((), False)
    tool.record(CASE, [ADJUST], key="of-a-program-0009", dated=DATED)
    for cursor in (begun.cursor, events[-1].cursor):
        (event,) = tool.feed(cursor)
        assert (event.event.type, event.case) == ("ScoreAdjusted", CASE)
    assert [*tool.feed(event.cursor)] == []
    assert [*tool.feed("", "zhanjiang-amr-2099")] == []
    del submitted


def test_what_it_records_is_recorded_once(tool: Client, submitted: Place) -> None:
    before = len(record(submitted))
    seen = tool.version(CASE)
    words = {"key": "of-a-program-0001", "dated": DATED, "seen": seen}
    (rehearsed,) = tool.record(CASE, [ADJUST], **words, rehearse=True)  # type: ignore[arg-type]  # of several types
    assert len(record(submitted)) == before
    (event,) = tool.record(CASE, [ADJUST], **words)  # type: ignore[arg-type]  # the same
    assert (event.type, event.version) == (rehearsed.type, rehearsed.version)
    (again,) = tool.record(CASE, [ADJUST], **words)  # type: ignore[arg-type]  # the same
    assert again == event
    assert len(record(submitted)) == before + 1
    assert tool.sheet(CASE).indicators[0].award == Decimal("16.00")


def test_evidence_is_filed(tool: Client, submitted: Place) -> None:
    content = "实施方案的扫描件".encode()
    (event,) = tool.file_evidence(CASE, "方案.txt", content, key="file-0001", title="实施方案")
    assert event.type == "EvidenceFiled"
    assert event.content["data"]["evidence"]["title"] == "实施方案"
    del submitted


def test_a_refusal_says_which_rule_and_where(tool: Client, submitted: Place) -> None:
    before = record(submitted)
    with pytest.raises(Refused, match=r".+ / .+") as of_a_rule:
        tool.record(CASE, [{**ADJUST, "award": "21.00"}], key="of-a-program-0002", dated=DATED)
    assert of_a_rule.value.problem.status == 422
    assert of_a_rule.value.problem.rule
    with pytest.raises(Refused) as of_its_form:
        tool.record(CASE, [ADJUST, {"do": "adjust-score"}], key="of-a-program-0003")
    (*_, detail) = of_its_form.value.problem.errors
    assert detail.pointer.startswith("/commands/1")
    assert record(submitted) == before


def test_what_was_recorded_since_is_not_overwritten(tool: Client, submitted: Place) -> None:
    seen = tool.version(CASE)
    tool.record(CASE, [ADJUST], key="of-a-program-0004", dated=DATED)
    other = {**ADJUST, "award": "15.00"}
    with pytest.raises(Refused) as moved:
        tool.record(CASE, [other], key="of-a-program-0005", dated=DATED, seen=seen)
    assert moved.value.problem.status == 412
    assert [one["type"] for one in moved.value.problem.since] == ["ScoreAdjusted"]
    del submitted


def test_a_token_that_is_none_is_told(tool: Client, submitted: Place) -> None:
    stranger = Client(tool._address, "stk_guessed", pause=lambda _: None)  # noqa: SLF001 - where it is
    with pytest.raises(Refused) as refused:
        stranger.sheet(CASE)
    assert refused.value.problem.status == 401
    del submitted


class TestAServiceThatIsAway:
    """It is asked again, with the same key, and not for ever."""

    def answering(
        self, monkeypatch: pytest.MonkeyPatch, *answers: Exception | bytes
    ) -> tuple[Client, list[Any], list[float]]:
        left, sent, pauses = [*answers], list[Any](), list[float]()

        class Answer(BytesIO):
            headers = Message()

        def opened(request: Any, timeout: float) -> Answer:  # noqa: ANN401 - of urllib
            assert timeout
            sent.append(request)
            answer = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(answer, Exception):
                raise answer
            return Answer(answer)

        monkeypatch.setattr(client, "urlopen", opened)
        return Client("https://x.example", "stk_x", pause=pauses.append), sent, pauses

    def busy(self, status: int, wait: str) -> HTTPError:
        headers = Message()
        headers["Retry-After"] = wait
        return HTTPError("", status, "", headers, BytesIO(b"busy"))

    def test_until_it_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        events = b'{"events":[{"version":7,"position":null,"entry":{"type":"ScoreAdjusted"}}]}'
        answers = (URLError("away"), self.busy(503, "1"), self.busy(429, "60"), events)
        tool, sent, pauses = self.answering(monkeypatch, *answers)
        (event,) = tool.record(CASE, [ADJUST], key="one-key")
        assert (event.version, event.type) == (7, "ScoreAdjusted")
        assert [one.headers["Idempotency-key"] for one in sent] == ["one-key"] * 4
        assert {one.data for one in sent} == {sent[0].data}
        assert pauses[1:] == [1, 60]

    def test_and_no_more_than_so_often(self, monkeypatch: pytest.MonkeyPatch) -> None:
        tool, sent, pauses = self.answering(monkeypatch, URLError("away"))
        with pytest.raises(Unreachable, match=r"x\.example"):
            tool.sheet(CASE)
        assert len(sent) == client.TRIES == len(pauses) + 1

    def test_in_plain_words_where_a_proxy_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        answer = HTTPError("", 502, "", Message(), BytesIO(b"<h1>Bad Gateway</h1>"))
        tool, _, _ = self.answering(monkeypatch, answer)
        with pytest.raises(Refused, match="Bad Gateway") as refused:
            tool.sheet(CASE)
        assert refused.value.problem.status == 502


def test_its_types_are_those_of_the_description() -> None:
    """Each field stands in the schema of the API under the same name."""
    schemas = described()["components"]["schemas"]
    of = {
        client.Sheet: "ScoreSheet",
        client.CaseInList: "ListedCase",
        client.Problem: "Problem",
    }
    for kind, name in of.items():
        assert set(kind.__struct_fields__) <= set(schemas[name]["properties"]), name


def test_it_imports_nothing_of_the_program() -> None:
    source = ast.parse(Path(client.__file__).read_text("utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(source)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
    }
    assert imported - {*sys.stdlib_module_names} == {"msgspec"}
