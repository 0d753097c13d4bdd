"""Checks: YES only on proof, NO only when sure, and both numbers in every message."""

import math

from pydantic import TypeAdapter

from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.tallies import Buckets, Sums
from reconciler.rules.analysis import MirrorCheck, UserCheck
from reconciler.rules.beside import Beside, stages_of
from reconciler.statistics.sequential import Trust
from tests.cases import each
from tests.rollouts import LIVE, NEW, latencies, seen, share, sums

CHECKS = {"user": TypeAdapter(UserCheck), "mirror": TypeAdapter(MirrorCheck)}
LATENCY, PREDICTIONS, CPU = {"type": "latency"}, {"type": "predictions"}, {"type": "saturation"}
BRIER = {"type": "metric", "metric": "brier", "margin": 0.02}
ACCURACY = {"type": "metric", "metric": "accuracy", "margin": 0.02}
REVENUE = {"type": "businessMetric", "metric": "revenue", "margin": 1}
ANSWERS = {"type": "answers", "tolerance": 0.1, "atMost": 0.1}
FINE, EIGHT = {"type": "predictions", "margin": 0.01}, [2000] * 8
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def bins(*counts):
    return Buckets(counts=counts)


def waits(*counts):
    return Buckets(counts=counts, edges=(0.1, 0.2, 0.4))


def judged(written, mine, live, key=None):
    check = CHECKS["mirror" if written["type"] == "answers" else "user"].validate_python(written)
    trust = Trust(harm=0.05, proof=0.05, planned=5000)
    stages = stages_of(seen(mine, live, key or check.key), NEW, LIVE)
    return check.judge(Beside(stages=stages, now=(5, 95), trust=trust, minimum=200))


@each(
    ("written", "mine", "live", "answer", "code", "fragments"),
    [
        (LATENCY, latencies(0.1, 3000), latencies(0.1, 50000), YES, "notWorse", ["p95 0.16", "3000 rows", "1.25 times"]),
        (LATENCY, latencies(0.2, 3000), latencies(0.1, 50000), NO, "worse", ["p95 0.3", "beside 0.16"]),
        (LATENCY, latencies(0.12, 3000), latencies(0.1, 50000), NO, "worse", []),
        (LATENCY, latencies(0.11, 600), latencies(0.1, 50000), UNKNOWN, "undecided", []),
        (LATENCY, latencies(0.05, 3000), latencies(0.1, 50000), YES, "notWorse", []),
        (LATENCY, latencies(0.1, 300), latencies(0.1, 50000), UNKNOWN, "undecided", ["to inf) of 300 rows"]),
        (LATENCY, latencies(0.1, 150), latencies(0.1, 50000), UNKNOWN, "tooFewRows", ["150 rows", "200 of each"]),
        (LATENCY, latencies(0.1, 9000, 2), latencies(0.1, 50000, 2), UNKNOWN, "bucketsTooCoarse", ["grows 2 times", "1.25"]),
        (LATENCY, latencies(0.5, 9000, 2), latencies(0.1, 50000, 2), NO, "worse", []),  # coarse, but sure
        (LATENCY, waits(50000, 44400, 5000, 600), waits(50000, 46000, 3000, 1000), NO, "worse", []),
        (LATENCY, latencies(0.1, 9000, 2), latencies(0.1, 9000), UNKNOWN, "otherCounts", ["same are needed"]),
        (LATENCY, latencies(90, 9000), latencies(90, 9000), UNKNOWN, "notANumber", ["beyond the last bucket"]),
        (LATENCY, share(1, 900), share(1, 900), UNKNOWN, "impossible", ["hits=1"]),
        (PREDICTIONS, bins(900, 2100), bins(9000, 21000), YES, "notWorse", ["4 of 4", "0.3 live"]),
        (PREDICTIONS, bins(900, 2100), bins(15000, 15000), NO, "worse", ["2 of 4 say NO"]),
        (PREDICTIONS, bins(90, 210), bins(9000, 21000), UNKNOWN, "tooFewRows", ["300 rows", "needed"]),
        (PREDICTIONS, bins(900, 2100), bins(9000, 2000, 19000), UNKNOWN, "otherCounts", []),
        (PREDICTIONS, bins(0, 0), bins(9000, 21000), UNKNOWN, "tooFewRows", ["0 rows of the candidate"]),
        # seen in ten bins both ways, chance alone brings one of them so far
        (FINE, bins(2380, 1620, *EIGHT), bins(*[10000] * 10), UNKNOWN, "undecided", ["10 of 20"]),
        (FINE, bins(2420, 1580, *EIGHT), bins(*[10000] * 10), NO, "worse", ["1 of 20 say NO", "0.1 live, larger"]),
        (BRIER, sums(0.2, 0.1, 3000), sums(0.2, 0.1, 30000), YES, "notWorse", ["0.2 of 3000 rows", "lower is better"]),
        (BRIER, sums(0.22, 0.1, 3000), sums(0.2, 0.1, 30000), NO, "worse", ["+0.02"]),
        (BRIER, sums(0.2, 0.1, 199), sums(0.2, 0.1, 30000), UNKNOWN, "tooFewRows", []),
        (BRIER, sums(0.2, 0.5, 500), sums(0.2, 0.5, 30000), UNKNOWN, "tooFewRows", ["500 rows", "10001 needed"]),
        (BRIER, sums(0.2, 0, 3000), sums(0.2, 0, 30000), UNKNOWN, "noSpread", ["variance 0", "above 0"]),
        (BRIER, Sums(rows=9, total=9, squares=1), sums(0.2, 0.1, 300), UNKNOWN, "impossible", []),
        (ACCURACY, share(3600, 4000), share(27000, 30000), YES, "notWorse", ["0.1 of 4000 rows"]),
        (ACCURACY, share(2500, 3000), share(27000, 30000), NO, "worse", []),
        (REVENUE, sums(10, 10, 5000), sums(10, 10, 50000), YES, "notWorse", ["10 of 5000 rows", "higher is better"]),
        (REVENUE, sums(8, 10, 5000), sums(10, 10, 50000), NO, "worse", ["worse by: +2"]),
        (REVENUE | {"better": "lower"}, sums(8, 10, 5000), sums(10, 10, 50000), YES, "notWorse", []),
        (REVENUE | {"better": "lower"}, sums(12, 10, 5000), sums(10, 10, 50000), NO, "worse", []),
        (CPU, share(5, 100), share(5, 100), YES, "notWorse", ["5% of 100 minutes", "10% allowed"]),
        (CPU, share(30, 100), share(5, 100), NO, "worse", ["30% of 100 minutes beside 5% of 100"]),
        (CPU, share(30, 100), share(30, 100), UNKNOWN, "bothSaturated", []),
        (CPU, share(0, 9), share(0, 100), UNKNOWN, "tooFewRows", ["9 minutes, 10 needed"]),
        (ANSWERS, share(100, 3000), share(100, 3000), YES, "notWorse", ["of 3000 requests are answered otherwise"]),
        (ANSWERS, share(600, 3000), share(600, 3000), NO, "worse", ["0.2 of 3000"]),
        (ANSWERS, share(280, 3000), share(280, 3000), UNKNOWN, "undecided", []),
        (ANSWERS, share(0, 199), share(0, 199), UNKNOWN, "tooFewRows", []),
    ],
)
def test_what_a_check_says(written, mine, live, answer, code, fragments):
    judgement = judged(written, mine, live)
    assert (judgement.answer, judgement.code) == (answer, code), judgement.message
    assert judgement.remedy or answer is YES
    for fragment in fragments:
        assert fragment in judgement.message


ALL = [LATENCY, PREDICTIONS, CPU, BRIER, ACCURACY, REVENUE, ANSWERS, {"type": "errors"}]


@each("written", ALL)
@each("side", [0, 1])
def test_what_is_missing_is_unknown_with_its_reason(written, side):
    gone = Missing(code="gone", why="the monitoring is gone")
    sides = [gone, share(1, 9000)] if side == 0 else [share(1, 9000), gone]
    judgement = judged(written, *sides)
    assert judgement.answer is UNKNOWN
    assert judgement.code in {"gone", "impossible"}
    assert judged(written, gone, gone).message == "the monitoring is gone"
    assert judged(written, share(1, 9), share(1, 9), key="nothing").code == "notMeasured"


def test_numbers_that_are_none_are_counted_as_missing():
    found = Sums.of([1.0, math.nan, math.inf])
    assert found == Missing(code="notANumber", why="2 of 3 numbers are not finite")
    assert judged(BRIER, found, found).code == "notANumber"


def test_keys_name_what_changes_the_count():
    keys = {CHECKS["mirror" if one is ANSWERS else "user"].validate_python(one).key for one in ALL}
    assert keys == {
        *("latency", "predictions", "saturation/cpu/0.9", "metric/brier", "metric/accuracy"),
        *("businessMetric/revenue", "answers/0.1", "errors"),
    }
