"""The very bytes of every runtime with every router and every strategy that the table allows."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from reconciler.render.environment import load_templates
from reconciler.render.models import render_model
from reconciler.render.planned import strategy_of
from reconciler.specs.policies import RolloutPolicy
from tests.builders import shipped_templates
from tests.golden.served import CASES

TEMPLATES = load_templates(shipped_templates())


@pytest.mark.parametrize("case", CASES)
def test_a_runtime_is_rendered_as_expected(case, golden):
    golden(f"runtimes/{case}", render_model(TEMPLATES, CASES[case]))


@pytest.mark.parametrize("name", ["canary", "blue-green", "shadow", "ab-test"])
def test_a_shipped_policy_becomes_steps_and_questions(name, golden):
    text = (Path(__file__).parents[2] / f"policies/rollout/{name}.yaml").read_text()
    made = replace(CASES["rollout-istio-canary"], strategy=strategy_of(RolloutPolicy.model_validate(yaml.safe_load(text)).spec))
    files = render_model(TEMPLATES, made)
    golden(
        f"policies/{name}", {path: files[path] for path in files if path.endswith(("/rollout.yaml", "/analysistemplate.yaml"))}
    )
