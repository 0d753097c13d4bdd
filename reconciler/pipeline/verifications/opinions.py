"""Used by custom: what a check said becomes an opinion, or a sentence says why it is none. Nothing that it said is trusted."""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from reconciler.domain.judgements import OVERRIDDEN, Answer
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.serving import Opinion
from reconciler.render.markdown import visible

MESSAGE_LENGTH = 500
_CODE = re.compile(r"[a-z][A-Za-z0-9]{0,49}")
_WORDS = frozenset({"answer", "message", "code", "remedy"})
_SHOWN = 60


def opinion_of(said: str) -> Known[Opinion]:
    """The one JSON object in the text: `answer` YES, NO or UNKNOWN, a `message`, and if it likes a `code` and a `remedy`.

    Anything else is Missing with the code `garbled`.
    """
    if not said.strip():
        return _garbled("it said nothing")
    try:
        value = json.loads(said, parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        return _garbled(f"it did not say one JSON document ({error}): {shown(said)}")
    if not isinstance(value, dict):
        return _garbled(f"it said a JSON {type(value).__name__}, not an object: {shown(said)}")
    if foreign := sorted(value.keys() - _WORDS):
        return _garbled(f"it said {shown(foreign[0])}; known are {', '.join(sorted(_WORDS))}")
    if wrong := _wrong(value):
        return _garbled(wrong)
    return Opinion(
        answer=Answer(value["answer"]),
        code=value.get("code", ""),
        message=plain(value["message"]),
        remedy=plain(value.get("remedy", "")),
    )


def plain(text: str) -> str:
    """One line of bounded length, without what steers a terminal or hides from a reader."""
    seen = visible(text)
    return seen if len(seen) <= MESSAGE_LENGTH else seen[: MESSAGE_LENGTH - 1] + "…"


def shown(value: object) -> str:
    """The beginning of what somebody said, in quotes."""
    text = visible(str(value))
    return f'"{text[:_SHOWN]}{"…" if len(text) > _SHOWN else ""}"'


def _wrong(value: Mapping[str, Any]) -> str:
    """What is wrong with the fields; empty when nothing is."""
    answer, code = value.get("answer"), value.get("code", "")
    if answer not in list(Answer):
        return f"its answer is {shown(answer)}, not one of {', '.join(Answer)}"
    if not isinstance(value.get("message"), str) or not visible(value["message"]):
        return "it gave no message"
    if not isinstance(code, str) or (code and not _CODE.fullmatch(code)):
        return f"its code is {shown(code)}, not a camelCase word"
    if code == OVERRIDDEN:
        return f"its code is {code}, which only people give"
    if not isinstance(value.get("remedy", ""), str):
        return f"its remedy is {shown(value['remedy'])}, not a sentence"
    return ""


def _garbled(why: str) -> Missing:
    return Missing(code="garbled", why=plain(why))


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found
