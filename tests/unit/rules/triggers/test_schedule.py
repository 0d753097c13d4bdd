"""Trigger `schedule`: once for each time on the wall clock, whatever the clock does."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from reconciler.domain.judgements import Answer
from reconciler.rules.cron import last_due
from reconciler.rules.triggers.schedule import Schedule
from tests.builders import DAY, NOW, History, a_candidate, facts
from tests.cases import each


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def weekly(**changes) -> Schedule:
    return Schedule(**{"type": "schedule", "cron": "0 3 * * 1"} | changes)


def trained(moment: datetime | None, **changes):
    return facts(**{"history": History(last_trained_at=moment), "releases": {}} | changes)


@each(
    ("last", "now", "answer", "code"),
    [
        (None, "2013-06-01T12:00", Answer.YES, "neverTrained"),
        ("2013-05-20T03:00", "2013-05-27T02:59", Answer.NO, "notDue"),
        ("2013-05-20T03:00", "2013-05-27T03:00", Answer.YES, "due"),
        ("2013-05-27T03:00", "2013-05-27T03:00", Answer.NO, "notDue"),
        ("2013-05-27T02:59", "2013-05-27T03:00", Answer.YES, "due"),
        ("2013-05-01T00:00", "2013-06-01T12:00", Answer.YES, "due"),
    ],
)
def test_fires_when_a_cron_time_came_since_the_last_training(last, now, answer, code):
    judgement = weekly().judge(trained(last and at(last)), at(now))
    assert (judgement.answer, judgement.code) == (answer, code)


def test_the_message_has_both_times():
    judgement = weekly().judge(trained(at("2013-05-20T03:00")), at("2013-05-28T00:00"))
    assert "last due 2013-05-27T03:00:00Z" in judgement.message
    assert "last trained 2013-05-20T03:00:00Z" in judgement.message


def test_a_candidate_or_a_release_stands_in_for_a_ledger_that_does_not_say():
    daily = weekly(cron="0 3 * * *")
    assert daily.judge(trained(None, candidate=a_candidate(trained_at=NOW)), NOW).code == "notDue"
    assert daily.judge(facts(history=History()), NOW).code == "due"  # the champion is ten days old


def firings(cron: str, zone: str, start: str, end: str) -> list[str]:
    """Walk minute by minute, train whenever it fires, and tell when that was."""
    rule = weekly(cron=cron, timezone=zone)
    now, last, fired = at(start), at(start) - timedelta(minutes=1), []
    while now < at(end):
        if rule.judge(trained(last), now).answer is Answer.YES:
            fired.append(now.strftime("%dT%H:%M"))
            last = now
        now += timedelta(minutes=5)
    return fired


def test_a_time_that_happens_twice_in_autumn_fires_once():
    # New York, 3 November 2013: 01:00 to 02:00 came twice, from 05:00 and from 06:00 UTC.
    assert firings("30 1 * * *", "America/New_York", "2013-11-03T04:00", "2013-11-04T08:00") == ["03T05:30", "04T06:30"]


def test_an_hourly_schedule_does_not_repeat_the_repeated_hour():
    assert firings("30 * * * *", "America/New_York", "2013-11-03T04:00", "2013-11-03T09:00") == [
        "03T04:30",
        "03T05:30",
        "03T07:30",
        "03T08:30",
    ]


def test_a_time_that_is_skipped_in_spring_fires_once():
    # New York, 10 March 2013: 02:00 became 03:00 at 07:00 UTC.
    assert firings("30 2 * * *", "America/New_York", "2013-03-09T06:00", "2013-03-11T08:00") == [
        "09T07:30",
        "10T07:30",
        "11T06:30",
    ]


def test_a_pass_in_the_repeated_hour_sees_what_was_missed_before_it():
    now = at("2013-11-03T06:10")  # 01:10 for the second time; 01:30 already came
    assert last_due("30 1 * * *", "America/New_York", now) == at("2013-11-03T05:30")


def test_a_half_hour_fold_is_a_fold_too():
    # Lord Howe Island, 7 April 2013: 02:00 became 01:30 at 15:00 UTC the day before.
    assert firings("45 1 * * *", "Australia/Lord_Howe", "2013-04-06T12:00", "2013-04-06T18:00") == ["06T14:45"]


def test_local_times_follow_the_zone():
    assert last_due("0 3 * * *", "Europe/Berlin", at("2013-07-01T01:00")) == at("2013-07-01T01:00")
    assert last_due("0 3 * * *", "Europe/Berlin", at("2013-01-02T01:00")) == at("2013-01-01T02:00")


@each("now", [NOW + n * DAY / 7 for n in range(20)])
def test_the_time_that_was_due_is_never_in_the_future(now):
    due = last_due("*/7 3-5 * * MON-FRI", "America/New_York", now)
    assert now - 4 * DAY < due <= now


@each(
    ("cron", "said"),
    [
        ("R * * * *", "five cron fields"),
        ("H * * * *", "five cron fields"),
        ("* * * * * *", "five cron fields"),
        ("60 * * * *", "five cron fields"),
        ("0 3 * *", "five cron fields"),
        ("@daily", "five cron fields"),
        ("0 0 31 2 *", "never comes"),
        ("0 0 * * 7-5-1", "five cron fields"),
    ],
)
def test_a_cron_that_is_random_wrong_or_never_comes_is_refused(cron, said):
    with pytest.raises(ValidationError, match=said):
        weekly(cron=cron)


@each("cron", ["0 3 * * 1", "*/5 0-6/2 1,15 JAN-MAR MON", "59 23 31 12 7", "5 4 * * SUN"])
def test_usual_crons_are_accepted(cron):
    assert weekly(cron=cron).judge(facts(), NOW).code in {"due", "notDue"}


@each("zone", ["Mars/Olympus", "../../etc/passwd", "", "Europe/"])
def test_a_zone_that_does_not_exist_is_refused(zone):
    with pytest.raises(ValidationError, match="IANA"):
        weekly(timezone=zone)
