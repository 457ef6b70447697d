"""What an event sets, so that a later event that sets the same replaces it.

Narrower than what it is about (`subjects`): a claim and an award are about one indicator, and
neither takes the place of the other. A countersignature leaves the award as it is, and a new award
leaves no countersignature.
"""

from typing import NamedTuple, assert_never

from ledger import events as e


class Effect(NamedTuple):
    """One thing that is so or otherwise: the award of an indicator, the stage of a submission."""

    kind: str
    id: str = ""


def effects_of(event: e.Event) -> tuple[Effect, ...]:  # noqa: C901, PLR0911, PLR0912, PLR0915 - one line per kind of effect
    """What an event sets. An event that has no branch here is a type error."""
    # The branches are tried one after the other, so what most of a history is made of comes first.
    match event:
        case e.FigureSubmitted(figure=figure):
            return (Effect("figure", figure.id),)
        case e.FigureConfirmed():
            return (Effect("restated figure", event.figure),)
        case e.ScoreClaimed():
            return (Effect("claim", event.indicator),)
        case (
            e.ScoreConfirmed() | e.ScoreAdjusted() | e.IndicatorExcluded() | e.AdjustmentWithdrawn()
        ):
            return (Effect("award", event.indicator),)
        case e.AccountOpened():
            return (Effect("account", event.account),)
        case e.TimeZoneSet():
            return (Effect("time zone"),)
        case e.AccountKeyEnrolled():
            return (Effect("key", event.public),)
        case e.AccountKeyCountersigned():
            return (Effect("key confirmed", event.fingerprint),)
        case e.AccountKeyRetired():
            return (Effect("key retired", event.fingerprint),)
        case e.SignaturesDemanded():
            return (Effect("signatures", event.only or ""),)
        case e.ConflictDeclared() | e.ConflictEnded():
            return (Effect("conflict", f"{event.account} {event.unit}"),)
        case e.AccountsLinked():
            return (Effect("person", f"{event.account} {event.also}"),)
        case e.RankingRecorded():
            return (Effect("ranking", str(event.year)),)
        case e.YearNoticeRecorded():
            return (Effect("notice", f"{event.bureau} {event.year} {event.rubric or ''}"),)
        case e.LedgerFrozen():
            return (Effect("frozen"),)
        case e.PredecessorNamed():
            return (Effect("predecessor"),)
        case e.AccountCarriedOver():
            return (Effect("account", event.account),)
        case e.CheckpointTaken():
            return (Effect("checkpoint", event.checkpoint.partition("\n")[0]),)
        case e.EntriesMerged():
            return tuple(Effect("merge", stream.stream) for stream in event.streams)
        case e.EntrySetAside():
            return (Effect("set aside", str(event.position)),)
        case e.RoleGranted() | e.RoleRevoked():
            return (Effect("role", f"{event.account} {event.role}"),)
        case e.RubricPublished():
            return (_edition(event),)
        case e.RubricSuperseded():
            return (Effect("superseded", event.edition),)
        case e.CaseOpened():
            return (Effect("opening"),)
        case e.RubricPinned() | e.RubricRepinned():
            return (Effect("rubric"),)
        case e.ReviewCommissioned():
            return (Effect("agency"),)
        case e.WorkAssigned():
            rows = event.indicators or ("",)
            return tuple(Effect("assignment", row) for row in rows)
        case e.AccountRecused():
            return (Effect("recusal", event.account),)
        case e.DocumentRegistered():
            return (Effect("document", event.document),)
        case e.UnitListed():
            return (Effect("unit", event.member),)
        case e.ScopeDefined():
            return (Effect("scope", event.scope),)
        case e.StatementMade():
            return (Effect("statement", event.item),)
        case e.SubtotalPrinted():
            return (Effect("subtotal", event.item),)
        case e.MaterialPublished():
            return (Effect("publication", f"{event.title} {event.place}"),)
        case e.ReportDelivered():
            return (Effect("report"),)
        case e.FigureWithdrawn():
            return (Effect("figure", event.figure),)
        case e.FigureRestated(figure=figure):
            return (Effect("restated figure", figure.id),)
        case e.EvidenceFiled(evidence=evidence):
            return (Effect("evidence", evidence.sha256),)
        case e.EvidenceErased():
            return (Effect("evidence", event.sha256),)
        case e.ClaimRestated():
            return (Effect("restated claim", event.indicator),)
        case e.BonusClaimed():
            return (Effect("bonus claim", event.item),)
        case e.SelfEvaluationSubmitted() | e.SubmissionReturned():
            return (Effect("submission"),)
        case e.ResultCorrected():
            return (_decided(event),)
        case e.ReasonAmended():
            return (Effect("reason", event.item or event.indicator),)
        case e.AdjustmentCountersigned():
            return (Effect("countersignature", event.indicator),)
        case e.BonusRecognised() | e.BonusRefused() | e.PenaltyRecorded():
            return (Effect("item", event.item),)
        case e.FindingRaised():
            return (Effect("finding", event.finding),)
        case e.RecommendationMade():
            return (Effect("recommendation", event.recommendation),)
        case e.DraftSent():
            return (Effect("draft"),)
        case e.ObjectionRaised():
            return (Effect("objection", event.objection),)
        case e.ObjectionAnswered():
            return (Effect("answer", event.objection),)
        case e.ResultIssued():
            return (Effect("result"),)
        case e.ResultReceived():
            return (Effect("receipt"),)
        case e.ResultPublished():
            return (Effect("publication", event.place),)
        case e.AppealLodged() | e.AppealWithdrawn():
            return (Effect("appeal", event.appeal),)
        case e.AppealDecided():
            return (Effect("decision", event.appeal), *map(_decided, event.rulings))
        case e.RectificationRequested():
            return (Effect("request", event.request),)
        case e.RectificationResponded() | e.RectificationReturned() | e.RectificationAccepted():
            return (Effect("response", event.request),)
        case e.DeadlineExtended():
            return (Effect("deadline", event.request),)
        case e.RetentionSet():
            return (Effect("retention"),)
        case e.DestructionProposed() | e.DestructionAppraised() | e.DestructionDecided():
            return (Effect("destruction"),)
        case e.CaseClosed() | e.ReopeningRequested() | e.CaseReopened():
            return (Effect("closing"),)
        case e.DossierIssued():
            return (Effect("dossier", event.indicator or ""),)
        case _:
            assert_never(event)


def _edition(published: e.RubricPublished) -> Effect:
    """A part of the file does not take the place of another; the last one is the edition."""
    part = f" {published.part}" if published.part < published.parts else ""
    return Effect("edition", f"{published.edition}{part}")


def _decided(said: e.Ruling | e.ResultCorrected) -> Effect:
    if said.item is not None:
        return Effect("item", said.item)
    return Effect("award", said.indicator)


def ended_by(event: e.Event) -> tuple[Effect, ...]:
    """Whose place an event takes: of what it sets, and of what falls with that."""
    effects = effects_of(event)
    signatures = (
        Effect("countersignature", effect.id) for effect in effects if effect.kind == "award"
    )
    return (*effects, *signatures)
