from collections.abc import Iterator, Sequence

import pytest

from ledger.case import fold
from ledger.codec import decode
from ledger.commands import (
    CloseCase,
    Command,
    IssueDossier,
    LodgeAppeal,
    RaiseFinding,
    ReopenCase,
    RequestRectification,
    RequestReopening,
    WithdrawAppeal,
)
from ledger.decide.closing import issue_dossier
from ledger.editions import parsed
from ledger.envelope import rubric_stream
from ledger.events import (
    CaseClosed,
    CaseReopened,
    DossierIssued,
    Enclosure,
    ReopeningRequested,
    StreamEnd,
)
from ledger.log.tree import leaf_hash
from ledger.program import VERSION
from ledger.refusals import CommandRefused
from ledger.store import Entry
from tests.support.small_case import ISSUED, OPEN_CASE, REVIEWED, RUBRIC, on
from tests.support.specification import editions, given, history, told

CLOSED = ISSUED + on("2025-06-30", ("clerk", CloseCase()))
ASK = RequestReopening(reason="发现新证据")
ASKED = CLOSED + on("2025-07-10", ("clerk", ASK))


def test_the_bureau_closes_a_case() -> None:
    given(ISSUED).when(CloseCase(), by="clerk").then(CaseClosed(unfinished=(), reason=""))


def test_a_case_is_not_closed_over_an_open_appeal() -> None:
    appeal = LodgeAppeal(appeal="appeal-1", indicators=("plan",), statement="x")
    appealed = on("2025-01-10", ("filer", appeal))
    withdrawn = on("2025-01-11", ("filer", WithdrawAppeal(appeal="appeal-1", reason="x")))
    given(ISSUED, appealed).when(CloseCase(), by="clerk").then_refused("appeal-open", "appeal-1")
    given(ISSUED, appealed, withdrawn).when(CloseCase(), by="clerk").then(
        CaseClosed(unfinished=(), reason="")
    )


def test_unfinished_rectification_is_left_behind_only_with_a_reason() -> None:
    finding = RaiseFinding(finding="slow", title="慢", statement="支付慢")
    request = RequestRectification(request="hurry", findings=("slow",), demand="按季支付")
    story = (
        REVIEWED
        + on("2024-10-20", ("lead", finding))
        + ISSUED[-1:]
        + on("2025-01-15", ("clerk", request))
    )
    given(story).when(CloseCase(reason=" "), by="clerk").then_refused("justification", "hurry")
    given(story).when(CloseCase(reason="单位撤并"), by="clerk").then(
        CaseClosed(unfinished=("hurry",), reason="单位撤并")
    )


def test_nothing_is_closed_before_issue_or_twice() -> None:
    given(REVIEWED).when(CloseCase(), by="clerk").then_refused("stage")
    given(CLOSED).when(CloseCase(), by="clerk").then_refused("stage", "closed")


def test_reopening_takes_two() -> None:
    given(CLOSED).when(ASK, by="clerk").then(ReopeningRequested(reason="发现新证据"))
    given(ASKED).when(ReopenCase(note="同意"), by="second-clerk").then(
        CaseReopened(request=len(ASKED), note="同意")
    )


def test_nobody_agrees_to_a_request_of_their_own() -> None:
    given(ASKED).when(ReopenCase(), by="clerk").then_refused("own-request", "另一账号")


def test_a_reopening_is_asked_for_once_and_agreed_to_only_when_asked_for() -> None:
    given(ASKED).when(ASK, by="second-clerk").then_refused("reopening-requested", "clerk")
    given(CLOSED).when(ReopenCase(), by="second-clerk").then_refused("no-reopening-requested")


def test_a_reopened_case_is_where_it_was() -> None:
    reopened = on("2025-07-12", ("second-clerk", ReopenCase()))
    given(ASKED, reopened).when(CloseCase(), by="clerk").then(CaseClosed(unfinished=(), reason=""))
    given(ASKED, reopened).when(ReopenCase(), by="second-clerk").then_refused("stage")


@pytest.mark.parametrize("command", [ASK, ReopenCase()])
def test_only_a_closed_case_is_reopened_and_only_by_the_bureau(command: Command) -> None:
    given(ISSUED).when(command, by="clerk").then_refused("stage", "已办结")
    given(ASKED).when(command, by="filer").then_refused("role")


PAPERS = (Enclosure(name="change-log.json", sha256="d" * 64),)


@pytest.mark.parametrize("indicator", [None, "service"])
def test_a_dossier_covers_everything_before_it(indicator: str | None) -> None:
    dossier = IssueDossier(enclosures=PAPERS, indicator=indicator, purpose="答复申诉")
    for story in (ISSUED, CLOSED):
        *before, last = told(story + on("2025-03-01", ("clerk", dossier)))
        assert decode(last.entry).event == DossierIssued(
            covers=last.version - 1,
            indicator=indicator,
            purpose="答复申诉",
            enclosures=PAPERS,
            program=VERSION,
            streams=tuple(ends(before)),
        )


def ends(log: Sequence[Entry]) -> Iterator[StreamEnd]:
    """How far the streams went that the small case stands on."""
    for name in ("register:accounts", rubric_stream(parsed(RUBRIC).id)):
        last = [one for one in log if one.case_id == name][-1]
        yield StreamEnd(stream=name, version=last.version, leaf=leaf_hash(last.entry).hex())


def test_a_dossier_encloses_only_what_the_program_makes() -> None:
    paper = Enclosure(name="decision.pdf", sha256="d" * 64)
    given(ISSUED).when(IssueDossier(enclosures=(paper,)), by="clerk").then_refused(
        "enclosure-name", "decision.pdf"
    )


LETTER = Enclosure(name="appeal-a1.zh.html", sha256="d" * 64)


def test_a_dossier_encloses_letters_from_edition_5_of_the_rules_on() -> None:
    case, command = fold(history(ISSUED)), IssueDossier(enclosures=(LETTER,))

    assert issue_dossier(command, case, editions(), 5)
    with pytest.raises(CommandRefused, match="appeal-a1"):
        issue_dossier(command, case, editions(), 4)


@pytest.mark.parametrize(
    "name",
    [
        "appeal-.zh.html",
        "appeal-A.zh.html",
        "letter.zh.html",
        "result-letter.fr.html",
        "result-letter.zh.html.exe",
    ],
)
def test_what_only_looks_like_a_letter_is_refused(name: str) -> None:
    paper = Enclosure(name=name, sha256="d" * 64)
    given(ISSUED).when(IssueDossier(enclosures=(paper,)), by="clerk").then_refused(
        "enclosure-name", name
    )


def test_a_dossier_is_about_a_case_and_a_row_that_exist() -> None:
    lost = IssueDossier(enclosures=PAPERS, indicator="lost")
    given(ISSUED).when(lost, by="clerk").then_refused("unknown-indicator", "lost")
    given(on("2024-07-01", ("clerk", OPEN_CASE))).when(lost, by="clerk").then_refused("no-rubric")
    given().when(IssueDossier(enclosures=PAPERS), by="clerk").then_refused("no-case")
