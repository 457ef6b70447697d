"""Documents, the units that figures cover, statements, printed sums, publications."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from ledger.commands import (
    Command,
    DefineScope,
    ListUnit,
    MakeStatement,
    PrintSubtotal,
    PublishMaterial,
    RegisterDocument,
    RestateFigure,
    SubmitFigure,
)
from ledger.events import (
    DocumentRegistered,
    FigureSubmitted,
    MaterialPublished,
    ScopeDefined,
    StatementMade,
    SubtotalPrinted,
    UnitListed,
)
from ledger.refusals import CommandRefused
from ledger.values import Figure
from tests.support.small_case import CLAIMED, ISSUED, REVIEWED, SUBMITTED, Story, on
from tests.support.specification import given

REPORT = RegisterDocument(
    document="report",
    title="自评报告",
    number="财绩〔2024〕9号",
    printed_date=date(2024, 7, 30),
    sha256="d" * 64,
    form="copy",
    parts=("封面", "附件1"),
)
REGISTERED: Story = on("2024-07-30", ("filer", REPORT))
LISTED: Story = on("2024-07-30", ("filer", ListUnit(member="bureau", name="局本级")))
SCOPED: Story = LISTED + on("2024-07-30", ("filer", DefineScope(scope="本级", members=("bureau",))))


# What the unit is not told of before the draft --------------------------------------------------


def test_the_unit_registers_what_the_agency_has_without_learning_of_it() -> None:
    theirs = SUBMITTED + on("2024-08-02", ("reviewer", REPORT))
    own = replace(REPORT, document="own-copy", title="本单位的一份")
    given(theirs).when(own, by="filer").then(
        DocumentRegistered(**{name: getattr(own, name) for name in own.__struct_fields__[:7]})
    )
    again = replace(own, document="another")
    both = theirs + on("2024-08-03", ("filer", own))
    given(both).when(again, by="filer").then_refused("document-registered", "own-copy")
    given(both).when(again, by="reviewer").then_refused("document-registered", "report")


@pytest.mark.parametrize(
    ("theirs", "own"),
    [
        (
            replace(REPORT, document="review-1"),
            replace(REPORT, document="review-1", sha256="e" * 64),
        ),
        (ListUnit(member="review-1", name="局本级"), ListUnit(member="review-1", name="另一个")),
        (
            MakeStatement(item="review-1", kind="problem", statement="支出偏慢"),
            MakeStatement(item="review-1", kind="measure", statement="加快支出"),
        ),
    ],
    ids=["document", "unit", "statement"],
)
def test_whether_an_id_of_the_agency_is_taken_tells_the_unit_nothing(
    theirs: Command, own: Command
) -> None:
    answers = [
        given(story).when(own, by="filer").answer
        for story in (SUBMITTED, SUBMITTED + on("2024-08-02", ("reviewer", theirs)))
    ]
    for answer in answers:
        assert isinstance(answer, CommandRefused)
        assert answer.rule == "unseen"
    assert str(answers[0]) == str(answers[1])


def test_once_it_is_told_the_unit_uses_any_id() -> None:
    own = replace(REPORT, document="review-answer")
    given(ISSUED).when(own, by="filer").then(
        DocumentRegistered(**{name: getattr(own, name) for name in own.__struct_fields__[:7]})
    )


# Documents ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", ["filer", "reviewer", "clerk"])
def test_every_party_registers_documents(account: str) -> None:
    given(SUBMITTED).when(REPORT, by=account).then(
        DocumentRegistered(
            document="report",
            title="自评报告",
            number="财绩〔2024〕9号",
            printed_date=date(2024, 7, 30),
            sha256="d" * 64,
            form="copy",
            parts=("封面", "附件1"),
        )
    )


@pytest.mark.parametrize(
    "again",
    [
        RegisterDocument(
            document="report", title="另一份", sha256="e" * 64, form="ocr", parts=("全文",)
        ),
        RegisterDocument(
            document="second", title="自评报告", sha256="d" * 64, form="ocr", parts=("全文",)
        ),
    ],
    ids=["id", "digest"],
)
def test_a_document_is_registered_once(again: RegisterDocument) -> None:
    given(CLAIMED, REGISTERED).when(again, by="filer").then_refused(
        "document-registered", "report", "自评报告"
    )


# Units and scopes ---------------------------------------------------------------------------------


def test_units_are_listed_below_one_another() -> None:
    branch = ListUnit(member="branch", name="分局", within="bureau")

    given(CLAIMED, LISTED).when(branch, by="filer").then(
        UnitListed(member="branch", name="分局", within="bureau")
    )


def test_a_unit_is_listed_once() -> None:
    again = ListUnit(member="bureau", name="市局")

    given(CLAIMED, LISTED).when(again, by="filer").then_refused("unit-listed", "bureau")


@pytest.mark.parametrize(
    "command",
    [
        ListUnit(member="branch", name="分局", within="nobody"),
        DefineScope(scope="部门", members=("bureau", "nobody")),
    ],
)
def test_only_listed_units_are_named(command: ListUnit | DefineScope) -> None:
    given(CLAIMED, LISTED).when(command, by="filer").then_refused("unknown-unit", "nobody")


def test_a_scope_is_what_it_covers() -> None:
    given(CLAIMED, LISTED).when(DefineScope(scope="本级", members=("bureau",)), by="filer").then(
        ScopeDefined(scope="本级", members=("bureau",))
    )


def test_a_scope_keeps_its_meaning() -> None:
    again = DefineScope(scope="本级", members=("bureau",))

    given(CLAIMED, SCOPED).when(again, by="filer").then_refused("scope-defined", "本级")


def of_scope(scope: str) -> Figure:
    return Figure(id="staff", indicator="plan", name="在职人数", value="171", scope=scope)


@pytest.mark.parametrize("scope", ["本级", ""])
def test_a_figure_states_a_scope_of_the_list_or_none(scope: str) -> None:
    given(CLAIMED, SCOPED).when(SubmitFigure(figure=of_scope(scope)), by="filer").then(
        FigureSubmitted(figure=of_scope(scope))
    )


def test_a_figure_states_no_other_scope() -> None:
    given(CLAIMED, SCOPED).when(SubmitFigure(figure=of_scope("部门")), by="filer").then_refused(
        "unknown-scope", "staff", "部门", "本级"
    )


def test_the_reviewer_states_no_other_scope_either() -> None:
    restated = RestateFigure(figure=of_scope("部门"), reason="核实")

    given(SUBMITTED, SCOPED).when(restated, by="reviewer").then_refused("unknown-scope", "staff")


def test_without_a_list_any_scope_goes() -> None:
    given(CLAIMED).when(SubmitFigure(figure=of_scope("部门")), by="filer").then(
        FigureSubmitted(figure=of_scope("部门"))
    )


# Statements ---------------------------------------------------------------------------------------


PROMISE = MakeStatement(
    item="assets", kind="promise", statement="年内盘活闲置资产", indicators=("plan",)
)


@pytest.mark.parametrize("account", ["filer", "reviewer"])
def test_unit_and_agency_state_what_belongs_to_no_row(account: str) -> None:
    given(REVIEWED).when(PROMISE, by=account).then(
        StatementMade(
            item="assets",
            kind="promise",
            statement="年内盘活闲置资产",
            indicators=("plan",),
            findings=(),
        )
    )


def test_a_statement_has_an_id_of_its_own() -> None:
    given(CLAIMED, on("2024-07-30", ("filer", PROMISE))).when(PROMISE, by="filer").then_refused(
        "statement-exists", "assets"
    )


def test_a_statement_is_about_rows_and_findings_that_there_are() -> None:
    nowhere = MakeStatement(item="x", kind="cause", statement="缺口", indicators=("nowhere",))
    unfound = MakeStatement(item="x", kind="cause", statement="缺口", findings=("nowhere",))

    given(REVIEWED).when(nowhere, by="filer").then_refused("unknown-indicator", "nowhere")
    given(REVIEWED).when(unfound, by="filer").then_refused("unknown-finding", "nowhere")


# Printed sums -------------------------------------------------------------------------------------


def printed(*path: str) -> PrintSubtotal:
    return PrintSubtotal(
        item="sum",
        label="小计",
        path=path,
        column="awarded",
        printed_weight=Decimal(40),
        printed_score=Decimal("38.5"),
        printed_rate=Decimal("96.25"),
    )


@pytest.mark.parametrize("path", [(), ("管理",), ("表彰加分",)])
def test_a_sum_is_recorded_as_printed(path: tuple[str, ...]) -> None:
    given(REVIEWED).when(printed(*path), by="reviewer").then(
        SubtotalPrinted(
            item="sum",
            label="小计",
            path=path,
            column="awarded",
            printed_weight=Decimal(40),
            printed_score=Decimal("38.5"),
            printed_rate=Decimal("96.25"),
        )
    )


def test_a_sum_is_of_levels_that_the_rubric_has() -> None:
    given(REVIEWED).when(printed("产出"), by="reviewer").then_refused("unknown-level", "产出")


def test_a_sum_is_recorded_once() -> None:
    given(REVIEWED, on("2024-12-30", ("reviewer", printed()))).when(
        printed(), by="reviewer"
    ).then_refused("subtotal-exists", "sum")


# Publication --------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", [CLAIMED, ISSUED], ids=["before", "after"])
def test_material_is_public_before_and_after_the_result(story: Story) -> None:
    published = PublishMaterial(
        title="自评报告", place="门户网站", document="report", sha256="e" * 64
    )

    given(story, REGISTERED).when(published, by="filer").then(
        MaterialPublished(title="自评报告", place="门户网站", document="report", sha256="e" * 64)
    )


def test_what_is_published_as_a_document_is_a_registered_one() -> None:
    published = PublishMaterial(title="自评报告", place="门户网站", document="report")

    given(CLAIMED).when(published, by="filer").then_refused("unknown-document", "report")
