"""Ports of the clusters that models run in, as Argo CD shows them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from reconciler.domain.clusters import Deployed, PastSync, Resource
from reconciler.domain.names import Revision


class ClusterReader(Protocol):
    """Where models run. Raises ObserveError when the environment's server cannot answer."""

    def reaches(self, environment: str) -> bool:
        """Whether a cluster is configured for the environment; of those without one nothing else may be asked."""

    def applications(self, environment: str) -> Mapping[str, Deployed]:
        """Every model that has an Application in the environment, by name. Digests of what is steady may be left out."""

    def resources(self, environment: str, model: str) -> tuple[Resource, ...]:
        """The live objects of one model, those that its manifests name before those that these made."""

    def history(self, environment: str, model: str) -> tuple[PastSync, ...]:
        """The syncs of one model that succeeded, newest first."""


class ClusterWriter(Protocol):
    """Asks Argo CD to act. Raises PermanentActError when it refuses or knows no such Application, else TransientActError."""

    def refresh(self, environment: str, models: Sequence[str]) -> None:
        """Have Argo CD look at the environment's branch now, for each of them; one that fails stops no other, and is told."""

    def sync(self, environment: str, model: str, revision: Revision | None = None, *, prune: bool = False) -> None:
        """Begin a sync to the revision, or to the branch. Raises ConflictError while another one runs."""

    def terminate(self, environment: str, model: str) -> None:
        """End the sync that runs; none runs: nothing is to be done."""
