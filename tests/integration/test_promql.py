"""What Argo Rollouts would ask, asked of a real Prometheus: it answers what the rules of the same names would say."""

import re
import shutil
import subprocess
from itertools import accumulate

import pytest
import yaml

from reconciler.domain.judgements import Answer
from reconciler.domain.tallies import Buckets, Share
from reconciler.render.promql import questions, sureness
from reconciler.render.strategy import Check
from reconciler.rules.analysis.errors import Errors
from reconciler.rules.analysis.latency import LatencyCheck
from reconciler.rules.beside import Beside, stages_of
from reconciler.statistics.sequential import Trust
from tests.rollouts import LIVE, NEW, latencies, seen, share

pytestmark = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not on the path")
ERRORS, LATENCY = Errors(type="errors", margin=0.02), LatencyCheck(type="latency", at_most_times=1.25)
SURE = sureness(0.95, 200, 4)
QUESTIONS = {rule.type: questions([rule], SURE) for rule in (ERRORS, LATENCY)}
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
FAST, NONE = latencies(0.1, 50_000), share(0, 50_000)


def longer(times: float, rows: int = 20_000) -> Buckets:
    return latencies(0.1 * times, rows)


def cut(*counts: int) -> Buckets:
    """Few buckets, of which the second but grows by a fifth only."""
    return Buckets(counts=counts, edges=(0.1, 0.12, 0.4))


CASES: dict[str, tuple[Errors | LatencyCheck, Share | Buckets, Share | Buckets, Answer]] = {
    "as good": (LATENCY, longer(1), FAST, YES),
    "sooner": (LATENCY, longer(0.5), FAST, YES),
    "longer, and surely by less than allowed": (LATENCY, latencies(0.11, 200_000), latencies(0.1, 200_000), YES),
    "longer by more than allowed": (LATENCY, longer(1.4), FAST, NO),
    "much longer": (LATENCY, longer(9), FAST, NO),
    "perhaps longer, of few rows": (LATENCY, longer(1.15, 220), FAST, UNKNOWN),
    "too few rows": (LATENCY, longer(9, 150), FAST, UNKNOWN),
    "coarse buckets, and the same one": (LATENCY, latencies(0.1, 9000, 2), latencies(0.1, 50_000, 2), UNKNOWN),
    "coarse buckets, and far ones": (LATENCY, latencies(0.5, 9000, 2), latencies(0.1, 50_000, 2), NO),
    "both in the last bucket": (LATENCY, cut(0, 0, 0, 9000), cut(0, 0, 0, 9000), UNKNOWN),
    "the last bucket beside the one before": (LATENCY, cut(0, 0, 0, 9000), cut(0, 0, 9000, 0), NO),
    "the last bucket beside narrow ones": (LATENCY, cut(0, 0, 0, 9000), cut(0, 9000, 0, 0), NO),
    "live in the last bucket": (LATENCY, cut(0, 9000, 0, 0), cut(0, 0, 0, 9000), UNKNOWN),
    "all in the first bucket": (LATENCY, cut(9000, 0, 0, 0), cut(9000, 0, 0, 0), UNKNOWN),
    "no failures": (ERRORS, share(0, 4000), NONE, YES),
    "as many failures": (ERRORS, share(40, 4000), share(500, 50_000), YES),
    "more failures, and surely by less than the margin": (ERRORS, share(1200, 100_000), share(1000, 100_000), YES),
    "more failures than the margin": (ERRORS, share(200, 4000), share(500, 50_000), NO),
    "more failures of few rows": (ERRORS, share(5, 250), share(500, 50_000), UNKNOWN),
    "failures of too few rows": (ERRORS, share(100, 150), share(500, 50_000), UNKNOWN),
}


def series(release: str, counted: Share | Buckets, model: int) -> list[dict]:
    """Counters of one release that grow evenly in an hour."""
    of = f'perennial_model="m{model}",perennial_environment="production",perennial_release="{release}"'
    failed = counted.hits if isinstance(counted, Share) else 0
    rows = {f'perennial_requests_total{{{of},code="200"}}': counted.rows - failed}
    if failed:
        rows[f'perennial_requests_total{{{of},code="503"}}'] = failed
    if isinstance(counted, Buckets):
        edges = (*map(repr, counted.edges), "+Inf")
        below = zip(edges, accumulate(counted.counts), strict=True)
        rows |= {f'perennial_request_seconds_bucket{{{of},le="{edge}"}}': count for edge, count in below}
    return [{"series": name, "values": f"0+{value / 60!r}x60"} for name, value in rows.items()]


def filled(check: Check, model: int) -> str:
    """The query as Argo Rollouts fills in the arguments."""
    query = check.query
    for name, value in {"model": f"m{model}", "environment": "production", "release": "new", "window": "3600s"}.items():
        query = query.replace(f"{{{{args.{name}}}}}", value)
    assert "{{" not in query
    return query


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> dict[str, list[list[float]]]:
    """What each question of a case is answered, read from what promtool says that it got instead of what nobody could."""
    asked = [filled(check, model) for model, (rule, *_) in enumerate(CASES.values()) for check in QUESTIONS[rule.type]]
    counted = [(model, mine, live) for model, (_, mine, live, _) in enumerate(CASES.values())]
    test = {
        "interval": "1m",
        "input_series": [
            one for model, mine, live in counted for one in (*series("new", mine, model), *series("old", live, model))
        ],
        "promql_expr_test": [
            {"expr": query, "eval_time": "1h", "exp_samples": [{"labels": "{}", "value": 12345}]} for query in asked
        ],
    }
    path = tmp_path_factory.mktemp("promql") / "test.yaml"
    path.write_text(yaml.safe_dump({"evaluation_interval": "1m", "tests": [test]}))
    said = subprocess.run(["promtool", "test", "rules", str(path)], capture_output=True, text=True, check=False)
    got = re.findall(r"got:(.*)", said.stdout + said.stderr)
    assert len(got) == len(asked), said.stdout + said.stderr
    return {case: [result(got[2 * index]), result(got[2 * index + 1])] for index, case in enumerate(CASES)}


def result(got: str) -> list[float]:
    return [] if got.strip() == "nil" else [float(got.rsplit(maxsplit=1)[-1].strip('"'))]


def verdict(checks: tuple[Check, Check], answers: list[list[float]]) -> Answer:
    """What Argo Rollouts makes of the answers: back, on, or wait."""
    good, bad = (
        [_true(getattr(check, side), one) for check, one in zip(checks, answers, strict=True)] for side in ("good", "bad")
    )
    return NO if any(bad) else YES if all(good) else UNKNOWN


def _true(expression: str, answer: list[float]) -> bool:
    python = expression.replace("&&", "and").replace("false", "False")
    return eval(python, {"len": len, "result": answer})


@pytest.mark.parametrize("case", CASES)
def test_a_release_goes_on_goes_back_or_waits_as_the_rule_says(case, results):
    rule, mine, live, wanted = CASES[case]
    stages = stages_of(seen(mine, live, rule.key), NEW, LIVE)
    trust = Trust(harm=0.05 / 4, proof=0.05, planned=5000)
    assert rule.judge(Beside(stages=stages, now=(5, 95), trust=trust, minimum=200)).answer is wanted
    assert verdict(QUESTIONS[rule.type], results[case]) is wanted, results[case]
