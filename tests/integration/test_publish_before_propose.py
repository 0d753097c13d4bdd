"""Nobody is asked to merge, and no environment's branch names, a package that servers cannot fetch."""

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.adapters.artifacts import DvcArtifacts
from reconciler.adapters.fakes.packages import FakePackages
from reconciler.adapters.packages import FsspecPackages
from reconciler.domain.names import environment_branch
from reconciler.domain.outcomes import Status
from reconciler.domain.packages import Package, path_of
from reconciler.domain.releases import Artifact, digest_of_bytes
from reconciler.domain.steps import Propose, Publish, PublishPackage
from reconciler.plan.plan import Plan
from tests.loops import Loop, a_loop, reopened
from tests.packages import PackagingTrainer
from tests.repositories import MAIN_REF

BASE = "s3://models/live"
SETTINGS = {"pyproject.toml": f'[tool.perennial]\npackages = "{BASE}"\n'.encode()}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    loop = a_loop(tmp_path_factory.mktemp("fresh") / "repo", "alpha", environments=["production"])
    (loop.root / ".git/info/exclude").write_text(".dvc/\n")
    loop.commit("Lock the environment", **{"requirements/lock.txt": b"numpy==2\n"})
    return loop


@pytest.fixture
def loop(fresh: Loop, tmp_path: Path) -> Loop:
    """Packages are published, but nothing is trained yet."""
    loop = unconfigured(fresh, tmp_path)
    loop.commit("Publish packages", **SETTINGS)
    return loop


def unconfigured(fresh: Loop, tmp_path: Path) -> Loop:
    loop = reopened(fresh, tmp_path / "repo")
    trainer = PackagingTrainer(repository=loop.repository)
    return replace(loop, trainer=trainer, packages=FakePackages(base=BASE), artifacts=DvcArtifacts(loop.root))


def place(loop: Loop) -> FakePackages:
    assert isinstance(loop.packages, FakePackages)
    return loop.packages


def said(plan: Plan) -> tuple[str, str]:
    return plan.decisions[0].code, plan.decisions[0].message


def rendered(loop: Loop, environment: str = "production") -> str:
    """All that the environment's branch says."""
    ref = f"refs/heads/{environment_branch(environment)}"
    tip = loop.repository.refs(ref).get(ref)
    return b"".join(loop.repository.files(tip).values()).decode() if tip else ""


def test_the_package_is_published_after_the_training_and_before_the_proposal(loop: Loop) -> None:
    done = [one.step for made in loop.settle() for one in made.outcome.steps if isinstance(one.step, PublishPackage | Propose)]
    assert [type(step) for step in done] == [PublishPackage, Propose]
    assert len(place(loop).there) == 1
    loop.promote()
    (digest,) = place(loop).kept("alpha")
    assert f"{BASE}/alpha/sha256/{digest.removeprefix('sha256:')}/model.perennial" in rendered(loop)


def test_a_place_that_does_not_tell_is_no_yes(loop: Loop) -> None:
    place(loop).trouble = "the bucket is gone"
    loop.settle()
    assert loop.pulls() == ()
    assert said(loop.plan())[0] == "packagesUnknown"
    assert said(loop.plan())[1].endswith("is not proposed: the bucket is gone: perennial doctor")
    place(loop).trouble = ""
    loop.settle()
    assert len(loop.pulls()) == 1
    assert len(loop.trainer.orders) == 1, "nothing is trained twice for it"


def test_a_publication_that_fails_is_tried_again_by_the_next_pass(loop: Loop) -> None:
    class Refusing(FakePackages):
        def publish(self, package: Package, file: Path) -> bool:
            self.trouble = "the bucket is full"
            return super().publish(package, file)

    failed = [
        one
        for made in replace(loop, packages=Refusing(base=BASE)).settle()
        for one in made.outcome.steps
        if isinstance(one.step, PublishPackage)
    ]
    assert [(one.status, one.exit_code) for one in failed] == [(Status.FAILED, 5)]
    assert loop.pulls() == ()
    loop.settle()
    assert len(loop.pulls()) == 1


def test_a_place_that_is_named_after_the_release_gets_its_package_before_the_manifests_name_it(
    fresh: Loop, tmp_path: Path
) -> None:
    loop = unconfigured(fresh, tmp_path)
    loop.promote()
    assert BASE not in rendered(loop)
    before = rendered(loop)
    loop.commit("Publish packages", **SETTINGS)
    place(loop).trouble = "the bucket is gone"
    loop.settle()
    assert rendered(loop) == before, "a branch never names what may not be there"
    assert "is not published: package: the bucket is gone" in said(loop.plan())[1]
    place(loop).trouble = ""
    kinds = (PublishPackage, Publish)
    done = [type(one.step) for made in loop.settle() for one in made.outcome.steps if isinstance(one.step, kinds)]
    assert done == [PublishPackage, Publish]
    assert BASE in rendered(loop)
    assert loop.plan().steps == ()


def test_a_merge_publishes_what_is_missing_by_itself(loop: Loop) -> None:
    loop.settle()
    place(loop).there.clear()
    outcome = loop.merge(1)
    done = [type(one.step) for one in outcome.steps if isinstance(one.step, PublishPackage | Publish)]
    assert done == [PublishPackage, Publish]


def test_what_is_lost_is_a_persons_business_and_the_manifests_stay(loop: Loop, tmp_path: Path) -> None:
    loop.settle()
    place(loop).there.clear()
    (loop.root / ".dvc/cache").rename(tmp_path / "elsewhere")
    assert loop.plan().steps == ()
    assert said(loop.plan())[0] == "packageLost"
    loop.merge(1)
    assert rendered(loop) == "", "merged by hand all the same"
    assert "nor in DVC's cache on this machine" in said(loop.plan())[1]
    (tmp_path / "elsewhere").rename(loop.root / ".dvc/cache")
    assert [type(step) for step in loop.plan().steps] == [PublishPackage]


def test_what_a_branch_names_already_may_be_named_again_while_the_place_is_silent(loop: Loop) -> None:
    loop.promote()
    before = rendered(loop)
    place(loop).trouble = "the bucket is gone"
    model = loop.repository.files(loop.repository.refs(MAIN_REF)[MAIN_REF])["models/alpha/model.yaml"]
    loop.commit("More pods", **{"models/alpha/model.yaml": model + b"  serve: {replicas: 3}\n"})
    loop.settle()
    assert rendered(loop) != before, "no pod is sent to a package that it was not sent to before"
    assert "replicas: 3" in rendered(loop)


def test_other_bytes_under_the_digest_stop_everything_that_would_name_them(loop: Loop) -> None:
    loop.settle()
    (key,) = place(loop).there
    place(loop).there[key] += b"!"
    code, message = said(loop.plan())
    assert code == "otherPackage"
    assert "has 72 bytes under sha256:" in message
    assert message.startswith("pull request #1 must not be merged now: ")


def test_another_place_than_main_names_is_no_place(loop: Loop) -> None:
    other = replace(loop, packages=FakePackages(base="s3://elsewhere"))
    other.settle()
    assert other.pulls() == ()
    assert said(other.plan())[0] == "otherPlace"
    assert other.packages == FakePackages(base="s3://elsewhere"), "nothing was asked of it, nothing was brought there"


def test_through_a_real_folder(loop: Loop, tmp_path: Path) -> None:
    root = tmp_path / "models"
    real = replace(loop, packages=FsspecPackages(str(root), BASE))
    real.promote()
    (digest,) = real.packages.kept("alpha")  # type: ignore[union-attr]
    build = next(iter(real.trainer.orders))
    assert build.model == "alpha"
    files = [path for path in root.rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["model.perennial"]
    assert digest_of_bytes(files[0].read_bytes()) == digest
    artifact = Artifact(path="", sha256=digest, md5="", size=0)
    assert files[0] == root / path_of(Package(model="alpha", artifact=artifact))
