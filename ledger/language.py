"""One sentence in two languages, and the choice between them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal


class Text:
    """One sentence for people, Chinese and English, each complete by itself.

    Neither a tuple nor a struct, so that making JSON of a view requires a language.
    """

    __slots__ = ("en", "zh")

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en

    def __iter__(self) -> Iterator[str]:
        yield self.zh
        yield self.en

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.zh, self.en) == (other.zh, other.en)

    def __hash__(self) -> int:
        return hash((self.zh, self.en))

    def __repr__(self) -> str:
        return f"Text({self.zh!r}, {self.en!r})"

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


def from_to(*ends: object) -> Text:
    """A range from its first end to its last, as each language writes it: 63～68, 63–68."""
    written = dict.fromkeys(map(str, ends))
    return Text("～".join(written), "–".join(written))


def listing(parts: Iterable[Text | str], zh: str = "、", en: str = ", ") -> Text:
    """Names and texts one after another, as each language separates them: 甲、乙, A, B.

    Args:
        parts: in their order; a `str` is a name, the same in both languages.
        zh: what separates them in Chinese.
        en: the same in English.
    """
    texts = [Text(part, part) if isinstance(part, str) else part for part in parts]
    return Text(zh.join(text.zh for text in texts), en.join(text.en for text in texts))


Language = Literal["zh", "en"]
Say = Callable[[str, str], str]
"""Picks one of two wordings, Chinese and English."""


def in_language(text: Text, language: Language) -> str:
    """A sentence in one language."""
    return text.zh if language == "zh" else text.en


def sentence(text: Text, name: str = "") -> Text:
    """A text where it is a sentence of its own: its English begins with a capital.

    Args:
        text: what follows a colon elsewhere.
        name: what it may be about; a text that begins with a name or with a value is as it was.
    """
    first, _, _ = text.en.partition(" ")
    if first == name or not (first.rstrip(",").isalpha() and first.islower()):
        return text
    return Text(text.zh, text.en[0].upper() + text.en[1:])


def speaker(language: Language) -> Say:
    """A function that picks the wording of one language."""
    return _chinese if language == "zh" else _english


def _chinese(zh: str, en: str) -> str:  # noqa: ARG001 - it chooses
    return zh


def _english(zh: str, en: str) -> str:  # noqa: ARG001 - the same
    return en


def counted(count: int, noun: str, plural: str = "") -> str:
    """A number with its English noun: `1 event`, `2 events`, `2 entries`.

    Args:
        count: how many.
        noun: the noun for one.
        plural: the noun for several where it is not `noun` with an s.
    """
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"
