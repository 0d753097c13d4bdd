"""What an open pull request needs: to be rebuilt, only described anew, to be merged, or nothing."""

from dataclasses import replace
from typing import Any

from reconciler.domain.facts import ModelFacts
from reconciler.domain.known import Missing
from reconciler.domain.steps import Describe, Merge, Propose, Record, Step
from reconciler.plan.plan import make_plan
from tests.builders import a_candidate, a_revision, facts, first_evidence
from tests.unit.plan.worlds import a_world, proposed, the_specs

SEEN = facts(candidate=a_candidate(evidence=first_evidence()), releases={})
GONE = Missing(code="notMeasured", why="gone")


def steps(seen: ModelFacts, **more: Any) -> list[Step]:
    specs = the_specs(seen, **{key: more.pop(key) for key in ("tier", "promotion") if key in more})
    return [step for step in make_plan(a_world(seen, **more), specs).steps if not isinstance(step, Record)]


def proposal(**more: Any) -> Propose:
    (step,) = steps(SEEN, **more)
    assert isinstance(step, Propose)
    return step


def test_a_new_pull_request_is_labelled_and_its_reviewers_asked() -> None:
    step = proposal(tier="high", promotion={"owners": ["ada"]})
    assert step.labels == (
        "env/staging",
        "model/flight-delay",
        "perennial",
        "team/operations",
        "tier/high",
        "verdict/no-baseline",
    )
    assert step.reviewers == ("ada",)
    assert proposal(promotion={"owners": ["ada"], "reviewers": ["acme/ops"]}).reviewers == ("acme/ops",)
    assert proposal().reviewers == ()


def test_words_and_labels_are_brought_up_to_date_without_a_new_commit() -> None:
    step = proposal()
    for odd in ({"title": "Mine"}, {"labels": ("verdict/rejected",)}, {"labels": ("verdict/inconclusive",), "draft": True}):
        (described,) = steps(replace(SEEN, changes=(proposed(step, **odd),)))
        assert described == Describe(
            model="flight-delay",
            number=7,
            branch=step.branch,
            title=step.title,
            body=step.body,
            labels=step.labels,
            draft=False,
        )


def test_a_draft_that_a_person_made_stays_one_and_does_not_merge_itself() -> None:
    change = proposed(proposal(tier="low"), draft=True)
    assert steps(replace(SEEN, changes=(change,)), tier="low") == []


def test_labels_of_people_are_no_reason_to_do_anything() -> None:
    change = proposed(proposal())
    assert steps(replace(SEEN, changes=(replace(change, labels=tuple(sorted((*change.labels, "urgent")))),))) == []


def test_a_branch_that_is_gone_or_holds_something_else_is_built_anew() -> None:
    change = proposed(proposal())
    for odd in (replace(change, tip=None), replace(change, content=a_revision("other"))):
        (step,) = steps(replace(SEEN, changes=(odd,)))
        assert isinstance(step, Propose)


def test_in_doubt_it_is_a_draft_and_ready_again_when_the_gates_are_judged() -> None:
    change = proposed(proposal())
    doubt = replace(SEEN, candidate=a_candidate(evidence=first_evidence(quality=GONE)), changes=(change,))
    (draft,) = steps(doubt)
    assert isinstance(draft, Describe)
    assert (draft.draft, draft.title, draft.body) == (True, change.title, change.body)
    assert "verdict/inconclusive" in draft.labels
    drafted = replace(change, draft=True, labels=draft.labels)
    assert steps(replace(doubt, changes=(drafted,))) == []
    (ready,) = steps(replace(SEEN, changes=(drafted,)))
    assert isinstance(ready, Describe)
    assert (ready.draft, ready.labels) == (False, change.labels)


def test_only_tier_low_merges_itself_once_everything_is_true() -> None:
    step = proposal(tier="low")
    seen = replace(SEEN, changes=(proposed(step),))
    assert steps(seen, tier="low") == [
        Merge(
            model="flight-delay",
            environment="staging",
            number=7,
            expected=a_revision("tip"),
            base=a_revision(),
            files=step.files,
        )
    ]
    assert [type(one) for one in steps(seen, tier="standard")] == [Describe]
    assert [type(one) for one in steps(seen, tier="low", head=a_revision("later"))] == [Propose]


def test_what_people_pushed_to_is_left_alone_whatever_else_is_true() -> None:
    step = proposal(tier="low")
    for odd in ({}, {"title": "Mine"}, {"draft": True}, {"content": a_revision("other")}):
        edited = replace(SEEN, changes=(proposed(step, edited=True, foreign=("eve",), **odd),))
        assert steps(edited, tier="low") == []
