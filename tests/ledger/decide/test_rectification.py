from datetime import date

import pytest

from ledger.commands import (
    AcceptRectification,
    Command,
    EraseEvidence,
    ExtendDeadline,
    MakeStatement,
    RaiseFinding,
    RequestRectification,
    RespondRectification,
    ReturnRectification,
)
from ledger.events import (
    DeadlineExtended,
    EvidenceErased,
    RectificationAccepted,
    RectificationRequested,
    RectificationResponded,
    RectificationReturned,
)
from tests.support.small_case import ISSUED, NEVER_FILED, OPENED, REPORT, REVIEWED, Story, on
from tests.support.specification import given

FOUND = (
    REVIEWED
    + on("2024-10-20", ("lead", RaiseFinding(finding="slow", title="慢", statement="支付慢")))
    + ISSUED[-1:]
)
REQUEST = RequestRectification(
    request="hurry",
    findings=("slow",),
    demand="按季支付",
    number="财〔2025〕2号",
    due=date(2025, 3, 1),
)
REQUESTED = FOUND + on("2025-01-15", ("clerk", REQUEST))
RESPOND = RespondRectification(request="hurry", statement="已按季支付", evidence=("a" * 64,))
RESPONDED = REQUESTED + on("2025-02-20", ("filer", RESPOND))
RETURN = ReturnRectification(request="hurry", reason="缺凭证")
ACCEPT = AcceptRectification(request="hurry", note="已核实")
ACCEPTED = RESPONDED + on("2025-03-05", ("clerk", ACCEPT))

PROMISED = on(
    "2025-01-16",
    ("filer", MakeStatement(item="assets", kind="promise", statement="年内盘活")),
    ("filer", MakeStatement(item="shortage", kind="cause", statement="人手不足")),
    ("reviewer", MakeStatement(item="found", kind="measure", statement="已建台账")),
)


def later(day: str) -> ExtendDeadline:
    return ExtendDeadline(request="hurry", due=date.fromisoformat(day), reason="春节")


def test_the_bureau_asks_for_findings_to_be_put_right() -> None:
    given(FOUND).when(REQUEST, by="clerk").then(
        RectificationRequested(
            request="hurry",
            findings=("slow",),
            demand="按季支付",
            number="财〔2025〕2号",
            due=date(2025, 3, 1),
        )
    )


def test_a_request_has_an_id_of_its_own_and_findings_that_were_raised() -> None:
    given(REQUESTED).when(REQUEST, by="clerk", key="again").then_refused("request-exists", "hurry")
    given(ISSUED).when(REQUEST, by="clerk").then_refused("unknown-finding", "slow")


def test_the_unit_says_what_it_has_done() -> None:
    given(REQUESTED).when(RESPOND, by="filer").then(
        RectificationResponded(request="hurry", statement="已按季支付", evidence=("a" * 64,))
    )


def test_a_response_answers_what_the_unit_had_promised() -> None:
    answer = RespondRectification(request="hurry", statement="已盘活", promises=("assets",))

    given(REQUESTED, PROMISED).when(answer, by="filer").then(
        RectificationResponded(
            request="hurry", statement="已盘活", evidence=(), promises=("assets",)
        )
    )


@pytest.mark.parametrize("item", ["shortage", "found", "nowhere"])
def test_a_response_answers_no_other_statement(item: str) -> None:
    answer = RespondRectification(request="hurry", statement="已盘活", promises=(item,))

    given(REQUESTED, PROMISED).when(answer, by="filer").then_refused("no-promise", item, "assets")


def test_a_response_cites_filed_evidence() -> None:
    bare = RespondRectification(request="hurry", statement="x", evidence=(NEVER_FILED,))
    given(REQUESTED).when(bare, by="filer").then_refused("unknown-evidence")


def test_the_bureau_accepts_a_response() -> None:
    given(RESPONDED).when(ACCEPT, by="clerk").then(
        RectificationAccepted(request="hurry", note="已核实")
    )


def test_the_bureau_returns_a_response_and_the_unit_answers_again() -> None:
    given(RESPONDED).when(RETURN, by="clerk").then(
        RectificationReturned(request="hurry", reason="缺凭证")
    )
    given(RESPONDED, on("2025-02-25", ("clerk", RETURN))).when(RESPOND, by="filer").then(
        RectificationResponded(request="hurry", statement="已按季支付", evidence=("a" * 64,))
    )


@pytest.mark.parametrize(
    ("story", "command", "account"),
    [
        (RESPONDED, RESPOND, "filer"),
        (REQUESTED, RETURN, "clerk"),
        (REQUESTED, ACCEPT, "clerk"),
        (ACCEPTED, ACCEPT, "clerk"),
        (ACCEPTED, RETURN, "clerk"),
        (ACCEPTED, RESPOND, "filer"),
        (ACCEPTED, later("2025-04-01"), "clerk"),
    ],
    ids=[
        "answered twice",
        "returned unanswered",
        "accepted unanswered",
        "accepted twice",
        "returned after acceptance",
        "answered after acceptance",
        "extended after acceptance",
    ],
)
def test_a_request_moves_step_by_step(story: Story, command: Command, account: str) -> None:
    given(story).when(command, by=account).then_refused("request-state", "hurry")


@pytest.mark.parametrize("command", [RETURN, ACCEPT, later("2025-04-01")])
def test_a_request_that_was_never_made_is_unknown(command: Command) -> None:
    given(FOUND).when(command, by="clerk").then_refused("unknown-request", "hurry")


def test_the_bureau_gives_more_time_and_never_less() -> None:
    given(REQUESTED).when(later("2025-03-02"), by="clerk").then(
        DeadlineExtended(request="hurry", due=date(2025, 3, 2), reason="春节")
    )
    given(REQUESTED).when(later("2025-03-01"), by="clerk").then_refused("not-later", "2025-03-01")
    extended = on("2025-02-01", ("clerk", later("2025-04-01")))
    given(REQUESTED, extended).when(later("2025-03-15"), by="clerk").then_refused(
        "not-later", "2025-04-01"
    )


@pytest.mark.parametrize("command", [REQUEST, RETURN, ACCEPT, later("2025-04-01")])
def test_only_the_bureau_directs_rectification_and_only_after_issue(command: Command) -> None:
    given(RESPONDED).when(command, by="filer").then_refused("role")
    given(REVIEWED).when(command, by="clerk").then_refused("stage", "已印发")


def test_only_the_unit_responds() -> None:
    given(REQUESTED).when(RESPOND, by="clerk").then_refused("role")
    given(REVIEWED).when(RESPOND, by="filer").then_refused("stage")


# Erasure -----------------------------------------------------------------------------------------

ERASE = EraseEvidence(sha256=REPORT.sha256, ground="个人信息保护法 第四十七条")


def test_a_file_is_erased_on_a_legal_ground_and_its_digest_stays() -> None:
    given(ISSUED).when(ERASE, by="clerk").then(
        EvidenceErased(sha256="a" * 64, ground="个人信息保护法 第四十七条")
    )


def test_a_file_is_erased_once_and_only_if_it_was_filed() -> None:
    given(ISSUED, on("2025-06-01", ("clerk", ERASE))).when(ERASE, by="clerk").then_refused("erased")
    given(OPENED).when(ERASE, by="clerk").then_refused("unknown-evidence")
    given().when(ERASE, by="clerk").then_refused("no-case")
    given(ISSUED).when(ERASE, by="filer").then_refused("role")
