"""Row 13 of the score table, 采购内控制度建设: 1 point.

Clause: rules on the internal control of procurement, and filed with finance: 1 point;
otherwise 0.
"""

from tests.support.printed_rows import awarded, ends, engine, said


def test_rules_that_are_filed() -> None:
    assert said("procurement-rules-issued") == said("procurement-rules-filed") == "yes"

    assert engine("internal-control").score == 1 == awarded("internal-control")


def test_rules_that_are_not_filed_or_of_which_nobody_says_so() -> None:
    assert engine("internal-control", procurement_rules_filed="no").score == 0
    assert ends(engine("internal-control", procurement_rules_filed=None)) == (0, 1)
