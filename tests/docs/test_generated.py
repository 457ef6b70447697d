import json
import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from msgspec import Struct
from msgspec.structs import fields

from docs import generate
from ledger import terms
from ledger.codec import EVENTS, VERSIONS, decode, encode
from ledger.last_days import STEPS, due_field
from tests.support.golden_files import LATER, sample, whole

PAGE = generate.FILES[generate.DOCS / "events.md"]()


@pytest.mark.sqlite_only("a page lists what a case of the examples records")
def test_what_is_generated_is_fresh() -> None:
    written = {path: path.read_text(encoding="utf-8") for path in generate.FILES}

    stale = [path.name for path, text in generate.FILES.items() if written[path] != text()]
    assert stale == [], "run: make docs"


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_is_documented_in_both_languages(name: str) -> None:
    zh, en = re.findall(rf"^#### {name}\n\n\*\*(.+)\*\* — ([^|]+?)\n\n", PAGE, re.MULTILINE)

    assert re.fullmatch(r"[\u4e00-\u9fff]+", zh[0])
    assert re.fullmatch(r"[a-z -]+", en[0])
    assert re.match(r"[\u4e00-\u9fff]", zh[1])
    assert zh[1].endswith("。")
    assert re.match(r"[A-Z][a-z]* ", en[1])


def test_the_halves_of_the_page_say_the_same_in_one_language_each() -> None:
    """A field that has a meaning in one has it in the other; no row is of both."""
    zh, en = PAGE.split('<a id="english"></a>')
    rows = [
        re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.*) \|$", half, re.MULTILINE)
        for half in (zh, en)
    ]

    assert [row[0] for row in rows[0]] == [row[0] for row in rows[1]]
    assert [bool(row[3]) for row in rows[0]] == [bool(row[3]) for row in rows[1]]
    for _, word, kind, meaning in rows[0]:
        assert re.search(r"[\u4e00-\u9fff]", word)
        assert not re.search(
            r"\b(or|list of|text|the|whether)\b", re.sub(r"`[^`]*`", "", kind + meaning)
        )
    assert not any(re.search(r"[\u4e00-\u9fff]", word + kind) for _, word, kind, _ in rows[1])


def test_no_chinese_of_a_sentence_that_is_gone_is_kept() -> None:
    sentences = {sentence for table in generate.meanings().values() for sentence in table}
    english = " ".join(PAGE.split())

    assert [sentence for sentence in sentences if sentence not in english] == []


@pytest.mark.parametrize("kind", [*EVENTS.values(), *generate.parts()])
def test_what_the_docstring_explains_is_there(kind: type[Struct]) -> None:
    explained = generate._attributes(kind)  # noqa: SLF001 - the reader of docstrings itself

    assert set(explained) <= {field.name for field in fields(kind)}
    assert all(explained.values())


def test_every_event_stands_below_a_stage() -> None:
    listed = [name for _, names in generate.stages() for name in names]

    assert sorted(listed) == sorted(EVENTS)


def test_every_name_of_a_field_is_used() -> None:
    kinds = [*EVENTS.values(), *generate.parts()]
    names = {field.name for kind in kinds for field in fields(kind)}
    names |= {f"{kind.__name__}.{field.name}" for kind in kinds for field in fields(kind)}

    assert set(terms.FIELDS) <= names


def _objects(schema: object) -> list[dict[str, Any]]:
    if isinstance(schema, dict):
        return [schema, *(one for each in schema.values() for one in _objects(each))]
    if isinstance(schema, list):
        return [one for each in schema for one in _objects(each)]
    return []


LEFT_OUT: Final = {
    *("cites", "transcriber_note", "undocumented"),
    *("recipient", "commended", "promises", "goal_class", "period", "as_of", "last_year"),
}
"""What is younger than the events that it belongs to."""
OF_NOTICES: Final = {"rubric", "amends", *map(due_field, STEPS)}
"""What a notice of the year may leave out."""


def test_the_schema_is_closed_everywhere_and_written_for_any_reader() -> None:
    r"""`\Z` is Python's; a field that may be empty or absent would make two forms of an entry."""
    text = json.dumps(generate.schema())
    structs = [one for one in _objects(generate.schema()) if one.get("type") == "object"]

    assert "\\Z" not in text
    assert "default" not in text
    for struct in structs[1:]:
        if "properties" in struct:
            assert struct["additionalProperties"] is False
            later = [some for some in (*LATER, OF_NOTICES) if struct["properties"].keys() >= some]
            assert struct["required"] == [
                name for name in struct["properties"] if name not in LEFT_OUT.union(*later)
            ]


def test_the_schema_knows_every_event_and_its_version() -> None:
    pairs = [
        (each["properties"]["type"]["const"], each["properties"]["v"]["const"])
        for each in generate.schema()["oneOf"]
    ]

    assert pairs == list(VERSIONS.items())


def _violations(value: object, schema: dict[str, Any], root: dict[str, Any]) -> list[str]:  # noqa: C901, PLR0911, PLR0912 - one rule of JSON Schema a line, those that the schema uses
    """What a schema says against a value, by the rules of JSON Schema that ours makes use of."""
    if "$ref" in schema:
        return _violations(value, root["$defs"][schema["$ref"].split("/")[-1]], root)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            kinds = [_violations(value, each, root) for each in schema[several]]
            rest = {key: rule for key, rule in schema.items() if key != several}
            return min(kinds, key=len) + _violations(value, rest, root)
    if "const" in schema and value != schema["const"]:
        return [f"{value!r} is not {schema['const']!r}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{value!r} is none of {schema['enum']}"]
    kinds_of = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
    if "type" in schema and not isinstance(value, kinds_of[schema["type"]]):
        return [f"{value!r} is no {schema['type']}"]
    if "pattern" in schema and not re.search(schema["pattern"], str(value)):
        return [f"{value!r} does not match {schema['pattern']}"]
    if isinstance(value, list) and len(value) < schema.get("minItems", 0):
        return [f"{value!r} is empty"]
    if isinstance(value, list):
        return [one for each in value for one in _violations(each, schema["items"], root)]
    if isinstance(value, dict):
        found = [f"{key} is missing" for key in schema.get("required", ()) if key not in value]
        for key, each in value.items():
            if key in schema.get("properties", {}):
                found += _violations(each, schema["properties"][key], root)
            elif schema.get("additionalProperties") is False:
                found.append(f"{key} is unknown")
        return found
    return []


@pytest.mark.parametrize("name", EVENTS)
def test_the_schema_accepts_the_entries_of_the_archive(
    name: str, golden: Callable[[str], bytes]
) -> None:
    schema = generate.schema()
    entry = json.loads(golden(name))

    assert _violations(entry, schema, schema) == []
    entry["data"]["colour"] = "red"
    assert _violations(entry, schema, schema) == ["colour is unknown"]


@pytest.mark.parametrize("name", EVENTS)
def test_the_schema_accepts_all_that_may_be_left_out_and_no_empty_form_of_it(name: str) -> None:
    schema = generate.schema()
    entry = json.loads(encode(whole(name)))

    assert _violations(entry, schema, schema) == []
    for mark, empty in {"undocumented": False, "transcriber_note": "", "cites": []}.items():
        spoiled = {**entry, "data": {**entry["data"], mark: empty}}
        assert _violations(spoiled, schema, schema) != []


def test_the_page_on_entries_shows_a_real_entry() -> None:
    """Folded to be read; without the folding it is to the byte what the program reads."""
    page = (generate.DOCS / "formats" / "entries.md").read_text(encoding="utf-8")
    found = re.search(r"```json\n(.*?)\n```", page, re.DOTALL)

    assert found
    entry = re.sub(r"\n ", "", found[1]).encode()
    assert decode(entry).type == "ScoreClaimed"


@pytest.mark.parametrize("key", json.loads(encode(sample("CaseClosed"))))
def test_the_page_on_entries_explains_every_key_of_the_envelope(key: str) -> None:
    page = (generate.DOCS / "formats" / "entries.md").read_text(encoding="utf-8")

    assert f"\n| `{key}` | " in page
