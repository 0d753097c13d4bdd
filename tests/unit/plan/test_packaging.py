"""A package is where servers fetch it before anything names it: published first where it can be, never named in doubt."""

from dataclasses import replace

import pytest

from reconciler.domain.decisions import Hold, Promote
from reconciler.domain.evidence import Quality
from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.packages import NOT_THERE, Package
from reconciler.domain.releases import HoldNote, Release
from reconciler.domain.steps import Propose, PublishPackage
from reconciler.plan.decide import decide
from reconciler.plan.plan import make_plan
from tests.builders import a_candidate, a_release, an_open_change, evidence, facts
from tests.unit.plan.situations import a_situation
from tests.unit.plan.worlds import a_world, the_specs

CANDIDATE = a_candidate(files={"params.yaml": "", "dvc.lock": ""})
BUILD = CANDIDATE.build
ABSENT = no("package", NOT_THERE, "its package is not in s3://models yet", "perennial reconcile")
LOST = no("package", "packageLost", "its package is lost", "dvc repro")
DOUBT = unknown("package", "packagesUnknown", "the bucket is gone", "perennial doctor")
THERE = yes("package", "packageThere", "its package is there")
CHANGE = an_open_change(environment="staging", digest=BUILD.digest)


def seen(judgement: Judgement, **more: object) -> ModelFacts:
    return facts(**{"candidate": CANDIDATE, "packaging": {BUILD.digest: judgement}, **more})


def published(judgement: Judgement, **more: object) -> list[PublishPackage | Propose]:
    found = seen(judgement, **more)
    steps = make_plan(a_world(found), the_specs(found)).steps
    return [step for step in steps if isinstance(step, PublishPackage | Propose)]


@pytest.mark.parametrize("judgement", [DOUBT, LOST])
@pytest.mark.parametrize("changes", [(), (CHANGE,)], ids=["nothing open", "open"])
def test_in_doubt_nobody_is_asked(judgement: Judgement, changes: tuple[object, ...]) -> None:
    decision = decide(a_situation(seen(judgement, changes=changes)))
    assert isinstance(decision, Hold)
    assert decision.code == judgement.code
    assert decision.message.endswith(f"{judgement.message}: {judgement.remedy}")
    assert published(judgement, changes=changes) == []


@pytest.mark.parametrize("changes", [(), (CHANGE,)], ids=["nothing open", "open"])
def test_what_can_be_published_is_published_first(changes: tuple[object, ...]) -> None:
    assert isinstance(decide(a_situation(seen(ABSENT, changes=changes))), Promote)
    package = Package(model="flight-delay", artifact=BUILD.artifact)
    wanted = PublishPackage(model="flight-delay", digest=BUILD.digest, package=package, released=False)
    assert published(ABSENT, changes=changes) == [wanted]


def test_what_is_there_is_proposed() -> None:
    assert [type(step) for step in published(THERE)] == [Propose]


@pytest.mark.parametrize(
    ("quality", "count"),
    [(Missing(code="noEvidence", why="no validation.json"), 1), (Quality(evaluated=3, failures=("carrier",)), 0)],
    ids=["in doubt", "refused"],
)
def test_what_a_gate_refuses_is_not_published(quality: Known[Quality], count: int) -> None:
    refused = replace(CANDIDATE, evidence=evidence(quality=quality))
    assert len(published(ABSENT, candidate=refused)) == count


def test_a_held_model_is_left_alone() -> None:
    assert published(ABSENT, hold=HoldNote(reason="audit", owner="ann", until=None)) == []


def test_a_release_that_servers_cannot_fetch_is_published_once_for_all_environments() -> None:
    release = a_release()
    both = {"staging": Release(environment="staging", version="1.0.0", build=release.build), "production": release}
    found = facts(releases=both, packaging={release.digest: ABSENT})
    steps = [step for step in make_plan(a_world(found), the_specs(found)).steps if isinstance(step, PublishPackage)]
    assert [(step.digest, step.released) for step in steps] == [(release.digest, True)]
    for said in (THERE, LOST, DOUBT):
        found = facts(releases=both, packaging={release.digest: said})
        assert not any(isinstance(step, PublishPackage) for step in make_plan(a_world(found), the_specs(found)).steps)
