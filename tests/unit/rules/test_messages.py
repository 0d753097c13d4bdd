"""Every judgement says both numbers, and every one that is not YES says what would change it."""

import re
from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from reconciler.domain.evidence import Quality
from reconciler.domain.facts import History, LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Measured, Missing
from reconciler.domain.live import Override, Separation
from reconciler.domain.needs import BusinessNeed, DomainNeed, Lookback, ScoreNeed
from reconciler.domain.profiles import Profile
from reconciler.domain.releases import HoldNote
from reconciler.rules.gates import Gate
from reconciler.rules.guards import Guard
from reconciler.rules.guards.backoff import Backoff
from reconciler.rules.triggers import Trigger
from tests.builders import DAY, NOW, a_candidate, a_fingerprint, a_profile, a_release, an_open_change, evidence, facts
from tests.cases import each

WEEK = Lookback(length=7 * DAY)
GONE = Missing(code="gone", why="the source is gone")
NEED = ScoreNeed(metric="rocAuc", window=WEEK)
SCORE = {"type": "performance", "metric": "rocAuc", "below": 0.68, "window": "7d"}
TOGETHER = {"type": "dataDrift", "statistic": "domainClassifier"}
CALM = Separation(auc=0.52, p_value=0.2, reference_rows=5000, rows=6512)
SCORE_DROP = {"type": "performance", "metric": "rocAuc", "drop": 0.05, "window": "7d"}
REVENUE = {"type": "businessMetric", "metric": "revenue", "below": 5}
SOLD = BusinessNeed(metric="revenue", window=WEEK)
BURN = {"type": "sloBurnRate", "errorRatio": "bad[$window]", "objective": 0.99}
FLOOR = {"type": "floor", "metric": "rocAuc", "atLeast": 0.7}


def score(value: float, rows: int = 1000) -> Measured:
    return Measured(value=value, low=value, high=value, rows=rows)


def judged(**changes):
    return facts(candidate=a_candidate(evidence=evidence(**changes)))


SAID = [
    # rule, facts, answer, parts of the message, remedy
    (Trigger, {"type": "newLabels", "rows": 50}, facts(), "NO", ["0 new", "50 wanted"], "50 more labelled rows"),
    (Trigger, {"type": "newLabels", "rows": 50}, facts(labels=GONE), "UNKNOWN", ["the source is gone"], "readable"),
    (Trigger, {"type": "maxAge", "age": "30d"}, facts(), "NO", ["2013-05-22", "30d"], "wait until 2013-06-21"),
    (Trigger, {"type": "maxAge", "age": "30d"}, facts(releases={}, candidate=GONE), "UNKNOWN", ["gone"], "readable"),
    (Trigger, {"type": "schedule", "cron": "0 3 * * 1"}, facts(), "YES", ["0 3 * * 1", "last due 2013-05-27", "2013-05-22"], ""),
    (Trigger, {"type": "specChanged"}, facts(), "NO", ["release 1.0.0"], "change the spec, code, parameters or environment"),
    (Trigger, {"type": "specChanged"}, facts(fingerprint=a_fingerprint(code="x")), "YES", ["code changed", "then", "now"], ""),
    (Trigger, {"type": "dataDrift"}, facts(), "UNKNOWN", ["window 0 was not profiled"], "wait for more rows"),
    (Trigger, {"type": "dataDrift"}, facts(profiles={WEEK: a_profile()}), "NO", ["0 of 1 features (0%)", "30% fires"], "30%"),
    (Trigger, TOGETHER, facts(), "UNKNOWN", ["window 0 were not held against training rows"], "wait for more rows"),
    (Trigger, TOGETHER, facts(live=LiveFacts(domain={DomainNeed(window=WEEK): CALM})), "NO", ["AUC 0.52", "0.6 fires"], "0.6"),
    (Trigger, SCORE, facts(scores={NEED: score(0.7)}), "NO", ["rocAuc 0.7", "1000 rows", "below 0.68"], "rocAuc below 0.68"),
    (
        Trigger,
        SCORE,
        facts(scores={NEED: score(0.7, 5)}),
        "UNKNOWN",
        ["5 mature rows", "200 needed"],
        "wait for more mature rows",
    ),
    (Trigger, {"type": "newRows", "rows": 50}, facts(live=LiveFacts(rows=0)), "NO", ["0 new rows", "50 wanted"], "50 more rows"),
    (Trigger, {"type": "predictionDrift"}, facts(), "UNKNOWN", ["no rule asked for it"], "wait for more rows"),
    (Trigger, {"type": "labelDrift"}, facts(live=LiveFacts(outcomes=GONE)), "UNKNOWN", ["source is gone"], "wait for more rows"),
    (Trigger, {"type": "conceptDrift"}, facts(), "UNKNOWN", ["adwin was not run"], "wait for more mature rows"),
    (Trigger, REVENUE, facts(), "UNKNOWN", ["revenue of window 0 was not measured"], "make revenue measurable"),
    (Trigger, REVENUE, facts(live=LiveFacts(business={SOLD: 7.0})), "NO", ["revenue 7", "below 5"], "revenue below 5"),
    (Trigger, {"type": "dataQuality"}, facts(), "UNKNOWN", ["quality of window 0"], "readable"),
    (Trigger, {"type": "promql", "query": "up", "below": 1}, facts(), "UNKNOWN", ["up was not asked"], "answer with one number"),
    (Trigger, BURN, facts(), "UNKNOWN", ["bad[1h] was not asked"], "answer with one number"),
    (Trigger, {"type": "alert", "file": "a.json", "name": "x"}, facts(), "UNKNOWN", ["a.json was not read"], "a.json readable"),
    (Trigger, {"type": "manual"}, facts(), "NO", ["0 requests", "2013-05-22"], "perennial retrain flight-delay"),
    (Trigger, SCORE_DROP, facts(live=LiveFacts(baseline={})), "UNKNOWN", ["0 metrics of the release"], "has evidence"),
    (Guard, {"type": "cooldown", "period": "30d"}, facts(), "NO", ["2013-05-22", "30d"], "wait until 2013-06-21T12:00:00Z"),
    (Guard, {"type": "minimumNewLabels", "rows": 9}, facts(), "NO", ["0 new", "9 needed"], "wait for 9 more labelled rows"),
    (Guard, {"type": "minimumNewLabels", "rows": 9}, facts(labels=GONE), "UNKNOWN", ["gone"], "readable"),
    (
        Guard,
        {"type": "hold"},
        facts(hold=HoldNote(reason="audit", owner="ann", until=None)),
        "NO",
        ["held by ann", "audit"],
        "until hold.yaml is removed",
    ),
    (Guard, {"type": "oneChangeOpen"}, facts(changes=(an_open_change(7),)), "NO", ["#7 is open"], "merge or close #7"),
    (
        Gate,
        {"type": "dataQuality"},
        judged(quality=Quality(evaluated=0, failures=())),
        "UNKNOWN",
        ["0 expectations", "1 needed"],
        "train",
    ),
    (
        Gate,
        {"type": "dataQuality"},
        judged(quality=Quality(evaluated=3, failures=("x",))),
        "NO",
        ["1 of 3", "x"],
        "mend the data",
    ),
    (Gate, FLOOR, judged(metrics={"rocAuc": score(0.6)}), "NO", ["0.6", "at least 0.7"], "rocAuc at least 0.7"),
    (Gate, FLOOR, judged(metrics={"rocAuc": score(0.6, 7)}), "UNKNOWN", ["7 rows", "200 needed"], "a longer hold-out"),
    (Gate, FLOOR, judged(metrics={"brier": score(0.1)}), "UNKNOWN", ["1 other metrics"], "train again"),
    (Gate, {"type": "beatsLive", "metric": "rocAuc", "minGain": 0.5}, judged(), "NO", ["+0.02", "+0.5"], "above +0.5"),
    (Gate, {"type": "beatsLive", "metric": "brier"}, judged(), "UNKNOWN", ["brier was not compared"], "then train again"),
]


@each(("union", "written", "seen", "answer", "parts", "remedy"), SAID)
def test_a_judgement_says_what_where_and_what_would_help(union, written, seen, answer, parts, remedy):
    judgement = TypeAdapter(union).validate_python(written).judge(seen, NOW)
    assert judgement.answer == answer, judgement
    assert judgement.rule == written["type"]
    assert [part for part in parts if part not in judgement.message] == [], judgement.message
    assert remedy in judgement.remedy
    assert bool(judgement.remedy) is (answer != "YES")
    assert re.fullmatch(r"[a-z][A-Za-z]+", judgement.code)


def test_backoff_says_when_it_ends_and_what_would_end_it_sooner():
    seen = facts(history=History(failures=2, last_failed_at=NOW, failed_from=a_fingerprint()))
    judgement = Backoff(type="backoff", jitter=0).judge(seen, NOW)
    assert judgement.message == (
        "2 failed trainings since the last good one, the last at 2013-06-01T12:00:00Z; wait 2h, until 2013-06-01T14:00:00Z"
    )
    again = "perennial override flight-delay --guard backoff --until TIME --reason WHY"
    assert judgement.remedy == f"mend the cause, wait until 2013-06-01T14:00:00Z, or {again}"


def test_a_person_may_ask_for_one_more_try_after_a_failure():
    asked = Override(guard="backoff", at=NOW, until=NOW + DAY, by="ada", reason="the disk is mended")
    failed = History(failures=2, last_failed_at=NOW, failed_from=a_fingerprint(), overrides=(asked,))
    backoff = Backoff(type="backoff")
    said = backoff.judge(facts(history=failed), NOW)
    assert (said.answer, said.code) == ("YES", "overridden")
    assert said.message.endswith("ada asked for another try: the disk is mended")
    later = replace(failed, failures=3, last_failed_at=NOW + DAY / 24)
    assert backoff.judge(facts(history=later), NOW + DAY / 24).code == "backingOff"
    other = replace(failed, overrides=(replace(asked, guard="freeze"),))
    assert backoff.judge(facts(history=other), NOW).code == "backingOff"


def test_hostile_text_of_facts_stays_in_the_message_as_it_is():
    """Judgements are data; whoever shows them escapes them."""
    hostile = "\x1b[2J<script>\u202e{{ x }}"
    judgement = (
        TypeAdapter(Gate)
        .validate_python({"type": "dataQuality"})
        .judge(judged(quality=Quality(evaluated=1, failures=(hostile,))), NOW)
    )
    assert hostile in judgement.message


@pytest.mark.parametrize("skew", [DAY, 365 * DAY], ids=["a day ahead", "a year ahead"])
@pytest.mark.parametrize(
    ("union", "written", "answer"),
    [
        (Guard, {"type": "cooldown", "period": "24h"}, Answer.NO),
        (Trigger, {"type": "schedule", "cron": "0 3 * * *"}, Answer.NO),
        (Trigger, {"type": "maxAge", "age": "1d"}, Answer.NO),
    ],
)
def test_a_training_in_the_future_is_no_reason_to_train(union, written, answer, skew):
    """Another machine's clock may be ahead of ours: the careful answer is to wait."""
    later = NOW + skew
    seen = facts(history=History(last_trained_at=later), releases={"production": a_release(as_of=later)})
    assert TypeAdapter(union).validate_python(written).judge(seen, NOW).answer is answer


def test_a_backoff_from_a_clock_ahead_waits():
    seen = facts(history=History(failures=1, last_failed_at=NOW + DAY))
    assert Backoff(type="backoff").judge(seen, NOW).code == "backingOff"


@pytest.mark.parametrize("consecutive", [1, 2, 3])
def test_every_window_that_is_asked_for_is_judged(consecutive):
    rule = TypeAdapter(Trigger).validate_python({"type": "dataDrift", "consecutive": consecutive, "minimumRows": 1})
    moved = a_profile(0, 0, 0, 0, 0, 0, 0, 0, 0, 1000)
    windows: dict[Lookback, Profile] = {}
    for index in range(consecutive):
        assert rule.judge(facts(profiles=windows), NOW).answer is Answer.UNKNOWN
        windows[Lookback(length=7 * DAY, index=index)] = moved
    assert rule.judge(facts(profiles=windows), NOW).answer is Answer.YES
    quiet = windows | {Lookback(length=7 * DAY, index=consecutive - 1): a_profile()}
    assert rule.judge(facts(profiles=quiet), NOW).answer is Answer.NO
    assert {need.window for need in rule.needs()} == set(windows)


def test_extra_features_of_a_window_do_not_water_down_the_share():
    wide = a_profile(features=tuple(f"f{n}" for n in range(9)))
    moved = a_profile(0, 0, 0, 0, 0, 0, 0, 0, 0, 1000)
    window = Profile(rows=1000, features={**wide.features, **moved.features})
    rule = TypeAdapter(Trigger).validate_python({"type": "dataDrift"})
    assert "1 of 1 features (100%)" in rule.judge(facts(profiles={WEEK: window}), NOW).message


def test_rules_do_not_change_the_facts():
    seen = facts(candidate=a_candidate(), profiles={WEEK: a_profile()}, scores={NEED: score(0.7)})
    before = replace(seen)
    for union, written, *_ in SAID:
        TypeAdapter(union).validate_python(written).judge(seen, NOW)
    assert seen == before
