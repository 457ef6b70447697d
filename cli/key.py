"""`scoretrail key`: the key that signs checkpoints."""

import secrets

import click

from cli.language import t
from cli.options import as_json, example, print_json
from cli.session import Session
from cli.signing import key_file, keys, show_public, state_file
from ledger.log.note import KEY_SIZE, SigningKey
from ledger.log.signer import Signer, add_key, create_key, retire_key


@click.group(help=t("签名密钥：生成、查看公钥、更换。", "The signing key: make, show, rotate."))
def key() -> None:
    """Group the commands of the key."""


@key.command(
    help=t(
        "生成密钥（只有本人可读的文件）并开始签名；名字是日志的名字，最好是公布它的网址，不带协议。",
        "Make a key in a file that only its owner can read, and begin to sign; the name is the"
        " log's, best the address where it will be published, without the scheme.",
    ),
    epilog=example("scoretrail key generate scoretrail.example/log1"),
)
@click.argument("name")
@click.pass_obj
def generate(session: Session, name: str) -> None:
    """Make the first key."""
    made = SigningKey(name, secrets.token_bytes(KEY_SIZE))
    create_key(key_file(session), made)
    Signer.start(state_file(session), name)
    click.echo(t(f"密钥：{key_file(session)}", f"key: {key_file(session)}"))
    for text in show_public(session):
        click.echo(text)


@key.command(
    help=t("显示公钥，供公布。", "Show the public keys, to be published."),
    epilog=example("scoretrail key show --json"),
)
@as_json
@click.pass_obj
def show(session: Session, *, json_: bool) -> None:
    """Show the public keys."""
    public = [str(one.public) for one in keys(session)]
    if json_:
        print_json({"vkeys": public})
        return
    for text in public:
        click.echo(text)


@key.command(
    help=t(
        "开始更换：新旧两把密钥同时签名，等大家都有了新公钥再 retire。",
        "Begin a rotation: both keys sign until everybody has the new one; then retire.",
    ),
    epilog=example("scoretrail key rotate"),
)
@click.pass_obj
def rotate(session: Session) -> None:
    """Add a second key."""
    made = SigningKey(keys(session)[0].name, secrets.token_bytes(KEY_SIZE))
    add_key(key_file(session), made)
    for text in show_public(session):
        click.echo(text)


@key.command(
    help=t("结束更换：旧密钥作废，只用新的。", "End a rotation: the old key is gone."),
    epilog=example("scoretrail key retire"),
)
@click.pass_obj
def retire(session: Session) -> None:
    """Retire the old key."""
    retire_key(key_file(session))
    for text in show_public(session):
        click.echo(text)
