"""Checks of rollout policies: what is written can come to an end."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from reconciler.errors import Problem
from reconciler.rules.analysis.check import CheckRule
from reconciler.rules.fields import duration_text
from reconciler.rules.progressive import Progressive
from reconciler.rules.rollouts.ab_test import AbTest
from reconciler.rules.rollouts.bandit import Bandit
from reconciler.rules.rollouts.blue_green import BlueGreen
from reconciler.rules.rollouts.canary import Canary
from reconciler.rules.rollouts.shadow import Shadow
from reconciler.specs.document import Document
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.policies import RolloutPolicy


def check_rollouts(loaded: Loaded) -> Iterator[Problem]:
    """Everything about the rollout policies; who can do them is a matter of how a model is served."""
    for policy in loaded.rollouts.values():
        yield from _policy(policy)


def _policy(document: Document[RolloutPolicy]) -> Iterator[Problem]:
    match document.spec.spec:
        case Canary() as canary:
            yield from _steps(document, canary)
            yield from _proofs(document, canary)
        case Bandit(floor=floor, releases=releases) if floor * releases > 100:
            message = f"{releases} releases with {floor} % each are {floor * releases} %, at most 100 % can be given"
            yield document.problem(("spec", "floor"), message, f"a floor of at most {100 // releases}")
        case _:
            pass
    yield from _patience(document)
    yield from _twice(document)


def _steps(document: Document[RolloutPolicy], canary: Canary) -> Iterator[Problem]:
    """Weights ascend: a step back is an abort, and a step that changes nothing never ends."""
    for index, (first, second) in enumerate(pairwise(canary.steps), 1):
        if second.weight <= first.weight:
            message = f"the weight {second.weight} is not above {first.weight}, the one of the step before"
            yield document.problem(("spec", "steps", index, "weight"), message, "weights ascend, step by step")


def _proofs(document: Document[RolloutPolicy], canary: Canary) -> Iterator[Problem]:
    """A step can only prove what is analysed, and after the last one nothing may be left to prove."""
    known = sorted({check.type for check in canary.analysis})
    for index, step in enumerate(canary.steps):
        for place, word in enumerate(step.prove or ()):
            if word not in known:
                hint = did_you_mean(word, known) or f"there are: {', '.join(known)}"
                message = f"the analysis has no check {shown(word)}, so it is never proven"
                yield document.problem(("spec", "steps", index, "prove", place), message, hint)
    absent = [word for word in known if word not in (canary.steps[-1].prove or known)]
    if absent:
        message = f"after the last step {', '.join(absent)} would never be proven"
        yield document.problem(("spec", "steps", len(canary.steps) - 1, "prove"), message, "leave prove out of the last step")


def _patience(document: Document[RolloutPolicy]) -> Iterator[Problem]:
    """Who gives up before the least time is over never gets to the end."""
    rollout = document.spec.spec
    if not isinstance(rollout, Progressive):
        return
    match rollout:
        case Canary(steps=steps):
            name, least = "a pause", max(step.pause for step in steps)
        case BlueGreen(preview=preview, keep=keep):
            name, least = "preview or keep", max(preview, keep)
        case Shadow(at_least=least):
            name = "atLeast"
        case AbTest(run=least):
            name = "run"
        case _:
            return
    if rollout.within <= least:
        message = f"within {duration_text(rollout.within)} is not longer than {name} of {duration_text(least)}: it is always late"
        path = ("spec", "within") if "within" in rollout.model_fields_set else ("spec",)
        yield document.problem(path, message, f"within more than {duration_text(least)}")


def _twice(document: Document[RolloutPolicy]) -> Iterator[Problem]:
    """Two checks that look at one count would share the chance of error for nothing."""
    checks: Sequence[CheckRule] = getattr(document.spec.spec, "analysis", ())
    seen: dict[str, int] = {}
    for index, check in enumerate(checks):
        first = seen.setdefault(check.key, index)
        if first != index:
            message = f"{check.key} is analysed twice, first by analysis[{first}]"
            yield document.problem(("spec", "analysis", index), message, "remove one of the two")
