"""When the leader of two PostgreSQL servers under Patroni is killed, writers go on with the other.

Nothing that was acknowledged is lost.

`make scale` runs it: it needs Debian's patroni, python3-etcd, etcd-server and postgresql, and fails
without them.
"""

import time
from pathlib import Path
from typing import Final

from ledger.store import Store, admit
from projections.portfolio.catch_up import make_ready
from tests.support.crowd import Crowd, assert_kept, assert_sound, founded, seed, ways
from tests.support.figures import share, tell
from tests.support.patroni import Pair
from tests.support.sealer import Sealer
from tests.support.terminal import Said, done, scoretrail

CALM: Final = 4
"""Seconds that the crowd writes before a kill, and after somebody leads again."""
CASES: Final = 6


def test_the_leader_is_killed_under_load_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    """Both are killed, one after the other, so that the second promotion is of the first victim."""
    with Pair() as pair:
        with Store.create(pair.url) as store:
            make_ready(store)
        target = admit(pair.url, "app", pair.password)
        cases = founded(target, CASES)
        before = Before(target, tmp_path, cases[0])
        crowd = Crowd(target, tmp_path, ways(sealed=4, unsealed=4, command=2), cases, seed())
        promotions = []
        grown = [size(target)]
        with Sealer(target) as sealer, crowd:
            for _ in pair.nodes:
                time.sleep(CALM)
                promotions.append(kill_the_leader(pair))
                at_first = size(target)
                time.sleep(CALM)
                grown.append(size(target))
                assert grown[-1] > at_first, "nobody writes to the one that leads now"
            crowd.join()
            sealer.stop()
        told = assert_kept(target, crowd.wishes())
        assert_sound(target)
        before.still_holds()
    assert told.cut > 0
    tell(
        "10 writers, two PostgreSQL servers under Patroni, each leader killed",
        acts=told.acts,
        events=told.events,
        kills_of_the_leader=len(promotions),
        longest_time_without_a_leader_ms=share(promotions, 1),
        cut_off_and_outcome_unknown=told.cut,
        found_to_have_been_written=told.found,
    )


def kill_the_leader(pair: Pair) -> float:
    """Kill it, wait until the other leads, and start it again; the seconds without a leader."""
    leader = pair.leader()
    assert leader
    (other,) = (node for node in pair.nodes if node != leader)
    pair.kill(leader)
    took = pair.wait_until(lambda: pair.leader() == other, f"{other.name} leads")
    pair.start(leader)
    pair.wait_for_both()
    return took


def size(target: str) -> int:
    with Store.open(target) as store:
        return store.size()


class Before:
    """What was handed out before anything was killed: a receipt, its entry and a checkpoint."""

    def __init__(self, target: str, folder: Path, case: str) -> None:
        self._target, self._key = target, folder / "log.key"
        self._receipt, self._entry, self._checkpoint = (
            folder / name for name in ("receipt", "entry.json", "checkpoint")
        )
        self._run("key", "generate", "two-servers.example/2024")
        proof = ("-o", str(self._receipt), "--entry", str(self._entry))
        self._run("receipt", "issue", case, "--version", "1", *proof)
        self._run("checkpoint", "sign", "-o", str(self._checkpoint))

    def still_holds(self) -> None:
        """Everything is verified against what was handed out; the log has only grown since."""
        key = ("--vkey", f"{self._key}.pub")
        done(scoretrail(None, "receipt", "verify", str(self._receipt), str(self._entry), *key))
        self._run("checkpoint", "sign")
        held = ("--checkpoint", str(self._checkpoint))
        said = self._run("verify", "--json", *key, *held).json
        assert (said["breaks"], said["level"]) == ([], "L2")

    def _run(self, *words: str) -> Said:
        return done(scoretrail(self._target, "--key", str(self._key), *words))
