"""What the repository on GitHub says of itself: who may push, what protects main, what the App may do, what time it is."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from github import GithubException

from reconciler.adapters.forges.github.connection import Connection
from reconciler.domain.names import MAIN
from reconciler.domain.service import ServiceFacts


class Inspection:
    """Three requests, which a token that may only read is answered, too."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def look(self) -> ServiceFacts:
        """All of it. Raises GithubException or UnansweredError."""
        headers, repository = self._connection.answer()
        branch = self._branch()
        rules = list(self._connection.rows(f"rules/branches/{MAIN}"))
        reviews = _parameters(rules, "pull_request")
        required = _parameters(rules, "required_status_checks").get("required_status_checks") or []
        contexts = {str(one.get("context")) for one in required} | set(_old_contexts(branch))
        granted = repository.get("permissions")
        return ServiceFacts(
            login=self._connection.login,
            default_branch=str(repository.get("default_branch", "")),
            may_push=bool(granted.get("push")) if isinstance(granted, dict) else None,
            protected=bool(branch.get("protected")) or bool(rules),
            approvals=reviews.get("required_approving_review_count"),
            code_owners=reviews.get("require_code_owner_review"),
            checks=tuple(sorted(contexts)),
            permissions=self._connection.app_permissions,
            now=_time(headers.get("date", "")),
        )

    def _branch(self) -> Mapping[str, Any]:
        try:
            return self._connection.answer(f"branches/{MAIN}")[1]
        except GithubException as error:
            if error.status == 404:
                return {}
            raise


def _parameters(rules: list[dict[str, Any]], kind: str) -> Mapping[str, Any]:
    """Of the first rule of the kind; rulesets may say it several times, and GitHub takes the strictest."""
    return next((rule.get("parameters") or {} for rule in rules if rule.get("type") == kind), {})


def _old_contexts(branch: Mapping[str, Any]) -> list[str]:
    """The checks that a protection from before rulesets requires."""
    checks = (branch.get("protection") or {}).get("required_status_checks") or {}
    return [str(context) for context in checks.get("contexts") or []]


def _time(written: str) -> datetime | None:
    try:
        return parsedate_to_datetime(written).astimezone(UTC)
    except (ValueError, TypeError):
        return None
