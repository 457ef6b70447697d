"""Why a text could not be read, in our words: a parser has its own, in one language."""

from ledger.language import Text


def reason(error: Exception) -> Text:
    """What a parser found, and where, as far as it states that."""
    import json  # noqa: PLC0415 - slow to import, and only where something goes wrong

    match error:
        case UnicodeDecodeError():
            return Text(
                f"第 {error.start + 1} 个字节起不是 UTF-8",
                f"it is not UTF-8 from byte {error.start + 1} on",
            )
        case json.JSONDecodeError():
            return Text(
                f"第 {error.colno} 个字符起不合 JSON 格式",
                f"it is not valid JSON from character {error.colno} on",
            )
        case RecursionError():
            return Text("嵌套过深", "it is nested too deeply")
        case _:
            return Text("格式不正确", "its form is not correct")
