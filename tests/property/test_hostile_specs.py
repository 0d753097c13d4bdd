"""Every field of a spec that holds text, filled with the worst: manifests have it where it belongs, and keep their structure.

Fields are found by looking at the models, so that one that comes to be is tried without a line here.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import get_args

import pytest
import yaml
from hypothesis import settings

from reconciler.domain.packages import Package, manifest_of
from reconciler.domain.releases import digest_of_bytes
from reconciler.render.argocd import go_literal
from reconciler.render.manifests import render_environment
from reconciler.render.models import served_of
from reconciler.render.quoting import label
from reconciler.render.served import Arm, Underway
from reconciler.rules.rollouts import Rollout
from reconciler.specs.model import Model
from reconciler.specs.policies import RolloutPolicy
from reconciler.specs.release import ReleaseSpec
from reconciler.specs.serving import STRATEGIES, Router, Runtime
from reconciler.specs.settings import Settings
from reconciler.specs.specs import Specs
from tests.builders import a_release, specs_of
from tests.filled import filled
from tests.property.test_rendering import HOSTILE, leaves

KINDS = {kind.model_fields["type"].annotation.__args__[0]: kind for kind in get_args(get_args(Rollout)[0])}
RICHEST = ("abTest", "canary")
"""Strategies that use most of a policy. The others are tried in `make soak`."""
CASES = [
    (*pair, strategy)
    for pair, strategies in STRATEGIES.items()
    for strategy in sorted(strategies)
    if strategy in RICHEST or settings.get_current_profile_name() == "thorough"
]
WORST = " ".join(HOSTILE) + "{{args.release}} ${X} $(X) <% %> \U0001f600\u0301\u200d\t\r\n" + "long " * 60
LIVE = min((a_release(str(number)) for number in range(500)), key=lambda one: one.digest)
"""The first in any order."""
BEGINS = {"settings.packages": "s3://", "settings.prometheus": "https://"}
"""Without it, the field would be another: there is no reaching a package, or nobody to ask."""


def worst(path: str, field: str) -> str:
    """The same for all, but that it tells which field it is. A Gateway's slash stands between namespace and name."""
    text = f"{WORST} {field}"
    return text.replace("/", "\\") if path == "model.spec.serve.gateway" else text


class Written:
    """Specs whose every text is made by a function of its path and of a word that stands for the field."""

    def __init__(self, case: tuple[Runtime, Router, str], text: Callable[[str, str], str]) -> None:
        self.texts: dict[str, str] = {}
        self._text = text
        runtime, router, strategy = case
        model = filled(Model, self._write, "model")
        serve = model.spec.serve.model_copy(update={"runtime": runtime, "router": router})
        model = model.model_copy(update={"spec": model.spec.model_copy(update={"serve": serve})})
        policy = filled(RolloutPolicy, self._write, "rollout")
        policy = policy.model_copy(update={"spec": filled(KINDS[strategy], self._write, f"rollout.{strategy}")})
        settings = filled(Settings, self._write, "settings")
        self.release = filled(ReleaseSpec, self._write, "release").release()
        settings = settings.model_copy(update={"environments": {self.environment: next(iter(settings.environments.values()))}})
        name = self.release.build.model
        self.specs: Specs = specs_of(
            models={name: model},
            rollouts={model.spec.rollout: policy},
            releases={name: {self.environment: self.release}},
            settings=settings,
        )

    @property
    def environment(self) -> str:
        return self.release.environment

    def _write(self, path: str) -> str:
        self.texts.setdefault(path, BEGINS.get(path, "") + self._text(path, f"field{len(self.texts)}field"))
        return self.texts[path]

    def computed(self) -> list[str]:
        """What is made of texts, and so is another with others."""
        served = served_of(self.specs, self.release)
        values = [served.values(release) for release in (LIVE, self.release)]
        references = [str(one["reference_digest"]) for one in values]
        package = Package(model=self.release.build.model, artifact=self.release.build.artifact)
        return [self.release.digest, str(values[1]["part"]), *references, digest_of_bytes(manifest_of(package))]

    def rendered(self) -> dict[tuple[object, ...], object]:
        """With the release on its way, where Perennial moves it."""
        arms = Underway(live=Arm(release=LIVE, weight=95), candidates=(Arm(release=self.release, weight=5),))
        files = render_environment(self.specs, self.environment, {self.release.build.model: arms})
        return dict(leaves({path: yaml.load(text, yaml.CSafeLoader) for path, text in files.items() if path.endswith(".yaml")}))


def changed(value: object, exchange: Mapping[str, str], form: Callable[[str], str] = str) -> object:
    """Every text of a value exchanged."""
    if not isinstance(value, str):
        return value
    for old, new in exchange.items():
        value = value.replace(old, form(new))
    return value


def form_of(path: tuple[object, ...]) -> Callable[[str], str]:
    """How a text stands in this place: as it is, but for what only takes other text, or reads orders in it."""
    if path[-1] == "app.kubernetes.io/version":
        return label
    return go_literal if path[:3] == ("applicationset.yaml", "spec", "template") else str


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_the_worst_of_texts_is_found_where_it_belongs_and_nowhere_else(case):
    plain, hostile = Written(case, lambda path, field: field), Written(case, worst)
    assert plain.texts.keys() == hostile.texts.keys()
    exchange = dict(zip(plain.computed(), hostile.computed(), strict=True))
    exchange |= {plain.texts[path]: hostile.texts[path] for path in plain.texts}
    wanted, found = plain.rendered(), hostile.rendered()
    step_of = cache(lambda step: changed(step, exchange))
    paths = {path: tuple(map(step_of, path)) for path in wanted}
    assert set(paths.values()) == found.keys()
    for path, value in wanted.items():
        assert found[paths[path]] == changed(value, exchange, form_of(path)), path


def test_texts_of_every_kind_of_document_are_among_them():
    written = Written((Runtime.DEPLOYMENT, Router.ISTIO, "abTest"), lambda path, field: field)
    told = repr(written.rendered())
    reached = {path for path, text in written.texts.items() if text in told}
    kinds = {"model.spec.serve.image", "rollout.abTest.segments.values", "settings.repository_url", "release.spec.artifact.path"}
    assert kinds < reached
    assert not {path for path in reached if path.startswith(("model.spec.card", "model.metadata", "settings.signing"))}
