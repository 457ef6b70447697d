"""What a filled-in form asks to be recorded, as a list to be looked at."""

from collections.abc import Iterable, Iterator
from typing import Final

from documents.lists import ListColumn, Row
from intake.command_line import line_of
from intake.written_command import LocatedCommand
from ledger import terms

FORM_COMMANDS: Final = (
    ListColumn("place", terms.PLACE),
    ListColumn("do", terms.COMMAND),
    ListColumn("subject", terms.SUBJECT),
    ListColumn("value", terms.ACTUAL, number=True),
    ListColumn("words", terms.JUSTIFICATION),
)


def form_command_rows(commands: Iterable[LocatedCommand]) -> Iterator[Row]:
    """The commands, each with the sheet and the row that ask for it."""
    for line in map(line_of, commands):
        yield {**line._asdict(), "place": line.place_in_form}
