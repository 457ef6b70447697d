"""What a rule allows, exactly, until the rubric rounds once.

Thirds and sevenths have no exact decimal. Parts of a row are therefore added as fractions, and
only the finished row becomes a `Decimal`. A rule gives the least and the most that it allows; the
two meet as soon as every figure that matters is there, and then they are the score.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Final, Literal, NamedTuple

from msgspec import Meta

from ledger.language import Text
from ledger.rules.rule import Figures, Rule, RuleResult, ScoredIndicator, half_up
from ledger.values import WORDS, FigureId, Invalid, YesNoId, exact, number_of

NO_SCORE: Final = "no-score"
HUNDRED: Final = Fraction(100)

Percent = Annotated[
    str,
    Meta(
        pattern=r"^\d+(\.\d+)?\Z",
        description="A percentage as printed, without the sign.",
        extra={WORDS: ()},
    ),
]
PercentOrNoScore = Annotated[
    str,
    Meta(
        pattern=r"^(no-score|\d+(\.\d+)?)\Z",
        description="What it counts as, in percent, or `no-score` to leave it to people.",
        extra={WORDS: (NO_SCORE,)},
    ),
]
MissingPolicy = Literal["full", "zero", "no-score"]
Decimals = Annotated[int, Meta(ge=0, le=6)] | Literal["exact"]
FigureIds = Annotated[tuple[FigureId, ...], Meta(min_length=1)]
YesNoIds = Annotated[tuple[YesNoId, ...], Meta(min_length=1)]

# Cutting off, unlike rounding, can never lift a score to a tie that it does not reach: the
# rubric's half-up afterwards is then right for every fraction.
_CUT: Final = Context(prec=60, rounding=ROUND_DOWN)
_SIX_DECIMALS: Final = Decimal("0.000001")


def decimal_of(number: Fraction) -> Decimal:
    """The number to sixty digits, the rest cut off."""
    return _CUT.divide(Decimal(number.numerator), Decimal(number.denominator))


def rounded(number: Fraction, decimals: Decimals) -> Fraction:
    """The number half-up to so many decimals, or as it is where they are `exact`."""
    if isinstance(decimals, str):
        return number
    return Fraction(half_up(decimal_of(number), decimals))


def format_fraction(number: Fraction) -> str:
    """The number for people: plain, and cut off with `…` after six decimals if there are more."""
    if number.denominator == 1:
        return str(number.numerator)
    short = decimal_of(number).quantize(_SIX_DECIMALS, context=_CUT)
    if short.as_integer_ratio() != number.as_integer_ratio():
        return f"{short:f}…"
    return f"{short:f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=256)  # standards print few of them, and every case asks again
def percent_of(text: str) -> Fraction:
    """The percentage that a parameter writes.

    Raises:
        Invalid: not a plain decimal, or outside 0 to 100.
    """
    percent = Fraction(number_of(text))
    if not 0 <= percent <= HUNDRED:
        raise Invalid(
            f"百分数 {text} 应在 0 到 100 之间", f"the percentage {text} is not in 0 to 100"
        )
    return percent


def scale_of(points: Iterable[Decimal], out_of: Decimal) -> None:
    """Refuse points that a scale of `out_of` cannot hold.

    Raises:
        Invalid: the scale is not above 0, or points lie outside it.
    """
    if out_of <= 0:
        raise Invalid(f"满分刻度 {out_of} 应大于 0", f"out_of {out_of} must be above 0")
    for point in points:
        exact(point, out_of)
        if not 0 <= point <= out_of:
            raise Invalid(
                f"{point} 分不在 0 到 {out_of} 之间", f"{point} points are not in 0 to {out_of}"
            )


class ScoreRange(NamedTuple):
    """What a rule allows from the figures that are there.

    Attributes:
        lowest: in points of the row, exact.
        highest: the same; equal to `lowest` once the score is certain.
        steps: the derivation.
        figures: ids that were read.
        missing: ids that were needed and are not there, or cannot be read as what they should be.
        above: whether only what is above `lowest` is allowed, as by a tier that is open below.
        below: whether only what is below `highest` is.
    """

    lowest: Fraction
    highest: Fraction
    steps: tuple[Text, ...] = ()
    figures: tuple[FigureId, ...] = ()
    missing: tuple[FigureId, ...] = ()
    above: bool = False
    below: bool = False

    def result(self) -> RuleResult:
        """The same for the rubric. A figure that cannot change the score is not missing."""
        certain = self.lowest == self.highest
        lowest = decimal_of(self.lowest)
        highest = lowest if certain else decimal_of(self.highest)
        steps = self.steps
        if certain and self.missing:
            shown = format_fraction(self.lowest)
            why = Text(
                f"缺少的不影响得分：{shown}", f"what is missing does not affect the score: {shown}"
            )
            steps = (*steps, why)
        return RuleResult(
            score=lowest if certain else None,
            lowest=lowest,
            highest=highest,
            derivation=steps,
            figures=_once(self.figures),
            missing=() if certain else _once(self.missing),
            above=self.above and not certain,
            below=self.below and not certain,
        )


def _once(ids: tuple[FigureId, ...]) -> tuple[FigureId, ...]:
    return tuple(dict.fromkeys(ids))


def either(ranges: Sequence[ScoreRange]) -> ScoreRange:
    """What any of several ranges allows, as long as it is open which of them applies."""
    lowest, highest = min(one.lowest for one in ranges), max(one.highest for one in ranges)
    return ScoreRange(
        lowest,
        highest,
        above=all(one.above for one in ranges if one.lowest == lowest),
        below=all(one.below for one in ranges if one.highest == highest),
    )


class ExactRule(Rule, frozen=True, kw_only=True):
    """A rule that works in fractions."""

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the rule allows; within [0, weight]."""
        raise NotImplementedError

    def work_out(self, row: ScoredIndicator, figures: Figures) -> RuleResult:
        """The score of the row from these figures; within [0, weight], not yet rounded."""
        return self.outcome(row, figures).result()


def undecided(
    row: ScoredIndicator,
    steps: tuple[Text, ...],
    read: tuple[FigureId, ...] = (),
    missing: tuple[FigureId, ...] = (),
) -> ScoreRange:
    """The rule is silent: anything from 0 to the weight, and the reviewer decides."""
    return ScoreRange(Fraction(0), Fraction(row.weight), steps, read, missing)


def by_policy(
    policy: MissingPolicy,
    row: ScoredIndicator,
    steps: tuple[Text, ...],
    read: tuple[FigureId, ...] = (),
    missing: tuple[FigureId, ...] = (),
) -> ScoreRange:
    """Full marks, nothing, or no score, with the sentence that states which."""
    if policy == "no-score":
        silent = Text("标准没有规定怎样计分", "the standard does not say how this is scored")
        return undecided(row, (*steps, silent), read, missing)
    score = Fraction(row.weight) if policy == "full" else Fraction(0)
    zh, en = ("满分", "full marks") if policy == "full" else ("不得分", "no marks")
    step = Text(f"{zh}：{format_fraction(score)}", f"{en}: {format_fraction(score)}")
    return ScoreRange(score, score, (*steps, step), read, missing)


class Answers(NamedTuple):
    """What `yes-no` figures say.

    Attributes:
        yes: ids answered with yes.
        no: ids answered with no.
        missing: ids without an answer.
        steps: one sentence each.
    """

    yes: tuple[FigureId, ...]
    no: tuple[FigureId, ...]
    missing: tuple[FigureId, ...]
    steps: tuple[Text, ...]

    @property
    def read(self) -> tuple[FigureId, ...]:
        """Ids that have an answer."""
        return (*self.yes, *self.no)


def name_of(figure: FigureId, figures: Figures) -> str:
    """What a figure is called: by the document, else by the rubric, else by its id."""
    known = figures.get(figure)
    return known.name if known else figures.names.get(figure, figure)


def absent(figure: FigureId, figures: Figures, zh: str, en: str) -> Text:
    """The sentence for a figure that is not there, or not as what it should be (`zh`, `en`)."""
    known = figures.get(figure)
    if known is None or known.value is None:
        return Text(f"缺少基础数据：{name_of(figure, figures)}", f"missing: {figure}")
    return Text(
        f"{known.name}“{known.value}”不能作为{zh}",
        f"{figure} '{known.value}' cannot be read as {en}",
    )


def answers_of(ids: Iterable[FigureId], figures: Figures) -> Answers:
    """Read `yes-no` figures. One that is missing is neither yes nor no."""
    yes: list[FigureId] = []
    no: list[FigureId] = []
    missing: list[FigureId] = []
    steps: list[Text] = []
    for id_ in ids:
        figure = figures.get(id_)
        answer = figure.met if figure else None
        if answer is None:
            missing.append(id_)
            steps.append(absent(id_, figures, "“是/否”", "yes or no"))
            continue
        (yes if answer else no).append(id_)
        name = name_of(id_, figures)
        steps.append(
            Text(f"{name}：{'是' if answer else '否'}", f"{id_}: {'yes' if answer else 'no'}")
        )
    return Answers(tuple(yes), tuple(no), tuple(missing), tuple(steps))
