"""A candidate whose data others cannot get: pushed first where it can be, and never proposed in doubt."""

from dataclasses import replace

import pytest

from reconciler.domain.decisions import Decision, Hold, Promote
from reconciler.domain.evidence import Quality
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.names import short
from reconciler.domain.releases import HoldNote
from reconciler.domain.sharing import Output, Sharing
from reconciler.domain.steps import Propose, Share
from reconciler.plan.decide import decide
from reconciler.plan.plan import make_plan
from tests.builders import a_candidate, an_open_change, evidence, facts
from tests.unit.plan.situations import a_situation
from tests.unit.plan.worlds import a_world, the_specs

CANDIDATE = a_candidate(files={"params.yaml": "", "dvc.lock": ""})
MODEL = Output(path="runs/flight-delay/model.zip", md5="0" * 32, size=1000)
DOUBT = unknown("dataRemote", "remoteUnknown", "the remote is gone", "dvc status --cloud")
ABSENT = no("dataRemote", "notInRemote", "1 of 5 outputs is not in the DVC remote yet")
LOST = no("dataRemote", "dataLost", "1 of 5 outputs is lost", "dvc push")
CHANGE = an_open_change(environment="staging", digest=CANDIDATE.build.digest)


def decided(judgement: Judgement, *absent: Output, **more: object) -> Decision:
    return decide(a_situation(facts(candidate=CANDIDATE, sharing=Sharing(judgement=judgement, absent=absent), **more)))


@pytest.mark.parametrize("judgement", [DOUBT, LOST])
def test_in_doubt_nobody_is_asked(judgement: Judgement) -> None:
    decision = decided(judgement)
    assert isinstance(decision, Hold)
    assert decision.code == judgement.code
    said = f"{judgement.message}: {judgement.remedy}"
    assert decision.message == f"{short(CANDIDATE.build.digest)} is not proposed: {said}"
    waits = decided(judgement, changes=(CHANGE,))
    assert isinstance(waits, Hold)
    assert (waits.code, waits.message) == (judgement.code, f"pull request #7 must not be merged now: {said}")


def test_what_can_be_pushed_is_pushed_and_nothing_else_is_done_for_the_model() -> None:
    assert isinstance(decided(ABSENT, MODEL), Promote)
    for changes in ((), (CHANGE,)):
        seen = facts(candidate=CANDIDATE, changes=changes, sharing=Sharing(judgement=ABSENT, absent=(MODEL,)))
        steps = make_plan(a_world(seen), the_specs(seen)).steps
        shared = [step for step in steps if isinstance(step, Share | Propose)]
        assert shared == [Share(model="flight-delay", digest=CANDIDATE.build.digest, outputs=(MODEL,))]


@pytest.mark.parametrize(
    ("quality", "pushed"),
    [(Missing(code="noEvidence", why="no validation.json"), True), (Quality(evaluated=3, failures=("carrier",)), False)],
    ids=["in doubt", "refused"],
)
def test_a_gate_in_doubt_does_not_wait_for_the_push_but_a_refusal_makes_it_needless(
    quality: Known[Quality], pushed: bool
) -> None:
    candidate = replace(CANDIDATE, evidence=evidence(quality=quality))
    seen = facts(candidate=candidate, sharing=Sharing(judgement=ABSENT, absent=(MODEL,)))
    steps = make_plan(a_world(seen), the_specs(seen)).steps
    assert any(isinstance(step, Share) for step in steps) == pushed


def test_a_held_model_is_left_alone() -> None:
    note = HoldNote(reason="audit", owner="ann", until=None)
    seen = facts(candidate=CANDIDATE, hold=note, sharing=Sharing(judgement=ABSENT, absent=(MODEL,)))
    assert not any(isinstance(step, Share) for step in make_plan(a_world(seen), the_specs(seen)).steps)


def test_data_that_is_there_asks_for_nothing() -> None:
    there = yes("dataRemote", "inRemote", "all 5 outputs are in the DVC remote")
    assert decided(there) == decide(a_situation(facts(candidate=CANDIDATE)))
