"""Events as other programs take them (CloudEvents 1.0, structured mode, JSON)."""

from typing import Any, Final

from application.feed_events import FeedEvent
from web.api.read import entry_of

ONE: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"


def cloud_event(fed: FeedEvent) -> dict[str, Any]:
    """An event of the feed, as the account sees it.

    Its id stays, whenever it is read and by whom. What is in `data` is what the account sees now:
    before the draft a unit has numbers of its own, and no position in the log.
    """
    event = fed.event
    return {
        "specversion": "1.0",
        "id": fed.id,
        "source": f"/api/v1/cases/{event.case}",
        "type": f"scoretrail.{event.type}",
        "subject": event.case,
        "time": event.at,
        "datacontenttype": "application/json",
        "data": {
            "version": event.version,
            "position": event.position,
            "entry": entry_of(event),
        },
    }


CLOUD_EVENT: Final[dict[str, Any]] = {
    "type": "object",
    "description": "CloudEvents 1.0",
    "properties": {
        "specversion": {"type": "string", "const": "1.0"},
        "id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "source": {"type": "string"},
        "type": {"type": "string", "pattern": "^scoretrail[.][A-Za-z]+$"},
        "subject": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"type": "string", "const": "application/json"},
        "cursor": {"type": "string"},
        "data": {
            "type": "object",
            "properties": {
                "version": {"type": "integer"},
                "position": {"type": ["integer", "null"]},
                "entry": {"type": "object"},
            },
            "required": ["version", "position", "entry"],
        },
    },
    "required": ["specversion", "id", "source", "type", "subject", "time", "data"],
}
