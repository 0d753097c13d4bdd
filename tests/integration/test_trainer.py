"""Training by a real `dvc repro` in a worktree of its own: what comes back, how it fails, and what remains when it is killed."""

import hashlib
import json
import os
import re
import signal
import stat
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.adapters.git import GitRepository
from reconciler.adapters.trainer import DvcTrainer
from reconciler.adapters.training.retries import PatientTrainer
from reconciler.domain.names import Revision
from reconciler.domain.training import Limits, Retries, Trained, TrainingFailed, TrainingOrder, TrainingResult
from reconciler.errors import PermanentActError
from tests.pipelines import USUAL, a_pipeline, an_order, parameters
from tests.processes import assert_gone, wait_for
from tests.repositories import ENVIRONMENT, MAIN_REF, a_repository, git

MINUTE = Limits(seconds=60)


def train(repository: GitRepository, order: TrainingOrder, limits: Limits = MINUTE, **env: str) -> TrainingResult:
    return DvcTrainer(repository, {**ENVIRONMENT, **env}).train(replace(order, limits=limits))


def failed(result: TrainingResult) -> TrainingFailed:
    assert isinstance(result, TrainingFailed)
    return result


def trained(result: TrainingResult) -> Trained:
    assert isinstance(result, Trained), result
    return result


def assert_clean(repository: GitRepository) -> None:
    """No worktree, no lock and no edit is left; the log of the last run may be."""
    assert git(repository.root, "worktree", "list").count("\n") == 0
    assert not list((repository.common_dir / "perennial/worktrees").iterdir())
    assert git(repository.root, "status", "--porcelain") == ""


def test_the_small_files_of_a_run_come_back_and_the_cache_is_shared(tmp_path: Path) -> None:
    repository = a_pipeline(tmp_path / "repo", "a", "b")
    files = trained(train(repository, an_order(repository, "a", as_of="2013-04-01"))).files
    assert set(files) == {"dvc.lock", "runs/a/candidate.json"}
    assert json.loads(files["runs/a/candidate.json"]) == {"model": "a"}
    assert "2013-04-01" in files["dvc.lock"]
    assert "verify@b" not in files["dvc.lock"]
    md5 = hashlib.md5(b"zip of a").hexdigest()
    assert (repository.root / ".dvc/cache/files/md5" / md5[:2] / md5[2:]).read_bytes() == b"zip of a"
    assert not (repository.root / "runs").exists()
    assert_clean(repository)


def test_the_same_order_again_is_the_same_answer_without_work(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    repository = a_pipeline(tmp_path / "repo", "a", stages=USUAL + f"open({str(witness)!r}, 'a').write(stage + ' ')\n")
    first = train(repository, an_order(repository, "a"))
    assert train(repository, an_order(repository, "a")) == first
    assert witness.read_text() == "prepare train verify "


def test_it_tells_how_long_the_stages_took(tmp_path: Path) -> None:
    repository = a_pipeline(tmp_path / "repo", "a", stages=USUAL + "import time\ntime.sleep(0.1)\n")
    began = time.monotonic()
    result = trained(train(repository, an_order(repository, "a")))
    assert result.seconds is not None
    assert 0.3 <= result.seconds <= time.monotonic() - began


def test_a_failing_stage_is_named_with_its_cause_and_nothing_of_this_machine(tmp_path: Path) -> None:
    stages = textwrap.dedent(
        """
        if stage == "train":
            print("token is", os.environ["SERVICE_TOKEN"], "at https://ann:hunter22@example.com/x")
            print("filler\\n" * 2000)
            print("error: 12 rows, at least 2,000 are needed", file=sys.stderr)
            print("  try: perennial explain a", file=sys.stderr)
            sys.exit(1)
        """
    )
    repository = a_pipeline(tmp_path / "repo", "a", stages=USUAL.replace('if stage == "train"', 'if stage == "x"') + stages)
    result = failed(train(repository, an_order(repository, "a"), SERVICE_TOKEN="s3cr3t-value"))
    assert (result.stage, result.message) == ("train@a", "12 rows, at least 2,000 are needed")
    assert "failed to reproduce 'train@a'" in result.log_tail
    assert len(result.log_tail.encode()) <= 4096
    assert str(tmp_path) not in result.log_tail
    assert_clean(repository)
    whole = (repository.common_dir / "perennial/logs/a.log").read_text()
    assert "stage prepare of a" in whole


def test_secrets_do_not_leave_the_log(tmp_path: Path) -> None:
    stages = "print(os.environ['SERVICE_TOKEN'], 'https://ann:hunter22@example.com/x')\nraise ValueError('bad ' + os.getcwd())\n"
    repository = a_pipeline(tmp_path / "repo", "a", stages=stages)
    result = failed(train(repository, an_order(repository, "a"), SERVICE_TOKEN="s3cr3t-value"))
    assert (result.stage, result.message) == ("prepare@a", "ValueError: bad .")
    assert "s3cr3t" not in result.log_tail
    assert "hunter22" not in result.log_tail
    assert "***" in result.log_tail


def test_a_model_that_the_pipeline_does_not_know_fails_in_dvc(tmp_path: Path) -> None:
    repository = a_pipeline(tmp_path / "repo", "a")
    result = failed(train(repository, TrainingOrder(model="zebra", base=an_order(repository, "a").base, files={})))
    assert result.stage == "dvc repro"
    assert "zebra" in result.message


def test_a_run_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    repository = a_pipeline(tmp_path / "repo", "a", stages="time.sleep(600)\n")
    result = failed(train(repository, an_order(repository, "a"), Limits(seconds=3)))
    assert (result.stage, result.message) == ("prepare@a", "ran for 3 s, 3 s are allowed")
    assert result.exceeded
    assert not result.transient
    assert_clean(repository)


def test_a_run_that_allocates_without_end_is_ended(tmp_path: Path) -> None:
    stages = "kept = []\nwhile stage == 'train': kept.append(bytearray(1 << 24))\n"
    repository = a_pipeline(tmp_path / "repo", "a", stages=USUAL + stages)
    result = failed(train(repository, an_order(repository, "a"), Limits(seconds=60, memory=1 << 30)))
    assert result.stage == "train@a"
    assert re.fullmatch(r"used 1,\d{3} MiB of memory, 1,024 MiB are allowed", result.message)
    assert_clean(repository)


@pytest.mark.parametrize(
    ("code", "transient"),
    [
        ("raise SystemExit(4)", True),
        ("os.kill(os.getpid(), 9)", True),
        ("os.kill(os.getppid(), 9); time.sleep(9)", True),
        ("raise SystemExit(1)", False),
        ("raise SystemExit(3)", False),
    ],
    ids=["it cannot see", "killed", "dvc killed", "an error", "specs are wrong"],
)
def test_it_is_told_which_failures_may_pass(tmp_path: Path, code: str, transient: bool) -> None:
    repository = a_pipeline(tmp_path / "repo", "a", stages=code + "\n")
    assert failed(train(repository, an_order(repository, "a"))).transient is transient


def test_a_failure_that_passes_is_tried_again_and_what_was_done_is_not_done_again(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    flaky = f"seen = {str(seen)!r}\nopen(seen, 'a').write(stage + ' ')\nif open(seen).read().split().count('train') in (1, 2):\n"
    flaky += "    print('error: the network is gone', file=sys.stderr)\n    sys.exit(4)\n"
    repository = a_pipeline(tmp_path / "repo", "a", stages=flaky + USUAL)
    slept: list[float] = []
    trainer = PatientTrainer(DvcTrainer(repository, ENVIRONMENT), slept.append)
    result = trained(trainer.train(replace(an_order(repository, "a"), retries=Retries(limit=3, backoff=60))))
    assert result.failures == ("train@a: the network is gone",) * 2
    assert slept == [60, 120]
    assert seen.read_text() == "prepare train train train verify "
    assert_clean(repository)


def test_what_a_stage_leaves_running_is_ended(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    daemon = (
        f"import subprocess\nif stage == 'train': open({str(mark)!r}, 'w').write(str(subprocess.Popen(['sleep', '600']).pid))\n"
    )
    repository = a_pipeline(tmp_path / "repo", "a", stages=USUAL + daemon)
    trained(train(repository, an_order(repository, "a")))
    assert_gone(int(mark.read_text()))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("make('note.bin', 'x'); (runs / 'note.bin').write_bytes(b'\\xff')", "runs/a/note.bin is not text"),
        ("make('big.json', 'x' * 2_000_001)", "2,000,001 bytes, more than the 2,000,000"),
    ],
)
def test_what_does_not_belong_into_git_is_refused(tmp_path: Path, code: str, message: str) -> None:
    repository = a_pipeline(tmp_path / "repo", "a", stages=USUAL + code + "\n")
    assert message in failed(train(repository, an_order(repository, "a"))).message


def test_links_that_a_run_leaves_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "private").write_text("private")
    link = f"os.path.lexists(runs / 'link') or os.symlink({str(tmp_path / 'private')!r}, runs / 'link')\n"
    repository = a_pipeline(tmp_path / "repo", "a", stages=USUAL + link)
    assert "runs/a/link" not in trained(train(repository, an_order(repository, "a"))).files


@pytest.mark.parametrize("path", ["../x", "/etc/x", ".git/config", "out/x"])
def test_an_order_cannot_write_outside_of_its_checkout(tmp_path: Path, path: str) -> None:
    repository = a_pipeline(tmp_path / "repo", "a")
    (repository.root / "out").symlink_to(tmp_path)
    git(repository.root, "add", "out")
    git(repository.root, "commit", "-qm", "A link that leads out")
    with pytest.raises(PermanentActError):
        train(repository, TrainingOrder(model="a", base=repository.refs()[MAIN_REF], files={path: "x"}))
    assert not (tmp_path / "x").exists()
    assert_clean(repository)


def test_it_cannot_start_without_dvc_or_base(tmp_path: Path) -> None:
    repository = a_repository(tmp_path / "repo")
    order = TrainingOrder(model="a", base=repository.refs()[MAIN_REF], files={})
    with pytest.raises(PermanentActError, match=r"no \.dvc/config") as caught:
        train(repository, order)
    assert "dvc init" in caught.value.help
    with pytest.raises(PermanentActError, match="cannot check out"):
        train(repository, TrainingOrder(model="a", base=Revision("0123456789" * 4), files={}))
    assert_clean(repository)


def test_the_local_configuration_is_carried_over_for_the_owner_only(tmp_path: Path) -> None:
    remotes = "['remote \"store\"']\n    url = ../../remote\n['remote \"web\"']\n    url = https://example.com/x\n"
    local = remotes + "    password = hunter22\n[cache]\n    dir = ../../shared\n"
    look = (
        "if stage == 'prepare': make('seen.json', oct(os.stat('.dvc/config.local').st_mode) + open('.dvc/config.local').read())\n"
    )
    repository = a_pipeline(tmp_path / "repo", "a", stages=USUAL + look, local_config=local)
    seen = trained(train(repository, an_order(repository, "a"))).files["runs/a/seen.json"]
    assert seen.startswith(oct(stat.S_IFREG | 0o600))
    assert f'url = "{tmp_path}/remote"' in seen
    assert "password = hunter22" in seen
    assert list((tmp_path / "shared/files/md5").rglob("*/*"))


def test_two_models_train_at_once(tmp_path: Path) -> None:
    repository = a_pipeline(tmp_path / "repo", "a", "b")
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda model: train(repository, an_order(repository, model)), ("a", "b")))
    assert [set(trained(r).files) for r in results] == [{"dvc.lock", f"runs/{m}/candidate.json"} for m in ("a", "b")]
    assert_clean(repository)


KILLED = """
import os, sys
from pathlib import Path
from reconciler.adapters.git import GitRepository
from reconciler.adapters.trainer import DvcTrainer
from reconciler.domain.training import TrainingOrder
root, base, text = sys.argv[1:]
repository = GitRepository.open(Path(root), dict(os.environ))
DvcTrainer(repository, dict(os.environ)).train(TrainingOrder(model="a", base=base, files={"params.yaml": text}))
"""


def start(repository: GitRepository) -> subprocess.Popen[bytes]:
    order = an_order(repository, "a")
    return subprocess.Popen([sys.executable, "-c", KILLED, str(repository.root), order.base, parameters("a")], env=ENVIRONMENT)


def test_killed_in_a_stage_the_stage_dies_and_the_next_run_is_undisturbed(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    wait = f"if stage == 'train' and not os.path.exists({str(mark)!r}):\n"
    wait += f"    open({str(mark)!r} + '.new', 'w').write(str(os.getpid())); os.rename({str(mark)!r} + '.new', {str(mark)!r})\n"
    repository = a_pipeline(tmp_path / "repo", "a", stages=wait + "    time.sleep(600)\n" + USUAL)
    process = start(repository)
    wait_for(mark, process)
    process.kill()
    process.wait()
    assert_gone(int(mark.read_text()))
    assert set(trained(train(repository, an_order(repository, "a"))).files) == {"dvc.lock", "runs/a/candidate.json"}
    assert_clean(repository)


@pytest.mark.parametrize("seconds", [0.36, 0.6, 1.2])
def test_killed_at_any_time_the_next_run_is_undisturbed(tmp_path: Path, seconds: float) -> None:
    repository = a_pipeline(tmp_path / "repo", "a")
    process = start(repository)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert set(trained(train(repository, an_order(repository, "a"))).files) == {"dvc.lock", "runs/a/candidate.json"}
    assert_clean(repository)


def test_a_training_runs_the_code_of_its_own_checkout(tmp_path: Path) -> None:
    says = """
if stage == "verify":
    sys.path.pop(0)  # as a console script has it: the checkout itself is on no path
    import click, reconciler
    make("where.txt", reconciler.__file__ + " " + reconciler.WORD)
"""
    repository = a_pipeline(tmp_path / "repo", "a", stages=USUAL + says)
    for path, text in (("__init__.py", "WORD = 'committed'\n"), ("cli/main.py", ""), ("../click.py", "raise ImportError\n")):
        (repository.root / "reconciler" / path).resolve().parent.mkdir(parents=True, exist_ok=True)
        (repository.root / "reconciler" / path).write_text(text)
    git(repository.root, "add", ".")
    git(repository.root, "commit", "-qm", "Carry the code")
    (repository.root / "reconciler/__init__.py").write_text("WORD = 'edited'\n")
    files = trained(train(repository, an_order(repository, "a"), PYTHONPATH="/elsewhere")).files
    assert files["runs/a/where.txt"].endswith(".dvc/tmp/code/reconciler/__init__.py committed")
