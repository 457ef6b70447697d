"""Commands without a key of their own: which of them repeat what is recorded, and which are new.

The key of such a command is made of its content, so that a file can be applied again, after a kill
or by mistake, and repeats nothing. But to set a score to 7, then to 8, then to 7 again is three
commands, although the third has the content of the first. So a command with a known content is a
repetition only while what it set still holds: the last known command of the sequence on that effect
is the last one recorded on it. Otherwise it is a command of its own, under the next free key.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256

from ledger.codec import canonical
from ledger.commands import CommandEnvelope
from ledger.effects import Effect, effects_of, ended_by
from ledger.envelope import RecordedEvent
from ledger.values import CommandId

Content = str
"""What a key is made of: `CONTENT` the first time, `CONTENT.2` the second."""


def content_of(envelope: CommandEnvelope) -> Content:
    """Who asks for what, in which case and on which day, as 32 digits of a SHA-256."""
    asked = [envelope.case, envelope.by, str(envelope.dated), envelope.command]
    try:
        form = canonical(asked)
    except UnicodeEncodeError:  # half a character, which is refused when it is to be recorded
        form = ascii(asked).encode()
    return sha256(form).hexdigest()[:32]


class Repetitions:
    """What is known of commands without a key while a sequence of commands is worked out.

    Attributes:
        all_known: whether every command of the sequence lacks a key and was recorded before.
    """

    def __init__(
        self, history: Iterable[RecordedEvent], envelopes: Sequence[CommandEnvelope]
    ) -> None:
        """Look through the stored history of a stream, and through the whole sequence."""
        self._keys: dict[Content, list[CommandId]] = {}  # in the order of the history
        self._sets: dict[Content, list[Effect]] = {}
        self._ends: dict[Content, list[Effect]] = {}
        self._last: dict[Effect, Content] = {}  # recorded on it
        self._wanted: dict[Effect, Content] = {}  # the last known one of the sequence on it
        self._fresh: set[Effect] = set()  # set by what is new in the sequence
        self._taken: Counter[Content] = Counter()
        contents = [content_of(envelope) for envelope in envelopes if envelope.id is None]
        if contents:
            self._look_through(history)
        self._stored = {content: len(keys) for content, keys in self._keys.items()}
        asked: Counter[Content] = Counter()
        for content in contents:
            asked[content] += 1
            if asked[content] <= self._stored.get(content, 0):
                self._wanted.update(dict.fromkeys(self._ends[content], content))
        self.all_known = len(contents) == len(envelopes) and all(
            times <= self._stored.get(content, 0) for content, times in asked.items()
        )

    def _look_through(self, history: Iterable[RecordedEvent]) -> None:
        for recorded in history:
            key = recorded.command.id
            content = key.partition(".")[0]
            keys = self._keys.setdefault(content, [])
            if key not in keys:
                keys.append(key)
            self._sets.setdefault(content, []).extend(effects_of(recorded.event))
            self._ends.setdefault(content, []).extend(ended_by(recorded.event))
            self._last.update(dict.fromkeys(ended_by(recorded.event), content))

    def key(self, envelope: CommandEnvelope) -> CommandId:
        """The key of the next command of the sequence that has none.

        Returns:
            A key that is recorded already where it is a repetition, and a new one otherwise.
        """
        content = content_of(envelope)
        turn, keys = self._taken[content], self._keys.setdefault(content, [])
        self._taken[content] += 1
        if turn < self._stored.get(content, 0) and all(
            effect not in self._fresh and self._last[effect] == self._wanted[effect]
            for effect in self._sets[content]
        ):
            return keys[turn]
        keys.append(f"{content}.{len(keys) + 1}" if keys else content)
        return keys[-1]

    def keys_in_order(self, envelopes: Iterable[CommandEnvelope]) -> list[CommandId]:
        """The keys under which the commands of a sequence of known ones were recorded before."""
        turns: Counter[Content] = Counter()
        keys = []
        for content in map(content_of, envelopes):
            keys.append(self._keys[content][turns[content]])
            turns[content] += 1
        return keys

    def note(self, recorded: Iterable[RecordedEvent]) -> None:
        """Remember what is new under any key."""
        for new in recorded:
            self._fresh.update(ended_by(new.event))
