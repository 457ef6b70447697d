"""That the texts of a command show something: what nobody can see justifies nothing."""

from collections.abc import Iterator

from msgspec import Struct, structs

from ledger import refusals
from ledger.commands import Command
from ledger.rule_editions import RuleEdition, holds
from ledger.visible import shows_something


def must_show(command: Command, rules: RuleEdition) -> None:
    """Allow texts that are empty or show something.

    Args:
        command: with texts at any depth.
        rules: the edition of the rules to decide by.

    Raises:
        CommandRefused: a text consists of characters that show nothing (`nothing-visible`).
    """
    if holds("nothing-visible", rules):
        for field, text in _texts(command):
            if text.strip() and not shows_something(text):
                raise refusals.nothing_visible(field)


def _texts(value: object, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text, with the name of its field."""
    match value:
        case str():
            yield field, value
        case Struct():
            for name, each in structs.asdict(value).items():
                yield from _texts(each, name)
        case tuple():
            for each in value:
                yield from _texts(each, field)
        case _:  # numbers, dates and what is left out show themselves
            return
