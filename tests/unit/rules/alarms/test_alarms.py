"""Alarms that listen to a cluster: YES only of the very release that main names."""

from datetime import timedelta
from typing import Any

import pytest

from reconciler.domain.clusters import Health, RolloutStatus
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.rules.alarms.aborted import Aborted
from reconciler.rules.alarms.degraded import Degraded
from tests.builders import NOW, a_release, facts
from tests.cases import each
from tests.unwell import LIVE, a_deployed

OTHER = a_release("other").digest
SILENT = Missing(code="clusterSilent", why="no answer within 10 s")


def degraded(seen: Any, lasting: str | None = None, **changes: Any) -> tuple[Answer, str]:
    alarm = Degraded.model_validate({"type": "degraded"} | ({"lasting": lasting} if lasting else {}))
    found = alarm.judge_cluster(facts(deployed={"production": seen} if seen else {}, **changes), "production", NOW)
    return found.answer, found.code


def aborted(rollout: RolloutStatus | None) -> tuple[Answer, str]:
    seen = facts(deployed={"production": a_deployed(rollout=rollout)})
    found = Aborted(type="aborted").judge_cluster(seen, "production", NOW)
    return found.answer, found.code


@each(
    ("seen", "said"),
    [
        (a_deployed(), (Answer.YES, "degraded")),
        (a_deployed(digests=frozenset({LIVE.digest, OTHER})), (Answer.YES, "degraded")),
        (a_deployed(digests=frozenset({OTHER})), (Answer.UNKNOWN, "notThereYet")),
        (a_deployed(digests=frozenset()), (Answer.UNKNOWN, "digestNotSeen")),
        *((a_deployed(health=health), (Answer.UNKNOWN, "healthUnknown")) for health in (Health.UNKNOWN, Health.MISSING)),
        *(
            (a_deployed(health=health), (Answer.NO, "notDegraded"))
            for health in (Health.HEALTHY, Health.PROGRESSING, Health.SUSPENDED)
        ),
        (SILENT, (Answer.UNKNOWN, "clusterSilent")),
        (None, (Answer.UNKNOWN, "noCluster")),
    ],
)
def test_degraded_is_about_the_release_that_main_names(seen: Any, said: tuple[Answer, str]) -> None:
    assert degraded(seen) == said


def test_where_nothing_runs_nothing_is_degraded() -> None:
    assert degraded(a_deployed(), releases={}) == (Answer.NO, "nothingRuns")


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(4, (Answer.NO, "notLongEnough")), (5, (Answer.YES, "degraded")), (None, (Answer.UNKNOWN, "sinceUnknown"))],
)
def test_it_may_have_to_last(minutes: int | None, said: tuple[Answer, str]) -> None:
    since = None if minutes is None else NOW - timedelta(minutes=minutes)
    assert degraded(a_deployed(since=since), "5m") == said


@pytest.mark.parametrize(
    ("rollout", "said"),
    [
        (RolloutStatus(phase="Degraded", aborted=True, digest=LIVE.digest), (Answer.YES, "aborted")),
        (RolloutStatus(phase="Degraded", aborted=True), (Answer.YES, "aborted")),
        (RolloutStatus(phase="Degraded", aborted=True, digest=OTHER), (Answer.UNKNOWN, "notThereYet")),
        (RolloutStatus(phase="Paused", weight=20, digest=LIVE.digest), (Answer.NO, "notAborted")),
        (None, (Answer.NO, "noRollout")),
    ],
    ids=["this one", "not told of which", "another one", "on its way", "none"],
)
def test_aborted_is_about_the_release_that_main_names(rollout: RolloutStatus | None, said: tuple[Answer, str]) -> None:
    assert aborted(rollout) == said
