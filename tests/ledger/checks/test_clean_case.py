"""A case in which everything fits together: no check has anything to say."""

from clean_case import ready

from ledger.checks import check_case


def test_nothing_is_found() -> None:
    assert check_case(*ready()) == []
