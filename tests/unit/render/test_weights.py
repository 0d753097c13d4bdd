"""Shares of a rollout are read back from what was rendered, whichever runtime and router."""

from dataclasses import replace
from pathlib import Path

import yaml

from reconciler.render.environment import load_templates
from reconciler.render.manifests import render_environment
from reconciler.render.models import render_model
from reconciler.render.served import Arm, Underway
from reconciler.render.weights import weights_in
from reconciler.specs.policies import RolloutPolicy
from tests.builders import a_model, a_release, shipped_templates, specs_of
from tests.cases import each
from tests.golden.served import CASES

TEMPLATES = load_templates(shipped_templates())
POLICIES = Path(__file__).parents[3] / "policies/rollout"
WAY = "manifests/flight-delay/virtualservice.yaml"


@each("case", CASES)
def test_weights_are_read_back(case):
    served = CASES[case]
    found = weights_in(render_model(TEMPLATES, served), "flight-delay")
    wanted = {arm.release.digest: arm.weight for arm in served.arms} if served.underway else {}
    assert (dict(found), list(found)) == (wanted, list(wanted))


def test_an_environment_is_rendered_with_its_rollouts_under_way():
    live, new = a_release(), a_release("candidate", version="1.1.0")
    canary = RolloutPolicy.model_validate(yaml.safe_load((POLICIES / "canary.yaml").read_text()))
    specs = specs_of(
        a_model(rollout="canary", serve={"runtime": "kserve"}),
        releases={"flight-delay": {"production": new}},
        rollouts={"canary": canary},
    )
    under = Underway(live=Arm(release=live, weight=95), candidates=(Arm(release=new, weight=5),))
    files = render_environment(specs, "production", {"flight-delay": under})
    assert weights_in(files, "flight-delay") == {live.digest: 95, new.digest: 5}
    assert weights_in(files, "other") == {}
    assert weights_in(render_environment(specs, "production"), "flight-delay") == {}
    argo = replace(specs, models={"flight-delay": a_model(rollout="canary", serve={"runtime": "rollout"})})
    assert render_environment(argo, "production", {"flight-delay": under}) == render_environment(argo, "production")


@each(
    "text",
    [
        "",
        "[",
        "- a",
        "metadata: {}",
        "metadata: {annotations: {perennial/weights: [1]}}",
        "metadata: {annotations: {perennial/weights: a=b}}",
    ],
)
def test_what_somebody_wrote_there_is_nothing(text):
    assert weights_in({WAY: text}, "flight-delay") == {}
