"""Together (合并办理): several commands recorded at once, or all that keeps them from it."""

from collections.abc import Callable, Mapping

from ledger.language import Text
from ledger.ledger import CommandResult, EnvelopeRefused
from ledger.problem import Mendable
from ledger.values import Invalid

Commands = Mapping[str, Mapping[str, object]]


class RefusedTogether(Mendable):
    """Some of several commands cannot be recorded, so none was.

    Attributes:
        problems: what is wrong with each that cannot, by its key.
    """

    def __init__(self, problems: Mapping[str, Mendable]) -> None:
        self.problems = problems
        first = next(iter(problems.values()))
        count = len(problems)
        text = Text(
            f"有 {count} 项不能办理，全部未记录：{first.text.zh}",
            f"{count} of them cannot be done, so nothing was recorded: {first.text.en}",
        )
        super().__init__(*text, rule=first.rule)


def handle_together(
    commands: Commands,
    record: Callable[[Commands], list[CommandResult]],
    rehearse: Callable[[Commands], object],
) -> list[CommandResult]:
    """Record several commands in one case, all or nothing.

    Args:
        commands: the fields of each command under its key.
        record: records all of them or none.
        rehearse: tries the same and writes nothing.

    Raises:
        RefusedTogether: says all that keeps any of them from being recorded.
        VersionConflict: somebody else was faster.
        OutcomeUnknown: they may have been recorded or not.
    """
    try:
        return record(commands)
    except (EnvelopeRefused, Invalid):
        pass
    problems: dict[str, Mendable] = {}
    good: Commands = {}
    for key, fields in commands.items():
        tried = {**good, key: fields}
        try:
            rehearse(tried)
        except (EnvelopeRefused, Invalid) as problem:
            problems[key] = problem
        else:
            good = tried
    raise RefusedTogether(problems)
