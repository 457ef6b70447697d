"""`scoretrail ranking`: the final scores of a year as one list, and each unit's place in it."""

from pathlib import Path
from secrets import token_bytes

import click

from application import ranking_audit
from application.handed_over import TrustPolicy
from application.ranking import Recorder
from application.ranking_proof import prove_place, verify_proof
from cli.language import t
from cli.option import command, option
from cli.options import as_facts, into_file, print_json, write_file
from cli.output import lasts
from cli.parameter_types import FILE
from cli.screen import tell
from cli.session import Session, clock, fresh_key
from cli.trust import trusting

ranking = click.Group("ranking", help=t("年度名次表与名次证明。", "Rankings, proofs of places."))
listed = click.argument("file", type=FILE)


@command(
    "排列一个年度已印发的最终得分，登记名次表的根。名单（含随机数）写入文件，请妥善保管。",
    "Rank the issued final scores of a year and record the root; keep the file of the list safe.",
    "scoretrail --as bureau-officer ranking record 2023 ranking-2023.json",
    of=ranking,
)
@click.argument("year", type=click.INT)
@listed
@option("--reason", "重新登记的原因", "reason for recording another one")
def record(session: Session, year: int, file: Path, *, reason: str | None) -> None:
    by = Recorder(session.store, session.clock, session.who(), token_bytes)
    made = by.record(year, file, dated=session.day, key=fresh_key(), reason=reason)
    lasts()
    tell(*made.words)


@command(
    "写出一个评价事项的名次证明，交给其被评价单位。不透露其他单位的得分。",
    "Write the proof of a case's place, for its unit. It reveals nobody else's score.",
    "scoretrail ranking prove ranking-2023.json zhanjiang-amr-2023 -o place.json",
    of=ranking,
)
@listed
@click.argument("case_id", metavar="CASE")
@into_file
def prove(session: Session, file: Path, case_id: str, output: Path | None) -> None:
    proof = prove_place(session.store, clock, session.place, file, case_id)
    lasts()
    write_file(output, proof)


@command(
    "核验名次证明。不需要记录库。",
    "Verify the proof of a place. No ledger is needed.",
    "scoretrail ranking verify place.json --vkey scoretrail.db.key.pub",
    of=ranking,
    no_ledger=True,
)
@listed
@trusting(required=True)
@as_facts
def verify(file: Path, *, policy: TrustPolicy, json_: bool) -> None:
    proven = verify_proof(file, policy)
    print_json(proven.facts) if json_ else tell(*proven.words)


@command(
    "凭整份名单核验名次表：与登记的根相符，次序、名次、合计无误，不缺评价事项。",
    "Verify a ranking by its list: root, order, places and sum are right, no case is left out.",
    "scoretrail ranking audit ranking-2023.json",
    of=ranking,
)
@listed
@as_facts
def audit(session: Session, file: Path, *, json_: bool) -> None:
    found = ranking_audit.audit(session.store, file)
    print_json(found.facts) if json_ else tell(*found.words)
