"""Runtime `kserve`: an InferenceService, of which KServe keeps the older revision while it gets a share of requests. Pure."""

from reconciler.render.environment import Templates
from reconciler.render.served import Served, part_of
from reconciler.render.surroundings import render_monitor
from reconciler.render.weights import weights_text

INFERENCE_SERVICE = "templates/kserve/inferenceservice.yaml.j2"


def render_kserve(templates: Templates, served: Served) -> dict[str, str]:
    """`inferenceservice.yaml`, `configmap-<digest>.yaml` for every release that has pods, and the monitor.

    Each release has a ConfigMap of its own name, so that a pod of the older revision that starts again finds the older
    reference. KServe routes by itself and has its own pods in front, so there is no Service and no network policy here.
    """
    files = {}
    for arm in served.arms:
        part = part_of(arm.release)
        values = served.values(arm.release, name=f"{served.model}-{part}")
        files[f"configmap-{part}.yaml"] = templates.render("templates/deployment/configmap.yaml.j2", values)
    weights = weights_text(served.arms) if served.underway else ""
    split = served.strategy.type != "direct"
    values = served.values(served.release, split=split, share=served.arms[-1].weight, weights=weights)
    files["inferenceservice.yaml"] = templates.render(INFERENCE_SERVICE, values)
    return files | render_monitor(templates, served)
