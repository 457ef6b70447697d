"""The rubric (指标体系): a tree of indicators with weights, rules, caps and grade bands.

A rubric is a TOML file. It is published into the ledger as it stands and pinned by the SHA-256 of
its bytes. All arithmetic on scores is here and in `rules/`; nobody else adds them up.
"""

import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Struct

from ledger.rules import Shape
from ledger.rules.rule import Figures, Result, Row, half_up
from ledger.values import (
    Edition,
    IndicatorId,
    Interval,
    Invalid,
    RubricId,
    Sha256,
    Text,
    Words,
    exact,
    interval_of,
)

ZERO = Decimal(0)


class Indicator(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A scored row (三级指标).

    Attributes:
        id: its own, because names repeat.
        path: names from the first level down to its own.
        weight: the full score (分值).
        clause: where the standard stands, to be cited (评分标准).
        standard: the standard in words.
        rule: how figures give a score.
    """

    id: IndicatorId
    path: Annotated[tuple[Words, ...], Meta(min_length=1)]
    weight: Decimal
    clause: Words
    standard: Words
    rule: Shape

    def __post_init__(self) -> None:
        exact(self.weight)
        if self.weight <= ZERO:
            raise Invalid(f"分值 {self.weight} 应大于 0", f"weight {self.weight} must be above 0")


class Extra(Struct, frozen=True, forbid_unknown_fields=True):
    """Capped points outside the full score: bonus (加分) or penalty (减分).

    Attributes:
        id: the row's id, used when a review table restates it.
        name: as printed.
        each: points of one item.
        cap: the most that all items count together.
        standard: the standard in words.
    """

    id: IndicatorId
    name: Words
    each: Decimal
    cap: Decimal
    clause: Words
    standard: Words

    def __post_init__(self) -> None:
        exact(self.each, self.cap)
        if self.each <= ZERO or self.cap < ZERO:
            raise Invalid(
                "每项分值应大于 0，上限不小于 0", "`each` must be above 0, `cap` at least 0"
            )


class Band(Struct, frozen=True, forbid_unknown_fields=True):
    """A grade (等级) and the totals that earn it, as an interval such as `[90,100)`."""

    grade: Words
    range: str

    def __post_init__(self) -> None:
        interval_of(self.range)

    @property
    def interval(self) -> Interval:
        """The totals that earn the grade."""
        return interval_of(self.range)


class Totals(NamedTuple):
    """How scores of rows add up; each part a line of its own.

    Attributes:
        base: sum of the rows.
        bonus: what counts of the bonus items, capped.
        penalty: what counts of the penalty items, capped, as a positive number.
        raw: base + bonus - penalty.
        cap_loss: what the overall cap (or the floor of 0, then negative) takes from raw.
        total: raw - cap_loss.
        grade: `None` where no band holds the total, or rows are pending.
        pending: rows without a score yet; they count nothing.
    """

    base: Decimal
    bonus: Decimal
    penalty: Decimal
    raw: Decimal
    cap_loss: Decimal
    total: Decimal
    grade: str | None
    pending: int


class Rubric(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """One edition of a rubric.

    Attributes:
        id: the same for all editions.
        edition: names this one.
        title: as printed.
        scale: decimals of a score; every row is rounded once, half-up, to it.
        full: what the weights add up to (总分).
        cap: the most that a total can be.
        source: the document that sets the standard.
        bonus: bonus items, if any count.
        penalty: penalty items, if any count.
        bands: grades, highest first.
        indicators: the rows in printed order.
    """

    id: RubricId
    edition: Edition
    title: Words
    scale: Annotated[int, Meta(ge=0, le=4)]
    full: Decimal
    cap: Decimal
    source: Words
    bonus: Extra | None = None
    penalty: Extra | None = None
    bands: tuple[Band, ...] = msgspec.field(name="band")
    indicators: Annotated[tuple[Indicator, ...], Meta(min_length=1)] = msgspec.field(
        name="indicator"
    )

    def __post_init__(self) -> None:
        exact(self.full, self.cap)
        seen: set[IndicatorId] = set()
        ids = [row.id for row in self.indicators]
        ids += [extra.id for extra in (self.bonus, self.penalty) if extra]
        for indicator in ids:
            if indicator in seen:
                raise Invalid(
                    f"指标编号 {indicator} 重复", f"the indicator id {indicator} is used twice"
                )
            seen.add(indicator)
        weights = sum((row.weight for row in self.indicators), ZERO)
        if weights != self.full:
            raise Invalid(
                f"分值合计 {weights}，应为 {self.full}",
                f"the weights add up to {weights}, not to {self.full}",
            )

    @cached_property
    def by_id(self) -> Mapping[IndicatorId, Indicator]:
        """The rows by their ids."""
        return {row.id: row for row in self.indicators}

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

    def rule_result(self, indicator: Indicator, figures: Figures) -> Result:
        """What the row's rule gives from these figures, rounded once to the rubric's scale."""
        result = indicator.rule.work_out(Row(indicator.id, indicator.weight), figures)
        if result.score is None:
            return result._replace(
                lowest=half_up(result.lowest, self.scale),
                highest=half_up(result.highest, self.scale),
            )
        score = half_up(result.score, self.scale)
        steps = result.derivation
        if score != result.score:
            steps = (
                *steps,
                Text(f"四舍五入到 {self.scale} 位小数：{score}", f"rounded half-up: {score}"),
            )
        return result._replace(score=score, lowest=score, highest=score, derivation=steps)

    def totals(
        self,
        scores: Mapping[IndicatorId, Decimal],
        bonus: Iterable[Decimal] = (),
        penalty: Iterable[Decimal] = (),
    ) -> Totals:
        """Rows, then bonus and penalty each up to its cap, then the overall cap.

        Args:
            scores: by indicator, already in the rubric's scale. Rows that lack one are pending.
            bonus: points of each item.
            penalty: points of each item, positive.
        """
        base = sum((scores.get(row.id, ZERO) for row in self.indicators), ZERO)
        added = self._capped(bonus, self.bonus)
        taken = self._capped(penalty, self.penalty)
        raw = base + added - taken
        total = min(max(raw, ZERO), self.cap)
        pending = sum(1 for row in self.indicators if row.id not in scores)

        def scaled(part: Decimal) -> Decimal:
            return half_up(part, self.scale)

        return Totals(
            base=scaled(base),
            bonus=scaled(added),
            penalty=scaled(taken),
            raw=scaled(raw),
            cap_loss=scaled(raw - total),
            total=scaled(total),
            grade=None if pending else self.grade(total),
            pending=pending,
        )

    @staticmethod
    def _capped(points: Iterable[Decimal], extra: Extra | None) -> Decimal:
        return min(sum(points, ZERO), extra.cap) if extra else ZERO

    def grade(self, total: Decimal) -> str | None:
        """The grade whose band holds the total, or `None` where none does."""
        return next((band.grade for band in self.bands if total in band.interval), None)


def read(source: bytes) -> Rubric:
    """The rubric that a TOML file writes.

    Raises:
        Invalid: not UTF-8 or TOML, a key that is unknown, missing or of the wrong kind, or weights
            that do not add up. The message says where.
    """
    try:
        data: dict[str, Any] = tomllib.loads(source.decode(), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise Invalid(f"指标体系不是 UTF-8:{error}", f"the rubric is not UTF-8: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"指标体系不是 TOML:{error}", f"the rubric is not TOML: {error}") from None
    try:
        return msgspec.convert(data, Rubric)
    except msgspec.ValidationError as error:
        raise Invalid(f"指标体系有误：{error}", f"the rubric is wrong: {error}") from None


def digest(source: bytes) -> Sha256:
    """What pins an edition: the SHA-256 of the file as published."""
    return sha256(source).hexdigest()
