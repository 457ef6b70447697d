"""A case in which everything fits together: no check has anything to say."""

from ledger.checks import check_case
from tests.support.clean_case import ready


def test_nothing_is_found() -> None:
    assert check_case(*ready()) == []
