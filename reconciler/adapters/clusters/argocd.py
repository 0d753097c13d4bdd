"""Adapter of ClusterReader and ClusterWriter: Argo CD over its own API. Needs `applications, get` and `applications, sync`."""

import json
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from reconciler.adapters.clusters import application as known
from reconciler.adapters.clusters.argocd_connection import ArgoConnection
from reconciler.adapters.clusters.objects import digest_of, joined, place_of, with_objects
from reconciler.adapters.clusters.troubles import RefusedError, SilentError, Trouble, acting, mapping, members, seeing, text
from reconciler.domain.clusters import ClusterFacts, Deployed, PastSync, Resource, application_name, model_of
from reconciler.domain.names import Revision
from reconciler.errors import ConflictError, TransientActError

APPLICATIONS = "/api/v1/applications"
ONE = "/api/v1/applications/{name}"
_REFRESH = {"refresh": "normal"}
_CAN_I = "/api/v1/account/can-i/applications/{action}/{subresource}"
_STATES = (400, 409, 412)
"""What Argo CD answers when an Application is in no state for the order."""
_AT_ONCE = 8
Answer = TypeVar("Answer")


class ArgoCdCluster:
    """Every environment that it is asked of is on the server of the connection.

    `nonce` makes a word that no other sync has; `longest` is how many seconds refreshing may take altogether.
    """

    def __init__(
        self, connection: ArgoConnection, nonce: Callable[[], str] = lambda: uuid.uuid4().hex, longest: float = 30.0
    ) -> None:
        self._connection = connection
        self._nonce = nonce
        self._longest = longest

    def reaches(self, environment: str) -> bool:  # noqa: ARG002 - the port's signature
        """It is."""
        return True

    def applications(self, environment: str) -> Mapping[str, Deployed]:
        """One question, and one more for each Application that is not steady: what its live objects say."""
        # Whole: where fields are named, Argo CD leaves out all that it knows no name for, such as revisions and conditions.
        query = {"selector": f"perennial/environment={environment}"}
        with seeing():
            listed = members(self._connection.get(APPLICATIONS, query).get("items"))
            found = {
                model: known.deployed(one, environment)
                for one in listed
                if (model := model_of(known.name_of(one), environment)) is not None
            }
            moving = [model for model, one in sorted(found.items()) if not one.steady]
            live = each(lambda model: self._live(found[model].application), moving)
        return found | {model: _told(found[model], objects) for model, objects in zip(moving, live, strict=True)}

    def resources(self, environment: str, model: str) -> tuple[Resource, ...]:
        """Those of the manifests with what they carry, then all others of the tree."""
        name = application_name(model, environment)
        with seeing():
            seen = known.resources(mapping(self._connection.get(ONE, name=name).get("status")))
            tree = self._connection.get(f"{ONE}/resource-tree", name=name)
            carried = {place_of(live): digest_of(live) for live in self._live(name)}
        return joined(seen, [known.resource(node) for node in members(tree.get("nodes"))], carried)

    def history(self, environment: str, model: str) -> tuple[PastSync, ...]:
        """As the Application keeps it, by default the last ten."""
        with seeing():
            return known.history(self._connection.get(ONE, name=application_name(model, environment)), environment)

    def refresh(self, environment: str, models: Sequence[str]) -> None:
        """Ask for each, several at once, for half a minute at most; Argo CD answers when it has looked."""
        end = time.monotonic() + self._longest

        def ask(model: str) -> None:
            if time.monotonic() > end:
                raise SilentError(f"{self._longest:g} seconds were over, so it is left to Argo CD")
            self._connection.get(ONE, _REFRESH, 1, name=application_name(model, environment))

        asked = each(ask, models)
        failed = [one for one in asked if isinstance(one, Exception)]
        if failed:
            said = f"{len(failed)} of {len(models)} Applications in {environment} were not refreshed: {failed[0]}"
            raise TransientActError(said, help="perennial doctor")

    def sync(self, environment: str, model: str, revision: Revision | None = None, *, prune: bool = False) -> None:
        """Begin. When the answer is lost it is looked up whether the order arrived."""
        name, nonce = application_name(model, environment), self._nonce()
        body: dict[str, object] = {"prune": prune, "infos": [{"name": "perennial", "value": nonce}]}
        with acting():
            if revision:
                place = known.place_of_branch(self._connection.get(ONE, name=name), environment)
                several = {"revisions": [revision], "sourcePositions": [place + 1]} if place is not None else None
                body |= several or {"revision": revision}
            try:
                self._connection.send("POST", f"{ONE}/sync", body, name=name)
            except SilentError:
                if not known.asked_for(self._connection.get(ONE, name=name), nonce):
                    raise
            except RefusedError as error:
                if error.status in _STATES and known.runs(self._connection.get(ONE, name=name)):
                    raise ConflictError(str(error), help="perennial sync --wait") from None
                raise

    def terminate(self, environment: str, model: str) -> None:
        """End it; that none runs any more is what was wanted."""
        name = application_name(model, environment)
        with acting():
            try:
                self._connection.send("DELETE", f"{ONE}/operation", name=name)
            except (RefusedError, SilentError) as error:
                if isinstance(error, RefusedError) and error.status not in _STATES:
                    raise
                if known.runs(self._connection.get(ONE, name=name)):
                    raise

    def inspect(self, environment: str) -> ClusterFacts:
        """Its version, who the token is, and what it may in the environment's project. Raises ObserveError."""
        project = f"perennial-{environment}"
        with seeing():
            version = text(self._connection.get("/api/version").get("Version"))
            who = text(self._connection.get("/api/v1/session/userinfo").get("username"))
            may = {f"applications, {action}": self._may(action, f"{project}/*") for action in ("get", "sync")}
        return ClusterFacts(server=self._connection.url, version=version, who=who, may=may)

    def _may(self, action: str, subresource: str) -> bool:
        return self._connection.get(_CAN_I, action=action, subresource=subresource).get("value") == "yes"

    def _live(self, name: str) -> list[dict[str, object]]:
        found = self._connection.get(f"{ONE}/managed-resources", name=name)
        return [live for one in members(found.get("items")) if (live := _object(text(one.get("liveState"))))]


def _object(written: str) -> dict[str, object]:
    """A live object; empty for one that is not there."""
    try:
        return mapping(json.loads(written)) if written else {}
    except (ValueError, RecursionError):
        return {}


def _told(seen: Deployed, live: list[dict[str, object]] | Trouble) -> Deployed:
    """With what the live objects say, where they can be seen: one that cannot hides no other."""
    return with_objects(seen, live) if isinstance(live, list) else replace(seen, message=seen.message or str(live))


def each(act: Callable[[str], Answer], items: Sequence[str]) -> list[Answer | Trouble]:
    """The answer for each of them in their order, or what went wrong; several at once.

    When there was no answer for one, the others that have not begun are not tried: a server that is gone takes its time.
    """
    silent: list[SilentError] = []

    def tried(item: str) -> Answer | Trouble:
        if silent:
            return silent[0]
        try:
            return act(item)
        except RefusedError as error:
            return error
        except SilentError as error:
            silent.append(error)
            return error

    if not items:
        return []
    with ThreadPoolExecutor(min(_AT_ONCE, len(items))) as pool:
        return list(pool.map(tried, items))
