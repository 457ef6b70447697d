"""A document as one HTML file: no script, no outside address, light and dark, readable offline."""

from html import escape
from typing import Final

from documents.page import (
    Block,
    Document,
    Facts,
    PageColumn,
    PageHeading,
    PageRow,
    PageTable,
    Paragraph,
    Picture,
    format_cell,
    printable,
)

STYLE: Final = """\
:root{color-scheme:light dark;--ink:#1f2328;--paper:#fff;--faint:#59636e;--line:#d1d9e0;
--head:#f6f8fa}
@media (prefers-color-scheme:dark){:root{--ink:#f0f6fc;--paper:#0d1117;--faint:#9198a1;
--line:#3d444d;--head:#151b23}}
body{margin:0 auto;padding:1.5rem;max-width:76rem;color:var(--ink);background:var(--paper);
font:15px/1.6 'Noto Sans SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif}
h1,.subtitle{text-align:center}h2{margin-top:2rem;font-size:1.15rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.5rem 0}
caption{text-align:left;color:var(--faint);padding:.25rem 0}
th,td{border:1px solid var(--line);padding:.3rem .5rem;vertical-align:top;text-align:left;
white-space:pre-line;overflow-wrap:break-word}
thead th{background:var(--head);white-space:normal}
td.number,th.number{text-align:right;white-space:nowrap;
font-variant-numeric:tabular-nums}
tr.strong td{font-weight:bold}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}
dt{color:var(--faint)}dd{margin:0}pre{background:var(--head);padding:.4rem .6rem;overflow-x:auto}
svg{max-width:100%;height:auto}
footer{margin-top:2rem;border-top:1px solid var(--line);color:var(--faint);
font-size:.85rem;overflow-wrap:anywhere}
@media print{body{max-width:none;padding:0}thead{display:table-header-group}tr{break-inside:avoid}}
"""


STRONG: Final = ' class="strong"'


def html(document: Document) -> bytes:
    """The page."""
    lang = "zh-CN" if document.language == "zh" else "en"
    body = "\n".join(_block(block) for block in document.blocks)
    footer = "".join(f"<p>{_text(line)}</p>" for line in document.footer)
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        # Whatever a text holds, a browser runs nothing and fetches nothing.
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{_text(document.title)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{_text(document.title)}</h1>\n<p class="subtitle">{_text(document.subtitle)}</p>\n'
        f"{body}\n</main>\n<footer>{footer}</footer>\n</body>\n</html>\n"
    ).encode()


def _text(text: str) -> str:
    return escape(printable(text))


def _block(block: Block) -> str:
    match block:
        case PageHeading(text=text):
            return f"<h2>{_text(text)}</h2>"
        case Paragraph(text=text, code=code):
            return f"<pre><code>{_text(text)}</code></pre>" if code else f"<p>{_text(text)}</p>"
        case Facts(pairs=pairs):
            inside = "".join(
                f"<dt>{_text(name)}</dt><dd>{_text(text)}</dd>" for name, text in pairs
            )
            return f"<dl>{inside}</dl>"
        case Picture(svg=svg):
            return f"<figure>{svg}</figure>"
        case PageTable():
            return _table(block)


def _table(table: PageTable) -> str:
    head = "".join(
        f'<th scope="col"{_kind(column)}>{_text(column.heading)}</th>' for column in table.columns
    )
    spans = table.spans()
    rows = "\n".join(
        _row(row, table.columns, [spans.get((number, i), 1) for i in range(len(row.cells))])
        for number, row in enumerate(table.rows)
    )
    return (
        f'<div class="scroll"><table><caption>{_text(table.name)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def _kind(column: PageColumn) -> str:
    return ' class="number"' if column.number else ""


def _row(row: PageRow, columns: tuple[PageColumn, ...], spans: list[int]) -> str:
    cells = "".join(
        f"<td{_kind(column)}{_span(span)}>{_text(format_cell(cell))}</td>"
        for cell, column, span in zip(row.cells, columns, spans, strict=True)
        if span
    )
    return f"<tr{STRONG if row.strong else ''}>{cells}</tr>"


def _span(rows: int) -> str:
    return f' rowspan="{rows}"' if rows > 1 else ""
