"""The bridge drawn with blocks, below its table."""

from cli.language import language
from cli.screen import echo
from cli.table import screen_width
from documents.pictures.blocks import blocks
from documents.pictures.waterfall import falls
from ledger.rubric import Rubric
from projections.bridge import Bridge


def print_chart(found: Bridge, rubric: Rubric) -> None:
    """The steps as bars, as wide as the terminal or the pipe; signs say which way."""
    for line in blocks(falls(found, rubric, language()), screen_width()):
        echo(f"{line.label}  {line.bar}  {line.value}".rstrip())
