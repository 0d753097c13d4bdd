"""What stands around the pods of a model, whatever keeps them running: budget, network policy, monitor, autoscaler. Pure."""

from collections.abc import Mapping

from reconciler.render.environment import Templates
from reconciler.render.served import Served
from reconciler.specs.serving import Runtime


def render_surroundings(templates: Templates, served: Served) -> dict[str, str]:
    """`poddisruptionbudget.yaml`, `networkpolicy.yaml` and, where it is wanted, the monitor."""
    values = served.values(served.release)
    kinds = ("networkpolicy", "poddisruptionbudget")
    files = {f"{kind}.yaml": templates.render(f"templates/serving/{kind}.yaml.j2", values) for kind in kinds}
    return files | render_monitor(templates, served)


def render_monitor(templates: Templates, served: Served) -> dict[str, str]:
    """`servicemonitor.yaml` or `podmonitor.yaml` where the spec asks for it.

    The former where pods have one Service that tells which they are. Argo Rollouts has two, which both lead to the same pods as
    long as there is one release, so all that these count would be counted twice; and KServe's are its own.
    """
    if not served.serve.monitor:
        return {}
    kind = "servicemonitor" if served.serve.runtime is Runtime.DEPLOYMENT else "podmonitor"
    return {f"{kind}.yaml": templates.render(f"templates/serving/{kind}.yaml.j2", served.values(served.release))}


def render_autoscaler(
    templates: Templates, served: Served, values: Mapping[str, object], scaled: Mapping[str, str], suffix: str = ""
) -> dict[str, str]:
    """`horizontalpodautoscaler.yaml` where the spec asks for one. `scaled` is the apiVersion and kind of what it scales."""
    if served.serve.autoscaling is None:
        return {}
    path = "templates/serving/horizontalpodautoscaler.yaml.j2"
    return {
        f"horizontalpodautoscaler{suffix}.yaml": templates.render(path, {**values, "scaled": scaled, "wave": served.last_wave})
    }
