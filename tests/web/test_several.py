"""Several rows at once: one act each, together or not at all, refusals at their rows."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.terminal import CASE, record

CONFIRM, COUNTERSIGN = (f"/cases/{CASE}/{what}" for what in ("confirm", "countersign"))


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    with house(submitted, tmp_path) as made:
        yield made


def waiting(text: str) -> list[str]:
    """The rows that a page lists."""
    return re.findall(r'<li id="([^"]+)"', text)


def sent(text: str, **more: str | list[str]) -> dict[str, str | list[str]]:
    """What a page would send."""
    return {**dict(re.findall(r'type="hidden" name="(key|seen)" value="([^"]*)"', text)), **more}


def plain(text: str) -> list[str]:
    """The rows whose claim is what the rule gives."""
    return [
        row
        for row in waiting(text)
        if "chip" not in text.partition(f'<li id="{row}"')[2].partition("</li>")[0]
    ]


def test_rows_are_confirmed_together_one_act_each(pages: House, submitted: Place) -> None:
    before, desk = len(record(submitted)), pages.desk("agency-reviewer")
    text = desk.get(CONFIRM).text
    rows = plain(text)[:3]
    answer = desk.post(CONFIRM, data=sent(text, row=rows))
    assert answer.status_code == 303, answer.text
    assert [row[3] for row in record(submitted)[before:]] == ["ScoreConfirmed"] * 3
    assert not {*rows} & {*waiting(desk.get(CONFIRM).text)}


def test_a_press_that_is_repeated_records_nothing_more(pages: House, submitted: Place) -> None:
    desk = pages.desk("agency-reviewer")
    text = desk.get(CONFIRM).text
    given = sent(text, row=plain(text)[:2])
    assert [desk.post(CONFIRM, data=given).status_code for _ in range(2)] == [303, 303]
    assert [row[3] for row in record(submitted)].count("ScoreConfirmed") == 2


def test_what_cannot_be_done_is_told_at_its_row_and_nothing_is_recorded(
    pages: House, submitted: Place
) -> None:
    before, desk = len(record(submitted)), pages.desk("agency-reviewer", "en")
    text = desk.get(CONFIRM).text
    good = plain(text)[0]
    bad = [row for row in waiting(text) if row not in plain(text)][:2]
    answer = desk.post(CONFIRM, data=sent(text, row=[good, *bad]))
    assert answer.status_code == 422
    assert re.findall(r'class="wrong-words" id="(.*?)-problem"', answer.text) == bad
    assert f'value="{good}" checked' in answer.text
    assert len(record(submitted)) == before
    words = {f"words-{row}": "附件齐全" for row in bad}
    done = desk.post(CONFIRM, data=sent(answer.text, row=[good, *bad], **words))
    assert done.status_code == 303
    assert len(record(submitted)) == before + 3


def test_nothing_ticked_is_nothing_done(pages: House, submitted: Place) -> None:
    before, desk = len(record(submitted)), pages.desk("agency-reviewer", "en")
    answer = desk.post(CONFIRM, data=sent(desk.get(CONFIRM).text))
    assert (answer.status_code, "tick at least one" in answer.text) == (422, True)
    assert len(record(submitted)) == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_conflict_shows_what_was_recorded_since_and_keeps_the_words(
    pages: House, submitted: Place, lang: str
) -> None:
    desk, other = pages.desk("agency-reviewer", lang), pages.desk("agency-lead")
    text = desk.get(CONFIRM).text
    first, second, third = plain(text)[:3]
    lacking = next(row for row in waiting(text) if row not in plain(text))
    other.post(CONFIRM, data=sent(other.get(CONFIRM).text, row=[first]))
    before = len(record(submitted))
    words = {f"words-{first}": "甲的话", f"words-{second}": "乙的话", f"words-{third}": "丙的话"}
    answer = desk.post(CONFIRM, data=sent(text, row=[first, second], **words))
    assert answer.status_code == 409
    assert 'id="problem"' in answer.text
    since = answer.text.partition('class="since"')[2].partition("</section>")[0]
    assert "agency-lead" in since  # who, and what became of which row
    assert re.search(r"[\d.—]+ → [\d.]+", since)
    assert "甲的话" in since  # its row waits no longer, and what was typed of it is there
    assert f'href="/cases/{CASE}/indicators/{first}"' in since
    assert f'value="{second}" checked' in answer.text
    assert [*re.findall(r'name="words-[^"]+" value="([^"]+)"', answer.text)] == ["乙的话", "丙的话"]

    # Whatever else is wrong is told with it; once it was seen, the same press records the rest.
    both = desk.post(CONFIRM, data=sent(text, row=[first, lacking]))
    assert both.status_code in {409, 422}
    assert "agency-lead" in both.text.partition('class="since"')[2]
    assert len(record(submitted)) == before
    again = desk.post(CONFIRM, data=sent(answer.text, row=[second]))
    assert again.status_code == 303
    assert len(record(submitted)) == before + 1


def test_news_about_another_row_disturbs_nobody(pages: House, submitted: Place) -> None:
    desk, other = pages.desk("agency-reviewer"), pages.desk("agency-lead")
    text = desk.get(CONFIRM).text
    first, second = plain(text)[:2]
    other.post(CONFIRM, data=sent(other.get(CONFIRM).text, row=[first]))
    assert desk.post(CONFIRM, data=sent(text, row=[second])).status_code == 303
    assert [row[3] for row in record(submitted)].count("ScoreConfirmed") == 2


@pytest.mark.parametrize("account", ["unit-filer", "bureau-officer"])
def test_rows_are_confirmed_by_the_agency_alone(
    pages: House, submitted: Place, account: str
) -> None:
    before, desk = len(record(submitted)), pages.desk(account)
    text = desk.get(CONFIRM).text
    assert desk.post(CONFIRM, data=sent(text, row=plain(text)[:1])).status_code == 422
    assert len(record(submitted)) == before


def test_a_lead_goes_through_the_queue_and_signs(pages: House, submitted: Place) -> None:
    """And nobody signs an award of their own."""
    reviewer, lead = pages.desk("agency-reviewer", "en"), pages.desk("agency-lead", "en")
    text = reviewer.get(CONFIRM).text
    rows = [row for row in waiting(text) if row not in plain(text)][:3]
    words = {f"words-{row}": "附件齐全" for row in rows}
    assert reviewer.post(CONFIRM, data=sent(text, row=rows, **words)).status_code == 303
    own = reviewer.post(COUNTERSIGN, data=sent(reviewer.get(COUNTERSIGN).text, row=rows))
    assert own.status_code == 422
    queue = lead.get(COUNTERSIGN).text
    assert [*waiting(queue)] == rows
    assert "附件齐全" in queue
    one = lead.post(COUNTERSIGN, data=sent(queue, only=rows[0], row=rows))
    assert one.headers["location"] == f"{COUNTERSIGN}#{rows[1]}"
    rest = lead.get(COUNTERSIGN).text
    assert lead.post(COUNTERSIGN, data=sent(rest, row=rows[1:])).status_code == 303
    assert [row[3] for row in record(submitted)][-3:] == ["AdjustmentCountersigned"] * 3
    assert waiting(lead.get(COUNTERSIGN).text) == []


def test_reasons_outlast_the_page_and_the_session(pages: House) -> None:
    desk = pages.desk("agency-reviewer")
    text = desk.get(CONFIRM).text
    (name,) = re.findall(r'data-draft="([^"]+)"', text)
    first, second = waiting(text)[:2]
    fields = {"row": [first], f"words-{first}": ["甲的理由"], f"words-{second}": ["乙的理由"]}
    assert desk.post("/drafts", json={"form": name, "fields": fields}).status_code == 204
    again = desk.get(CONFIRM).text
    assert "甲的理由" in again
    assert f'value="{first}" checked' in again

    # One of them is recorded: of the other nothing is lost.
    done = desk.post(CONFIRM, data=sent(again, **{**fields, "only": first, "form": name}))
    assert done.status_code == 303
    after = desk.get(CONFIRM).text
    assert first not in waiting(after)
    assert "乙的理由" in after

    # What is sent after the session ended is there after the next login.
    pages.clock.ahead += timedelta(hours=13)
    late = desk.post(
        CONFIRM, data=sent(after, row=[second], form=name, **{f"words-{second}": "丙"})
    )
    assert unquote(late.headers["location"]) == f"/login?next={CONFIRM}"
    assert "丙" in pages.desk("agency-reviewer").get(CONFIRM).text
