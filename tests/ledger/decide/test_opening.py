from decimal import Decimal

from msgspec.structs import replace

from ledger.commands import (
    ClaimScore,
    CommissionReview,
    OpenCase,
    PinRubric,
    PublishRubric,
    RepinRubric,
)
from ledger.events import CaseOpened, ReviewCommissioned, RubricPinned, RubricRepinned
from ledger.rubric import digest
from tests.support.small_case import (
    CUT_SERVICE,
    ISSUED,
    OPEN_CASE,
    OPENED,
    RUBRIC,
    SUBMITTED,
    WITHOUT_EXTRAS,
    on,
)
from tests.support.specification import DAY, given

PIN = PinRubric(rubric="small", edition="2023")
COMMISSION = CommissionReview(
    agency="review-agency", agency_name="核查公司", number="委〔2024〕3号"
)
JUST_OPEN = on("2024-07-01", ("clerk", OPEN_CASE))
PINNED = OPENED[:2]


def test_the_bureau_opens_a_case() -> None:
    given().when(OPEN_CASE, by="clerk").then(
        CaseOpened(
            title="2023年度绩效评价",
            year=2023,
            unit="market-bureau",
            unit_name="市场监督管理局",
            bureau="finance-bureau",
            bureau_name="财政局",
            notice="",
        )
    )


def test_a_case_is_opened_once() -> None:
    given(JUST_OPEN).when(OPEN_CASE, by="clerk").then_refused(
        "case-exists", "small-2023", "换一个编号", "Choose another id"
    )


def test_a_bureau_opens_no_case_for_another_bureau() -> None:
    given().when(OPEN_CASE, by="other-clerk").then_refused("organisation", "finance-bureau")


def test_only_a_bureau_opens_a_case() -> None:
    given().when(OPEN_CASE, by="filer").then_refused("role", "启动评价", "财政部门")


def test_an_unknown_account_opens_nothing() -> None:
    given().when(OPEN_CASE, by="nobody").then_refused("unknown-account", "nobody")


def test_a_year_beyond_the_archive_is_refused_before_anything_is_written() -> None:
    """A command built in a program escapes the reader's checks; the entry read back does not."""
    far = OpenCase(
        title="x",
        year=2**53,
        unit="market-bureau",
        unit_name="x",
        bureau="finance-bureau",
        bureau_name="x",
    )
    given().when(far, by="clerk", confirmed_dates=(DAY,)).then_refused(
        "unreadable", "year", "9007199254740991"
    )


def test_the_case_pins_an_edition_by_its_digest() -> None:
    given(JUST_OPEN).when(PIN, by="clerk").then(
        RubricPinned(rubric="small", edition="2023", sha256=digest(RUBRIC.encode()))
    )


def test_nothing_is_pinned_before_the_case_is_open() -> None:
    given().when(PIN, by="clerk").then_refused("no-case", "Open it first")


def test_a_case_keeps_its_first_edition() -> None:
    given(PINNED).when(PinRubric(rubric="small", edition="2023-plain"), by="clerk").then_refused(
        "rubric-pinned", "2023"
    )


def test_an_edition_that_was_never_published_cannot_be_pinned() -> None:
    given(JUST_OPEN).when(PinRubric(rubric="small", edition="1999"), by="clerk").then_refused(
        "unknown-edition", "1999", "2023、2023-plain"
    )


def test_a_rubric_that_was_never_published_cannot_be_pinned() -> None:
    given(JUST_OPEN).when(PinRubric(rubric="no-such", edition="1"), by="clerk").then_refused(
        "unknown-edition", "未发布过这一指标体系"
    )


def test_a_rubric_is_not_pinned_after_submission() -> None:
    given(SUBMITTED).when(PIN, by="clerk").then_refused("stage", "自评填报", "submitted")


def test_the_bureau_commissions_an_agency() -> None:
    given(PINNED).when(COMMISSION, by="clerk").then(
        ReviewCommissioned(agency="review-agency", agency_name="核查公司", number="委〔2024〕3号")
    )


def test_the_agency_can_be_changed_before_it_has_awarded_anything() -> None:
    other = CommissionReview(agency="other-agency", agency_name="另一公司")
    given(SUBMITTED).when(other, by="clerk").then(
        ReviewCommissioned(agency="other-agency", agency_name="另一公司", number="")
    )


def test_the_agency_stays_once_it_has_awarded_something() -> None:
    begun = on("2024-10-12", ("reviewer", CUT_SERVICE))
    other = CommissionReview(agency="other-agency", agency_name="另一公司")
    given(SUBMITTED, begun).when(other, by="clerk").then_refused("review-begun", "review-agency")


def test_a_unit_does_not_review_itself() -> None:
    own = CommissionReview(agency="market-bureau", agency_name="自己")
    given(PINNED).when(own, by="clerk").then_refused("own-review", "另一家", "another")


def test_nobody_is_commissioned_without_a_case_or_after_the_result() -> None:
    given().when(COMMISSION, by="clerk").then_refused("no-case")
    given(ISSUED).when(COMMISSION, by="clerk").then_refused("stage", "issued")


# Another edition ---------------------------------------------------------------------------------

PLAIN = RepinRubric(edition="2023-plain", reason="取消加分", number="财〔2024〕6号")
WIDER = (
    RUBRIC.replace('edition = "2023"', 'edition = "wider"').replace("weight = 40", "weight = 35")
    + """
[[indicator]]
id = "extra"
path = ["效果", "新指标"]
weight = 5
clause = "附件1 第四条"
standard = "酌情"
rule = { shape = "discretion", full_if = [], deduct = "[0,5]", out_of = 5 }
"""
)
PUBLISHED = on("2024-07-02", ("clerk", PublishRubric(source=WIDER)))
TO_WIDER = RepinRubric(edition="wider", reason="补充指标")


def test_another_edition_is_pinned_with_both_digests() -> None:
    given(OPENED).when(PLAIN, by="clerk").then(
        RubricRepinned(
            rubric="small",
            previous_edition="2023",
            previous_sha256=digest(RUBRIC.encode()),
            edition="2023-plain",
            sha256=digest(WITHOUT_EXTRAS.encode()),
            number="财〔2024〕6号",
            reason="取消加分",
        )
    )


def test_another_edition_has_room_for_every_score_that_stands() -> None:
    given(SUBMITTED).when(PLAIN, by="clerk").then_refused("misfit", "flag、letter")
    given(SUBMITTED, PUBLISHED).when(TO_WIDER, by="clerk").then_refused("misfit", "spending")


def test_after_submission_another_edition_brings_no_row_that_nobody_could_claim() -> None:
    modest = tuple(
        (account, replace(command, score=Decimal(35)), day)
        if isinstance(command, ClaimScore) and command.indicator == "spending"
        else (account, command, day)
        for account, command, day in SUBMITTED
    )
    given(modest, PUBLISHED).when(TO_WIDER, by="clerk").then_refused(
        "claims-missing-in-edition", "extra"
    )


def test_another_edition_is_another_published_one_and_comes_before_issue() -> None:
    same = RepinRubric(edition="2023", reason="x")
    lost = RepinRubric(edition="1999", reason="x")
    given(OPENED).when(same, by="clerk").then_refused("rubric-pinned", "其他版本")
    given(OPENED).when(lost, by="clerk").then_refused("unknown-edition", "1999")
    given(ISSUED).when(PLAIN, by="clerk").then_refused("stage")
    given(JUST_OPEN).when(PLAIN, by="clerk").then_refused("no-rubric")
    given(OPENED).when(PLAIN, by="reviewer").then_refused("role")


def test_another_edition_counts_with_the_same_decimals() -> None:
    finer = RUBRIC.replace('edition = "2023"', 'edition = "finer"').replace(
        "scale = 2", "scale = 3"
    )
    published = on("2024-07-02", ("clerk", PublishRubric(source=finer)))
    given(OPENED, published).when(
        RepinRubric(edition="finer", reason="x"), by="clerk"
    ).then_refused("other-scale", "finer")
