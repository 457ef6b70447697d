"""`scoretrail init`: create a ledger with its first account."""

import click

from cli.language import t
from cli.options import example
from cli.session import Session, now, today
from ledger.ledger import Ledger
from ledger.store import Exists, Store, StoreError


@click.command(
    help=t(
        "建立账本，并开设第一个账号（管理员）；其余账号由管理员开设。",
        "Create the ledger and its first account, an administrator, who opens all others.",
    ),
    epilog=example("scoretrail --ledger new.db init"),
)
@click.option(
    "--administrator", default="administrator", show_default=True, help=t("管理员账号", "its id")
)
@click.option(
    "--organisation",
    default="administration",
    show_default=True,
    help=t("管理员所属机构", "whom the administrator acts for"),
)
@click.pass_obj
def init(session: Session, administrator: str, organisation: str) -> None:
    """Create the ledger."""
    with made(session.target) as store:
        found(Ledger(store), session, administrator, organisation)
    click.echo(t(f"账本已建立：{session.target}", f"ledger created: {session.target}"))


def made(target: str) -> Store:
    """A new ledger, or one in which nothing was recorded: whoever made it was stopped then.

    Raises:
        Exists: there is something else already.
    """
    try:
        return Store.create(target)
    except Exists as exists:
        try:
            store = Store.open(target)
        except StoreError:
            raise exists from None
        if store.streams():
            store.close()
            raise
        return store


def found(ledger: Ledger, session: Session, administrator: str, organisation: str) -> None:
    """Open the first account of a new ledger."""
    ledger.found(administrator, organisation, session.dated or today(), now())
