"""Checks of the policies: guards exempt triggers that exist, short windows are short; which metrics a policy's rules look at."""

from collections.abc import Iterator, Mapping

from reconciler.errors import Problem
from reconciler.rules.base import Exemptible
from reconciler.rules.fields import Written, duration_text
from reconciler.rules.triggers import TYPES as TRIGGERS
from reconciler.rules.triggers.business_metric import BusinessMetric
from reconciler.rules.triggers.slo_burn_rate import BurnWindow
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Group, Loaded
from reconciler.specs.syntax import Path, field_of

MetricsJudged = Mapping[tuple[str, str], Mapping[str, str]]
"""By the model's key (`retrain` or `gates`) and the policy's name: each metric with the field that names it."""


def check_policies(loaded: Loaded) -> Iterator[Problem]:
    """Everything about the policies."""
    for document in loaded.retrain.values():
        for path, rule in nested(document.spec):
            for index, word in enumerate(rule.exempt if isinstance(rule, Exemptible) else ()):
                if word not in TRIGGERS:
                    hint = did_you_mean(word, TRIGGERS) or f"there are: {', '.join(TRIGGERS)}"
                    yield document.problem((*path, "exempt", index), f"there is no trigger {shown(word)}", hint)
            if isinstance(rule, BurnWindow) and rule.short >= rule.long:
                short, long = duration_text(rule.short), duration_text(rule.long)
                message = f"the short window of {short} is not shorter than the long one of {long}"
                yield document.problem((*path, "short"), message, "a twelfth of the long one is usual")


def metrics_judged(loaded: Loaded) -> MetricsJudged:
    """What the rules of all policies look at."""
    groups: tuple[tuple[str, Group], ...] = (("retrain", loaded.retrain), ("gates", loaded.gates))
    return {(key, name): metrics_named(document.spec) for key, group in groups for name, document in group.items()}


def metrics_named(policy: Written) -> dict[str, str]:
    """The metrics that rules of the policy look at, each with the first field that names it."""
    found: dict[str, str] = {}
    for path, rule in nested(policy):
        metric = getattr(rule, "metric", None)
        if isinstance(metric, str) and not isinstance(rule, BusinessMetric):
            found.setdefault(metric, field_of((*path, "metric")))
    return found


def nested(value: object, path: Path = ()) -> Iterator[tuple[Path, Written]]:
    """Everything written inside, with its path, parents first."""
    if isinstance(value, Written):
        yield path, value
        for name, field in type(value).model_fields.items():
            yield from nested(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from nested(item, (*path, index))
