"""The proof of a place (名次证明): a file for a unit, checked without ledger and without program.

It leads from the unit's score by its random bytes to the root of the list, from there to the entry
of the register that has recorded it, and to a checkpoint that the log has signed.
"""

from pathlib import Path
from typing import Final, Literal, NamedTuple

from msgspec import DecodeError, Struct, ValidationError, json

from application.clock import Clock
from application.place import LedgerPlace
from application.ranking_audit import read_ranking, recorded_as
from application.receipt_verification import verify_receipt
from application.receipts import entry_to_prove, issue_receipt
from intake.files import read_bytes
from ledger import refusals
from ledger.envelope import REGISTER
from ledger.events import RankingRecorded
from ledger.language import Text, counted
from ledger.ledger import Ledger
from ledger.log.policy import TrustPolicy
from ledger.log.receipt import Receipt
from ledger.log.tree import ProofError
from ledger.ranking import PlaceInRanking, RankedCase, verify_place
from ledger.store import Store
from ledger.values import Count, Invalid, Sha256

FORMAT: Final = "scoretrail-ranking-proof/1"


class PlaceProof(Struct, frozen=True, forbid_unknown_fields=True):
    """What a unit is given.

    Attributes:
        index: of its leaf in the tree; 0 is the leaf about all of them.
        path: of its inclusion, in hex.
        entry: of the register, with the root: its very bytes, as text.
        receipt: that the entry is in the log (C2SP tlog-proof).
    """

    format: Literal["scoretrail-ranking-proof/1"]
    case: RankedCase
    index: Count
    path: tuple[Sha256, ...]
    entry: str
    receipt: str


class ProvenPlace(NamedTuple):
    """What a proof shows.

    Attributes:
        place: of the case.
        size: of the log that the checkpoint covers.
        origin: of that log.
    """

    place: PlaceInRanking
    size: int
    origin: str

    @property
    def facts(self) -> dict[str, object]:
        """The same for programs."""
        year, one, cases = self.place
        found = {"case": one.case, "place": one.place, "score": one.score}
        return {"year": year, "cases": cases, **found, "origin": self.origin, "size": self.size}

    @property
    def words(self) -> Text:
        """The same in a sentence."""
        year, one, cases = self.place
        return Text(
            f"{year} 年度 {cases} 个评价事项中，{one.case} 得分 {one.score}，第 {one.place} 名；"
            f"名次表在日志 {self.origin} 的前 {self.size} 条之内",
            f"of {counted(cases, 'case')} of {year}, {one.case} has place {one.place} with"
            f" {one.score}; the ranking is among the first {self.size} entries of {self.origin}",
        )


def prove_place(store: Store, clock: Clock, place: LedgerPlace, file: Path, case: str) -> bytes:
    """The proof for the unit of a case, from the file of the list; it reveals nobody else's score.

    Raises:
        Invalid: the case is not in the list, or there is no key to sign with.
        ProofError: the list is not the recorded one.
    """
    ranking = read_ranking(file)
    recorded = recorded_as(Ledger(store), ranking)
    names = [ranked.case for ranked in ranking.cases]
    if case not in names:
        raise refusals.not_ranked(case, names)
    index = names.index(case) + 1
    entry = entry_to_prove(store, REGISTER, recorded.version)
    issued = issue_receipt(store, clock, place, entry)
    proof = PlaceProof(
        FORMAT,
        ranking.cases[index - 1],
        index,
        tuple(ranking.path(index)),
        entry.entry.decode(),
        issued.decode(),
    )
    return json.format(json.encode(proof), indent=1) + b"\n"


def verify_proof(file: Path, policy: TrustPolicy) -> ProvenPlace:
    """Check a proof against public keys that came from elsewhere; no ledger is needed.

    Raises:
        Invalid: it cannot be read, or is no such proof.
        ProofError: it does not hold.
        OnlyPractice: it is of a practice ledger, and that was not asked for; or the reverse.
    """
    proof, place = _opened(file)
    receipt = Receipt.parse(proof.receipt.encode())
    verify_receipt(receipt, proof.entry.encode(), policy)
    origin, head, _ = receipt.checkpoint.checkpoint
    return ProvenPlace(place, head.size, origin)


def place_in_force(store: Store, file: Path, case: str) -> PlaceInRanking:
    """The place of a case by its proof, in the ranking that is in force; a letter states it.

    Raises:
        Invalid: it cannot be read, or is of another case.
        ProofError: it does not hold, or another ranking has taken its place.
    """
    proof, place = _opened(file)
    if place.case.case != case:
        raise Invalid(
            f"{file} 是 {place.case.case} 的名次证明，不是 {case} 的",
            f"{file} is the proof of {place.case.case}, not of {case}",
        )
    in_force = Ledger(store).register().rankings.get(place.year)
    if json.decode(proof.entry)["data"]["root"] != in_force:
        raise ProofError(
            f"{file} 所依据的名次表不是现行的一份。请重新写出证明",
            f"{file} is of a ranking that is not in force. Write the proof again",
        )
    return place


def _opened(file: Path) -> tuple[PlaceProof, PlaceInRanking]:
    """A proof with what it states, which follows from the entry in it."""
    try:
        proof = json.decode(read_bytes(file), type=PlaceProof)
        entry = json.decode(proof.entry)
        about = entry["data"]
        stated = (entry["type"], entry["case"])
        year, cases, root = (about[name] for name in ("year", "cases", "root"))
    except (DecodeError, ValidationError, LookupError, TypeError):
        raise Invalid(
            f"{file}：不是名次证明，或不完整", f"{file}: not the proof of a place, or incomplete"
        ) from None
    if stated != (RankingRecorded.__name__, REGISTER):
        raise ProofError("所附条目不是名次表", "the entry enclosed is not that of a ranking")
    place = PlaceInRanking(year, proof.case, cases)
    verify_place(place, proof.index, proof.path, root)
    return proof, place
