"""Row 16 of the score table, 采购合同签订时效性（电子合同签订率）: 1 point.

Clause: contracts signed online ÷ contracts filed by the electronic marketplace, × weight.
"""

from decimal import Decimal

from tests.support.printed_rows import awarded, cents, ends, engine, engine_of, said


def test_29_of_75() -> None:
    assert said("marketplace-contracts-signed-online") == "29"
    assert said("marketplace-contracts") == "75"

    by_hand = Decimal(29) / Decimal(75) * 1

    assert engine("e-contracts").score == cents(by_hand) == Decimal("0.39")
    assert awarded("e-contracts") == cents(by_hand)


def test_all_none_and_no_contract_at_all() -> None:
    all_ = {"marketplace_contracts_signed_online": "75", "marketplace_contracts": "75"}
    none = {"marketplace_contracts_signed_online": "0", "marketplace_contracts": "0"}

    assert engine_of("e-contracts", **all_).score == 1
    assert engine("e-contracts", marketplace_contracts_signed_online="0").score == 0
    assert ends(engine_of("e-contracts", **none)) == (0, 1)  # nothing is printed for that
