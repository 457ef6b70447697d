"""Chinese or English, chosen by `--lang`, else by the locale; Chinese where neither says."""

import os
from typing import Final, Literal

Language = Literal["zh", "en"]
LANGUAGES: Final = ("zh", "en")

_chosen: list[Language] = []


def choose(language: Language | None) -> None:
    """Speak this language from here on; `None` goes back to the locale's."""
    _chosen[:] = [language] if language else []


def language() -> Language:
    """The language that is spoken now."""
    if _chosen:
        return _chosen[0]
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if locale := os.environ.get(name):
            return "en" if locale.lower().startswith("en") else "zh"
    return "zh"


def t(zh: str, en: str) -> str:
    """The one of two wordings that is in the language spoken now."""
    return zh if language() == "zh" else en
