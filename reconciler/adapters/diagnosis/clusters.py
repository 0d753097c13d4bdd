"""Checks of the clusters that models run in: whether each answers, who we are there, what we may, and what is there."""

from collections.abc import Iterator, Mapping, Sequence

from reconciler.adapters.clusters.opening import Clusters
from reconciler.domain.clusters import application_name
from reconciler.domain.diagnosis import Finding, bad, doubt, good
from reconciler.errors import ReconcilerError

HOW_TO = "see `Connect a cluster` in Perennial's documentation"
_NAMED = 3


def diagnose_clusters(clusters: Clusters, released: Mapping[str, Sequence[str]]) -> list[Finding]:
    """All of them; `released` are the models of each environment. Of environments without a cluster nothing is said."""
    return [
        finding
        for environment, models in sorted(released.items())
        if clusters.reaches(environment)
        for finding in _environment(clusters, environment, models)
    ]


def _environment(clusters: Clusters, environment: str, models: Sequence[str]) -> Iterator[Finding]:
    check = f"cluster of {environment}"
    try:
        facts = clusters.inspect(environment)
        found = clusters.applications(environment)
    except ReconcilerError as error:
        yield bad(check, error.message, error.help if error.help != "perennial doctor" else HOW_TO)
        return
    refused = [what for what, may in facts.may.items() if not may]
    where = " ".join(part for part in (facts.server, facts.version, f"as {facts.who}" if facts.who else "") if part)
    if refused:
        yield bad(check, f"{where}: {len(refused)} of {len(facts.may)} may not be done: {', '.join(refused)}", HOW_TO)
    else:
        yield good(check, f"{where}: all {len(facts.may)} that are needed may be done")
    if not clusters.verifies(environment):
        said = "the server need not prove who it is, so anybody on the way can read the token"
        yield doubt(f"{check}, TLS", said, "ca in [tool.perennial.clusters]")
    absent = [application_name(model, environment) for model in models if model not in found]
    if absent:
        named = ", ".join(absent[:_NAMED]) + (f" and {len(absent) - _NAMED} more" if len(absent) > _NAMED else "")
        said = f"{len(absent)} of {len(models)} released models have no Application that we may see: {named}"
        yield doubt(f"{check}, Applications", said, f"kubectl apply -f applicationset.yaml, of env/{environment}")
