#!/usr/bin/env python3
"""Verify the proof of a place with the standard library and `openssl` (docs/formats/ranking.md).

    python3 verify_ranking.py PROOF VKEY [--practice]

VKEY is the log's public key as it was published, never one that came with the proof. It needs
verify_dossier.py in the same folder. A proof of a practice ledger is verified with --practice only.
Written against the format. Exit 0 verified, 3 not, 6 for practice and not asked for as that, or the
reverse.
"""

import json
import re
import sys

from verify_dossier import (
    check,
    check_inclusion,
    decoded,
    must_be_asked_for,
    open_checkpoint,
    read_entry,
    read_file,
)


def main(name, vkey, *, practice):
    must_be_asked_for(vkey, practice)
    proof = json.loads(read_file(name))
    keys = {"case", "entry", "format", "index", "path", "receipt"}
    check(set(proof) == keys and proof["format"] == "scoretrail-ranking-proof/1", "its form")
    case, index, entry = proof["case"], proof["index"], proof["entry"].encode()
    check(set(case) == {"case", "place", "salt", "score"}, "what it says of the case")
    # 1. The entry is in the log, by a checkpoint that the log has signed (C2SP tlog-proof).
    above, _, checkpoint = proof["receipt"].encode().partition(b"\n\n")
    size, root = open_checkpoint(checkpoint, vkey)
    first, position, *path = above.decode("ascii").split("\n")
    check(first == "c2sp.org/tlog-proof@v1", "the receipt")
    at = re.fullmatch("index (0|[1-9][0-9]{0,18})", position, re.ASCII)
    check(at, "the receipt has no index")
    check_inclusion(entry, int(at[1]), size, [decoded(line) for line in path], root)
    # 2. It is the ranking of a year, in the register.
    said = read_entry(entry)
    check(said["type"] == "RankingRecorded", "the entry is of another kind")
    check(said["case"] == "register:accounts", "the entry is of another stream")
    about = said["data"]
    # 3. The case is in the list whose root it states (RFC 9162; leaves as in the format).
    check(type(index) is type(case["place"]) is int, "its numbers")
    check(1 <= case["place"] <= index, "a row that cannot have that place")
    check(re.fullmatch("[0-9a-f]{32}", case["salt"], re.ASCII), "its random bytes")
    lines = ["scoretrail-ranking/1", "case", about["year"], case["place"], case["score"]]
    lines += [case["case"], case["salt"]]
    check(not any("\n" in str(line) for line in lines), "a line that is two")
    leaf = "".join(f"{line}\n" for line in lines).encode()
    hashes = [bytes.fromhex(digest) for digest in proof["path"]]
    check_inclusion(leaf, index, about["cases"] + 1, hashes, bytes.fromhex(about["root"]))
    mark = "PRACTICE, NOT REAL: " if practice else ""
    print(
        f"{mark}VERIFIED: {case['case']} has place {case['place']} of {about['cases']} in"
        f" {about['year']} with {case['score']}"
    )


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--practice"]
    if len(words) != 2:
        sys.exit(__doc__)
    try:
        main(*words, practice="--practice" in sys.argv)
    except Exception as error:  # noqa: BLE001 - whatever it is, this is no sound proof
        check(holds=False, what=f"not a proof ({type(error).__name__}: {error})")
