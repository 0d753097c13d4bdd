"""The numbers behind a rollout, from where they really are: a Prometheus that scraped, and the Parquet files of both logs."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from reconciler.adapters.logs import ParquetLogs
from reconciler.adapters.logs.append import LabelLog, PredictionLog
from reconciler.adapters.metrics import PrometheusMetrics
from reconciler.domain.names import Digest
from reconciler.domain.tallies import Buckets, Share
from reconciler.reconcile import see
from tests.integration.rollouts.live import HOUR, Live, begun, canary, released
from tests.loops import T2, Loop
from tests.prometheus import Series, prometheus

STEPS = [{"weight": 25, "pause": "1h"}, {"weight": 50, "pause": "1h"}]
CHECKS = [
    {"type": "errors", "margin": 0.02},
    {"type": "latency", "atMostTimes": 1.5},
    {"type": "saturation"},
    {"type": "predictions", "margin": 0.1},
    {"type": "metric", "metric": "accuracy", "margin": 0.2},
]
MINUTES = 60 * 30
OBSERVED = {"type": "canary", "steps": STEPS, "analysis": CHECKS}


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """The pull request of 1.1.0 is open."""
    return canary(tmp_path_factory.mktemp("ready") / "repo", merged=False)


def counters(digest: Digest, failing: float, per_minute: int = 40) -> list[Series]:
    """What a pod of the release counts, a sample a minute: requests by status, how long they took, and its processor time."""
    labels = (
        f'perennial_model="alpha",perennial_environment="production",perennial_release="{digest[7:17]}",instance="{digest[7:12]}"'
    )

    def series(name: str, more: str, each: float) -> Series:
        return f"{name}{{{labels}{more}}}", [(T2 + timedelta(minutes=i), each * i) for i in range(MINUTES)]

    edges = {"0.1": 0.1, "0.11": 0.5, "0.12": 0.9, "0.13": 0.99, "+Inf": 1.0}
    return [
        series("perennial_requests_total", ',code="200"', per_minute * (1 - failing)),
        series("perennial_requests_total", ',code="500"', per_minute * failing),
        *(series("perennial_request_seconds_bucket", f',le="{edge}"', per_minute * share) for edge, share in edges.items()),
        series("process_cpu_seconds_total", "", 6.0),
    ]


def logged(address: str, digests: list[Digest], right: tuple[float, float], hours: int = 30) -> None:
    """Two answers a minute of each release, and a day later what happened; the releases are right so often."""
    rng = np.random.default_rng(7)
    for digest, share in zip(digests, right, strict=True):
        count = 120 * hours
        late = rng.random(count) < 0.5
        score = np.where((rng.random(count) < share) == late, 0.75, 0.25)
        times = [T2 + timedelta(seconds=30 * i) for i in range(count)]
        ids = [f"{digest[7:12]}-{i}" for i in range(count)]
        rows = pl.DataFrame({"id": ids, "time": times, "digest": [digest] * count, "prediction": score})
        PredictionLog(address).append("alpha", rows)
        labels = np.where(late, 30.0, 0.0)
        known = pl.DataFrame({"id": ids, "label": labels, "known": [one + timedelta(days=1) for one in times]})
        LabelLog(address).append("alpha", known)


def weights_at(it: Live, *hours: float) -> list[list[int]]:
    seen = []
    for one in hours:
        it.settle(T2 + one * HOUR)
        seen.append(it.weights())
    return seen


def test_every_check_counts_what_is_really_there_and_a_good_release_gets_through(ready: Loop, tmp_path: Path) -> None:
    loop = begun(ready, tmp_path / "repo", OBSERVED)
    digests, address = released(loop), str(tmp_path / "logs")
    logged(address, digests, right=(0.9, 0.9))
    series = [one for digest in digests for one in counters(digest, failing=0.01)]
    with prometheus(tmp_path / "prometheus", series) as server:
        it = Live(loop=loop, metrics=PrometheusMetrics(server), logs=ParquetLogs(address))
        now = T2 + 26 * HOUR
        (window,) = see(it.readers(now))[1].models["alpha"].rollouts["production"].facts.windows
        mine, live = (window.releases[digest].tallies for digest in reversed(digests))
        for counted in (mine, live):
            assert counted["errors"] == Share(rows=pytest.approx(26 * 60 * 40, rel=0.001), hits=pytest.approx(624, rel=0.01))
            assert isinstance(counted["latency"], Buckets)
            assert counted["latency"].edges == (0.1, 0.11, 0.12, 0.13)
            assert counted["latency"].counts[1] == pytest.approx(0.4 * 26 * 60 * 40, rel=0.01)
            assert counted["saturation/cpu/0.9"] == Share(rows=pytest.approx(26 * 60, abs=3), hits=0)
            assert sum(counted["predictions"].counts) == 26 * 120
            assert counted["metric/accuracy"] == Share(rows=2 * 120, hits=pytest.approx(0.9 * 240, abs=20))
        assert it.code(T2 + 2 * HOUR)[0] == "rolloutIsUnderWay"  # no label is mature yet
        assert weights_at(it, 27.5, 28) == [[50, 50], [50, 50]]


@pytest.mark.slow
def test_a_release_that_answers_wrongly_is_taken_back_when_its_labels_come(ready: Loop, tmp_path: Path) -> None:
    loop = begun(ready, tmp_path / "repo", OBSERVED)
    digests, address = released(loop), str(tmp_path / "logs")
    logged(address, digests, right=(0.9, 0.5))
    it = Live(loop=loop, logs=ParquetLogs(address))
    assert weights_at(it, 2) == [[75, 25]]
    it.settle(T2 + 28 * HOUR)
    assert digests[1] not in "".join(it.files().values())
    assert digests[1] in it.main()["models/alpha/quarantine.yaml"]
    assert "accuracy" in it.loop.pulls()[-1].body


TEST: dict[str, Any] = {
    "type": "abTest",
    "unit": "carrier",
    "metric": "revenue",
    "gain": 0.2,
    "run": "1d",
    "within": "3d",
    "plannedRows": 2000,
    "minimumRows": 100,
}
BANDIT: dict[str, Any] = {"type": "bandit", "metric": "revenue", "margin": 0.2, "every": "6h", "plannedRows": 2000}
BUSINESS = {"business": [{"name": "revenue", "column": "paid"}]}


def earning(address: str, digests: list[Digest], earned: tuple[float, float], hours: int = 48) -> None:
    """A customer a minute of each release, who pays about so much."""
    rng = np.random.default_rng(11)
    for digest, mean in zip(digests, earned, strict=True):
        count = 60 * hours
        times: list[datetime] = [T2 + timedelta(minutes=i) for i in range(count)]
        made = pl.DataFrame(
            {
                "id": [f"{digest[7:12]}-{i}" for i in range(count)],
                "time": times,
                "digest": [digest] * count,
                "prediction": [0.5] * count,
                "carrier": [f"{digest[7:12]}-{i // 2}" for i in range(count)],
                "paid": rng.normal(mean, 1.0, count),
            }
        )
        PredictionLog(address).append("alpha", made)


def experiment(ready: Loop, where: Path, rollout: dict[str, Any], earned: tuple[float, float]) -> tuple[Live, list[Digest]]:
    loop = begun(ready, where / "repo", rollout, **BUSINESS)
    digests, address = released(loop), str(where / "logs")
    earning(address, digests, earned)
    return Live(loop=loop, logs=ParquetLogs(address)), digests


@pytest.mark.parametrize(
    ("earned", "wins"), [((1.0, 1.5), True), pytest.param((1.0, 1.0), False, marks=pytest.mark.slow)], ids=["a gain", "no gain"]
)
def test_an_experiment_is_decided_by_what_customers_pay(
    ready: Loop, tmp_path: Path, earned: tuple[float, float], wins: bool
) -> None:
    it, (old, new) = experiment(ready, tmp_path, TEST, earned)
    assert weights_at(it, 1) == [[50, 50]]
    it.settle(T2 + 47 * HOUR)
    here = "".join(it.files().values())
    assert (new in here, old in here) == (wins, not wins)
    assert (new in it.main()["models/alpha/releases/production.yaml"]) is wins
    assert "models/alpha/quarantine.yaml" not in it.main()


@pytest.mark.slow
def test_a_bandit_gives_more_to_the_better_one_and_ends_with_it(ready: Loop, tmp_path: Path) -> None:
    it, (_, new) = experiment(ready, tmp_path, BANDIT, (1.0, 1.15))
    seen = weights_at(it, 0, 8, 16, 24)
    assert seen[0] == [50, 50]
    assert all(sum(one) == 100 for one in seen if one)
    assert seen[1] == [] or seen[1][1] > 50
    it.settle(T2 + 47.5 * HOUR)
    assert new in "".join(it.files().values())
    assert it.weights() == [] or it.weights()[1] > 50
