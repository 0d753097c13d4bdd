"""Every other kind of rollout on real git, from its beginning to its end, and a canary of KServe."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from reconciler.adapters.fakes.logs import FakeLogs
from reconciler.domain.names import Digest
from tests.integration.rollouts.live import BAD, CANARY, GOOD, HOUR, Live, begun, canary, live, released
from tests.loops import T2, Loop
from tests.traffic import Served

ERRORS: list[dict[str, Any]] = [{"type": "errors", "margin": 0.02}]
ANSWERS = [*ERRORS, {"type": "answers", "tolerance": 0.1, "atMost": 0.1}]
GREEN = {"type": "blueGreen", "preview": "1h", "keep": "2h", "analysis": ERRORS}
SHADOW = {"type": "shadow", "atLeast": "1h", "analysis": ANSWERS}


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """The pull request of 1.1.0 is open."""
    return canary(tmp_path_factory.mktemp("ready") / "repo", merged=False)


def names(it: Live, digest: Digest) -> bool:
    """Production's branch has anything of the release."""
    return digest in "".join(it.files().values())


def test_blue_green_is_tried_on_copies_switches_in_one_go_and_keeps_the_old_one_warm(ready: Loop, tmp_path: Path) -> None:
    it = live(begun(ready, tmp_path / "repo", GREEN), GOOD)
    old, new = released(it.loop)
    assert it.weights() == [100, 0]
    assert "mirror:" in it.files()["manifests/alpha/virtualservice.yaml"]
    it.settle(T2 + 1.1 * HOUR)
    assert it.weights() == [0, 100]
    it.settle(T2 + 2 * HOUR)
    assert it.weights() == [0, 100]
    it.settle(T2 + 3.2 * HOUR)
    assert (it.weights(), names(it, old), names(it, new)) == ([], False, True)


@pytest.mark.slow
def test_blue_green_goes_back_after_the_switch_too(ready: Loop, tmp_path: Path) -> None:
    it = live(begun(ready, tmp_path / "repo", GREEN), GOOD)
    old, new = released(it.loop)
    it.settle(T2 + 1.1 * HOUR)
    worse = live(it.loop, BAD)
    worse.settle(T2 + 2 * HOUR)
    assert (names(worse, old), names(worse, new)) == (True, False)


def copies(it: Loop, apart: float) -> FakeLogs:
    """Ten requests a minute, each copied, whose answers lie so far apart."""
    logs, (old, new) = FakeLogs(), released(it)
    count = 10 * 60 * 3
    times = [T2 + timedelta(seconds=6 * number) for number in range(count)]
    answered = pl.DataFrame({"id": map(str, range(count)), "time": times, "digest": [old] * count, "prediction": [0.4] * count})
    logs.predicted["alpha"] = answered
    logs.shadowed["alpha"] = answered.with_columns(pl.lit(new).alias("digest"), pl.col("prediction") + apart)
    return logs


@pytest.mark.parametrize(("apart", "released_it"), [(0.05, True), pytest.param(0.3, False, marks=pytest.mark.slow)])
def test_a_shadow_is_released_when_its_answers_are_alike(ready: Loop, tmp_path: Path, apart: float, released_it: bool) -> None:
    loop = begun(ready, tmp_path / "repo", SHADOW)
    old, new = released(loop)
    it = Live(loop=loop, metrics=live(loop, GOOD).metrics, logs=copies(loop, apart))
    assert it.weights() == [100, 0]
    it.settle(T2 + 2 * HOUR)
    assert (names(it, old), names(it, new)) == (not released_it, released_it)


@pytest.mark.parametrize(("new", "ends"), [pytest.param(GOOD, True, marks=pytest.mark.slow), (BAD, False)], ids=["good", "bad"])
def test_kserve_has_its_share_moved_the_same_way(ready: Loop, tmp_path: Path, new: Served, ends: bool) -> None:
    it = live(begun(ready, tmp_path / "repo", CANARY, serve={"runtime": "kserve"}), new)
    assert it.weights() == [95, 5]
    assert "canaryTrafficPercent: 5" in it.files()["manifests/alpha/inferenceservice.yaml"]
    for hours in (1.1, 2.3, 3.5) if ends else (1.1,):
        it.settle(T2 + hours * HOUR)
    old, newer = released(it.loop)
    assert (names(it, old), names(it, newer)) == (not ends, ends)
    assert "canaryTrafficPercent: 100" in it.files()["manifests/alpha/inferenceservice.yaml"]
