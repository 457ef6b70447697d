"""`scoretrail portfolio`: all cases at once."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, get_args

import click

from application.asked_list import asked_list
from application.comparison import write_comparison, years_typed
from application.fold_in_parts import REBUILDING, folding, rebuild
from application.look import time_zone
from application.portfolio import GROUPS
from application.portfolio_list import KEYS
from application.search import KINDS, search_named
from application.since import days_within
from application.since import since as since_of
from cli.language import language, t
from cli.listing import ListOptions, as_list, print_list
from cli.option import F, command, flag, option, together, usage_error
from cli.options import CORES, at_point, decided_by, into_file, sharing
from cli.output import lasts
from cli.parameter_types import WHOLE, YEAR
from cli.progress import watching
from cli.screen import as_csv, tell
from cli.session import Session
from documents import portfolio_lists as lists
from documents.comparison_lists import COMPARED, DIMENSIONS, TABLES
from documents.search_list import RESULTS
from ledger.terms import PARTIES, RECTIFICATION_STATES
from ledger.values import Stage

portfolio = click.Group("portfolio", help=t("评价总览：全部评价事项。", "All cases at once."))


def several(
    option: str, name: str, zh: str, en: str, kind: click.ParamType[Any] | None = None
) -> Callable[[F], F]:
    """A filter that may be repeated: what any of its values allows."""
    return click.option(option, name, type=kind, multiple=True, help=t(zh, en))


NAMED: Final = ("indicators", "reviewers", "clauses")

choosing: Final = together(
    several("--case", "cases", "评价事项", "the case"),
    several("--year", "years", "年度", "year", YEAR),
    several("--unit", "units", "单位编号", "id of the unit"),
    several("--rubric", "rubrics", "指标体系", "the rubric"),
    several("--stage", "stages", "所处阶段", "stage", click.Choice(get_args(Stage))),
)
"""Which cases: each option may be repeated; different options must hold together."""
choosing_awards: Final = together(
    several("--indicator", "indicators", "指标编号", "an indicator"),
    several("--reviewer", "reviewers", "核查人账号", "who awarded"),
    several("--clause", "clauses", "条款", "the clause as cited"),
    option("--discretion", "仅限酌情或非酌情", "by discretion or not", click.Choice(["yes", "no"])),
    decided_by,
)
"""Which awards."""


def show(session: Session, view: str, named: Sequence[str] = (), **options: Any) -> None:  # noqa: ANN401 - as click hands them on
    """Show a view, and what keeps its tables behind the log; values of the `named` must exist."""
    form, day = options.pop("form"), session.day  # while the tables are open, they hold the ledger
    with watching() as watch, folding(session.store, session.place, CORES) as by:
        asked = asked_list(session.store, view, named, options, day, language(), watch, by)
    if asked.note:
        tell(*asked.note, err=True)
    print_list(KEYS.get(view, view), asked.columns, asked.rows, form, asked.about)


@command(
    "各单位各年度的自评得分、核查得分、分差与等级。--indicator 改列某项指标的得分。",
    "Scores, gap and grade by unit and year. With --indicator, those of one row.",
    "scoretrail portfolio scores --year 2023 --sort gap",
    of=portfolio,
)
@choosing
@several("--grade", "grades", "核查等级", "grade of the award")
@several("--indicator", "indicators", "指标编号", "an indicator")
@at_point
@as_list([*lists.SCORES, *lists.INDICATORS])
def scores_(session: Session, /, **options: Any) -> None:  # noqa: ANN401 - as click hands them on
    if options["indicators"] and options["grades"]:
        raise usage_error(
            "--grade 是总分的等级，不能与 --indicator 同用", "--grade does not go with --indicator"
        )
    show(session, "scores", ["indicators", "grades"], **options)


@command(
    "同类情形的评分尺度：按指标、条款、核查人员、酌情与否等分组统计评分；--list 逐条列出。",
    "Compare scoring across similar cases. Awards are grouped; --list shows each of them.",
    "scoretrail portfolio adjustments --by indicator --by reviewer --json",
    of=portfolio,
)
@choosing
@choosing_awards
@several("--by", "by", "分组（默认指标、核查人员）", "grouping", click.Choice([*GROUPS]))
@flag("--list each", "逐条列出", "list every awarded score")
@at_point
@as_list([*lists.GROUPED.values(), *lists.HABITS, *lists.ADJUSTMENTS])
def adjustments_(session: Session, /, discretion: str | None, **options: Any) -> None:  # noqa: ANN401 - as click hands them on
    only = None if discretion is None else discretion == "yes"
    show(session, "adjustments", NAMED, discretion=only, **options)


@command(
    "全部整改要求：截止日期、反馈、逾期。天数计算至 --dated（默认今天）。",
    "All requests for rectification. Days overdue are counted to --dated (default: today).",
    "scoretrail portfolio rectification --state open --overdue",
    of=portfolio,
)
@choosing
@several("--state", "states", "状态", "its state", click.Choice([*RECTIFICATION_STATES]))
@flag("--overdue", "仅限逾期未反馈", "overdue requests only")
@at_point
@as_list(lists.REQUESTS)
def rectification_(session: Session, /, **options: Any) -> None:  # noqa: ANN401 - as click hands them on
    show(session, "rectification", **options)


@command(
    "全部待办：待办方、待办内容、已等天数、截止日期。天数计算至 --dated（默认今天）。"
    "--due、--since 供邮件网关使用；本程序不发邮件。",
    "All open tasks. Days waited and left are counted to --dated (default: today)."
    " --due and --since serve a mail gateway; the program sends no mail itself.",
    "scoretrail portfolio work --due 7d --json",
    of=portfolio,
)
@choosing
@several("--turn", "turns", "待办方", "responsible party", click.Choice([*PARTIES]))
@several("--by", "accounts", "所分配的账号", "the account that it is assigned to")
@flag("--overdue", "仅限逾期", "overdue tasks only")
@option("--days least", "最少已等天数", "minimum number of days waited", WHOLE, default=0)
@option("--due", "到期：天数（如 7d）或日期", "due within days (7d), or by a day")
@option("--since", "只列变化：日期、时刻或存证证明", "changes since a day, an instant or a receipt")
@several("--party", "parties", "待办机构", "organisation that it waits for")
@several("--person", "persons", "待办账号", "account that it waits for")
@decided_by
@at_point
@as_list(lists.CHANGED_WORK)
def work_(session: Session, /, due: str | None, since: str | None, **options: Any) -> None:  # noqa: ANN401 - as click hands them on
    moment = since_of(since, session.store, time_zone(session.store)) if since else None
    within = days_within(due, session.day) if due else None
    show(session, "work", within=within, since=moment, **options)


@command(
    "比较年度：何者变动、原因、所据记录；-o 写成带图的文书（.html、.pdf、.docx、.xlsx）。",
    "Compare years: moves, reasons, events; -o: a document with charts (.html .pdf .docx .xlsx).",
    "scoretrail portfolio compare --years 2023,2024 --by reviewer",
    of=portfolio,
)
@choosing
@option("--years typed", "年度，如 2023,2024", "such as 2023,2024", default="")
@option(
    "--by dimension", "比较对象", "what to compare", click.Choice([*DIMENSIONS]), default="unit"
)
@option("--table", "列出的表", "the table to show", click.Choice([*TABLES]), default="groups")
@into_file
@at_point
@as_list(COMPARED)
def compare_(session: Session, /, typed: str, output: Path | None, **options: Any) -> None:  # noqa: ANN401 - as click hands them on
    options["years"] = (*options["years"], *years_typed(typed))
    if output is None:
        show(session, "compare", **options)
        return
    write_comparison(session.store, output, session.clock, language(), options)
    lasts()
    tell(f"已写入 {output}", f"{output} written")


@command(
    "检索标题、理由、条款、问题、陈述、答复和材料名称。几个词须在同一段文字中出现。",
    "Search titles, reasons, clauses, findings, answers and the like: all words in one text.",
    "scoretrail search 预算 调整 --year 2023 --kind reason",
)
@click.argument("words", nargs=-1, required=True)
@several("--year", "years", "年度", "year", YEAR)
@several("--unit", "units", "单位编号", "id of the unit")
@several("--kind", "kinds", "内容类别", "kind of text", click.Choice(KINDS))
@several("--by", "authors", "记录的账号", "the account that recorded it")
@option("--account", "仅限此账号可见的", "only what this account sees", metavar="ACCOUNT")
@at_point
@as_list(RESULTS)
def search(session: Session, /, words: Sequence[str], form: ListOptions, **wanted: Any) -> None:  # noqa: ANN401 - as click hands them on
    found = search_named(session.store, " ".join(words), **wanted)
    about: dict[str, object] = {"words": words, "at": {"label": wanted["label"]}}
    print_list("results", RESULTS, found.rows(marked=not (form.json or as_csv())), form, about)


@command(
    "重建全部总览表。重建期间可照常读取。",
    "Rebuild the tables. They can be read meanwhile.",
    "scoretrail portfolio rebuild",
    of=portfolio,
)
@sharing
def rebuild_(session: Session, workers: int) -> None:
    with watching(REBUILDING) as watch:
        place = rebuild(session.store, session.place, workers, watch)
    lasts()
    tell(f"总览表已重建至日志第 {place.taken} 条", f"the tables are rebuilt: {place.taken} events")
