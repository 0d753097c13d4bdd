"""What stands around the pods of a model, whatever keeps them running: budget, network policy, monitor, autoscaler. Pure."""

from collections.abc import Mapping

from reconciler.render.environment import Templates
from reconciler.render.served import Served


def render_surroundings(templates: Templates, served: Served) -> dict[str, str]:
    """`poddisruptionbudget.yaml`, `networkpolicy.yaml` and, where it is wanted, `servicemonitor.yaml`."""
    values = served.values(served.release)
    kinds = ("networkpolicy", "poddisruptionbudget", *(["servicemonitor"] if served.serve.monitor else []))
    return {f"{kind}.yaml": templates.render(f"templates/serving/{kind}.yaml.j2", values) for kind in kinds}


def render_autoscaler(
    templates: Templates, served: Served, values: Mapping[str, object], scaled: Mapping[str, str], suffix: str = ""
) -> dict[str, str]:
    """`horizontalpodautoscaler.yaml` where the spec asks for one. `scaled` is the apiVersion and kind of what it scales."""
    if served.serve.autoscaling is None:
        return {}
    path = "templates/serving/horizontalpodautoscaler.yaml.j2"
    return {f"horizontalpodautoscaler{suffix}.yaml": templates.render(path, {**values, "scaled": scaled})}
