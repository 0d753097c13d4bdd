"""The ledger branch under writers that come at the same time: no line lost, none twice, and all or nothing with the moves."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reconciler.act.ledger import Ledger
from reconciler.adapters.git import GitRepository
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import LEDGER_BRANCH, Revision
from reconciler.errors import ConflictError, PermanentActError, TransientActError
from tests.acting import LEDGER_REF, Stage, a_stage
from tests.builders import NOW, an_event
from tests.repositories import branch, git, put


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return a_stage(tmp_path)


class Interrupted:
    """The repository, in which something happens right before each of the first so many moves of refs."""

    def __init__(self, repository: GitRepository, happens: Callable[[int], object], times: int = 1) -> None:
        self.repository, self.happens, self.times, self.moves = repository, happens, times, 0

    def commit(self, **what: Any) -> Revision:
        return self.repository.commit(**what)

    def tag(self, **what: Any) -> Revision:
        return self.repository.tag(**what)

    def update(self, updates: Any) -> None:
        self.moves += 1
        if self.moves <= self.times:
            self.happens(self.moves)
        self.repository.update(updates)


def ledger(stage: Stage) -> Ledger:
    return Ledger(stage.repository, stage.repository)


def ids(stage: Stage, model: str = "flight-delay") -> list[str]:
    return [event.id for event in stage.ledger(model)]


def a_move(stage: Stage, name: str = "mine") -> RefUpdate:
    """A branch that the line is about."""
    return RefUpdate(ref=f"refs/heads/{name}", new=stage.head, expected=None)


def test_the_first_line_makes_the_branch_without_any_history_of_mains(stage: Stage) -> None:
    ledger(stage).record(an_event(id="one"))
    assert stage.files(LEDGER_BRANCH).keys() == {"flight-delay.jsonl"}
    tip = stage.tip(LEDGER_BRANCH)
    assert tip
    assert stage.repository.commit_info(tip).parents == ()


def test_lines_are_appended_in_order_one_commit_each(stage: Stage) -> None:
    for word in ("one", "two", "three"):
        ledger(stage).record(an_event(id=word, message=f"why {word}"))
    assert ids(stage) == ["one", "two", "three"]
    log = git(stage.repository.root, "log", "--format=%s|%b", LEDGER_BRANCH).split("\n")
    assert [line for line in log if line] == [f"flight-delay: trained|why {word}" for word in ("three", "two", "one")]


def test_a_line_is_never_written_twice(stage: Stage) -> None:
    ledger(stage).record(an_event(id="one"))
    before = stage.refs()
    ledger(stage).record(an_event(id="one", message="told otherwise", at=NOW + timedelta(days=1)))
    assert stage.refs() == before


def test_models_have_files_of_their_own(stage: Stage) -> None:
    for model in ("a", "b", "a"):
        ledger(stage).record(an_event(id=f"{model}/{len(ids(stage, model))}", model=model))
    assert (ids(stage, "a"), ids(stage, "b")) == (["a/0", "a/1"], ["b/0"])


def test_a_line_whose_id_is_known_to_another_model_is_written(stage: Stage) -> None:
    ledger(stage).record(an_event(id="same", model="a"))
    ledger(stage).record(an_event(id="same", model="b"))
    assert (ids(stage, "a"), ids(stage, "b")) == (["same"], ["same"])


def test_the_moves_are_made_with_the_line(stage: Stage) -> None:
    ledger(stage).record(an_event(id="one"), a_move(stage))
    assert (stage.tip("mine"), ids(stage)) == (stage.head, ["one"])


def test_the_moves_are_made_also_when_the_line_is_there(stage: Stage) -> None:
    ledger(stage).record(an_event(id="one"))
    ledger(stage).record(an_event(id="one"), a_move(stage))
    assert (stage.tip("mine"), ids(stage)) == (stage.head, ["one"])


def test_a_move_that_cannot_be_made_leaves_no_line(stage: Stage) -> None:
    branch(stage.repository, "mine", {"x": b"1"})
    before = stage.refs()
    with pytest.raises(ConflictError):
        ledger(stage).record(an_event(id="one"), a_move(stage))
    assert stage.refs() == before


def test_another_process_that_is_quicker_is_no_conflict(stage: Stage) -> None:
    quicker = Interrupted(stage.repository, lambda turn: ledger(stage).record(an_event(id=f"theirs {turn}")), times=3)
    Ledger(stage.repository, quicker).record(an_event(id="mine"), a_move(stage))
    assert ids(stage) == ["theirs 1", "theirs 2", "theirs 3", "mine"]
    assert stage.tip("mine") == stage.head


def test_another_model_that_is_quicker_loses_nothing(stage: Stage) -> None:
    quicker = Interrupted(stage.repository, lambda turn: ledger(stage).record(an_event(id="theirs", model="zebra")))
    Ledger(stage.repository, quicker).record(an_event(id="mine"))
    assert (ids(stage), ids(stage, "zebra")) == (["mine"], ["theirs"])


def test_another_process_that_wrote_the_very_line_leaves_one(stage: Stage) -> None:
    quicker = Interrupted(stage.repository, lambda turn: ledger(stage).record(an_event(id="same")))
    Ledger(stage.repository, quicker).record(an_event(id="same"), a_move(stage))
    assert (ids(stage), stage.tip("mine")) == (["same"], stage.head)


def test_a_ref_of_the_moves_that_moves_meanwhile_is_a_conflict_without_a_line(stage: Stage) -> None:
    quicker = Interrupted(stage.repository, lambda turn: branch(stage.repository, "mine", {"x": b"1"}))
    with pytest.raises(ConflictError):
        Ledger(stage.repository, quicker).record(an_event(id="one"), a_move(stage))
    assert stage.tip(LEDGER_BRANCH) is None


def test_one_that_is_always_too_late_gives_up_and_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.act.ledger.ATTEMPTS", 4)

    def other(turn: int) -> None:
        ledger(stage).record(an_event(id=f"theirs {turn}"))

    always = Interrupted(stage.repository, other, times=9)
    with pytest.raises(TransientActError, match=r"^4 times another process was quicker to write to perennial/ledger$"):
        Ledger(stage.repository, always).record(an_event(id="mine"), a_move(stage))
    assert (len(ids(stage)), stage.tip("mine")) == (4, None)


@pytest.mark.parametrize("message", ["a\u2028b", "two\nlines", "\x1b[31m", "--option", "'; rm -rf / #", ""])
def test_hostile_text_stays_text(stage: Stage, message: str) -> None:
    for word in ("one", "two"):
        ledger(stage).record(an_event(id=word, message=message, details={"log": message}))
    assert [(event.message, event.details["log"]) for event in stage.ledger()] == [(message, message)] * 2


def test_a_branch_that_people_broke_is_not_written_over(stage: Stage) -> None:
    tip = put(stage.repository, LEDGER_REF, {"flight-delay.jsonl": b"<<<<<<< HEAD\n"})
    with pytest.raises(PermanentActError, match=r"flight-delay\.jsonl:1: not a ledger line"):
        ledger(stage).record(an_event())
    assert stage.tip(LEDGER_BRANCH) == tip


def test_the_same_lines_make_the_same_branch(tmp_path: Path) -> None:
    tips = set()
    for name in ("one", "two"):
        stage = a_stage(tmp_path / name)
        for word in ("a", "b"):
            ledger(stage).record(an_event(id=word))
        tips.add(stage.tip(LEDGER_BRANCH))
    assert len(tips) == 1
