"""The change log shows everything that is recorded: each field of each event, for every reader."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, Final, Literal, NamedTuple, Union, get_args, get_origin

import msgspec
import pytest
from msgspec import Struct, UnsetType

import cli.log as on_screen
from cli.language import choose
from documents.annual_register import log_table
from documents.log_list import told
from documents.page import format_cell
from documents.source import source
from documents.text_table import TextTable
from ledger import commands as c
from ledger import events as e
from ledger import terms
from ledger.case import History
from ledger.editions import Editions
from ledger.envelope import REGISTER, Actor, IdempotencyKey, RecordedEvent, rubric_stream
from ledger.language import Language, Text, in_language
from ledger.moves import ItemState
from ledger.values import Evidence, Figure, Target
from projections import formatting
from projections.as_of import CaseAsOf, at
from projections.bridge import bridge
from projections.change_log import change_log
from projections.facts import NOT_FOR_PEOPLE, Quantity, facts_of, names_of, points_of, run_on
from projections.replay import replay
from tests.support.small_case import CLAIMED, CUT_SERVICE, ISSUED, REVIEWED, SUBMITTED, Story, on
from tests.support.specification import editions, history

EVENTS: Final = {kind.__name__: kind for kind in get_args(e.CaseEvent)}
NO_CASE: Final = {
    **{one.__name__: (REGISTER, one) for one in get_args(e.RegisterEvent)},
    **{one.__name__: (rubric_stream("parks"), one) for one in get_args(e.RubricEvent)},
}
"""Events of other streams, each with its stream."""

FIRST_DAY: Final = date(2031, 1, 1)
FILE: Final = Evidence(sha256="f" * 64, title="所附材料之名")
DOCUMENT: Final = e.DocumentRegistered(
    document="cited-document",
    title="所引文件之名",
    number="",
    printed_date=None,
    sha256="e" * 64,
    form="copy",
    parts=(),
)


class Leaf(NamedTuple):
    """A plain field of an event, by its path, with the value that it was given."""

    path: str
    value: object


# An event that says something else in every field -------------------------------------------------


class Filled(NamedTuple):
    """An event of a type, and every plain field in it."""

    event: Any
    leaves: tuple[Leaf, ...]


def filled(kind: type[Struct]) -> Filled:
    """An event with a value of its own in every field, however deep."""
    numbers = count(4001)
    leaves: list[Leaf] = []

    def fill(kind: type[Struct], above: str) -> Any:  # noqa: ANN401 - an event or a part of one
        return kind(
            **{
                field.name: value(field.type, f"{above}{field.name}")
                for field in msgspec.structs.fields(kind)
            }
        )

    def value(annotation: Any, path: str) -> Any:  # noqa: ANN401 - what a field can hold
        if get_origin(annotation) in {Union, type(int | None)}:
            wanted = next(one for one in get_args(annotation) if one not in {type(None), UnsetType})
            return value(wanted, path)
        if get_origin(annotation) is tuple:
            return (value(get_args(annotation)[0], path),)
        if isinstance(annotation, type) and issubclass(annotation, Struct):
            return fill(annotation, f"{path}.")
        made = plain(annotation, path, next(numbers))
        leaves.append(Leaf(path, made))
        return made

    return Filled(fill(kind, ""), tuple(leaves))


GIVEN: Final[Mapping[str, object]] = {
    "edition": "2023",
    "evidence": FILE.sha256,
    "cites.document": DOCUMENT.document,
    "figure.kind": "number",
    "figure.value": "4711",
    "figure.target.sense": "at-most",
    "figure.target.value": "4712",
    "figure.period": "2032-03-04/2033-05-06",
}
"""Values that are not free: what they name must be there, or of the form that another asks for."""


def plain(annotation: Any, path: str, number: int) -> object:  # noqa: ANN401 - as above
    """A value that stands nowhere else."""
    if path in GIVEN:
        return GIVEN[path]
    if get_origin(annotation) is Literal:
        return get_args(annotation)[-1]
    made: dict[object, object] = {
        str: f"{path.replace('.', '-').replace('_', '-')}-{number}",
        int: number,
        bool: True,
        Decimal: Decimal(number) / 4,
        date: FIRST_DAY + timedelta(number),
    }
    return made[annotation]


# How its fields are found again -------------------------------------------------------------------


def in_data(leaf: Leaf) -> str:
    """A value as JSON has it."""
    value = leaf.value
    if leaf.path == "undocumented":
        return '"undocumented":true'
    if value is True:
        return f'"field":"{leaf.path}","before":null,"value":true'
    if isinstance(value, int):
        return f":{value}"
    return str(value)


VERSIONS: Final = {
    "adjustment",
    "contests",
    "contests.version",
    "covers",
    "streams.version",
    "CaseReopened.request",
}


def in_words(type_: str, leaf: Leaf, language: Language, *, iso: bool) -> tuple[str, ...]:
    """What of a value must be among the words; all of it."""
    path, value = leaf
    write_day = formatting.iso_day if iso else formatting.day
    named = {
        "undocumented": in_language(terms.UNDOCUMENTED, language),
        "evidence": FILE.title,
        "cites.document": DOCUMENT.title,
        "figure.target.sense": formatting.SIGNS["at-most"].strip(),
    }
    words = named.get(path, str(value))
    if path != "undocumented" and value is True:
        words = in_language(terms.ANSWERS["yes"], language)
    elif codes := CODES.get(f"{type_}.{path}"):
        words = in_language(codes[value], language)
    elif VERSIONS & {path, f"{type_}.{path}"}:
        words = f"v{value}"
    elif isinstance(value, date):
        words = write_day(value, language)
    elif path == "figure.period":
        days = (date.fromisoformat(day) for day in words.split("/"))
        return tuple(write_day(day, language) for day in days)
    return (words,)


CODES: Final[Mapping[str, Mapping[Any, Text]]] = {
    "ObjectionAnswered.outcome": terms.OBJECTION_OUTCOMES,
    "AppealDecided.outcome": terms.APPEAL_OUTCOMES,
    "StatementMade.kind": terms.STATEMENT_KINDS,
    "DocumentRegistered.form": terms.DOCUMENT_FORMS,
    "RoleGranted.role": terms.ROLES,
    "RoleRevoked.role": terms.ROLES,
    "SubtotalPrinted.column": {"claimed": terms.CLAIMED, "awarded": terms.AWARDED},
}
"""Fields of a few values, which people know by other words."""


def point_of(event: e.CaseEvent) -> CaseAsOf:
    """A case of which nothing is known but two things that the event may refer to."""
    said = (e.EvidenceFiled(evidence=FILE), DOCUMENT, event)
    events = History(recorded(one, version) for version, one in enumerate(said, 1))
    return CaseAsOf("final", events, editions())


def recorded(event: e.Event, version: int, stream: str = "some-case") -> RecordedEvent:
    return RecordedEvent(
        case=stream,
        version=version,
        at="2026-11-21T10:00:00.000001Z",
        dated=date(2024, 12, 30),
        by=Actor(account="reviewer", role="reviewer", organisation="review-agency"),
        command=IdempotencyKey(id="x", sha256="c" * 64),
        prev="",
        event=event,
    )


def as_json(point: CaseAsOf) -> str:
    entries = [entry for entry in change_log(point) if entry.version == point.version]
    return msgspec.json.encode(formatting.plain(entries, "en")).decode()


def as_screen(point: CaseAsOf, monkeypatch: pytest.MonkeyPatch) -> str:
    cells: list[str] = []

    def laid_out(_columns: object, rows: list[tuple[str, ...]], *_more: object) -> TextTable:
        cells.extend(map("\t".join, rows))
        return TextTable([], iter(()))

    monkeypatch.setattr("cli.table.text_table", laid_out)
    entries = [entry for entry in change_log(point) if entry.version == point.version]
    on_screen.print_log(entries, on_screen.reader(point))
    return "\n".join(cells)


def as_page(point: CaseAsOf, language: Language) -> str:
    made = source(at(history(ISSUED), editions()), date(2025, 1, 1))
    entries = [entry for entry in change_log(point) if entry.version == point.version]
    rows = log_table(made, entries, language).rows
    return "\n".join(format_cell(cell) for row in rows for cell in row.cells)


MADE: Final = {name: filled(kind) for name, kind in EVENTS.items()}
MADE_ELSEWHERE: Final = {name: filled(kind) for name, (_, kind) in NO_CASE.items()}


# Every field --------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_programs_are_given_every_field(made: Filled) -> None:
    shown = as_json(point_of(made.event))

    assert [leaf.path for leaf in made.leaves if in_data(leaf) not in shown] == []


KEYS: Final = (
    *("ground", "clause", "outcome", "requested", "number", "transcriber_note", "undocumented"),
)
"""Fields of events that a row of the log has a key of its own for."""


@pytest.mark.parametrize("name", KEYS)
def test_a_key_that_is_called_like_a_field_has_what_the_event_says(name: str) -> None:
    made = [each.event for each in MADE.values() if hasattr(each.event, name)]

    assert made
    for event in made:
        assert getattr(change_log(point_of(event))[-1], name) == getattr(event, name)


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("type_", MADE)
def test_people_are_shown_every_field_but_what_is_listed(
    type_: str, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(language)
    made = MADE[type_]
    point = point_of(made.event)
    screen, page = as_screen(point, monkeypatch), as_page(point, language)
    missing = [
        (leaf.path, words)
        for leaf in made.leaves
        for shown, iso in ((screen, True), (page, False))
        for words in in_words(type_, leaf, language, iso=iso)
        if words not in shown and leaf.path not in NOT_FOR_PEOPLE
    ]

    assert missing == []


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("type_", MADE_ELSEWHERE)
def test_the_logs_of_accounts_and_rubrics_show_every_field_too(
    type_: str, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(language)
    made = MADE_ELSEWHERE[type_]
    events = History([recorded(made.event, 1, NO_CASE[type_][0])])
    point = CaseAsOf("final", events, Editions())
    data, screen = as_json(point), as_screen(point, monkeypatch)

    assert [leaf.path for leaf in made.leaves if in_data(leaf) not in data] == []
    missing = [
        (leaf.path, words)
        for leaf in made.leaves
        for words in in_words(type_, leaf, language, iso=True)
        if words not in screen and leaf.path not in NOT_FOR_PEOPLE
    ]
    assert missing == []


def test_what_people_are_not_shown_is_a_field_and_has_its_reason() -> None:
    every = [*MADE.values(), *MADE_ELSEWHERE.values()]
    paths = {leaf.path for made in every for leaf in made.leaves}

    assert NOT_FOR_PEOPLE.keys() <= paths
    assert all(NOT_FOR_PEOPLE.values())


def test_every_other_event_is_of_another_stream() -> None:
    assert {one.__name__ for one in get_args(e.Event)} == EVENTS.keys() | NO_CASE.keys()


# What is replaced, and in whose words -------------------------------------------------------------

STORY = SUBMITTED + on(
    "2024-10-09",
    (
        "reviewer",
        c.RestateFigure(
            figure=Figure(
                id="spent",
                indicator="spending",
                name="支出数（账表）",
                value="188.2",
                unit="万元",
                target=Target("at-least", "190"),
                scope="本级",
            ),
            reason="以账表为准",
        ),
    ),
    (
        "reviewer",
        c.AdjustScore(
            indicator="spending",
            award=Decimal("38.50"),
            justification="执行率不足",
            ground="追加预算下达迟",
            clause="附件1 第一条",
        ),
    ),
    ("reviewer", c.RecogniseBonus(item="flag", points=Decimal(1), justification="区级")),
)


def said(story: Story, language: Language = "en") -> list[str]:
    """What the last event of a story says on the screen."""
    point = at(history(story), editions())
    choose(language)
    entry = change_log(point)[-1]
    return [entry.change(language), told(entry, on_screen.reader(point))]


def test_a_restated_figure_shows_old_and_new_with_its_unit() -> None:
    change, words = said(STORY[:-2])

    assert change == "190 × 10,000 yuan → 188.2 × 10,000 yuan"
    assert words == (
        "Id: spent; Figure: 支出数 → 支出数（账表）；Target: ≥ 190 × 10,000 yuan; Scope: 本级；"
        "Reason: 以账表为准；Answers: v5"
    )


def test_an_award_shows_its_ground_beside_its_justification_and_its_clause() -> None:
    change, words = said(STORY[:-1], "zh")

    assert change == "40.00 → 38.50"
    assert words == (
        "得扣分原因：执行率不足；依据条款：附件1 第一条；酌情理由：追加预算下达迟；所答条号：v8"
    )


def test_a_bonus_shows_its_points_from_what_was_claimed() -> None:
    assert said(STORY) == [
        "1.50 → 1.00",
        "Item id: 锦旗 (flag); Reasons for the recognition: 区级；Answers: v11",
    ]


def test_a_postponed_due_date_shows_the_one_before() -> None:
    asked = REVIEWED + on(
        "2024-12-30",
        ("lead", c.RaiseFinding(finding="slow", title="慢", statement="支付慢")),
        ("clerk", c.IssueResult(printed_total=Decimal(93))),
        (
            "clerk",
            c.RequestRectification(
                request="r", findings=("slow",), demand="按季支付", due=date(2025, 2, 1)
            ),
        ),
        ("clerk", c.ExtendDeadline(request="r", due=date(2025, 3, 1), reason="等审计")),
    )

    assert "Due date: 2025-02-01 → 2025-03-01" in said(asked)[1]


def test_a_score_that_the_columns_do_not_show_is_among_the_words() -> None:
    """By a business date before the claim the event still says what it replaced."""
    late = SUBMITTED + on("2024-07-02", ("reviewer", CUT_SERVICE))
    point = at(history(late), editions(), "2024-07-05")
    entry = change_log(point)[-1]

    assert (entry.before, entry.after) == (None, Decimal("25.50"))
    assert "Awarded: 28.00 → 25.50" in entry.content(on_screen.reader(point))


def test_of_several_rulings_each_row_shows_its_own() -> None:
    kinds = [e.Ruling(row, Decimal(1), Decimal(2)) for row in ("plan", "service")]
    decided = e.AppealDecided(
        appeal="a",
        outcome="partly",
        number="",
        justification="x",
        clause="",
        rulings=tuple(kinds),
        evidence=(),
    )
    rows = {entry.indicator: entry.facts for entry in change_log(point_of(decided))[2:]}

    for row, facts in rows.items():
        assert [one.value for one in facts if one.field == "rulings.indicator"] == [row]


def test_no_word_of_a_party_begins_a_line_of_its_own() -> None:
    story = STORY[:-2] + on(
        "2024-10-10",
        (
            "reviewer",
            c.AdjustScore(
                indicator="service", award=Decimal(20), justification="两起投诉\n酌情理由：已批准"
            ),
        ),
    )
    point = at(history(story), editions())

    assert "Justification: 两起投诉 酌情理由：已批准" in change_log(point)[-1].content(
        on_screen.reader(point)
    )


def test_an_event_takes_the_place_of_one_and_answers_another() -> None:
    again = STORY + on(
        "2024-10-10",
        (
            "reviewer",
            c.AdjustScore(
                indicator="spending", award=Decimal(38), justification="复算", clause="第一条"
            ),
        ),
        ("lead", c.CountersignAdjustment(indicator="spending")),
    )
    *_, replacing, signing = change_log(at(history(again), editions()))
    award = len(STORY) - 1

    assert (replacing.caused_by, replacing.answers) == ((award,), ())
    assert (signing.caused_by, signing.answers) == ((len(STORY) + 1,), (len(STORY) + 1,))


def test_bridge_and_replay_say_the_same() -> None:
    point = at(history(STORY), editions())
    start = at(history(STORY), editions(), "self")
    (event,) = next(one for one in bridge(start, point).steps if one.indicator).events
    (frame,) = (one for one in replay(point) if one.version == event.version)
    (entry,) = (one for one in change_log(point) if one.version == event.version)

    assert event.facts == frame.facts == entry.facts
    assert event.ground == "追加预算下达迟"


def facts(event: e.Event) -> dict[str, Any]:
    return {fact.field: fact.value for fact in facts_of(event)}


def test_what_an_event_does_not_say_is_no_fact() -> None:
    asked = e.ObjectionRaised(
        objection="o", indicator="plan", contests=3, statement="x", requested=None, evidence=("a",)
    )

    assert facts(asked) == {"objection": "o", "indicator": "plan", "contests": 3, "statement": "x"}


def test_a_figure_that_was_restated_is_restated_from_there() -> None:
    def restated(value: str) -> c.RestateFigure:
        figure = Figure(id="spent", indicator="spending", name="支出数", value=value, unit="万元")
        return c.RestateFigure(figure=figure, reason="以账表为准")

    story = SUBMITTED + on(
        "2024-10-09", ("reviewer", restated("188")), ("reviewer", restated("187"))
    )

    assert said(story, "zh")[0] == "188 万元 → 187 万元"


def test_a_target_in_words_has_no_unit_and_a_target_given_up_is_said() -> None:
    def figure(target: Target | None) -> Figure:
        return Figure(id="a", indicator="plan", name="a", value="1", unit="台", target=target)

    (kept,) = (
        fact
        for fact in facts_of(e.FigureSubmitted(figure=figure(Target("described", "提高"))))
        if fact.field == "figure.target"
    )
    assert kept.value == Quantity("提高", "", "described")
    goal = c.SubmitFigure(figure=figure(Target("at-least", "2")))
    story = CLAIMED + on("2024-07-30", ("filer", goal))
    gone = story + on("2024-07-30", ("filer", c.SubmitFigure(figure=figure(None))))
    assert "目标值：≥ 2 台 → 无" in said(gone, "zh")[1]


def test_a_restated_claim_shows_the_claim_and_then_the_restatement_before() -> None:
    def restated(score: str) -> tuple[str, c.Command]:
        return (
            "reviewer",
            c.RestateClaim(indicator="service", score=Decimal(score), reason="照核查表"),
        )

    once = SUBMITTED + on("2024-10-09", restated("30"))
    twice = once + on("2024-10-09", restated("29"))

    assert "得分：28.00 → 30" in said(once, "zh")[1]
    assert "得分：30.00 → 29" in said(twice, "zh")[1]


def test_a_claim_made_again_shows_the_claim_before() -> None:
    again = CLAIMED + on(
        "2024-07-30",
        ("filer", c.ClaimScore(indicator="service", score=Decimal(27), justification="再核")),
    )
    found = next(fact for fact in change_log(at(history(again), editions()))[-1].facts[1:])

    assert (found.before, found.value) == (Decimal("28.00"), Decimal("27.00"))


def test_the_row_of_the_bonus_is_called_by_its_name() -> None:
    point = at(history(SUBMITTED), editions())
    names = names_of(point)

    assert names.of("indicator", "commendation", "zh") == "表彰加分（commendation）"
    assert names.of("indicator", "late-report", "en") == "迟报减分 (late-report)"
    assert names.of("indicator", "service", "en") == "服务对象满意度 (service)"
    assert names.of("indicator", "unknown", "en") == "unknown"
    assert names.of("finding", "unknown", "en") == "unknown"


def test_points_are_those_of_the_kind_of_the_event() -> None:
    item = ItemState(claimed=Decimal(3), recognised=Decimal(2), decided=1, penalty=None)
    claimed = e.BonusClaimed(
        item="a", title="a", issuer="", number="", points=Decimal(4), evidence=()
    )
    refused = e.BonusRefused(item="a", justification="x", clause="")

    assert points_of(item, claimed) == Decimal(3)
    assert points_of(item, refused) == Decimal(2)
    assert points_of(item._replace(recognised=None), refused) == Decimal(3)
    assert points_of(item._replace(penalty=Decimal(1)), refused) == Decimal(1)


@pytest.mark.parametrize(
    ("lines", "language", "text"),
    [
        (["甲", "乙。", "丙"], "zh", "甲；乙。丙"),
        (["one", "two.", "three"], "en", "one; two. three"),
        (["甲", "two"], "en", "甲；two"),
        (["", "one"], "en", "one"),
    ],
)
def test_lines_run_on_as_sentences(lines: list[str], language: Language, text: str) -> None:
    assert run_on(lines, language) == text
