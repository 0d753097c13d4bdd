"""An Argo CD that follows a repository: whatever `env/<environment>` says is synced at once, and some releases never get well."""

import re
from collections.abc import Callable
from pathlib import Path

from tests.clusters.argocd_server import argo_answers
from tests.clusters.serving import Asked, Reply
from tests.clusters.world import ClusterWorld, live, told
from tests.repositories import git

DIGEST = re.compile(r'perennial/digest: "(sha256:[0-9a-f]{64})"')
COMPLAINT = 'Deployment "alpha" exceeded its progress deadline'


def follow(root: Path, world: ClusterWorld, bad: set[str]) -> Callable[[Asked], Reply]:
    """Answers of a server in which alpha runs in production. Digests in `bad` are Degraded."""
    answer = argo_answers(world)
    world.add("alpha.production")

    def following(asked: Asked) -> Reply:
        _sync(root, world, bad)
        return answer(asked)

    return following


def _sync(root: Path, world: ClusterWorld, bad: set[str]) -> None:
    tip = git(root, "rev-parse", "env/production")
    found = DIGEST.search(git(root, "show", f"{tip}:manifests/alpha/deployment.yaml"))
    assert found
    status = world.applications["alpha.production"]["status"]
    ill = found[1] in bad
    status["health"] = {"status": "Degraded" if ill else "Healthy"}
    status["conditions"] = [{"type": "DeploymentError", "message": COMPLAINT}] if ill else []
    status["sync"] = {"status": "Synced", **told(tip, world.version)}
    world.tips["production"] = tip
    world.live["alpha.production"] = [live("Deployment", "alpha", found[1])]
