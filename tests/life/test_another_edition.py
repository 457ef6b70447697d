"""A case is scored again by a corrected edition: what the dry run shows is what happens."""

from datetime import date
from decimal import Decimal

from ledger.commands import ExcludeIndicator, PublishRubric, RepinRubric
from ledger.ledger import Ledger
from projections import as_of
from projections.as_of import CaseAsOf
from projections.bridge import bridge
from projections.formatting import plain
from projections.rescoring import rescoring
from projections.score_sheet import standing
from tests.support.later_life import EXAMINED, WITH_CLOCKS
from tests.support.small_case import CASE, Story, on
from tests.support.specification import Memory, told

STRICTER = (
    WITH_CLOCKS.replace('edition = "2023-clocks"', 'edition = "2023-stricter"')
    .replace("cap = 100", "cap = 90", 1)
    .replace('each = "1.5"\ncap = 3', 'each = "1"\ncap = 1')
    .replace('deduct = "[0,30]"', 'deduct = "[0,20]"')
)
READY: Story = EXAMINED + on("2023-06-20", ("clerk", PublishRubric(source=STRICTER)))
REPIN = ("clerk", RepinRubric(edition="2023-stricter", reason="更正上限", number="财〔2023〕8号"))


def after(story: Story) -> CaseAsOf:
    ledger = Ledger(Memory(told(story)))
    return as_of.at(ledger.history(CASE), ledger.editions("small"))


def test_the_dry_run_shows_the_totals_that_will_be() -> None:
    """38 + 30 + 25.5 = 93.5, bonus 1.5 capped at 1, penalty 2: 92.5; the cap of 90 takes 2.5."""
    found = rescoring(after(READY), "2023-stricter")
    repinned = after(READY + on("2023-06-21", REPIN))

    assert (found.before.total, found.after.total) == (Decimal("93.00"), Decimal(90))
    assert found.after.total == standing(repinned).totals.total
    assert (found.before.edition, found.after.edition) == ("2023-clocks", "2023-stricter")


def test_a_row_that_does_not_apply_stays_out_of_it() -> None:
    exclude = ExcludeIndicator(indicator="service", justification="没有", ground="内设机构")
    story = READY + on("2023-06-20", ("reviewer", exclude))
    found = rescoring(after(story), "2023-stricter")

    assert found.before.total == Decimal("67.50")
    repinned = standing(after(story + on("2023-06-21", REPIN))).totals
    assert (found.after.total, repinned.pending) == (repinned.total, 0)


def test_only_rows_whose_rule_or_weight_changes_are_listed() -> None:
    shown = plain(rescoring(after(READY), "2023-stricter"), "zh")

    assert [*shown["rows"]] == [
        {
            "indicator": "service",
            "weight": {"before": "30", "after": "30"},
            "rule": {"before": "0.00–30.00", "after": "10.00–30.00"},
            "standing": "25.50",
        }
    ]


def test_the_bridge_names_the_change_of_edition() -> None:
    story = READY + on("2023-06-21", REPIN)
    end = after(story)
    found = bridge(as_of.at(end.history, end.editions, f"v{end.version - 1}"), end)

    assert [(step.kind, step.delta, [one.type for one in step.events]) for step in found.steps] == [
        ("bonus", Decimal("-0.50"), ["RubricRepinned"]),
        ("cap", Decimal("-2.50"), ["RubricRepinned"]),
    ]
    assert found.residual == 0


def test_before_it_the_case_is_scored_by_the_edition_of_that_time() -> None:
    end = after(READY + on("2023-06-21", REPIN))
    by_day = as_of.at(end.history, end.editions, "2023-06-20")

    assert standing(by_day).totals.total == Decimal("93.00")
    assert standing(end).totals.total == Decimal(90)
    assert date(2023, 6, 21) == end.history[-1].dated
