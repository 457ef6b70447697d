"""Row 19 of the score table, 采购政策效能（脱贫地区农副产品）: 1 point.

Clause (湛财采购〔2023〕6号): trade completed ÷ share reserved for the year, 1 at most, × weight.
"""

from decimal import Decimal

from tests.support.printed_rows import awarded, cents, ends, engine, engine_of, said


def test_more_than_reserved_counts_as_all() -> None:
    assert (said("poverty-area-purchases"), said("poverty-area-reserved")) == ("8.66", "7")

    by_hand = min(Decimal("8.66") / Decimal(7), Decimal(1)) * 1

    assert Decimal("8.66") / Decimal(7) > Decimal("1.23")
    assert engine("poverty-area-procurement").score == by_hand == 1
    assert awarded("poverty-area-procurement") == by_hand


def test_a_part_and_nothing_reserved() -> None:
    part = {"poverty_area_purchases": "5", "poverty_area_reserved": "7"}
    none = {"poverty_area_purchases": "5", "poverty_area_reserved": "0"}

    assert engine_of("poverty-area-procurement", **part).score == cents(Decimal(5) / Decimal(7))
    assert ends(engine_of("poverty-area-procurement", **none)) == (0, 1)
