"""The manifests of every model that an environment has released, by the runtime that its spec names. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from reconciler.domain.names import provenance_path
from reconciler.domain.packages import is_reachable
from reconciler.domain.releases import Release
from reconciler.render.deployment import render_deployment
from reconciler.render.environment import Templates
from reconciler.render.kserve import render_kserve
from reconciler.render.planned import strategy_of
from reconciler.render.provenance import source_of
from reconciler.render.rollout import render_rollout
from reconciler.render.served import Place, Served, Underway
from reconciler.specs.serving import Runtime
from reconciler.specs.specs import Specs

RUNTIMES: Mapping[Runtime, Callable[[Templates, Served], dict[str, str]]] = {
    Runtime.DEPLOYMENT: render_deployment,
    Runtime.KSERVE: render_kserve,
    Runtime.ROLLOUT: render_rollout,
}

_NOTHING: Mapping[str, Underway] = MappingProxyType({})


def render_models(
    templates: Templates, specs: Specs, environment: str, underway: Mapping[str, Underway] = _NOTHING
) -> dict[str, str]:
    """`manifests/<model>/<kind>.yaml` for each model that has a release in the environment. `underway` are rollouts by model."""
    files: dict[str, str] = {}
    for name, releases in specs.releases.items():
        if environment in releases and name in specs.models:
            served = served_of(specs, releases[environment])
            files |= render_model(templates, replace(served, underway=underway.get(name) if is_ours(specs, name) else None))
    return files


def is_ours(specs: Specs, model: str) -> bool:
    """Whether Perennial moves the model's requests: Argo Rollouts moves its own, and `direct` has nothing to move."""
    spec = specs.models[model].spec
    return spec.serve.runtime is not Runtime.ROLLOUT and specs.rollouts[spec.rollout].spec.type != "direct"


@lru_cache(maxsize=4096)
def render_model(templates: Templates, served: Served) -> Mapping[str, str]:
    """The manifests of one model, by path. A model that did not change since the last pass is not rendered anew."""
    files = RUNTIMES[served.serve.runtime](templates, served)
    return MappingProxyType({f"manifests/{served.model}/{name}": files[name] for name in sorted(files)})


def served_of(specs: Specs, release: Release) -> Served:
    """What the specs say of the release's model."""
    model = specs.models[release.build.model].spec
    settings, environment = specs.settings, specs.settings.environment(release.environment)
    base = settings.packages
    return Served(
        serve=model.serve,
        release=release,
        strategy=strategy_of(specs.rollouts[model.rollout].spec),
        namespace=environment.namespace,
        prometheus=settings.prometheus or "",
        packages=Place(base=base, account=environment.service_account, secret=environment.secret)
        if base and is_reachable(base)
        else None,
        commit=source_of(specs.files.get(provenance_path(release.build.model, release.digest), b"")),
    )
