"""What official letters have in common: numbered sections, time limits, how an outsider checks.

What the record does not hold is a blank for a person; nothing is invented.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from documents.page import Block, PageHeading, Paragraph
from documents.pictures.qr_code import qr_code
from documents.source import Source, provenance
from documents.verify_page import VERIFY_PAGE_SHA256
from documents.wording import BLANK
from ledger.events import AccountRecused
from ledger.language import Language, Say, speaker
from ledger.last_days import LastDay
from ledger.time_limits import DueDate
from projections import formatting
from projections.signed_commands import signed_in_case

NUMERALS: Final = "一二三四五六七八九"
TEN: Final = 10


def sections(language: Language, *parts: tuple[str, Sequence[Block]]) -> tuple[Block, ...]:
    """Parts under numbered headings; a part without content is left out."""
    say, blocks = speaker(language), list[Block]()
    filled = [part for part in parts if part[1]]
    for number, (title, inside) in enumerate(filled):
        heading = say(f"{numeral(number + 1)}、{title}", f"{number + 1}. {title}")
        blocks += [PageHeading(heading), *inside]
    return tuple(blocks)


def subheading(number: int, text: str, language: Language) -> PageHeading:
    """A heading of the second level, numbered."""
    say = speaker(language)
    return PageHeading(say(f"（{numeral(number + 1)}）{text}", f"({number + 1}) {text}"), level=2)


def numeral(number: int) -> str:
    """A number from 1 to 99 as headings write it: 一, 十, 十一, 二十三; larger ones in digits."""
    tens, ones = divmod(number, TEN)
    if tens >= TEN:
        return str(number)
    last = NUMERALS[ones - 1] if ones else ""
    return f"{NUMERALS[tens - 1] if tens > 1 else ''}{'十' if tens else ''}{last}"


def recusals(source: Source, language: Language) -> list[Paragraph]:
    """Who was recused from the case, when and why; nothing where nobody was."""
    say = speaker(language)
    return [
        Paragraph(
            say(
                f"账号{event.account}于{day}回避（第{recorded.version}条记录）。原因：{event.reason}",
                f"The account {event.account} was recused on {day} (event {recorded.version})."
                f" Reason: {event.reason}",
            )
        )
        for recorded in source.point.history
        if isinstance(event := recorded.event, AccountRecused)
        for day in (formatting.day(recorded.dated, language),)
    ]


def time_limit(
    name: str,
    last: LastDay,
    source: Source,
    language: Language,
    dated: date | None = None,
) -> Paragraph:
    """A time limit with its source and its last day; a blank where none is set.

    Args:
        name: what is to be done within it.
        last: the last day, and what sets it.
        source: the case that it is counted for.
        language: of the sentence.
        dated: the day of the letter, where the last day may have passed by then.
    """
    say, received, limit = speaker(language), source.case.received, last.limit
    if limit is None:
        return Paragraph(
            say(
                f"{name}期限：指标体系未规定，由制发机关填写：{BLANK}",
                f"Time limit for {name}: not set by the rubric; to be filled in: {BLANK}",
            )
        )
    until = formatting.day(last.day, language)
    if isinstance(limit, DueDate):
        return Paragraph(
            say(
                f"{name}期限：截至{until}（{limit.source}）。",
                f"Time limit for {name}: the last day is {until} ({limit.source}).",
            )
        )
    working = limit.counting == "working"
    unit = say("个工作日" if working else "日", "working days" if working else "days")
    day = formatting.day(received, language)
    over = last.day is not None and dated is not None and last.day < dated
    until_zh, until_en = (
        (f"已于{until}届满", f"the limit ended on {until}")
        if over
        else (f"截至{until}", f"the last day is {until}")
    )
    end_zh = f"签收日为{day}，{until_zh}" if received else "签收日尚未登记"
    end_en = f"received on {day}; {until_en}" if received else "receipt not yet recorded"
    if unstated := last.unstated:
        end_zh = f"签收日为{day}；{unstated.zh}，截止日期由制发机关填写：{BLANK}"
        end_en = f"received on {day}; {unstated.en}; due date to be filled in: {BLANK}"
    return Paragraph(
        say(
            f"{name}期限：自签收结果之日起{limit.days}{unit}（{limit.source}）；{end_zh}。",
            f"Time limit for {name}: {limit.days} {unit} from receipt of the result"
            f" ({limit.source}); {end_en}.",
        )
    )


def place_in_ranking(source: Source, language: Language) -> Iterator[Block]:
    """The place among the cases of the year, and what it reveals; nothing where none is stated."""
    say = speaker(language)
    if source.place is None:
        return
    year, one, cases = source.place
    yield Paragraph(
        say(
            f"{year}年度参加排名的评价事项共{cases}个，本事项得分{one.score}，居第{one.place}名"
            "（得分相同的，名次相同）。",
            f"Of the {cases} cases of {year} that were ranked, this one has place {one.place} with"
            f" {one.score}. Equal scores have the same place.",
        )
    )
    yield Paragraph(
        say(
            "随函附名次证明（一个文件），可任选一种方法自行核验：",
            "Enclosed is the proof of the place, one file. Either of these verifies it:",
        )
    )
    file, key = say("名次证明.json", "PLACE.json"), say("日志公钥", "KEY")
    yield Paragraph(f"python3 verify_ranking.py {file} {key}", code=True)
    yield Paragraph(f"scoretrail ranking verify {file} --vkey {key}", code=True)
    yield Paragraph(
        say(
            "名次证明透露：本事项的得分和名次，参加排名的评价事项总数，本事项在名单中排在第几行"
            "（由此可知本事项之前有无得分相同的）。不透露：其他任何单位的得分、名次和名称。名单中"
            "每一行都有只给该单位的随机数，他人无法由摘要试出得分；请勿把名次证明交给无关的人。"
            "名单次序、合计是否正确、有无遗漏，由持有整份名单的财政部门或审计机关核验。",
            "The proof reveals the score and the place of this case, how many cases were ranked,"
            " and the row of this case in the list (so also whether one above it has the same"
            " score). It reveals neither score, place nor name of anybody else: each row has"
            " random bytes that are given to its unit alone, so nobody can try out scores by their"
            " hashes. Show the proof to nobody without need. That the list is in order, adds up"
            " and leaves nobody out is verified by those who hold all of it: the bureau and the"
            " auditors.",
        )
    )


def outside_check(source: Source, language: Language) -> list[Block]:
    """How somebody who trusts neither the sender nor this program checks what a letter says."""
    say = speaker(language)
    if source.enclosed:
        return [Paragraph(_by_the_dossier(say)), *_signed(source, say)]
    return [*_steps(source, say), *_signed(source, say), _origin(source, language)]


def _by_the_dossier(say: Say) -> str:
    return say(
        "本函是卷宗的附件，由卷宗内的记录生成。核验卷宗，也就核对了本函的得分和变动。",
        "This letter is an enclosure of a dossier and is made from the records in it: verifying"
        " the dossier verifies the scores and changes in this letter.",
    )


def _signed(source: Source, say: Say) -> Iterator[Block]:
    """How many commands of the case their authors have signed; nothing where they sign none."""
    found = signed_in_case(source.point)
    if found.is_worth_telling:
        zh, en = found.words
        yield Paragraph(
            say(
                f"{zh}。上述方法一并核验这些签名。",
                f"{en[:1].upper()}{en[1:]}. The ways above also verify these signatures.",
            )
        )


def _steps(source: Source, say: Say) -> Iterator[Block]:
    yield Paragraph(
        say(
            "本函的得分和变动可由任何人自行核对，无须信任本机关。向本机关索取本评价事项的卷宗"
            "（一个文件，含全部记录和每条记录的存证证明），用浏览器打开核验网页verify.html"
            "（一个文件，不联网），放入卷宗和公钥。该网页的SHA-256为：",
            "Anyone can verify the scores and changes in this letter without trusting us. Ask us"
            " for the dossier of this case (one file with every record and its proof). Open the"
            " page verify.html in a browser (one file, no network), and put in the dossier and"
            " the public key. The SHA-256 of the page is:",
        )
    )
    yield Paragraph(VERIFY_PAGE_SHA256, code=True)
    yield Paragraph(
        say(
            "也可以在自己的计算机上任选一种方法运行：",
            "Or run either of these on a computer of your own:",
        )
    )
    file, key = say("卷宗.zip", "DOSSIER.zip"), say("日志公钥", "KEY")
    yield Paragraph(f"python3 verify_dossier.py {file} {key}", code=True)
    yield Paragraph(f"scoretrail dossier verify {file} --vkey {key}", code=True)
    yield Paragraph(
        say(
            "前一种是独立的核验工具，只需Python标准库和openssl。"
            "日志公钥是一行文字，应从官方网站等"
            f"可信渠道取得，不用随卷宗寄来的。公开公钥的位置（由制发机关填写）：{BLANK}",
            "The first is an independent tool that needs only Python's standard library and"
            " openssl. KEY is the log's public key, a line of text. Take it from a source you"
            " trust, such as the official website, not from the dossier."
            f" Where the key is published (to be filled in): {BLANK}",
        )
    )
    if source.vkey:
        yield Paragraph(say("公钥：", "Public key:"))
        yield Paragraph(source.vkey, code=True)
    yield from _checkpoint(source, say)


def _checkpoint(source: Source, say: Say) -> Iterator[Block]:
    """The head of the log, which every letter takes out of the house: in words and to be scanned.

    With it the addressee can show later that the log was rewritten, were it so.
    """
    line = source.checkpoint
    if line is None or source.is_covered:
        blank = BLANK if line is None else ""
        yield Paragraph(
            say(
                f"核验结果应与记录日志的检查点（来源、条数、根摘要）一致：{blank}",
                "The result must agree with the log's checkpoint (origin, size, root hash):"
                f" {blank}",
            )
        )
    else:
        yield Paragraph(
            say(
                "下列检查点（来源、条数、根摘要）签署时，本函最后的记录尚未编入。核验所得的日志应"
                "由它增长而来：",
                "The log's checkpoint (origin, size, root hash) was signed before the last record"
                " of this letter. The log that you verify must have grown from it:",
            )
        )
    if line is None:
        return
    yield Paragraph(line.in_words, code=True)
    yield qr_code(str(line), say("检查点二维码", "QR code of the checkpoint"))
    yield Paragraph(
        say(
            "二维码含上述检查点和日志对它的签名。请保存本函：今后把扫描所得的一行放入核验网页，"
            "即可查明日志此后是否只增未改。",
            "The QR code has this checkpoint and the log's signature of it. Keep this letter: put"
            " the line that you scan into the page for verifying, and see whether the log has"
            " only grown since.",
        )
    )


def _origin(source: Source, language: Language) -> Paragraph:
    """What the numbers of a letter come from, in a sentence; the checkpoint is named above it."""
    say = speaker(language)
    lines = say("；", "; ").join(provenance(source, language))
    return Paragraph(
        say(f"本函数据出自：{lines}。", f"The numbers of this letter come from: {lines}.")
    )
