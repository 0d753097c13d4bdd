"""DVC speaks YAML 1.2 and PyYAML 1.1: dvc.lock passes between the two, and says the same to both."""

import io
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from reconciler.plan.bookkeeping import merge_lock
from tests.cases import each
from tests.examples import examples

OTHER = "schema: '2.0'\nstages:\n  train@c: {cmd: train c}\n"
AMBIGUOUS = [
    *("yes", "no", "on", "off", "y", "Yes", "true", "null", "~", "", "=", "<<"),
    *(
        "1:30",
        "12:30:45",
        "2013-03-01",
        "2013-03-01T06:00:00Z",
        "1_000",
        "0x1f",
        "0o17",
        "017",
        "0b1",
        "1e3",
        "1.5",
        ".5",
        ".inf",
    ),
    *("12345678901234567890123456789e12", "00000000000000000000000000000000", "1234567890123456789012345678e+12"),
    *(
        "- a",
        "a: b",
        "#x",
        "@x",
        "`x`",
        "%x",
        "!x",
        "&x",
        "*x",
        "{{ x }}",
        "$(rm -rf /)",
        "a\tb",
        "two\nlines",
        "\u2028",
        "ünï 列",
        "😀",
    ),
]


def by_dvc(text: str) -> Any:
    """As DVC reads it: YAML 1.2."""
    return YAML(typ="safe").load(text)


def of_dvc(value: Any) -> str:
    """As DVC writes it."""
    stream = io.StringIO()
    YAML().dump(value, stream)
    return stream.getvalue()


@each("text", AMBIGUOUS)
def test_what_is_text_to_dvc_stays_text(text: str) -> None:
    lock = {
        "schema": "2.0",
        "stages": {"train@a": {"cmd": text, "outs": [{"path": "x", "md5": text, "size": 12, "isexec": True}]}},
    }
    merged = merge_lock(of_dvc(lock), OTHER, "c")
    assert by_dvc(merged)["stages"]["train@a"] == lock["stages"]["train@a"]
    assert yaml.safe_load(merged)["stages"]["train@a"] == lock["stages"]["train@a"]


@each("value", [0, -1, 12, 10**20, 1.5, 1e-5, 1e300, -0.5, True, False, None, [], {}])
def test_what_is_no_text_to_dvc_stays_what_it_is(value: Any) -> None:
    lock = {"schema": "2.0", "stages": {"train@a": {"params": {"params.yaml": {"x": value}}}}}
    merged = merge_lock(of_dvc(lock), OTHER, "c")
    back = by_dvc(merged)["stages"]["train@a"]["params"]["params.yaml"]["x"]
    assert (type(back), back) == (type(value), value)


@examples(2)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12))
def test_any_text_survives_any_number_of_merges(text: str) -> None:
    lock = merge_lock("", of_dvc({"stages": {"train@a": {"cmd": text}}}), "a")
    for _ in range(2):
        again = merge_lock(lock, OTHER, "c")
        assert merge_lock(again, again, "a") == again
        assert by_dvc(again)["stages"]["train@a"]["cmd"] == text
