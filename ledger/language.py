"""One sentence in two languages, and the choice between them."""

from collections.abc import Callable
from typing import Literal, NamedTuple


class Text(NamedTuple):
    """One sentence for people, Chinese and English, each complete by itself."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


Language = Literal["zh", "en"]
Say = Callable[[str, str], str]
"""Picks one of two wordings, Chinese and English."""


def in_language(text: Text, language: Language) -> str:
    """A sentence in one language."""
    return text.zh if language == "zh" else text.en


def speaker(language: Language) -> Say:
    """A function that picks the wording of one language."""
    return lambda zh, en: zh if language == "zh" else en


def counted(count: int, noun: str, plural: str = "") -> str:
    """A number with its English noun: `1 event`, `2 events`, `2 entries`.

    Args:
        count: how many.
        noun: the noun for one.
        plural: the noun for several where it is not `noun` with an s.
    """
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"
