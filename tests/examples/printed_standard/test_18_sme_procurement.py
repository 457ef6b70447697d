"""Row 18 of the score table, 采购政策效能（中小企业）: 1 point.

Clause: bought from small and medium-sized firms ÷ reserved for them when the budget was made,
× 100 %; score = that × weight. No limit is printed, unlike in the next row.
"""

from decimal import Decimal

from tests.support.printed_rows import awarded, cents, ends, engine, engine_of, said


def test_what_was_reserved_for_the_department_is_not_printed() -> None:
    assert said("sme-procurement-actual") == "663.41"
    assert said("sme-procurement-reserved") is None

    result = engine("sme-procurement")

    assert (result.score, ends(result)) == (None, (0, 1))
    assert awarded("sme-procurement") == 1


def test_the_unit_s_own_figures_and_a_part() -> None:
    own = {"sme_procurement_actual": "344.11", "sme_procurement_reserved": "344.11"}
    part = {"sme_procurement_actual": "250", "sme_procurement_reserved": "344.11"}

    assert engine_of("sme-procurement", **own).score == Decimal("344.11") / Decimal("344.11") * 1
    assert engine_of("sme-procurement", **part).score == cents(Decimal(250) / Decimal("344.11"))


def test_beyond_100_percent_the_formula_leaves_the_weight_and_no_clause_limits_it() -> None:
    by_the_formula = Decimal(120) / Decimal(100) * 1
    assert by_the_formula > 1

    result = engine_of(
        "sme-procurement", sme_procurement_actual="120", sme_procurement_reserved="100"
    )

    assert (result.score, ends(result)) == (None, (0, 1))
