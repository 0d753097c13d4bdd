"""Nobody is asked to merge a candidate whose data other machines cannot get."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from reconciler.adapters.data_remote import DvcDataRemote
from reconciler.adapters.fakes.data_remote import FakeDataRemote
from reconciler.domain.outcomes import Status
from reconciler.domain.steps import Propose, Share
from reconciler.domain.training import Trained, TrainingOrder, TrainingResult
from reconciler.plan.plan import Plan
from tests.loops import Loop, QuickTrainer, a_loop, reopened
from tests.s3 import ENV, dvc_config, keep, keep_folder

MODEL, SNAPSHOT = "runs/alpha/model.zip", "runs/alpha/snapshot"


class KeepingTrainer(QuickTrainer):
    """Leaves in DVC's cache what its dvc.lock tells, beside a file that goes into Git."""

    def train(self, order: TrainingOrder) -> TrainingResult:
        made = super().train(order)
        assert isinstance(made, Trained)
        root = self.repository.root
        md5s = {MODEL: keep(root, b"model"), SNAPSHOT: keep_folder(root, {"a": b"1"}), "runs/alpha/candidate.json": "0" * 32}
        outs = [{"path": path, "hash": "md5", "md5": md5} for path, md5 in md5s.items()]
        lock = {"schema": "2.0", "stages": {"package@alpha": {"cmd": "x", "outs": outs}}}
        return Trained(files={**made.files, "dvc.lock": yaml.safe_dump(lock)})


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    loop = a_loop(tmp_path_factory.mktemp("fresh") / "repo", "alpha")
    (loop.root / ".git/info/exclude").write_text(".dvc/\n")
    return loop


@pytest.fixture
def loop(fresh: Loop, tmp_path: Path) -> Loop:
    loop = reopened(fresh, tmp_path / "repo")
    return replace(loop, trainer=KeepingTrainer(repository=loop.repository), data_remote=FakeDataRemote())


def said(plan: Plan) -> tuple[str, str]:
    return plan.decisions[0].code, plan.decisions[0].message


def remote(loop: Loop) -> FakeDataRemote:
    assert isinstance(loop.data_remote, FakeDataRemote)
    return loop.data_remote


def test_data_is_pushed_after_the_training_and_before_the_proposal(loop: Loop) -> None:
    done = [one.step for made in loop.settle() for one in made.outcome.steps if isinstance(one.step, Share | Propose)]
    assert [type(step) for step in done] == [Share, Propose]
    assert isinstance(done[0], Share)
    assert [output.path for output in done[0].outputs] == [MODEL, SNAPSHOT], "what Git has is not pushed"
    assert remote(loop).there == {output.md5 for output in done[0].outputs}
    assert len(loop.pulls()) == 1


def test_a_remote_that_does_not_tell_is_no_yes(loop: Loop) -> None:
    remote(loop).trouble = "the DVC remote storage does not tell what it has: gone"
    loop.settle()
    assert loop.pulls() == ()
    code, message = said(loop.plan())
    assert code == "remoteUnknown"
    assert message.endswith("is not proposed: the DVC remote storage does not tell what it has: gone: dvc status --cloud")
    remote(loop).trouble = ""
    loop.settle()
    assert len(loop.pulls()) == 1


def test_a_push_that_fails_is_tried_again_by_the_next_pass(loop: Loop) -> None:
    class Refusing(FakeDataRemote):
        def push(self, md5s):
            self.trouble = "the DVC remote storage did not take the data: gone"
            super().push(md5s)

    refusing = replace(loop, data_remote=Refusing())
    failed = [one for made in refusing.settle() for one in made.outcome.steps if isinstance(one.step, Share)]
    assert [one.status for one in failed] == [Status.FAILED]
    assert failed[0].exit_code == 5
    assert loop.pulls() == ()
    loop.settle()
    assert len(loop.pulls()) == 1
    assert len(loop.trainer.orders) == 1, "nothing is trained twice for it"


def test_data_that_is_lost_is_a_persons_business(loop: Loop) -> None:
    remote(loop).trouble = "gone"
    loop.settle()
    remote(loop).trouble = ""
    shutil.rmtree(loop.root / ".dvc/cache")
    assert loop.plan().steps == ()
    code, message = said(loop.plan())
    assert code == "dataLost"
    assert f"2 of 2 outputs are not in the DVC remote, and 2 of these not on this machine: {MODEL}, {SNAPSHOT}" in message
    assert message.endswith("dvc push, where it was trained; or perennial retrain")


def test_data_that_goes_missing_while_people_review_is_brought_back_or_stops_the_merge(loop: Loop) -> None:
    loop.settle()
    remote(loop).there.clear()
    assert [type(step) for step in loop.plan().steps] == [Share]
    shutil.rmtree(loop.root / ".dvc/cache")
    code, message = said(loop.plan())
    assert code == "dataLost"
    assert message.startswith("pull request #1 must not be merged now: ")


def test_the_remote_is_asked_once_for_all_models_and_not_for_what_is_settled(loop: Loop) -> None:
    loop.settle()
    remote(loop).asked = 0
    loop.plan()
    assert remote(loop).asked == 1
    loop.promote()
    remote(loop).there.clear()
    loop.plan()
    assert loop.plan().steps == (), "what runs everywhere is no candidate any more"


def test_through_the_real_dvc(loop: Loop, tmp_path: Path) -> None:
    (loop.root / ".dvc").mkdir(exist_ok=True)
    (loop.root / ".dvc/config").write_text(dvc_config(str(tmp_path / "storage")))
    real = replace(loop, data_remote=DvcDataRemote(loop.root, "storage", ENV))
    real.settle()
    assert len(real.pulls()) == 1
    stored = [path for path in (tmp_path / "storage").rglob("*") if path.is_file()]
    assert len(stored) == 3, "the model, a folder's list and the file in it"
