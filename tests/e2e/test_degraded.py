"""A release that Argo CD calls Degraded: `perennial reconcile` takes it back within a minute, alone, and however it is killed."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.clusters.following import COMPLAINT, follow
from tests.clusters.serving import Served, served
from tests.clusters.world import ClusterWorld
from tests.commands import perennial as here
from tests.loops import T1, T2, a_loop
from tests.repositories import git
from tests.teams import BIN, environment, perennial

QUIET = b"""apiVersion: perennial/v1
kind: RetrainPolicy
metadata: {name: standard}
spec: {triggers: {type: manual}, guards: [{type: oneChangeOpen}]}
"""
RELEASE = "models/alpha/releases/production.yaml"


@dataclass
class Place:
    """A repository whose production is followed by an Argo CD."""

    root: Path
    server: Served
    bad: set[str] = field(default_factory=set)

    def perennial(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return perennial(self.root, *arguments, PERENNIAL_ARGOCD_TOKEN=self.server.token)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        variables = environment() | {"PERENNIAL_ARGOCD_TOKEN": self.server.token}
        silent = subprocess.DEVNULL
        return subprocess.Popen(
            [str(BIN / "perennial"), *arguments],
            cwd=self.root,
            env=variables,
            stdout=silent,
            stderr=silent,
            start_new_session=True,
        )

    def runs(self) -> str:
        return git(self.root, "show", f"main:{RELEASE}").partition("version: ")[2].partition("\n")[0].strip("'\"")

    def digest(self) -> str:
        return "sha256:" + git(self.root, "show", f"main:{RELEASE}").partition("\n  digest: sha256:")[2][:64]

    def refs(self) -> dict[str, str]:
        """By name, the tree that it holds, for commits tell the time; of main without the settings, which name a port."""
        lines = git(self.root, "for-each-ref", "--format=%(refname) %(tree) %(*tree)").splitlines()
        trees = dict(line.split(" ", 1) for line in lines)
        main = [line for line in git(self.root, "ls-tree", "-r", "main").splitlines() if not line.endswith("pyproject.toml")]
        kept = {name: tree for name, tree in trees.items() if not any(word in name for word in ("pulls", "ledger", "main"))}
        return kept | {"main": "\n".join(main)}


@pytest.fixture(scope="module")
def promoted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    loop = a_loop(tmp_path_factory.mktemp("promoted") / "repo")
    loop.promote(T1)
    loop.promote(T2)
    loop.commit(**{"policies/retrain/standard.yaml": QUIET})
    return loop.root


@contextlib.contextmanager
def a_place(promoted: Path, root: Path) -> Iterator[Place]:
    """Production runs 1.1.0, which is about to be Degraded."""
    shutil.copytree(promoted, root, symlinks=True)
    bad: set[str] = set()
    with served(follow(root, ClusterWorld(), bad)) as server:
        settings = f'[tool.perennial.clusters.environments.production]\ntype = "argocd"\nurl = "{server.address}"\n'
        (root / "pyproject.toml").write_text(settings)
        git(root, "checkout", "-q", "-f", "main")
        (root / "pyproject.toml").write_text(settings)
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "Ask Argo CD")
        place = Place(root, server, bad)
        assert place.runs() == "1.1.0"
        yield place


def test_one_command_brings_main_and_the_branch_back(promoted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_place(promoted, tmp_path / "repo") as place:
        monkeypatch.setenv("PERENNIAL_ARGOCD_TOKEN", place.server.token)
        place.bad.add(bad := place.digest())
        first = place.perennial("reconcile", "--until-settled")
        assert (first.returncode, first.stderr) == (0, "")
        assert COMPLAINT.replace('"', "") in first.stdout.replace('"', "")
        assert place.runs() == "1.0.0"
        assert bad in git(place.root, "show", "main:models/alpha/quarantine.yaml")
        assert bad not in git(place.root, "show", "env/production:manifests/alpha/deployment.yaml")
        assert place.server.count("GET", "alpha.production") > 0
        before = git(place.root, "rev-parse", "main", "env/production")
        for _ in range(10):
            assert here(place.root, "reconcile").code == 0
        assert git(place.root, "rev-parse", "main", "env/production") == before
        pulls = here(place.root, "pr", "list", "--all", "-o", "json").json
        assert [pull["title"] for pull in pulls if "Roll" in pull["title"]] == ["Roll alpha in production back to 1.0.0"]


@pytest.mark.slow
def test_watched_every_fifteen_seconds_the_revert_is_in_git_within_a_minute(promoted: Path, tmp_path: Path) -> None:
    with a_place(promoted, tmp_path / "repo") as place:
        watcher = place.start("reconcile", "--watch", "15")
        try:
            time.sleep(20)
            assert place.runs() == "1.1.0"
            since = time.monotonic()
            place.bad.add(place.digest())
            while place.runs() == "1.1.0":
                assert time.monotonic() - since < 60
                time.sleep(0.2)
        finally:
            os.killpg(watcher.pid, signal.SIGKILL)
            watcher.wait()


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_at_any_moment_it_ends_there(promoted: Path, tmp_path: Path) -> None:
    kills = 30
    with a_place(promoted, tmp_path / "undisturbed") as place:
        place.bad.add(place.digest())
        start = time.monotonic()
        place.perennial("reconcile", "--until-settled")
        took, wanted = time.monotonic() - start, place.refs()
    for number in range(kills):
        with a_place(promoted, tmp_path / str(number)) as place:
            place.bad.add(place.digest())
            process = place.start("reconcile", "--until-settled")
            time.sleep(took * (number + 0.5) / kills)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            again = place.perennial("reconcile", "--until-settled")
            assert (again.returncode, again.stderr) == (0, "")
            assert place.refs() == wanted, f"killed after {took * (number + 0.5) / kills:.2f} of {took:.2f} s"
        shutil.rmtree(tmp_path / str(number))
