"""A document as one HTML file: no script, no outside address, light and dark, readable offline."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Final

from documents.line_breaking import cell_len
from documents.page import (
    Block,
    Document,
    Facts,
    Letter,
    PageColumn,
    PageForm,
    PageHeading,
    PageRow,
    PageTable,
    Paragraph,
    Picture,
    Signatures,
    format_cell,
    printable,
)
from documents.titles import words_of
from documents.whole_parts import BREAKABLE, WHOLE, unbroken
from documents.wording import (
    addressed,
    annex_heading,
    enclosures_listed,
    numbered,
    signed_by,
)

BROAD_FROM: Final = 60
"""Tables wider than this, in Chinese characters, are cards at the width of `BROAD` at least."""
BROAD: Final = 820
NARROW: Final = 560
"""Windows, in pixels, in which a table becomes cards however little room its words take."""
STEP: Final = 20
"""Tables that become cards at about the same width of a window do so at one."""
LETTER: Final = 10
HAN: Final = 15
"""Pixels of a character in the broadest of the fonts that a browser may take."""
EDGES: Final = 17
MARGINS: Final = 48
"""Pixels next to the words of a cell, and next to a table."""
LONGEST: Final = 24
"""Columns of a screen: what is longer, as a digest is, may be broken anywhere."""

CARDS: Final = """\
@media screen and (min-width:@more){@table tr+tr td.again{border-top-color:transparent;
color:transparent}}
@media screen and (max-width:@width){
@table thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@table,@table :is(caption,tbody,tr,td){display:block;width:100%}
@table tr{border:1px solid var(--line);border-radius:6px;padding:.4rem .6rem;margin:.6rem 0}
@table tr.strong{background:var(--head)}
@table :is(td,td.number){border:0;padding:.1rem 0 .1rem 7.1em;display:flow-root;text-align:left;
white-space:pre-line;overflow-wrap:anywhere}
@table td::before{content:attr(data-heading);color:var(--faint);float:left;width:6.5em;
margin-left:-7.1em;font-weight:normal}@table td:empty{display:none}
@table td.wide{padding-left:0;font-weight:bold}@table td.wide::before{content:none}}
@media screen and (max-width:360px){@table :is(td,td.number){padding-left:0}
@table td::before{float:none;display:block;width:auto;margin:0}}
"""
"""Where a table has no room, each of its rows is a card, and every cell a line with its heading."""
STYLE: Final = """\
:root{color-scheme:light dark;--ink:#1f2328;--paper:#fff;--faint:#59636e;--line:#d1d9e0;
--head:#f6f8fa;--red:#c00}
@media screen and (prefers-color-scheme:dark){:root{--ink:#f0f6fc;--paper:#0d1117;--faint:#9198a1;
--line:#3d444d;--head:#151b23;--red:#ff7b72}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem;max-width:76rem;color:var(--ink);background:var(--paper);
font:15px/1.6 'Noto Sans SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif}
h1,.subtitle{text-align:center}h1{font-size:1.6rem;line-height:1.4;text-wrap:balance}
.whole{white-space:nowrap}h1,thead th,.sender{word-break:keep-all}h1{overflow-wrap:anywhere}
h2{margin-top:2rem;font-size:1.15rem}h3{margin-top:1.2rem;font-size:1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
caption{text-align:left;color:var(--faint);padding:.25rem 0}
th,td{border:1px solid var(--line);padding:.3rem .5rem;vertical-align:top;text-align:left;
white-space:pre-line;overflow-wrap:break-word}
thead th{background:var(--head);white-space:normal;overflow-wrap:normal}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
td.number{white-space:nowrap}td.long{white-space:pre-line;overflow-wrap:anywhere}
td.again{color:var(--faint)}.form th{background:var(--head)}.form{overflow-x:auto}
tr.strong td{font-weight:bold}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}
dt{color:var(--faint)}dd{margin:0;overflow-wrap:anywhere}
pre,code{font-family:ui-monospace,Consolas,'Noto Sans Mono',monospace;font-size:.9rem}
pre{background:var(--head);padding:.4rem .6rem;white-space:pre-wrap;overflow-wrap:anywhere}
figure{margin:1rem 0}svg{max-width:100%;height:auto}.narrow{display:none}
.sign{display:flex;flex-wrap:wrap;gap:1.5rem 2rem;margin:2rem 0}
.sign div{flex:1 1 11rem;border-bottom:1px solid var(--faint);padding-bottom:2.2rem}
.sign span{color:var(--faint)}
.letter{max-width:46rem;margin:0 auto;font-family:FangSong_GB2312,'仿宋_GB2312',FangSong,'仿宋',
'Noto Serif SC','Source Han Serif SC',serif;font-size:1.1rem;line-height:1.8}
.letter h2,.letter h3{font-size:1.1rem;margin:1rem 0 .4rem;text-indent:2em;font-weight:normal;
font-family:SimHei,'黑体','Noto Sans SC',sans-serif}
.letter h3{font-family:KaiTi_GB2312,'楷体_GB2312',KaiTi,'楷体','Noto Serif SC',serif}
.letter p{margin:.4rem 0}.letter .body>p{text-indent:2em}.letter h1{margin:2rem 0}
.letter table{font:15px/1.6 'Noto Sans SC','Microsoft YaHei',sans-serif}
.sender{color:var(--red);text-align:center;font-size:1.9rem;letter-spacing:.1em;margin:0;
text-wrap:balance;border-bottom:5px double var(--red);padding-bottom:.6rem;line-height:1.3}
.letter .docnumber{text-align:right}.letter .enclosed{margin:0 0 0 2em;text-indent:0}
.letter .body+.seal{margin:2rem 2em 2rem auto;text-align:center;width:max-content;max-width:100%}
.annex{margin-top:3rem;border-top:1px solid var(--line);padding-top:1rem}
footer{margin-top:2rem;border-top:1px solid var(--line);color:var(--faint);
font-size:.85rem;overflow-wrap:anywhere}
@media screen and (max-width:820px){body{padding:1rem}}
@media screen and (max-width:560px){h1{font-size:1.3rem}.wide-picture{display:none}
dl{display:block}dd{margin:0 0 .4rem}
.narrow{display:block;margin:0 auto}.sender{font-size:1.4rem}.letter{font-size:1rem}}
@media print{body{max-width:none;padding:0;font-size:9.5pt}h1{font-size:18pt;margin:0 0 6pt}
thead{display:table-header-group}table{font-size:8.5pt}th,td{padding:2pt 4pt}
td.again{font-size:.9em}tr,figure,.sign,.seal{break-inside:avoid}
tr.long{break-inside:auto}td{orphans:3;widows:3}h2,h3{break-after:avoid}
svg{max-height:165mm}.sign div{flex-basis:0}
.annex{margin:0;border:0;padding:0;break-before:page;page:annex}.annex h2{margin-top:0}
.letter{max-width:none;page:letter;font-size:16pt;line-height:28.95pt}
.letter h1{font-size:22pt;line-height:34pt}.letter p{margin:0}
.letter table{font-size:10.5pt;line-height:1.4}.letter pre{font-size:9pt;line-height:1.5}
.letter h2,.letter h3{font-size:16pt;margin:0}.sender{margin:-7mm -7mm 4mm;font-size:26pt}
.official footer{page:annex}}
@page{margin:15mm}
@page letter{size:A4;margin:37mm 26mm 35mm 28mm}
@page annex{size:A4 landscape;margin:15mm}
"""
HYPHEN: Final = re.compile(r"(?<=[A-Za-z\d]-)(?=[A-Za-z])")
"""Where a browser breaks a word."""
OPTION: Final = re.compile(r"(--?[a-z]\S*)")
"""An option of a command, which must not be broken at its hyphens."""


def html(document: Document) -> bytes:
    """The page."""
    lang = "zh-CN" if document.language == "zh" else "en"
    body = _blocks(document.blocks, document.title)
    annexes = "\n".join(_annex(document, number) for number in range(len(document.annexes)))
    head_and_body = (
        _letter(document, document.letter, body) if document.letter else _plain(document, body)
    )
    footer = "".join(f"<p>{_text(line)}</p>" for line in document.footer)
    official = ' class="official"' if document.letter else ""
    paper = "A4 landscape" if document.landscape else "A4"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        # Regardless of the text, a browser runs nothing and fetches nothing.
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{_text(document.title)}</title>\n<style>\n"
        f"{STYLE}{_cards(document)}@page{{size:{paper}}}\n"
        f"</style>\n</head>\n<body{official}>\n<main>\n"
        f"{head_and_body}\n{annexes}</main>\n<footer>{footer}</footer>\n</body>\n</html>\n"
    ).encode()


def _cards(document: Document) -> str:
    """At which width of a window each of the tables becomes cards."""
    return "".join(
        CARDS.replace("@more", f"{width + 1}px")
        .replace("@width", f"{width}px")
        .replace("@table", f".until-{width}")
        for width in sorted({_cards_until(table) for table in document.tables()})
    )


def _cards_until(table: PageTable) -> int:
    """The widest window, in pixels, in which a table has no room for its words."""
    room = sum(_room(column, table, index) for index, column in enumerate(table.columns))
    kept = BROAD if sum(table.halves()) > 2 * BROAD_FROM else NARROW
    return max(kept, -(-(room + MARGINS) // STEP) * STEP)


def _room(column: PageColumn, table: PageTable, index: int) -> int:
    """The pixels that a column takes at least, so that no word of it is broken."""
    texts = {format_cell(row.cells[index]) for row in table.rows if row.span <= max(index, 1)}
    said = texts if column.number else (part for text in texts for part in _unbroken(text))
    words = [*words_of(column.heading), *(part for part in said if cell_len(part) <= LONGEST)]
    return EDGES + max(map(_pixels, words), default=0)


@lru_cache(maxsize=4096)  # a cell is asked three times, and a document repeats names and days
def _unbroken(text: str) -> tuple[str, ...]:
    """The parts of a text that a browser has on one line."""
    return tuple(part for whole in unbroken(text) for part in HYPHEN.split(whole))


def _pixels(word: str) -> int:
    return sum(LETTER if character.isascii() else HAN for character in word.strip())


def _plain(document: Document, body: str) -> str:
    return (
        f'<h1>{_words(document.title)}</h1>\n<p class="subtitle">{_text(document.subtitle)}</p>\n'
        f"{body}"
    )


def _letter(document: Document, letter: Letter, body: str) -> str:
    """The head of a letter, its body, what is enclosed, and who signs."""
    enclosed = "".join(
        f'<p class="enclosed">{_text(line)}</p>' for line in enclosures_listed(document)
    )
    signed = "<br>".join(map(_text, signed_by(document.language, letter)))
    return (
        f'<article class="letter">\n<p class="sender">{_words(letter.sender)}</p>\n'
        f'<p class="docnumber">{_text(numbered(document.language, letter))}</p>\n'
        f"<h1>{_words(document.title)}</h1>\n"
        f"<p>{_text(addressed(document.language, letter))}</p>\n"
        f'<div class="body">\n{body}\n{enclosed}</div>\n<p class="seal">{signed}</p>\n</article>'
    )


def _annex(document: Document, number: int) -> str:
    annex = document.annexes[number]
    inside = _blocks(annex.blocks, annex.title)
    heading = _text(annex_heading(document, number))
    return f'<section class="annex">\n<h2>{heading}</h2>\n{inside}\n</section>\n'


def _text(text: str) -> str:
    return escape(printable(text))


def _words(text: str) -> str:
    """A title or heading, which a line breaks between its words only."""
    return "<wbr>".join(map(_text, words_of(text)))


def _kept(text: str, whole: re.Pattern[str] = WHOLE) -> str:
    """A text, of which a line breaks no day, no number with its unit, no blank for a person."""
    return whole.sub(r'<span class="whole">\g<0></span>', _text(text))


def _blocks(blocks: Sequence[Block], above: str) -> str:
    """What is below a title; a table right below is not named a second time."""
    return "\n".join(_block(block, "" if number else above) for number, block in enumerate(blocks))


def _block(block: Block, above: str) -> str:  # noqa: PLR0911 - one for each kind of block
    match block:
        case PageHeading(text=text, level=level):
            return f"<h{level + 1}>{_text(text)}</h{level + 1}>"
        case Paragraph(text=text, code=code):
            return (
                f"<pre><code>{_kept(text, OPTION)}</code></pre>"
                if code
                else f"<p>{_kept(text)}</p>"
            )
        case Facts(pairs=pairs):
            inside = "".join(
                f"<dt>{_text(name)}</dt><dd>{_kept(text, BREAKABLE)}</dd>" for name, text in pairs
            )
            return f"<dl>{inside}</dl>"
        case Picture(svg=svg, narrow=narrow):
            return (
                f'<figure><div class="wide-picture">{svg}</div>'
                f'<div class="narrow">{narrow}</div></figure>'
            )
        case PageTable():
            return _table(block, block.caption(above))
        case PageForm():
            return _form(block)
        case Signatures(places=places):
            inside = "".join(
                f"<div><span>{_text(name)}</span><br>{_text(text)}</div>" for name, text in places
            )
            return f'<div class="sign">{inside}</div>'


def _table(table: PageTable, caption: str) -> str:
    head = "".join(
        f'<th scope="col"{_class(number=column.number)}>{_words(column.heading)}</th>'
        for column in table.columns
    )
    repeats, long = table.repeats(), table.long_rows()
    rows = "\n".join(
        _row(
            row,
            table.columns,
            {index for line, index in repeats if line == number},
            divided=number in long,
        )
        for number, row in enumerate(table.rows)
    )
    shares = table.shares()
    widths = "".join(f'<col style="width:{share * 100 // sum(shares)}%">' for share in shares)
    named = f"<caption>{_text(caption)}</caption>\n" if caption else ""
    return (
        f'<table class="until-{_cards_until(table)}">{named}<colgroup>{widths}</colgroup>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"
    )


def _form(form: PageForm) -> str:
    """A form keeps its grid everywhere: on a telephone it is moved sideways."""
    whole = sum(form.widths)
    shares = "".join(f'<col style="width:{width * 100 // whole}%">' for width in form.widths)
    lines: list[list[str]] = [[] for _ in form.lines]
    for line, _, cell in form.placed():
        tag = "th" if cell.label else "td"
        kind = _class(number=isinstance(cell.text, Decimal))
        span = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
        span += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
        lines[line].append(f"<{tag}{kind}{span}>{_kept(format_cell(cell.text), BREAKABLE)}</{tag}>")
    rows = "\n".join(f"<tr>{''.join(cells)}</tr>" for cells in lines)
    return (
        f'<div class="form"><table><colgroup>{shares}</colgroup>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )


def _class(**kinds: bool) -> str:
    """The classes of an element: the names of what it is."""
    classes = " ".join(name for name, is_one in kinds.items() if is_one)
    return f' class="{classes}"' if classes else ""


def _row(
    row: PageRow, columns: tuple[PageColumn, ...], repeated: set[int], *, divided: bool
) -> str:
    """A row. On a telephone each cell is a line with its heading; a repeated one is read again."""
    cells = []
    for index, (cell, column) in enumerate(zip(row.cells, columns, strict=True)):
        if 0 < index < row.span:
            continue
        wide = row.span > 1 and index == 0
        text = format_cell(cell)
        classes = _class(
            number=column.number,
            again=index in repeated,
            wide=wide,
            long=max(map(cell_len, _unbroken(text)), default=0) > LONGEST,
        )
        span = f' colspan="{row.span}"' if wide else ""
        heading = f' data-heading="{_text(column.heading)}"'
        cells.append(f"<td{classes}{span}{heading}>{_kept(text, BREAKABLE)}</td>")
    return f"<tr{_class(strong=row.strong, long=divided)}>{''.join(cells)}</tr>"
