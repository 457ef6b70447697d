"""`scoretrail signature`: sign where the key is, and submit where the ledger is."""

from pathlib import Path

import click

from application import author_signing, sign_prepared
from cli.language import t
from cli.option import command, flag, option
from cli.options import into_named_file, write_file
from cli.parameter_types import FILE
from cli.screen import echo, tell
from cli.session import Session
from intake.batch import read_batch
from intake.files import read_bytes

signature = click.Group(
    "signature", help=t("离线签名：准备、签名、提交。", "Offline signing: prepare, sign, submit.")
)


@command(
    "将批量操作文件或表格中的操作写成待签名文件。不写入记录库。",
    "Write the commands of a batch file or form as a file to be signed. Nothing is recorded.",
    "scoretrail --as agency-reviewer signature prepare awards.toml -o to-sign.json",
    of=signature,
)
@click.argument("file", type=FILE)
@into_named_file
def prepare(session: Session, file: Path, *, output: Path) -> None:
    batch = read_batch(file, account=session.account, dated=session.day)
    asked = (session.store, session.clock, batch, session.confirmed)
    write_file(output, author_signing.prepare(*asked))


@command(
    "逐项显示将要记录的内容，确认后用 --key 签名；不写 --key 的，写出要签的文字，供 ssh-keygen"
    " -Y sign -n scoretrail-command 签名。不需要记录库。",
    "Show what will be recorded; once you confirm, sign it with --key, or without it write the"
    " text that ssh-keygen -Y sign -n scoretrail-command is to sign. No ledger is needed.",
    "scoretrail signature sign to-sign.json --key reviewer.key -o signed.json",
    of=signature,
)
@click.argument("file", type=FILE)
@option("--key", "本人的密钥文件", "your key file", FILE)
@flag("--yes", "不再询问", "do not ask")
@into_named_file
def sign(session: Session, file: Path, *, key: Path | None, yes: bool, output: Path) -> None:
    prepared = author_signing.read(read_bytes(file))
    for number, act in enumerate(prepared.acts, 1):
        tell(f"第 {number} 个操作", f"Command {number}")
        for title, value in act.in_words():
            echo(f"  {t(*title)}{t('：', ': ')}{value}".rstrip())
    if not yes:
        click.confirm(t("签名？", "Sign?"), abort=True)
    write_file(output, sign_prepared.sign(prepared, key, session.author_key_command))


@command(
    "记录已签名的操作。内容与所签不符的，不予记录。",
    "Record what was signed. What would be recorded otherwise than it was signed is refused.",
    "scoretrail signature submit signed.json",
    of=signature,
)
@click.argument("file", type=FILE)
@option("--signature", "其他程序写出的签名", "signature that another program has written", FILE)
@option("--certificate", "该签名的 SM2 证书", "certificate of SM2 of that signature", FILE)
def submit(session: Session, file: Path, **elsewhere: Path | None) -> None:
    signed = sign_prepared.read(read_bytes(file), **elsewhere)
    done = author_signing.submit(session.store, session.clock, signed, session.confirmed)
    session.tell_recorded(done)
