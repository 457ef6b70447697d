"""Chinese or English, chosen by `--lang`, else by the locale; Chinese where neither says."""

import gettext
import os
from typing import Final, Literal

Language = Literal["zh", "en"]
LANGUAGES: Final = ("zh", "en")

# Our own sentences are in the code in both languages; click looks its words up by gettext, which
# asks the variable LANGUAGE before any other. Its own words are English, so that is no catalogue.
CATALOGUE: Final = "click"
gettext.bindtextdomain(CATALOGUE, os.path.join(os.path.dirname(__file__), "locale"))  # noqa: PTH118, PTH120 - pathlib is slow to import, and this is for help as well
gettext.textdomain(CATALOGUE)
LOCALES: Final = {"zh": "zh_CN", "en": "en"}

_chosen: list[Language] = []


def choose(wanted: Language | None) -> None:
    """Speak this language from here on, click with us; `None` goes back to the locale's."""
    _chosen[:] = [wanted or _of_the_locale()]
    os.environ["LANGUAGE"] = LOCALES[language()]


def language() -> Language:
    """The language that is spoken now."""
    return _chosen[0] if _chosen else _of_the_locale()


def _of_the_locale() -> Language:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if locale := os.environ.get(name):
            return "en" if locale.lower().startswith("en") else "zh"
    return "zh"


def t(zh: str, en: str) -> str:
    """The one of two wordings that is in the language spoken now."""
    return zh if language() == "zh" else en
