"""`scoretrail key`: the key that signs checkpoints."""

from secrets import token_bytes

import click

from application.sign import generate_key, public_keys, retire_old_key, rotate_key
from cli.language import t
from cli.options import as_facts, example, print_json
from cli.output import lasts
from cli.screen import echo
from cli.session import Session


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
    path, public = session.place.key_file, generate_key(session.place, name, token_bytes)
    echo(t(f"密钥：{path}", f"key: {path}"))
    _print(public)


@key.command(
    help=t("显示公钥，供公布。", "Show the public keys, to be published."),
    epilog=example("scoretrail key show --json"),
)
@as_facts
@click.pass_obj
def show(session: Session, *, json_: bool) -> None:
    """Show the public keys."""
    public = public_keys(session.place)
    if json_:
        print_json({"vkeys": public})
        return
    for text in public:
        echo(text)


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
    _print(rotate_key(session.place, token_bytes))


@key.command(
    help=t("结束更换：旧密钥作废，只用新的。", "End a rotation: the old key is gone."),
    epilog=example("scoretrail key retire"),
)
@click.pass_obj
def retire(session: Session) -> None:
    """Retire the old key."""
    _print(retire_old_key(session.place))


def _print(public: list[str]) -> None:
    lasts()
    for text in public:
        echo(text)
