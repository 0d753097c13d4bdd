from reconciler.render.difference import rendered_difference
from tests.builders import a_model, a_release, specs_of

LIVE = a_release(version="1.0.0")


def test_nothing_live_means_nothing_to_compare():
    assert rendered_difference(specs_of(), LIVE) == ""


def test_the_same_release_changes_nothing():
    assert rendered_difference(specs_of(releases={"flight-delay": {"production": LIVE}}), LIVE) == ""


def test_only_changed_lines_of_this_model_are_shown():
    other = a_release("zebra", model="zebra")
    specs = specs_of(a_model(), a_model("zebra"), releases={"flight-delay": {"production": LIVE}, "zebra": {"production": other}})
    lines = rendered_difference(specs, a_release(version="1.0.1")).splitlines()
    assert '-  "version": "1.0.0"' in lines
    assert '+  "version": "1.0.1"' in lines
    assert {line[0] for line in lines} == {"+", "-", "@"}
    assert not any("zebra" in line for line in lines)


def test_a_file_with_nothing_of_its_own_is_only_named():
    specs = specs_of(releases={"flight-delay": {"production": LIVE}})
    lines = rendered_difference(specs, a_release(version="1.0.1")).splitlines()
    named = [line.rpartition("/")[2] for line in lines if "no others" in line]
    assert named == ["networkpolicy.yaml", "poddisruptionbudget.yaml", "service.yaml"]
    assert not any(line.endswith("service.yaml") for line in lines if line.startswith(("---", "+++")))
