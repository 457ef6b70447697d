"""given / when / then: what a case has seen, what somebody asks for, what comes of it.

The acts go through the front door, so that rights, rules, bytes and repetition are all in play;
only the archive is a list. Whatever is refused or repeated must leave every byte as it was.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final, Self

from msgspec.structs import astuple, replace

from ledger.codec import canonical
from ledger.commands import Command, CommandEnvelope, OpenAccount, PublishRubric
from ledger.editions import Editions
from ledger.envelope import RecordedEvent
from ledger.events import Event
from ledger.ledger import CommandResult, EnvelopeRefused, Ledger
from ledger.refusals import CommandRefused
from ledger.store import Basis, Entry, NewEntry, VersionConflict
from ledger.values import Instant
from tests.support.forgery import FOUND_AS, UNREADABLE, found_in_a_forgery
from tests.support.small_case import ACCOUNTS, CASE, RUBRIC, WITHOUT_EXTRAS, Story

FOUNDED = date(2024, 1, 1)
DAY = date(2024, 12, 31)
OF_THE_WHOLE_LEDGER: Final = {"no-entry", "sound-entry"}
"""Rules about entries of other streams; tests/proof/test_set_aside.py forges against them."""

FORGED: Final[list[tuple[CommandRefused, str]]] = []
"""Refusals that were forged, each with the name by which a replay found it, for `forgeries.py`."""


def moment(minute: int) -> Instant:
    """When the act of that number is recorded: one a minute."""
    return f"2026-11-21T{10 + minute // 60:02}:{minute % 60:02}:00.000000Z"


class Memory:
    """An archive that is a list."""

    def __init__(self, log: Sequence[Entry] = ()) -> None:
        self.log = list(log)

    def streams(self) -> list[tuple[str, int]]:
        return sorted({entry.case_id: entry.version for entry in self.log}.items())

    def stream(
        self,
        case_id: str,
        upto: int | None = None,
        *,
        strict: bool = True,  # noqa: ARG002 - there are no gaps
    ) -> list[tuple[int | None, bytes]]:
        stream = [(one.position, one.entry) for one in self.log if one.case_id == case_id]
        return stream[:upto]

    def of_type(
        self, case_id: str, type_: str, upto: int | None = None
    ) -> list[tuple[int | None, bytes]]:
        return [
            (one.position, one.entry)
            for one in self.log
            if (one.case_id, one.type) == (case_id, type_) and (upto is None or one.version <= upto)
        ]

    def entry_at(self, position: int) -> Entry | None:
        return self.log[position] if position < len(self.log) else None

    def append(
        self,
        entries: Sequence[NewEntry],
        basis: Basis | None = None,  # noqa: ARG002 - nobody else writes here
    ) -> list[int]:
        for new in entries:
            if any((new.case_id, new.version) == (old.case_id, old.version) for old in self.log):
                raise VersionConflict(new.case_id, new.version)
        positions = range(len(self.log), len(self.log) + len(entries))
        self.log += [Entry(at, *new) for at, new in zip(positions, entries, strict=True)]
        return list(positions)


@cache
def founded(*, practice: bool = False) -> tuple[Entry, ...]:
    """An archive with the accounts and the rubrics of the small case, and no case yet."""
    archive = Memory()
    ledger = Ledger(archive)
    ledger.initialise("admin", "archive", FOUNDED, moment(0), practice=practice)
    for account, (organisation, role) in ACCOUNTS.items():
        opening = OpenAccount(account=account, organisation=organisation, roles=(role,))
        ledger.handle([_act("admin", opening, f"open-{account}", FOUNDED)], moment(0))
    for source in (RUBRIC, WITHOUT_EXTRAS):
        publication = PublishRubric(source=source)
        key = f"publish-{len(source)}"
        ledger.handle([_act("clerk", publication, key, FOUNDED)], moment(0))
    return tuple(archive.log)


@cache
def told(story: Story, *, practice: bool = False) -> tuple[Entry, ...]:
    """The archive after a story, each step an act of its own, recorded a minute later.

    A story is told as it is meant, whatever its days.
    """
    if not story:
        return founded(practice=practice)
    archive = Memory(told(story[:-1], practice=practice))
    account, command, dated = story[-1]
    stated = [day for day in astuple(command) if isinstance(day, date)]
    act = _act(account, command, f"step-{len(story)}", dated)
    act = replace(act, confirmed_dates=(dated, *stated))
    Ledger(archive).handle([act], moment(len(story)))
    return tuple(archive.log)


def history(story: Story) -> list[RecordedEvent]:
    """The events of the small case after a story."""
    return [*Ledger(Memory(told(story))).history(CASE)]


@cache
def editions() -> Editions:
    """What was published of the rubric of the small case."""
    return Ledger(Memory(founded())).editions("small")


def _act(account: str, command: Command, key: str, dated: date = DAY) -> CommandEnvelope:
    return CommandEnvelope(case=CASE, by=account, dated=dated, id=key, command=command)


def given(*story: Story) -> "Given":
    """What happened before, as parts of a story."""
    steps = sum(story, ())
    return Given(told(steps), max([DAY, *(dated for _, _, dated in steps)]))


@dataclass(frozen=True)
class Given:
    """What happened before."""

    log: tuple[Entry, ...]
    day: date = DAY

    def when(
        self,
        command: Command,
        *,
        by: str,
        key: str = "the-act",
        dated: date | None = None,
        confirmed_dates: tuple[date, ...] = (),
    ) -> "When":
        """Somebody asks for something, after all that happened where no day is said."""
        archive = Memory(self.log)
        act = _act(by, command, key, dated or self.day)
        act = replace(act, confirmed_dates=confirmed_dates)
        try:
            outcome = Ledger(archive).handle([act], moment(59))[0]
        except EnvelopeRefused as error:
            return When(act, self.log, tuple(archive.log), error.refused)
        return When(act, self.log, tuple(archive.log), outcome)


@dataclass(frozen=True)
class When:
    """What came of it."""

    act: CommandEnvelope
    before: tuple[Entry, ...]
    after: tuple[Entry, ...]
    answer: CommandResult | CommandRefused

    def then(self, *events: Event) -> Self:
        """Exactly these events, with these digits."""
        assert isinstance(self.answer, CommandResult), f"refused: {self.answer}"
        happened = [recorded.event for recorded in self.answer.recorded]
        assert happened == list(events)
        assert [canonical(event) for event in happened] == [canonical(event) for event in events]
        assert len(self.after) == len(self.before) + len(events)
        return self

    def again(self) -> Given:
        """What happened up to now is what is given next."""
        return Given(self.after, self.act.dated)

    def then_nothing(self) -> Self:
        """A repetition: the first result again, and nothing new."""
        assert isinstance(self.answer, CommandResult), f"refused: {self.answer}"
        assert self.answer.repeated
        assert self.after == self.before
        return self

    def then_refused(self, rule: str, *words: str) -> Self:
        """A rule forbids it, in both languages, with these words in the message.

        Recorded past the program, a replay finds it by that rule.
        """
        assert isinstance(self.answer, CommandRefused), f"accepted: {self.answer}"
        assert self.answer.rule == rule, self.answer
        zh, en = self.answer.text
        assert re.search(r"[\u4e00-\u9fff]{2}", zh), zh
        assert re.search(r"[a-z]+ [a-z]+", en), en
        for word in words:
            assert word in str(self.answer)
        assert self.after == self.before
        if rule not in OF_THE_WHOLE_LEDGER:
            found = found_in_a_forgery(Memory(self.before), self.act, moment(59))
            names = found & {*FOUND_AS.get(rule, {rule}), UNREADABLE}
            assert names, f"nothing finds it: {found}"
            FORGED.append((self.answer, min(names)))
        return self
