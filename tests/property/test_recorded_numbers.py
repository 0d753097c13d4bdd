"""Evidence and builds as they are read back: any text gives facts or Missing, and no edited build is believed."""

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.domain.evidence import Comparison, Evidence, NoBaseline, Quality
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.releases import Build
from reconciler.errors import ReconcilerError
from reconciler.pipeline.build_json import build_text, data_range_text, read_build, read_data_range, read_evidence_build
from reconciler.pipeline.evidence_json import evidence_text, read_evidence
from tests.builders import a_build, a_comparison, a_gain
from tests.examples import examples

QUICK = examples(2)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.just(10**400),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(["sha256:" + "0" * 64, "2013-01-01", "none"]),
)
trees = st.recursive(leaves, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner)))
BUILD = json.loads(build_text(a_build()))
EVALUATION = json.loads(
    evidence_text({"metrics": {"rocAuc": Measured(value=0.7, low=0.6, high=0.8, rows=9)}, "comparison": a_comparison(a_gain())})
)
VALIDATION = {"evaluated": 3, "failures": ["carrier is null"], "expectations": []}


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where in the JSON there is something."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for key, child in inner for path in paths(child, (*at, key)))]


def edited(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with the value at the path."""
    if not path:
        return value
    copy = json.loads(json.dumps(document))
    parent = copy
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    return copy


def edits(document: Any) -> st.SearchStrategy[tuple[tuple[Any, ...], Any]]:
    return st.tuples(st.sampled_from(paths(document)), trees)


def is_sound(found: Evidence) -> bool:
    """Every fact is Missing, or numbers throughout."""
    return all((_quality(found.quality), _metrics(found.metrics), _comparison(found.comparison)))


def _quality(fact: Known[Quality]) -> bool:
    return isinstance(fact, Missing) or (fact.evaluated >= 0 and all(isinstance(text, str) for text in fact.failures))


def _metrics(fact: Any) -> bool:
    numbers = [] if isinstance(fact, Missing) else [n for m in fact.values() for n in (m.value, m.low, m.high, m.rows)]
    return all(math.isfinite(number) for number in numbers)


def _comparison(fact: Known[Comparison | NoBaseline]) -> bool:
    gains = fact.gains.values() if isinstance(fact, Comparison) else ()
    numbers = [n for gain in gains for n in (gain.champion, gain.challenger, gain.gain, *gain.quantiles.values())]
    return all(math.isfinite(number) for number in numbers) and all(0 < q < 1 for gain in gains for q in gain.quantiles)


@QUICK
@given(edits(EVALUATION), edits(VALIDATION))
def test_no_edit_of_evidence_is_an_exception_or_a_number_that_is_none(
    evaluation: tuple[tuple[Any, ...], Any], validation: tuple[tuple[Any, ...], Any]
) -> None:
    texts = {
        "evaluation.json": json.dumps(edited(EVALUATION, *evaluation)),
        "validation.json": json.dumps(edited(VALIDATION, *validation)),
    }
    assert is_sound(read_evidence(texts))


@QUICK
@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_is_an_exception(one: str, other: str) -> None:
    found = read_evidence({"evaluation.json": one, "validation.json": other})
    assert is_sound(found)
    assert isinstance(found.metrics, Missing)


@QUICK
@given(st.sampled_from(["evaluation.json", "validation.json"]), st.integers(0, 400))
def test_evidence_that_was_cut_short_is_missing(name: str, length: int) -> None:
    text = json.dumps(EVALUATION if name == "evaluation.json" else VALIDATION)
    assume(length < len(text))
    found = read_evidence({name: text[:length]})
    cut = found.metrics if name == "evaluation.json" else found.quality
    assert isinstance(cut, Missing)
    assert cut.code == "unreadableEvidence"


def understood(text: str) -> Build | None:
    try:
        return read_build(text)
    except ReconcilerError:
        return None


@QUICK
@given(edits(BUILD))
def test_an_edited_build_is_refused_unless_its_digest_still_holds(edit: tuple[tuple[Any, ...], Any]) -> None:
    changed = edited(BUILD, *edit)
    found = understood(json.dumps(changed))
    assert found is None or found.digest == changed["digest"] == a_build().digest


@QUICK
@given(st.sampled_from(sorted(BUILD["madeFrom"])), st.integers(0, 63))
def test_one_letter_of_what_it_was_made_from_is_enough(part: str, place: int) -> None:
    digest = BUILD["madeFrom"][part]
    other = "1" if digest[7 + place] != "1" else "2"
    changed = edited(BUILD, ("madeFrom", part), digest[: 7 + place] + other + digest[8 + place :])
    assert understood(json.dumps(changed)) is None


@QUICK
@given(st.one_of(st.text(max_size=40), trees.map(json.dumps)))
def test_any_other_text_is_one_clear_error(text: str) -> None:
    for read in (read_build, read_data_range, read_evidence_build):
        with pytest.raises(ReconcilerError, match="cannot be understood"):
            read(text)


@QUICK
@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["a", "flights", "x-1"]))
def test_any_build_and_its_rows_survive_the_journey(train: int, holdout: int, dataset: str) -> None:
    data = replace(a_build().data, train_rows=train, holdout_rows=holdout, dataset=dataset)
    build = a_build(data=data)
    assert read_build(build_text(build)) == build
    assert read_data_range(data_range_text(data)) == data
    assert build_text(read_build(build_text(build))) == build_text(build)
