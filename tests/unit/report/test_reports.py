from dataclasses import replace
from datetime import timedelta

import pytest

from reconciler.domain.decisions import Decision, Hold
from reconciler.domain.events import Event, EventKind
from reconciler.domain.facts import Missing
from reconciler.domain.judgements import no
from reconciler.domain.outcomes import Outcome, Status, StepOutcome
from reconciler.domain.steps import Close
from reconciler.domain.world import World
from reconciler.plan.plan import Plan
from reconciler.report.outcome_text import outcome_text
from reconciler.report.plan_text import plan_text
from reconciler.report.status_text import age_text, status_of, status_text
from reconciler.report.timeline import WORDS, live_text, timeline_text
from tests.builders import NOW, a_revision, facts

HOLD = Hold(model="flight-delay", code="fresh", message="no trigger fires")
EVENT = Event(id="1", at=NOW, model="flight-delay", kind=EventKind.PROMOTED, message="m", details={})


def plan(*decisions: Decision) -> Plan:
    return Plan(revision=a_revision(), at=NOW, decisions=decisions, steps=())


def world(**changes: object) -> World:
    return World(head=a_revision(), at=NOW, models={"flight-delay": facts(**changes)}, environments={}, branches={})


def test_colour_comes_only_when_asked_for_and_changes_no_word():
    plain, coloured = plan_text(plan(HOLD)), plan_text(plan(HOLD), color=True)
    assert "\x1b" not in plain
    assert "\x1b[" in coloured
    assert "no trigger fires" in coloured


@pytest.mark.parametrize("width", [40, 60, 200])
def test_no_line_is_wider_than_the_terminal(width):
    wide = replace(HOLD, message="word " * 50 + "x" * 300, judgements=(no("r" * 90, "code", "word " * 40),))
    assert max(len(line) for line in plan_text(plan(wide), width=width).splitlines()) <= width


def test_a_value_cannot_play_on_the_terminal():
    text = plan_text(plan(replace(HOLD, message="[bold]a[/bold] :smile: \x1b]0;title\x07\x9b31m")))
    assert "[bold]a[/bold] :smile:" in text
    assert not {"\x1b", "\x07", "\x9b"} & set(text)


def test_an_unreadable_candidate_is_told_in_words():
    (status,) = status_of(world(candidate=Missing(code="broken", why="no build.json")), plan(HOLD))
    assert status.candidate == "no build.json"
    assert "no build.json" in status_text((status,), width=140)


def test_only_models_of_the_plan_have_a_status():
    assert status_of(world(), plan()) == ()
    assert status_text(()) == "There are no models.\n"


@pytest.mark.parametrize(("hours", "text"), [(0, "0h"), (47, "47h"), (48, "2d"), (24 * 30, "30d")])
def test_an_age_is_short(hours, text):
    assert age_text(timedelta(hours=hours)) == text


def test_every_kind_of_event_has_its_word():
    assert set(WORDS) == set(EventKind)


@pytest.mark.parametrize(
    ("details", "text"),
    [
        ({}, ""),
        ({"metric": "rocAuc", "before": 0.68123, "after": 0.7}, "rocAuc 0.6812 → 0.7"),
        ({"metric": "mae", "after": 12}, "mae ? → 12"),
        ({"before": "none", "after": 0.5}, "none → 0.5"),
    ],
)
def test_the_live_metric_stands_beside_what_happened(details, text):
    assert live_text(replace(EVENT, details=details)) == text


def test_events_are_told_in_the_order_of_time():
    later, sooner = replace(EVENT, message="later"), replace(EVENT, at=NOW - timedelta(days=1), message="sooner")
    text = timeline_text([later, sooner])
    assert text.index("sooner") < text.index("later")


def test_a_failed_step_says_what_failed():
    failed = StepOutcome(step=Close(model="m", number=3, comment="c"), status=Status.FAILED, message="no forge", exit_code=5)
    assert outcome_text(Outcome(steps=(failed,))).splitlines() == ["✗ close pull request #3: c", "  no forge", "1 failed."]
