"""The bridge drawn with blocks, below its table."""

import click

from cli.language import language
from cli.screen import echo
from cli.table import console
from documents.pictures.blocks import blocks
from documents.pictures.waterfall import falls
from ledger.rubric import Rubric
from projections.bridge import Bridge

COLOURS = {"up": "green", "down": "red", "total": "blue"}


def print_chart(found: Bridge, rubric: Rubric) -> None:
    """The steps as bars, as wide as the terminal or the pipe; signs say what colours say."""
    for line in blocks(falls(found, rubric, language()), console().width):
        bar = click.style(line.bar, fg=COLOURS[line.kind])
        echo(f"{line.label}  {bar}  {line.value}")
