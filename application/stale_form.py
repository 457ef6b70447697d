"""Forms that are older than what they would change are refused: make the form again."""

from application.clock import Clock
from intake.batch import Batch
from ledger.effects import effects_of
from ledger.ledger import EnvelopeRefused, Ledger
from ledger.terms import EVENTS
from ledger.values import Invalid, instant


def refuse_stale(ledger: Ledger, clock: Clock, batch: Batch) -> None:
    """Refuse a form whose case has moved on where the form would change it; other files pass.

    What the form itself has recorded since it was made does not count.

    Raises:
        Invalid: the case scores by another rubric, or a row was changed after the form was made.
    """
    case = batch.commands[0].envelope.case
    if batch.form is None or case is None:
        return
    path, facts, history = batch.path, batch.form, ledger.history(case)
    pinned = history.case.pinned
    if pinned is not None and facts.get("sha256") != pinned.sha256:
        raise Invalid(
            f"{path}：这张表按 {facts.get('rubric')} 生成，评价事项 {case} 用的是"
            f" {pinned.rubric}@{pinned.edition}。请重新生成",
            f"{path}: the form was made for {facts.get('rubric')}, but the case {case} is scored"
            f" by {pinned.rubric}@{pinned.edition}. Make a new form",
        )
    if not facts.get("version", "").isdecimal():
        return
    try:
        envelopes = [command.envelope for command in batch.commands]
        results, _ = ledger.work_out(envelopes, instant(clock()))
    except EnvelopeRefused:
        return  # and it will be, with its reason
    ours = {result.envelope.id for result in results if result.repeated}
    moved = {
        effect: recorded
        for recorded in history[int(facts["version"]) :]
        if recorded.command.id not in ours
        for effect in effects_of(recorded.event)
    }
    for command, result in zip(batch.commands, results, strict=True):
        for recorded in () if result.repeated else result.recorded:
            for effect in effects_of(recorded.event):
                if since := moved.get(effect):
                    title, by = EVENTS[since.type], f"{since.by.account}, {since.dated}"
                    raise Invalid(
                        f"{command.place.zh}：表生成以后，{effect.id} 又有改动：{title.zh}（{by}）"
                        "。请重新生成表",
                        f"{command.place.en}: since the form was made, {effect.id} was changed:"
                        f" {title.en} ({by}). Make a new form",
                    )
