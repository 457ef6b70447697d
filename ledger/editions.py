"""The editions of one rubric, as its stream publishes them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import assert_never

from msgspec import Struct, field

from ledger import refusals
from ledger.commands import PublishRubric, RubricCommand, SupersedeRubric
from ledger.envelope import RecordedEvent
from ledger.events import RubricEvent, RubricPublished, RubricSuperseded
from ledger.every_command import event_of, marked, must_be_known, must_show
from ledger.rubric import Rubric, digest, read
from ledger.rubric_parts import Joining, publications
from ledger.rule_editions import RuleEdition, holds
from ledger.values import Edition, Sha256


class Editions(Struct):
    """What was published, by edition; and which edition another one supersedes.

    What was published in parts is here as if it were one entry.
    """

    published: dict[Edition, RubricPublished] = field(default_factory=dict)
    joining: Joining = field(default_factory=Joining)
    superseded_by: dict[Edition, Edition] = field(default_factory=dict)

    def digest(self, edition: Edition) -> Sha256:
        """What pins an edition.

        Raises:
            CommandRefused: it was never published.
        """
        if found := self.published.get(edition):
            return found.sha256
        if not self.published:
            raise refusals.no_editions()
        raise refusals.unknown_edition(edition, self.published)

    @property
    def newest(self) -> Edition | None:
        """The last one published that none supersedes, or else the last one."""
        current = [name for name in self.published if name not in self.superseded_by]
        return next(reversed(current or [*self.published]), None)

    def rubric(self, edition: Edition) -> Rubric:
        """The rubric of an edition, parsed."""
        self.digest(edition)
        return parsed(self.published[edition].source)


@lru_cache(maxsize=64)
def parsed(source: str) -> Rubric:
    """The rubric that a published file writes. Kept, because parsing is the slow part of a read."""
    return read(source.encode())


def evolve_editions(editions: Editions, event: RubricEvent) -> None:
    """Assign what one event changes."""
    match event:
        case RubricPublished():
            if whole := editions.joining.whole(event):
                editions.published[event.edition] = whole
        case RubricSuperseded():
            editions.superseded_by[event.edition] = event.by_edition
        case _:
            assert_never(event)


def fold_editions(history: Iterable[RecordedEvent]) -> Editions:
    """The editions of a rubric, folded from its history."""
    editions = Editions()
    for recorded in history:
        evolve_editions(editions, recorded.event)  # type: ignore[arg-type]  # a rubric's stream holds rubric events only; `decide_rubric` writes no others
    return editions


def decide_rubric(
    command: RubricCommand, editions: Editions, rules: RuleEdition
) -> list[RubricEvent]:
    """What a command does to a rubric's editions.

    Raises:
        CommandRefused: the edition exists already, or does not, or would supersede itself.
        Invalid: the file is not a rubric.
    """
    must_show(command, rules)
    must_be_known(command, rules)
    return marked(command, _events(command, editions, rules))


def _events(command: RubricCommand, editions: Editions, rules: RuleEdition) -> list[RubricEvent]:
    match command:
        case PublishRubric(source=source):
            rubric = parsed(source)
            if rubric.edition in editions.published:
                raise refusals.edition_exists(rubric.id, rubric.edition)
            name = (rubric.id, rubric.edition, digest(source.encode()))
            return [*publications(*name, source, command.transcriber_note or "")]
        case SupersedeRubric():
            editions.digest(command.edition)
            editions.digest(command.by_edition)
            if command.edition == command.by_edition and holds("superseded-by-itself", rules):
                raise refusals.superseded_by_itself(command.edition)
            return [event_of(RubricSuperseded, command)]
        case _:
            assert_never(command)
