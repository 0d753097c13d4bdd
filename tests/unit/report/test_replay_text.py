"""A replay in words."""

import pytest

from reconciler.domain.decisions import Hold
from reconciler.domain.events import Event, EventKind
from reconciler.domain.known import Measured, Missing
from reconciler.report.replay_text import replay_text, sparkline, week_text
from reconciler.simulate.replay import Week
from reconciler.simulate.worth import Worth
from tests.builders import DAY, NOW

HELD = Hold(model="m", code="guarded", message="due (newLabels), but cooldown says NO")
UNSEEN = Missing(code="noRelease", why="nothing is released")


def an_event(kind: EventKind, message: str, **details: str) -> Event:
    return Event(id=message, at=NOW, model="m", kind=kind, message=message, details=details)


def a_week(*events: Event, weeks: int = 0, held: Hold | None = None, value: float | None = 0.7) -> Week:
    live = UNSEEN if value is None else Measured(value=value, low=0.6, high=0.8, rows=100)
    return Week(at=NOW + weeks * 7 * DAY, live=live, held=held, events=events)


PROMOTED = an_event(EventKind.PROMOTED, "production runs 1.1.0", version="1.1.0", environment="production")
STAGED = an_event(EventKind.PROMOTED, "staging runs 1.1.0", version="1.1.0", environment="staging")
TRAINED = an_event(EventKind.TRAINED, "newLabels: 25,000 new labels")


def test_a_quiet_week_is_one_short_line() -> None:
    assert week_text(a_week(), "rocAuc").strip() == "2013-06-01  rocAuc 0.700  ·"


def test_a_week_without_a_live_model_has_no_number() -> None:
    assert "rocAuc   -  " in week_text(a_week(value=None), "rocAuc")


def test_a_week_tells_what_happened_and_why() -> None:
    text = week_text(a_week(TRAINED, PROMOTED), "rocAuc")
    assert "trained  newLabels: 25,000 new labels" in text
    assert "promoted  production runs 1.1.0" in text


def test_a_held_retrain_is_told_but_not_in_the_week_of_its_training() -> None:
    assert "held  due (newLabels), but cooldown says NO" in week_text(a_week(held=HELD), "rocAuc")
    assert "held" not in week_text(a_week(TRAINED, held=HELD), "rocAuc")


def test_the_timeline_shows_what_a_release_was_worth() -> None:
    before, after = (Measured(value=value, low=0, high=1, rows=9) for value in (0.62, 0.66))
    text = replay_text(
        [a_week(STAGED, PROMOTED)], [Worth(version="1.1.0", metric="rocAuc", before=before, after=after)], width=140
    )
    (staged, production) = [line for line in text.splitlines() if "runs 1.1.0" in line]
    assert "rocAuc 0.620 → 0.660" in production
    assert "→" not in staged


def test_a_run_of_held_weeks_is_one_line() -> None:
    weeks = [a_week(weeks=number, held=HELD if number in (1, 2, 4) else None) for number in range(5)]
    assert replay_text(weeks, [], width=140).count("cooldown says NO") == 2


def test_hostile_messages_stay_text() -> None:
    assert "\x1b" not in week_text(a_week(an_event(EventKind.TRAINED, "\x1b[2J")), "rocAuc")


@pytest.mark.parametrize(
    ("values", "bars"),
    [
        ([0.0, 0.5, 1.0], "▁▄█"),
        ([0.5, None, 0.5], "▄ ▄"),
        ([None, None], "  "),
        ([], ""),
        ([1.0], "▄"),
        ([-1e308, 1e308], "▁█"),
        ([1.0, 0.0, 1.0 - 1e-16], "█▁█"),
        ([float("nan"), 0.1, float("inf"), 0.2], " ▁ █"),
    ],
    ids=["rising", "a gap", "nothing known", "no weeks", "one week", "a span that overflows", "nearly the same", "no numbers"],
)
def test_each_week_has_one_bar_between_the_smallest_and_the_largest(values, bars):
    assert sparkline(values) == bars


def test_a_week_with_several_events_has_a_line_for_each_and_one_date():
    lines = week_text(a_week(TRAINED, PROMOTED, held=None), "rocAuc").splitlines()
    assert len(lines) == 2
    assert [line.count("2013-06-01") for line in lines] == [1, 0]


@pytest.mark.parametrize("kind", [EventKind.PROPOSED, EventKind.DECLINED])
def test_what_follows_from_something_else_is_not_told(kind):
    assert week_text(a_week(an_event(kind, "quiet")), "rocAuc").strip().endswith("·")


def test_the_metric_week_by_week_is_drawn_when_something_was_released():
    measured = Measured(value=0.7, low=0, high=1, rows=9)
    worth = [Worth(version="1.1.0", metric="rocAuc", before=UNSEEN, after=measured)]
    text = replay_text([a_week(PROMOTED, value=0.6), a_week(weeks=1, value=None), a_week(weeks=2, value=0.8)], worth, width=140)
    assert text.splitlines()[0] == "live rocAuc, week by week  ▁ █"
    assert "rocAuc - → 0.700" in text
    assert "week by week" not in replay_text([a_week()], [])


def test_a_hold_is_told_again_after_a_week_without():
    weeks = [a_week(weeks=0, held=HELD), a_week(TRAINED, weeks=1, held=HELD), a_week(weeks=2, held=HELD)]
    assert replay_text(weeks, [], width=140).count("cooldown says NO") == 2
