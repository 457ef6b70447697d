"""The check of a rubric file (指标体系检查): all that is wrong, all that is odd, who reads what."""

from collections.abc import Iterator

from msgspec import Struct

from ledger.field_errors import FieldError
from ledger.figure_declarations import mentions
from ledger.language import Text, counted
from ledger.official_calendar import OFFICIAL_YEARS
from ledger.rubric import Diagnostic, Rubric, diagnose, placed, read, resolved
from ledger.rules.tiers import uneven
from ledger.values import IndicatorId


class RubricCheck(Struct, frozen=True, kw_only=True):
    """The result for a file.

    Attributes:
        rubric: `None` where errors keep it from being published.
        problems: errors, then warnings; each in the order of the file.
        readers: the rows that read a figure, by its id, in the order of the rubric. An id that ends
            in `-…` means all that begin like it. A completion rule reads, besides, every target
            that is reported under its row.
    """

    rubric: Rubric | None
    problems: tuple[Diagnostic, ...]
    readers: dict[str, tuple[IndicatorId, ...]]

    @property
    def sentences(self) -> list[Text]:
        """The problems, a sentence each, with how severe they are."""
        kinds = {"error": Text("错误", "error"), "warning": Text("提醒", "warning")}
        return [
            Text(
                f"{kinds[problem.severity].zh}: {problem.sentence.zh}",
                f"{kinds[problem.severity].en}: {problem.sentence.en}",
            )
            for problem in self.problems
        ]

    @property
    def summary(self) -> Text:
        """Whether it can be published, in a sentence."""
        many = len(self.problems)
        if self.rubric is None:
            return Text(f"共 {many} 处错误，不能发布", "it cannot be published")
        rows, full = len(self.rubric.indicators), self.rubric.full
        return Text(
            f"{rows} 行，合计 {full} 分，{many} 处提醒，可以发布",
            f"{counted(rows, 'row')}, {full} points, {counted(many, 'warning')}; it can be"
            " published",
        )


def check(source: bytes) -> RubricCheck:
    """Look through a rubric file."""
    if found := diagnose(source):
        return RubricCheck(rubric=None, problems=tuple(found), readers={})
    rubric = read(source)
    odd = [*_taken_over_by_none(source)]
    odd += [fault for warnings in WARNINGS for fault in warnings(rubric)]
    return RubricCheck(
        rubric=rubric,
        problems=tuple(placed(odd, "warning", source)),
        readers=readers(rubric),
    )


def readers(rubric: Rubric) -> dict[str, tuple[IndicatorId, ...]]:
    """The rows that read a figure, by its id."""
    found: dict[str, tuple[IndicatorId, ...]] = {}
    for row in rubric.indicators:
        named = (f"{one.figure}-…" if one.many else one.figure for one in mentions(row.rule))
        for figure in dict.fromkeys(named):
            found[figure] = (*found.get(figure, ()), row.id)
    return found


# What is odd, though it can be published ----------------------------------------------------------


def _taken_over_by_none(source: bytes) -> Iterator[FieldError]:
    for path in resolved(source).unused:
        name = ".".join(map(str, path))
        yield FieldError(path, Text(f"{name} 未被使用", f"nothing uses {name}"))


def _read_by_none(rubric: Rubric) -> Iterator[FieldError]:
    read_ = set(rubric.rows_of_figures)
    for check_ in rubric.cross_checks:
        read_ |= {mention.figure for mention in mentions(check_)}
    for index, figure in enumerate(rubric.figures):
        if figure.id not in read_:
            yield FieldError(
                ("figure", index),
                Text(
                    f"“{figure.name}”未被任何规则或勾稽关系使用，也没有写明所属指标",
                    f"no rule or cross-check reads {figure.id}, and it names no indicator",
                ),
            )


def _no_grade(rubric: Rubric) -> Iterator[FieldError]:
    if not rubric.bands:
        yield FieldError(
            ("band",),
            Text("没有等级，总分不评定等级", "there are no grade bands, so no grade is given"),
        )
        return
    for kind, stretch in uneven(f"[0,{rubric.cap}]", (band.range for band in rubric.bands)):
        if kind == "gap":
            yield FieldError(
                ("band",),
                Text(f"总分在 {stretch} 内没有等级", f"a total within {stretch} has no grade"),
            )


def _cap_out_of_place(rubric: Rubric) -> Iterator[FieldError]:
    most = rubric.full + (rubric.bonus.cap if rubric.bonus else 0)
    if rubric.cap < rubric.full:
        yield FieldError(
            ("cap",),
            Text(
                f"上限 {rubric.cap} 低于总分 {rubric.full}，无法得满分",
                f"the cap {rubric.cap} is below the full score {rubric.full}, so full marks cannot"
                " be reached",
            ),
        )
    elif rubric.cap > most:
        yield FieldError(
            ("cap",),
            Text(
                f"上限 {rubric.cap} 高于可能的最高分 {most}，不会起作用",
                f"the cap {rubric.cap} is above the highest possible score, {most}, and never"
                " applies",
            ),
        )


def _item_above_its_cap(rubric: Rubric) -> Iterator[FieldError]:
    for name, extra in (("bonus", rubric.bonus), ("penalty", rubric.penalty)):
        if extra and extra.each > extra.cap:
            yield FieldError(
                (name, "each"),
                Text(
                    f"每项 {extra.each} 分超过合计上限 {extra.cap}",
                    f"one item, {extra.each}, exceeds the cap of all items, {extra.cap}",
                ),
            )


def _scale_unlike_weight(rubric: Rubric) -> Iterator[FieldError]:
    for index, row in enumerate(rubric.indicators):
        out_of = getattr(row.rule, "out_of", row.weight)
        if out_of != row.weight:
            yield FieldError(
                ("indicator", index, "rule", "out_of"),
                Text(
                    f"规则按 {out_of} 分制，这一行是 {row.weight} 分，将按比例折算",
                    f"the rule counts out of {out_of}, the row has weight {row.weight}: scores are"
                    " scaled",
                ),
            )


def _days_off_unknown(rubric: Rubric) -> Iterator[FieldError]:
    clocks = rubric.clocks
    limits = (clocks.rectification, clocks.publication, clocks.appeal, clocks.objection)
    if not any(limit and limit.counting == "working" for limit in limits):
        return
    years = {day.year for day in (*clocks.holidays, *clocks.workdays)} | OFFICIAL_YEARS.keys()
    first, last = min(years), max(years)
    gaps = [str(year) for year in range(first, last) if not clocks.knows(year)]
    zh = "、".join([f"{first - 1} 年及以前", *gaps, f"{last + 1} 年起"])
    en = ", ".join([f"{first - 1} and earlier", *gaps, f"{last + 1} and later"])
    yield FieldError(
        ("clocks",),
        Text(
            f"有按工作日计算的时限，而 {zh}的节假日尚未列出；截止日期在这些年份的，不予计算。国务"
            "院办公厅发布节假日安排后，请列入 holidays 和 workdays",
            f"a time limit counts working days, and the holidays of {en} are not listed, so no due"
            " date in those years is stated. List them in holidays and workdays once they are"
            " published",
        ),
    )


WARNINGS = (
    _read_by_none,
    _days_off_unknown,
    _no_grade,
    _cap_out_of_place,
    _item_above_its_cap,
    _scale_unlike_weight,
)
