"""candidate.json and snapshot.json: there and back, and nothing that contradicts itself is believed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.errors import ReconcilerError
from reconciler.pipeline.build_json import build_text, data_range_text, json_text, read_build, read_data_range
from tests.builders import a_build
from tests.cases import each


def test_a_build_survives_the_journey() -> None:
    assert read_build(build_text(a_build())) == a_build()


def test_a_data_range_survives_the_journey() -> None:
    assert read_data_range(data_range_text(a_build().data)) == a_build().data


def test_keys_are_camel_case_and_sorted() -> None:
    value = json.loads(build_text(a_build()))
    assert list(value) == sorted(value)
    assert {"madeFrom", "digest"} < set(value)
    assert {"asOf", "trainUntil"} < set(value["data"])


@each(
    ("change", "words"),
    [
        (
            lambda v: v["artifact"].update(sha256="sha256:" + "0" * 64),
            "says digest sha256:.*, its content has sha256:000|its content has",
        ),
        (lambda v: v["data"].update(trainRows="many"), "data.trainRows"),
        (lambda v: v.pop("madeFrom"), "madeFrom"),
        (lambda v: v.update(extra=1), "extra"),
    ],
)
def test_a_garbled_build_is_refused(change: Callable[[dict[str, Any]], None], words: str) -> None:
    value = json.loads(build_text(a_build()))
    change(value)
    with pytest.raises(ReconcilerError, match=words):
        read_build(json.dumps(value))


@each("text", ["", "[]", "{}", "not json", "null"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ReconcilerError, match=r"candidate\.json cannot be understood"):
        read_build(text)
    with pytest.raises(ReconcilerError, match=r"snapshot\.json cannot be understood"):
        read_data_range(text)


def test_nan_is_never_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"a": float("nan")})
