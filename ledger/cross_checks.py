"""Cross-checks (勾稽关系): what figures and rows must be to each other where only documents know.

A rubric file declares the general ones in `[[cross-check]]` tables; `ledger/checks/` compares and
reports. They never change a score. One whose figures a case does not have says nothing about that
case. `[[identity]]` tables are read as ever: they hold the same and others that one standard needs.
"""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.values import FigureId, IndicatorId, Invalid, Words

SomeFigures = Annotated[tuple[FigureId, ...], Meta(min_length=1)]


class _Identity(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="holds"):
    """What all cross-checks share.

    Attributes:
        name: the relation in words, as findings quote it.
        clause: where the relation is prescribed or printed, may be empty.
        severity: how grave it is where it does not hold; where unset the check decides.
    """

    name: Words
    clause: str = ""
    severity: Literal["error", "warning", "note"] | None = None

    @property
    def rows(self) -> tuple[IndicatorId, ...]:
        """The indicators that it names; the rubric must have them."""
        return ()


class SumCheck(_Identity, frozen=True, tag="sum"):
    """A figure is the sum of others, to the last digit.

    Attributes:
        figure: the figure that is to be the sum.
        plus: what is added.
        minus: what is taken away.
        relation: `equal`, or `at-most` where the figure may be less than the sum.
    """

    figure: FigureId
    plus: SomeFigures
    minus: tuple[FigureId, ...] = ()
    relation: Literal["equal", "at-most"] = "equal"


class RateCheck(_Identity, frozen=True, tag="rate"):
    """A figure prints, in percent, what other figures give.

    Attributes:
        figure: the printed rate.
        over: above the line.
        under: below the line.
    """

    figure: FigureId
    over: SomeFigures
    under: SomeFigures


class SameValueCheck(_Identity, frozen=True, tag="copies"):
    """Several figures print one datum, such as in the body and in the attachment."""

    figures: Annotated[tuple[FigureId, ...], Meta(min_length=2)]


class PrintedActualCheck(_Identity, frozen=True, tag="actual"):
    """A text figure is what a document prints as the actual of a goal.

    Attributes:
        figure: the words that are printed.
        goal: the figure with the target.
    """

    figure: FigureId
    goal: FigureId


class CountCheck(_Identity, frozen=True, tag="count"):
    """A figure says how many there are of something that can be counted.

    Attributes:
        figure: the number that a document says.
        of: `goals` (figures with a target under the indicator), `goals-met` (those of them that
            reach it), `intervals` (figures whose id is the prefix, a hyphen and more), `rows` (of
            the rubric), `groups` (second-level names under the first level of the indicator) or
            `persons` (claimed bonus items that honour persons, as a `bonus-from` check states).
        indicator: for `goals`, `goals-met` and `groups`.
        prefix: for `intervals`.
    """

    figure: FigureId
    of: Literal["goals", "goals-met", "intervals", "rows", "groups", "persons"]
    indicator: IndicatorId | None = None
    prefix: FigureId | None = None

    def __post_init__(self) -> None:
        alone = {"intervals": (False, True), "rows": (False, False), "persons": (False, False)}
        wanted = alone.get(self.of, (True, False))
        if (self.indicator is not None, self.prefix is not None) != wanted:
            raise Invalid(
                f"勾稽关系“{self.name}”：intervals 须写 prefix，goals、goals-met、groups 须写"
                " indicator，其余不写",
                f"the cross-check '{self.name}': `intervals` takes a prefix; `goals`, `goals-met`"
                " and `groups` take an indicator; nothing else does",
            )

    @property
    def rows(self) -> tuple[IndicatorId, ...]:
        """The indicators that it names."""
        return (self.indicator,) if self.indicator else ()


class GrowthPart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One part of a total at the beginning and at the end."""

    first: FigureId
    last: FigureId


class NetChangeCheck(_Identity, frozen=True, tag="growth"):
    """A total and its parts move from one figure to another; a small net move may hide large ones.

    Attributes:
        first: the total at the beginning.
        last: the total at the end.
        parts: what it consists of.
        rate: a printed rate of something else that must not be this net growth.
        additions: a figure that states how much was added; 0 contradicts a part that grew.
    """

    first: FigureId
    last: FigureId
    parts: Annotated[tuple[GrowthPart, ...], Meta(min_length=2)]
    rate: FigureId | None = None
    additions: FigureId | None = None


class StatedVerdictCheck(_Identity, frozen=True, tag="verdict"):
    """A figure in which a document itself judges a row.

    Attributes:
        figure: `yes`, a number above 0 or words mean that it does.
        indicator: the row.
        says: `in-order` (the standard is met) or `at-fault` (something was not done).
    """

    figure: FigureId
    indicator: IndicatorId
    says: Literal["in-order", "at-fault"]

    @property
    def rows(self) -> tuple[IndicatorId, ...]:
        """The indicators that it names."""
        return (self.indicator,)


class SameFactCheck(_Identity, frozen=True, tag="one-fact"):
    """One figure decides several rows, which should then treat it alike.

    Attributes:
        figure: the fact.
        indicators: the rows.
    """

    figure: FigureId
    indicators: Annotated[tuple[IndicatorId, ...], Meta(min_length=2)]

    @property
    def rows(self) -> tuple[IndicatorId, ...]:
        """The indicators that it names."""
        return self.indicators


class PartyNameCheck(_Identity, frozen=True, tag="party"):
    """A text figure prints the name of a party to the case, such as on a cover."""

    figure: FigureId
    party: Literal["unit", "agency", "bureau"]


class DeadlineCheck(_Identity, frozen=True, tag="within"):
    """From one date to another no more days pass than a notice allows.

    Attributes:
        figure: an interval.
        limit: a figure that states how many days.
    """

    figure: FigureId
    limit: FigureId


class StatedLimitCheck(_Identity, frozen=True, tag="limit"):
    """A figure states a limit that a document applies.

    Attributes:
        figure: the number that it applies.
        standard: the number that the standard sets.
    """

    figure: FigureId
    standard: Decimal


class BonusIssuerCheck(_Identity, frozen=True, tag="bonus-from"):
    """Which bonus items the standard has in mind.

    Attributes:
        issuers: words of which one must be in the issuer's name; empty where anybody may.
        persons: words in a title that show an award to persons, not to the unit.
    """

    issuers: tuple[Words, ...] = ()
    persons: tuple[Words, ...] = ()


class SameCheck(SameValueCheck, frozen=True, tag="same"):
    """The same among the general ones (`[[cross-check]]`)."""


GeneralCheck = CountCheck | RateCheck | SameCheck | SumCheck
"""What any rubric may declare in `[[cross-check]]`: sums, counts, rates, one value twice."""

CrossCheck = (
    PrintedActualCheck
    | BonusIssuerCheck
    | SameValueCheck
    | CountCheck
    | DeadlineCheck
    | StatedLimitCheck
    | NetChangeCheck
    | SameFactCheck
    | PartyNameCheck
    | RateCheck
    | SumCheck
    | StatedVerdictCheck
)
