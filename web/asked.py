"""What an address asks for (所问): the same for a page and for the answer of the API."""

from typing import get_args

from application.lists import ListedCase, list_cases
from ledger.values import Invalid
from projections import bridge as bridges
from projections.as_of import FINAL
from projections.bridge import Bridge
from projections.score_sheet import Baseline
from web.desk import Desk


def bridge(desk: Desk) -> Bridge:
    """The steps from one point of the case to another, from one of two baselines.

    Raises:
        Invalid: no such case, point or baseline.
    """
    asked, now = desk.request.query_params, desk.now
    start, end = asked.get("from") or "self", asked.get("to") or FINAL
    wanted = asked.get("baseline") or "claims"
    for baseline in get_args(Baseline):
        if wanted == baseline:
            return bridges.bridge(
                now.earlier(start), now if end == FINAL else now.earlier(end), baseline
            )
    raise Invalid(f"没有基准 {wanted}", f"there is no baseline {wanted}")


def cases(desk: Desk) -> list[ListedCase]:
    """The cases that the account has a part in and that the address asks for."""
    asked, office = desk.request.query_params, desk.office
    words, year, stage = asked.get("q", "").strip().lower(), asked.get("year"), asked.get("stage")
    return [
        case
        for case in list_cases(office.store, office.clock().date(), account=desk.account)
        if words in f"{case.case} {case.unit} {case.year} {case.title}".lower()
        and year in {None, str(case.year)}
        and stage in {None, case.stage}
        and case.case > asked.get("after", "")
    ]
