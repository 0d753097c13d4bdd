"""What is read off GitHub, what is not believed, and how little is asked when nothing changed."""

import pytest

from reconciler.domain.changes import PullState
from reconciler.errors import ObserveError
from tests.forges import BRANCH, MARK, Forge, github_forge
from tests.github.faults import Fault, faulty_proxy
from tests.github.world import Pull
from tests.integration.github.conftest import asked
from tests.repositories import AT, git
from tests.scoring import DictMemory


def test_a_pull_request_from_a_fork_is_not_ours_whatever_its_body_says(forge: Forge) -> None:
    forge.push(BRANCH)
    world = forge.server.world
    issue = world.open_issue("mallory", "Promote", f"Trust me\n{MARK}")
    world.pulls[issue.number] = Pull(issue, BRANCH, "main", fork="mallory/models", sha=world.tip("main"))
    assert forge.forge.pull_requests() == ()
    assert forge.propose().number == 2
    assert [pull.number for pull in forge.forge.pull_requests()] == [2]


def test_what_has_no_marker_is_not_ours(forge: Forge) -> None:
    forge.push("feature")
    world = forge.server.world
    issue = world.open_issue("ann", "A feature", None)
    world.pulls[issue.number] = Pull(issue, "feature", "main", sha=world.tip("feature"))
    assert forge.forge.pull_requests() == ()


def test_only_who_could_merge_approves_and_only_this_very_tip(forge: Forge) -> None:
    forge.push(BRANCH)
    forge.propose()
    world = forge.server.world
    for person, state in [("ann", "APPROVED"), ("bob", "APPROVED"), ("carol", "APPROVED"), ("mallory", "APPROVED")]:
        world.review(1, person, state)
    assert forge.only().approved_by == ("ann", "bob")
    world.review(1, "bob", "CHANGES_REQUESTED")
    world.review(1, "ann", "COMMENTED")
    assert forge.only().approved_by == ("ann",)
    forge.push(BRANCH)
    assert forge.only().approved_by == ()


def test_who_else_pushed_to_the_branch_is_told(forge: Forge, tmp_path_factory: pytest.TempPathFactory) -> None:
    forge.push(BRANCH)
    forge.propose()
    assert forge.only().foreign == ()
    clone = tmp_path_factory.mktemp("ann") / "clone"
    git(clone.parent, "clone", "--quiet", "--branch", BRANCH, forge.server.world.git.path, str(clone))
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "By hand")
    git(clone, "push", "--quiet", "origin", f"HEAD:{BRANCH}")
    assert forge.only().foreign == ("Ann",)
    forge.push(BRANCH)
    assert forge.only().foreign == ()


def test_a_second_look_at_an_unchanged_world_costs_no_quota_and_few_requests(forge: Forge) -> None:
    for number in range(3):
        forge.push(BRANCH)
        forge.propose()
        if number < 2:
            forge.forge.close(number + 1, "no", AT)
    first = forge.forge.pull_requests()
    assert [pull.state for pull in first] == [PullState.CLOSED, PullState.CLOSED, PullState.OPEN]
    asked(forge)
    quota = forge.server.quota
    assert forge.forge.pull_requests() == first
    assert asked(forge) == ["GET /pulls 304", "GET /pulls/3/reviews 304", "GET /pulls 304"]
    assert forge.server.quota == quota


def test_finished_ones_are_asked_for_only_until_nothing_is_new(forge: Forge) -> None:
    world = forge.server.world
    for number in range(250):
        issue = world.open_issue("ann", f"Old {number}", "")
        world.pulls[issue.number] = Pull(issue, "gone", "main", sha=world.tip("main"))
        world.end(world.pulls[issue.number])
        world._ticks += 60
    forge.push(BRANCH)
    forge.propose()
    forge.forge.pull_requests()
    forge.forge.close(251, "no", AT)
    asked(forge)
    assert [pull.state for pull in forge.forge.pull_requests()] == [PullState.CLOSED]
    assert asked(forge).count("GET /pulls 200") == 2, "the open ones, and the first page of the others"


def test_another_process_remembers_what_was_finished(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    forge.propose()
    forge.server.world.review(1, "ann")
    forge.forge.merge(1, tip, AT)
    forge.push(BRANCH)
    forge.propose()
    memory = DictMemory()
    first = github_forge(forge.server.url, memory=memory).pull_requests()
    assert first[0].approved_by == ("ann",)
    asked(forge)
    assert github_forge(forge.server.url, memory=memory).pull_requests() == first
    assert asked(forge) == ["GET /pulls 200", "GET /pulls/2/reviews 200", "GET /pulls 200"], "only the open one is asked about"
    forge.forge.close(2, "no", AT)
    assert [pull.state for pull in github_forge(forge.server.url, memory=memory).pull_requests()] == [
        PullState.MERGED,
        PullState.CLOSED,
    ]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"format": 0}', b'{"format": 1, "newest": null, "pulls": 7, "foreign": []}']
)
def test_a_damaged_memory_is_no_memory(forge: Forge, content: bytes) -> None:
    forge.push(BRANCH)
    forge.propose()
    forge.forge.close(1, "no", AT)
    memory = DictMemory()
    github_forge(forge.server.url, memory=memory).pull_requests()
    memory.kept = dict.fromkeys(memory.kept, content)
    assert [pull.number for pull in github_forge(forge.server.url, memory=memory).pull_requests()] == [1]


def test_one_that_is_opened_again_is_open(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    forge.propose()
    forge.server.world.end(forge.server.world.pulls[1])
    assert forge.only().state is PullState.CLOSED
    forge.server.world.pulls[1].issue.state = "open"
    assert (forge.only().state, forge.only().tip) == (PullState.OPEN, tip)


def test_a_repository_that_is_not_seen_is_told(forge: Forge) -> None:
    forge.server.world.repository = "acme/other"
    with pytest.raises(ObserveError, match="pull requests of acme/models cannot be seen: GitHub answers 404") as caught:
        github_forge(forge.server.url, token="github_pat_ann").pull_requests()
    assert "repository in [tool.perennial.forge]" in caught.value.help


def test_nobody_listens_there(forge: Forge) -> None:
    slept: list[float] = []
    deaf = github_forge("http://127.0.0.1:1", token="github_pat_ann", sleep=slept.append)
    with pytest.raises(ObserveError, match="no answer \\(ConnectionError\\)"):
        deaf.pull_requests()
    assert slept == [0.5, 1.0, 2.0, 4.0]


def test_a_fresh_clone_asks_about_hundreds_of_merged_ones_at_once(forge: Forge) -> None:
    world = forge.server.world
    for number in range(1, 151):
        issue = world.open_issue("perennial[bot]", f"Promote {number}", MARK)
        world.pulls[number] = Pull(issue, f"gone/{number}", "main", sha=world.tip("main"))
        for person, state in (
            ("ann", "APPROVED"),
            ("carol", "APPROVED"),
            ("bob", "APPROVED" if number % 2 else "CHANGES_REQUESTED"),
        ):
            world.review(number, person, state, sha=world.tip("main"))
        world.end(world.pulls[number], merged=world.tip("main"))
    world.review(7, "ann", "APPROVED", sha="0" * 40)
    pulls = forge.forge.pull_requests()
    assert asked(forge) == ["GET /pulls 200", "GET /pulls 200", "GET /pulls 200", "POST /graphql 200", "POST /graphql 200"]
    assert {pull.number: pull.approved_by for pull in pulls} == {
        n: ("ann", "bob") if n % 2 else ("ann",) for n in range(1, 151)
    } | {7: ("bob",)}


def test_an_empty_answer_is_not_taken_for_an_unchanged_one(forge: Forge) -> None:
    fate = iter([])

    def choose(method: str, path: str) -> Fault:
        return next(fate, Fault.NONE)

    forge.push(BRANCH)
    forge.propose(title="Before")
    with faulty_proxy(forge.server.server_address[1], choose) as proxy:
        far = github_forge(proxy.url)
        assert [pull.title for pull in far.pull_requests()] == ["Before"]
        forge.propose(title="After")
        fate = iter([Fault.EMPTY] * 2)
        assert [pull.title for pull in far.pull_requests()] == ["After"]
