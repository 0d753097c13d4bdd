"""The last three releases stay deployable: what may be cleared away, what must not, and who says when something is gone."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.adapters.artifacts import DvcArtifacts
from reconciler.adapters.packages import FsspecPackages
from reconciler.domain.names import candidate_branch, promotion_branch
from tests.commands import perennial
from tests.loops import Loop, a_loop, loop_at, reopened
from tests.packages import PackagingTrainer
from tests.repositories import git, put
from tests.s3 import dvc_config
from tests.teams import BIN, environment

SETTINGS = {"pyproject.toml": b'[tool.perennial]\npackages = "packages"\n'}
STAGES = {
    ".dvc/config": dvc_config("../../storage").encode(),
    "dvc.yaml": b"stages: {package: {foreach: [alpha], do: {cmd: 'true', outs: ['runs/${item}/model.zip']}}}\n",
}
DAYS = [datetime(2013, month, day, tzinfo=UTC) for month, day in ((2, 15), (3, 1), (3, 15), (3, 30))]
LATER = datetime(2013, 4, 14, tzinfo=UTC)


def published(root: Path) -> Loop:
    """The loop at the folder, with packages in a folder of it."""
    loop = replace(loop_at(root), packages=FsspecPackages(str(root / "packages"), "packages"))
    return replace(loop, trainer=PackagingTrainer(repository=loop.repository), artifacts=DvcArtifacts(root))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """Four releases, of which the newest runs."""
    root = tmp_path_factory.mktemp("fresh") / "repo"
    made = a_loop(root, "alpha", environments=["production"])
    (root / ".git/info/exclude").write_text(".dvc/\npackages/\npyproject.toml\n")
    made.commit("Publish packages", **SETTINGS, **{"requirements/lock.txt": b"numpy==2\n"}, **STAGES)
    (root / "pyproject.toml").write_bytes(SETTINGS["pyproject.toml"])
    loop = published(root)
    for day in DAYS:
        loop.promote(day)
    assert len(loop.packages.kept("alpha")) == len(DAYS)  # type: ignore[union-attr]
    return loop


@pytest.fixture
def loop(fresh: Loop, tmp_path: Path) -> Loop:
    return published(reopened(fresh, tmp_path / "repo").root)


def stays(loop: Loop) -> list[tuple[str, str, str]]:
    """(version, why, answer), as `perennial packages list` tells."""
    told = json.loads(perennial(loop.root, "packages", "list", "-o", "json").out)
    return [(one["version"], one["why"], one["answer"]) for one in told["models"]["alpha"]]


def remaining(loop: Loop) -> int:
    return len(list((loop.root / "packages").rglob("model.perennial")))


RAN = [("1.3.0", "runs in production", "YES"), ("1.2.0", "ran in production", "YES"), ("1.1.0", "ran in production", "YES")]
WAITS = ("", "is the candidate", "YES")


def test_all_but_the_last_three_may_go(loop: Loop) -> None:
    assert stays(loop) == [*RAN, WAITS]
    told = perennial(loop.root, "packages", "prune", "--dry-run")
    assert (told.code, told.out.splitlines()[-1]) == (0, "would remove 1 of 4 packages")
    assert remaining(loop) == 4
    assert perennial(loop.root, "packages", "prune").out.splitlines()[-1] == "removed 1 of 4 packages"
    assert remaining(loop) == 3
    assert stays(loop) == [*RAN, WAITS], "what is left can be fetched"
    assert loop.plan(DAYS[-1]).steps == (), "nothing that runs is gone"
    assert perennial(loop.root, "packages", "prune", "--keep", "5").out.splitlines()[-1] == "removed 0 of 3 packages"


@pytest.mark.parametrize("keep", ["2", "0", "-1"])
def test_fewer_than_three_cannot_be_asked_for(loop: Loop, keep: str) -> None:
    told = perennial(loop.root, "packages", "prune", "--keep", keep)
    assert told.code == 2
    assert remaining(loop) == 4


def test_what_is_proposed_stays_and_so_does_what_waits(loop: Loop) -> None:
    loop.settle(LATER)
    assert stays(loop)[3:] == [("", "pull request #5 is open", "YES"), WAITS]
    assert perennial(loop.root, "packages", "prune").out.splitlines()[-1] == "removed 1 of 5 packages"
    loop.merge(5, LATER)
    assert loop.plan(LATER).steps == ()


def test_what_is_quarantined_does_not_count(loop: Loop) -> None:
    told = json.loads(perennial(loop.root, "packages", "list", "-o", "json").out)["models"]["alpha"]
    entry = f"- {{digest: '{told[1]['digest']}', reason: worse}}"
    text = f"apiVersion: perennial/v1\nkind: Quarantine\nmetadata: {{name: alpha}}\nspec:\n  digests:\n  {entry}\n"
    loop.commit("Quarantine", **{"models/alpha/quarantine.yaml": text.encode()})
    assert [version for version, _, _ in stays(loop)] == ["1.3.0", "1.2.0", "1.1.0", "1.0.0", ""]


def test_what_a_branch_of_manifests_names_stays_whatever_main_says(loop: Loop) -> None:
    named = "\n".join(f"# {path.parent.name}" for path in (loop.root / "packages").rglob("model.perennial"))
    put(loop.repository, "refs/heads/env/elsewhere", {"manifests/alpha/configmap.yaml": named.encode()}, "Render")
    assert perennial(loop.root, "packages", "prune").out.splitlines()[-1] == "removed 0 of 4 packages"


def test_what_cannot_be_read_keeps_everything(loop: Loop) -> None:
    put(loop.repository, f"refs/heads/{candidate_branch('alpha')}", {"runs/alpha/candidate.json": b"{"}, "Break")
    told = perennial(loop.root, "packages", "prune")
    assert told.code == 4
    assert "holds no candidate that can be read" in told.err
    assert remaining(loop) == 4


def test_one_of_the_last_three_that_is_gone_is_told(loop: Loop) -> None:
    told = json.loads(perennial(loop.root, "packages", "list", "-o", "json").out)["models"]["alpha"]
    shutil.rmtree(loop.root / "packages/alpha/sha256" / told[2]["artifact"].removeprefix("sha256:"))
    assert stays(loop)[2] == ("1.1.0", "ran in production", "YES"), "DVC has it, so it can be published again"
    shutil.rmtree(loop.root / ".dvc/cache")
    gone = perennial(loop.root, "packages", "list")
    assert gone.code == 1
    assert "✗ 1.1.0" in gone.out
    assert "✓ 1.2.0" in gone.out, "what is published needs no DVC"
    said = perennial(loop.root, "doctor")
    assert "1 of 4 that must stay deployable cannot be fetched: alpha 1.1.0, which ran in production" in said.out


def test_damaged_bytes_are_told_when_they_are_read(loop: Loop) -> None:
    told = json.loads(perennial(loop.root, "packages", "list", "-o", "json").out)["models"]["alpha"]
    place = loop.root / "packages/alpha/sha256" / told[1]["artifact"].removeprefix("sha256:") / "model.perennial"
    flipped = bytes([place.read_bytes()[0] ^ 1]) + place.read_bytes()[1:]
    place.unlink()
    place.write_bytes(flipped)
    assert perennial(loop.root, "packages", "list").code == 0, "its size is right"
    read = perennial(loop.root, "packages", "list", "--read")
    assert read.code == 1
    assert "✗ 1.2.0" in read.out
    assert f"its SHA-256 should be {told[1]['artifact']} and is sha256:" in " ".join(read.out.split())


def test_revisions_for_dvc_are_those_that_brought_what_stays(loop: Loop) -> None:
    loop.settle(LATER)
    told = perennial(loop.root, "packages", "revisions").out.split()
    refs = [f"refs/heads/{name}" for name in ("main", candidate_branch("alpha"), promotion_branch("alpha", "production"))]
    assert {loop.refs()[ref] for ref in refs} <= set(told)
    locks = [git(loop.root, "show", f"{one}:dvc.lock") for one in told]
    assert len(set(locks)) == 4, "of three releases and a candidate"


def test_a_pod_fetches_what_its_reference_says_and_nothing_else(loop: Loop, tmp_path: Path) -> None:
    place = sorted((loop.root / "packages").rglob("model.perennial"))[0]
    reference = {
        "package": str(place),
        "model": "alpha",
        "artifactSha256": f"sha256:{place.parent.name}",
        "artifactSize": str(place.stat().st_size),
        "artifactPath": "runs/alpha/model.zip",
        "artifactMd5": "0" * 32,
    }
    mounted = tmp_path / "release"
    mounted.mkdir()
    for key, text in reference.items():
        (mounted / key).write_text(text)
    told = perennial(None, "packages", "fetch", str(mounted), str(tmp_path / "models"))
    assert (told.code, told.err) == (0, "")
    assert (tmp_path / "models/model.perennial").read_bytes() == place.read_bytes()
    (mounted / "artifactSha256").write_text("sha256:" + "0" * 64)
    refused = perennial(None, "packages", "fetch", str(mounted), str(tmp_path / "other"))
    assert refused.code == 4
    assert not (tmp_path / "other").exists()


@pytest.mark.slow
def test_dvc_clears_away_what_is_in_none_of_them(loop: Loop, tmp_path: Path) -> None:
    """The how-to page's recipe, step by step."""
    shutil.copytree(loop.root / ".dvc/cache/files", tmp_path / "storage/files")
    git(tmp_path, "clone", "--quiet", "--shared", str(loop.root), str(tmp_path / "keep"))
    for commit in perennial(loop.root, "packages", "revisions").out.split():
        git(tmp_path / "keep", "branch", f"keep-{commit}", commit)
    command = [BIN / "dvc", "gc", "--all-branches", "--cloud", "--force"]
    done = subprocess.run(command, cwd=tmp_path / "keep", env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    left = {path.parent.name + path.name for path in (tmp_path / "storage").rglob("*") if path.is_file()}
    told = json.loads(perennial(loop.root, "packages", "list", "-o", "json").out)["models"]["alpha"]
    shutil.rmtree(loop.root / "packages")
    there = DvcArtifacts(loop.root)
    needed = {md5 for md5 in left if there.find(md5)}
    assert len(left) == len(needed) == len({one["artifact"] for one in told}) == 3
