"""An override is of gates that there are, about one digest, and does not last."""

from typing import Any

from reconciler.specs.load import load_specs
from tests.cases import each
from tests.specs import a_repository, as_text, problems

OVERRIDE = "models/flight-delay/override.yaml"


def an_override(**spec: Any) -> str:
    usual = {"gates": ["floor"], "champion": "sha256:" + "1" * 64, "owner": "ann", "reason": "it loads nowhere"}
    frame = {"apiVersion": "perennial/v1", "kind": "Override", "metadata": {"name": "flight-delay"}}
    return as_text({**frame, "spec": usual | {"from": "2013-03-01", "until": "2013-03-31"} | spec})


def test_an_override_that_is_well():
    assert load_specs(a_repository(**{OVERRIDE: an_override()})).overrides["flight-delay"].owner == "ann"


@each(
    ("spec", "fragments"),
    [
        ({"gates": ["flor"]}, ["spec.gates[0]", 'policy strict has no gate "flor"', 'did you mean "floor"?']),
        ({"gates": ["floor", "floor"]}, ["spec.gates[1]", "stands twice"]),
        ({"until": "2013-04-01"}, ["spec.until", "more than 30 days after it begins", "2013-03-31 at the latest"]),
        ({"until": "2013-03-01"}, ["spec.until", "it ends at 2013-03-01, before it begins at 2013-03-01"]),
    ],
)
def test_an_override_is_of_gates_that_there_are_and_does_not_last(spec, fragments):
    (said,) = problems(a_repository(**{OVERRIDE: an_override(**spec)}))
    assert all(fragment in said for fragment in fragments), said


def test_an_override_is_about_one_thing():
    (said,) = problems(a_repository(**{OVERRIDE: an_override(candidate="sha256:" + "2" * 64)}))
    assert "exactly one of candidate and champion" in said


def test_an_override_of_no_model():
    (said,) = problems(a_repository(**{"models/other/override.yaml": an_override().replace("flight-delay", "other")}))
    assert "there is no models/other/model.yaml" in said
