"""A key of an author (办理人密钥) is called by as much of its digest as no other begins with."""

from collections.abc import Callable, Mapping
from typing import Any

from application.completing import PREFIX_LEAST
from ledger.account_registry import AccountRegistry
from ledger.values import SHA256_FORM, Invalid


def with_whole_key(
    register: Callable[[], AccountRegistry], fields: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The fields of a command about the register, with the whole SHA-256 of a key that they begin.

    What begins no key of the account, or several, is handed on as it is: the forms of fields and
    the rules say what is wrong with it.

    Raises:
        Invalid: several keys of the account begin so.
    """
    begun, account = fields.get("fingerprint"), fields.get("account")
    if not isinstance(begun, str) or len(begun) < PREFIX_LEAST or SHA256_FORM.fullmatch(begun):
        return fields
    known = register().accounts.get(account) if isinstance(account, str) else None
    keys = [key for key in known.keys if key.startswith(begun.lower())] if known else []
    if len(keys) > 1:
        raise Invalid(
            f"账号 {account} 有多把密钥以 {begun} 开头。请填写更多位。",
            f"Several keys of the account {account} begin with {begun}. Give more of it.",
            field="fingerprint",
        )
    return {**fields, "fingerprint": keys[0]} if keys else fields
