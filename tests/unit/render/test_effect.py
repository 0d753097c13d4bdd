"""What a change of the YAML does to the manifests, over all environments."""

from dataclasses import replace

from reconciler.render.effect import rendered_effect
from tests.builders import a_release, specs_of


def test_a_release_appears_with_all_its_files_below_its_environment() -> None:
    before = specs_of()
    after = replace(before, releases={"flight-delay": {"production": a_release()}})

    text = rendered_effect(before, after)

    assert "+++ production/manifests/flight-delay/deployment.yaml" in text
    assert f"\n{rendered_effect(after, before)}".count("\n-") == f"\n{text}".count("\n+")
    assert rendered_effect(after, after) == ""


def test_another_version_changes_lines_and_shows_what_is_around_them() -> None:
    before = specs_of(releases={"flight-delay": {"production": a_release(version="1.0.0")}})
    after = replace(before, releases={"flight-delay": {"production": a_release(version="1.1.0")}})

    changed = [line for line in rendered_effect(before, after).splitlines() if line.startswith(("+ ", "- ")) and "1.1.0" in line]
    assert changed
