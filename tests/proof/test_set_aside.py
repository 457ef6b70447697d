"""Entries that came past the program and mean nothing: all goes on, they are named and set aside.

Whoever may write into the database can put bytes at the next version of a stream. Nothing is ever
removed from a log; so readers pass over what means nothing, `verify` names it, and an administrator
sets it aside by an act, after which it is a note.
"""

import json
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from ledger.codec import canonical
from ledger.envelope import REGISTER
from ledger.events import RegisterEvent, RubricEvent
from ledger.log.tree import leaf_hash
from ledger.store import NewEntry, Store, StoreError, moment_of
from tests.support.attacks import redigested, without
from tests.support.places import Place, Places, administrator
from tests.support.small_dossier import packed, unpacked
from tests.support.stranger import strangers
from tests.support.terminal import CASE, done, record, scoretrail

pytestmark = pytest.mark.slow
pytest_plugins = ["tests.support.reference_ledger"]

RUBRIC: Final = "rubric:zhanjiang-departments-2023"
STREAMS: Final = {"a case": CASE, "the register": REGISTER, "a rubric": RUBRIC}


def last(store: Store, stream: str) -> dict[str, Any]:
    """The last entry of a stream."""
    found: dict[str, Any] = json.loads(store.stream(stream)[-1][1])
    return found


def next_of(store: Store, stream: str) -> dict[str, Any]:
    """The last entry of a stream again, as its next one."""
    entries = store.stream(stream)
    again: dict[str, Any] = json.loads(entries[-1][1])
    again["command"]["id"] = "again"
    return again | {"prev": leaf_hash(entries[-1][1]).hex(), "version": len(entries) + 1}


def garbage(store: Store, stream: str) -> bytes:  # noqa: ARG001 - as the others
    return b"\xff\x00 garbage"


def json_of_nothing(store: Store, stream: str) -> bytes:  # noqa: ARG001 - as the others
    return b"{}"


def of_another_stream(store: Store, stream: str) -> bytes:
    other = CASE if stream == REGISTER else REGISTER
    return canonical(next_of(store, other))


def the_one_before_again(store: Store, stream: str) -> bytes:
    return store.stream(stream)[-1][1]


def deep(store: Store, stream: str) -> bytes:  # noqa: ARG001 - as the others
    return b'{"at":' + b"[" * 20_000 + b"]" * 20_000 + b"}"


Stray = Callable[[Store, str], bytes]
PASSED_OVER: Final[tuple[Stray, ...]] = (
    garbage,
    json_of_nothing,
    deep,
)
"""What nobody could take for an entry."""

ELSEWHERE: Final[tuple[Stray, ...]] = (of_another_stream, the_one_before_again)
"""What says that it stands elsewhere, as a sound entry does whose columns somebody has changed."""


def of_a_newer_program(store: Store, stream: str) -> bytes:
    return canonical(next_of(store, stream) | {"type": "SomethingElse"})


def in_another_form(store: Store, stream: str) -> bytes:
    entry = next_of(store, stream)
    return json.dumps(dict(sorted(entry.items())), ensure_ascii=False).encode()


def naming_another_before_it(store: Store, stream: str) -> bytes:
    return canonical(next_of(store, stream) | {"prev": "0" * 64})


WAITING: Final[tuple[Stray, ...]] = (
    of_a_newer_program,
    in_another_form,
    naming_another_before_it,
)
"""What might be an entry of that stream, by itself; it waits for somebody to say that it is not."""


def put(ledger: Place, stream: str, stray: Stray) -> int:
    """Write bytes past the program; their place in the log."""
    with Store.open(ledger.owner) as store:
        kind = last(store, stream)["type"]
        version = len(store.stream(stream)) + 1
        (position,) = store.append([NewEntry(stream, version, kind, stray(store, stream))])
    return position


def act(ledger: Place, number: int = 1) -> None:
    """Somebody goes on with the case, and an administrator with the accounts."""
    words = ("--number", f"更正{number}号", "--justification", "复核")
    correct = ("review", "correct", CASE, "e-contracts", f"0.3{number}", *words)
    done(scoretrail(ledger, "--as", "bureau-officer", *correct))
    opening = ("account", "open", f"newcomer-{number}", "--organisation", "archive")
    done(scoretrail(ledger, "--as", "administrator", *opening))


def kinds(ledger: Place) -> list[str]:
    said = scoretrail(ledger, "verify", "--json")
    assert said.code == (3 if said.json["breaks"] else 0), said.err
    return [one["kind"] for one in said.json["breaks"]]


def set_aside(ledger: Place, position: int, code: int = 0) -> str:
    words = ("entry", "set-aside", str(position), "--reason", "not ours")
    said = scoretrail(ledger, "--as", "administrator", *words, lang="en")
    assert said.code == code, said.err
    return said.err


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
@pytest.mark.parametrize("stray", PASSED_OVER, ids=lambda stray: stray.__name__)
def test_what_is_no_entry_is_passed_over_named_and_set_aside(
    issued: Place, stray: Stray, stream: str
) -> None:
    before = done(scoretrail(issued, "score", CASE, "--json")).json
    position = put(issued, stream, stray)

    # Reads say the same, with a note; lists do, too; verification names it.
    said = scoretrail(issued, "score", CASE, "--json", lang="en")
    assert said.code == 0, said.err
    if stream == REGISTER:  # which a score does not rest on
        assert said.json == before
    else:
        assert {**said.json, "verified": "L0"} == before
        assert f"note: #{position} {stream}" in said.err
        assert said.json["verified"] is None
    for words in (("case", "list"), ("check", CASE), ("log", CASE), ("portfolio", "scores")):
        done(scoretrail(issued, *words))
    assert set(kinds(issued)) <= {"unreadable", "chain"}
    assert kinds(issued)

    # Acts go on behind it, and it is set aside.
    act(issued)
    set_aside(issued, position)
    act(issued, 2)

    told = done(scoretrail(issued, "verify", "--json", lang="en")).json
    assert told["breaks"] == []
    (note,) = told["notes"]
    assert note["where"].startswith(f"#{position} {stream} ")
    assert re.fullmatch(r"set aside by administrator at \S+Z: not ours", note["message"]), note
    assert f"note #{position}" in done(scoretrail(issued, "verify", lang="en")).out
    shown = done(scoretrail(issued, "score", CASE, "--json", lang="en"))
    assert (shown.json["verified"], shown.err) == ("L0", "")


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
@pytest.mark.parametrize("stray", ELSEWHERE, ids=lambda stray: stray.__name__)
def test_what_says_it_stands_elsewhere_is_passed_over_and_named_for_ever(
    issued: Place, stray: Stray, stream: str
) -> None:
    before = done(scoretrail(issued, "score", CASE, "--json")).json
    position = put(issued, stream, stray)

    shown = done(scoretrail(issued, "score", CASE, "--json")).json
    assert {**shown, "verified": "L0"} == before
    act(issued)
    assert "cannot be set aside" in set_aside(issued, position, code=1)
    assert "misfiled" in kinds(issued)


@pytest.mark.parametrize("stream", [CASE, REGISTER])
def test_a_sound_entry_whose_columns_were_changed_is_not_set_aside(
    issued: Place, stream: str
) -> None:
    """Columns are in no hash: the last act of a stream is moved away, and so would be forgotten."""
    act(issued)
    with Store.open(issued.owner) as store:
        position = store.stream(stream)[-1][0]
    with administrator(issued) as connection:
        connection.execute(
            "UPDATE events SET case_id = 'elsewhere', version = 1, type = 'CaseClosed'"  # noqa: S608 - a constant of this test
            f" WHERE id = (SELECT max(id) FROM events WHERE case_id = '{stream}')"
        )

    for words in (("verify",), ("verify", "--case", CASE)):
        said = scoretrail(issued, *words, "--json")
        assert said.code == 3
        assert "misfiled" in [one["kind"] for one in said.json["breaks"]]
    assert position is not None
    assert "cannot be set aside" in set_aside(issued, position, code=1)
    done(scoretrail(issued, "key", "generate", "office.example/log"))
    export = ("dossier", "export", CASE, "-o", str(issued.file(".zip")))
    assert scoretrail(issued, "--as", "bureau-officer", *export).code == 3


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
@pytest.mark.parametrize("stray", WAITING, ids=lambda stray: stray.__name__)
def test_what_might_be_an_entry_waits_to_be_set_aside(
    issued: Place, stray: Stray, stream: str
) -> None:
    before = done(scoretrail(issued, "score", CASE, "--json")).json
    position = put(issued, stream, stray)
    assert kinds(issued)
    for words in (("score", CASE), ("check", CASE)):
        said = scoretrail(issued, *words, lang="en")
        assert said.code in {0, 3}, said.err

    set_aside(issued, position)

    assert kinds(issued) == []
    assert done(scoretrail(issued, "score", CASE, "--json")).json == before
    done(scoretrail(issued, "portfolio", "scores"))
    act(issued)
    assert kinds(issued) == []


def test_what_may_be_of_a_newer_program_is_told_as_that(issued: Place) -> None:
    position = put(issued, CASE, of_a_newer_program)
    said = scoretrail(issued, "--unverified", "score", CASE, lang="en")
    assert said.code == 3
    assert "unknown event SomethingElse" in said.err
    assert f"scoretrail entry set-aside {position}" in said.err


def test_nobody_makes_a_sound_entry_disappear(issued: Place) -> None:
    with Store.open(issued.owner) as store:
        size = store.size()
    before = done(scoretrail(issued, "score", CASE, "--json")).json

    assert "cannot be set aside" in set_aside(issued, size - 1, code=1)
    assert "There is no entry" in set_aside(issued, size, code=1)
    words = ("entry", "set-aside", str(size - 1), "--reason", "不喜欢")
    assert scoretrail(issued, "--as", "bureau-officer", *words).code == 1

    # Whoever writes the act itself past the program gains nothing, and it shows.
    with Store.open(issued.owner) as store:
        position, entry = store.stream(CASE)[-1]
    assert position is not None
    forge(issued, position, leaf_hash(entry).hex())
    assert done(scoretrail(issued, "score", CASE, "--json")).json == before
    assert against(issued) == [f"the entry that it sets aside (#{position}) is sound"]


def forge(ledger: Place, position: int, leaf: str) -> None:
    """Write an act that sets an entry aside past the program, and all but that fits."""
    with Store.open(ledger.owner) as store:
        register = next_of(store, REGISTER)
        administrator = json.loads(store.stream(REGISTER, 1)[0][1])["by"]
        data = {"leaf": leaf, "position": position, "reason": "x"}
        latest = max(moment_of(entry.entry) for entry in store.read_log()).decode()
        register["command"]["id"] = f"forged-{position}-{leaf[0]}"
        now = {"at": latest, "by": administrator, "type": "EntrySetAside"}
        (forged,) = redigested([canonical(register | now | {"data": data})])
        store.append([NewEntry(REGISTER, register["version"], "EntrySetAside", forged)])


def against(ledger: Place) -> list[str]:
    """What verification says, each break in English; they are all about rules."""
    said = scoretrail(ledger, "verify", "--json", lang="en")
    assert (said.code, said.json["notes"]) == (3, [])
    assert {one["kind"] for one in said.json["breaks"]} == {"rules"}
    return [one["message"] for one in said.json["breaks"]]


@pytest.mark.parametrize("position", [10, 100_000, 2**53 - 1])
def test_a_forged_act_that_sets_aside_what_is_not_there_is_a_break(
    issued: Place, position: int
) -> None:
    forge(issued, position, "a" * 64)
    assert against(issued) == [f"what it sets aside (#{position}) is not there"]
    one_case = scoretrail(issued, "verify", "--case", CASE, "--json")
    assert [one["kind"] for one in one_case.json["breaks"]] == ["rules"]
    done(scoretrail(issued, "score", CASE))


def test_a_forged_act_of_a_position_keeps_nobody_from_setting_aside_what_comes_there(
    issued: Place,
) -> None:
    with Store.open(issued.owner) as store:
        size = store.size()
    forge(issued, size + 1, "a" * 64)
    position = put(issued, CASE, garbage)
    assert position == size + 1
    set_aside(issued, position)
    forge(issued, position, "b" * 64)  # nor does a later one undo what was set aside

    shown = done(scoretrail(issued, "score", CASE, "--json"))
    assert (shown.json["verified"], shown.err) == ("L0", "")
    done(scoretrail(issued, "portfolio", "scores"))
    said = scoretrail(issued, "verify", "--json", lang="en")
    told = [one["message"] for one in said.json["breaks"]]
    assert told == [f"what it sets aside (#{position}) is not there"] * 2
    (note,) = said.json["notes"]
    assert note["where"].startswith(f"#{position} {CASE} ")


def test_a_case_of_a_ledger_that_has_set_aside_what_is_not_in_it_is_imported_by_who_answers(
    issued: Place, places: Places, tmp_path: Path
) -> None:
    with Store.open(issued.owner) as store:
        (position,) = store.append([NewEntry("another", 1, "CaseOpened", b"garbage")])
    set_aside(issued, position)
    file = tmp_path / "case.jsonl"
    done(scoretrail(issued, "export", CASE, "-o", str(file)))
    other = places.for_import()

    assert scoretrail(other, "import", str(file)).code == 2
    done(scoretrail(other, "--as", "administrator", "import", str(file)))

    told = done(scoretrail(other, "verify", "--json", lang="en")).json
    assert told["breaks"] == []
    (note,) = told["notes"]
    assert note["message"].startswith(
        "the entry that it names is not in this ledger: set aside by administrator"
    )


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
@pytest.mark.parametrize("further", [(1,), (1, 1), (1, 1, 2**62, -(2**62))], ids=str)
def test_a_dossier_is_issued_with_what_was_set_aside_and_nothing_can_be_left_off(
    issued: Place, stream: str, further: tuple[int, ...], tmp_path: Path
) -> None:
    made = done(scoretrail(issued, "key", "generate", "office.example/log")).out.split()[-1]
    file = tmp_path / "answer.zip"
    export = ("--as", "bureau-officer", "dossier", "export", CASE, "-o", str(file))
    strays: list[int] = []
    with Store.open(issued.owner) as store:
        kind = last(store, stream)["type"]
        for number, more in enumerate(further):
            version = len(store.stream(stream)) + more
            entry = (garbage, deep)[number % 2](store, stream)
            strays += store.append([NewEntry(stream, version, kind, entry)])
    assert scoretrail(issued, *export).code == 3  # nobody answers for it yet
    for position in strays:
        set_aside(issued, position)
    assert kinds(issued) == []

    done(scoretrail(issued, *export))

    assert kinds(issued) == []
    done(scoretrail(issued, "verify", "--case", CASE))
    done(scoretrail(None, "dossier", "verify", str(file), "--vkey", made))
    assert strangers(file, made).code == 0
    files = unpacked(file.read_bytes())
    held = [one for one in strays if f"entries/{one:012}.json" in files]
    assert len(held) == further.count(1)
    for position in held:
        sound = places_of(files, stream)[-2:][0]
        for gone in (f"{position:012}", sound):
            file.write_bytes(packed(without(files, gone)))
            assert scoretrail(None, "dossier", "verify", str(file), "--vkey", made).code == 3
            assert strangers(file, made).code == 3


def places_of(files: dict[str, bytes], stream: str) -> list[str]:
    """The positions of the entries of a stream that can be read."""
    named = f'"case":"{stream}"'.encode()
    return [name[8:20] for name in sorted(files) if name[:8] == "entries/" and named in files[name]]


def test_an_entry_is_set_aside_once(issued: Place) -> None:
    position = put(issued, CASE, garbage)
    set_aside(issued, position)
    assert "already set aside" in set_aside(issued, position, code=1)


def test_one_case_is_verified_with_what_was_set_aside(issued: Place) -> None:
    position = put(issued, CASE, garbage)
    said = scoretrail(issued, "verify", "--case", CASE, "--json")
    assert [one["kind"] for one in said.json["breaks"]] == ["unreadable"]
    set_aside(issued, position)
    assert done(scoretrail(issued, "verify", "--case", CASE, "--json")).json["breaks"] == []


FOREIGN: Final = {
    "an account in a case": (CASE, "AccountOpened"),
    "a merge in a case": (CASE, "EntriesMerged"),
    "an edition in a case": (CASE, "RubricPublished"),
    "an award in the register": (REGISTER, "ScoreAdjusted"),
    "an edition in the register": (REGISTER, "RubricPublished"),
    "an award in a rubric": (RUBRIC, "ScoreAdjusted"),
    "an account in a rubric": (RUBRIC, "AccountOpened"),
    "something unheard of in the register": (REGISTER, "SomethingElse"),
}


@pytest.mark.parametrize(("stream", "kind"), FOREIGN.values(), ids=FOREIGN)
def test_the_database_lets_no_event_into_a_stream_of_another_kind(
    issued: Place, stream: str, kind: str
) -> None:
    before = record(issued)
    with Store.open(issued.owner) as store:
        version = len(store.stream(stream)) + 1
        new = NewEntry(stream, version, kind, b"{}")
        for write in (store.append, store.append_unsealed, store.append_all):
            with pytest.raises(StoreError):
                write([new])
    assert record(issued) == before


def test_the_database_knows_every_event_of_the_register_and_of_rubrics() -> None:
    guard = import_module("migrations.versions.0019_less_for_an_append")
    assert set(guard.OF_THE_REGISTER) == {one.__name__ for one in get_args(RegisterEvent)}
    assert set(guard.OF_A_RUBRIC) == {one.__name__ for one in get_args(RubricEvent)}


# Behind a gap -------------------------------------------------------------------------------------


def put_behind_a_gap(ledger: Place, stream: str, stray: Stray, further: int) -> int:
    """Write bytes past the program at a version further on; their place in the log."""
    with Store.open(ledger.owner) as store:
        kind = last(store, stream)["type"]
        version = len(store.stream(stream)) + further
        (position,) = store.append([NewEntry(stream, version, kind, stray(store, stream))])
    return position


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
@pytest.mark.parametrize("further", [2, 2**62, -(2**62)])
def test_what_is_no_entry_and_stands_outside_of_the_versions_hinders_nobody(
    issued: Place, stream: str, further: int
) -> None:
    before = done(scoretrail(issued, "score", CASE, "--json")).json
    position = put_behind_a_gap(issued, stream, garbage, further)

    shown = done(scoretrail(issued, "score", CASE, "--json")).json
    assert {**shown, "verified": "L0"} == before
    assert kinds(issued) == ["unreadable"]
    for number in range(1, 4):  # until they have come to it, where it is not far on
        act(issued, number)
    assert set(kinds(issued)) == {"unreadable"}
    set_aside(issued, position)
    act(issued, 4)

    told = done(scoretrail(issued, "verify", "--json")).json
    assert [one["where"].split()[0] for one in told["notes"]] == [f"#{position}"]
    done(scoretrail(issued, "verify", "--case", CASE))
    shown = done(scoretrail(issued, "score", CASE, "--json"))
    assert (shown.json["verified"], shown.err) == ("L0", "")
    done(scoretrail(issued, "portfolio", "scores"))


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_what_says_that_it_stands_behind_a_gap_waits_to_be_set_aside(
    issued: Place, stream: str
) -> None:
    """Where entries before it were deleted, it would be sound."""

    def further_on(store: Store, stream: str) -> bytes:
        entry = next_of(store, stream)
        return canonical(entry | {"version": entry["version"] + 4})

    before = done(scoretrail(issued, "score", CASE, "--json")).json
    position = put_behind_a_gap(issued, stream, further_on, 5)
    assert "gap" in kinds(issued)
    if stream != REGISTER:
        assert scoretrail(issued, "score", CASE).code == 3
    opening = ("account", "open", "newcomer", "--organisation", "archive")
    said = scoretrail(issued, "--as", "administrator", *opening, lang="en")
    if stream == REGISTER:
        assert said.code == 3
        assert f"scoretrail entry set-aside {position}" in said.err

    set_aside(issued, position)

    assert kinds(issued) == []
    assert done(scoretrail(issued, "score", CASE, "--json")).json == before
    act(issued)
    assert kinds(issued) == []
