"""What follows from main's release files: tags and rendered branches."""

from dataclasses import replace

import pytest

from reconciler.domain.judgements import no
from reconciler.domain.proofs import Proof
from reconciler.domain.steps import Publish, Step, Tag
from reconciler.domain.world import EnvironmentFacts
from reconciler.plan.publish import publish_steps
from reconciler.plan.record import record_steps
from tests.builders import PROVEN, a_model, a_release, a_revision, facts
from tests.unit.plan.situations import a_situation
from tests.unit.plan.worlds import NOWHERE, a_world, the_specs

MERGE = a_revision("merge")
RELEASED = facts(introduced={"production": MERGE})


def follow_up(seen: object, **world: object) -> list[Step]:
    return publish_steps(a_world(seen, **world), the_specs(seen), ["flight-delay"])  # type: ignore[arg-type]


def tags(seen: object) -> list[tuple[str, str]]:
    return [(step.name, step.target) for step in follow_up(seen) if isinstance(step, Tag)]


def test_a_new_release_is_registered_and_assigned() -> None:
    assert tags(RELEASED) == [("flight-delay@v1.0.0", MERGE), ("flight-delay#production#1", MERGE)]


def test_what_is_tagged_is_not_tagged_again() -> None:
    done = {"flight-delay@v1.0.0": MERGE, "flight-delay#production#1": MERGE}
    assert tags(replace(RELEASED, tags=done)) == []


def test_a_killed_run_is_completed() -> None:
    assert tags(replace(RELEASED, tags={"flight-delay@v1.0.0": MERGE})) == [("flight-delay#production#1", MERGE)]


def test_a_roll_back_assigns_the_old_version_anew() -> None:
    newer = a_revision("newer")
    done = {
        "flight-delay@v1.0.0": MERGE,
        "flight-delay#production#1": MERGE,
        "flight-delay@v1.1.0": newer,
        "flight-delay#production#10": newer,
    }
    rolled_back = facts(introduced={"production": a_revision("revert")}, tags=done)
    assert tags(rolled_back) == [("flight-delay#production#11", MERGE)]


def test_two_environments_share_the_version_and_its_commit() -> None:
    staged = replace(a_release(), environment="staging")
    both = facts(
        releases={"staging": staged, "production": a_release()},
        introduced={"staging": MERGE, "production": a_revision("later")},
    )
    assert tags(both) == [
        ("flight-delay@v1.0.0", MERGE),
        ("flight-delay#staging#1", MERGE),
        ("flight-delay#production#1", MERGE),
    ]


def test_only_environments_with_a_release_are_rendered() -> None:
    published = [step for step in follow_up(RELEASED) if isinstance(step, Publish)]
    assert [(step.environment, step.branch, step.replaces) for step in published] == [
        ("production", "env/production", None),
    ]
    assert "flight-delay 1.0.0" in published[0].message


def test_a_rendered_branch_that_is_true_is_left_alone_and_a_stale_one_replaced() -> None:
    (first,) = [step for step in follow_up(RELEASED) if isinstance(step, Publish)]
    true = replace(NOWHERE, tip=a_revision("rendered"), files=first.files)
    assert [s for s in follow_up(RELEASED, environments={"production": true, "staging": NOWHERE}) if isinstance(s, Publish)] == []
    stale = replace(true, files={**first.files, "manifests/gone/service.yaml": "kind: Service\n"})
    (again,) = [
        step for step in follow_up(RELEASED, environments={"production": stale, "staging": NOWHERE}) if isinstance(step, Publish)
    ]
    assert again.replaces == a_revision("rendered")
    assert again.files == first.files


DOUBT = Proof(statement=None, links=(no("evidence", "otherBuild", "it says otherwise"),))


@pytest.mark.parametrize("proof", [DOUBT, Proof(statement=None, links=()), None])
def test_a_release_that_nothing_proves_is_neither_tagged_nor_rendered_nor_recorded(proof: Proof | None) -> None:
    proofs = {"production": proof} if proof else {}
    seen = replace(RELEASED, proofs=proofs)
    nowhere = replace(NOWHERE, proofs={"flight-delay": proof} if proof else {})
    assert follow_up(seen, environments={"production": nowhere, "staging": nowhere}) == []
    assert record_steps(a_situation(seen)) == []


def test_of_a_release_that_is_withheld_the_branch_keeps_what_it_had_and_other_models_go_on() -> None:
    other = a_release(model="other")
    specs = replace(the_specs(RELEASED), releases={"flight-delay": RELEASED.releases, "other": {"production": other}})
    specs = replace(specs, models={**specs.models, "other": a_model("other")})
    before = {
        "manifests/flight-delay/service.yaml": "kind: Service # of 0.9.0\n",
        "manifests/gone/service.yaml": "kind: Service\n",
    }
    seen = EnvironmentFacts(tip=a_revision("env"), files=before, proofs={"flight-delay": DOUBT, "other": PROVEN})
    (step,) = publish_steps(a_world(RELEASED, environments={"production": seen}), specs, [])
    assert isinstance(step, Publish)
    assert step.files["manifests/flight-delay/service.yaml"] == before["manifests/flight-delay/service.yaml"]
    assert [path for path in step.files if path.startswith("manifests/flight-delay/")] == ["manifests/flight-delay/service.yaml"]
    assert "manifests/other/service.yaml" in step.files
    assert not any(path.startswith("manifests/gone/") for path in step.files)
    assert "flight-delay" not in step.message


def test_a_roll_back_to_nothing_is_rendered_whatever_was_proven() -> None:
    empty = replace(RELEASED, releases={}, proofs={})
    seen = EnvironmentFacts(tip=a_revision("env"), files={"manifests/flight-delay/service.yaml": "x\n"}, proofs={})
    (step,) = follow_up(empty, environments={"production": seen})
    assert isinstance(step, Publish)
    assert "manifests/.gitkeep" in step.files
