"""Enclosures of a dossier for people (卷宗附件), made from its events alone.

Verifying a dossier with this program generates them again from the entries and compares.
"""

import json
from datetime import date
from typing import get_args

from msgspec.structs import asdict, replace

from documents.annual_register import register
from documents.html import html
from documents.kinds import document_of, letters_due
from documents.practice import marked
from documents.score_table import score_table
from documents.source import source
from ledger.language import Language
from ledger.practice import NOT_REAL
from ledger.values import IndicatorId
from projections.as_of import CaseAsOf
from projections.bridge import bridge
from projections.change_log import change_log
from projections.explanation import explain
from projections.formatting import plain
from projections.score_sheet import pinned, score_sheet

README = """本卷宗含一个评价事项截至某一条的全部记录，附每条的包含证明。
先看：enclosures/score-table.zh.html（核查评分表和得分变动图）、change-log.zh.html（全部记录）。
已有的公文：result-letter（结果通知）、rectification（整改通知）、appeal-申诉编号（申诉答复）。
同一内容供程序读取：score-sheet.json、bridge.json、change-log.json、derivations.json、evidence.json。
核验：scoretrail dossier verify 本文件 --vkey 日志公钥
或：python3 verify_dossier.py 本文件 日志公钥（只需 Python 标准库和 openssl）
公钥请从官方网站、决定书或其他可信渠道取得，不用随卷宗寄来的。

This dossier holds every record of a case up to a version, each with proof that it is in the log.
Begin with: enclosures/score-table.en.html (scores, and what moved them) and change-log.en.html.
Letters, where there are any: result-letter, rectification, appeal-NAME (the answer to an appeal).
The same for programs: score-sheet.json, bridge.json, change-log.json, derivations.json,
evidence.json.
Verify: scoretrail dossier verify FILE --vkey KEY
or: python3 verify_dossier.py FILE KEY (needs only Python's standard library and openssl)
Take the key from the official website, the decision letter or another source you trust,
not from the sender of the dossier.
"""


def enclosures(
    point: CaseAsOf, today: date, indicator: IndicatorId | None = None
) -> dict[str, bytes]:
    """The files for people, by name.

    Args:
        point: everything that the dossier covers.
        today: the business date of the dossier.
        indicator: the row that the change log is about; the whole case without it.
    """
    made, practice = source(point, today), point.practice
    above = f"{NOT_REAL.zh}\n{NOT_REAL.en}\n\n" if practice else ""
    files = {
        "change-log.zh.html": html(marked(register(made, "zh", indicator), practice=practice)),
        "change-log.en.html": html(marked(register(made, "en", indicator), practice=practice)),
        "change-log.json": _json(change_log(point, indicator)),
        "derivations.json": _json(_derivations(point, indicator)),
        "evidence.json": _json(_evidence(point)),
        "readme.txt": (above + README).encode(),
    }
    if sheet := score_sheet(point):
        # The score table draws the bridge, so that the moves are seen before they are read.
        files["score-table.zh.html"] = html(marked(score_table(made, "zh"), practice=practice))
        files["score-table.en.html"] = html(marked(score_table(made, "en"), practice=practice))
        files["score-sheet.json"] = _json(sheet)
        letters = replace(made, enclosed=True)
        for kind, about in letters_due(made.events.values()):
            name = f"appeal-{about}" if about else kind
            for language in get_args(Language):
                files[f"{name}.{language}.html"] = html(document_of(kind, letters, language, about))
    if point.case.submitted:
        start = point.earlier("self")
        files["bridge.json"] = _json(
            {
                "claims": bridge(start, point),
                "review-table": bridge(start, point, "review-table"),
            }
        )
    return files


def _derivations(point: CaseAsOf, indicator: IndicatorId | None) -> list[dict[str, object]]:
    rows = [indicator] if indicator else list(pinned(point).by_id)
    explanations = [explain(point, row) for row in rows]
    return [
        {**asdict(explanation), "derivation_en": [step.en for step in explanation.rule.derivation]}
        for explanation in explanations
    ]


def _evidence(point: CaseAsOf) -> list[dict[str, object]]:
    case = point.case
    return [
        {
            **asdict(file),
            "number": file.number or None,
            "erased": file.sha256 in case.erased,
        }
        for file in case.evidence.values()
    ]


def _json(view: object) -> bytes:
    return (json.dumps(plain(view, "zh"), ensure_ascii=False, indent=1) + "\n").encode()
