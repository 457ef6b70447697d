"""Compiles the Chinese words of click to what gettext reads: `python -m docs.catalogue`.

A test fails when the compiled file is stale, or when a message of click is not translated.
"""

from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

WORDS: Final = Path(__file__).parents[1] / "cli/locale/zh_CN/LC_MESSAGES/click.po"
COMPILED: Final = WORDS.with_suffix(".mo")


def compiled() -> bytes:
    """The catalogue as gettext reads it (GNU gettext, .mo)."""
    out = BytesIO()
    with WORDS.open("rb") as words:
        write_mo(out, read_po(words, abort_invalid=True))
    return out.getvalue()


if __name__ == "__main__":
    COMPILED.write_bytes(compiled())
