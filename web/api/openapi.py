"""The description of the API (OpenAPI 3.1), made of the table that it is served by.

Schemas are msgspec's own of the commands and the views, as JSON has them: a sentence is a string, a
decimal too. Python's end of a text, is written `$`, as JSON Schema has it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final, get_args, get_origin

import msgspec
from starlette.responses import Response

from application.author_signing import FORMAT
from intake.command_fields import is_of_case
from ledger.author_key import SCHEMES
from ledger.commands import COMMANDS
from ledger.language import Text
from ledger.program import VERSION
from web.api import commands
from web.api.problems import MEDIA_TYPE
from web.api.routes import API, EVENT, REHEARSE, Asked, Operation
from web.api.signed import HEADER
from web.cloud_event import BATCH, CLOUD_EVENT
from web.desk import COOKIE, Desk

REFERENCE: Final = "#/components/schemas/{name}"
VERSION_OR_ID: Final = {
    "case": r"^[a-z0-9]+(-[a-z0-9]+)*$",
    "row": r"^[a-z0-9]+(-[a-z0-9]+)*$",
    "version": r"^[0-9]{1,9}$",
    "sha256": r"^[0-9a-f]{64}$",
    "path": r"^[0-9]",  # with slashes in it, which no pattern of a parameter has
}
"""The form of what an address contains."""

Schema = dict[str, Any]


def page(desk: Desk) -> Response:
    """The description, for everybody."""
    del desk
    headers = {"cache-control": "public, max-age=300"}
    return Response(_encoded(), 200, headers, "application/json")


@cache
def _encoded() -> bytes:
    return msgspec.json.encode(described())


def described() -> Schema:
    """The whole description."""
    schemas: Schema = {}
    views = {view: _of(view, schemas) for view in _views(operation.gives for operation in API)}
    names = {do: _of(command, schemas) for do, command in COMMANDS.items()}
    for name, allowed in (
        (
            "CommandsOfCase",
            [do for do in COMMANDS if is_of_case(do) and do != "open-case"],
        ),
        (
            "CommandsOfHouse",
            [do for do in COMMANDS if not is_of_case(do) or do == "open-case"],
        ),
        ("CommandsOfRegister", sorted(commands.OF_REGISTER)),
        ("CommandsOfRubrics", sorted(commands.OF_RUBRICS)),
    ):
        schemas[name] = _request([names[do] for do in allowed], opens="open-case" in allowed)
    schemas["DossierWanted"] = {
        "type": "object",
        "properties": {
            "dated": {"type": "string", "format": "date"},
            "indicator": {"type": "string"},
            "purpose": {"type": "string"},
            "signed": SIGNED,
        },
        "additionalProperties": False,
    }
    schemas["SignedCommands"] = {
        "type": "object",
        "description": "signature sign 写出的文件 / the file that `signature sign` writes",
        "properties": {
            "format": {"type": "string", "const": FORMAT},
            "acts": {"type": "array", "minItems": 1, "items": {"type": "object"}},
        },
        "required": ["format", "acts"],
    }
    schemas["Problem"] = PROBLEM
    schemas["Recorded"] = EVENT
    schemas["CloudEvent"] = CLOUD_EVENT
    paths: Schema = {}
    for operation in API:
        address = operation.path.replace(":path", "")
        paths.setdefault(address, {})[operation.method.lower()] = _operation(operation, views)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "得分留痕 / scoretrail",
            "version": VERSION,
            "description": "与网页同源的读取和办理。/ What the pages are built on, as JSON.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"session": []}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


SIGNED: Final[Schema] = {
    "type": "array",
    "description": (
        "办理人签名（docs/formats/signatures.md）；要签的文字见 rehearse=1 的 to_sign"
        " / signatures of the author; what is to be signed: `to_sign` of rehearse=1"
    ),
    "items": {
        "type": "object",
        "properties": {
            "statements": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "key": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "scheme": {"type": "string", "enum": [*SCHEMES]},
            "value": {"type": "string", "minLength": 4},
        },
        "required": ["statements", "key", "scheme", "value"],
        "additionalProperties": False,
    },
}
PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "RFC 9457",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "title_en": {"type": "string"},
        "status": {"type": "integer"},
        "rule": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["pointer", "detail"],
            },
        },
        "since": {"type": "array", "items": {"type": "object"}},
        "idempotency_key": {"type": "string"},
    },
    "required": ["type", "title", "title_en", "status", "rule"],
}
WHEN: Final = {
    "400": Text("格式不正确", "wrong form"),
    "401": Text("没有登录", "not logged in"),
    "403": Text(
        "来自其他网站，只供查看，或令牌不及于此",
        "from another site, read-only, or beyond the token",
    ),
    "404": Text("没有，或不可见", "not found, or not visible to this account"),
    "412": Text("看过之后又有记录", "changed since it was read"),
    "413": Text("太长", "too long"),
    "422": Text("规则不容许", "refused by a rule"),
    "428": Text("没有 Idempotency-Key", "no Idempotency-Key"),
    "429": Text("请求过多", "too many requests"),
    "500": Text("记录不符，不予显示", "the record fails verification and is not shown"),
    "503": Text("数据库忙或不可达", "the database is busy or unreachable"),
}


TO_SIGN: Final[Schema] = {
    "type": "object",
    "description": "rehearse=1：办理人要签的 / rehearse=1: what the author would sign",
}


PLAIN: Final = {"text/plain": {"schema": {"type": "string"}}}
"""The words of the guard."""

GO_ON: Final = Text("下次从此游标之后读取", "the cursor to go on from")
NEXT: Final = Text("还有更多时，下一页的网址", "where more is, as long as there is more")


def _operation(operation: Operation, views: Mapping[Any, Schema]) -> Schema:
    records = operation.method == "POST"
    refused = ["400", "404", "429", "500", "503"]
    refused += [] if operation.open else ["401"]
    refused += ["403", "412", "413", "422", "428"] if records else []
    answers: Schema = {}
    for status in sorted(refused):
        answers[status] = {
            "description": _words(WHEN[status]),
            "content": {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(name="Problem")}}},
        }
        if status in {"429", "503"}:
            answers[status]["headers"] = {"Retry-After": {"schema": {"type": "string"}}}
    for status in ("403", "413", "429"):  # the guard says these in plain words
        if status in answers:
            answers[status]["content"] = dict(PLAIN)
    answers["400"]["content"] |= PLAIN  # a zero character in the address, which the guard refuses
    given = _given_by(operation, views)
    for status in ("200", "201") if records else ("200",):
        answers[status] = {"description": _words(operation.words), "content": given}
    _add_headers(answers, operation)
    described: Schema = {
        "operationId": f"{operation.method.lower()}{re.sub('[^a-z]+', '-', operation.path)}".strip(
            "-"
        ),
        "summary": _words(operation.words),
        "parameters": [*_parameters(operation, records=records)],
        "responses": dict(sorted(answers.items())),
    }
    if operation.open:
        described["security"] = []
    if operation.takes:
        binary = "/" in operation.takes
        kind = operation.takes if binary else "application/json"
        schema = {} if binary else {"$ref": REFERENCE.format(name=operation.takes)}
        described["requestBody"] = {"required": True, "content": {kind: {"schema": schema}}}
    return described


def _add_headers(answers: Schema, operation: Operation) -> None:
    """What an answer says besides its content, and the answers that such a word makes possible."""
    if operation.at_head:
        tag = {"ETag": {"schema": {"type": "string", "pattern": '^"[0-9]+"$'}}}
        answers["200"]["headers"] = tag
        answers["304"] = {"description": "未变 / as it was", "headers": tag}
    if operation.gives == BATCH:
        text = {"schema": {"type": "string"}}
        answers["200"]["headers"] = {
            "Feed-Cursor": {"description": _words(GO_ON), "required": True, **text},
            "Link": {"description": _words(NEXT), **text},
        }
    if "202" in operation.words.zh:
        later = {"Retry-After": {"schema": {"type": "string"}}}
        answers["202"] = {"description": "尚未签名 / not signed yet", "headers": later}


def _parameters(operation: Operation, *, records: bool) -> Iterator[Schema]:
    for name in re.findall(r"{(\w+)", operation.path):
        schema = {"type": "string", "pattern": VERSION_OR_ID[name], "maxLength": 64}
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    for asked in operation.asked:
        yield _asked(asked)
    if records and operation.takes != "SignedCommands":  # each of which has a key of its own
        key = {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"}
        yield {"name": "Idempotency-Key", "in": "header", "required": True, "schema": key}
        tag = {"type": "string", "pattern": '^"[0-9]{1,9}"$'}
        yield {"name": "If-Match", "in": "header", "required": False, "schema": tag}
    if operation.takes == "application/octet-stream":
        words = "signed 列表，base64 / the list `signed`, in base64"
        header = {"type": "string", "maxLength": 8000}
        yield {"name": HEADER, "in": "header", "description": words, "schema": header}
        said = {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"}
        yield {"name": "Content-Digest", "in": "header", "required": False, "schema": said}
    if operation.at_head:
        yield {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}


def _asked(asked: Asked) -> Schema:
    text: Schema = {"type": "string"} | ({"pattern": asked.pattern} if asked.pattern else {})
    schema = {"type": "array", "items": text} if asked.many else text
    return {"name": asked.name, "in": "query", "description": _words(asked.words), "schema": schema}


def _given_by(operation: Operation, views: Mapping[Any, Schema]) -> Schema:
    given = _given(operation.gives, views)
    if REHEARSE in operation.asked:
        given["application/json"]["schema"]["properties"]["to_sign"] = TO_SIGN
    return given


def _given(gives: object, views: Mapping[Any, Schema]) -> Schema:
    if gives == BATCH:
        listed = {"type": "array", "items": {"$ref": REFERENCE.format(name="CloudEvent")}}
        return {BATCH: {"schema": listed}}
    if isinstance(gives, str):
        return {gives: {"schema": {}}}
    return {"application/json": {"schema": _schema(gives, views)}}


def _schema(gives: object, views: Mapping[Any, Schema]) -> Schema:
    if gives is EVENT:
        return {"$ref": REFERENCE.format(name="Recorded")}
    if isinstance(gives, list):
        return {"type": "array", "items": _schema(gives[0], views)}
    if isinstance(gives, Mapping):
        parts = {name: _schema(part, views) for name, part in gives.items()}
        return {"type": "object", "properties": parts, "required": list(parts)}
    return {str: {"type": "string"}, int: {"type": "integer"}}.get(gives) or views[gives]  # type: ignore[call-overload]  # types are keys


def _views(gives: Iterable[object]) -> Iterator[Any]:
    for given in gives:
        if given is EVENT:
            continue
        if isinstance(given, Mapping):
            yield from _views(given.values())
        elif isinstance(given, list):
            yield from _views(given)
        elif isinstance(given, type) and given not in {str, int}:
            yield given


def _request(kinds: list[Schema], *, opens: bool) -> Schema:
    """What is sent: one command, or several that are recorded all or not at all."""
    command = {"oneOf": kinds}
    beside: Schema = {
        "dated": {"type": "string", "format": "date"},
        "confirm_dates": {"type": "array", "items": {"type": "string", "format": "date"}},
        "confirm_personal_number": {"type": "boolean"},
        "signed": SIGNED,
    }
    if opens:
        beside["case"] = {"type": "string", "pattern": VERSION_OR_ID["case"]}
    several = {"type": "array", "items": command, "minItems": 1, "maxItems": commands.ACTS_MAX}
    forms = [("command", command), ("commands", several)]
    return {
        "oneOf": [
            {
                "type": "object",
                "properties": {name: form, **beside},
                "required": [name],
                "additionalProperties": False,
            }
            for name, form in forms
        ]
    }


def _of(kind: Any, schemas: Schema) -> Schema:  # noqa: ANN401 - any type
    """The schema of a type; those of the structs in it are put among the schemas.

    A value of several kinds that JSON writes as text is more than msgspec describes: it may be
    anything, and its surroundings are described.
    """
    try:
        (made,), parts = msgspec.json.schema_components(
            [kind], ref_template=REFERENCE, schema_hook=_ours
        )
    except TypeError:
        if get_origin(kind) is tuple:
            return {"type": "array", "items": _of(get_args(kind)[0], schemas)}
        if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
            return {}
        fields = msgspec.structs.fields(kind)
        schemas[kind.__name__] = {
            "title": kind.__name__,
            "type": "object",
            "properties": {each.encode_name: _of(each.type, schemas) for each in fields},
            "required": [each.encode_name for each in fields if each.required],
        }
        return {"$ref": REFERENCE.format(name=kind.__name__)}
    schemas.update({name: _portable(schema) for name, schema in parts.items()})
    portable: Schema = _portable(made)
    return portable


def _ours(kind: type) -> Schema:
    """What msgspec does not know: a sentence, which is in one language."""
    if issubclass(kind, Text):
        return {"type": "string"}
    raise NotImplementedError


def _portable(schema: Any) -> Any:  # noqa: ANN401 - JSON Schema is what it is
    """A schema as others read it: patterns end with `$`, defaults are not promised."""
    if isinstance(schema, list):
        return [_portable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _portable(value) for key, value in schema.items() if key != "default"}
    if isinstance(pattern := made.get("pattern"), str):
        made["pattern"] = pattern.replace("\\Z", "$")
    return made


def _words(text: Text) -> str:
    return f"{text.zh} / {text.en}"
