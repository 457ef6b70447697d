"""Row 26 of the score table, 固定资产利用率: 2 points.

Clause: fixed assets in use ÷ all fixed assets. Above the mean of the city's units 2 points,
below 0. The same as the mean: nothing is printed, and no mean is.
"""

from decimal import Decimal

from tests.support.printed_rows import Ends, awarded, ends, engine, said


def test_without_the_mean_there_is_nothing_to_compare_with() -> None:
    assert said("fixed-assets-in-use") == said("fixed-assets-total") == "10308.21"
    assert said("city-asset-utilisation-mean") is None

    result = engine("asset-utilisation")

    assert (result.score, ends(result)) == (None, (0, 2))
    assert awarded("asset-utilisation") == 2


def test_above_below_and_the_same() -> None:
    in_use = Decimal("8449.67") / Decimal("10308.21") * 100  # without what is lent or to go
    assert Decimal(80) < in_use < Decimal(85)
    own_use = "8449.67"

    def result(mean: str) -> Ends:
        return ends(
            engine(
                "asset-utilisation",
                fixed_assets_in_use=own_use,
                city_asset_utilisation_mean=mean,
            )
        )

    assert result("80") == (2, 2)
    assert result("85") == (0, 0)
    assert ends(engine("asset-utilisation", city_asset_utilisation_mean="100")) == (0, 2)
