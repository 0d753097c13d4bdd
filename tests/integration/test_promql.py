"""What Argo Rollouts would ask, asked of a real Prometheus: worse is taken back, as good goes on, too little says nothing."""

import re
import shutil
import subprocess

import pytest
import yaml

from reconciler.render.promql import questions, sureness
from reconciler.rules.analysis.errors import Errors
from reconciler.rules.analysis.latency import LatencyCheck

pytestmark = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not on the path")
SURE = sureness(0.95, 200, 4)
CHECKS = questions([Errors(type="errors", margin=0.02), LatencyCheck(type="latency", at_most_times=1.25)], SURE)
ARGUMENTS = {"model": "m", "environment": "production", "release": "new", "window": "3600s"}
BUCKETS = ("0.05", "0.1", "0.11", "0.12", "0.15", "0.2", "0.4", "+Inf")


def series(release: str, rows: int, failed: int, slow: float) -> list[dict]:
    """Counters that grow evenly in an hour. A share `slow` of the answers takes 0.15 s to 0.4 s, the others at most 0.1 s."""
    of = f'perennial_model="m",perennial_environment="production",perennial_release="{release}"'
    below = {"0.05": 0.5, "0.1": 1 - slow, "0.11": 1 - slow, "0.12": 1 - slow, "0.15": 1 - slow, "0.2": 1 - slow / 2}
    counted = {f'perennial_requests_total{{{of},code="200"}}': rows - failed}
    if failed:
        counted[f'perennial_requests_total{{{of},code="503"}}'] = failed
    counted |= {f'perennial_request_seconds_bucket{{{of},le="{le}"}}': rows * below.get(le, 1.0) for le in BUCKETS}
    return [{"series": name, "values": f"0+{value / 60}x60"} for name, value in counted.items()]


def answers(tmp_path, live: tuple, new: tuple) -> dict[str, float | None]:
    """Each question's answer, read from what promtool says that it got instead of what nobody could."""
    test = {
        "interval": "1m",
        "input_series": [*series("old", *live), *series("new", *new)],
        "promql_expr_test": [
            {"expr": filled(check.query), "eval_time": "1h", "exp_samples": [{"labels": "{}", "value": 12345}]}
            for check in CHECKS
        ],
    }
    path = tmp_path / "test.yaml"
    path.write_text(yaml.safe_dump({"evaluation_interval": "1m", "tests": [test]}))
    said = subprocess.run(["promtool", "test", "rules", str(path)], capture_output=True, text=True, check=False)
    got = re.findall(r"got:(.*)", said.stdout + said.stderr)
    assert len(got) == len(CHECKS), said.stdout + said.stderr
    return {check.name: number(text) for check, text in zip(CHECKS, got, strict=True)}


def filled(query: str) -> str:
    """As Argo Rollouts fills in the arguments."""
    for name, value in ARGUMENTS.items():
        query = query.replace(f"{{{{args.{name}}}}}", value)
    assert "{{" not in query
    return query


def number(got: str) -> float | None:
    return None if got.strip() == "nil" else float(got.rsplit(maxsplit=1)[-1].strip('"'))


def test_an_equal_release_is_proven_and_does_no_harm(tmp_path):
    said = answers(tmp_path, live=(20_000, 100, 0.01), new=(4_000, 20, 0.01))
    assert said["errors-harm"] < 0.5
    assert said["errors-proof"] > SURE.proof
    assert said["latency-harm"] <= 1.25
    assert said["latency-proof"] < 1.25


def test_a_release_that_fails_more_often_is_harmful_and_not_proven(tmp_path):
    said = answers(tmp_path, live=(20_000, 100, 0.01), new=(4_000, 120, 0.01))
    assert said["errors-harm"] > SURE.harm
    assert said["errors-proof"] < SURE.proof


def test_a_release_that_answers_later_is_harmful(tmp_path):
    said = answers(tmp_path, live=(20_000, 0, 0.01), new=(4_000, 0, 0.5))
    assert said["latency-harm"] > 1.25
    assert said["errors-proof"] > SURE.proof  # nothing ever failed, which is no gap in the numbers


def test_too_few_rows_say_nothing(tmp_path):
    assert set(answers(tmp_path, live=(20_000, 100, 0.01), new=(150, 100, 0.9)).values()) == {None}
