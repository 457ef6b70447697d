"""Two administrators who can sign, so that signatures may be demanded."""

from pathlib import Path

from tests.support.places import Place
from tests.support.terminal import done, scoretrail

KEEPER = "administrator"
SECOND = "second-administrator"


def two_signers(ledger: Place, *dated: str) -> Path:
    """Let a second administrator in, and both have keys that the other one has countersigned.

    Args:
        ledger: whose first administrator is alone so far.
        dated: `--dated DAY`, where it is not to be today.

    Returns:
        The file of the first administrator's key.
    """
    opening = ("account", "open", SECOND, "--organisation", "administration")
    role = ("--role", "administrator")
    done(scoretrail(ledger, "--as", KEEPER, *dated, *opening, *role))
    for account, other in ((KEEPER, SECOND), (SECOND, KEEPER)):
        file = str(key_of(ledger, account))
        said = done(
            scoretrail(ledger, "--as", account, *dated, "account", "key", "enroll", file)
        ).out.strip()
        countersigning = ("account", "key", "countersign", account, said[-64:])
        done(scoretrail(ledger, "--as", other, *dated, *countersigning))
    return key_of(ledger, KEEPER)


def key_of(ledger: Place, account: str) -> Path:
    """Where the key of an administrator is."""
    return ledger.key.with_name(f"{account}.author")
