"""`scoretrail portfolio`: all cases at once."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, get_args

import click
from msgspec import Struct

from application.known_names import refuse_unknown_names
from application.portfolio import (
    GROUPS,
    AwardFilter,
    CaseFilter,
    Portfolio,
    ProjectionPosition,
    made_anew,
    scoring_patterns,
)
from application.portfolio import portfolio as open_portfolio
from cli.language import language, t
from cli.listing import ListOptions, as_list, print_list
from cli.option import F, command, option, together, usage_error
from cli.options import at_point, decided_by
from cli.output import lasts
from cli.parameter_types import WHOLE, YEAR
from cli.progress import watching
from cli.screen import tell
from cli.session import Session
from documents.portfolio_lists import (
    ADJUSTMENTS,
    GROUPED,
    HABITS,
    INDICATORS,
    REQUESTS,
    SCORES,
    WORK,
    grouped,
    listed,
)
from ledger.language import Text
from ledger.values import Stage

ONLY: Final = {"yes": True, "no": False, None: None}
"""What `--discretion` asks for."""

STAGES: Final = get_args(Stage)
REQUEST_STATES: Final = ("open", "answered", "accepted")
TURNS: Final = ("unit", "agency", "bureau")

portfolio = click.Group(
    "portfolio", help=t("评价总览：全部评价事项的得分、调整、整改和待办。", "All cases at once.")
)


def several(
    option: str, name: str, zh: str, en: str, kind: click.ParamType[Any] | None = None
) -> Callable[[F], F]:
    """A filter that may be repeated: what any of its values allows."""
    return click.option(option, name, type=kind, multiple=True, help=t(zh, en))


choosing: Final = together(
    several("--case", "cases", "评价事项", "the case"),
    several("--year", "years", "年度", "year", YEAR),
    several("--unit", "units", "单位编号", "id of the unit"),
    several("--rubric", "rubrics", "指标体系", "the rubric"),
    several("--stage", "stages", "所处阶段", "stage", click.Choice(STAGES)),
)
"""Which cases: each option may be repeated; different options must hold together."""


class ListRequest(NamedTuple):
    """What every view is asked: which cases, at which point, in which form."""

    chosen: CaseFilter
    label: str
    form: ListOptions


def asked(options: dict[str, Any]) -> ListRequest:
    """The options that all views share."""
    names = [name for name in CaseFilter.__struct_fields__ if name in options]
    chosen = CaseFilter(**{name: options[name] for name in names})
    return ListRequest(chosen, options["label"], options["form"])


@contextmanager
def opened(session: Session, chosen: CaseFilter, label: str, **named: Any) -> Iterator[Portfolio]:  # noqa: ANN401 - as `refuse_unknown_names` takes them
    """The tables; says where they are behind the log, and why."""
    with watching() as watch:
        refuse_unknown_names(session.store, chosen, watch=watch, **named)
        with open_portfolio(session.store, label, chosen, watch) as found:
            if note := found.note:
                tell(*note, err=True)
            yield found


def head(label: str, place: ProjectionPosition) -> dict[str, object]:
    """What every list says of itself."""
    return {"at": {"label": label, "position": place.taken, "size": place.size}}


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
@as_list([*SCORES, *INDICATORS])
def scores_(
    session: Session,
    /,
    grades: tuple[str, ...],
    indicators: tuple[str, ...],
    **options: Any,  # noqa: ANN401 - as click hands them on
) -> None:
    """Show the scores."""
    chosen, label, form = asked(options)
    fields = INDICATORS if indicators else SCORES
    if indicators and grades:
        raise usage_error(
            "--grade 是总分的等级，不能与 --indicator 同用", "--grade does not go with --indicator"
        )
    with opened(session, chosen, label, indicators=indicators, grades=grades) as found:
        rows: Iterable[Struct] = (
            found.indicators(indicators) if indicators else found.scores(grades)
        )
    print_list("scores", fields, listed(rows, language()), form, head(label, found.place))


@command(
    "同类情形的评分尺度：按指标、条款、核查人员、酌情与否等分组统计评分；--list 逐条列出。",
    "Compare scoring across similar cases. Awards are grouped; --list shows each of them.",
    "scoretrail portfolio adjustments --by indicator --by reviewer --json",
    of=portfolio,
)
@choosing
@several("--indicator", "indicators", "指标编号", "an indicator")
@several("--reviewer", "reviewers", "核查人账号", "who awarded")
@several("--clause", "clauses", "条款", "the clause as cited")
@option(
    "--discretion",
    "仅限酌情或非酌情",
    "only with or only without discretion",
    click.Choice(["yes", "no"]),
)
@decided_by
@option(
    "--by by",
    "分组方式",
    "grouping",
    click.Choice(list(GROUPS)),
    multiple=True,
    default=("indicator", "reviewer"),
    show_default=True,
)
@option("--list each", "逐条列出", "list every awarded score", is_flag=True)
@at_point
@as_list([*GROUPED.values(), *HABITS, *ADJUSTMENTS])
def adjustments_(  # noqa: PLR0913 - one argument per option
    session: Session,
    /,
    *,
    indicators: tuple[str, ...],
    reviewers: tuple[str, ...],
    clauses: tuple[str, ...],
    discretion: str | None,
    deciders: tuple[str, ...],
    by: tuple[str, ...],
    each: bool,
    **options: Any,  # noqa: ANN401 - as click hands them on
) -> None:
    """Compare awards with claims."""
    chosen, label, form = asked(options)
    fields = ADJUSTMENTS if each else (*(GROUPED[name] for name in by), *HABITS)
    wanted = AwardFilter(
        reviewers=reviewers, clauses=clauses, discretion=ONLY[discretion], decided_by=deciders
    ).holds
    named = {"indicators": indicators, "reviewers": reviewers, "clauses": clauses}
    with opened(session, chosen, label, **named) as found:
        every = found.adjustments(indicators)
    if each:
        rows = listed([award for award in every if wanted(award)], language())
    else:
        rows = [grouped(pattern) for pattern in scoring_patterns(every, by, wanted)]
    print_list("adjustments", fields, rows, form, head(label, found.place))


@command(
    "全部整改要求：截止日期、反馈、逾期。天数计算至 --dated（默认今天）。",
    "All requests for rectification. Days overdue are counted to --dated (default: today).",
    "scoretrail portfolio rectification --state open --overdue",
    of=portfolio,
)
@choosing
@several("--state", "states", "状态", "the state of the request", click.Choice(REQUEST_STATES))
@option("--overdue", "仅限逾期未反馈", "overdue requests only", is_flag=True)
@at_point
@as_list(REQUESTS)
def rectification_(
    session: Session,
    /,
    *,
    states: tuple[str, ...],
    overdue: bool,
    **options: Any,  # noqa: ANN401 - as click hands them on
) -> None:
    """Show the requests."""
    (chosen, label, form), day = asked(options), session.day  # while open, it holds the ledger
    with opened(session, chosen, label) as found:
        rows = listed(found.requests(day, states, overdue=overdue), language())
    about = {"today": day, **head(label, found.place)}
    print_list("requests", REQUESTS, rows, form, about)


@command(
    "全部待办：待办方、待办内容、已等天数、截止日期。天数计算至 --dated（默认今天）。",
    "All open tasks. Days waited and left are counted to --dated (default: today).",
    "scoretrail portfolio work --turn agency --days 30",
    of=portfolio,
)
@choosing
@several("--turn", "turns", "待办方", "responsible party", click.Choice(TURNS))
@several("--by", "accounts", "所分配的账号", "the account that it is assigned to")
@option("--overdue", "仅限逾期", "overdue tasks only", is_flag=True)
@option("--days least", "最少已等天数", "minimum number of days waited", WHOLE, default=0)
@decided_by
@at_point
@as_list(WORK)
def work_(  # noqa: PLR0913 - one argument per option
    session: Session,
    /,
    *,
    turns: tuple[str, ...],
    accounts: tuple[str, ...],
    overdue: bool,
    least: int,
    deciders: tuple[str, ...],
    **options: Any,  # noqa: ANN401 - as click hands them on
) -> None:
    """Show what waits."""
    (chosen, label, form), day = asked(options), session.day  # while open, it holds the ledger
    with opened(session, chosen, label) as found:
        waiting = found.work(
            day, turns, days=least, overdue=overdue, deciders=deciders, accounts=accounts
        )
    rows = listed(waiting, language())
    about = {"today": day, **head(label, found.place)}
    print_list("work", WORK, rows, form, about)


@command(
    "重建全部总览表。重建期间读取的是原有的表。",
    "Rebuild the tables. Readers see the old ones until it finishes.",
    "scoretrail portfolio rebuild",
    of=portfolio,
)
def rebuild_(session: Session) -> None:
    """Rebuild the tables."""
    with watching(Text("正在重建", "rebuilding")) as watch:
        place = made_anew(session.store, watch)
    lasts()
    tell(f"总览表已重建至日志第 {place.taken} 条", f"the tables are rebuilt: {place.taken} events")
