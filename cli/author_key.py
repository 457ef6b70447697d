"""`scoretrail account key`: keys by which people sign what they do themselves."""

from pathlib import Path
from secrets import token_bytes

import click

from application import author_keys, look
from cli.command_parameters import recording_command
from cli.group import CommandGroup
from cli.language import t
from cli.option import command
from cli.options import as_data, print_json
from cli.parameter_types import FILE
from cli.screen import echo
from cli.session import Session
from cli.table import print_rows
from documents.read_lists import AUTHOR_KEYS, author_key_rows

author_key = CommandGroup("key", help=t("办理人的签名密钥。", "Keys of authors."))


@command(
    "登记本账号（--as）的密钥，用该密钥签名：密钥文件（没有的先生成，仅本人可读）或 SSH 密钥"
    "（私钥文件，或代理所持私钥的 .pub 文件）。管理员核对所显示的 SHA-256 并确认后可用。",
    "Enrol a key of the account (--as), signed with it: a key file, made if missing, or an SSH"
    " key (its file, or the .pub of one in an agent). An administrator countersigns it.",
    "scoretrail --as agency-reviewer account key enroll reviewer.key",
    of=author_key,
)
@click.argument("file", type=FILE)
def enroll(session: Session, file: Path) -> None:
    asked = author_keys.enrolment(file, session.who(), token_bytes)
    session._replace(author_key=str(file)).act([asked])
    echo(t("公钥的 SHA-256：", "SHA-256 of the public key: ") + author_keys.read(file).id)


for name, do, account, more in (
    ("countersign", "countersign-key", "second-administrator", ""),
    ("retire", "retire-key", "administrator", " --reason 更换"),
):
    line = f"{account} account key {name} agency-reviewer {'0' * 64}{more}"
    recording_command(author_key, name, do, line, "account fingerprint")


@command(
    "列出全部密钥及其状态。",
    "List all keys and whether they can sign.",
    "scoretrail account key list --json",
    of=author_key,
)
@as_data
def list_(session: Session, *, json_: bool) -> None:
    accounts = look.accounts(session.store).accounts.values()
    keys = look.author_keys(accounts)
    print_json({"keys": keys}) if json_ else print_rows(AUTHOR_KEYS, author_key_rows(accounts))
