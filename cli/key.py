"""`scoretrail key`: the key that signs checkpoints."""

from collections.abc import Callable
from secrets import token_bytes

import click

from application import log_keys
from application.place import LedgerPlace
from cli.language import t
from cli.option import command
from cli.options import as_facts, print_json
from cli.output import lasts
from cli.screen import echo, tell
from cli.session import Session

key = click.Group(
    "key", help=t("签名密钥：生成、查看公钥、更换。", "The signing key: generate, show, rotate.")
)


@command(
    "生成密钥（仅本人可读的文件）并开始签名。名称即日志名称，宜用公布日志的网址，不带协议。",
    "Generate a key in a file that only its owner can read, and start signing. The name is"
    " that of the log, preferably the address where it is published, without the scheme.",
    "scoretrail key generate scoretrail.example/log1",
    of=key,
)
@click.argument("name")
def generate(session: Session, name: str) -> None:
    path, public = session.place.key_file, log_keys.generate_key(session.place, name, token_bytes)
    tell(f"密钥：{path}", f"key: {path}")
    _print(public)


@command(
    "显示公钥，供公布。",
    "Show the public keys for publication.",
    "scoretrail key show --json",
    of=key,
)
@as_facts
def show(session: Session, *, json_: bool) -> None:
    public = log_keys.public_keys(session.place)
    if json_:
        print_json({"vkeys": public})
    for text in () if json_ else public:
        echo(text)


def _changing(name: str, change: Callable[[LedgerPlace], list[str]], zh: str, en: str) -> None:
    def run(session: Session) -> None:
        _print(change(session.place))

    run.__name__ = name
    command(zh, en, f"scoretrail key {name}", of=key)(run)


_changing("rotate", lambda place: log_keys.rotate_key(place, token_bytes),
    "开始更换密钥：新旧两把同时签名，待各方均取得新公钥后再执行 retire。",
    "Begin a rotation. Both keys sign until everyone has the new public key; then run retire.",
)  # fmt: skip
_changing("retire", log_keys.retire_old_key, "结束更换：旧密钥作废，只用新密钥。",
    "End a rotation: the old key is discarded.",
)  # fmt: skip
_changing("add-ml-dsa", lambda place: log_keys.add_ml_dsa_key(place, token_bytes),
    "增加一把 ML-DSA-44 密钥，同时对检查点签名，防备量子计算机。见证人的密钥文件也可增加。",
    "Add a key of ML-DSA-44, which signs checkpoints next to Ed25519, against quantum computers."
    " It can be added to the key of a witness as well.",
)  # fmt: skip


def _print(public: list[str]) -> None:
    lasts()
    for text in public:
        echo(text)
