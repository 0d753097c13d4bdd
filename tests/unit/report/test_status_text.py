"""Where models stand: what is told of environments, candidates and pull requests."""

import json
from datetime import timedelta

from reconciler.domain.decisions import Hold
from reconciler.domain.known import Missing
from reconciler.domain.world import World
from reconciler.plan.plan import Plan
from reconciler.report.status_text import ModelStatus, age_text, status_json, status_of, status_text
from tests.builders import DAY, NOW, a_candidate, a_release, a_revision, an_open_change, facts
from tests.cases import each
from tests.commands import STEERING

HOLD = Hold(model="flight-delay", code="fresh", message="no trigger fires")


def status(**changes: object) -> ModelStatus:
    """The status of the usual model with these facts."""
    world = World(head=a_revision(), at=NOW, models={"flight-delay": facts(**changes)}, environments={}, branches={})
    (only,) = status_of(world, Plan(revision=a_revision(), at=NOW, decisions=(HOLD,), steps=()))
    return only


def rows(one: ModelStatus) -> list[list[str]]:
    """The first table's."""
    table = status_text((one,), width=200).partition("\n\n")[0]
    return [line.split() for line in table.splitlines()[1:]]


def test_each_environment_is_a_row_and_the_model_is_told_once():
    staged = {"staging": a_release(environment="staging", version="1.1.0", as_of=NOW - DAY), "production": a_release()}
    first, second = rows(status(releases=staged))
    assert first[:3] == ["flight-delay", "staging", "1.1.0"]
    assert first[4] == "24h"
    assert second[:2] == ["production", "1.0.0"]
    assert second[-1] == "10d"


def test_where_nothing_runs_there_are_dashes():
    nothing = status(releases={})
    assert [(one.version, one.digest, one.age) for one in nothing.running] == [(None, None, None)] * 2
    assert rows(nothing)[1] == ["production", "-", "-", "-"]


def test_a_candidate_is_its_digest_and_pull_requests_their_numbers():
    waiting = status(candidate=a_candidate(), changes=(an_open_change(7), an_open_change(12)))
    assert waiting.candidate == a_candidate().build.digest
    assert waiting.pull_requests == (7, 12)
    assert rows(waiting)[0][-5:] == [waiting.candidate[7:19], "#7", "#12", "HOLD", "(fresh)"]


def test_an_unreadable_candidate_is_told_in_words():
    broken = status(candidate=Missing(code="broken", why="no build.json"))
    assert broken.candidate == "no build.json"
    assert "no build.json" in status_text((broken,), width=140)


def test_a_hostile_reason_stays_text():
    broken = status(candidate=Missing(code="broken", why="\x1b[2J\x9b\u202e\nfake"))
    assert not STEERING & set(status_text((broken,)))
    assert status_json((broken,)).isascii()


def test_only_models_of_the_plan_have_a_status():
    world = World(head=a_revision(), at=NOW, models={"flight-delay": facts()}, environments={}, branches={})
    assert status_of(world, Plan(revision=a_revision(), at=NOW, decisions=(), steps=())) == ()
    assert status_text(()) == "There are no models.\n"
    assert json.loads(status_json(())) == {"models": []}


def test_ages_are_seconds_for_programs():
    (model,) = json.loads(status_json((status(),)))["models"]
    assert [(one["environment"], one["age"]) for one in model["running"]] == [("staging", None), ("production", 864_000.0)]


@each(
    ("age", "text"),
    [
        (timedelta(), "0h"),
        (timedelta(minutes=59), "0h"),
        (timedelta(hours=47, minutes=59), "47h"),
        (timedelta(hours=48), "2d"),
        (timedelta(days=30), "30d"),
        (timedelta(days=3650, hours=23), "3650d"),
        (timedelta(hours=-1), "-1h"),
    ],
)
def test_an_age_is_short(age, text):
    assert age_text(age) == text
