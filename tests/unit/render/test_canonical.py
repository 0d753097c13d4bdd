import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from reconciler.domain.decisions import Hold
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.render.canonical import canonical, canonical_json
from tests.builders import a_gain
from tests.cases import each


def test_a_member_of_a_union_says_what_it_is():
    assert canonical(Missing(code="none", why="there is none")) == {"type": "missing", "code": "none", "why": "there is none"}
    assert canonical(Hold(model="a", code="fresh", message="m")) == {
        "type": "hold",
        "model": "a",
        "code": "fresh",
        "message": "m",
        "judgements": [],
        "rung": "nothingIsDue",
    }


def test_levels_of_quantiles_become_exact_keys():
    quantiles = canonical(a_gain())["quantiles"]
    assert "0.025" in quantiles


@each(
    ("value", "made"),
    [
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        (float("inf"), "Infinity"),
        (frozenset({"b", "a"}), ["a", "b"]),
        (Answer.YES, "YES"),
        (timedelta(minutes=1), 60.0),
        (datetime(2013, 1, 1, 1, 0, 0, 5, tzinfo=timezone(timedelta(hours=1))), "2013-01-01T00:00:00.000005Z"),
        (True, True),
        (None, None),
    ],
)
def test_values_have_one_form(value, made):
    assert canonical(value) == made


def test_what_has_no_form_is_refused():
    with pytest.raises(TypeError, match="type object"):
        canonical(object())


def test_the_text_does_not_depend_on_the_order_of_keys_and_is_ascii():
    one = canonical_json({"b": datetime(2013, 1, 1, tzinfo=UTC), "a": "\u202e\ud800"})
    assert one == canonical_json({"a": "\u202e\ud800", "b": datetime(2013, 1, 1, tzinfo=UTC)})
    assert one.isascii()
    assert json.loads(one) == {"a": "\u202e\ud800", "b": "2013-01-01T00:00:00Z"}
