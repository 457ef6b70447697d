"""`scoretrail checkpoint`: sign the log as it is, and exchange cosignatures by file."""

import sys
import time
from pathlib import Path

import click

from cli.language import t
from cli.options import example, write_file
from cli.session import Session
from cli.signing import read_checkpoint, read_vkeys, sign
from ledger.log.checkpoint import WitnessKey, WitnessSigningKey
from ledger.log.note import Note, VerifierKey
from ledger.log.signer import read_keys
from ledger.log.tree import consistency_proof, verify_consistency
from ledger.store import Store
from ledger.values import Invalid


@click.group(help=t("检查点：签名、联署。", "Checkpoints: sign, cosign."))
def checkpoint() -> None:
    """Group the commands of the checkpoints."""


def _write(data: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        write_file(output, data)


@checkpoint.command(
    "sign",
    help=t(
        "给日志现状签名；与以前签过的矛盾就拒绝。",
        "Sign the log as it is now; refused where it contradicts what was signed before.",
    ),
    epilog=example("scoretrail checkpoint sign -o checkpoint"),
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=t("文件（默认标准输出）", "file")
)
@click.pass_obj
def sign_(session: Session, output: Path | None) -> None:
    """Sign a checkpoint."""
    with Store.open(session.target) as store:
        signed = sign(session, store)
    _write(bytes(signed.note), output)


@checkpoint.command(
    help=t(
        "见证人：核对日志只增不改后联署（用见证人自己的密钥和账本副本或公布的文件）。",
        "As a witness: cosign after checking that the log only grew since the last one seen.",
    ),
    epilog=example(
        "scoretrail checkpoint cosign checkpoint --witness-key witness.key"
        " --vkey scoretrail.db.key.pub --seen last"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--witness-key",
    type=click.Path(path_type=Path),
    required=True,
    help=t("见证人的密钥文件", "the witness's own key file"),
)
@click.option(
    "--vkey",
    required=True,
    help=t("日志公钥，或存放它的文件", "public key of the log, or its file"),
)
@click.option(
    "--seen",
    type=click.Path(path_type=Path),
    required=True,
    help=t("见证人记住的上一个检查点；首次没有此文件", "the last checkpoint seen; none at first"),
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=t("文件（默认标准输出）", "file")
)
@click.pass_obj
def cosign(  # noqa: PLR0913 - an argument an option
    session: Session, file: Path, *, witness_key: Path, vkey: str, seen: Path, output: Path | None
) -> None:
    """Cosign a checkpoint."""
    signed = read_checkpoint(file)
    log = read_vkeys([vkey], VerifierKey)
    signed.verify(log)
    if seen.exists():
        last = read_checkpoint(seen)
        last.verify(log)
        old, new = last.checkpoint.head, signed.checkpoint.head
        with Store.open(session.target) as store:
            proof = consistency_proof(store.hashes(new.size), old.size, new.size)
        verify_consistency(old, new, proof)
    key = WitnessSigningKey(*_witness(witness_key))
    cosigned = Note(
        signed.note.text, (*signed.note.signatures, key.cosign(signed.note.text, int(time.time())))
    )
    write_file(seen, bytes(signed.note))
    _write(bytes(cosigned), output)


def _witness(path: Path) -> tuple[str, bytes]:
    (key, *others) = read_keys(path)
    if others:
        raise Invalid(f"{path} 有两把密钥", f"{path} holds two keys")
    return key.name, key.seed


@checkpoint.command(
    "witness-key",
    help=t("显示见证人密钥对应的公钥。", "Show the public key of a witness's key file."),
    epilog=example("scoretrail checkpoint witness-key witness.key"),
)
@click.argument("file", type=click.Path(path_type=Path))
def witness_key(file: Path) -> None:
    """Show a witness's public key."""
    click.echo(str(WitnessSigningKey(*_witness(file)).public))


@checkpoint.command(
    "verify",
    help=t("核对一个检查点的签名与联署。", "Verify the signatures of a checkpoint."),
    epilog=example("scoretrail checkpoint verify checkpoint --vkey scoretrail.db.key.pub"),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--vkey", multiple=True, required=True, help=t("日志公钥", "key of the log"))
@click.option("--witness", multiple=True, help=t("见证人公钥", "key of a witness"))
def verify(file: Path, vkey: tuple[str, ...], witness: tuple[str, ...]) -> None:
    """Verify a checkpoint."""
    signed = read_checkpoint(file)
    found = signed.verify(
        read_vkeys(vkey, VerifierKey),
        read_vkeys(witness, WitnessKey),
    )
    names = [key.name for key, _ in found]
    size = signed.checkpoint.head.size
    click.echo(
        t(
            f"{signed.checkpoint.origin} {size} 条，签名相符：{'、'.join(names)}",
            f"{signed.checkpoint.origin} {size} entries, signatures hold: {', '.join(names)}",
        )
    )
