"""`scoretrail verify`: recompute everything from the stored bytes."""

import click

from cli.failure import BROKEN
from cli.language import language, t
from cli.options import as_json, example, print_json
from cli.session import Session
from ledger.store import Store
from ledger.verify import DOES_NOT_PROVE, Verification, verification_json
from ledger.verify import verify as recompute


@click.command(
    help=t(
        "从存储的字节起全部重算：条目、链、叶、次序。什么都没核对到也算失败。",
        "Recompute everything from the stored bytes: entries, chains, leaves, order. To have"
        " checked nothing is a failure, too.",
    ),
    epilog=example("scoretrail verify --json"),
)
@click.option("--case", "case_id", help=t("只核对一个评价事项", "one case only"))
@as_json
@click.pass_obj
def verify(session: Session, case_id: str | None, *, json_: bool) -> int:
    """Verify the ledger."""
    with Store.open(session.target) as store:
        result = recompute(store.audit(case_id), whole=case_id is None)
    if json_:
        print_json(verification_json(result, language()))
        return 0 if result.holds else BROKEN
    return print_verification(result)


def print_verification(result: Verification) -> int:
    """The result for people, with what it does not prove; the exit code."""
    for one in result.breaks:
        place = f"{one.kind} {one.where}: {getattr(one.message, language())}"
        click.echo(
            t(f"不符 {place}；受影响：", f"BROKEN {place}; affects: ")
            + getattr(one.affects, language())
        )
    if not result.events:
        click.echo(t("没有可核对的条目。", "There was nothing to verify."))
    broken = len(result.breaks)
    zh = "全部相符" if result.holds else f"{broken} 处不符"
    en = "all hold" if result.holds else f"{broken} breaks"
    click.echo(
        t(
            f"核对 {result.events} 条、{result.cases} 个评价事项、{result.leaves} 个叶："
            f"{zh}（等级 {result.level}）",
            f"checked {result.events} events, {result.cases} cases, {result.leaves} leaves:"
            f" {en} (level {result.level})",
        )
    )
    for limit in DOES_NOT_PROVE:
        click.echo(t("不能证明：", "does not prove: ") + getattr(limit, language()))
    return 0 if result.holds else BROKEN
