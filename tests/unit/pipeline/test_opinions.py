"""What a team's own check says: one JSON object of known words, or it is none. Nothing in it steers whoever reads it."""

import json
from typing import Any

from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.measured.serving import Opinion
from reconciler.pipeline.verifications.opinions import MESSAGE_LENGTH, opinion_of
from tests.cases import each

WELL: dict[str, Any] = {"answer": "NO", "message": "3 of 14 limits broken, 0 allowed", "code": "limitsBroken", "remedy": "mend"}


def test_a_judgement_is_taken_as_it_is() -> None:
    assert opinion_of(f"\n {json.dumps(WELL)}\n") == Opinion(
        answer=Answer.NO, code="limitsBroken", message="3 of 14 limits broken, 0 allowed", remedy="mend"
    )
    assert opinion_of('{"answer": "YES", "message": "fine"}') == Opinion(answer=Answer.YES, code="", message="fine", remedy="")


@each(
    ("said", "why"),
    [
        ("", "it said nothing"),
        (" \n", "it said nothing"),
        ("all good", "did not say one JSON document"),
        ('{"answer": "YES", "message": "fine"}{"answer": "NO", "message": "no"}', "did not say one JSON document"),
        ('warming up\n{"answer": "YES", "message": "fine"}', "did not say one JSON document"),
        ('{"answer": "YES", "answer": "NO", "message": "x"}', "a key stands twice"),
        ('{"answer": NaN, "message": "x"}', "NaN is no JSON"),
        ("[" * 100_000, "did not say one JSON document"),
        ('["YES"]', "it said a JSON list, not an object"),
        ("null", "it said a JSON NoneType, not an object"),
        (json.dumps(WELL | {"score": 1}), 'it said "score"; known are answer, code, message, remedy'),
        (json.dumps(WELL | {"answer": "yes"}), 'its answer is "yes", not one of YES, NO, UNKNOWN'),
        (json.dumps(WELL | {"answer": True}), 'its answer is "True"'),
        ('{"message": "x"}', 'its answer is "None"'),
        ('{"answer": "YES"}', "it gave no message"),
        (json.dumps(WELL | {"message": " \n"}), "it gave no message"),
        (json.dumps(WELL | {"message": 7}), "it gave no message"),
        (json.dumps(WELL | {"code": "not a word"}), 'its code is "not a word"'),
        (json.dumps(WELL | {"code": 7}), 'its code is "7"'),
        (json.dumps(WELL | {"code": "overridden"}), "which only people give"),
        (json.dumps(WELL | {"remedy": []}), 'its remedy is "[]", not a sentence'),
    ],
)
def test_anything_else_is_no_judgement_and_says_why(said: str, why: str) -> None:
    found = opinion_of(said)
    assert isinstance(found, Missing)
    assert (found.code, why in found.why) == ("garbled", True), found.why


@each("text", ["\x1b[2J\x1b]0;owned\x07", "a\u202eb\u200b", "x\r\ny\x00z", "\ud800", "y" * 100_000])
def test_what_it_says_is_one_harmless_line(text: str) -> None:
    said = json.dumps(WELL | {"message": f"seen {text}", "remedy": text})
    found = opinion_of(said)
    garbled = opinion_of(f"{text} {said}")
    assert isinstance(found, Opinion)
    assert isinstance(garbled, Missing)
    for line in (found.message, found.remedy, garbled.why):
        assert len(line) <= MESSAGE_LENGTH
        assert line.encode()
        assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 or letter in "\u202e\u200b" for letter in line)
