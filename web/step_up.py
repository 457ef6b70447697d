"""The password once more (再次验证): before what cannot be undone, or lets others do something.

A desk that somebody has left is still logged in; another person there lacks the password.
"""

from datetime import timedelta
from typing import Final

from ledger.problem import Mendable
from web.desk import Desk

FRESH: Final = timedelta(minutes=10)
"""How long ago a password may have been given."""

STEP_UP: Final = "step-up"
"""The rule that asks for it."""

GRAVE: Final = {
    "issue-result",
    "correct-result",
    "decide-appeal",
    "issue-dossier",
    "erase-evidence",
    "decide-destruction",
    "open-account",
    "grant-role",
    "revoke-role",
    "set-time-zone",
    "enrol-key",
    "countersign-key",
    "retire-key",
    "demand-signatures",
    "declare-conflict",
    "end-conflict",
    "link-accounts",
    "set-entry-aside",
    "merge-entries",
    "freeze-ledger",
    "name-predecessor",
    "carry-account",
    "take-checkpoint",
    "make-token",
    "change-ways-in",
}
"""Commands that issue, decide or erase something, those on the register, making a token, and adding
or removing a way to log in."""


class ProveAgain(Mendable):
    """It is too long ago that the password was given."""

    def __init__(self) -> None:
        super().__init__(
            "这项操作需要再次验证：请再输入一次登录密码",
            "this needs to be confirmed by you: give your password once more",
            rule=STEP_UP,
            field="password",
        )


def asks_again(desk: Desk, do: str) -> bool:
    """Whether an act asks for the password now."""
    return do in GRAVE and desk.office.clock() - desk.who.proven_at > FRESH


def ask_again(desk: Desk, do: str) -> None:
    """See that the account has given the password, with this form or not long ago.

    Raises:
        ProveAgain: it was given too long ago, and is not given now.
        LoginRefused: it is not the password.
    """
    if not asks_again(desk, do):
        return
    if not (password := desk.typed("password")):
        raise ProveAgain
    desk.proven_now(desk.office.identities.prove(desk.who, password))
