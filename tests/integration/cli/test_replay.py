"""The demo's loop on a small repository: what it sees of each week, and what it tells at the end."""

from datetime import UTC, datetime, timedelta

import pytest

from reconciler.cli.demo import ScratchLoop, _conclude
from reconciler.domain.known import Missing
from reconciler.domain.releases import Release
from reconciler.report.replay_text import week_text
from reconciler.simulate.replay import Week, replay, weekly
from reconciler.wiring import World
from tests.commands import STEERING
from tests.loops import a_loop

START = datetime(2013, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[ScratchLoop, list[Week]]:
    """Alpha, followed for three weeks by a reviewer who merges everything."""
    loop = a_loop(tmp_path_factory.mktemp("played") / "repository")
    scratch = ScratchLoop(World(root=loop.root, readers=loop.readers(), writers=loop.writers()), "alpha")
    return scratch, list(replay(scratch, weekly(START, START + timedelta(weeks=2))))


def kinds(week: Week) -> list[str]:
    return [str(event.kind) for event in week.events]


def test_the_first_week_trains_and_promotes_through_every_environment(played):
    _, weeks = played
    assert [week.at for week in weeks] == [START + timedelta(weeks=number) for number in range(3)]
    assert kinds(weeks[0]) == ["trained", "proposed", "promoted", "proposed", "promoted"]
    assert isinstance(weeks[0].live, Missing)


def test_new_labels_bring_the_next_version(played):
    scratch, weeks = played
    later = [event for week in weeks[1:] for event in week.events if str(event.kind) == "promoted"]
    assert {event.details["version"] for event in later} >= {"1.1.0"}
    assert isinstance(scratch.specs().releases["alpha"]["production"], Release)
    assert scratch.open_pull_requests() == []


def test_the_ledger_is_read_back_in_the_order_of_time(played):
    scratch, weeks = played
    events = scratch.events()
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert [event.id for week in weeks for event in week.events] == [event.id for event in events]


def test_settling_again_changes_nothing(played):
    scratch, weeks = played
    before = scratch.world.readers.repository.refs()
    scratch.settle(weeks[-1].at)
    assert scratch.world.readers.repository.refs() == before


def test_each_week_is_told_as_it_goes(played):
    _, weeks = played
    first = week_text(weeks[0], "rocAuc")
    assert first.startswith("2013-03-01  rocAuc   -    trained  ")
    assert "promoted  " in first


def test_the_end_says_where_to_look_next(played, capsys, monkeypatch):
    scratch, weeks = played
    monkeypatch.chdir(scratch.world.root.parent)
    _conclude(scratch, weeks, weeks[-1].at)
    told = capsys.readouterr().out
    assert "What happened, and what it was worth" in told
    assert f"  cd {scratch.world.root.name}\n" in told
    assert f"perennial explain alpha --as-of {weeks[-1].at.date()}" in told
    assert not STEERING & set(told)
