"""What runs, in a few words and in a sentence: shared by the reports that tell of clusters."""

from reconciler.domain.clusters import Deployed, Sync
from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Digest, short

UNKNOWN = "UNKNOWN"


def word(seen: Known[Deployed]) -> str:
    """For a cell: `Healthy`, or `Progressing, OutOfSync, 20 %`; of what is not known UNKNOWN."""
    if isinstance(seen, Missing):
        return UNKNOWN
    parts = [str(seen.health)]
    if seen.sync is not Sync.SYNCED:
        parts.append("sync unknown" if seen.sync is Sync.UNKNOWN else str(seen.sync))
    if seen.rollout and seen.rollout.aborted:
        parts.append("aborted")
    elif seen.rollout and seen.rollout.weight not in (None, 100):
        parts.append(f"{seen.rollout.weight} %")
    return ", ".join(parts)


def trouble(seen: Known[Deployed], wanted: Digest | None = None) -> str:
    """What a person should know of it beyond its word; empty when all is well. `wanted` is what main says that runs."""
    if isinstance(seen, Missing):
        return seen.why
    said = [seen.message or (seen.rollout.message if seen.rollout else "")] if not seen.steady else []
    if wanted and seen.digests and wanted not in seen.digests:
        said.append(f"runs {', '.join(map(short, sorted(seen.digests)))}, and {short(wanted)} is wanted")
    return "; ".join(part for part in said if part)
