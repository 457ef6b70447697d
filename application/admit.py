"""Admit (准入): a role of a server's database is let into the ledger, and registered with it.

The program's role records commands of any account, which nothing has proven. The role of a person
appends those of its own account, and a gateway's those of people who have logged in there: the
server sees to both, so their commands say how their author was proven.
"""

from urllib.parse import urlsplit

from application.log_keys import Chance
from ledger.envelope import Through
from ledger.ledger import Ledger
from ledger.store import Store, admit
from ledger.values import AccountId, Invalid
from projections.portfolio.catch_up import make_ready

PASSWORD_SIZE = 24
"""Bytes by chance in the password of a new role."""

ROLE_MAX = 63
"""Bytes in the name of a role, of which a server would leave out the rest."""


def admit_program(target: str, role: str | None, chance: Chance) -> str | None:
    """Make a role on a server that can only append and read, or give it its rights again.

    Args:
        target: URL of the ledger's owner.
        role: its name; after the database where it is not given: roles are known to the whole
            server.
        chance: where its password comes from.

    Returns:
        The address for the program, with the password where it is new; `None` for a file.

    Raises:
        Invalid: the role is registered for something else.
    """
    if not _is_on_server(target):
        return None
    with Store.open(target) as store:
        make_ready(store)
    return _admit(target, role or f"{_database(target)}_app", chance)


def admit_role(target: str, account: AccountId | None, role: str | None, chance: Chance) -> str:
    """Make a role for one person, who can act as one account and no other; or for a gateway.

    Args:
        target: URL of the ledger's owner.
        account: is open; `None` for a service that lets people log in, and acts for them.
        role: its name; after the database and the account where it is not given.
        chance: where its password comes from.

    Returns:
        The address for them, with the password where it is new.

    Raises:
        CommandRefused: nobody opened the account.
        Invalid: the ledger is in a file, or the role is registered for something else.
    """
    if not _is_on_server(target):
        raise Invalid(
            "记录库是文件，没有数据库角色：能写该文件的人可以以任何账号办理。需要证明办理人的，请"
            "将记录库放在 PostgreSQL 服务器上",
            "the ledger is a file and has no database roles: anyone who can write it can act as"
            " any account. To have the author proven, keep the ledger on a PostgreSQL server",
            rule="no-roles",
        )
    name = role or f"{_database(target)}_{account or 'web'}"
    if account is None:
        return _admit(target, name, chance, through="web")
    with Store.open(target) as store:
        Ledger(store).register().account(account)
    return _admit(target, name, chance, account, "database-role")


def is_new(address: str) -> bool:
    """Whether an address for a role holds a password, which nobody knew before."""
    return bool(urlsplit(address).password)


def _admit(
    target: str,
    role: str,
    chance: Chance,
    account: AccountId | None = None,
    through: Through | None = None,
) -> str:
    if len(role.encode()) > ROLE_MAX:
        raise Invalid(
            f"数据库角色名 {role} 超过 {ROLE_MAX} 字节。请更换名称",
            f"the name of the database role {role} has more than {ROLE_MAX} bytes. Choose another"
            " name",
            rule="role-taken",
        )
    return admit(target, role, chance(PASSWORD_SIZE).hex(), account, through)


def _database(target: str) -> str:
    try:
        return urlsplit(target).path.strip("/") or "scoretrail"
    except ValueError:  # an address that cannot be read; opening it reports that
        return "scoretrail"


def _is_on_server(target: str) -> bool:
    return "://" in target
