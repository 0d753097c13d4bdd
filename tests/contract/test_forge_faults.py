"""The GitHub forge on a network that loses requests and answers: one pull request, and nothing that happened is lost.

Random sequences of what Perennial does, while a proxy spoils a third of the requests; then the faults end, one more pass is
made, and the server's own books are compared with what the forge says.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import numpy
import pytest

from reconciler.adapters.forges.github import GitHubForge
from reconciler.domain.changes import Proposal, PullRequest, PullState
from reconciler.domain.names import Revision
from reconciler.domain.notices import Comment, Dashboard, DeploymentRecord, DeploymentState, Status, StatusState
from reconciler.errors import ActError, ConflictError, ObserveError
from tests.contract.test_notices import CHECK
from tests.forges import BRANCH, MARK, Forge, a_github, github_forge
from tests.github.faults import FAULTS, SILENCE, Fault, faulty_proxy
from tests.repositories import AT

T = TypeVar("T")
BRANCHES = (BRANCH, "perennial/other/production")


@dataclass
class Player:
    """Does things to the forge through the faults, and keeps what it was told has been done."""

    forge: GitHubForge
    world: Forge
    dice: numpy.random.Generator
    merged: dict[int, Revision | None] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    failed: Counter[str] = field(default_factory=Counter)

    def play(self) -> None:
        """One random act. An error of ours is what a pass may end with; anything else is a defect."""
        act = self.pick((self.push, *[self.propose] * 3, self.merge, self.close, self.comment, self.tell, self.look))
        try:
            act()
        except (ActError, ObserveError, ConflictError) as error:
            self.failed[type(error).__name__] += 1

    def pick(self, options: Sequence[T]) -> T:
        return options[self.dice.integers(len(options))]

    def push(self) -> None:
        self.world.push(self.pick(BRANCHES))

    def propose(self) -> PullRequest:
        branch = self.pick(BRANCHES)
        return self.forge.propose(proposal(branch, f"try {self.dice.integers(3)}", draft=self.dice.random() < 0.2), AT)

    def look(self) -> tuple[PullRequest, ...]:
        return self.forge.pull_requests()

    def merge(self) -> None:
        for pull in self.look():
            if pull.state is PullState.OPEN and pull.tip and not pull.draft:
                self.merged[pull.number] = self.forge.merge(pull.number, pull.tip, AT).merged

    def close(self) -> None:
        if numbers := [pull.number for pull in self.look() if pull.state is PullState.OPEN]:
            number = self.pick(numbers)
            self.forge.close(number, "Not now.", AT)
            self.closed.add(number)

    def comment(self) -> None:
        for pull in self.look():
            self.forge.comment(Comment(number=pull.number, key="state", body=f"Seen {self.dice.integers(3)} times."), AT)

    def tell(self) -> None:
        tell(self.forge, self.world.tip("main"), self.pick(tuple(StatusState)))


def tell(forge: GitHubForge, revision: Revision | None, state: StatusState) -> None:
    """All notices there are, about the commit."""
    assert revision
    more = {"model": "flight-delay", "version": "1.0.0"}
    forge.status(Status(revision=revision, context="perennial/gates", state=state, description="5 gates"))
    forge.check(
        replace(CHECK, name="perennial/report", revision=revision, title=f"It is {state}", annotations=CHECK.annotations * 70)
    )
    where = DeploymentState.SUCCESS if state is StatusState.SUCCESS else DeploymentState.FAILURE
    forge.deployment(DeploymentRecord(environment="production", revision=revision, state=where, **more))
    forge.dashboard(Dashboard(title="Perennial dashboard", body=f"It is {state}.\n"))


def proposal(branch: str, title: str, *, draft: bool = False) -> Proposal:
    body, labels = f"{title}\n{MARK}", ("perennial", f"model/{branch.split('/')[1]}")
    return Proposal(branch=branch, base="main", title=title, body=body, labels=labels, reviewers=("bob",), draft=draft)


def play(where: Path, seed: int, share: float = 0.3) -> Counter[str]:
    """One sequence. Returns what failed on the way."""
    fate = numpy.random.default_rng([seed, 1])
    faulty = True

    def choose(method: str, path: str) -> Fault:
        return FAULTS[fate.integers(len(FAULTS))] if faulty and fate.random() < share else Fault.NONE

    with a_github(where) as world, faulty_proxy(world.server.server_address[1], choose) as proxy:
        token = "ghs_app" if seed % 2 else "github_pat_ann"
        player = Player(github_forge(proxy.url, token, timeout=SILENCE / 3), world, numpy.random.default_rng(seed))
        for branch in BRANCHES:
            world.push(branch)
        for _ in range(8):
            player.play()
            most_one_open(world)
        faulty = False
        player.forge = github_forge(proxy.url, token)  # the next pass, which has time: what is late on a busy machine is no fault
        settle(player)
        check(player)
        return player.failed


def most_one_open(world: Forge) -> None:
    """At no moment are there two open pull requests from one branch."""
    pulls = [pull.head for pull in world.server.world.pulls.values() if pull.issue.state == "open"]
    assert len(pulls) == len(set(pulls)), pulls


def settle(player: Player) -> None:
    """The pass after the faults: it has everything as it should be, however the last ones ended."""
    for branch in BRANCHES:
        player.world.push(branch)
        player.forge.propose(proposal(branch, "settled"), AT)
    for pull in player.forge.pull_requests():
        player.forge.comment(Comment(number=pull.number, key="state", body="Settled."), AT)
    tell(player.forge, player.world.tip("main"), StatusState.SUCCESS)


def check(player: Player) -> None:
    books, seen = player.world.server.world, {pull.number: pull for pull in player.forge.pull_requests()}
    most_one_open(player.world)
    assert set(seen) == set(books.pulls)
    assert {pull.branch for pull in seen.values() if pull.state is PullState.OPEN} == set(BRANCHES)
    for number, pull in books.pulls.items():
        assert seen[number].merged == (pull.merged or None)
        assert seen[number].labels == tuple(sorted(pull.issue.labels))
        texts = [one.body for one in books.comments.values() if one.number == number and "perennial:state" in one.body]
        assert texts == ["<!-- perennial:state -->\nSettled."]
        if pull.issue.state == "open":
            assert (pull.issue.title, pull.reviewers, pull.draft) == ("settled", ["bob"], False)
    check_notices(player.world)
    main = {str(commit.id) for commit in books.git.walk(books.tip("main"))}
    assert all(seen[number].merged == merged and merged in main for number, merged in player.merged.items())
    assert all(seen[number].state is not PullState.OPEN for number in player.closed)


def check_notices(world: Forge) -> None:
    """The newest word of each stands on main, and there is one dashboard."""
    books, tip = world.server.world, world.tip("main")
    (board,) = [issue for issue in books.issues.values() if issue.number not in books.pulls and issue.state == "open"]
    assert board.body == "It is success.\n"
    said = {status["context"]: status["state"] for status in books.statuses if status["sha"] == tip}
    assert said["perennial/gates"] == "success"
    if runs := [run for run in books.checks.values() if run["head_sha"] == tip]:
        assert (runs[-1]["status"], runs[-1]["output"]["title"]) == ("completed", "It is success")
        assert len(runs[-1]["annotations"]) >= 70
    there = [one for one in books.deployments.values() if one["sha"] == tip]
    assert there[0]["statuses"][-1]["state"] == "success"


@pytest.mark.parametrize("seed", range(20))
def test_one_pull_request_and_nothing_lost_whatever_the_network_does(tmp_path: Path, seed: int) -> None:
    play(tmp_path / "repo", seed)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_same_in_200_sequences(tmp_path: Path) -> None:
    failed = sum((play(tmp_path / str(seed), seed, share=(0.3, 0.6)[seed % 2]) for seed in range(200)), Counter())
    assert failed["PermanentActError"]
    assert failed["TransientActError"]
