"""The feed of events (事件流): what a program follows instead of polling each case."""

from starlette.responses import Response

from application.feed import Feed
from application.feed_events import BEGINNING, FeedPosition, feed_end
from projections.formatting import as_json
from web.api.read import AT_ONCE
from web.cloud_event import BATCH, cloud_event
from web.desk import Desk


def feed(desk: Desk) -> Response:
    """The events that the account sees, in the order in which they became visible to it.

    `Feed-Cursor` says where to go on from; as long as there is more, `Link` leads there.

    Raises:
        Invalid: the cursor is not of this feed.
    """
    asked, account = desk.request.query_params, desk.account
    cases = desk.who.cases
    if wanted := frozenset(name for name in asked.getlist("case") if name):
        cases = wanted if cases is None else wanted & cases
    cursors = desk.office.cursors
    after = BEGINNING
    if text := asked.get("after"):
        after = cursors.read(text, account.id, cases)
    elif asked.get("from") == "now":
        after = feed_end(desk.office.store)
    limit = max(1, min(desk.number("limit", AT_ONCE), AT_ONCE))
    page = Feed(desk.office.store, desk.reading, account, cases).page(after, limit)
    for case in dict.fromkeys(fed.event.case for fed in page.events):
        desk.note_access(case)

    def cursor_at(place: FeedPosition) -> str:
        return cursors.written(place, account.id, cases)

    events = [cloud_event(fed) | {"cursor": cursor_at(fed.place)} for fed in page.events]
    reached = cursor_at(page.reached)
    headers = {"feed-cursor": reached, "vary": "authorization, cookie"}
    if page.more:
        here = desk.request.url.remove_query_params("from").include_query_params(after=reached)
        headers["link"] = f'<{here.path}?{here.query}>; rel="next"'
    return Response(as_json(events, desk.language), 200, headers, BATCH)
