"""Row 17 of the score table, 合同备案时效性: 1 point.

Clause: filed and public on the province's procurement site within 2 working days of signing:
full, otherwise 0.
"""

from tests.support.printed_rows import awarded, ends, engine, said


def test_filed_in_time() -> None:
    assert said("contracts-filed-in-time") == "yes"

    assert engine("contract-filing").score == 1 == awarded("contract-filing")


def test_not_in_time_or_not_known() -> None:
    assert engine("contract-filing", contracts_filed_in_time="no").score == 0
    assert ends(engine("contract-filing", contracts_filed_in_time=None)) == (0, 1)
