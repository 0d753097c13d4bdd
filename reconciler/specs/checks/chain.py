"""Checks of a model's chain of environments: what each asks for can be had, and means something where it stands."""

from collections.abc import Iterator

from reconciler.domain.tiers import Tier
from reconciler.errors import Problem
from reconciler.specs.checks.references import check_unique
from reconciler.specs.document import Document
from reconciler.specs.environments import Environment
from reconciler.specs.model import Model
from reconciler.specs.syntax import Path


def check_chain(document: Document[Model]) -> Iterator[Problem]:
    """Everything about the list `spec.environments`."""
    chain = document.spec.spec.chain
    yield from check_unique(document, ("spec", "environments"), document.spec.spec.environments, "environment")
    for index, environment in enumerate(chain):
        path: Path = ("spec", "environments", index)
        last = index == len(chain) - 1
        yield from _soak(document, environment, path, last=last)
        yield from _approvals(document, environment, path)


def _soak(document: Document[Model], environment: Environment, path: Path, *, last: bool) -> Iterator[Problem]:
    """A soak is waited for by the next environment, and the rest is about a soak."""
    if environment.soak is not None and last:
        message = f"nothing comes after {environment.name}, so nothing would wait for its soak"
        yield document.problem_with_key((*path, "soak"), message, "give it to the environment before, or leave it out")
    about_it = {
        "require": environment.require,
        "minimumRows": environment.minimum_rows,
        "pinCandidate": environment.pin_candidate,
    }
    for key, value in about_it.items():
        if value is not None and environment.soak is None:
            message = f"is about a soak, and {environment.name} has none"
            yield document.problem_with_key((*path, key), message, "add soak, e.g. soak: 24h, or leave it out")


def _approvals(document: Document[Model], environment: Environment, path: Path) -> Iterator[Problem]:
    """Owners are named once and can be heard, and only tier `low` does without an approval."""
    asked, tier = environment.approvals, document.spec.metadata.tier
    if asked is None:
        return
    yield from check_unique(document, (*path, "approvals", "owners"), asked.owners, "owner")
    if asked.count == 0 and asked.owners:
        message = f"0 approvals are asked for, and one of {len(asked.owners)} owners must approve"
        yield document.problem((*path, "approvals", "count"), message, "at least 1, or leave it out")
    elif asked.count == 0 and tier is not Tier.LOW:
        message = f"tier {tier} needs an approval, and 0 are asked for"
        yield document.problem((*path, "approvals", "count"), message, "at least 1, or leave it out")
