"""What may stand around any act: citations, a transcriber's note, that nothing documents it."""

from collections.abc import Callable

import msgspec
import pytest
from msgspec.structs import replace

from ledger.account_registry import AccountRegistry, decide_register
from ledger.case import fold
from ledger.checks.rule_compliance import irregularities
from ledger.codec import UnreadableEntry, canonical, decode, encode, plain
from ledger.commands import Command, GrantRole, OpenAccount, PublishRubric, SubmitFigure
from ledger.decide import decide
from ledger.editions import Editions, decide_rubric
from ledger.events import AccountOpened, FigureSubmitted
from ledger.every_command import SINCE
from ledger.refusals import CommandRefused
from ledger.stored_struct import decode_validated
from ledger.values import Citation, Figure
from tests.support.small_case import CLAIMED, CUT_SERVICE, OPENED, RUBRIC, SUBMITTED, Story, on
from tests.support.specification import editions, given, history

FIGURE = Figure(id="spent", indicator="spending", name="支出数", value="191")
REPORT = msgspec.convert(
    {
        "do": "register-document",
        "document": "report",
        "title": "自评报告",
        "sha256": "d" * 64,
        "form": "copy",
        "parts": ["封面", "附件1", "三（二）1"],
    },
    Command,
)
REGISTERED: Story = on("2024-07-30", ("filer", REPORT))


def cited(place: str, document: str = "report") -> SubmitFigure:
    return SubmitFigure(figure=FIGURE, cites=(Citation(document, place),))


# Citations ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["附件1", "附件1 第 1 行", "三（二）1（1）"])
def test_an_act_cites_a_place_of_a_registered_document(place: str) -> None:
    given(CLAIMED, REGISTERED).when(cited(place), by="filer").then(
        FigureSubmitted(figure=FIGURE, cites=(Citation("report", place),))
    )


@pytest.mark.parametrize("place", ["附件2", "附件11", "第 1 行 附件1", "三（二）12"])
def test_a_place_is_within_the_parts_of_its_document(place: str) -> None:
    given(CLAIMED, REGISTERED).when(cited(place), by="filer").then_refused(
        "unknown-place", "report", place, "附件1"
    )


def test_a_document_is_registered_before_it_is_cited() -> None:
    given(CLAIMED).when(cited("附件1"), by="filer").then_refused("unknown-document", "report")


# Notes and undocumented acts ----------------------------------------------------------------------


def test_a_note_of_the_transcriber_stands_apart_from_what_the_party_says() -> None:
    command = SubmitFigure(figure=FIGURE, transcriber_note="原文未写明口径", undocumented=True)

    given(CLAIMED).when(command, by="filer").then(
        FigureSubmitted(figure=FIGURE, transcriber_note="原文未写明口径", undocumented=True)
    )


def test_it_stands_in_every_event_of_an_act() -> None:
    command = OpenAccount(
        account="newcomer", organisation="parks", roles=("unit",), undocumented=True
    )

    events = decide_register(command, AccountRegistry(), SINCE)

    assert len(events) == 2
    assert all(event.undocumented for event in events)


def test_a_rubric_is_published_with_a_note() -> None:
    command = PublishRubric(source=RUBRIC, transcriber_note="发布日期未见文件")

    (event,) = decide_rubric(command, Editions(), SINCE)

    assert event.transcriber_note == "发布日期未见文件"


@pytest.mark.parametrize(
    "marks",
    [{"undocumented": False}, {"cites": []}, {"transcriber_note": ""}, {"transcriber_note": None}],
)
def test_what_has_no_value_is_left_out(marks: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_validated({"do": "publish-result", "place": "网站", **marks}, Command)


# Bytes --------------------------------------------------------------------------------------------


def test_without_value_the_fields_are_not_in_the_bytes() -> None:
    one = replace(history(OPENED)[0], entry=b"")

    assert {"cites", "transcriber_note", "undocumented"}.isdisjoint(plain(encode(one))["data"])


@pytest.mark.parametrize(
    "marks",
    [
        {"undocumented": False},
        {"cites": []},
        {"transcriber_note": ""},
        {"transcriber_note": None},
        {"transcriber_note": " \n"},
        {"cites": [{"document": "A 1", "place": "附件1"}]},
        {"cites": [{"document": "report", "place": ""}]},
        {"cites": [{"document": "report", "place": "附件1", "page": "1"}]},
        {"undocumented": "true"},
        {"remark": "原文如此"},
    ],
)
def test_there_is_one_way_to_write_them(marks: dict[str, object]) -> None:
    entry = plain(encode(history(OPENED)[0]))
    entry["data"] |= marks

    with pytest.raises(UnreadableEntry):
        decode(canonical(entry))


# Attacks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rules", range(1, SINCE))
def test_a_note_in_an_event_of_older_rules_is_told(rules: int) -> None:
    """The programs of that time could not have written it."""
    record = history(SUBMITTED)
    old = [replace(one, rules=rules) for one in record]
    noted = replace(old[3], event=replace(old[3].event, transcriber_note="后来补写"))

    found = list(irregularities([*old[:3], noted, *old[4:]], editions()))

    assert [(one.recorded.version, one.rule) for one in found] == [(4, "not-known-then")]


def under_older_rules() -> list[Callable[[], object]]:
    rubric = PublishRubric(source=RUBRIC, undocumented=True)
    role = GrantRole(account="filer", role="auditor", undocumented=True)
    cut = replace(CUT_SERVICE, undocumented=True)
    record = history(SUBMITTED)
    return [
        lambda: decide_rubric(rubric, Editions(), SINCE - 1),
        lambda: decide_register(role, AccountRegistry(), SINCE - 1),
        lambda: decide(
            cut, fold(record), record[0].by, editions(), SINCE - 1, dated=record[0].dated
        ),
    ]


@pytest.mark.parametrize("asking", under_older_rules(), ids=["rubric", "register", "case"])
def test_no_stream_takes_the_fields_under_older_rules(asking: Callable[[], object]) -> None:
    with pytest.raises(CommandRefused) as refused:
        asking()

    assert refused.value.rule == "not-known-then"


def test_events_with_marks_come_from_the_commands_that_made_them() -> None:
    story = CLAIMED + REGISTERED + on("2024-07-31", ("filer", cited("附件1 第 1 行")))

    assert list(irregularities(history(story), editions())) == []


def test_an_account_is_opened_with_a_mark() -> None:
    event = AccountOpened(account="a", organisation="b", undocumented=True)

    assert canonical(event) == b'{"account":"a","organisation":"b","undocumented":true}'
