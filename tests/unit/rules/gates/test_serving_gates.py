"""Gates infra, parity, latency and memory: what a process of the serving environment found out of the finished package."""

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from reconciler.domain.evidence import NOT_MEASURED, NoBaseline
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.known import Missing
from reconciler.domain.measured.serving import Infra, Latency, Memory, Parity, Spread, TimesLive
from reconciler.domain.releases import digest_of
from reconciler.rules.gates import Gate
from tests.builders import NOW, a_candidate, a_release, evidence, facts
from tests.cases import each

GONE = Missing(code="cannotBeMeasured", why="there is no such interpreter")
MADE = {"numpy": "2.4.6", "python": "3.11.7", "scikit-learn": "1.9.1", "skops": "0.16.0"}
TRIED = Infra(made=MADE, installed=MADE, otherwise=(), samples=5, answered=5)
BESIDE = Parity(rows=200, alone=50, sample_rows=5, unanswered=0, one_by_one=0.0, together=1e-12, samples=0.0, changed=())
MI = float(1 << 20)


def judged(gate: dict[str, Any], **found: Any) -> Judgement:
    rule = TypeAdapter(Gate).validate_python(gate)
    judgement: Judgement = rule.judge(facts(candidate=a_candidate(evidence=evidence(**found))), NOW)
    assert judgement.answer is Answer.YES or judgement.remedy
    return judgement


def installed(**versions: str | None) -> Infra:
    """The environment with other versions of packages; None is not installed."""
    here = MADE | {name.replace("_", "-"): version for name, version in versions.items()}
    return replace(TRIED, installed={name: version for name, version in here.items() if version})


@each(
    ("tried", "versions", "answer", "code"),
    [
        (TRIED, "minor", Answer.YES, "served"),
        (TRIED, "lock", Answer.YES, "served"),
        (installed(scikit_learn="1.9.0", numpy="2.4.0"), "minor", Answer.YES, "served"),
        (installed(scikit_learn="1.9.0"), "lock", Answer.NO, "versionsDiffer"),
        (installed(scikit_learn="1.8.2"), "minor", Answer.NO, "versionsDiffer"),
        (installed(scikit_learn="1.8.2"), "loadable", Answer.NO, "versionsDiffer"),
        (installed(scikit_learn="1.90.1"), "minor", Answer.NO, "versionsDiffer"),
        (installed(python="3.12.1"), "minor", Answer.NO, "versionsDiffer"),
        (installed(python="3.12.1", numpy="2.3.0", skops=None), "loadable", Answer.YES, "served"),
        (installed(skops=None), "minor", Answer.NO, "versionsDiffer"),
        (replace(TRIED, otherwise=("polars 1.3.0, locked 2.1.0",)), "minor", Answer.YES, "served"),
        (replace(TRIED, otherwise=("polars 1.3.0, locked 2.1.0",)), "lock", Answer.NO, "versionsDiffer"),
        (replace(TRIED, answered=Missing(code="notInstalled", why="no reconciler")), "minor", Answer.NO, "notInstalled"),
        (replace(TRIED, answered=Missing(code="cannotBeLoaded", why="x")), "minor", Answer.NO, "cannotBeLoaded"),
        (replace(TRIED, answered=4), "minor", Answer.NO, "unanswered"),
        (replace(TRIED, samples=0, answered=0), "minor", Answer.UNKNOWN, "insufficientData"),
        (GONE, "minor", Answer.UNKNOWN, "cannotBeMeasured"),
        (NOT_MEASURED, "minor", Answer.UNKNOWN, "notMeasured"),
    ],
)
def test_infra(tried, versions, answer, code):
    judgement = judged({"type": "infra", "versions": versions}, infra=tried)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_both_versions_are_told():
    said = judged({"type": "infra"}, infra=installed(scikit_learn="1.8.2")).message
    assert said == "made with scikit-learn 1.9.1, the serving environment has 1.8.2"


@each(
    ("beside", "answer", "code", "remedy"),
    [
        (BESIDE, Answer.YES, "answersAgree", ""),
        (replace(BESIDE, changed=("carrier: 2 of 200 values changed",)), Answer.YES, "answersAgree", ""),
        (
            replace(BESIDE, together=0.1, changed=("x: 1 of 200 values changed",)),
            Answer.NO,
            "answersDiffer",
            "treat the features",
        ),
        (replace(BESIDE, one_by_one=1.1e-6), Answer.NO, "answersDiffer", "does not depend on the other rows"),
        (replace(BESIDE, samples=0.5), Answer.NO, "answersDiffer", "package the samples again"),
        (replace(BESIDE, together=0.5, one_by_one=0.5), Answer.NO, "answersDiffer", "the same versions in serving"),
        (replace(BESIDE, unanswered=1), Answer.NO, "unanswered", "answers every row"),
        (replace(BESIDE, rows=49), Answer.UNKNOWN, "insufficientData", "a longer hold-out"),
        (replace(BESIDE, sample_rows=0), Answer.UNKNOWN, "insufficientData", "a longer hold-out"),
        (GONE, Answer.UNKNOWN, "cannotBeMeasured", "train again"),
        (NOT_MEASURED, Answer.UNKNOWN, "notMeasured", "train again"),
    ],
)
def test_parity(beside, answer, code, remedy):
    judgement = judged({"type": "parity"}, parity=beside)
    assert (judgement.answer, judgement.code) == (answer, code)
    assert remedy in judgement.remedy
    if isinstance(beside, Parity):
        assert all(sentence in judgement.message for sentence in beside.changed)


def spread(low: float, high: float) -> Spread:
    return Spread(low=low, middle=(low + high) / 2, high=high)


def timed(rows: int, p95: Spread, live: Any = None) -> dict[str, Latency]:
    found = Latency(rows=rows, calls=60, rounds=9, p50=spread(0.004, 0.006), p95=p95)
    return {str(rows): found if live is None else replace(found, live=live)}


def times(low: float, high: float, champion: str = a_release().digest) -> TimesLive:
    return TimesLive(champion=champion, times=spread(low, high))


SLOW, QUICK = spread(0.021, 0.03), spread(0.01, 0.02)


@each(
    ("gate", "latency", "answer", "code"),
    [
        ({"p95": "20ms"}, timed(1, QUICK), Answer.YES, "fastEnough"),
        ({"p95": "20ms"}, timed(1, SLOW), Answer.NO, "tooSlow"),
        ({"p95": "20ms"}, timed(1, spread(0.019, 0.021)), Answer.UNKNOWN, "inconclusive"),
        ({"p95": "20ms"}, timed(1, spread(float("nan"), 0.01)), Answer.UNKNOWN, "inconclusive"),
        ({"p50": "5ms"}, timed(1, SLOW), Answer.UNKNOWN, "inconclusive"),
        ({"p50": "3ms", "p95": "40ms"}, timed(1, SLOW), Answer.NO, "tooSlow"),
        ({}, timed(1, SLOW), Answer.YES, "fastEnough"),
        ({}, timed(1, spread(0.11, 0.2)), Answer.NO, "tooSlow"),
        ({"rows": 1000}, timed(1, QUICK), Answer.UNKNOWN, "notMeasured"),
        ({"rows": 1000}, {"1000": Missing(code="insufficientData", why="600 rows")}, Answer.UNKNOWN, "insufficientData"),
        ({"rows": 1000, "p95": "20ms"}, timed(1000, SLOW), Answer.NO, "tooSlow"),
        ({"atMostTimesLive": 1.5}, timed(1, SLOW, times(1.2, 1.5)), Answer.YES, "fastEnough"),
        ({"atMostTimesLive": 1.5}, timed(1, SLOW, times(1.6, 1.9)), Answer.NO, "tooSlow"),
        ({"atMostTimesLive": 1.5}, timed(1, SLOW, times(1.4, 1.6)), Answer.UNKNOWN, "inconclusive"),
        ({"atMostTimesLive": 1.5, "p95": "20ms"}, timed(1, SLOW, times(1.2, 1.5)), Answer.NO, "tooSlow"),
        ({"atMostTimesLive": 1.5}, timed(1, SLOW, times(1.2, 1.5, digest_of("old"))), Answer.UNKNOWN, "staleBaseline"),
        ({"atMostTimesLive": 1.5}, timed(1, SLOW, NoBaseline()), Answer.UNKNOWN, "staleBaseline"),
        ({"atMostTimesLive": 1.5}, timed(1, SLOW), Answer.UNKNOWN, "inconclusive"),
        ({"atMostTimesLive": 1.5}, GONE, Answer.UNKNOWN, "cannotBeMeasured"),
        ({}, NOT_MEASURED, Answer.UNKNOWN, "notMeasured"),
    ],
)
def test_latency(gate, latency, answer, code):
    judgement = judged({"type": "latency"} | gate, latency=latency)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_where_nothing_is_live_there_is_nothing_to_be_slower_than():
    gate = TypeAdapter(Gate).validate_python({"type": "latency", "atMostTimesLive": 1.5})
    first = a_candidate(evidence=evidence(latency=timed(1, SLOW, NoBaseline())))
    judgement = gate.judge(facts(candidate=first, releases={}), NOW)
    assert (judgement.answer, judgement.code) == (Answer.YES, "noBaseline")


def test_the_times_and_their_bound_are_told():
    said = judged({"type": "latency", "p95": "20ms"}, latency=timed(1, SLOW)).message
    assert said == "p95 of requests of 1 row is 25.5 (21 to 30) ms, at most 20 ms wanted"


def weighed(low: float, high: float) -> dict[str, Memory]:
    peak = spread(low * MI, high * MI)
    return {"100": Memory(rows=100, processes=3, bare=16 << 20, libraries=240 << 20, peak=peak)}


@each(
    ("gate", "memory", "answer", "code"),
    [
        ({}, weighed(300, 512), Answer.YES, "fits"),
        ({}, weighed(513, 600), Answer.NO, "tooMuchMemory"),
        ({}, weighed(500, 513), Answer.UNKNOWN, "inconclusive"),
        ({"atMost": "256Mi"}, weighed(300, 310), Answer.NO, "tooMuchMemory"),
        ({"rows": 7}, weighed(300, 310), Answer.UNKNOWN, "notMeasured"),
        ({}, {"100": Missing(code="insufficientData", why="9 rows")}, Answer.UNKNOWN, "insufficientData"),
        ({}, GONE, Answer.UNKNOWN, "cannotBeMeasured"),
        ({}, NOT_MEASURED, Answer.UNKNOWN, "notMeasured"),
    ],
)
def test_memory(gate, memory, answer, code):
    judgement = judged({"type": "memory"} | gate, memory=memory)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_what_they_ask_for_names_the_rows_but_no_bound():
    asked = {
        key
        for gate in (
            {"type": "latency", "p95": "20ms"},
            {"type": "latency", "p95": "10ms"},
            {"type": "latency", "rows": 9, "atMostTimesLive": 2},
            {"type": "memory", "atMost": "1Gi"},
            {"type": "infra"},
            {"type": "parity", "tolerance": 0.1},
        )
        for key in TypeAdapter(Gate).validate_python(gate).asks()
    }
    assert asked == {"latency/1", "latency/9/live", "memory/100", "infra", "parity"}
