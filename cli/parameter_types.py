"""Values on the command line that functions below read, so that click names the option."""

from pathlib import Path
from typing import Final

import click

from cli.option import Written

WHOLE: Final = Written("integer", "whole_of")
YEAR: Final = Written("integer", "year_of")
VERSION: Final = Written("VERSION", "version_seen")
FILE: Final = click.Path(path_type=Path)
FOLDER: Final = click.Path(path_type=Path, file_okay=False)
