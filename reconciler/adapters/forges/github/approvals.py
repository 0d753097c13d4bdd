"""Who approved merged pull requests, by one question for a hundred of them: a fresh clone may have thousands to ask about."""

from collections.abc import Mapping
from typing import Any

from github import GithubException

from reconciler.adapters.forges.github.connection import Connection

QUERY = """
query ($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(states: MERGED, first: 100, after: $after) {
      nodes {
        number
        headRefOid
        latestOpinionatedReviews(first: 100, writersOnly: true) {
          nodes { state author { login } commit { oid } }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
"""Of each person who may push, the newest review that approves, refuses or was dismissed."""


def approvals_of_merged(connection: Connection) -> dict[int, tuple[str, ...]]:
    """By number, who approved the tip that was merged. Empty where a server has no such question: then each is asked about."""
    owner, name = connection.place.repository.split("/")
    found: dict[int, tuple[str, ...]] = {}
    after = None
    while True:
        try:
            answer = connection.question(QUERY, {"owner": owner, "name": name, "after": after})
        except GithubException:
            return {}
        page = answer["repository"]["pullRequests"]
        found |= {int(node["number"]): _approved_by(node) for node in page["nodes"]}
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def _approved_by(node: Mapping[str, Any]) -> tuple[str, ...]:
    reviews = node["latestOpinionatedReviews"]["nodes"]
    good = [one for one in reviews if one["state"] == "APPROVED" and (one["commit"] or {}).get("oid") == node["headRefOid"]]
    return tuple(sorted(one["author"]["login"] for one in good if one["author"]))
