"""The rubric (指标体系): a tree of indicators with weights, rules, caps and grade bands.

A rubric is a TOML file. It is published into the ledger unchanged and pinned by the SHA-256 of its
bytes. All arithmetic on scores is here and in `rules/`; nobody else adds them up.
"""

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from ledger import not_read
from ledger.award_needs import AwardNeeds, Needs, needs_of
from ledger.cross_checks import CrossCheck, GeneralCheck
from ledger.field_errors import FieldError, Path, UnquotedNumber, field_errors
from ledger.figure_declarations import (
    FigureDeclaration,
    Reader,
    declaration_errors,
    mentions,
)
from ledger.language import Text, counted
from ledger.rubric_shorthand import Resolved, resolve
from ledger.rules.composition import Shape
from ledger.rules.rule import (
    DecidedBy,
    Figures,
    RuleResult,
    ScoredIndicator,
    ends_within,
    half_up,
)
from ledger.rules.score_range import decimal_of, format_fraction
from ledger.rules.tiers import uneven
from ledger.rules.totals import PLAIN, BlockPart, Points, TotalsRule
from ledger.time_limits import TimeLimits
from ledger.values import (
    Edition,
    FigureId,
    IndicatorId,
    Interval,
    Invalid,
    RubricId,
    Sha256,
    Words,
    exact,
    interval_of,
)

ZERO = Decimal(0)
NO_FIGURES: Final = Figures()
OPEN: Final = "?"
"""What a drafted file has where a person is to answer; no rubric has it anywhere."""
DRAFTED: Final = "drafted"
"""The key of a drafted file that a person takes out who has read it."""

SOURCE_MAX: Final = 4 * 1024 * 1024
"""Bytes in a rubric file: some thousand rows. A larger file would take minutes to read."""


class Indicator(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A scored row (三级指标).

    Attributes:
        id: its own, because names repeat.
        path: names from the first level down to its own.
        weight: the full score (分值).
        clause: where the standard is printed, to be cited (评分标准).
        standard: the standard in words.
        rule: how figures give a score.
        explanation: what the indicator is about, in words (指标解释); it scores nothing. Empty
            where none is printed.
        needs: what awards of this row must bring, where that is not what the rubric says for all.
        decimals: to how many its rule result is rounded, where fewer than the rubric's scores have.
    """

    id: IndicatorId
    path: Annotated[tuple[Words, ...], Meta(min_length=1)]
    weight: Decimal
    clause: Words
    standard: Words
    rule: Shape
    explanation: Words = ""
    needs: AwardNeeds | None = None
    decimals: Annotated[int, Meta(ge=0, le=4)] | None = None

    def __post_init__(self) -> None:
        exact(self.weight)
        if self.weight <= ZERO:
            raise Invalid(f"分值 {self.weight} 应大于 0", f"weight {self.weight} must be above 0")
        if self.decimals is not None and half_up(self.weight, self.decimals) != self.weight:
            raise Invalid(
                f"分值 {self.weight} 超过本行得分的 {self.decimals} 位小数（decimals）",
                f"weight {self.weight} has more decimals than scores of this row have (decimals ="
                f" {self.decimals})",
            )

    def less(self, points: Decimal) -> Decimal:
        """The score that is left where a table prints only the points taken off (扣分)."""
        return self.weight - points


class BonusPenaltyRule(Struct, frozen=True, forbid_unknown_fields=True):
    """Capped points outside the full score: bonus (加分) or penalty (减分).

    Attributes:
        id: the row's id, used when a review table restates it.
        name: as printed.
        each: points of one item.
        cap: the most that all items count together.
        standard: the standard in words.
        explanation: what the items are about (指标解释), as for an indicator.
    """

    id: IndicatorId
    name: Words
    each: Decimal
    cap: Decimal
    clause: Words
    standard: Words
    explanation: Words = ""

    def __post_init__(self) -> None:
        exact(self.each, self.cap)
        if self.each <= ZERO or self.cap < ZERO:
            raise Invalid(
                "每项分值应大于 0，上限不小于 0", "`each` must be above 0, `cap` at least 0"
            )


class GradeBand(Struct, frozen=True, forbid_unknown_fields=True):
    """A grade (等级) and the totals that earn it, as an interval such as `[90,100)`."""

    grade: Words
    range: str

    def __post_init__(self) -> None:
        interval_of(self.range)

    @property
    def interval(self) -> Interval:
        """The totals that earn the grade."""
        return interval_of(self.range)


class RubricName(Struct, frozen=True):
    """Which edition of a rubric, with the digest of its file."""

    id: RubricId
    edition: Edition
    sha256: Sha256


TotalsPart = Literal["rebased", "scaled", "bonus", "penalty", "cap_loss", "grade_drop"]


class Totals(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How scores of rows add up; one line per part.

    Attributes:
        base: sum of the rows.
        bonus: what counts of the bonus items, capped.
        penalty: what counts of the penalty items, capped, as a positive number.
        raw: base + rebased + scaled + bonus - penalty.
        cap_loss: what the overall cap (or the floor of 0, then negative) takes from raw.
        total: raw - cap_loss - grade_drop.
        grade: of raw - cap_loss; `None` where no band holds that, or it is not whole yet.
        pending: rows without a score yet; they count nothing.
        scored: rows that have one.
        rebased: what re-basing adds for rows that do not apply.
        scaled: what blocks and the offset add (negative: take away).
        grade_drop: what a grade below the unit's own takes, as a positive number.
        bonus_undecided: claimed bonus items that wait for a decision; they count nothing.
    """

    base: Decimal
    bonus: Decimal
    penalty: Decimal
    raw: Decimal
    cap_loss: Decimal
    total: Decimal
    grade: str | None
    pending: int
    scored: int
    rebased: Decimal
    scaled: Decimal
    grade_drop: Decimal
    bonus_undecided: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether all that counts has a score: no row and no bonus item waits for one."""
        return not (self.pending or self.bonus_undecided)

    @property
    def given(self) -> bool:
        """Whether there is a total: before any row has a score, nobody gave one."""
        return self.scored > 0 or not self.pending

    def shown(self, part: str) -> Decimal | None:
        """A part as people are shown it: missing is not zero, so `None` before there is one.

        While rows are pending, no bonus or penalty is one that nobody has decided yet; likewise no
        bonus while a claimed item is undecided.
        """
        points: Decimal = getattr(self, part)
        if part in {"bonus", "penalty"}:
            waits = self.pending or (part == "bonus" and self.bonus_undecided)
            return points if points or not waits else None
        return points if self.given else None

    @property
    def waiting(self) -> Text | None:
        """What of a review has no score yet, without a full stop; `None` where all has one."""
        zh, en = [], []
        if self.pending:
            zh.append(f"{self.pending}项未核查")
            en.append(f"{counted(self.pending, 'row')} not yet reviewed")
        if self.bonus_undecided:
            zh.append(f"{self.bonus_undecided}项加分待认定")
            en.append(f"{counted(self.bonus_undecided, 'bonus item')} not yet decided")
        return Text(f"尚有{'、'.join(zh)}", ", ".join(en)) if zh else None

    def lines(self) -> dict[TotalsPart, Decimal]:
        """What leads from the base to the total, in order, as signed parts that add up to it."""
        return {
            "rebased": self.rebased,
            "scaled": self.scaled,
            "bonus": self.bonus,
            "penalty": -self.penalty,
            "cap_loss": -self.cap_loss,
            "grade_drop": -self.grade_drop,
        }


class RubricTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """What a rubric file writes. A `Rubric` is one without mistakes.

    Attributes:
        id: the same for all editions.
        edition: names this one.
        title: as printed.
        scale: decimals of a score; every row is rounded once, half-up, to it.
        full: what the weights add up to, as the totals count them (总分).
        cap: the most that a total can be.
        source: the document that sets the standard.
        bonus: bonus items, if any count.
        penalty: penalty items, if any count.
        clocks: time limits; each may be unset.
        totals_rule: how rows become a total, beyond adding them up; as a rule nothing.
        bands: grades, in any order; none overlaps another.
        indicators: the rows in printed order.
        award_needs: what awards must bring, by what they rest on.
        figures: what the figures that rules and cross-checks read are called; empty where a file
            names them by id alone.
        identities: cross-checks written as `[[identity]]`; for checks, never for scores.
        general_checks: the same, of the kinds that any rubric may need.
    """

    id: RubricId
    edition: Edition
    title: Words
    scale: Annotated[int, Meta(ge=0, le=4)]
    full: Decimal
    cap: Decimal
    source: Words
    bonus: BonusPenaltyRule | None = None
    penalty: BonusPenaltyRule | None = None
    clocks: TimeLimits = TimeLimits()
    totals_rule: TotalsRule | None = msgspec.field(name="totals", default=None)
    bands: tuple[GradeBand, ...] = msgspec.field(name="band")
    indicators: Annotated[tuple[Indicator, ...], Meta(min_length=1)] = msgspec.field(
        name="indicator"
    )
    identities: tuple[CrossCheck, ...] = msgspec.field(name="identity", default=())
    general_checks: tuple[GeneralCheck, ...] = msgspec.field(name="cross-check", default=())
    award_needs: AwardNeeds | None = msgspec.field(name="needs", default=None)
    figures: tuple[FigureDeclaration, ...] = msgspec.field(name="figure", default=())

    def __post_init__(self) -> None:
        exact(self.full, self.cap)

    @cached_property
    def parts(self) -> list[BlockPart]:
        """The rows as the totals see them."""
        return [BlockPart(row.id, row.path, row.weight) for row in self.indicators]

    @cached_property
    def cross_checks(self) -> tuple[CrossCheck, ...]:
        """What figures must be to each other, in the order of the file."""
        return (*self.identities, *self.general_checks)

    @property
    def adding(self) -> TotalsRule:
        """How rows become a total."""
        return self.totals_rule or PLAIN

    def rubric_errors(self) -> Iterator[FieldError]:
        """What is wrong with the table as a whole, though each part of it makes sense."""
        for mistakes in RUBRIC_CHECKS:
            yield from mistakes(self)


class RubricFile(RubricTable, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """The same with the two tables that are resolved before it is read (`rubric_shorthand`).

    Attributes:
        defaults: what a row or a rule leaves out, by what it is about.
        shared: tables that rows take over, by name.
    """

    defaults: dict[str, dict[str, Any]] = msgspec.field(name="default", default_factory=dict)
    shared: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)


class Rubric(RubricTable, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """One edition of a rubric, fit to be published."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for mistake in self.rubric_errors():
            raise Invalid(*mistake.text)

    @cached_property
    def by_id(self) -> Mapping[IndicatorId, Indicator]:
        """The rows by their ids."""
        return {row.id: row for row in self.indicators}

    @cached_property
    def figure_names(self) -> Mapping[FigureId, str]:
        """What the declared figures are called, by id."""
        return {figure.id: figure.name for figure in self.figures}

    def declaration(self, figure: FigureId) -> FigureDeclaration | None:
        """What the rubric declares of a figure, or of the many that it is one of."""
        return next((one for one in self.figures if one.covers(figure)), None)

    @cached_property
    def rows_of_figures(self) -> Mapping[FigureId, IndicatorId]:
        """The row that each figure is reported under, by the figure's id, in the rubric's order.

        It is the one that its declaration says, else the first of those that read it. Those of many
        are under what their ids begin with.
        """
        rows: dict[FigureId, IndicatorId] = {}
        for row in self.indicators:
            for mention in mentions(row.rule):
                rows.setdefault(mention.figure, row.id)
        return rows | {one.id: one.indicator for one in self.figures if one.indicator}

    def in_scale(self, score: Decimal) -> Decimal:
        """The score with exactly the rubric's decimals.

        Raises:
            Invalid: the score is finer than the scale. Nothing is rounded away.
        """
        exact(score)
        scaled = half_up(score, self.scale)
        if scaled != score:
            raise Invalid(
                f"{score} 超过 {self.scale} 位小数", f"{score} has more than {self.scale} decimals"
            )
        return scaled

    def weight_under(self, path: tuple[str, ...]) -> Decimal:
        """What the rows under a level weigh together."""
        rows = (row.weight for row in self.indicators if row.path[: len(path)] == path)
        return self.in_scale(sum(rows, ZERO))

    def rule_result(self, indicator: Indicator, figures: Figures) -> RuleResult:
        """What the row's rule gives from these figures, rounded once to the decimals of the row."""
        fine = self.scale if indicator.decimals is None else indicator.decimals
        if self.figures:
            figures = figures.called(self.figure_names)
        result = indicator.rule.work_out(ScoredIndicator(indicator.id, indicator.weight), figures)
        if result.score is None:
            lowest, highest = (half_up(end, self.scale) for end in ends_within(result, fine))
            return result._replace(lowest=lowest, highest=highest, above=False, below=False)
        score = half_up(half_up(result.score, fine), self.scale)
        steps = result.derivation
        if score != result.score:
            steps = (
                *steps,
                Text(f"四舍五入到 {fine} 位小数：{score}", f"rounded half-up: {score}"),
            )
        return result._replace(score=score, lowest=score, highest=score, derivation=steps)

    def meant(self, written: str) -> str:
        """The id of the row that has this name, where one has it; else what was written."""
        named = [row.id for row in self.indicators if row.path[-1] == written]
        return named[0] if len(named) == 1 else written

    def needs(self, row: IndicatorId, decided_by: DecidedBy) -> Needs:
        """What an award of a row must bring, by what it rests on."""
        return needs_of(decided_by, (self.by_id[row].needs, self.award_needs))

    def rule_results(self, figures: Figures) -> dict[IndicatorId, RuleResult]:
        """What the rules of all rows give from these figures, in the rubric's order."""
        return {row.id: self.rule_result(row, figures) for row in self.indicators}

    def totals(  # noqa: PLR0913 - all that makes a total
        self,
        scores: Mapping[IndicatorId, Decimal],
        bonus: Iterable[Decimal] = (),
        penalty: Iterable[Decimal] = (),
        *,
        excluded: Collection[IndicatorId] = (),
        own_grade: str | None = None,
        figures: Figures = NO_FIGURES,
    ) -> Totals:
        """Rows, then bonus and penalty each up to its cap, then the overall cap.

        With a `[totals]` table the rows are re-based and scaled before the bonus, and a grade below
        the unit's own takes its percentage after the cap. Every line is the difference between two
        sums that are each rounded once, so the lines add up to the total exactly.

        Args:
            scores: by indicator, already in the rubric's scale. Rows that lack one are pending.
            bonus: points of each item.
            penalty: points of each item, positive.
            excluded: rows that do not apply; they have no score and are not pending.
            own_grade: the unit's own, where the totals are those of a finished review.
            figures: those in force, where a number may limit the total.
        """
        base, rebased, scaled = map(self._rounded, self.adding.sum_up(self.parts, scores, excluded))
        added = self._capped(bonus, self.bonus)
        taken = self._capped(penalty, self.penalty)
        raw = scaled + added - taken
        cap = min([self.cap, *self.adding.limits(figures)])
        capped = min(max(raw, half_up(ZERO, self.scale)), half_up(cap, self.scale))
        applying = self.by_id.keys() - set(excluded) if excluded else self.by_id.keys()
        scored = len(applying & scores.keys())
        pending = len(applying) - scored
        grade = None if pending else self.grade(capped)
        fallen = self._fallen(own_grade, grade)
        total = self._rounded(self.adding.after_drop(capped, fallen)) if fallen else capped
        return Totals(
            base=base,
            bonus=added,
            penalty=taken,
            raw=raw,
            cap_loss=raw - capped,
            total=total,
            grade=grade,
            pending=pending,
            scored=scored,
            rebased=rebased - base,
            scaled=scaled - rebased,
            grade_drop=capped - total,
        )

    def _rounded(self, points: Points) -> Decimal:
        whole = points if isinstance(points, Decimal) else decimal_of(points)
        return half_up(whole, self.scale)

    def _capped(self, points: Iterable[Decimal], extra: BonusPenaltyRule | None) -> Decimal:
        counted = min(sum(points, ZERO), extra.cap) if extra else ZERO
        return half_up(counted, self.scale)

    def _fallen(self, own: str | None, grade: str | None) -> int:
        """How many grades the second is below the first; 0 where one of them is not a grade."""
        if own == grade:
            return 0
        ranks = {name: rank for rank, name in enumerate(self.grades)}
        if own not in ranks or grade not in ranks:
            return 0
        return max(ranks[grade] - ranks[own], 0)

    @cached_property
    def grades(self) -> list[str]:
        """The names of the grades, highest first."""
        lowest = Decimal("-Infinity")
        ranked = sorted(self.bands, key=lambda band: band.interval.low or lowest, reverse=True)
        return [band.grade for band in ranked]

    def grade(self, total: Decimal) -> str | None:
        """The grade whose band holds the total, or `None` where none does."""
        return next((band.grade for band in self.bands if total in band.interval), None)


# What is wrong with a table as a whole ------------------------------------------------------------


def _ids_repeat(table: RubricTable) -> Iterator[FieldError]:
    ids: list[tuple[Path, IndicatorId]] = [
        (("indicator", index, "id"), row.id) for index, row in enumerate(table.indicators)
    ]
    extras = (("bonus", table.bonus), ("penalty", table.penalty))
    ids += [((name, "id"), extra.id) for name, extra in extras if extra]
    seen: set[IndicatorId] = set()
    for path, id_ in ids:
        if id_ in seen:
            text = Text(f"指标编号 {id_} 重复", f"the indicator id {id_} is used twice")
            yield FieldError(path, text)
        seen.add(id_)


def _weights_differ(table: RubricTable) -> Iterator[FieldError]:
    counted = table.adding.attainable(table.parts) + Fraction(table.adding.offset)
    if counted != table.full:
        shown = format_fraction(counted)
        yield FieldError(
            ("full",),
            Text(
                f"分值合计 {shown}，应为 {table.full}",
                f"the weights add up to {shown} instead of {table.full}",
            ),
        )


def _finer_than_scale(table: RubricTable) -> Iterator[FieldError]:
    numbers: list[tuple[Path, Decimal]] = [(("full",), table.full), (("cap",), table.cap)]
    numbers += [
        (("indicator", index, "weight"), row.weight) for index, row in enumerate(table.indicators)
    ]
    numbers += [
        (("totals", "ceilings", index, "bands", place, "at_most"), band.at_most)
        for index, ceiling in enumerate(table.adding.ceilings)
        for place, band in enumerate(ceiling.bands)
    ]
    for name, extra in (("bonus", table.bonus), ("penalty", table.penalty)):
        if extra:
            numbers += [((name, "each"), extra.each), ((name, "cap"), extra.cap)]
    for path, number in numbers:
        if half_up(number, table.scale) != number:
            yield FieldError(
                path,
                Text(
                    f"{number} 超过得分的 {table.scale} 位小数（scale）",
                    f"{number} has more decimals than scores have (scale = {table.scale})",
                ),
            )


def _cap_leaves_nothing(table: RubricTable) -> Iterator[FieldError]:
    if table.cap <= ZERO:
        text = Text(f"总分上限 {table.cap} 应大于 0", f"the cap {table.cap} must be above 0")
        yield FieldError(("cap",), text)


def _bands_clash(table: RubricTable) -> Iterator[FieldError]:
    for kind, stretch in uneven("(-,-)", (band.range for band in table.bands)):
        if kind == "overlap":
            yield FieldError(
                ("band",),
                Text(f"等级区间在 {stretch} 重叠", f"two grade bands overlap in {stretch}"),
            )
    names = [band.grade for band in table.bands]
    for index, name in enumerate(names):
        if name in names[:index]:
            text = Text(f"等级“{name}”重复", f"the grade '{name}' is defined twice")
            yield FieldError(("band", index, "grade"), text)


def _blocks_clash(table: RubricTable) -> Iterator[FieldError]:
    blocks = table.adding.blocks
    for index, row in enumerate(table.indicators):
        count = sum(1 for block in blocks if block.holds(row.path))
        if blocks and count != 1:
            yield FieldError(
                ("indicator", index, "path"),
                Text(
                    f"{row.id} 属于 {count} 个分块，应恰好属于一个",
                    f"{row.id} belongs to {count} blocks of [totals] and must belong to exactly"
                    " one",
                ),
            )
    for index, block in enumerate(blocks):
        if not any(block.holds(row.path) for row in table.indicators):
            name = " / ".join(block.under)
            yield FieldError(
                ("totals", "blocks", index),
                Text(f"“{name}”下没有指标", f"no indicator is under '{name}'"),
            )


def _grade_drop_is_incomplete(table: RubricTable) -> Iterator[FieldError]:
    percents, wanted = len(table.adding.grade_drop), len(table.bands) - 1
    if percents not in {0, wanted}:
        yield FieldError(
            ("totals", "grade_drop"),
            Text(
                f"{len(table.bands)} 个等级之间最多低 {wanted} 级，此处有 {percents} 个百分数",
                f"with {len(table.bands)} grades, a grade can drop by 1 to {wanted}, but"
                f" {percents} percentages are given",
            ),
        )


def _cross_checks(table: RubricTable) -> Iterator[tuple[Path, CrossCheck]]:
    for key, checks in (("identity", table.identities), ("cross-check", table.general_checks)):
        yield from (((key, index), check) for index, check in enumerate(checks))


def _identities_name_unknown_rows(table: RubricTable) -> Iterator[FieldError]:
    known = {row.id for row in table.indicators}
    for path, cross_check in _cross_checks(table):
        if unknown := [row for row in cross_check.rows if row not in known]:
            yield FieldError(
                path,
                Text(
                    f"勾稽关系“{cross_check.name}”列有不存在的指标：{'、'.join(unknown)}",
                    f"the cross-check '{cross_check.name}' names unknown indicators:"
                    f" {', '.join(unknown)}",
                ),
            )


def _declarations_differ(table: RubricTable) -> Iterator[FieldError]:
    readers = [
        Reader(("indicator", index, "rule"), row.rule, is_rule=True)
        for index, row in enumerate(table.indicators)
    ]
    readers += [Reader(path, check, is_rule=False) for path, check in _cross_checks(table)]
    readers += [
        Reader(("totals", "ceilings", index), ceiling, is_rule=True)
        for index, ceiling in enumerate(table.adding.ceilings)
    ]
    rows = [row.id for row in table.indicators]
    yield from declaration_errors(table.figures, readers, rows)


def _row_finer_than_scale(table: RubricTable) -> Iterator[FieldError]:
    for index, row in enumerate(table.indicators):
        if row.decimals is not None and row.decimals > table.scale:
            yield FieldError(
                ("indicator", index, "decimals"),
                Text(
                    f"{row.decimals} 位小数多于得分的 {table.scale} 位（scale）",
                    f"{row.decimals} decimals are more than scores have (scale = {table.scale})",
                ),
            )


RUBRIC_CHECKS: Final = (
    _ids_repeat,
    _weights_differ,
    _finer_than_scale,
    _cap_leaves_nothing,
    _bands_clash,
    _blocks_clash,
    _grade_drop_is_incomplete,
    _identities_name_unknown_rows,
    _declarations_differ,
    _row_finer_than_scale,
)


# Files -------------------------------------------------------------------------------------------


class Diagnostic(Struct, frozen=True):
    """Something in a rubric file, and where.

    Attributes:
        severity: an `error` keeps the file from being published, a `warning` does not.
        line: from 1; `None` for the file as a whole.
        place: the key, such as `indicator[output-goals].rule.tiers[2].points`; positions from 1.
    """

    severity: Literal["error", "warning"]
    line: int | None
    place: str
    message: Text

    @property
    def sentence(self) -> Text:
        """Where and what, in one sentence."""
        zh = " ".join(filter(None, (f"第 {self.line} 行" if self.line else "", self.place)))
        en = ", ".join(filter(None, (f"line {self.line}" if self.line else "", self.place)))
        if not zh:
            return self.message
        return Text(f"{zh}：{self.message.zh}", f"{en}: {self.message.en}")


def read(source: bytes) -> Rubric:
    """The rubric that a TOML file writes.

    Raises:
        Invalid: not UTF-8 or TOML, a key that is unknown, missing or of the wrong kind, a number
            that is not exact, or weights that do not add up. The message says on which line, what
            is written there and what is allowed.
    """
    with suppress(ValueError, RecursionError, msgspec.ValidationError):
        whole = resolved(source)
        if not whole.errors:
            return msgspec.convert(whole.data, Rubric)
    raise _wrong(diagnose(source))


def read_new(source: bytes) -> Rubric:
    """The rubric of a file that is handed in: its numbers are written with the digits 0-9.

    Raises:
        Invalid: as of `read`, or a number in digits of another script.
    """
    if found := diagnose(source):
        raise _wrong(found)
    return read(source)


def _wrong(found: Sequence[Diagnostic]) -> Invalid:
    first, *others = found
    zh = f"（另有 {len(others)} 处）" if others else ""
    en = f" ({len(others)} more)" if others else ""
    where = first.sentence
    return Invalid(
        f"指标体系有误：{where.zh}{zh}",
        f"the rubric has an error: {where.en}{en}",
        rule="rubric-wrong",
    )


def diagnose(source: bytes) -> list[Diagnostic]:
    """Everything that keeps a file from being published, in the order of the file."""
    if len(source) > SOURCE_MAX:
        text = Text(
            f"文件有 {len(source)} 字节，上限是 {SOURCE_MAX}",
            f"the file has {len(source)} bytes; the limit is {SOURCE_MAX}",
        )
        return [Diagnostic("error", None, "", text)]
    try:
        data = _data(source)
    except UnicodeDecodeError as error:
        text = not_read.reason(error)
        return [Diagnostic("error", source.count(b"\n", 0, error.start) + 1, "", text)]
    except (ValueError, RecursionError) as error:  # a number may be too long, a list too deep
        return [_not_toml(str(error), source.decode())]
    whole = resolve(data)
    found = _left_open(data, field_errors(whole.data, RubricFile))
    sound = _without_rules(whole.data) if found or whole.errors else whole.data
    with suppress(msgspec.ValidationError):
        found += msgspec.convert(sound, RubricTable).rubric_errors()
    found = [fault for fault in found if not whole.is_broken(fault.path)]
    return placed([*whole.errors, *found], "error", source)


def _left_open(data: dict[str, Any], found: list[FieldError]) -> list[FieldError]:
    """The errors of a file, and what a draft of it leaves to be read and answered."""
    if data.get(DRAFTED) is True:
        draft = Text(
            "这是草稿。请逐行读过、改正后删去这一行",
            "this is a draft; read every row, correct it, then take out this line",
        )
        found = [
            FieldError((DRAFTED,), draft),
            *(error for error in found if error.path != (DRAFTED,)),
        ]
    told = {error.path for error in found}
    asked = Text("问题尚未回答", "a question is not answered")
    return [*found, *(FieldError(path, asked) for path in _asked(data) if path not in told)]


def _asked(data: object, path: Path = ()) -> Iterator[Path]:
    if data == OPEN:
        yield path
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _asked(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _asked(value, (*path, index))


def placed(
    found: Iterable[FieldError],
    severity: Literal["error", "warning"],
    source: bytes,
) -> list[Diagnostic]:
    """Faults with their lines, in the order of the file; what is shared is reported once.

    Args:
        found: the faults, by their places in the resolved data or in the file.
        severity: of all of them.
        source: the file.
    """
    if not (faults := list(found)):
        return []
    from ledger.toml_lines import line_of, lines_of  # noqa: PLC0415 - only where something is wrong

    data = _data(source)
    whole, lines = resolve(data), lines_of(source.decode())
    written = dict.fromkeys((whole.written_at(fault.path), fault.text) for fault in faults)
    problems = [
        Diagnostic(severity, line_of(path, lines), _place(path, data), text)
        for path, text in written
    ]
    return sorted(problems, key=lambda problem: problem.line or 0)


def resolved(source: bytes) -> Resolved:
    """What a file writes, with its defaults and shared tables in place.

    Raises:
        ValueError: not UTF-8 or TOML.
    """
    return resolve(_data(source))


def _data(source: bytes) -> dict[str, Any]:
    """What the file writes. A number with a point stays text, so that no float is ever read."""
    if len(source) > SOURCE_MAX:
        raise ValueError
    return tomllib.loads(source.decode(), parse_float=UnquotedNumber)


def _not_toml(message: str, source: str) -> Diagnostic:
    from ledger.toml_lines import syntax_fault  # noqa: PLC0415 - only where something is wrong

    line, (zh, en) = syntax_fault(message, source)
    return Diagnostic(
        "error", line, "", Text(f"文件不是 TOML（{zh}）", f"the file is not TOML ({en})")
    )


def _without_rules(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same table with a placeholder for every rule: a wrong rule hides no wrong sum."""
    rule = {"shape": "discretion", "full_if": [], "deduct": "[0,1]", "out_of": "1"}
    rows = data.get("indicator")
    if not isinstance(rows, list):
        return dict(data)
    return {
        **data,
        "indicator": [{**row, "rule": rule} for row in rows if isinstance(row, dict)],
    }


def _place(path: Path, data: object) -> str:
    """A path in words; a table that has an id is called by it."""
    place = ""
    for key in path:
        try:
            data = data[key]  # type: ignore[index]  # what cannot be indexed has no name
        except (KeyError, IndexError, TypeError):
            data = None
        if isinstance(key, int):
            name = data.get("id") if isinstance(data, dict) else None
            place += f"[{name if isinstance(name, str) else key + 1}]"
        else:
            place += f".{key}" if place else key
    return place


def digest(source: bytes) -> Sha256:
    """What pins an edition: the SHA-256 of the file as published."""
    return sha256(source).hexdigest()
