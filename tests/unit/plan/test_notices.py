"""What the forge is to show while the world is as it is."""

from dataclasses import replace
from typing import Any

import pytest

from reconciler.domain.facts import ModelFacts
from reconciler.domain.known import Measured, Missing
from reconciler.domain.notices import (
    Annotation,
    CheckReport,
    Comment,
    Conclusion,
    Dashboard,
    DeploymentRecord,
    DeploymentState,
    Level,
    Notice,
    Status,
    StatusState,
)
from reconciler.domain.steps import Propose, Record, Tell
from reconciler.plan.plan import make_plan
from reconciler.plan.stages import stage_of
from tests.builders import a_candidate, a_revision, facts, first_evidence
from tests.unit.plan.worlds import a_world, proposed, the_specs
from tests.unwell import a_takeback, unwell

GONE = Missing(code="notMeasured", why="gone")
WAITS = facts(candidate=a_candidate(evidence=first_evidence()), releases={})
(PROPOSE,) = [step for step in make_plan(a_world(WAITS), the_specs(WAITS)).steps if isinstance(step, Propose)]
OPEN = replace(WAITS, changes=(proposed(PROPOSE),))
POLICY = b"""apiVersion: perennial/v1
kind: GatePolicy
metadata: {name: standard}
spec:
  gates:
    - {type: dataQuality}
    # a floor
    - type: floor
      metric: rocAuc
      atLeast: 0.6
    - {type: beatsLive, metric: rocAuc}
"""


def shown(seen: ModelFacts, *, tells: bool = True, **model: Any) -> list[Notice]:
    specs = the_specs(seen, **model)
    specs = replace(specs, files={**specs.files, "policies/gates/standard.yaml": POLICY})
    return [told.notice for told in make_plan(a_world(seen, tells=tells), specs).notices]


def statuses(seen: ModelFacts, **model: Any) -> dict[str, tuple[StatusState, str]]:
    found = [notice for notice in shown(seen, **model) if isinstance(notice, Status)]
    assert {notice.revision for notice in found} <= {a_revision("tip"), a_revision("back")}
    return {notice.context: (notice.state, notice.description) for notice in found}


def test_a_forge_that_shows_only_pull_requests_is_told_nothing_else() -> None:
    assert shown(OPEN, tells=False) == []


def test_a_status_says_that_its_environment_is_frozen_and_the_dashboard_that_it_waits() -> None:
    window = {"from": "2013-05-30", "until": "2013-06-03", "reason": "Fair"}
    frozen: Any = {"environments": [{"name": "staging", "freeze": [window]}, "production"]}
    state, said = statuses(OPEN, **frozen)["perennial/gates"]
    assert (state, "staging is frozen until 2013-06-03: Fair" in said) == (StatusState.PENDING, True)
    (dashboard,) = [notice for notice in shown(OPEN, **frozen) if isinstance(notice, Dashboard)]
    assert "must not be merged now: staging is frozen" in dashboard.body
    assert [line for line in dashboard.body.splitlines() if line.startswith("## ")] == ["## Due but held back (1)"]


def test_gates_and_approval_are_a_status_each_on_the_tip() -> None:
    assert statuses(OPEN) == {
        "perennial/gates": (StatusState.SUCCESS, "3 of 3 say YES: dataQuality, floor, beatsLive"),
        "perennial/approval": (StatusState.PENDING, "0 of 1 approvals; nobody approved yet"),
    }
    approved = replace(OPEN, changes=(replace(OPEN.changes[0], approved_by=("eve",)),))
    assert statuses(approved)["perennial/approval"] == (StatusState.SUCCESS, "1 of 1 approvals: eve")
    assert statuses(WAITS) == {}


def test_what_is_unknown_is_pending_and_remarked_on_its_line() -> None:
    doubt = replace(OPEN, candidate=a_candidate(evidence=first_evidence(metrics=GONE)))
    state, said = statuses(doubt)["perennial/gates"]
    assert state is StatusState.PENDING
    assert "must not be merged now" in said
    (check,) = [notice for notice in shown(doubt) if isinstance(notice, CheckReport)]
    assert (check.conclusion, check.title) == (Conclusion.ACTION_REQUIRED, "1 of 3 say UNKNOWN: floor")
    (remark,) = check.annotations
    assert remark == Annotation(path="policies/gates/standard.yaml", line=8, level=Level.WARNING, message=remark.message)
    assert remark.message.startswith("floor says UNKNOWN (")
    assert "| ? | floor |" in check.summary


def test_commits_of_people_never_succeed_and_they_are_told_once() -> None:
    seen = replace(OPEN, changes=(replace(OPEN.changes[0], edited=True, foreign=("eve", "k`[im](x)")),))
    assert statuses(seen) == {
        "perennial/gates": (StatusState.ERROR, "people pushed to this branch: the evidence is not about these commits"),
        "perennial/approval": (StatusState.PENDING, "there is nothing to approve"),
    }
    (check,) = [notice for notice in shown(seen) if isinstance(notice, CheckReport)]
    assert check.conclusion is Conclusion.ACTION_REQUIRED
    for tells in (True, False):
        (comment,) = [notice for notice in shown(seen, tells=tells) if isinstance(notice, Comment)]
        assert comment.key == "foreign"
        assert comment.body.startswith("eve, k\\`\\[im\\](x) pushed to this branch")


def test_descriptions_fit() -> None:
    crowd = tuple(f"somebody-with-a-long-name-{number}" for number in range(20))
    (_, said) = statuses(replace(OPEN, changes=(replace(OPEN.changes[0], approved_by=crowd),)))["perennial/approval"]
    assert len(said) == 140
    assert said.endswith("…")


@pytest.mark.parametrize(("releases", "version", "state"), [(True, "1.0.0", "success"), (False, "none", "inactive")])
def test_a_deployment_is_on_record_before_the_line_of_the_ledger(releases: bool, version: str, state: str) -> None:
    seen = facts(introduced={"production": a_revision("merge")}, **({} if releases else {"releases": {}}))
    steps = make_plan(a_world(seen, tells=True), the_specs(seen)).steps
    told, record = steps[:2]
    assert told == Tell(
        model="flight-delay",
        notice=DeploymentRecord(
            environment="production",
            revision=a_revision("merge"),
            model="flight-delay",
            version=version,
            state=DeploymentState(state),
        ),
    )
    assert isinstance(record, Record)
    known = replace(seen, history=replace(seen.history, events=frozenset({record.event.id})))
    assert not [s for s in make_plan(a_world(known, tells=True), the_specs(known)).steps if isinstance(s, Tell)]
    assert not [s for s in make_plan(a_world(seen), the_specs(seen)).steps if isinstance(s, Tell)]


def test_a_refused_candidate_is_told_why_on_its_own_commit() -> None:
    refused = a_candidate(evidence=first_evidence(metrics={"rocAuc": Measured(value=0.1, low=0.1, high=0.1, rows=5000)}))
    seen = facts(candidate=refused, releases={})
    steps = make_plan(a_world(seen, tells=True), the_specs(seen)).steps
    (index,) = [number for number, step in enumerate(steps) if isinstance(step, Tell)]
    told, record = steps[index : index + 2]
    assert isinstance(record, Record)
    assert record.event.kind == "refused"
    assert isinstance(told, Tell)
    assert isinstance(told.notice, CheckReport)
    assert (told.notice.revision, told.notice.conclusion) == (refused.revision, Conclusion.FAILURE)
    assert [remark.level for remark in told.notice.annotations] == [Level.FAILURE]
    assert stage_of(told) == stage_of(record)


def test_the_dashboard_is_about_the_fleet_and_not_shown_for_one_model() -> None:
    specs = the_specs(OPEN)
    (board,) = [told.notice for told in make_plan(a_world(OPEN, tells=True), specs).notices if isinstance(told.notice, Dashboard)]
    assert "**1 models**: 1 waits for a review." in board.body
    assert "0 of 1 approvals; nobody approved yet" in board.body
    more = replace(specs, models={**specs.models, "other": specs.models["flight-delay"]})
    partial = make_plan(a_world(OPEN, tells=True), more, ["flight-delay"])
    assert not [told for told in partial.notices if isinstance(told.notice, Dashboard)]


def test_a_proposal_names_the_closed_one_that_it_follows() -> None:
    seen = replace(WAITS, closed={"staging": 3, "production": 5})
    assert PROPOSE.follows is None
    (step,) = [step for step in make_plan(a_world(seen), the_specs(seen)).steps if isinstance(step, Propose)]
    assert step.follows == 3
    moved = replace(seen, changes=(replace(proposed(PROPOSE), content=a_revision("old")),))
    (again,) = [step for step in make_plan(a_world(moved), the_specs(moved)).steps if isinstance(step, Propose)]
    assert again.follows is None


@pytest.mark.parametrize(
    ("tier", "change", "gates", "approval"),
    [
        ("standard", {}, StatusState.SUCCESS, StatusState.SUCCESS),
        ("high", {}, StatusState.SUCCESS, StatusState.PENDING),
        ("high", {"approved_by": ("Eve", "ada"), "author": "ada"}, StatusState.SUCCESS, StatusState.SUCCESS),
        ("high", {"approved_by": ("ada",), "author": "Ada"}, StatusState.SUCCESS, StatusState.PENDING),
        ("standard", {"edited": True}, StatusState.ERROR, StatusState.PENDING),
    ],
    ids=["merges itself", "waits", "approved", "approved by its author", "pushed to"],
)
def test_a_roll_back_has_the_statuses_that_branches_require(
    tier: str, change: dict[str, Any], gates: StatusState, approval: StatusState
) -> None:
    told = statuses(unwell(takebacks=(a_takeback(**change),)), tier=tier)
    assert {context: state for context, (state, _) in told.items()} == {"perennial/gates": gates, "perennial/approval": approval}
