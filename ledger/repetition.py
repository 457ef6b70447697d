"""Commands without a key of their own: which of them repeat what is recorded, and which are new.

The key of such a command is made of its content, so that a file can be applied again, after a kill
or by mistake, and repeats nothing. But to set a score to 7, then to 8, then to 7 again is three
commands, although the third has the content of the first. So a command with a known content is a
repetition only while what it set still holds: the last command of the file on that effect is the
last one recorded on it. Otherwise it is a command of its own, under the next free key.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256

from ledger.codec import canonical
from ledger.commands import CommandEnvelope
from ledger.effects import Effect, effects_of, ended_by
from ledger.envelope import RecordedEvent
from ledger.values import CommandId


def key_of_content(envelope: CommandEnvelope) -> CommandId:
    """The key of a command that has none: who asks for what, in which case and on which day."""
    content = [envelope.case, envelope.by, str(envelope.dated), envelope.command]
    return sha256(canonical(content)).hexdigest()[:32]


class Repetitions:
    """What is known of commands without keys while those of a sequence are worked out.

    Args:
        history: of the stream, as stored.
        envelopes: the whole sequence. Only those without a key are looked at.
    """

    def __init__(
        self, history: Iterable[RecordedEvent], envelopes: Sequence[CommandEnvelope]
    ) -> None:
        self._effects: dict[CommandId, list[Effect]] = {}  # by content, of its last time
        self._recorded: dict[CommandId, list[CommandId]] = {}  # the keys of a content, in order
        self._last: dict[Effect, CommandId] = {}  # the content that has set it last
        self._fresh: set[Effect] = set()  # set by what is new in the sequence
        self._taken: Counter[CommandId] = Counter()
        for recorded in history:
            key = recorded.command.id
            content = _content_in(key)
            keys = self._recorded.setdefault(content, [])
            if key not in keys[-1:]:
                keys.append(key)
                self._effects[content] = []
            self._effects[content] += effects_of(recorded.event)
            for effect in ended_by(recorded.event):
                self._last[effect] = content
        self._stored = {content: len(keys) for content, keys in self._recorded.items()}
        self._wanted: dict[Effect, CommandId] = {}  # the last known content of the sequence on it
        asked: Counter[CommandId] = Counter()
        contents = [key_of_content(one) for one in envelopes if one.id is None]
        for content in contents:
            asked[content] += 1
            if asked[content] <= self._stored.get(content, 0):
                for effect in self._effects[content]:
                    self._wanted[effect] = content
        self.all_known = len(contents) == len(envelopes) and all(
            times <= self._stored.get(content, 0) for content, times in asked.items()
        )

    def repeated(self, content: CommandId) -> CommandId | None:
        """The key under which the next command of a content is recorded already, if it is.

        Args:
            content: what `key_of_content` makes of the command.
        """
        self._taken[content] += 1
        if self._taken[content] > self._stored.get(content, 0):
            return None
        for effect in self._effects[content]:
            holds = self._last.get(effect) == self._wanted.get(effect)
            if effect in self._fresh or not holds:
                return None
        return self.earlier(content)

    def earlier(self, content: CommandId) -> CommandId:
        """The key under which a known content was recorded, for its turn in the sequence."""
        return self._recorded[content][self._taken[content] - 1]

    def next_key(self, content: CommandId) -> CommandId:
        """The key under which a command of a content is recorded now."""
        keys = self._recorded.setdefault(content, [])
        key = f"{content}.{len(keys) + 1}" if keys else content
        keys.append(key)
        return key

    def note(self, recorded: Iterable[RecordedEvent]) -> None:
        """Remember what is new, of whatever key."""
        for one in recorded:
            self._fresh.update(ended_by(one.event))


def _content_in(key: CommandId) -> CommandId:
    """The content that a key was made of; the key itself where it was not made of one."""
    return key.partition(".")[0]
