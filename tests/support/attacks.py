"""Attacks on a ledger and on a dossier, and what each of them shows: the one source of them.

The damage suite carries all of them out on both databases, and the kit of damaged ledgers and
dossiers is made of them (`damaged_kit.py`). docs/trust.md says the same in words.
"""

import json
import re
from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import ValidationError

from ledger.account_registry import RegisterOverTime
from ledger.checks import every_stream
from ledger.codec import UnreadableEntry, canonical, read
from ledger.envelope import REGISTER
from ledger.log.tree import CompactRange, leaf_hash
from ledger.store import NewEntry, Store
from ledger.values import Invalid
from tests.support.houses import House
from tests.support.places import administrator
from tests.support.postgres import Raw, is_postgres, raw
from tests.support.small_dossier import in_order
from tests.support.terminal import CASE

KEY: Final = re.compile(rb'("command":{"id":"[^"]*","sha256":")[0-9a-f]{64}')
ADJUSTED: Final = "type = 'ScoreAdjusted'"


class Attack(NamedTuple):
    """Damage that somebody with all rights to the database does to a ledger.

    Attributes:
        do: the damage.
        alone: kinds of breaks that `verify` finds with the public key and nothing else.
        held: with the newest checkpoint from before, too.
        finding: the one of them that names what was done.
    """

    do: Callable[[House], object]
    alone: frozenset[str]
    held: frozenset[str]
    finding: str


# The hands of whoever does it ---------------------------------------------------------------------


def an_award(connection: Raw) -> tuple[int, bytes]:
    """The id and the entry of the last score that was adjusted."""
    return last_of(connection, "ScoreAdjusted")


def reworded(entry: bytes) -> bytes:
    """The same entry with other words, canonical and readable."""
    changed = re.sub(rb'"justification":"', b'"justification":"\xe6\x94\xb9', entry, count=1)
    assert changed != entry
    return changed


def renumbered(entry: bytes) -> bytes:
    """The same entry as if it came from a command of its own."""
    changed = re.sub(rb'"id":"[0-9a-f]{32}"', b'"id":"' + b"f" * 32 + b'"', entry, count=1)
    assert changed != entry
    return changed


def last_of(connection: Raw, kind: str) -> tuple[int, bytes]:
    """The id and the entry of the last event of a kind."""
    found: tuple[int, bytes] = connection.execute(
        "SELECT id, entry FROM events WHERE type = ? ORDER BY id DESC LIMIT 1", (kind,)
    ).fetchone()
    return found


def edit(house: House) -> str:
    """Edit an award; the fact that is affected."""
    with administrator(house.ledger) as connection:
        key, entry = an_award(connection)
        connection.execute("UPDATE events SET entry = ? WHERE id = ?", (reworded(entry), key))
    found = re.search(rb'"indicator":"([^"]+)"', entry)
    assert found
    return f"the award of {found[1].decode()} in {CASE}"


def redigested(acts: list[bytes]) -> list[bytes]:
    """The entries of one act with the digest of what they now say it asked for."""
    try:
        recorded = [read(entry) for entry in acts]
        nobody = RegisterOverTime(())
        if recorded[0].command.id == "init" or not any(every_stream.of_keys(recorded, nobody)):
            return acts
        digest = every_stream.digest_of(recorded)
    except (UnreadableEntry, ValidationError, Invalid, KeyError):
        return acts
    return [KEY.sub(rb"\g<1>" + digest.encode(), entry, count=1) for entry in acts]


def with_digests(
    rows: list[tuple[int, str, int, str, bytes]],
) -> list[tuple[int, str, int, str, bytes]]:
    """The same rows with the digests of commands that fit what their events now say."""
    fitting: dict[int, bytes] = {}
    for case in {row[1] for row in rows}:
        stream = [row for row in rows if row[1] == case]
        for _, group in groupby(
            stream, key=lambda row: re.findall(rb'"id":"([^"]*)","sha', row[4])
        ):
            acts = list(group)
            for row, entry in zip(acts, redigested([row[4] for row in acts]), strict=True):
                fitting[row[0]] = entry
    return [(*row[:4], fitting[row[0]]) for row in rows]


def set_numbers_back(house: House) -> None:
    """Let SQLite count on from the last event that is there; PostgreSQL leaves gaps by itself."""
    if not is_postgres(house.ledger.owner):
        with administrator(house.ledger) as connection:
            ((last,),) = connection.execute("SELECT coalesce(max(id), 0) FROM events").fetchall()
            connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'events'", (last,))
            connection.execute("UPDATE log_state SET horizon = min(horizon, ?)", (last,))


def recompute(house: House, *, checkpoints: bool = False) -> None:
    """Make every link, leaf, tile and the state of the log fit what the events now say.

    Args:
        house: whose ledger it is.
        checkpoints: forget the checkpoints that the log kept.
    """
    with administrator(house.ledger) as connection:
        rows: list[tuple[int, str, int, str, bytes]] = connection.execute(
            "SELECT id, case_id, version, type, entry FROM events ORDER BY id"
        ).fetchall()
        for table in ("leaves", "tiles", "events", "snapshots"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
        connection.execute(
            "UPDATE log_state SET size = 0, frontier = ?, horizon = 0", (bytes(CompactRange()),)
        )
        if checkpoints:
            connection.execute("DELETE FROM checkpoints")
        last: dict[str, tuple[int, str]] = {}
        rows = with_digests(rows)
        for number, (_, case, _, kind, entry) in enumerate(rows, 1):
            version, prev = last.get(case, (0, ""))
            fitting = re.sub(rb'"prev":"[0-9a-f]*"', f'"prev":"{prev}"'.encode(), entry)
            fitting = re.sub(rb'"version":\d+}\Z', f'"version":{version + 1}}}'.encode(), fitting)
            last[case] = (version + 1, leaf_hash(fitting).hex())
            connection.execute(
                "INSERT INTO events (id, case_id, version, type, entry) VALUES (?, ?, ?, ?, ?)",
                (number, case, version + 1, kind, fitting),
            )
    set_numbers_back(house)
    with Store.open(house.ledger.owner) as store:
        store.seal(thorough=True)


def mend_cover(connection: Raw, more: int) -> None:
    """Let the dossier cover as many events as there are now before it, and its author see them."""
    key, entry = last_of(connection, "DossierIssued")
    mended = entry
    for name in (b"covers", b"seen"):
        mended = re.sub(
            rb'"%s":(\d+)' % name,
            lambda found: found[0].replace(found[1], b"%d" % (int(found[1]) + more)),
            mended,
        )
    connection.execute("UPDATE events SET entry = ? WHERE id = ?", (mended, key))


def cut(house: House) -> None:
    """Delete what came after the old checkpoint, all but ten entries."""
    with administrator(house.ledger) as connection:
        (_, size, *_) = house.old.read_text().split("\n")
        connection.execute(
            "DELETE FROM events WHERE id IN (SELECT event_id FROM leaves WHERE position >= ?)",
            (int(size) + 10,),
        )


def spoil(house: House, stream: str) -> None:
    """Change the first event of a stream, so that it is still one."""
    with administrator(house.ledger) as connection:
        key, entry = connection.execute(
            "SELECT id, entry FROM events WHERE case_id LIKE ? ORDER BY id", (stream,)
        ).fetchone()
        other = re.sub(rb'"dated":"2024', b'"dated":"2023', entry)
        assert other != entry
        connection.execute("UPDATE events SET entry = ? WHERE id = ?", (other, key))


def append(connection: Raw, kind: str = "ScoreAdjusted", cites: str = "a" * 64) -> None:
    """Add an event with an old date to the case, linked as it should be."""
    (version, entry) = connection.execute(
        "SELECT version, entry FROM events WHERE case_id = ? ORDER BY version DESC", (CASE,)
    ).fetchone()
    _, again = last_of(connection, kind)
    new = re.sub(rb'"sha256":"[0-9a-f]{64}"', f'"sha256":"{cites}"'.encode(), renumbered(again))
    new = re.sub(rb'"prev":"[0-9a-f]*"', f'"prev":"{leaf_hash(entry).hex()}"'.encode(), new)
    new = re.sub(rb'"version":\d+}\Z', f'"version":{version + 1}}}'.encode(), new)
    (new,) = redigested([new])
    connection.execute(
        "INSERT INTO events (case_id, version, type, entry) VALUES (?, ?, ?, ?)",
        (CASE, version + 1, kind, new),
    )


def insert_between(connection: Raw, key: int, entry: bytes) -> None:
    """Put a copy of an event right after it, as if it had happened twice."""
    ((kind,),) = connection.execute("SELECT type FROM events WHERE id = ?", (key,)).fetchall()
    (last,) = connection.execute("SELECT max(id) FROM events").fetchone()
    for one in range(last, key, -1):
        connection.execute(
            "UPDATE events SET id = ?, version = version + 10000 WHERE id = ?", (one + 1, one)
        )
    connection.execute(
        "INSERT INTO events (id, case_id, version, type, entry) VALUES (?, ?, 10000, ?, ?)",
        (key + 1, CASE, kind, renumbered(entry)),
    )


def backup(house: House) -> None:
    """Restore what the ledger was at the old checkpoint."""
    with administrator(house.ledger) as connection:
        (_, size, *_) = house.old.read_text().split("\n")
        connection.execute(
            "DELETE FROM events WHERE id IN (SELECT event_id FROM leaves WHERE position >= ?)",
            (int(size),),
        )
        connection.execute("DELETE FROM checkpoints WHERE size > ?", (int(size),))
    recompute(house)


# Ledgers ------------------------------------------------------------------------------------------


def edit_form(house: House) -> None:
    """Space out an entry whose words stay, and make all else fit."""
    with administrator(house.ledger) as connection:
        key, entry = an_award(connection)
        spaced = entry.replace(b'"data":', b'"data": ')
        connection.execute("UPDATE events SET entry = ? WHERE id = ?", (spaced, key))
    recompute(house, checkpoints=True)


def misfile(house: House) -> None:
    """Change the column beside an entry that says what it is."""
    with administrator(house.ledger) as connection:
        key, _ = an_award(connection)
        connection.execute("UPDATE events SET type = 'ScoreConfirmed' WHERE id = ?", (key,))


def edit_with_leaf(house: House) -> None:
    """Edit an event, and its leaf with it."""
    edit(house)
    with administrator(house.ledger) as connection:
        key, entry = an_award(connection)
        connection.execute("UPDATE leaves SET hash = ? WHERE event_id = ?", (leaf_hash(entry), key))


def edit_and_recompute(house: House) -> None:
    """Edit an event and make all else fit, but for the checkpoints that the log kept."""
    edit(house)
    recompute(house)


def edit_and_recompute_all(house: House) -> None:
    """The same, and the checkpoints that the log kept are gone."""
    edit(house)
    recompute(house, checkpoints=True)


def edit_award(house: House) -> None:
    """Change a score and make all else fit: the issued total no longer does."""
    with administrator(house.ledger) as connection:
        key, entry = an_award(connection)
        changed = re.sub(rb'"award":"1.00"', b'"award":"1.50"', entry)
        assert changed != entry
        connection.execute("UPDATE events SET entry = ? WHERE id = ?", (changed, key))
    recompute(house, checkpoints=True)


def edit_frontier(house: House) -> None:
    """Change the state of the log."""
    with administrator(house.ledger) as connection:
        (frontier,) = connection.execute("SELECT frontier FROM log_state").fetchone()
        changed = frontier[:-1] + bytes([frontier[-1] ^ 1])
        connection.execute("UPDATE log_state SET frontier = ?", (changed,))


def blank_tiles(house: House) -> None:
    """Write zeros into the tiles."""
    with administrator(house.ledger) as connection:
        connection.execute("UPDATE tiles SET data = ?, root = ?", (bytes(8192), bytes(32)))


def edit_checkpoint(house: House) -> None:
    """Change the root in a checkpoint that the log kept."""
    with administrator(house.ledger) as connection:
        ((note,),) = connection.execute(
            "SELECT note FROM checkpoints ORDER BY size LIMIT 1"
        ).fetchall()
        name, size, root, *rest = note.split(b"\n")
        other = b"\n".join([name, size, b"A" + root[1:] if root[:1] != b"A" else root, *rest])
        connection.execute("UPDATE checkpoints SET note = ? WHERE note = ?", (other, note))


def exchange_signature(house: House) -> None:
    """Put the signature of one kept checkpoint below another one."""
    with administrator(house.ledger) as connection:
        notes = connection.execute("SELECT note FROM checkpoints ORDER BY size").fetchall()
        signature = notes[1][0].rpartition(b"\n\n")[2]
        text = notes[0][0].rpartition(b"\n\n")[0]
        connection.execute(
            "UPDATE checkpoints SET note = ? WHERE note = ?",
            (text + b"\n\n" + signature, notes[0][0]),
        )


def blank_checkpoints(house: House) -> None:
    """Make the checkpoints that the log kept unreadable."""
    with administrator(house.ledger) as connection:
        connection.execute("UPDATE checkpoints SET note = ?", (b"\0",))


def delete_tail(house: House) -> None:
    """Delete the last events and their leaves."""
    with administrator(house.ledger) as connection:
        connection.execute("DELETE FROM leaves WHERE position >= 300")
        connection.execute("DELETE FROM events WHERE id NOT IN (SELECT event_id FROM leaves)")
    set_numbers_back(house)


def cut_and_recompute(house: House) -> None:
    """Delete the last events and make all else fit, but for the checkpoints that the log kept."""
    cut(house)
    recompute(house)


def cut_and_recompute_all(house: House) -> None:
    """The same, and the checkpoints that the log kept are gone."""
    cut(house)
    recompute(house, checkpoints=True)


def delete_one(house: House) -> None:
    """Delete an event from the middle."""
    with administrator(house.ledger) as connection:
        key, _ = an_award(connection)
        connection.execute("DELETE FROM events WHERE id = ?", (key,))


def delete_one_with_leaf(house: House) -> None:
    """Delete an event from the middle, and its leaf."""
    with administrator(house.ledger) as connection:
        key, _ = an_award(connection)
        connection.execute("DELETE FROM events WHERE id = ?", (key,))
        connection.execute("DELETE FROM leaves WHERE event_id = ?", (key,))


def delete_ground_of_others(house: House) -> None:
    """Delete an event that others stand on, and make all else fit."""
    delete_one(house)
    with administrator(house.ledger) as connection:
        mend_cover(connection, -1)
    recompute(house, checkpoints=True)


def swap_entries(house: House) -> None:
    """Exchange what two events of the case say."""
    with administrator(house.ledger) as connection:
        two = (CASE, 50, 51)
        pair = connection.execute(
            "SELECT id, entry FROM events WHERE case_id = ? AND version IN (?, ?)", two
        ).fetchall()
        for (key, _), (_, entry) in zip(pair, reversed(pair), strict=True):
            connection.execute("UPDATE events SET entry = ? WHERE id = ?", (entry, key))


def swap_positions(house: House) -> None:
    """Exchange the places of two events in the log."""
    with administrator(house.ledger) as connection:
        for old, new in ((50, 9999), (51, 50), (9999, 51)):
            connection.execute("UPDATE leaves SET position = ? WHERE position = ?", (new, old))


def insert_restatement(house: House) -> None:
    """Put an event in between that the rules would have let pass, and make all else fit."""
    with administrator(house.ledger) as connection:
        insert_between(connection, *last_of(connection, "FigureRestated"))
        mend_cover(connection, +1)
    recompute(house, checkpoints=True)


def insert_award(house: House) -> None:
    """Put an event in between that the rules would have refused, and make all else fit."""
    with administrator(house.ledger) as connection:
        key, entry = an_award(connection)
        insert_between(connection, key, reworded(entry))
        mend_cover(connection, +1)
    recompute(house, checkpoints=True)


def _put(house: House, entry: Callable[[bytes], bytes]) -> None:
    """Append bytes to the case, made of its last entry, and have them sealed."""
    with Store.open(house.ledger.owner) as store:
        entries = store.stream(CASE)
        new = entry(entries[-1][1])
        store.append([NewEntry(CASE, len(entries) + 1, "ScoreAdjusted", new)])


def put_garbage(house: House) -> None:
    """Put bytes that are no entry at the next version of the case."""
    _put(house, lambda _: b"\xff\x00 garbage")


def put_foreign(house: House) -> None:
    """Put the first entry of the register at the next version of the case."""
    with Store.open(house.ledger.owner) as store:
        ((_, first),) = store.stream(REGISTER, 1)
    _put(house, lambda _: first)


def put_unlinked(house: House) -> None:
    """Put an entry there that does not name the one before it."""

    def unlinked(last: bytes) -> bytes:
        entry = json.loads(last)
        return canonical(entry | {"prev": "0" * 64, "version": entry["version"] + 1})

    _put(house, unlinked)


def write_past_the_program(house: House) -> None:
    """Add a row that nobody has sealed."""
    with administrator(house.ledger) as connection:
        append(connection)


def in_file(connection: Raw, table: str, key: str, columns: tuple[str, ...], hidden: str) -> None:
    """Put an index without some rows in the place of the one that readers of a table use."""
    typed = ", ".join(f"{one} {'TEXT' if one == 'case_id' else 'INTEGER'}" for one in columns)
    names = ", ".join(columns)
    connection.execute(
        f"CREATE TABLE shadow (id INTEGER PRIMARY KEY, {typed}, UNIQUE ({names})) STRICT"
    )
    connection.execute(
        f"INSERT INTO shadow SELECT {key}, {names} FROM {table} WHERE NOT ({hidden})"  # noqa: S608 - constants
    )
    connection.execute("PRAGMA writable_schema = ON")
    roots = [
        connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (f"sqlite_autoindex_{one}_1",)
        ).fetchone()[0]
        for one in (table, "shadow")
    ]
    for name, root in zip((table, "shadow"), reversed(roots), strict=True):
        connection.execute(
            "UPDATE sqlite_master SET rootpage = ? WHERE name = ?",
            (root, f"sqlite_autoindex_{name}_1"),
        )


def on_server(connection: Raw, table: str, index: str, columns: str, hidden: str) -> None:
    """The same, as a superuser can."""
    connection.execute(f"CREATE UNIQUE INDEX shadow ON {table} ({columns}) WHERE NOT ({hidden})")
    connection.execute(
        "UPDATE pg_class AS one SET relfilenode = other.relfilenode FROM pg_class AS other"
        " WHERE (one.relname, other.relname) IN ((?, ?), (?, ?))",
        ("shadow", index, index, "shadow"),
    )
    connection.execute("DROP INDEX shadow")


def hide(house: House, what: str) -> None:
    """Change what readers are led by: to the events of a case, or to the places of events."""
    with raw(house.ledger.owner) as connection:
        last = f"case_id = '{CASE}' AND version >= 300"
        if is_postgres(house.ledger.owner):
            if what == "events":
                name = "events_one_of_each_version"
                on_server(connection, "events", name, "case_id, version", last)
            else:
                name = "leaves_one_for_each_event"
                on_server(connection, "leaves", name, "event_id", "event_id >= 300")
        elif what == "events":
            in_file(connection, "events", "id", ("case_id", "version"), last)
        else:
            in_file(connection, "leaves", "position", ("event_id",), "event_id >= 300")


def hide_events(house: House) -> None:
    """Exchange the index that readers of a case use for one without some rows."""
    hide(house, "events")


def drop_guard(house: House) -> None:
    """Drop a trigger that keeps events from being changed."""
    with raw(house.ledger.owner) as connection:
        on = " ON events" if is_postgres(house.ledger.owner) else ""
        name = "events_refuse" if on else "events_refuse_update"
        connection.execute(f"DROP TRIGGER {name}{on}")


def occupy_position(house: House) -> None:
    """Give the next place of the log to no event, which stops whoever writes."""
    with raw(house.ledger.owner) as connection:
        connection.execute(
            "INSERT INTO leaves (position, event_id, hash)"
            " SELECT max(position) + 1, 999999, ? FROM leaves",
            (bytes(32),),
        )


def plant_tile(house: House) -> None:
    """Write a tile where the log will have one later, so that nobody can append beyond."""
    with administrator(house.ledger) as connection:
        connection.execute(
            "INSERT INTO tiles (level, number, root, data) VALUES (0, 7, ?, ?)",
            (bytes(32), bytes(8192)),
        )


def renumber_checkpoint(house: House) -> None:
    """Change the columns beside a checkpoint that the log kept."""
    with administrator(house.ledger) as connection:
        connection.execute("UPDATE checkpoints SET size = -size")


def change_root_of_checkpoint(house: House) -> None:
    """Change the root beside a checkpoint that the log kept, and not the checkpoint."""
    with administrator(house.ledger) as connection:
        connection.execute("UPDATE checkpoints SET root = ?", (bytes(32),))


def plant_cosignature(house: House) -> None:
    """Write a line below a checkpoint that there will be later, so that it could not be read."""
    with administrator(house.ledger) as connection:
        connection.execute("INSERT INTO cosignatures VALUES (999, 'nothing')")


def _shows(do: Callable[[House], object], finding: str, alone: str, held: str) -> Attack:
    return Attack(do, frozenset(alone.split()), frozenset(held.split()), finding)


_CUT_OUT: Final = "gap order root truncated"

ON_LEDGERS: Final = tuple(
    _shows(*one)
    for one in (
        # what is done, the finding, what shows alone, what shows with a checkpoint held
        (edit, "leaf", "leaf chain root", "leaf chain root fork"),
        (edit_form, "unreadable", "unreadable", "unreadable fork"),
        (misfile, "misfiled", "misfiled", "misfiled"),
        (edit_with_leaf, "chain", "chain root", "chain root fork"),
        (edit_and_recompute, "root", "root", "root fork"),
        (edit_and_recompute_all, "fork", "", "fork"),
        (edit_award, "rules", "rules", "rules fork"),
        (edit_frontier, "root", "root", "root"),
        (blank_tiles, "tile", "tile", "tile"),
        (edit_checkpoint, "root", "root misfiled", "root misfiled"),
        (exchange_signature, "signature", "signature", "signature"),
        (blank_checkpoints, "unreadable", "unreadable", "unreadable"),
        (delete_tail, "truncated", "root truncated", "root truncated rollback"),
        (cut_and_recompute, "truncated", "truncated", "truncated rollback"),
        (cut_and_recompute_all, "rollback", "", "rollback"),
        (delete_one, "gap", _CUT_OUT, f"{_CUT_OUT} rollback"),
        (delete_one_with_leaf, "order", _CUT_OUT, f"{_CUT_OUT} rollback"),
        (delete_ground_of_others, "drift", "drift rules", "drift rules rollback"),
        (swap_entries, "misfiled", "misfiled leaf chain root", "misfiled leaf chain root fork"),
        (swap_positions, "root", "root", "root fork"),
        (insert_restatement, "fork", "", "fork"),
        (insert_award, "rules", "drift rules", "drift rules fork"),
        (write_past_the_program, "unsealed", "unsealed", "unsealed"),
        (put_garbage, "unreadable", "unreadable", "unreadable"),
        (put_foreign, "misfiled", "misfiled chain", "misfiled chain"),
        (put_unlinked, "chain", "misfiled chain", "misfiled chain"),
        (backup, "rollback", "", "rollback"),
        (hide_events, "reads", "reads database", "reads database"),
        (drop_guard, "structure", "structure", "structure"),
        (occupy_position, "order", "order", "order"),
        (plant_tile, "database", "database", "database"),
        (renumber_checkpoint, "misfiled", "misfiled", "misfiled"),
        (change_root_of_checkpoint, "misfiled", "misfiled", "misfiled"),
        (plant_cosignature, "database", "database", "database"),
    )
)


BY_ROLES: Final = (
    "UPDATE events SET entry = ''",
    "DELETE FROM events",
    "TRUNCATE events",
    "DELETE FROM leaves",
    "UPDATE leaves SET position = 5",
    "DELETE FROM checkpoints",
    "DELETE FROM log_state",
    "DROP TABLE leaves",
    "ALTER TABLE events DISABLE TRIGGER ALL",
    "DROP TRIGGER events_refuse ON events",
    "DROP FUNCTION events_refuse()",
    "INSERT INTO events (case_id, version, type, entry) VALUES ('a', 1, 'T', '')",
    "INSERT INTO leaves VALUES (0, 1, sha256(''))",
    "INSERT INTO tiles VALUES (0, 0, sha256(''), '')",
    "INSERT INTO checkpoints VALUES (0, sha256(''), '', '')",
    "INSERT INTO cosignatures VALUES (0, '')",
    "INSERT INTO database_roles VALUES ('me', 'administrator', 'database-role')",
    "UPDATE database_roles SET account = 'administrator', through = 'database-role'",
    "UPDATE log_state SET size = size + 1",
    "SELECT * FROM events FOR UPDATE",
    "BEGIN; LOCK TABLE events IN SHARE MODE",
    "BEGIN; LOCK TABLE events IN ROW EXCLUSIVE MODE",
    "BEGIN; LOCK TABLE log_state IN SHARE UPDATE EXCLUSIVE MODE",
    "BEGIN; LOCK TABLE scoretrail_schema IN SHARE UPDATE EXCLUSIVE MODE",
    "SELECT store(ARRAY['a'], ARRAY[1::bigint], ARRAY['T'], ARRAY[''::bytea])",
    "SELECT place(log_state, ARRAY[1::bigint], ARRAY[sha256('')]) FROM log_state",
    "SELECT keep_tile(0, 0, sha256(''))",
    "SELECT setval('events_id_seq', 1)",
    "SELECT keep_checkpoint(-1, sha256(''), '', '')",
    "SELECT keep_checkpoint(0, sha256('x'), ''::bytea, '')",
    (
        "SELECT keep_checkpoint(9, sha256(''),"
        r" convert_to(E'x\n9\n' || encode(sha256(''), 'base64'), 'UTF8'), '')"
    ),
    (
        "SELECT keep_checkpoint(1, sha256(''),"
        r" convert_to(E'x\n1\n' || encode(sha256(''), 'base64'), 'UTF8'), '')"
    ),
    "SELECT keep_checkpoint(NULL, NULL, NULL, NULL)",
    "SELECT keep_cosignature(0, '— a/b AAAAAAAAAAAA')",
    "SELECT keep_cosignature(NULL, NULL)",
    "SELECT keep_stamp(sha256(''), '', 'x')",
    "SELECT append(ARRAY['a'], ARRAY[-1::bigint], ARRAY['T'], ARRAY[''::bytea])",
    "CREATE TABLE projections.scores (case_id text)",
    (
        "CREATE FUNCTION projections.more() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NEW; END $$"
    ),
    "CREATE TEMPORARY TABLE events (id bigint)",
    "UPDATE scoretrail_schema SET version_num = '9999'",
    "CREATE TABLE public.events_too (id integer)",
    "SET session_replication_role = replica",
)
"""What a role that a server has admitted tries to do to the record, and cannot."""

ODD: Final = (
    "append(ARRAY['a', NULL], ARRAY[1::bigint, NULL], ARRAY['T', NULL], ARRAY[''::bytea, NULL])",
    "append(ARRAY['a'], ARRAY[1::bigint], ARRAY['T'], ARRAY[''::bytea, ''])",
    "append(ARRAY['a', 'b'], ARRAY[1::bigint], ARRAY['T'], ARRAY[''::bytea])",
    "append(ARRAY[repeat('a', 1000000)], ARRAY[1::bigint], ARRAY['T'], ARRAY[''::bytea])",
    "append(ARRAY['a'], ARRAY[1::bigint], ARRAY['T'], ARRAY[repeat('x', 65536)::bytea])",
    "append(ARRAY['a', 'a'], ARRAY[1::bigint, 1], ARRAY['T', 'T'], ARRAY[''::bytea, ''])",
    "append(1, 2, 3, 4)",
    "append_and_seal(NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
    "append_and_seal('{}', '{}', '{}', '{}', 0, NULL, NULL)",
    "seal_last(-1)",
    "seal_last(NULL)",
    "seal_last(0)",
    "seal(true, -1)",
    "keep_stamp(NULL, NULL, NULL)",
)
"""What is handed to the functions of the owner that they cannot be meant for."""


# Dossiers -----------------------------------------------------------------------------------------

Files = dict[str, bytes]
"""The members of a dossier by their names."""


def places(files: Files, case: str = CASE) -> list[str]:
    """The positions of a case's entries, as the names of the members have them."""
    return [
        name[8:20]
        for name in sorted(files)
        if name.startswith("entries/") and json.loads(files[name])["case"] == case
    ]


def without(files: Files, place: str) -> Files:
    gone = {f"entries/{place}.json", f"proofs/{place}.tlog-proof"}
    return {name: content for name, content in files.items() if name not in gone}


def altered_entry(files: Files) -> Files:
    """An entry with another award."""
    name = next(name for name in files if b'"type":"ScoreAdjusted"' in files[name])
    return {**files, name: files[name].replace(b'"award":"', b'"award":"1', 1)}


def dropped_first(files: Files) -> Files:
    """Without the first entry of the case."""
    return without(files, places(files)[0])


def dropped_middle(files: Files) -> Files:
    """Without an entry in the middle of the case."""
    return without(files, places(files)[100])


def dropped_last(files: Files) -> Files:
    """Without the last entry of the case."""
    return without(files, places(files)[-1])


def dropped_entry_without_its_proof(files: Files) -> Files:
    """Without the last entry of the case, whose proof is still there."""
    return {n: c for n, c in files.items() if n != f"entries/{places(files)[-1]}.json"}


def kept_proof_of_nothing(files: Files) -> Files:
    """With a proof of an entry that is not there."""
    proof = files[f"proofs/{places(files)[3]}.tlog-proof"]
    return in_order({**files, "proofs/000000009999.tlog-proof": proof})


def swapped(files: Files) -> Files:
    """Two entries of the case exchanged."""
    one, other = (f"entries/{place}.json" for place in places(files)[50:52])
    return {**files, one: files[other], other: files[one]}


def swapped_with_their_proofs(files: Files) -> Files:
    """Two entries of the case exchanged, and their proofs."""
    one, other = (f"proofs/{place}.tlog-proof" for place in places(files)[50:52])
    return {**swapped(files), one: files[other], other: files[one]}


def duplicated(files: Files) -> Files:
    """An entry a second time, in the place of another one."""
    place, beyond = places(files)[50], f"{int(places(files)[-1]) - 1:012}"
    again = {
        f"entries/{beyond}.json": files[f"entries/{place}.json"],
        f"proofs/{beyond}.tlog-proof": files[f"proofs/{place}.tlog-proof"],
    }
    return {**files, **again}


def changed_proof(files: Files) -> Files:
    """A proof with a hash exchanged."""
    name = f"proofs/{places(files)[7]}.tlog-proof"
    lines = files[name].split(b"\n")
    lines[2] = lines[3]
    return {**files, name: b"\n".join(lines)}


def proof_of_another_checkpoint(files: Files) -> Files:
    """A proof that bears another checkpoint."""
    name = f"proofs/{places(files)[7]}.tlog-proof"
    return {**files, name: files[name].replace(b"log1\n", b"log2\n", 1)}


def missing_enclosure(files: Files) -> Files:
    """Without an enclosure."""
    return {n: c for n, c in files.items() if n != "enclosures/score-sheet.json"}


def extra_enclosure(files: Files) -> Files:
    """With an enclosure that nobody enclosed."""
    return in_order({**files, "enclosures/also.txt": b"also"})


def altered_enclosure(files: Files) -> Files:
    """An enclosure with other content."""
    return {**files, "enclosures/readme.txt": files["enclosures/readme.txt"] + b"."}


def extra_member(files: Files) -> Files:
    """With a file that is no part of a dossier."""
    return {**files, "minutes.txt": b"not part of it"}


def missing_checkpoint(files: Files) -> Files:
    """Without the checkpoint."""
    return {name: content for name, content in files.items() if name != "checkpoint"}


def another_rubric(files: Files) -> Files:
    """Without the stream of the rubric that the case pins."""
    rubric = json.loads(next(files[name] for name in files if b"RubricPublished" in files[name]))
    for place in places(files, rubric["case"]):
        files = without(files, place)
    return files


ON_DOSSIERS: Final[Mapping[Callable[[Files], Files], str]] = {
    altered_entry: "leads to another root",
    dropped_first: "does not follow the one before",
    dropped_middle: "does not follow the one before",
    dropped_last: "incomplete",
    dropped_entry_without_its_proof: "do not match in number",
    kept_proof_of_nothing: "do not match in number",
    swapped: "leads to another root",
    swapped_with_their_proofs: "the proof at",
    duplicated: "the proof at",
    changed_proof: "leads to another root",
    proof_of_another_checkpoint: "has another checkpoint",
    missing_enclosure: "the enclosure score-sheet.json is missing",
    extra_enclosure: "the enclosure also.txt is missing, extra",
    altered_enclosure: "the enclosure readme.txt is missing, extra or altered",
    extra_member: "does not belong there",
    missing_checkpoint: "there is no checkpoint",
    another_rubric: "incomplete",
}
"""What is done to the members, and what the program says of it, in a part."""


# What is published -------------------------------------------------------------------------------


def _first(folder: Path) -> Path:
    return min(one for one in folder.rglob("*") if one.is_file())


def _flip(file: Path) -> None:
    flipped = bytearray(file.read_bytes())
    flipped[len(flipped) // 2] ^= 4
    file.chmod(0o644)
    file.write_bytes(flipped)


def flipped_tile(folder: Path) -> None:
    """A tile of hashes with a bit changed."""
    _flip(_first(folder / "tile" / "0"))


def flipped_entry(folder: Path) -> None:
    """A bundle of entries with a bit changed."""
    _flip(_first(folder / "tile" / "entries"))


def flipped_checkpoint(folder: Path) -> None:
    """The checkpoint with a bit changed."""
    _flip(folder / "checkpoint")


def missing_tile(folder: Path) -> None:
    """Without a tile of hashes."""
    _first(folder / "tile" / "0").unlink()


ON_PUBLISHED: Final[Mapping[Callable[[Path], None], str]] = {
    flipped_tile: "NOT VERIFIED",
    flipped_entry: "NOT VERIFIED",
    flipped_checkpoint: "NOT VERIFIED",
    missing_tile: "NOT VERIFIED",
}
"""What is done to a published folder, and what tools/goverify says of it, in a part."""
