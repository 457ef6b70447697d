"""`scoretrail checkpoint` and `publish`: sign the log, publish it, exchange cosignatures."""

from pathlib import Path
from secrets import randbelow
from typing import Any

import click

from application import checkpoint_lines, checkpoint_words, checkpoints
from application.asked_witness import ask as ask_witness
from application.handed_over import TrustPolicy, read_authorities, read_checkpoint, read_log_keys
from application.public_heads import write_heads
from application.sign import sign
from application.signer import follow as sign_on
from application.sm3_statements import output_of, state
from application.witnessing import Witness
from cli.language import language, t
from cli.option import command, flag, option, usage_error
from cli.options import as_facts, into_file, print_json, write_file
from cli.output import lasts
from cli.parameter_types import FILE
from cli.screen import echo, tell
from cli.sequence import report_unreachable, stop_signal
from cli.session import Session, clock
from cli.trust import telling_time, trusting
from intake.files import read_bytes
from ledger.language import counted

checkpoint = click.Group(
    "checkpoint", help=t("检查点：签名、联署、时间戳。", "Checkpoints: sign, cosign, stamp.")
)


@command(
    "对日志当前状态签名。与此前签名矛盾的，拒绝签名。",
    "Sign the current state of the log. Refused if it contradicts an earlier signature.",
    "scoretrail checkpoint sign -o checkpoint",
    of=checkpoint,
)
@into_file
@flag(
    "--follow",
    "日志增长后随即签名，直到收到 SIGTERM 或 Ctrl-C",
    "sign as the log grows, until SIGTERM or Ctrl-C",
)
@option(
    "--sm3 file",
    "另写出 SM3 根的陈述，签名在旁（.sig）",
    "also state the SM3 root here (and .sig)",
    FILE,
)
@option(
    "--sm2-key key", "签署陈述的 SM2 私钥（PEM）", "SM2 key (PEM) that signs the statement", FILE
)
@option(
    "--sm2-command command", "代替私钥的签名命令", "command that signs its input instead of a key"
)
def sign_(session: Session, output: Path | None, *, follow: bool, **sm3: Any) -> None:  # noqa: ANN401 - as click hands them on
    stated = output_of(**sm3)
    if follow:
        count = sign_on(
            session.target, clock, session.place, stop_signal(), report_unreachable, output=stated
        )
        lasts()
        tell(f"签名 {count} 次", f"{counted(count, 'checkpoint')} signed")
        return
    signed = sign(session.store, clock, session.place)
    if stated:
        state(session.store, session.place, signed.checkpoint, stated)
    lasts()
    write_file(output, bytes(signed.note))


@command(
    "以见证人身份，仅凭公布的目录（或其副本）核验日志只增不改，然后联署。不需要记录库。",
    "Cosign as a witness. The published folder, or a copy of it, must show that the log has"
    " only grown since the last time. No ledger is needed.",
    "scoretrail checkpoint cosign public --witness-key witness.key"
    " --vkey scoretrail.db.key.pub --seen seen -o cosigned",
    of=checkpoint,
    no_ledger=True,
)
@click.argument("folder", type=FILE)
@option("--witness-key", "见证人的密钥文件", "key file of the witness", FILE, required=True)
@option("--vkey", "日志公钥，或存放它的文件", "public key of the log, or its file", required=True)
@option(
    "--seen",
    "见证人上次所见的检查点；首次没有此文件",
    "last checkpoint seen; absent at first",
    FILE,
    required=True,
)
@into_file
def cosign(folder: Path, *, witness_key: Path, vkey: str, seen: Path, output: Path | None) -> None:
    keys = checkpoints.witness_keys(witness_key)
    cosigned = checkpoints.cosign(folder, seen, read_log_keys([vkey]), keys, clock)
    lasts()  # the witness has noted what was seen
    write_file(output, cosigned)


@command(
    "登记见证人返回的联署，存入记录库。此后 verify、publish 和存证证明均附联署。",
    "Store the cosignatures of a witness. From then on verify, publish and receipts include them.",
    "scoretrail checkpoint keep cosigned --witness witness.key.pub",
    of=checkpoint,
)
@click.argument("file", type=FILE)
@trusting(required=False)
def keep(session: Session, file: Path, *, policy: TrustPolicy) -> None:
    signed = read_checkpoint(file)
    if not policy.witnesses:
        raise usage_error("须写明 --witness 或 --policy", "--witness or --policy is needed")
    names = checkpoints.keep_cosignatures(session.store, signed, policy)
    lasts()
    tell(*checkpoint_words.kept(signed, names))


@command(
    "生成向时间戳机构提出的请求（RFC 3161），对象为该检查点文件的全部字节。",
    "Write a request for a time stamp. It is for a time-stamping authority (RFC 3161), over the"
    " exact bytes of a checkpoint file.",
    "scoretrail checkpoint request-stamp checkpoint -o checkpoint.tsq",
    of=checkpoint,
    no_ledger=True,
)
@click.argument("file", type=FILE)
@into_file
def request_stamp(file: Path, output: Path | None) -> None:
    write_file(output, checkpoints.request_stamp(read_checkpoint(file), randbelow))


@command(
    "核验时间戳机构的答复（.tsr），存入记录库。此后由 verify --tsa-ca 核验。",
    "Verify a time stamp and store it. The reply of the time-stamping authority (.tsr) is kept"
    " in the ledger, and verify --tsa-ca verifies it from then on.",
    "scoretrail checkpoint keep-stamp checkpoint checkpoint.tsr --request checkpoint.tsq"
    " --tsa-ca ca.pem",
    of=checkpoint,
)
@click.argument("file", type=FILE)
@click.argument("reply", type=FILE)
@option(
    "--request", "request-stamp 生成的请求", "request written by request-stamp", FILE, required=True
)
@telling_time
def keep_stamp(
    session: Session, file: Path, reply: Path, *, request: Path, tsa_ca: tuple[Path, ...]
) -> None:
    if not tsa_ca:
        raise usage_error("须写明 --tsa-ca", "--tsa-ca is needed")
    signed = read_checkpoint(file)
    files, trusted = (read_bytes(request), read_bytes(reply)), read_authorities(tsa_ca)
    at = checkpoints.keep_stamp(session.store, signed, *files, trusted)
    lasts()
    tell(*checkpoint_words.stamped(signed, at))


@command(
    "签名记录（.key.state）丢失后，凭最后公布的检查点恢复签名。记录库与其矛盾的，拒绝恢复。",
    "Resume signing from the last published checkpoint. It is for a signer whose state"
    " (.key.state) was lost, and refused if the ledger contradicts the checkpoint.",
    "scoretrail checkpoint resume checkpoint",
    of=checkpoint,
)
@click.argument("file", type=FILE)
def resume(session: Session, file: Path) -> None:
    last = checkpoints.resume(session.store, session.place, read_checkpoint(file))
    lasts()
    tell(*checkpoint_words.resumed(last))


@command(
    "显示见证人密钥对应的公钥，并写入密钥所在目录（.pub），供公布。",
    "Show the public key of a witness. It is also written next to the key (.pub).",
    "scoretrail checkpoint witness-key witness.key",
    of=checkpoint,
    no_ledger=True,
)
@click.argument("file", type=FILE)
def witness_key(file: Path) -> None:
    for public in checkpoints.publish_witness_keys(file):
        echo(public)


@command(
    "核验一个检查点的签名与联署。",
    "Verify the signatures of a checkpoint.",
    "scoretrail checkpoint verify checkpoint --vkey scoretrail.db.key.pub",
    of=checkpoint,
    no_ledger=True,
)
@click.argument("file", type=FILE)
@trusting(required=True)
@as_facts
def verify(file: Path, *, policy: TrustPolicy, json_: bool) -> None:
    verified = checkpoints.verify_checkpoint(read_checkpoint(file), policy)
    print_json(verified.facts) if json_ else tell(*verified.words)


@command(
    "显示最近检查点的一行，或写成文件：.txt，或二维码 .svg、.png。",
    "Show the last checkpoint in one line, or write it as .txt, or as a QR code, .svg or .png.",
    "scoretrail checkpoint line -o line.txt",
    of=checkpoint,
)
@into_file
def line(session: Session, output: Path | None) -> None:
    made = checkpoint_lines.last_line(session.store)
    write_file(output, checkpoint_lines.written(made, output, language()))


@command(
    "核对纸上或二维码中的一行：写明什么、是否属于本日志、日志此后是否只增未改。",
    "Check a line from paper or a QR code: what it states, whether it is of this log, and whether"
    " the log has only grown since.",
    "scoretrail checkpoint compare line.txt --vkey scoretrail.db.key.pub",
    of=checkpoint,
)
@click.argument("text", metavar="LINE")
@option("--vkey", "日志公钥或其文件", "public key of the log, or its file", multiple=True)
@option("--published", "公布的目录，代替记录库", "published folder instead of the ledger", FILE)
@as_facts
def compare(
    session: Session, text: str, *, vkey: tuple[str, ...], published: Path | None, json_: bool
) -> None:
    keys, lines = read_log_keys(vkey), checkpoint_lines
    log = lines.published_log(published, keys) if published else lines.log_of(session.store)
    found = lines.compare(text, log, keys)
    print_json(found.facts) if json_ else tell(*found.words)


@command(
    "请见证人联署：签名并写出请求（C2SP tlog-witness），自带一致性证明，可用文件或邮件送交。",
    "Ask a witness to cosign: sign, and write a request (C2SP tlog-witness) with its proof of"
    " growth, to be sent as a file or by mail.",
    "scoretrail checkpoint ask --witness witness.key.pub -o 1.request",
    of=checkpoint,
)
@option("--witness", "见证人公钥或其文件", "public key of the witness, or its file", required=True)
@option("--since", "见证人已见的条数（默认其最近的联署）", "size that it has seen", click.INT)
@into_file
def ask(session: Session, *, witness: str, since: int | None, output: Path | None) -> None:
    request = ask_witness(session.store, clock, session.place, witness, since)
    lasts()
    write_file(output, request)


@command(
    "以见证人身份答复文件夹、Maildir 或 mbox 中的联署请求。不需要记录库；从不往回联署。",
    "As a witness, answer the requests in a folder, Maildir or mbox. No ledger is needed; a"
    " witness never goes back.",
    "scoretrail checkpoint witness . answers --witness-key witness.key"
    " --vkey scoretrail.db.key.pub --memory seen-by-witness",
    of=checkpoint,
    no_ledger=True,
)
@click.argument("inbox", type=FILE)
@click.argument("outbox", type=FILE)
@option("--witness-key", "见证人的密钥文件", "key file of the witness", FILE, required=True)
@option("--vkey", "日志公钥或其文件", "public key of a log", required=True, multiple=True)
@option("--memory", "见证人记录所见的目录", "folder of what it has seen", FILE, required=True)
@flag("--follow", "持续运行", "run until SIGTERM or Ctrl-C")
def witness(inbox: Path, outbox: Path, *, vkey: tuple[str, ...], follow: bool, **own: Path) -> None:
    key = checkpoints.witness_key(own["witness_key"])
    seer = Witness(key, read_log_keys(vkey), own["memory"])
    for answered in seer.turns(inbox, outbox, clock, stop_signal() if follow else None):
        tell(*answered.words, err=answered.alarm)
    lasts()


@command(
    "写出公开页：各检查点、增长和联署，只有哈希，中英文各一页。",
    "Write the public page, in both languages: checkpoints, growth, cosignatures; hashes only.",
    "scoretrail checkpoint page public --vkey scoretrail.db.key.pub",
    of=checkpoint,
)
@click.argument("folder", type=FILE)
@option("--vkey", "日志公钥或其文件", "public key of the log, or its file", multiple=True)
def page(session: Session, folder: Path, *, vkey: tuple[str, ...]) -> None:
    for path in write_heads(session.store, folder, list(map(str, read_log_keys(vkey)))):
        tell(f"已写入 {path}", f"{path} written")


@command(
    "把日志公布为静态文件（C2SP tlog-tiles）：先条目和瓦片，最后检查点。重复执行只补充新内容。",
    "Publish the log as static files (C2SP tlog-tiles): entries and tiles first, the"
    " checkpoint last. Running it again adds what is new.",
    "scoretrail publish public",
)
@click.argument("folder", type=FILE)
def publish(session: Session, folder: Path) -> None:
    signed = checkpoints.publish(session.store, clock, session.place, folder)
    lasts()
    tell(*checkpoint_words.published(signed, folder))
