"""Two processes at the same repository at the same instant."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from reconciler.adapters.forges.github import GitHubForge
from reconciler.domain.changes import Proposal, PullRequest, PullState
from reconciler.domain.notices import Comment
from reconciler.errors import ReconcilerError
from tests.forges import MARK, Forge, github_forge
from tests.repositories import AT

TIMES = 50


def at_once(forge: Forge, *acts: Callable[[GitHubForge], object]) -> list[object]:
    """What came of each: a result, or the name of an error of ours."""
    start = Barrier(len(acts))

    def one(act: Callable[[GitHubForge], object]) -> object:
        mine = github_forge(forge.server.url)
        start.wait(10)
        try:
            return act(mine)
        except ReconcilerError as error:
            return type(error).__name__

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def branches(forge: Forge) -> list[str]:
    """Many branches of one commit."""
    tip = forge.push("first")
    names = [f"perennial/m{number}/production" for number in range(TIMES)]
    for name in names:
        forge.server.world.git.references.create(f"refs/heads/{name}", tip)
    return names


def test_two_that_propose_have_one_pull_request(forge: Forge) -> None:
    for number, name in enumerate(branches(forge), start=1):
        proposal = Proposal(branch=name, base="main", title="t", body=MARK, labels=("perennial",), reviewers=("ann",))
        found = at_once(forge, *[lambda mine, wanted=proposal: mine.propose(wanted, AT)] * 2)
        assert [one.number for one in found if isinstance(one, PullRequest)] == [number, number]
    assert len(forge.server.world.pulls) == TIMES
    assert len(forge.forge.pull_requests()) == TIMES


def test_of_one_that_merges_and_one_that_closes_one_is_told_that_it_came_too_late(forge: Forge) -> None:
    tip = forge.push("perennial/m/production")
    forge.propose("perennial/m/production")
    found = at_once(forge, lambda mine: mine.merge(1, tip, AT), lambda mine: mine.close(1, "no", AT))
    (pull,) = forge.forge.pull_requests()
    told = [one.state if isinstance(one, PullRequest) else one for one in found]
    assert told in ([PullState.MERGED, "ConflictError"], ["ConflictError", PullState.CLOSED])
    assert pull.state in told


def test_two_that_comment_leave_one_comment_after_the_next_call(forge: Forge) -> None:
    forge.push("perennial/m/production")
    forge.propose("perennial/m/production")
    said = Comment(number=1, key="state", body="Waiting.")
    at_once(forge, *[lambda mine: mine.comment(said, AT)] * 2)
    forge.forge.comment(said, AT)
    assert forge.said(1) == ["Waiting."]
