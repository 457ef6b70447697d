"""Every read of the program, found by walking its commands: JSON and CSV, and both times."""

import csv
from collections.abc import Iterator
from io import StringIO

import click
import pytest

from cli.main import program
from documents.lists import BOM
from tests.support.places import Place
from tests.support.terminal import CASE, EXAMPLES, Said, done, scoretrail

pytestmark = pytest.mark.slow

PROJECTS = EXAMPLES.parent / "project-expenditure" / "rubric.toml"

ACTS = {
    "account": "conflict database-role demand-signatures end-conflict grant link open revoke"
    " time-zone",
    "archive": "appraise decide destroy propose retain",
    "account key": "countersign enroll retire",
    "signature": "submit",
    "appeal": "decide lodge withdraw",
    "case": "assign close commission open pin recuse reopen request-reopening",
    "entry": "set-aside",
    "evidence": "erase",
    "object": "answer raise",
    "portfolio": "rebuild",
    "rectify": "accept extend request respond return",
    "review": "adjust amend claim confirm confirm-figure correct countersign countersign-all"
    " deliver draft exclude finding issue penalty publish receive recognise recommendation refuse"
    " restate return withdraw",
    "rubric": "publish supersede",
    "source": "disclose register scope state sum unit",
    "submit": "bonus evidence figure score self-evaluation withdraw",
    "checkpoint": "keep keep-stamp resume",
    "key": "add-ml-dsa generate retire rotate",
    "ranking": "record",
    "calendar": "notice",
    "": "apply demo import init migrate restored seal",
}
"""Those that record or change something; what they print tells what they did."""

OWN_FORM = {
    "archive write": "writes another ledger into files, and says which",
    "year freeze": "writes a signed note",
    "year succeed": "reads another ledger, and says what it names",
    "year rubrics": "reads another ledger, and says what it publishes",
    "checkpoint ask": "writes a request to a witness",
    "checkpoint cosign": "writes a signed note",
    "checkpoint line": "prints a line, or writes it as a QR code",
    "checkpoint page": "writes pages for everybody",
    "checkpoint witness": "writes the answers of a witness, which has no ledger",
    "checkpoint request-stamp": "writes a request in DER",
    "checkpoint sign": "writes a signed note",
    "checkpoint witness-key": "prints the key that it writes beside the witness's own",
    "document": "writes a document for people",
    "dossier export": "writes a dossier",
    "evidence read": "writes the bytes of a file",
    "export": "writes the record itself, as JSON Lines",
    "form list": "writes a workbook",
    "form review": "writes a workbook",
    "form self-evaluation": "writes a workbook",
    "form table": "writes a workbook",
    "publish": "writes the log as static files",
    "ranking prove": "writes the proof of a place",
    "receipt issue": "writes a receipt",
    "signature prepare": "writes a file to be signed",
    "signature sign": "writes the signed file, and shows what is signed",
    "web": "serves pages and an API",
    "rectify figures": "prints acts for `apply`, as JSON Lines",
}
"""Reads whose output has a form of its own, and which."""

READS = {
    "account list": (),
    "account key list": (),
    "appeal list": (),
    "archive list": (),
    "bridge": (CASE,),
    "calendar list": (),
    "case list": (),
    "case show": (CASE,),
    "check": (CASE, "--all"),
    "evidence list": (CASE,),
    "explain": (CASE, "output-goals"),
    "log": (CASE,),
    "portfolio adjustments": (),
    "portfolio compare": ("--years", "2022,2023"),
    "portfolio rectification": (),
    "portfolio scores": (),
    "portfolio work": (),
    "rectify status": (),
    "replay": (CASE,),
    "rubric check": (str(EXAMPLES / "rubric.toml"),),
    "rubric diff": (str(EXAMPLES / "rubric.toml"), str(PROJECTS)),
    "rubric list": (),
    "rubric show": (str(EXAMPLES / "rubric.toml"),),
    "score": (CASE,),
    "search": ("预算",),
    "source list": (CASE,),
    "verify": (),
}
"""Words with which each can be asked of the reference case."""

ELSEWHERE = {
    "fleet status": "needs the list of a fleet; tests/life/test_fleet.py",
    "fleet verify": "the same",
    "fleet checkpoint": "the same, and it records",
    "fleet export": "the same, and it writes files",
    "fleet portfolio": "needs exported data; the same",
    "case next": "read with --dry-run and recorded without",
    "case repin": "needs another edition; it is read with --dry-run and recorded without",
    "checkpoint compare": "needs a line from paper",
    "checkpoint verify": "needs a signed checkpoint",
    "dossier verify": "needs a dossier",
    "import-table": "needs an agency's table; it is read with --check and recorded without",
    "key show": "needs a key",
    "ranking audit": "needs the list of a ranking",
    "ranking verify": "needs the proof of a place",
    "receipt verify": "needs a receipt",
    "verify-export": "needs an export",
    "rubric draft": "needs an agency's table",
}
"""Reads that are asked in tests of their own, since the reference case has not what they need."""


def commands() -> dict[str, click.Command]:
    def walk(group: click.Group, *path: str) -> Iterator[tuple[str, click.Command]]:
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command
            if isinstance(command, click.Group):
                yield from walk(command, *path, name)
            else:
                yield " ".join((*path, name)), command

    return dict(walk(program()))


COMMANDS = commands()


def options(name: str) -> set[str]:
    return {option for parameter in COMMANDS[name].params for option in parameter.opts}


def acts() -> set[str]:
    return {f"{group} {name}".strip() for group, names in ACTS.items() for name in names.split()}


def test_every_command_is_an_act_or_a_read_or_writes_a_form_of_its_own() -> None:
    kinds = [acts(), set(OWN_FORM), set(READS), set(ELSEWHERE)]

    assert set.union(*kinds) == COMMANDS.keys()
    assert sum(map(len, kinds)) == len(COMMANDS)


@pytest.mark.parametrize("name", sorted({*READS, *ELSEWHERE}))
def test_every_read_has_json_and_csv(name: str) -> None:
    assert {"--json", "--csv"} <= options(name)


@pytest.mark.parametrize("name", sorted((acts() | OWN_FORM.keys()) - {"apply"}))
def test_what_is_no_read_promises_neither(name: str) -> None:
    """But `apply`, which lists the mistakes of a form for programs."""
    assert not {"--json", "--csv"} & options(name)


def test_where_a_point_can_be_named_so_can_the_instant_of_knowing_it() -> None:
    pointed = {name for name in COMMANDS if options(name) & {"--at", "--from"}}

    assert {name for name in COMMANDS if "--known" in options(name)} == pointed
    assert {"score", "bridge", "log", "explain", "document", "portfolio scores"} <= pointed


def asked(ledger: Place, name: str, *words: str, lang: str = "en") -> Said:
    return done(scoretrail(ledger, *name.split(), *READS[name], *words, lang=lang))


def cells(said: Said) -> list[list[str]]:
    assert said.out.startswith(BOM)
    assert said.out.count(BOM) == 1
    assert said.out.count("\n") == said.out.count("\r\n")
    return list(csv.reader(StringIO(said.out.removeprefix(BOM), newline="")))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", READS)
def test_csv_is_tables_and_nothing_else(name: str, lang: str, issued: Place) -> None:
    said = asked(issued, name, "--csv", lang=lang)
    table: list[list[str]] = []
    for row in [*cells(said), []]:
        if row:
            table.append(row)
            continue
        heading, *rows = table
        assert len(set(heading)) == len(heading), heading
        assert {len(row) for row in rows} <= {len(heading)}
        table = []


@pytest.mark.parametrize("name", READS)
def test_json_and_csv_exclude_each_other(name: str, issued: Place) -> None:
    words = (*name.split(), *READS[name])

    assert scoretrail(issued, *words, "--json", "--csv").code == 2
    assert scoretrail(issued, *words, "--csv", "--json").code == 2


def test_a_list_without_rows_still_has_its_headings(issued: Place) -> None:
    same = scoretrail(issued, "rubric", "diff", *[str(PROJECTS)] * 2, "--csv", lang="en")

    assert cells(done(same)) == [["Change", "Indicator", "Key", "Before", "After"]]
    assert len(cells(asked(issued, "appeal list", "--csv"))) == 1


def test_what_is_missing_is_an_empty_cell_and_a_difference_keeps_its_sign(issued: Place) -> None:
    steps = asked(issued, "bridge", "--json").json["steps"]
    rows = cells(asked(issued, "bridge", "--csv"))
    heading, *told = [dict(zip(rows[0], row, strict=True)) for row in rows]

    assert [row["Delta"].lstrip("+") for row in told] == [step["delta"] for step in steps]
    assert [row["Indicator"] for row in told] == [step["indicator"] or "" for step in steps]
    assert any(row["Delta"].startswith("+") for row in told)
    assert heading["Before"] == "Before"


def test_a_read_that_is_no_table_has_a_line_for_each_value(issued: Place) -> None:
    verified = asked(issued, "verify", "--json").json
    told = {item: value for item, value in cells(asked(issued, "verify", "--csv"))}  # noqa: C416 - pairs, as each row must be

    assert told["level"] == verified["level"]
    assert told["counted.events"] == str(verified["counted"]["events"])
    assert told["does_not_prove.0"] == verified["does_not_prove"][0]


@pytest.mark.parametrize(("lang", "words"), [("zh", ("是", "否")), ("en", ("yes", "no"))])
def test_an_answer_is_a_word_of_the_language_and_a_code_for_programs(
    lang: str, words: tuple[str, str], issued: Place
) -> None:
    table = cells(asked(issued, "explain", "--csv", lang=lang))
    figures = {row[0]: row[2] for row in table[1 : table.index([])]}
    rule = asked(issued, "explain", "--json", lang=lang).json["rule"]
    kinds = {one["id"]: (one["kind"], one["value"]) for one in rule["figures"]}

    built, reached = "lift-platform-built", "lift-platform-goal-met"
    assert (figures[built], figures[reached]) == words
    assert (kinds[built], kinds[reached]) == (("yes-no", "yes"), ("yes-no", "no"))


def test_sentences_beside_the_tables_go_to_stderr(issued: Place) -> None:
    said = asked(issued, "check", "--csv")

    assert "in agreement" in said.err
    assert "in agreement" not in said.out


def halfway(ledger: Place) -> str:
    """An instant at which the self-evaluation was recorded and the review was not."""
    entries = asked(ledger, "log", "--at", "self", "--json").json["entries"]
    return str(entries[-1]["at"])


POINTED = sorted(name for name in READS if {"--known", "--at"} <= options(name))


@pytest.mark.parametrize("name", POINTED)
def test_both_times_are_two_options_or_one_point(name: str, issued: Place) -> None:
    """Before the review was recorded; the day of the review is asked about."""
    known = halfway(issued)
    day = "2024-12-30"

    apart = asked(issued, name, "--at", day, "--known", known, "--json").json
    together = asked(issued, name, "--at", f"{day}@{known}", "--json").json

    assert apart == together
    if "at" in apart:
        assert apart["at"]["label"] == f"{day}@{known}"
    if name != "rectify status":  # of which there is nothing in this case
        assert apart != asked(issued, name, "--at", day, "--json").json


def test_the_score_on_a_day_as_known_then_is_the_one_that_the_record_gave_then(
    issued: Place,
) -> None:
    known = halfway(issued)
    then = asked(issued, "score", "--at", f"recorded:{known}", "--json").json
    day = asked(issued, "score", "--at", "2024-12-30", "--known", known, "--json").json

    assert day["at"]["known"] == then["at"]["known"] == known
    assert day["award"] == then["award"]
    assert day["award"]["pending"] > 0
    assert asked(issued, "score", "--at", "2024-12-30", "--json").json["award"]["pending"] == 0
    (listed,) = asked(
        issued, "portfolio scores", "--at", "2024-12-30", "--known", known, "--json"
    ).json["scores"]
    assert day["award"]["scored"] == 0  # so nobody gave a total
    assert (listed["award"], listed["pending"]) == (None, day["award"]["pending"])


def test_the_instant_holds_for_both_ends_of_a_bridge(issued: Place) -> None:
    known = halfway(issued)
    bridge = asked(issued, "bridge", "--from", "self", "--known", known, "--json").json

    assert bridge["from"]["label"] == f"self@{known}"
    assert bridge["to"]["label"] == f"final@{known}"
    each = asked(issued, "bridge", "--from", "self", "--to", f"final@{known}", "--json").json
    assert each["steps"] == bridge["steps"]
    assert each["residual"] == "0.00"


def test_people_are_told_both_times(issued: Place) -> None:
    known = halfway(issued)
    said = asked(issued, "log", "--at", "2024-12-30", "--known", known)

    assert "point: 30 December 2024, as recorded by " in said.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--known", "yesterday"), "'yesterday' is not an instant. Write it as"),
        (("--known", "2024-09-15"), "'2024-09-15' is not an instant. Write it as"),
        (("--at", "self@2030-01-01T00:00Z", "--known", "2030-01-01T00:00Z"), "two recorded times"),
        (
            ("--at", "recorded:2030-01-01T00:00Z", "--known", "2030-01-01T00:00Z"),
            "two recorded times",
        ),
        (("--at", "2024-12-30", "--known", "2020-01-01T00:00Z"), "was not yet opened"),
    ],
)
def test_an_instant_that_means_nothing_is_refused(
    words: tuple[str, ...], message: str, issued: Place
) -> None:
    said = scoretrail(issued, "score", CASE, *words, lang="en")

    assert said.code in {1, 2}
    assert message in said.err
