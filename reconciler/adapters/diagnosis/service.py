"""Checks of what GitHub says of the repository: what protects main, what the App may do, whose clock is right."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from reconciler.adapters.diagnosis.repository import TOLERANCE
from reconciler.domain.diagnosis import Finding, bad, doubt, good
from reconciler.domain.names import MAIN
from reconciler.domain.service import ServiceFacts
from reconciler.errors import ReconcilerError

CHECKS = ("validated", "gated")
"""What must pass before main moves: the jobs that look at all others."""
NEEDED: Mapping[str, str] = {
    "checks": "write",
    "contents": "write",
    "deployments": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
}
"""What the App needs."""
_RANK = {"read": 1, "write": 2, "admin": 3}
_RULES = "Settings > Rules > Rulesets"


def diagnose_service(ask: Callable[[], ServiceFacts], now: datetime) -> list[Finding]:
    """All of them; one that says why, when it cannot be asked."""
    try:
        facts = ask()
    except ReconcilerError as error:
        return [doubt("github", f"it cannot be asked, so what protects {MAIN} is not known: {error.message}", error.help)]
    return [who(facts), permissions(facts), *protection(facts), clock(facts, now)]


def who(facts: ServiceFacts) -> Finding:
    """Main is what GitHub takes for it."""
    if facts.default_branch != MAIN:
        said = f"the default branch is {facts.default_branch or 'unknown'}; Perennial follows {MAIN}"
        return bad("github", said, f"Settings > General > Default branch: {MAIN}")
    return good("github", f"we are {facts.login}, and {MAIN} is the default branch")


def permissions(facts: ServiceFacts) -> Finding:
    """The App may do what it has to; of a token only whether it may push is told."""
    if facts.permissions is None:
        if facts.may_push is None:
            return doubt("permissions", "GitHub does not tell what this token may do", "use a GitHub App, which is told")
        if not facts.may_push:
            return bad("permissions", f"{facts.login} may not push, so nothing can be proposed", "contents: write")
        return good("permissions", f"{facts.login} may push")
    granted = facts.permissions
    absent = [f"{name}: {level}" for name, level in NEEDED.items() if _RANK.get(granted.get(name, ""), 0) < _RANK[level]]
    if absent:
        return bad(
            "permissions",
            f"{len(absent)} of {len(NEEDED)} that the App needs are missing: {', '.join(absent)}",
            "the App's settings",
        )
    return good("permissions", f"the App has all {len(NEEDED)} that it needs")


def protection(facts: ServiceFacts) -> Iterator[Finding]:
    """Nobody gets to main past the gates and a review."""
    if not facts.protected:
        yield bad("protection", f"{MAIN} is not protected: a push goes past every gate", f"{_RULES}: protect {MAIN}")
        return
    if absent := [name for name in CHECKS if name not in facts.checks]:
        said = f"{MAIN} is protected, but {len(absent)} of {len(CHECKS)} checks are not required: {', '.join(absent)}"
        yield bad("protection", said, f"{_RULES}: require {' and '.join(absent)}")
    else:
        yield good("protection", f"{MAIN} moves only when {' and '.join(CHECKS)} have passed")
    match facts.approvals:
        case None:
            yield doubt(
                "reviews", f"no rule that can be seen asks for a review before {MAIN} moves", f"{_RULES}: require a pull request"
            )
        case 0:
            yield doubt("reviews", "0 approvals are required: whoever opens a pull request may merge it", f"{_RULES}: 1 approval")
        case count:
            owners = "owners" if facts.code_owners else "anybody who may write"
            yield good("reviews", f"{count} approvals are required, by {owners}")
    if facts.approvals and not facts.code_owners:
        yield doubt("owners", "CODEOWNERS are not asked", f"{_RULES}: require review from code owners")


def clock(facts: ServiceFacts, now: datetime) -> Finding:
    """Ours and GitHub's agree."""
    if facts.now is None:
        return doubt("github's clock", "GitHub's answer has no time", "date -u")
    apart = abs(facts.now - now)
    said = f"ours and GitHub's are {apart.total_seconds():.0f} s apart, {TOLERANCE.total_seconds():.0f} s are allowed"
    return good("github's clock", said) if apart <= TOLERANCE else bad("github's clock", said, "set the clock (NTP)")
