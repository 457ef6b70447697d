"""A case in the terms of W3C PROV (PROV-DM, PROV-JSON): what came of what, by whom.

Each event is an activity, and its entry an entity, once. The states of rows, figures and items are
entities by the version that states them; a later state is a revision of the earlier one. A file of
evidence is an entity by its digest. Accounts are agents that act on behalf of their organisations.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from ledger.events import DocumentRegistered, Event, EvidenceFiled
from ledger.log.tree import leaf_hash
from ledger.moves import Move
from projections.as_of import CaseAsOf
from projections.change_log import evidence_of
from projections.provenance import cited_places

OWN: Final = "urn:scoretrail:prov:"
"""Namespace of what PROV has no word for: docs/formats/prov.md."""

LOCAL: Final = ("act", "entry", "row", "figure", "item", "evidence", "document")
"""Prefixes of what belongs to a case; `account` and `organisation` are those of the ledger."""

Record = dict[str, object]


class _Writing:
    """The records so far, by their kind and id; statements have ids that begin with `_:`."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, Record]] = defaultdict(dict)
        self.latest: dict[str, str] = {}
        """By row, figure or item: the entity that is its state now."""
        self._stated: set[str] = set()

    def element(self, kind: str, name: str, /, **said: object) -> str:
        """An entity, an activity or an agent; what has no value is left out."""
        own = {f"scoretrail:{key}": str(one) for key, one in said.items() if one is not None}
        self.records[kind].setdefault(name, {}).update(own)
        return name

    def statement(self, kind: str, /, **said: object) -> None:
        """How two of them are related; `entity` is `prov:entity`."""
        once = f"{kind} {said}"
        if once not in self._stated:
            self._stated.add(once)
            whole = {f"prov:{key}": one for key, one in said.items()}
            self.records[kind][f"_:r{len(self._stated)}"] = whole

    def state(self, activity: str, what: str, version: int, /, **said: object) -> str:
        """A row, a figure or an item as it is after an activity."""
        made = self.element("entity", f"{what}.v{version}", **said)
        self.statement("wasGeneratedBy", entity=made, activity=activity)
        if earlier := self.latest.get(what):
            self.derived(made, earlier, activity, revision=True)
        self.latest[what] = made
        return made

    def derived(self, made: str, source: str, activity: str, *, revision: bool = False) -> None:
        more = {"type": _name("prov:Revision")} if revision else {}
        self.statement(
            "wasDerivedFrom", generatedEntity=made, usedEntity=source, activity=activity, **more
        )


def prov_json(point: CaseAsOf) -> bytes:
    """The case by the point, as PROV-JSON: the same bytes each time."""
    writing = _Writing()
    for move in point.moves:
        _activity(writing, move, point)
    case = point.history[0].case if point.history else ""
    prefixes = {name: f"urn:scoretrail:case:{case}:{name}:" for name in LOCAL}
    prefixes |= {name: f"urn:scoretrail:{name}:" for name in ("account", "organisation")}
    document = {"prefix": prefixes | {"scoretrail": OWN}, **writing.records}
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def _activity(writing: _Writing, move: Move, point: CaseAsOf) -> None:
    recorded, event = move.recorded, move.recorded.event
    # 1. What was done, when, and the entry that came of it.
    activity = writing.element("activity", f"act:v{recorded.version}", dated=recorded.dated)
    at = str(recorded.at)
    writing.records["activity"][activity] |= {
        "prov:startTime": at,
        "prov:endTime": at,
        "prov:type": _name(f"scoretrail:{recorded.type}"),
    }
    digest = leaf_hash(recorded.entry).hex() if recorded.entry else None
    entry = writing.element(
        "entity", f"entry:v{recorded.version}", leaf=digest, position=recorded.position
    )
    writing.records["entity"][entry]["prov:type"] = _name("scoretrail:Entry")
    writing.statement("wasGeneratedBy", entity=entry, activity=activity, time=at)
    # 2. Who, in which role, and for whom.
    by = recorded.by
    account = writing.element("agent", f"account:{by.account}")
    house = writing.element("agent", f"organisation:{by.organisation}")
    writing.records["agent"][house]["prov:type"] = _name("prov:Organization")
    writing.statement("wasAssociatedWith", activity=activity, agent=account, role=by.role)
    writing.statement("actedOnBehalfOf", delegate=account, responsible=house)
    # 3. What it rests on.
    sources = list(_sources(writing, event, point))
    for source in sources:
        writing.statement("used", activity=activity, entity=source)
    for version in sorted({one for causes in move.causes.values() for one in causes}):
        writing.statement("wasInformedBy", informed=activity, informant=f"act:v{version}")
    # 4. What it changed.
    for made in _states(writing, activity, move):
        for source in sources:
            writing.derived(made, source, activity)


def _states(writing: _Writing, activity: str, move: Move) -> Iterator[str]:
    version, changes = move.recorded.version, move.changes
    for row, (_, state) in changes.indicators.items():
        excluded = "true" if state.excluded else None
        award = state.award.score if state.award else None
        values = {"claim": state.claim, "award": award, "score": state.score}
        yield writing.state(
            activity, f"row:{row}", version, indicator=row, excluded=excluded, **_numbers(values)
        )
    for figure, (_, stated) in changes.figures.items():
        now = stated.restated or stated.submitted
        value, unit = (now.value, now.unit or None) if now else (None, None)
        yield writing.state(
            activity,
            f"figure:{figure}",
            version,
            name=now.name if now else None,
            value=value,
            unit=unit,
        )
    for item, (_, counted) in changes.items.items():
        values = {
            "claim": counted.claimed,
            "recognised": counted.recognised,
            "penalty": counted.penalty,
        }
        yield writing.state(activity, f"item:{item}", version, **_numbers(values))


def _sources(writing: _Writing, event: Event, point: CaseAsOf) -> Iterator[str]:
    """Files by their digests, and documents by their ids."""
    if isinstance(event, EvidenceFiled):
        file = event.evidence
        yield writing.element(
            "entity", f"evidence:{file.sha256}", title=file.title, number=file.number or None
        )
    for sha256 in evidence_of(event):
        yield writing.element("entity", f"evidence:{sha256}")
    if isinstance(event, DocumentRegistered):
        yield writing.element(
            *("entity", f"document:{event.document}"),
            title=event.title,
            number=event.number or None,
            sha256=event.sha256,
        )
    for place in cited_places(event, point.case.documents):
        yield writing.element("entity", f"document:{place.document}")


def _numbers(values: Mapping[str, Decimal | None]) -> dict[str, str | None]:
    """Figures as they are recorded: a string keeps its decimals."""
    return {name: None if one is None else str(one) for name, one in values.items()}


def _name(name: str) -> Record:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}
