"""What an address asks for in vain: answered with 404, whether it is not there or not shown."""

from typing import Final

from ledger.refusals import NotFound


def not_found(zh: str, en: str) -> NotFound:
    """That there is no such thing at the address, or not for this account."""
    return NotFound("not-found", zh, en)


NO_PAGE: Final = not_found("没有这个页面", "there is no such page")
