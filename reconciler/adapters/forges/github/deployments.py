"""Deployments: one for each model, version, commit and environment, with its state as the newest of its statuses."""

import json
from typing import Any

from github.Deployment import Deployment

from reconciler.adapters.forges.github.connection import Connection
from reconciler.adapters.forges.text import clean_title
from reconciler.domain.notices import DeploymentRecord


class Deployments:
    """Many models share an environment, so GitHub is told not to end the others when one succeeds."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ensure(self, record: DeploymentRecord) -> bool:
        """Have it on record in that state; whether anything had to be written."""
        there = self._find(record)
        deployment = there or self._create(record)
        newest = next(iter(deployment.get_statuses()), None) if there else None
        if newest and (newest.state, newest.environment_url or "") == (record.state, record.url):
            return False
        address = {"environment_url": record.url} if record.url else {}
        deployment.create_status(str(record.state), description=_about(record), auto_inactive=False, **address)
        return True

    def _find(self, record: DeploymentRecord) -> Deployment | None:
        found = self._connection.repository.get_deployments(
            sha=record.revision, environment=record.environment, task=_task(record)
        )
        ours = [one for one in found if _payload(one).get("version") == record.version]
        return min(ours, key=lambda one: one.id, default=None)

    def _create(self, record: DeploymentRecord) -> Deployment:
        return self._connection.repository.create_deployment(
            record.revision,
            task=_task(record),
            auto_merge=False,
            required_contexts=[],
            payload={"model": record.model, "version": record.version},
            environment=record.environment,
            description=_about(record),
        )


def _task(record: DeploymentRecord) -> str:
    return f"deploy:{record.model}"


def _about(record: DeploymentRecord) -> str:
    return clean_title(f"{record.model} {record.version}")[:140]


def _payload(deployment: Deployment) -> dict[str, Any]:
    """As an object: GitHub may give it as text."""
    payload: object = deployment.payload
    try:
        payload = json.loads(payload) if isinstance(payload, str) else payload
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}
