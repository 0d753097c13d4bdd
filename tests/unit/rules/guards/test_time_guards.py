"""Guards that look at the calendar and the clock on the wall: freeze, trainingWindow."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from reconciler.domain.facts import History
from reconciler.domain.live import Override
from reconciler.rules.guards.freeze import Freeze
from reconciler.rules.guards.training_window import TrainingWindow
from tests.builders import DAY, NOW, facts
from tests.cases import each

HOUR = timedelta(hours=1)
HOLIDAYS = {"from": "2013-06-01", "until": "2013-06-03", "reason": "holidays"}
AUDIT = {"from": "2013-06-02", "until": "2013-06-10", "reason": "audit"}


def freeze(*windows: dict[str, str]) -> Freeze:
    return Freeze.model_validate({"type": "freeze", "windows": list(windows or [HOLIDAYS])})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@each(
    ("now", "said"),
    [
        ("2013-05-31T23:59:59", "YES notFrozen"),
        ("2013-06-01T00:00:00", "NO frozen"),
        ("2013-06-02T23:59:59", "NO frozen"),
        ("2013-06-03T00:00:00", "YES notFrozen"),
    ],
)
def test_nothing_is_trained_within_a_window(now: str, said: str) -> None:
    judgement = freeze().judge(facts(), utc(now))
    assert f"{judgement.answer} {judgement.code}" == said


def test_of_windows_that_overlap_the_last_to_end_speaks() -> None:
    judgement = freeze(AUDIT, HOLIDAYS).judge(facts(), utc("2013-06-02T12:00:00"))
    assert judgement.message == "frozen from 2013-06-02 until 2013-06-10, now 2013-06-02T12:00:00Z: audit"
    assert judgement.remedy == (
        "wait until 2013-06-10, or perennial override flight-delay --guard freeze --until TIME --reason WHY"
    )


def override(**changes: Any) -> Override:
    usual = {"guard": "freeze", "at": NOW - HOUR, "until": NOW + HOUR, "by": "ann", "reason": "the model is broken"}
    return Override(**usual | changes)


@each(
    ("overrides", "said"),
    [
        ((override(),), "YES overridden"),
        ((override(at=NOW),), "YES overridden"),
        ((override(until=NOW),), "NO frozen"),
        ((override(at=NOW + HOUR / 2),), "NO frozen"),
        ((override(guard="budget"),), "NO frozen"),
        ((override(until=NOW), override(by="bob"), override(guard="budget")), "YES overridden"),
    ],
)
def test_an_override_counts_while_it_lasts(overrides: tuple[Override, ...], said: str) -> None:
    judgement = freeze().judge(facts(history=History(overrides=overrides)), NOW)
    assert f"{judgement.answer} {judgement.code}" == said


def test_an_override_is_told_with_who_why_and_until_when() -> None:
    message = freeze().judge(facts(history=History(overrides=(override(),))), NOW).message
    assert message.endswith(": holidays; overridden by ann until 2013-06-01T13:00:00Z: the model is broken")


@pytest.mark.parametrize("until", ["2013-06-01", "2013-05-01"])
def test_a_window_that_ends_before_it_begins_is_refused(until: str) -> None:
    with pytest.raises(ValidationError, match=f"expected from before until, got 2013-06-01 and {until}"):
        freeze(HOLIDAYS | {"until": until})


def window(**changes: Any) -> TrainingWindow:
    return TrainingWindow.model_validate({"type": "trainingWindow", "from": "22:00", "until": "06:00"} | changes)


BERLIN = {"timezone": "Europe/Berlin"}
NIGHT = BERLIN | {"days": ["MON", "FRI"]}
OPEN, SHUT = "windowOpen", "windowClosed"


@each(
    ("now", "rule", "code", "change"),
    [
        # now (UTC), the rule, open or closed, and when that changes (UTC); 2013-06-03 is a Monday
        ("2013-06-03T21:59:59", {}, SHUT, "2013-06-03T22:00:00Z"),
        ("2013-06-03T22:00:00", {}, OPEN, "2013-06-04T06:00:00Z"),
        ("2013-06-04T00:30:00", {}, OPEN, "2013-06-04T06:00:00Z"),
        ("2013-06-04T06:00:00", {}, SHUT, "2013-06-04T22:00:00Z"),
        ("2013-06-03T12:00:00", {"from": "09:00", "until": "17:00"}, OPEN, "2013-06-03T17:00:00Z"),
        ("2013-06-03T17:00:00", {"from": "09:00", "until": "17:00"}, SHUT, "2013-06-04T09:00:00Z"),
        ("2013-06-03T22:00:00", {"from": "00:00", "until": "23:59"}, OPEN, "2013-06-03T23:59:00Z"),
        ("2013-06-03T20:00:00", BERLIN, OPEN, "2013-06-04T04:00:00Z"),
        ("2013-06-03T19:59:00", BERLIN, SHUT, "2013-06-03T20:00:00Z"),
        ("2013-01-07T20:30:00", BERLIN, SHUT, "2013-01-07T21:00:00Z"),
        ("2013-06-04T03:00:00", NIGHT, OPEN, "2013-06-04T04:00:00Z"),
        ("2013-06-04T20:30:00", NIGHT, SHUT, "2013-06-07T20:00:00Z"),
        ("2013-06-08T03:00:00", NIGHT, OPEN, "2013-06-08T04:00:00Z"),
        ("2013-06-08T20:30:00", NIGHT, SHUT, "2013-06-10T20:00:00Z"),
        ("2013-06-04T04:30:00", {"days": ["TUE"]}, SHUT, "2013-06-04T22:00:00Z"),
        ("2013-06-05T06:00:00", {"days": ["TUE"]}, SHUT, "2013-06-11T22:00:00Z"),
        # spring, Berlin: 2013-03-31 02:00 becomes 03:00, so the night has seven hours
        ("2013-03-30T21:00:00", BERLIN, OPEN, "2013-03-31T04:00:00Z"),
        ("2013-03-31T04:00:00", BERLIN, SHUT, "2013-03-31T20:00:00Z"),
        ("2013-03-31T01:15:00", BERLIN | {"from": "02:30", "until": "05:00"}, SHUT, "2013-03-31T01:30:00Z"),
        ("2013-03-31T01:00:00", BERLIN | {"from": "02:30", "until": "03:15"}, SHUT, "2013-04-01T00:30:00Z"),
        ("2013-03-31T01:00:00", BERLIN | {"from": "02:30", "until": "03:15", "days": ["SUN"]}, SHUT, "2013-04-07T00:30:00Z"),
        # autumn, Berlin: 2013-10-27 03:00 becomes 02:00, so the night has nine hours; 02:30 counts the first time
        ("2013-10-27T04:59:00", BERLIN, OPEN, "2013-10-27T05:00:00Z"),
        ("2013-10-27T00:30:00", BERLIN | {"from": "02:30", "until": "05:00"}, OPEN, "2013-10-27T04:00:00Z"),
        ("2013-10-27T00:30:00", BERLIN | {"from": "01:00", "until": "02:30"}, SHUT, "2013-10-28"),
    ],
)
def test_the_window_is_open_by_the_clock_on_the_wall(now: str, rule: dict[str, Any], code: str, change: str) -> None:
    judgement = window(**rule).judge(facts(), utc(now))
    assert judgement.code == code, judgement.message
    assert judgement.message.endswith(f"until {change}" if code == OPEN else f"opens at {change}")
    assert judgement.remedy == ("" if code == OPEN else f"wait until {change}")


@each("place", ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
@each("start", ["2013-03-08", "2013-03-29", "2013-04-05", "2013-10-04", "2013-10-25", "2013-11-01"])
def test_it_opens_when_it_says_around_every_jump_of_the_clock(place: str, start: str) -> None:
    """Whoever waits as long as the remedy says finds the window open, and one second sooner still closed."""
    rule = window(timezone=place, **{"from": "01:45", "until": "02:20"})
    for hours in range(0, 96, 7):
        judgement = rule.judge(facts(), utc(start) + hours * HOUR)
        if judgement.code == SHUT:
            opening = utc(judgement.remedy.removeprefix("wait until ").removesuffix("Z"))
            assert rule.judge(facts(), opening).code == OPEN
            assert rule.judge(facts(), opening - timedelta(seconds=1)).code == SHUT
            assert opening - utc(start) - hours * HOUR <= 2 * DAY


@each("wrong", [{"from": "6:00"}, {"from": "24:00"}, {"until": "22:00"}, {"from": 1320}, {"from": "T2200"}])
def test_what_is_no_window_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        window(**wrong)
