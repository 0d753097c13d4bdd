"""The labels of a promotion's pull request: one of each kind, and words that a label cannot hold are made to fit."""

from dataclasses import replace
from typing import Any

from reconciler.domain.judgements import OVERRIDDEN, Judgement, no, unknown, yes
from reconciler.plan.labels import LONGEST_LABEL, labels_for, verdict_of
from reconciler.plan.situation import Situation
from tests.builders import facts
from tests.cases import each
from tests.unit.plan.situations import a_situation

PASSED = yes("all", "passed", "all pass")
FIRST = facts(releases={})


def owned_by(owner: str, **changes: Any) -> Situation:
    situation = a_situation(**changes)
    metadata = situation.model.metadata.model_copy(update={"owner": owner})
    return replace(situation, model=situation.model.model_copy(update={"metadata": metadata}))


def team_of(owner: str) -> list[str]:
    return [label for label in labels_for(owned_by(owner), "staging", PASSED) if label.startswith("team/")]


def test_there_is_one_label_of_each_kind_and_they_are_sorted() -> None:
    labels = labels_for(owned_by("ops", tier="low"), "production", PASSED)
    assert labels == ("env/production", "model/flight-delay", "perennial", "team/ops", "tier/low", "verdict/blessed")


@each(
    ("owner", "expected"),
    [
        ("data science", ["team/data-science"]),
        ("acme/ops", ["team/acme/ops"]),
        ("a, b,\n,c", ["team/a-b-c"]),
        ("<!-- x -->", ["team/x"]),
        ("../../etc", ["team/etc"]),
        ("ops@acme.example", ["team/ops-acme.example"]),
        ("Müller", ["team/M-ller"]),
        ("\u202eops\u200b", ["team/ops"]),
    ],
)
def test_an_owner_that_a_label_cannot_hold_is_made_to_fit(owner: str, expected: list[str]) -> None:
    assert team_of(owner) == expected


@each("owner", ["", " ", "...", "-/.", "予測", "\u200b"])
def test_an_owner_of_whom_nothing_is_left_has_no_label(owner: str) -> None:
    assert team_of(owner) == []


def test_a_label_is_cut_where_the_forge_would_refuse_it() -> None:
    fits = "x" * (LONGEST_LABEL - len("team/"))
    assert team_of(fits) == team_of(f"{fits}yz") == [f"team/{fits}"]


@each(
    ("gates", "expected"),
    [
        (None, "inconclusive"),
        (PASSED, "blessed"),
        (no("all", "floor", "0.5 < 0.6"), "rejected"),
        (unknown("all", "noEvidence", "gone"), "inconclusive"),
    ],
)
def test_the_verdict_is_what_the_gates_come_to(gates: Judgement | None, expected: str) -> None:
    assert verdict_of(a_situation(), gates) == expected


def test_only_a_yes_of_a_first_release_lacks_a_baseline() -> None:
    first = a_situation(FIRST)
    assert verdict_of(first, PASSED) == "no-baseline"
    assert verdict_of(first, no("all", "floor", "0.5 < 0.6")) == "rejected"
    assert verdict_of(first, None) == "inconclusive"


def test_a_gate_that_was_set_aside_is_told_whatever_the_others_say() -> None:
    aside = yes("floor", OVERRIDDEN, "set aside by ada")
    for other in (PASSED, no("dataQuality", "bad", "3 of 9 fail")):
        both = Judgement(rule="all", answer=other.answer, code="x", message="", parts=(other, aside))
        assert verdict_of(a_situation(), both) == "overridden"
