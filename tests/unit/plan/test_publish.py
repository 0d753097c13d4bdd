"""What follows from main's release files: tags and rendered branches."""

from dataclasses import replace

from reconciler.domain.steps import Publish, Step, Tag
from reconciler.domain.world import EnvironmentFacts
from reconciler.plan.publish import publish_steps
from tests.builders import a_release, a_revision, facts
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
    true = EnvironmentFacts(tip=a_revision("rendered"), files=first.files)
    assert [s for s in follow_up(RELEASED, environments={"production": true, "staging": NOWHERE}) if isinstance(s, Publish)] == []
    stale = replace(true, files={**first.files, "manifests/gone/service.yaml": "kind: Service\n"})
    (again,) = [
        step for step in follow_up(RELEASED, environments={"production": stale, "staging": NOWHERE}) if isinstance(step, Publish)
    ]
    assert again.replaces == a_revision("rendered")
    assert again.files == first.files
