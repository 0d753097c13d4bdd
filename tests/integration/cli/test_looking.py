"""`observe` and `drift` on a real repository: what they say, their JSON, their page, and how they refuse."""

from pathlib import Path

import pytest

from tests.commands import perennial
from tests.loops import T1 as MARCH
from tests.loops import Loop, a_loop

T1 = ("--as-of", "2013-03-01")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """alpha runs in production, from an artifact that nobody has; beta was never trained."""
    loop = a_loop(tmp_path_factory.mktemp("released") / "repository", "alpha", "beta")
    loop.settle(MARCH, "alpha")
    while pulls := [pull for pull in loop.pulls() if pull.state == "open"]:
        loop.merge(pulls[0].number)
        loop.settle(MARCH, "alpha")
    return loop


def test_every_model_is_a_block_and_what_is_missing_says_why(released):
    told = perennial(released.root, "observe", *T1)
    assert (told.code, told.err) == (0, "")
    assert told.is_harmless
    alpha, beta = told.out.split("\n\n")[:2]
    assert alpha.startswith("alpha  at 2013-03-01, windows of 7d")
    assert "1.0.0 (" in alpha
    assert "? the released model cannot be loaded" in alpha
    assert "nothing is released to production yet" in beta


def test_json_is_of_the_models_that_were_asked_for(released):
    models = perennial(released.root, "observe", *T1, "--model", "beta", "--window", "1d", "-o", "json").json["models"]
    assert [(one["model"], one["window"]) for one in models] == [("beta", 86_400.0)]
    assert models[0]["running"] == {"type": "missing", "code": "noRelease", "why": "nothing is released to production yet"}


def test_drift_of_what_cannot_be_seen_is_unknown_not_none(released):
    told = perennial(released.root, "drift", "alpha", *T1)
    assert told.code == 0
    assert "→ watch nothing was seen, but" in " ".join(told.out.split())
    value = perennial(released.root, "drift", "alpha", *T1, "-o", "json").json
    assert (value["kinds"], value["remedy"]) == (["none"], "watch")
    assert len(value["verdict"]["unknown"]) >= 5
    assert any(one.startswith("all features together: the released model cannot be") for one in value["verdict"]["unknown"])
    assert value["verdict"]["separation"] is None


def test_rows_are_told_apart_for_one_model_and_not_for_the_fleet_or_a_slice(released):
    for command in (("observe",), ("drift", "alpha", "--slice", "carrier=UA")):
        assert "all features together" not in perennial(released.root, *command, *T1).out


@pytest.mark.parametrize("command", [("observe",), ("drift", "alpha"), ("drift", "alpha", "--slice", "carrier=UA")], ids=" ".join)
def test_a_page_is_written_and_no_ref_is_moved(released, command, tmp_path):
    before, page = released.refs(), tmp_path / "page.html"
    first = perennial(released.root, *command, *T1, "--html", str(page))
    text = page.read_text(encoding="utf-8")
    assert first == perennial(released.root, *command, *T1, "--html", str(page))
    assert first.code == 0
    assert text == page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert text.rstrip().endswith("</html>")
    assert released.refs() == before


@pytest.mark.parametrize(
    ("command", "code", "word"),
    [
        (("drift", "gamma"), 4, "there is no model gamma"),
        (("drift",), 2, "MODEL"),
        (("drift", "alpha", "--window", "soon"), 2, "expected a duration"),
        (("drift", "alpha", "--slice", "carrier"), 2, "expected COLUMN=VALUE"),
        (("drift", "alpha", "--slice", "=UA"), 2, "expected COLUMN=VALUE"),
        (("observe", "--model", "gamma"), 4, "there is no model gamma"),
        (("observe", "--html", str(Path("no") / "such" / "page.html")), 1, "cannot be written: No such file"),
    ],
    ids=str,
)
def test_a_refusal_says_why(released, command, code, word):
    told = perennial(released.root, *command, *T1)
    assert (told.code, told.out) == (code, "")
    assert word in told.err
    assert told.is_harmless
