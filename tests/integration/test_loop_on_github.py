"""The whole loop with pull requests on GitHub and the refs of its repository, as the settings open it; also two at once."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reconciler.domain.changes import PullState
from reconciler.reconcile import publish, until_settled
from reconciler.wiring import World as Opened
from reconciler.wiring import open_world
from tests.github.keys import app_key
from tests.github.server import GitHubServer, github_server
from tests.github.world import World
from tests.loops import Loop, QuickTrainer, a_loop, clones
from tests.repositories import ENVIRONMENT, git

RACE = textwrap.dedent(
    """
    import os, sys
    from reconciler.errors import ConflictError
    from tests.integration.test_loop_on_github import opened, settle

    for round in sys.argv[1:]:
        gate, start = os.pipe()
        children = []
        for root in round.split(":"):
            child = os.fork()
            if not child:
                os.read(gate, 1)
                try:
                    settle(opened(root))
                except ConflictError as error:
                    os._exit(error.exit_code)
                os._exit(0)
            children.append(child)
        os.write(start, b"go")
        print(*(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
    """
)


@dataclass(frozen=True)
class Hosted:
    """A repository on the server, and two clones of it."""

    server: GitHubServer
    one: Path
    two: Path

    def refs(self) -> dict[str, str]:
        lines = git(self.one.with_name("origin.git"), "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return dict(line.split(" ") for line in lines)


def hosted(fresh: Loop, where: Path, stack: ExitStack) -> Hosted:
    one, two = clones(fresh, where, "one", "two")
    server = stack.enter_context(github_server(World(where / "origin.git")))
    for clone in (one, two):
        settings = f'[tool.perennial.forge]\ntype = "github"\nrepository = "acme/models"\nurl = "{server.url}"\n'
        (clone / "pyproject.toml").write_text(settings)
    return Hosted(server, one, two)


def as_app() -> dict[str, str]:
    return {"PERENNIAL_GITHUB_APP_ID": "1", "PERENNIAL_GITHUB_APP_KEY": app_key()}


def opened(root: Path | str, at: str = "2013-03-01") -> Opened:
    """As a command opens it, but for the trainer."""
    world = open_world(str(root), at)
    return replace(world, writers=replace(world.writers, trainer=QuickTrainer(repository=world.readers.repository)))  # type: ignore[arg-type]


def settle(world: Opened) -> None:
    until_settled(world.readers, world.writers)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    return a_loop(tmp_path_factory.mktemp("fresh") / "repo", "alpha")


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    for name, value in as_app().items():
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:
        yield stack


def test_proposed_by_one_clone_merged_on_github_and_published_by_another(fresh: Loop, tmp_path: Path, stack: ExitStack) -> None:
    here = hosted(fresh, tmp_path, stack)
    settle(opened(here.one))
    (pull,) = opened(here.two).readers.forge.pull_requests()
    assert (pull.state, pull.branch, pull.author) == (PullState.OPEN, "perennial/alpha/staging", "perennial[bot]")
    before, asked = here.refs(), len(here.server.calls)
    settle(opened(here.two))
    assert here.refs() == before
    assert len(here.server.calls[asked:]) <= 10, "nothing changed, so little is asked"
    wrote = [call for call in here.server.calls[asked:] if not call.startswith("GET ")]
    assert wrote == ["POST /app/installations/7/access_tokens 201"], "a second pass asks for a token, and writes nothing"
    other = opened(here.two)
    assert pull.tip
    other.writers.forge.merge(pull.number, pull.tip, other.readers.clock.now())
    assert publish(other.readers, other.writers, ["alpha"]).exit_code == 0
    after = here.refs()
    assert {"refs/heads/env/staging", "refs/tags/alpha@v1.0.0", "refs/tags/alpha#staging#1"} <= after.keys()
    assert "refs/heads/perennial/alpha/staging" not in after
    for clone in (here.one, here.two):
        assert git(clone, "status", "--porcelain") == "?? pyproject.toml"
        assert git(clone, "rev-parse", "main") == before["refs/heads/main"], "people pull when they want to"


def test_a_freeze_makes_a_draft_that_says_why_once_and_is_ready_again_afterwards(tmp_path: Path, stack: ExitStack) -> None:
    fair = {"from": "2013-03-02", "until": "2013-03-04", "reason": "Fair"}
    chain = [{"name": "staging", "freeze": [fair]}, "production"]
    here = hosted(a_loop(tmp_path / "repo", "alpha", environments=chain), tmp_path, stack)
    settle(opened(here.one))
    for at, draft in (("2013-03-01", False), ("2013-03-02", True), ("2013-03-03", True), ("2013-03-04", False)):
        asked = len(here.server.calls)
        settle(opened(here.one, at))
        (pull,) = opened(here.one, at).readers.forge.pull_requests()
        assert (pull.draft, "**Not now.** freeze says NO: staging is frozen until 2013-03-04" in pull.body) == (draft, draft)
        newest = [one for one in here.server.world.statuses if one["context"] == "perennial/gates"][-1]
        assert newest["state"] == ("pending" if draft else "success")
        wrote = [call for call in here.server.calls[asked:] if not call.startswith("GET ") and "access_tokens" not in call]
        assert bool(wrote) is (at in ("2013-03-02", "2013-03-04")), wrote


@pytest.mark.parametrize("times", [1, pytest.param(50, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
def test_two_at_the_same_instant_open_one_pull_request(fresh: Loop, tmp_path: Path, stack: ExitStack, times: int) -> None:
    alone = hosted(fresh, tmp_path / "alone", stack)
    settle(opened(alone.one))
    rounds = [hosted(fresh, tmp_path / str(number), stack) for number in range(times)]
    own = {**ENVIRONMENT, **as_app(), "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", RACE, *(f"{one.one}:{one.two}" for one in rounds)]
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    for line, one in zip(done.stdout.splitlines(), rounds, strict=True):
        assert "0" in line.split()
        assert set(line.split()) <= {"0", "6"}
        settle(opened(one.one))
        assert one.refs() == alone.refs()
        assert len(one.server.world.pulls) == 1
        assert not one.server.failures
