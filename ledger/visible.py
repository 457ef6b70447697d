"""What a person can see of a text, and the rest of it made visible.

The author of a text must not decide how another person's screen or page looks: control characters
and escape sequences move the cursor and erase, bidirectional marks turn words around, and some
characters show nothing at all. The record keeps every text as it was given; what shows it to people
shows these characters by their number, such as <U+202E>.
"""

import re
import unicodedata
from typing import Final

# C0 and C1 controls except tab and line feed; the soft hyphen and the Arabic letter mark; Hangul
# and Khmer fillers and the Mongolian separator; zero-width and bidirectional marks, line
# separators, invisible operators; the Braille blank; the byte order mark and interlinear marks;
# tags; half surrogate pairs. Variation selectors stay: rare Chinese characters are written so.
# Compiled when such a text is first seen, as most commands show none.
_FILLERS: Final = "\u115f\u1160\u2800\u3164\uffa0"  # Unicode has them as letters, and a symbol
_HIDDEN: Final = (
    f"[{_FILLERS}\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u17b4\u17b5\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)

CONTINUED: Final = "| "
"""Before every line of a text but its first."""


def visible(text: str) -> str:
    r"""A text as it may be shown; an ordinary line end of Windows is one line end.

    >>> visible("7.50\x1b[2K")
    '7.50<U+001B>[2K'
    """
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text
    shown = text.replace("\r\n", "\n")
    return re.sub(_HIDDEN, lambda found: f"<U+{ord(found[0]):04X}>", shown)


def marked(text: str) -> str:
    r"""A text as it may appear among lines of the program: none of its own can pass for one.

    >>> marked("late\nhas been accepted")
    'late\n| has been accepted'
    """
    return visible(text).replace("\n", f"\n{CONTINUED}")


def in_json(document: str) -> str:
    """A JSON document in which such characters are escapes: it shows them and keeps them."""
    return document if document.isprintable() else re.sub(_HIDDEN, _escape, document)


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def shows_something(text: str) -> bool:
    """Whether there is anything in a text that a person can see."""
    for sign in text:  # noqa: SIM110 - mostly the first one does; a generator takes three times as long
        if unicodedata.category(sign)[0] not in "CZM" and sign not in _FILLERS:
            return True
    return False
