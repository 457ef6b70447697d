"""Everything that is reported to a person about what went wrong, as one family.

    Problem      a text in both languages; the rule that was broken, its subject and its field
    +- Mendable  a person can mend it: other input, another order, another account, once more
    +- Fault     the machine, or what it holds, is to blame: a broken file, a server that is gone

No text here names a command line or a page. An edge that has commands or buttons adds its own
advice by `rule`, and its own exit code or status by class. A defect of the program is not of this
family: nobody below an edge catches it.
"""

from collections.abc import Iterable

from ledger.language import Text, sentence


class Problem(Exception):
    """Something that must be reported to a person.

    Attributes:
        text: where, what is wrong (with the value found and what is allowed), what to do.
        rule: name of the broken rule in kebab case, for scripts, tests and the advice of an edge;
            empty where no advice belongs to it.
        subject: id of what it concerns (a case, an account, an indicator, a path); may be empty.
        field: the field of the input that is wrong; may be empty.
        known: what could have been meant by an id that does not exist; for an edge where everybody
            sees everything.
    """

    def __init__(  # noqa: PLR0913 - the message and its parts
        self,
        zh: str,
        en: str,
        *,
        rule: str = "",
        subject: str = "",
        field: str = "",
        known: Iterable[str] = (),
    ) -> None:
        self.text = Text(zh, en)
        self.rule, self.subject, self.field = rule, subject, field
        self.known = tuple(known)
        super().__init__(str(self.text))

    @property
    def sentence(self) -> Text:
        """The text where no word is before it."""
        return sentence(self.text, self.subject)

    @property
    def near(self) -> str:
        """The known id that is most like the one given; empty where none is like it."""
        from difflib import get_close_matches  # noqa: PLC0415 - only where it goes wrong

        return next(iter(get_close_matches(self.subject, self.known, n=1)), "")


class Mendable(Problem):
    """A person can mend it by giving something else, or by trying again."""


class Fault(Problem):
    """What the program was given to rely on has failed: a file, a proof, a server, a disk."""
