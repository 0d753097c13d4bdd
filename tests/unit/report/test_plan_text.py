"""A plan and what became of it, for people."""

from dataclasses import replace

import pytest

from reconciler.domain.decisions import Decision, Hold, Retrain
from reconciler.domain.events import Event, EventKind
from reconciler.domain.judgements import no
from reconciler.domain.outcomes import Outcome, Status, StepOutcome
from reconciler.domain.steps import Close, Publish, Record, Step, Tag
from reconciler.plan.plan import Plan
from reconciler.report.outcome_text import SYMBOLS, outcome_json, outcome_text
from reconciler.report.plan_json import plan_json
from reconciler.report.plan_text import model_of, plan_text
from tests.builders import NOW, a_revision
from tests.cases import each
from tests.commands import STEERING

HOLD = Hold(model="flight-delay", code="fresh", message="no trigger fires")
CLOSE = Close(model="flight-delay", number=3, comment="c")
PUBLISH = Publish(environment="production", branch="env/production", replaces=None, files={"README.md": ""}, message="Render")
EVENT = Event(id="1", at=NOW, model="zebra", kind=EventKind.PROMOTED, message="m", details={})
TAG = Tag(model="zebra", name="zebra@v1.0.0", target=a_revision(), message="m", at=NOW)


def plan(*decisions: Decision, steps: tuple[Step, ...] = ()) -> Plan:
    return Plan(revision=a_revision(), at=NOW, decisions=decisions, steps=steps)


def step(status: Status, message: str = "", exit_code: int = 0) -> StepOutcome:
    return StepOutcome(step=CLOSE, status=status, message=message, exit_code=exit_code)


@pytest.mark.parametrize("width", [40, 60, 200])
def test_no_line_is_wider_than_the_terminal(width):
    wide = replace(HOLD, message="word " * 50 + "x" * 300, judgements=(no("r" * 90, "code", "word " * 40),))
    assert max(len(line) for line in plan_text(plan(wide), width=width).splitlines()) <= width


def test_a_value_cannot_play_on_the_terminal():
    text = plan_text(plan(replace(HOLD, message="[bold]a[/bold] :smile: \x1b]0;title\x07\x9b31m")))
    assert "[bold]a[/bold] :smile:" in text
    assert not STEERING & set(text)
    assert plan_json(plan(replace(HOLD, message="\x9b\u202e"))).isascii()


@each(("one", "model"), [(CLOSE, "flight-delay"), (Record(event=EVENT), "zebra"), (TAG, "zebra"), (PUBLISH, None)])
def test_a_step_belongs_to_its_model_or_to_an_environment(one, model):
    assert model_of(one) == model


def test_steps_stand_below_their_model_and_those_of_environments_at_the_end():
    lines = plan_text(plan(HOLD, replace(HOLD, model="zebra"), steps=(PUBLISH, Record(event=EVENT), TAG, CLOSE))).splitlines()
    wanted = ["flight-delay  HOLD", "  → close", "zebra  HOLD", "  → record", "  → tag", "environments", "  → publish"]
    places = [next(number for number, line in enumerate(lines) if line.startswith(start)) for start in wanted]
    assert places == sorted(places)
    assert lines[-1] == "2 hold; 4 steps."


@pytest.mark.parametrize(
    ("decisions", "steps", "summary"),
    [
        ((), (), "no models; nothing to do."),
        ((HOLD,), (), "1 hold; nothing to do."),
        ((HOLD,), (CLOSE,), "1 hold; 1 step."),
        ((Retrain(model="a", as_of=NOW, code="c", message=""), HOLD), (CLOSE, CLOSE), "1 hold, 1 retrain; 2 steps."),
    ],
    ids=["nothing", "a hold", "a step", "several"],
)
def test_the_last_line_sums_it_up(decisions, steps, summary):
    assert plan_text(plan(*decisions, steps=steps)).splitlines()[-1] == summary


@pytest.mark.parametrize(
    ("steps", "last"),
    [
        ((), "Nothing to do."),
        ((step(Status.DONE),), "1 done."),
        (
            (step(Status.SKIPPED), step(Status.FAILED, exit_code=5), step(Status.DONE), step(Status.DONE)),
            "2 done, 1 failed, 1 skipped.",
        ),
    ],
    ids=["nothing", "one", "each kind"],
)
def test_what_became_of_steps_is_counted(steps, last):
    assert outcome_text(Outcome(steps=steps)).splitlines()[-1] == last


def test_every_status_has_its_sign():
    assert set(SYMBOLS) == set(Status)
    assert len({sign for sign, _ in SYMBOLS.values()}) == len(Status)


def test_a_failed_step_says_what_failed():
    failed = step(Status.FAILED, "no forge", 5)
    assert outcome_text(Outcome(steps=(failed,))).splitlines() == ["✗ close pull request #3: c", "  no forge", "1 failed."]
    assert '"exitCode": 5' in outcome_json(Outcome(steps=(failed,)))


def test_a_message_of_a_tool_cannot_play_on_the_terminal():
    failed = step(Status.FAILED, "\x1b[2J\r\n✓ all is well\x9b", 5)
    text = outcome_text(Outcome(steps=(failed,)))
    assert not STEERING & set(text)
    assert not any(line.startswith("✓") for line in text.splitlines())
    assert outcome_json(Outcome(steps=(failed,))).isascii()
