"""The fake and the real forges go the same way through any sequence of events, so a test on the fake tells of the real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.domain.changes import PullRequest, PullState
from reconciler.errors import ConflictError, PermanentActError, ReconcilerError
from tests.forges import BRANCH, Forge, a_fake, a_forge
from tests.repositories import AT

NAMES = (BRANCH, "perennial/other/production")
events = st.one_of(
    st.tuples(st.just("push"), st.sampled_from(NAMES)),
    st.tuples(st.just("propose"), st.sampled_from(NAMES)),
    st.tuples(st.just("merge"), st.integers(1, 3)),
    st.tuples(st.just("merge an old tip of"), st.integers(1, 3)),
    st.tuples(st.just("close"), st.integers(1, 3)),
)


class Player:
    """Plays events on a forge, and tells what came of each in words that no commit id is part of."""

    def __init__(self, forge: Forge) -> None:
        self.forge = forge
        self.tips: dict[str, list[str]] = {name: [] for name in NAMES}

    def play(self, event: str, subject: str | int) -> object:
        try:
            if event == "push":
                self.tips[str(subject)].append(self.forge.push(str(subject)))
                return None
            if event == "propose":
                return self.told(self.forge.propose(str(subject), title=f"{event} {len(self.tips[str(subject)])}"))
            return self.told(self.act(event, int(subject)))
        except ReconcilerError as error:
            return type(error).__name__

    def act(self, event: str, number: int) -> PullRequest:
        if event == "close":
            return self.forge.forge.close(number, "no", AT + timedelta(hours=1))
        tips = self.tips[next((p.branch for p in self.forge.forge.pull_requests() if p.number == number), BRANCH)]
        tip = tips[0 if "old" in event else -1] if tips else "0" * 40
        return self.forge.forge.merge(number, tip, AT + timedelta(hours=1))  # type: ignore[arg-type]

    def told(self, pull: PullRequest) -> tuple[object, ...]:
        tip = self.tips[pull.branch].index(pull.tip) if pull.tip in self.tips[pull.branch] else pull.tip
        return pull.number, pull.state, pull.branch, pull.base, pull.title, tip, pull.merged == self.forge.tip("main")

    def world(self) -> list[tuple[object, ...]]:
        return [self.told(pull)[:-1] for pull in self.forge.forge.pull_requests()]


@pytest.mark.parametrize("kind", ["local", "github"])
@settings(max_examples=8)
@given(story=st.lists(events, min_size=3, max_size=8))
def test_all_answer_the_same_to_everything(
    tmp_path_factory: pytest.TempPathFactory, kind: str, story: list[tuple[str, str | int]]
) -> None:
    with a_forge(kind, tmp_path_factory.mktemp("forge") / "repo") as real:
        fake, player = Player(a_fake()), Player(real)
        for event, subject in story:
            assert fake.play(event, subject) == player.play(event, subject), (event, subject)
            assert fake.world() == player.world()


@contextmanager
def unchanged(forge: Forge) -> Iterator[None]:
    before = (forge.forge.pull_requests(), forge.tip("main"))
    yield
    assert (forge.forge.pull_requests(), forge.tip("main")) == before


@pytest.fixture(params=["fake", "local", "github"])
def forge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Forge]:
    with a_forge(request.param, tmp_path / "repo") as forge:
        yield forge


def test_what_is_refused_changes_nothing(forge: Forge) -> None:
    old = forge.push(BRANCH)
    forge.propose()
    new = forge.push(BRANCH)
    with unchanged(forge), pytest.raises(ConflictError):
        forge.forge.merge(1, old, AT)
    forge.clash(BRANCH)
    with unchanged(forge), pytest.raises(ConflictError):
        forge.forge.merge(1, new, AT)
    with unchanged(forge), pytest.raises(PermanentActError):
        forge.forge.close(2, "no such", AT)
    with unchanged(forge), pytest.raises(PermanentActError):
        forge.propose("perennial/none/production")


def test_after_a_merge_the_same_branch_may_come_again_with_a_number_of_its_own(forge: Forge) -> None:
    for number in (1, 2, 3):
        tip = forge.push(BRANCH)
        assert forge.propose(title=f"Promote {number}").number == number
        assert forge.forge.merge(number, tip, AT).state is PullState.MERGED
    merged = [pull.merged for pull in forge.forge.pull_requests()]

    assert len(set(merged)) == 3
    assert merged[-1] == forge.tip("main")


def test_a_closed_one_is_not_opened_again_by_proposing_the_same(forge: Forge) -> None:
    forge.push(BRANCH)
    forge.propose()
    forge.forge.close(1, "no", AT)
    forge.push(BRANCH)
    assert forge.propose().number == 2

    assert [pull.state for pull in forge.forge.pull_requests()] == [PullState.CLOSED, PullState.OPEN]


@pytest.mark.parametrize("expected", ["", "main", "0" * 40, "HEAD"])
def test_only_the_very_tip_is_merged(forge: Forge, expected: str) -> None:
    forge.push(BRANCH)
    forge.propose()
    with unchanged(forge), pytest.raises(ConflictError, match="#1 has moved"):
        forge.forge.merge(1, expected, AT)  # type: ignore[arg-type]


def test_a_proposal_may_change_its_base(forge: Forge) -> None:
    forge.push(BRANCH)
    forge.propose()
    forge.push("release")
    changed = forge.propose(base="release")

    assert (changed.number, changed.base, forge.only().base) == (1, "release", "release")
