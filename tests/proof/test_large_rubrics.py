"""A rubric that no entry can hold: published in parts, it scores, travels and is verified whole.

Five hundred rows with long standards go from the file to a dossier that a stranger verifies; then
parts are left out, swapped, cut, doubled and taken from elsewhere, by a log that signs it all.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
from msgspec.structs import replace

from ledger.account_registry import RegisterOverTime
from ledger.checks.every_stream import Violation, of_rubric
from ledger.codec import ENTRY_MAX, canonical, decode
from ledger.commands import (
    Command,
    CommandEnvelope,
    IssueDossier,
    OpenCase,
    PinRubric,
    PublishRubric,
)
from ledger.dossier import parse, verify
from ledger.editions import Editions, evolve_editions
from ledger.envelope import REGISTER
from ledger.events import Enclosure, RubricPublished
from ledger.ledger import Ledger
from ledger.log.tree import ProofError, leaf_hash
from ledger.rubric import SOURCE_MAX, diagnose, digest
from ledger.rubric_parts import TEXT_MAX, cut, files, joined, publications
from tests.support import small_dossier
from tests.support.places import Places
from tests.support.small_dossier import KEY, README, packed
from tests.support.specification import DAY, Memory, founded, moment
from tests.support.stranger import strangers
from tests.support.strangers_in_go import Verifier
from tests.support.terminal import done, entries, scoretrail

ROWS: Final = 500
LONG: Final = "按评分标准逐项核对，佐证齐全、数据口径一致的得满分；缺一项按比例扣分。" * 6
HEAD: Final = """\
id = "large"
edition = "2024"
title = "五百行的指标体系"
scale = 2
full = "1000"
cap = "1000"
source = "示例"
band = []

[[figure]]
id = "paid"
name = "已支付"
unit = "万元"

[[figure]]
id = "budget"
name = "预算"
unit = "万元"
"""
ROW: Final = """
[[indicator]]
id = "row-{n}"
path = ["第 {group} 类", "第 {n} 项"]
weight = "2"
clause = "附件1 第 {n} 条"
standard = "{standard}"
rule = {{ shape = "ratio", counts = "rate", above = "full", below = "zero",\
 value = {{ take = "rate", over = ["paid"], under = ["budget"], zero = "0", decimals = 2 }} }}
"""


def large(rows: int = ROWS) -> str:
    body = [ROW.format(n=n, group=n // 25, standard=f"{n}：{LONG}") for n in range(1, rows + 1)]
    return HEAD.replace("1000", str(2 * rows)) + "".join(body)


SUBMITTED: Final = """
[[command]]
do = "submit-figure"
as = "unit-filer"
figure = { id = "paid", indicator = "row-1", name = "已支付", value = "190", unit = "万元" }

[[command]]
do = "submit-figure"
as = "unit-filer"
figure = { id = "budget", indicator = "row-1", name = "预算", value = "200", unit = "万元" }
"""
LARGE: Final = large()
PARTS: Final = publications("large", "2024", digest(LARGE.encode()), LARGE, "")


# How it is cut ------------------------------------------------------------------------------------


def test_every_part_leaves_room_in_an_entry_for_all_that_is_not_the_text() -> None:
    assert ENTRY_MAX - TEXT_MAX == 8_192
    assert len(PARTS) > 8
    for part in PARTS:
        assert len(canonical(part.source)) - 2 <= TEXT_MAX
        assert part.source.endswith("\n")
    assert [(part.part, part.parts) for part in PARTS] == [
        (number, len(PARTS)) for number in range(1, len(PARTS) + 1)
    ]
    assert files(PARTS) == {digest(LARGE.encode()): LARGE}


@pytest.mark.parametrize(
    "source",
    ["x" * 200_000, "“\\\n\x01" * 60_000, "字" * 50_000 + "\n" + "a\n" * 40_000],
    ids=["one line", "what is written longer", "a line that is too long"],
)
def test_any_text_is_cut_and_joined_to_the_byte(source: str) -> None:
    parts = cut(source, "注" * 8_000)

    assert "".join(parts) == source
    assert len(parts) > 1
    assert all(0 < len(canonical(part)) - 2 <= TEXT_MAX - 24_000 for part in parts)


def test_what_an_entry_holds_is_published_in_one_as_ever() -> None:
    small = large(rows=20)
    (one,) = publications("large", "2024", digest(small.encode()), small, "")

    assert (one.source, one.part, one.parts) == (small, 0, 0)


def test_a_file_beyond_all_measure_is_refused_before_it_is_read() -> None:
    (problem,) = diagnose(b"#" * (SOURCE_MAX + 1))

    assert str(SOURCE_MAX) in problem.message.en


# From the file to the dossier ---------------------------------------------------------------------


@pytest.mark.sqlite_only("what is stored and handed out is the same bytes on either")
def test_five_hundred_rows_are_published_scored_handed_out_and_verified(
    places: Places, tmp_path: Path
) -> None:
    place = places.new()
    (tmp_path / "rubric.toml").write_text(LARGE, "utf-8")
    example = Path("examples/whole-life/1-opening.toml").read_text("utf-8")
    opening = example.replace('rubric = "parks"', 'rubric = "large"')
    opening = opening.replace('edition = "2022"', 'edition = "2024"')
    (tmp_path / "1-opening.toml").write_text(opening + SUBMITTED, "utf-8")
    done(scoretrail(place, "init"))
    vkey = done(scoretrail(place, "key", "generate", KEY.name)).out.split()[-1]
    done(scoretrail(place, "apply", str(tmp_path / "1-opening.toml")))

    score = json.loads(done(scoretrail(place, "score", "parks-2022", "--json")).out)
    assert {row["rule"] for row in score["indicators"]} == {"1.90"}
    assert len(score["indicators"]) == ROWS
    assert len(entries(place, "rubric:large")) == len(PARTS)
    assert done(scoretrail(place, "rubric", "show", "large", "--json")).out.count('"row-') == ROWS

    done(scoretrail(place, "verify"))
    dossier = tmp_path / "dossier.zip"
    export = ("dossier", "export", "parks-2022", "-o", str(dossier))
    done(scoretrail(place, "--as", "bureau-officer", *export))
    done(scoretrail(None, "dossier", "verify", str(dossier), "--vkey", vkey))
    assert strangers(dossier, vkey).code == 0

    case = tmp_path / "case.jsonl"
    done(scoretrail(place, "export", "parks-2022", "-o", str(case)))
    other = places.new()
    done(scoretrail(other, "import", str(case)))
    assert entries(other, "rubric:large") == entries(place, "rubric:large")


@pytest.mark.sqlite_only("what is published are files")
def test_go_audits_a_log_with_a_large_rubric(
    places: Places, tmp_path: Path, goverify: Verifier
) -> None:
    place = places.new()
    (tmp_path / "rubric.toml").write_text(LARGE, "utf-8")
    done(scoretrail(place, "init"))
    vkey = done(scoretrail(place, "key", "generate", KEY.name)).out.split()[-1]
    officer = ("account", "open", "bureau-officer", "--organisation", "finance", "--role", "bureau")
    done(scoretrail(place, "--as", "administrator", *officer))
    publishing = ("rubric", "publish", str(tmp_path / "rubric.toml"))
    done(scoretrail(place, "--as", "bureau-officer", *publishing))
    done(scoretrail(place, "publish", str(tmp_path / "public")))

    said = goverify(vkey, tmp_path / "public")
    assert said.returncode == 0, said.stdout + said.stderr


# What may be done to the parts --------------------------------------------------------------------

CASE: Final = "large-2024"
SMALLER: Final = large(rows=120)
OF_SMALLER: Final = publications("large", "2024", digest(SMALLER.encode()), SMALLER, "")


def rechained(log: list[dict[str, Any]]) -> list[bytes]:
    """Entries that follow one another in their streams, by a log that may write what it likes."""
    ends: dict[str, tuple[int, str]] = {}
    made = []
    for entry in log:
        version, prev = ends.get(entry["case"], (0, ""))
        if entry["type"] == "DossierIssued":
            entry["data"]["covers"] = version
            entry["data"]["streams"] = sorted(
                (
                    {"leaf": leaf, "stream": name, "version": number}
                    for name, (number, leaf) in ends.items()
                    if name != entry["case"]
                ),
                key=lambda end: str(end["stream"]),
            )
        entry |= {"prev": prev, "version": version + 1}
        made.append(canonical(entry))
        ends[entry["case"]] = (version + 1, leaf_hash(made[-1]).hex())
    return made


@pytest.fixture(scope="module")
def log() -> list[bytes]:
    """A case that is scored by the smaller of the two, and its dossier."""
    archive = Memory(founded())
    opened = OpenCase(
        title="大表",
        year=2024,
        unit="city",
        unit_name="某局",
        bureau="finance-bureau",
        bureau_name="财政局",
    )
    commands: list[tuple[str, Command]] = [
        ("clerk", PublishRubric(source=SMALLER)),
        ("clerk", opened),
        ("clerk", PinRubric(rubric="large", edition="2024")),
        ("clerk", IssueDossier(enclosures=(Enclosure("readme.txt", sha256(README).hexdigest()),))),
    ]
    for minute, (account, command) in enumerate(commands, 1):
        act = CommandEnvelope(case=CASE, by=account, dated=DAY, id=f"c{minute}", command=command)
        Ledger(archive).handle([act], moment(minute))
    return [one.entry for one in archive.log if one.case_id != "rubric:small"]


def parts_of(log: list[bytes]) -> tuple[list[dict[str, Any]], list[int]]:
    told = [json.loads(entry) for entry in log]
    return told, [at for at, one in enumerate(told) if "parts" in one["data"]]


Change = Callable[[list[dict[str, Any]], list[int]], None]


def missing(log: list[dict[str, Any]], at: list[int]) -> None:
    """Without the second part."""
    del log[at[1]]


def last_missing(log: list[dict[str, Any]], at: list[int]) -> None:
    """Without the last part."""
    del log[at[-1]]


def swapped(log: list[dict[str, Any]], at: list[int]) -> None:
    """The first two parts in each other's place."""
    log[at[0]], log[at[1]] = log[at[1]], log[at[0]]


def swapped_texts(log: list[dict[str, Any]], at: list[int]) -> None:
    """Their texts alone."""
    first, second = log[at[0]]["data"], log[at[1]]["data"]
    first["source"], second["source"] = second["source"], first["source"]


def doubled(log: list[dict[str, Any]], at: list[int]) -> None:
    """The first part twice."""
    log.insert(at[0], json.loads(json.dumps(log[at[0]])))


def changed(log: list[dict[str, Any]], at: list[int]) -> None:
    """Another weight in a part."""
    data = log[at[1]]["data"]
    data["source"] = data["source"].replace('weight = "2"', 'weight = "3"', 1)


def of_another_rubric(log: list[dict[str, Any]], at: list[int]) -> None:
    """A part of another file, with the digest of that one."""
    log[at[1]]["data"]["sha256"] = PARTS[0].sha256


def of_another_year(log: list[dict[str, Any]], at: list[int]) -> None:
    """The parts of the edition of another year, under the digest that was pinned."""
    for place in at:
        data = log[place]["data"]
        data["source"] = data["source"].replace('edition = "2024"', 'edition = "2023"')


def another_digest(log: list[dict[str, Any]], at: list[int]) -> None:
    """All parts under the digest of another file."""
    for place in at:
        log[place]["data"]["sha256"] = PARTS[0].sha256


CHANGES: Final = (
    missing,
    last_missing,
    swapped,
    swapped_texts,
    doubled,
    changed,
    of_another_rubric,
    of_another_year,
    another_digest,
)


def refused(file: Path) -> str:
    with pytest.raises(ProofError) as error:
        verify(parse(file.read_bytes()), [KEY.public])
    return error.value.text.en


def test_the_dossier_of_a_large_rubric_verifies(log: list[bytes], tmp_path: Path) -> None:
    assert len(OF_SMALLER) == 3
    file = tmp_path / "sound.zip"
    file.write_bytes(packed(small_dossier.files(rechained([json.loads(one) for one in log]))))

    verified = verify(parse(file.read_bytes()), [KEY.public])
    assert files(one.event for one in verified.others)[OF_SMALLER[0].sha256] == SMALLER
    assert strangers(file, str(KEY.public)).code == 0


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_no_part_is_left_out_swapped_or_taken_from_elsewhere(
    change: Change, log: list[bytes], tmp_path: Path
) -> None:
    """Signed by the log itself and linked without a gap, it is still not what was pinned."""
    told, at = parts_of(log)
    change(told, at)
    file = tmp_path / "forged.zip"
    file.write_bytes(packed(small_dossier.files(rechained(told))))

    assert "is not enclosed" in refused(file)
    stranger = strangers(file, str(KEY.public))
    assert (stranger.code, "a rubric that was pinned is not enclosed" in stranger.out) == (3, True)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_verify_names_a_publication_that_the_program_never_recorded(
    change: Change, log: list[bytes]
) -> None:
    told, at = parts_of(log)
    assert not violations(told)
    change(told, at)

    assert violations(told)


def violations(told: list[dict[str, Any]]) -> list[Violation]:
    """What does not agree with the rules in the stream of the rubric."""
    recorded = [decode(entry, place) for place, entry in enumerate(rechained(told))]
    register = RegisterOverTime(one for one in recorded if one.case == REGISTER)
    return [*of_rubric([one for one in recorded if one.case == "rubric:large"], register)]


def test_another_way_of_cutting_the_same_file_is_as_good() -> None:
    half = len(SMALLER) // 2
    first = OF_SMALLER[0]
    ours = [
        replace(first, source=text, part=number, parts=2)
        for number, text in enumerate((SMALLER[:half], SMALLER[half:]), 1)
    ]

    assert joined(ours) == joined(OF_SMALLER)


def test_an_edition_is_there_with_its_last_part_and_not_before() -> None:
    editions = Editions()
    for part in OF_SMALLER[:-1]:
        evolve_editions(editions, part)
        assert not editions.published
    evolve_editions(editions, OF_SMALLER[-1])

    assert editions.published["2024"] == RubricPublished(
        rubric="large", edition="2024", sha256=digest(SMALLER.encode()), source=SMALLER
    )
    assert len(editions.rubric("2024").indicators) == 120
