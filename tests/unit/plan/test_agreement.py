"""Main, branch, cluster and registry are held against each other, and each difference has a code and a remedy."""

from typing import Any

import pytest

from reconciler.domain.clusters import Health, Sync
from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Answer, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.proofs import Proof
from reconciler.domain.steps import Publish
from reconciler.domain.world import EnvironmentFacts
from reconciler.plan.agreement import Agreement, agreements_of
from reconciler.plan.plan import make_plan
from reconciler.plan.publish import publish_steps
from tests.builders import PROVEN, a_release, a_revision, facts
from tests.cases import each
from tests.unit.plan.worlds import a_world, the_specs
from tests.unwell import LIVE, a_deployed

TAGGED = {"flight-delay@v1.0.0": a_revision("promotion"), "flight-delay#production#1": a_revision("promotion")}
SEEN: dict[str, Any] = {"introduced": {"production": a_revision("promotion")}, "tags": TAGGED, "environments": ("production",)}
UNPROVEN = Proof(statement=None, links=(no("evidence", "absent", "there is no evidence"),))


def the_agreement(files: dict[str, str] | None = None, **changes: Any) -> Agreement:
    """Of the usual release in production; without other files the branch is as it should be."""
    seen = facts(**SEEN | changes)
    specs = the_specs(seen, environments=["production"])
    files = rendered(seen) if files is None else files
    branch = EnvironmentFacts(tip=a_revision("env"), files=files, proofs={"flight-delay": seen.proofs["production"]})
    world = a_world(seen, environments={"production": branch})
    (one,) = agreements_of(world, make_plan(world, specs).steps, ["flight-delay"])
    return one


def rendered(seen: ModelFacts) -> dict[str, str]:
    """What the branch should hold."""
    proven = {"flight-delay": PROVEN}
    world = a_world(seen, environments={"production": EnvironmentFacts(tip=a_revision("env"), files={}, proofs=proven)})
    steps = publish_steps(world, the_specs(seen, environments=["production"]), ["flight-delay"])
    return {path: text for step in steps if isinstance(step, Publish) for path, text in step.files.items()}


RIGHT = rendered(facts(**SEEN))
DEPLOYMENT = "manifests/flight-delay/deployment.yaml"
ANOTHER = {path: text.replace(LIVE.digest, a_release("before").digest) for path, text in RIGHT.items()}


def test_where_all_say_the_same_nothing_is_to_do() -> None:
    well = a_deployed(health=Health.HEALTHY)
    found = the_agreement(deployed={"production": well})
    assert [one.answer for one in found.all] == [Answer.YES] * 3
    assert found.version == "1.0.0"


@pytest.mark.parametrize(
    ("files", "changes", "said"),
    [
        ({}, {}, ("NO", "notRendered", "perennial reconcile")),
        (ANOTHER, {}, ("NO", "rendersAnother", "perennial reconcile")),
        (RIGHT | {DEPLOYMENT: RIGHT[DEPLOYMENT] + "# by hand\n"}, {}, ("NO", "rendersOtherwise", "perennial reconcile")),
        (RIGHT | {"manifests/flight-delay/extra.yaml": "a: b\n"}, {}, ("NO", "rendersOtherwise", "perennial reconcile")),
        (RIGHT, {"proofs": {"production": UNPROVEN}}, ("NO", "withheld", "perennial audit flight-delay --verify")),
        ({}, {"releases": {}}, ("YES", "nothing", "")),
        (RIGHT, {"releases": {}}, ("NO", "rendersAnother", "perennial reconcile")),
    ],
    ids=["nothing there", "another release", "edited", "one file more", "unproven", "nothing wanted", "too much"],
)
def test_the_branch_is_compared_byte_by_byte(files: dict[str, str], changes: dict[str, Any], said: tuple[str, str, str]) -> None:
    found = the_agreement(files, **changes).branch
    assert (found.answer, found.code, found.remedy) == said


SYNC = "perennial sync flight-delay --environment production"


@each(
    ("seen", "said"),
    [
        (a_deployed(), ("NO", "unwell", "perennial rollback flight-delay --environment production")),
        (a_deployed(health=Health.HEALTHY, sync=Sync.OUT_OF_SYNC), ("NO", "outOfSync", SYNC)),
        (a_deployed(a_release("other"), health=Health.HEALTHY), ("NO", "runsAnother", SYNC)),
        (a_deployed(health=Health.PROGRESSING), ("UNKNOWN", "notYet", f"wait, or: {SYNC}")),
        (a_deployed(health=Health.HEALTHY, sync=Sync.UNKNOWN), ("UNKNOWN", "notYet", f"wait, or: {SYNC}")),
        (Missing(code="clusterSilent", why="no answer"), ("UNKNOWN", "clusterSilent", "perennial doctor")),
        (Missing(code="noCluster", why="none"), ("UNKNOWN", "noCluster", "set [tool.perennial.clusters] in pyproject.toml")),
        (None, ("UNKNOWN", "notAsked", "")),
    ],
)
def test_the_cluster_is_told_with_what_helps(seen: Any, said: tuple[str, str, str]) -> None:
    found = the_agreement(deployed={"production": seen} if seen else {}).cluster
    assert (found.answer, found.code, found.remedy) == said


@pytest.mark.parametrize(
    ("seen", "code"),
    [(a_deployed(), "stillRuns"), (Missing(code="noApplication", why="none"), "runsNothing")],
    ids=["there", "not there"],
)
def test_what_main_does_not_name_should_not_run(seen: Any, code: str) -> None:
    assert the_agreement(releases={}, deployed={"production": seen}).cluster.code == code


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tags": {}}, ("NO", "notTagged", "perennial release")),
        ({"tags": TAGGED | {"flight-delay#production#2": a_revision("x")}}, ("NO", "notTagged", "perennial release")),
        ({"packaging": {LIVE.digest: no("package", "packageLost", "404")}}, ("NO", "packageLost", "perennial reconcile")),
        ({"packaging": {LIVE.digest: unknown("package", "silent", "x", "y")}}, ("UNKNOWN", "silent", "y")),
        ({"packaging": {LIVE.digest: yes("package", "there", "x")}}, ("YES", "registered", "")),
        ({"releases": {}}, ("YES", "nothing", "")),
    ],
    ids=["no tags", "tagged otherwise", "package lost", "package unknown", "all there", "nothing wanted"],
)
def test_the_registry_has_tags_and_package(changes: dict[str, Any], said: tuple[str, str, str]) -> None:
    found = the_agreement(**changes).registry
    assert (found.answer, found.code, found.remedy) == said
