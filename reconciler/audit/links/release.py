"""Links `release` and `quarantine`: main's release file is what a promotion writes, byte for byte, and may be there at all."""

from collections.abc import Iterator
from dataclasses import replace

from reconciler.audit.claims import Claim
from reconciler.domain.judgements import Judgement, no, yes
from reconciler.domain.names import quarantine_path, release_path
from reconciler.errors import Problem
from reconciler.render.release import release_yaml

RELEASE, QUARANTINE = "release", "quarantine"


def judge_release_files(claim: Claim) -> Iterator[Judgement]:
    """One for each environment that runs it. The loader has compared the digest with its parts already."""
    for environment in claim.environments:
        path = release_path(claim.model, environment)
        expected = release_yaml(replace(claim.release, environment=environment)).encode()
        if claim.books.specs.files[path] != expected:
            yield no(RELEASE, "altered", f"{path} is not written as a promotion writes it", remedy=f"git log -p main -- {path}")
        else:
            yield yes(RELEASE, "whole", f"{path}: its digest is that of its parts")


def judge_broken_file(problem: Problem) -> Judgement:
    """A release file that cannot be believed at all."""
    return no(RELEASE, "unreadable", str(problem), remedy=f"git log -p main -- {problem.file}")


def judge_quarantine(claim: Claim) -> Judgement:
    """A digest that may not come back does not, as long as its entry stands."""
    why = claim.books.specs.quarantine.get(claim.model, {}).get(claim.digest)
    if why is not None:
        path = quarantine_path(claim.model)
        return no(QUARANTINE, "quarantined", f"{path} says that it may not run: {why}", remedy=f"a reviewed change of {path}")
    return yes(QUARANTINE, "free", "its digest is not in quarantine")
