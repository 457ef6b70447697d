"""`scoretrail case`: open cases and see what there is."""

import click

from cli.acting import CASE, acting, option
from cli.language import t
from cli.options import as_json, example, print_json
from cli.session import Session
from cli.table import Column, print_table
from ledger.case import Case, fold
from ledger.decide import STAGES
from ledger.values import Invalid


@click.group("case", help=t("评价事项：立项、列出、查看。", "Cases: open, list, show."))
def case() -> None:
    """Group the commands of the cases."""


acting(
    case,
    "open",
    "open-case",
    zh="立项。",
    en="Open a case: one unit, one year.",
    line="bureau-officer case open demo-2024 --title 2024年度整体绩效 --year 2024"
    " --unit zhanjiang-amr --unit-name 湛江市市场监督管理局"
    " --bureau zhanjiang-finance --bureau-name 湛江市财政局",
    parameters=[
        CASE,
        option("--title", "名称", "as the documents call it", required=True),
        option("--year", "评价年度", "year under review", required=True, kind=int),
        option("--unit", "被评价单位编号", "id of the reviewed unit", required=True),
        option("--unit-name", "被评价单位名称", "its name", required=True),
        option("--bureau", "财政部门编号", "id of the bureau", required=True),
        option("--bureau-name", "财政部门名称", "its name", required=True),
        option("--notice", "通知文号", "document number of the notice"),
    ],
)
acting(
    case,
    "pin",
    "pin-rubric",
    zh="选定指标体系的一版。",
    en="Pin an edition of a rubric.",
    line="bureau-officer case pin demo-2024 --rubric zhanjiang-departments-2023 --edition 2024-1",
    parameters=[
        CASE,
        option("--rubric", "指标体系编号", "id of the rubric", required=True),
        option("--edition", "版号", "the edition", required=True),
    ],
)
acting(
    case,
    "commission",
    "commission-review",
    zh="委托核查机构。",
    en="Name the reviewing agency.",
    line="bureau-officer case commission demo-2024 --agency guangzhou-xianghe"
    " --agency-name 广州向合管理咨询有限公司",
    parameters=[
        CASE,
        option("--agency", "核查机构编号", "id of the agency", required=True),
        option("--agency-name", "核查机构名称", "its name", required=True),
        option("--number", "委托文号", "document number"),
    ],
)


@case.command(
    "list",
    help=t("列出全部评价事项。", "List all cases."),
    epilog=example("scoretrail case list --json"),
)
@as_json
@click.pass_obj
def list_(session: Session, *, json_: bool) -> None:
    """List the cases."""
    with session.ledger() as ledger:
        cases = [fold(ledger.history(name)) for name in ledger.streams() if ":" not in name]
    if json_:
        print_json({"cases": [_as_json(one) for one in cases]})
        return
    print_table(
        [
            Column(t("评价事项", "case")),
            Column(t("年度", "year"), number=True),
            Column(t("被评价单位", "unit")),
            Column(t("阶段", "stage")),
            Column(t("条数", "events"), number=True),
        ],
        [
            (
                one.id,
                str(one.opened.year),
                one.opened.unit_name,
                t(STAGES[one.stage], one.stage),
                str(one.version),
            )
            for one in cases
            if one.opened
        ],
    )


@case.command(
    help=t("查看一个评价事项。", "Show one case."),
    epilog=example("scoretrail case show zhanjiang-amr-2023"),
)
@click.argument("case_id", metavar="CASE")
@as_json
@click.pass_obj
def show(session: Session, case_id: str, *, json_: bool) -> None:
    """Show one case."""
    with session.ledger() as ledger:
        found = fold(ledger.history(case_id))
    if found.opened is None:
        raise Invalid(f"没有评价事项 {case_id}", f"there is no case {case_id}")
    shown = _as_json(found)
    if json_:
        print_json(shown)
        return
    for name, value in shown.items():
        click.echo(f"{name:12} {value if value is not None else '-'}")


def _as_json(one: Case) -> dict[str, object]:
    return {
        "case": one.id,
        "title": one.opened.title if one.opened else None,
        "year": one.opened.year if one.opened else None,
        "unit": one.opened.unit_name if one.opened else None,
        "bureau": one.opened.bureau_name if one.opened else None,
        "agency": one.commissioned.agency_name if one.commissioned else None,
        "rubric": one.pinned.rubric if one.pinned else None,
        "edition": one.pinned.edition if one.pinned else None,
        "stage": one.stage,
        "version": one.version,
        "figures": len(one.figures),
        "claims": len(one.claims),
        "awards": len(one.awards),
    }
