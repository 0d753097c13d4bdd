"""Policies tried on history, told to people and to programs."""

import json
from typing import Any

import pytest

from reconciler.domain.decisions import Hold
from reconciler.domain.known import Missing
from reconciler.report.simulate_text import simulate_json, simulate_text
from reconciler.simulate.trial import Moment, Tried
from tests.builders import DAY, NOW
from tests.commands import STEERING

QUIET = Hold(model="m", code="fresh", message="nothing is due")
UNSEEN = Missing(code="insufficientData", why="0 labelled rows came")


def a_moment(weeks: int, **changes: Any) -> Moment:
    return Moment(at=NOW + 7 * weeks * DAY, decision=QUIET, **changes)


def a_trial(policy: str = "standard", *moments: Moment, rows: int = 12_345, **metrics: Any) -> Tried:
    return Tried(policy=policy, moments=moments, rows=rows, metrics=metrics or {"rocAuc": 0.71234, "brier": UNSEEN})


FIRST = a_moment(0, retrained="firstRelease: nothing was ever trained")
AGAIN = a_moment(2, retrained="newLabels: 400 new labels, 300 needed")
REFUSED = a_moment(3, retrained="maxAge: 30 days", refused="beatsLive: gain 0.001 [-0.01, 0.01]")
FAILED = a_moment(4, failed="out of memory")
BUSY = a_trial("eager", FIRST, a_moment(1), AGAIN, REFUSED, FAILED)


@pytest.mark.parametrize(
    ("moments", "retrains", "refused"),
    [((), 0, 0), ((a_moment(0),), 0, 0), ((FIRST,), 0, 0), ((FIRST, AGAIN), 1, 0), ((FIRST, AGAIN, REFUSED, FAILED), 2, 1)],
    ids=["nothing", "quiet", "only the first", "one more", "all"],
)
def test_retrains_are_those_after_the_first(moments: tuple[Moment, ...], retrains: int, refused: int) -> None:
    tried = a_trial("standard", *moments)
    assert (tried.retrains, tried.refused) == (retrains, refused)


def row(text: str, word: str) -> list[str]:
    """The words of the first line that begins with the word."""
    return next(line.split() for line in text.splitlines() if line.split()[:1] == [word])


def test_every_policy_is_a_row_of_the_comparison() -> None:
    text = simulate_text("flight-delay", [a_trial("standard", FIRST), BUSY])
    assert text.startswith("flight-delay, each row answered by the model that was live when it happened")
    assert row(text, "standard") == ["standard", "0", "0", "12,345", "0.7123", "?"]
    assert row(text, "eager") == ["eager", "2", "1", "12,345", "0.7123", "?"]


def test_the_timeline_tells_when_what_and_why_and_no_quiet_moment() -> None:
    text = simulate_text("flight-delay", [BUSY], width=160)
    assert "retrained" in " ".join(row(text, "2013-06-15T12:00:00Z"))
    assert "400 new labels, 300 needed" in text
    assert "refused by beatsLive: gain 0.001 [-0.01, 0.01]" in text
    assert row(text, "2013-06-29T12:00:00Z")[1:] == ["failed", "out", "of", "memory"]
    assert "2013-06-08" not in text


def test_no_policy_is_still_a_page() -> None:
    assert "flight-delay" in simulate_text("flight-delay", [])
    assert json.loads(simulate_json("flight-delay", [])) == {"model": "flight-delay", "policies": []}


@pytest.mark.parametrize("width", [40, 100])
def test_nothing_that_was_said_steers_a_terminal(width: int) -> None:
    hostile = a_trial("standard", a_moment(0, retrained="\x1b[31mred\u202e"), a_moment(1, failed="[bold]\x07[/bold]"))
    text = simulate_text("flight-delay", [hostile], width=width)
    assert not STEERING & set(text)
    assert "[bold]" in text
    assert max(map(len, text.splitlines())) <= width


def test_programs_get_everything_and_null_for_what_cannot_be_told() -> None:
    (policy,) = json.loads(simulate_json("flight-delay", [BUSY]))["policies"]
    assert {key: policy[key] for key in ("policy", "retrains", "refused", "rows", "metrics")} == {
        "policy": "eager",
        "retrains": 2,
        "refused": 1,
        "rows": 12_345,
        "metrics": {"rocAuc": 0.71234, "brier": None},
    }
    assert [(one["at"], bool(one["refused"])) for one in policy["trainings"]] == [
        ("2013-06-01T12:00:00Z", False),
        ("2013-06-15T12:00:00Z", False),
        ("2013-06-22T12:00:00Z", True),
    ]
    assert policy["failures"] == [{"at": "2013-06-29T12:00:00Z", "why": "out of memory"}]
