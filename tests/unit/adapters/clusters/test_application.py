"""Argo CD's Application: what is told is read, of every version; what is not told, or makes no sense, is not guessed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.adapters.clusters import application as known
from reconciler.domain.clusters import Deployed, Health, Sync
from tests.cases import each
from tests.clusters.world import FIRST, SECOND, Json, application, told

NAME = "ctr.production"


def seen(version: int = 2, **status: Any) -> Deployed:
    made = application(NAME, "production", version)
    made["status"] |= status
    return known.deployed(made, "production")


def test_nothing_is_known_of_what_argo_cd_has_not_looked_at() -> None:
    fresh = known.deployed({"metadata": {"name": NAME}, "spec": {}}, "production")

    assert fresh == Deployed(application=NAME, health=Health.UNKNOWN, sync=Sync.UNKNOWN)
    assert not fresh.steady


@each(
    ("status", "message"),
    [
        ({"conditions": [{"type": "ComparisonError", "message": "bad\n yaml"}]}, "ComparisonError: bad yaml"),
        ({"conditions": [{"type": "OrphanedResourceWarning", "message": "look"}]}, ""),
        (
            {"operationState": {"phase": "Failed", "message": "one or more objects failed"}},
            "sync Failed: one or more objects failed",
        ),
        ({"operationState": {"phase": "Succeeded", "message": "all is well"}}, ""),
        (
            {
                "resources": [
                    {"kind": "Deployment", "name": "ctr", "health": {"status": "Degraded", "message": "deadline exceeded"}}
                ]
            },
            "Deployment ctr: deadline exceeded",
        ),
        ({"resources": [{"kind": "Service", "name": "ctr", "health": {"status": "Missing"}}]}, "Service ctr: Missing"),
        ({"health": {"status": "Degraded", "message": "of the whole"}, "resources": []}, "of the whole"),
        ({"conditions": [{"type": "SyncError", "message": "x" * 900}]}, "SyncError: " + "x" * 289 + "..."),
        ({"conditions": [{"type": "SyncError", "message": "\x1b[2J\u202e"}]}, "SyncError: \\x1b[2J\\u202e"),
    ],
)
def test_the_complaint_is_the_one_that_says_most(status: Json, message: str) -> None:
    assert seen(**status).message == message


@pytest.mark.parametrize("version", [2, 3])
def test_what_was_last_synced_is_what_history_says_where_it_is_not_in_sync(version: int) -> None:
    behind = {"sync": {"status": "OutOfSync", **told(SECOND, version)}}

    assert seen(version).revision == FIRST
    assert seen(version, sync={"status": "Synced", **told(SECOND, version)}).revision == SECOND
    assert seen(version, **behind).revision == FIRST
    assert seen(version, **behind, history=[]).revision is None


@each("revision", ["main", "a" * 39, "A" * 40, 7, None, ["a" * 40]])
def test_only_a_whole_commit_is_one(revision: object) -> None:
    assert seen(sync={"status": "Synced", "revision": revision}).revision is None


def test_history_is_newest_first_and_of_whole_entries() -> None:
    entries = [{"id": number, "deployedAt": "2026-03-01T10:00:00Z", "revision": f"{number}" * 40} for number in (1, 3, 2)]
    broken = [{"id": 9, "revision": FIRST}, {"id": "x", "deployedAt": "2026-03-01T10:00:00Z", "revision": FIRST}, "what"]

    past = known.history({"spec": {}, "status": {"history": [*entries, *broken]}}, "production")

    assert [one.number for one in past] == [3, 2, 1]


@each(
    ("made", "runs"),
    [
        ({"operation": {}}, True),
        ({"status": {"operationState": {"phase": "Running"}}}, True),
        ({"status": {"operationState": {"phase": "Terminating"}}}, True),
        ({"status": {"operationState": {"phase": "Succeeded"}}}, False),
        ({}, False),
    ],
)
def test_a_sync_runs_from_its_order_to_its_end(made: Json, runs: bool) -> None:
    assert known.runs(made) is runs


def test_an_order_is_known_by_its_word_before_and_while_it_runs() -> None:
    order = {"info": [{"name": "perennial", "value": "w0rd"}]}

    assert known.asked_for({"operation": order}, "w0rd")
    assert known.asked_for({"status": {"operationState": {"operation": order}}}, "w0rd")
    assert not known.asked_for({"operation": order}, "another")
    assert not known.asked_for({}, "w0rd")


@each("word", ["healthy", "Great", "", 7, None, ["Healthy"]])
def test_a_word_that_is_new_is_unknown(word: object) -> None:
    assert seen(health={"status": word}).health is Health.UNKNOWN
    assert not seen(health={"status": word}).steady


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)
KEYS = ("conditions", "health", "history", "operationState", "reconciledAt", "resources", "sync")


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_no_json_is_taken_for_health(status: Json) -> None:
    found = known.deployed({"metadata": {"name": NAME}, "status": status}, "production")

    assert found.health is Health.UNKNOWN or status["health"]["status"] == found.health
    assert found.message.isprintable() or not found.message
