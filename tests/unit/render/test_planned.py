"""What the shipped rollout policies ask of a runtime that goes their steps by itself."""

from fractions import Fraction
from pathlib import Path

import yaml

from reconciler.render.planned import strategy_of
from reconciler.render.strategy import DIRECT, Step, Units
from reconciler.specs.policies import RolloutPolicy
from tests.cases import each

POLICIES = Path(__file__).parents[3] / "policies/rollout"
WAIT = Step(pause=0)


def planned(name, **changes):
    rollout = RolloutPolicy.model_validate(yaml.safe_load((POLICIES / f"{name}.yaml").read_text())).spec
    return strategy_of(rollout.model_copy(update=changes))


def test_a_canary_waits_where_prometheus_does_not_know_it_all():
    assert planned("canary").steps == (
        Step(weight=5, pause=1800, analyse=True),
        *(Step(weight=25, pause=3600, analyse=True), WAIT),
        *(Step(weight=50, pause=21600, analyse=True), WAIT),
    )


def test_a_blue_green_switches_once():
    made = planned("blue-green")
    assert made.steps == (Step(pause=1800, analyse=True), WAIT, Step(weight=100, pause=86400, analyse=True), WAIT)
    assert made.mirror == Fraction(1, 10)


@each("sample", [0.1, 0.07, 1e-05, 1.0])
def test_a_shadow_copies_exactly_what_is_written(sample):
    made = planned("shadow", sample=sample)
    assert float(made.mirror) == sample
    assert made.mirror.denominator <= 100_000
    assert all(step.weight is None for step in made.steps)


def test_an_ab_test_ends_when_the_business_says_so():
    made = planned("ab-test")
    assert made.steps == (Step(pause=604800, analyse=True), WAIT)
    assert made.units == Units(weight=50, segments=("DE", "FR"))


def test_direct_and_bandit_have_no_steps():
    assert planned("direct") == DIRECT
    assert planned("bandit").steps == ()


def test_only_what_prometheus_knows_is_asked_and_looks_share_the_chance_to_be_wrong():
    names = [check.name for check in planned("canary").checks]
    assert names == ["errors-harm", "errors-proof", "latency-harm", "latency-proof"]
    harm = {check.name: check.bad for check in planned("canary").checks}["errors-harm"]
    assert harm == "len(result) == 1 && result[0] > 2.394"  # 5 % over 3 looks at 2 checks
