"""Acting on a forge and a repository that lose answers: one pull request for each branch, and each that was opened on record.

All in memory, so that thousands of random sequences take seconds. What a real network does to the GitHub forge itself is in
`test_forge_faults.py`.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy
import pytest

from reconciler.adapters.fakes.forge import FakeForge
from reconciler.domain.changes import Proposal, PullRequest, PullState
from reconciler.domain.commits import RefUpdate
from reconciler.domain.events import EventKind
from reconciler.domain.names import Revision, promotion_branch
from reconciler.domain.outcomes import Status
from reconciler.domain.steps import Propose
from reconciler.errors import ConflictError, ObserveError, ReconcilerError, TransientActError
from tests.acting import Branches, Stage, ToldTrainer, close
from tests.builders import an_event
from tests.repositories import AT, MAIN_REF
from tests.repository_in_memory import RepositoryInMemory

T = TypeVar("T")
ENVIRONMENTS = ("staging", "production")
SHARE = 0.3


@dataclass
class Network:
    """Spoils a share of what goes through it, until it is mended."""

    dice: numpy.random.Generator
    broken: bool = True

    def through(self, act: Callable[[], T]) -> T:
        """Do it; or lose the question; or do it and lose the answer; or be overtaken."""
        if not self.broken or self.dice.random() > SHARE:
            return act()
        match int(self.dice.integers(4)):
            case 0:
                raise TransientActError("the question is lost")
            case 1:
                raise ConflictError("overtaken")
            case _:
                act()
                raise TransientActError("the answer is lost")


@dataclass
class FarForge:
    """The fake forge at the other end of a network. What it shows may be old."""

    fake: FakeForge
    network: Network
    before: tuple[PullRequest, ...] = ()

    def pull_requests(self) -> tuple[PullRequest, ...]:
        if self.network.broken and self.network.dice.random() < SHARE:
            if self.network.dice.random() < 0.3:
                raise ObserveError("no answer")
            return self.before
        self.before = self.fake.pull_requests()
        return self.before

    def propose(self, proposal: Proposal, at: datetime) -> PullRequest:
        return self.network.through(lambda: self.fake.propose(proposal, at))

    def close(self, number: int, comment: str, at: datetime) -> PullRequest:
        return self.network.through(lambda: self.fake.close(number, comment, at))

    def merge(self, number: int, expected: Revision, at: datetime, by: str = "") -> PullRequest:
        return self.network.through(lambda: self.fake.merge(number, expected, at, by))


@dataclass
class FarRepository(RepositoryInMemory):
    """The repository at the other end of it."""

    network: Network | None = None

    def update(self, updates: Sequence[RefUpdate]) -> None:
        far = self.network.through if self.network else (lambda act: act())
        far(lambda: RepositoryInMemory.update(self, updates))


class Player:
    """Perennial and a person, at the same pull requests."""

    def __init__(self, seed: int) -> None:
        self.dice = numpy.random.default_rng(seed)
        self.network = Network(numpy.random.default_rng([seed, 1]))
        self.repository = FarRepository()
        self.repository.heads[MAIN_REF] = self.repository.commit(parent=None, files={"a": b"1"}, message="m", at=AT)
        self.fake = FakeForge(Branches(RepositoryInMemory(self.repository.heads, self.repository.trees)))
        forge = FarForge(self.fake, self.network)
        self.stage = Stage(repository=self.repository, forge=forge, trainer=ToldTrainer(), writer=self.repository)
        self.repository.network = self.network

    def play(self) -> None:
        """What one pass does, or what a person does meanwhile, undisturbed."""
        act = (self.promote, self.promote, self.promote, self.close, self.by_hand)[self.dice.integers(5)]
        try:
            act(ENVIRONMENTS[self.dice.integers(2)])
        except ReconcilerError:
            return

    def promote(self, environment: str) -> Propose:
        """Propose what a pass would that sees no open pull request, or changes one that is there."""
        number = int(self.dice.integers(3))
        event = an_event(id=f"proposed/{environment}/{number}", kind=EventKind.PROPOSED)
        step = self.stage.propose(environment, files={"release": f"{number}\n"}, title=f"Promote {number}", event=event)
        self.finish(step)
        return step

    def finish(self, step: Propose) -> None:
        (outcome,) = self.stage.act(step).steps
        if outcome.status is Status.DONE:
            assert self.recorded()[step.event.id] == 1, "it was said to be done, and is not on record"

    def close(self, environment: str) -> None:
        for pull in self.stage.forge.pull_requests():
            if pull.branch == promotion_branch("flight-delay", environment) and pull.state is PullState.OPEN:
                self.stage.act(close(pull.number))

    def by_hand(self, environment: str) -> None:
        for pull in self.fake.pull_requests():
            if pull.state is PullState.OPEN and pull.branch.endswith(environment) and pull.tip:
                self.fake.merge(pull.number, pull.tip, AT)

    def recorded(self) -> Counter[str]:
        return Counter(event.id for event in self.stage.ledger() if event.kind is EventKind.PROPOSED)

    def check(self) -> None:
        """One open pull request for each branch, and no line of the record twice."""
        pulls = Counter(pull.branch for pull in self.fake.pulls.values() if pull.state is PullState.OPEN)
        assert all(count == 1 for count in pulls.values()), pulls
        assert all(count == 1 for count in self.recorded().values())


def play(seed: int) -> None:
    player = Player(seed)
    for _ in range(12):
        player.play()
        player.check()
    player.network.broken = False
    steps = [player.promote(environment) for environment in ENVIRONMENTS]
    player.check()
    assert {pull.branch for pull in player.fake.pulls.values() if pull.state is PullState.OPEN} == {step.branch for step in steps}
    assert {step.event.id for step in steps} <= set(player.recorded())
    before = (player.fake.pull_requests(), dict(player.repository.heads))
    for step in steps:
        player.finish(player.stage.propose(step.environment, files=step.files, title=step.title, event=step.event))
    assert (player.fake.pull_requests(), player.repository.heads) == before, "a second pass writes nothing"


def test_one_pull_request_and_no_lost_record_in_300_sequences() -> None:
    for seed in range(300):
        play(seed)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_same_in_10000_sequences() -> None:
    for seed in range(300, 10_300):
        play(seed)
