"""A cluster in memory, for tests of the layers above: what its Applications are like is the caller's to change."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconciler.domain.clusters import Deployed, PastSync, Resource, application_name
from reconciler.domain.names import Revision
from reconciler.errors import ConflictError, ObserveError, PermanentActError, TransientActError

Place = tuple[str, str]
"""Environment and model."""


class FakeCluster:
    """ClusterReader and ClusterWriter.

    `deployed`, `objects` and `past` (newest first) are by environment and model. `silent` says of an environment why it does not
    answer. `asked` holds every question and order, in turn. A sync goes on until `settle` is called.
    """

    def __init__(self, *environments: str) -> None:
        self.environments = frozenset(environments)
        self.deployed: dict[Place, Deployed] = {}
        self.objects: dict[Place, tuple[Resource, ...]] = {}
        self.past: dict[Place, tuple[PastSync, ...]] = {}
        self.silent: dict[str, str] = {}
        self.asked: list[tuple[str, ...]] = []

    def reaches(self, environment: str) -> bool:
        """It was made with that environment."""
        return environment in self.environments

    def applications(self, environment: str) -> Mapping[str, Deployed]:
        """All that are in the environment."""
        self._hear("applications", environment)
        return {model: one for (where, model), one in sorted(self.deployed.items()) if where == environment}

    def resources(self, environment: str, model: str) -> tuple[Resource, ...]:
        """The objects."""
        self._hear("resources", environment, model)
        self._seen(environment, model)
        return self.objects.get((environment, model), ())

    def history(self, environment: str, model: str) -> tuple[PastSync, ...]:
        """The syncs that succeeded, newest first."""
        self._hear("history", environment, model)
        self._seen(environment, model)
        return self.past.get((environment, model), ())

    def refresh(self, environment: str, models: Sequence[str]) -> None:
        """Hear it; what Argo CD would see then is the caller's to say."""
        self._act("refresh", environment, *models)
        absent = [application_name(model, environment) for model in models if (environment, model) not in self.deployed]
        if absent:
            raise PermanentActError(f"{len(absent)} of {len(models)} Applications cannot be refreshed: no {', '.join(absent)}")

    def sync(self, environment: str, model: str, revision: Revision | None = None, *, prune: bool = False) -> None:
        """Begin."""
        self._act("sync", environment, model, revision or "", "prune" if prune else "")
        found = self._known(environment, model)
        if found.operation == "Running":
            raise ConflictError(f"{found.application}: another operation is already in progress")
        self.deployed[environment, model] = replace(found, operation="Running", revision=revision or found.revision)

    def terminate(self, environment: str, model: str) -> None:
        """End what runs."""
        self._act("terminate", environment, model)
        found = self._known(environment, model)
        if found.operation == "Running":
            self.deployed[environment, model] = replace(found, operation="Failed")

    def settle(self, environment: str, model: str, seen: Deployed) -> None:
        """What the cluster is like from now on."""
        self.deployed[environment, model] = seen

    def _hear(self, *question: str) -> None:
        self.asked.append(question)
        if why := self.silent.get(question[1]):
            raise ObserveError(why, help="perennial doctor")

    def _act(self, *order: str) -> None:
        self.asked.append(order)
        if why := self.silent.get(order[1]):
            raise TransientActError(why, help="perennial doctor")

    def _seen(self, environment: str, model: str) -> Deployed:
        if (environment, model) not in self.deployed:
            raise ObserveError(f"Argo CD has no Application {application_name(model, environment)}")
        return self.deployed[environment, model]

    def _known(self, environment: str, model: str) -> Deployed:
        if (environment, model) not in self.deployed:
            raise PermanentActError(f"Argo CD has no Application {application_name(model, environment)}")
        return self.deployed[environment, model]
