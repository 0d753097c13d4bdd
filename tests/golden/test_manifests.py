"""The very bytes of the environment branches."""

import pytest

from reconciler.render.manifests import render_environment
from reconciler.specs.settings import EnvironmentSettings, Settings
from reconciler.specs.specs import Specs
from tests.builders import a_model, a_release, specs_of

CASES: dict[str, tuple[Specs, str]] = {
    "nothing-released": (specs_of(), "staging"),
    "one-release": (specs_of(releases={"flight-delay": {"production": a_release()}}), "production"),
    "two-models": (
        specs_of(
            a_model(),
            a_model("zebra", serve={"image": "registry.example.com/serve:1.2.3", "port": 9000, "replicas": 3}),
            releases={
                "flight-delay": {"staging": a_release("other"), "production": a_release(version="1.4.0")},
                "zebra": {"production": a_release("zebra", version="0.2.0", model="zebra")},
                "gone": {"production": a_release("gone", model="gone")},
            },
            settings=Settings(
                repository_url="ssh://git@git.example.com/fleet.git",
                argocd_namespace="gitops",
                environments={"production": EnvironmentSettings(namespace="live", cluster="https://10.0.0.1:6443")},
            ),
        ),
        "production",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_an_environment_is_rendered_as_expected(case, golden):
    golden(f"manifests/{case}", render_environment(*CASES[case]))
