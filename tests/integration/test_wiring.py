"""The adapters of a real repository, opened from wherever one stands in it."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from reconciler.adapters.forges.local import LocalForge
from reconciler.adapters.git import GitRepository
from reconciler.adapters.git.scratch import scratch_clone
from reconciler.adapters.logs.append import LabelLog
from reconciler.adapters.metrics import PrometheusMetrics
from reconciler.domain.changes import Proposal
from reconciler.domain.data import FileFormat, FileSource, RowQuery
from reconciler.domain.releases import digest_of
from reconciler.errors import InvalidSpecsError, ObserveError, ReconcilerError
from reconciler.wiring import log_address, open_world, root_of, working_tree
from reconciler.wiring_runs import stage_context
from tests.payloads import AT, notice, payload
from tests.repositories import MAIN_REF, a_clone, a_repository, branch, git, put
from tests.s3 import dvc_config
from tests.specs import ROOT
from tests.unprivileged import as_nobody

LABELS = pl.DataFrame({"id": ["a"], "label": [1], "known": [AT]})


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return a_repository(tmp_path / "repo", {path: text.encode() for path, text in ROOT.items()})


@pytest.mark.parametrize("place", [".", "models", "models/flight-delay"])
def test_any_folder_of_a_repository_opens_it(repository: GitRepository, place: str) -> None:
    world = open_world(str(repository.root / place), as_of="2013-06-01")

    assert world.root == root_of(str(repository.root / place)) == repository.root
    assert world.readers.repository.refs() == {MAIN_REF: repository.refs()[MAIN_REF]}
    assert world.readers.forge.pull_requests() == ()
    assert world.readers.clock.now().year == 2013


def test_a_remote_of_the_settings_is_where_refs_and_pull_requests_are(repository: GitRepository, tmp_path: Path) -> None:
    clone = a_clone(repository, tmp_path / "clone")
    (clone.root / "pyproject.toml").write_text('[tool.perennial.forge]\ntype = "remote"\n')
    branch(repository, "perennial/alpha/staging", {"x": b"1"})
    readers = open_world(str(clone.root)).readers

    assert readers.repository.refs() == repository.refs()
    LocalForge(repository).propose(Proposal(branch="perennial/alpha/staging", base="main", title="Promote", body=""), AT)
    assert [pull.title for pull in readers.forge.pull_requests()] == ["Promote"]


def test_a_rehearsal_sends_nothing_anywhere(repository: GitRepository, tmp_path: Path) -> None:
    settings = b'[tool.perennial.forge]\ntype = "github"\n'
    put(repository, MAIN_REF, {"pyproject.toml": settings, ".dvc/config": dvc_config(str(tmp_path / "storage")).encode()})
    scratch_clone(repository.root, tmp_path / "scratch")
    world = open_world(str(tmp_path / "scratch"))

    assert type(world.readers.forge) is LocalForge
    assert type(world.readers.repository) is GitRepository
    assert (world.readers.data_remote, world.writers.data_remote, world.writers.notices) == (None, None, None)


@pytest.mark.parametrize("place", ["", "gone", "file"])
def test_outside_of_a_repository_nothing_is_opened(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ObserveError, match="is not in a git repository"):
        open_world(str(tmp_path / place))


def test_what_is_measured_is_remembered_in_the_git_directory_and_shared_by_worktrees(
    repository: GitRepository, tmp_path: Path
) -> None:
    git(repository.root, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    open_world(str(repository.root)).readers.memory.remember(digest_of("key"), b"0.7")

    assert open_world(str(tmp_path / "linked")).readers.memory.recall(digest_of("key")) == b"0.7"
    assert git(repository.root, "status", "--porcelain") == ""


def test_without_settings_contents_are_stored_in_the_git_directory_and_logs_lie_beside_it(
    repository: GitRepository, tmp_path: Path
) -> None:
    git(repository.root, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    LabelLog(log_address(repository.root)).append("flight-delay", LABELS)
    for root in (repository.root, tmp_path / "linked"):
        readers = open_world(str(root)).readers
        assert readers.store is not None
        assert readers.logs is not None
        readers.store.put("alpha/2013-03-01", b"0.7")
        assert readers.store.get("alpha/2013-03-01") == b"0.7"
        assert readers.logs.labels("flight-delay", AT, AT + timedelta(1)).height == 1
        assert readers.metrics is None

    assert (repository.common_dir / "perennial/store/alpha/2013-03-01").is_file()
    assert (repository.root / "logs/flight-delay/labels").is_dir()


@pytest.mark.parametrize("written", ["elsewhere", "{}/elsewhere", "file://{}/elsewhere"])
def test_settings_say_where_contents_and_logs_are(repository: GitRepository, written: str) -> None:
    place = written.format(repository.root)
    settings = f'[tool.perennial]\nstore = "{place}/store"\nlogs = "{place}/logs"\nprometheus = "http://127.0.0.1:1"\n'
    (repository.root / "pyproject.toml").write_text(settings)
    readers = open_world(str(repository.root / "models")).readers
    assert readers.store is not None
    readers.store.put("a", b"0.7")
    LabelLog(log_address(repository.root)).append("flight-delay", LABELS)

    assert sorted(path.name for path in (repository.root / "elsewhere").iterdir()) == ["logs", "store"]
    assert isinstance(readers.metrics, PrometheusMetrics)


def test_a_repository_with_broken_settings_opens_to_be_mended(repository: GitRepository) -> None:
    (repository.root / "pyproject.toml").write_text("[tool.perennial]\nstore = 5\n")

    assert open_world(str(repository.root)).readers.store is not None
    with pytest.raises(InvalidSpecsError):
        log_address(repository.root)


def test_sources_alerts_and_databases_start_at_the_root(repository: GitRepository) -> None:
    (repository.root / "rows.csv").write_text("t,a\n2013-01-01,1\n")
    (repository.root / "alerts.json").write_text(payload(notice("SlowAnswers")))
    sqlite3.connect(repository.root / "shop.db").close()
    readers = open_world(str(repository.root / "models")).readers
    assert readers.schemas is not None
    assert readers.alerts is not None
    assert readers.database is not None

    assert readers.schemas.columns(FileSource(path="rows.csv", format=FileFormat.CSV)) == {"t": "String", "a": "Int64"}
    assert [alert.name for alert in readers.alerts.read("alerts.json")] == ["SlowAnswers"]
    assert readers.database.number("sqlite:///shop.db", "SELECT 7", AT, AT) == 7


def test_a_linked_worktree_finds_the_data_that_git_ignores_in_the_main_checkout(
    repository: GitRepository, tmp_path: Path
) -> None:
    (repository.root / "rows.csv").write_text("t,a\n2013-01-01,1\n")
    git(repository.root, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    source = FileSource(path="rows.csv", format=FileFormat.CSV)
    asked = RowQuery(source=source, time_column="t", columns=("a",), start=None, end=None)

    for root in (repository.root, tmp_path / "linked"):
        assert open_world(str(root)).readers.data.read(asked)["a"].to_list() == [1]
        assert stage_context(str(root), "flight-delay").data.read(asked)["a"].to_list() == [1]
    (tmp_path / "linked/rows.csv").write_text("t,a\n2013-01-01,2\n")
    assert open_world(str(tmp_path / "linked")).readers.data.read(asked)["a"].to_list() == [2]


def test_the_working_tree_counts_as_it_is_and_not_as_it_was_committed(repository: GitRepository) -> None:
    (repository.root / "params.yaml").write_text("models: {}\n")
    (repository.root / "models/new").mkdir()
    (repository.root / "models/new/model.yaml").write_text("kind: Model\n")
    seen = working_tree(repository.root)

    assert seen["params.yaml"] == b"models: {}\n"
    assert "models/new/model.yaml" in seen


def test_a_stage_is_given_its_model_and_dataset(repository: GitRepository) -> None:
    context = stage_context(str(repository.root / "models"), "flight-delay")

    assert context.root == repository.root
    assert (context.model.metadata.name, context.dataset.metadata.name) == ("flight-delay", "flights")
    assert context.champion is None
    assert context.made_from == stage_context(str(repository.root), "flight-delay").made_from


def test_a_stage_sees_an_edit_of_its_spec_in_what_the_model_is_made_from(repository: GitRepository) -> None:
    before = stage_context(str(repository.root), "flight-delay").made_from
    (repository.root / "params.yaml").write_text(ROOT["params.yaml"].replace("seed: 7", "seed: 8"))

    assert stage_context(str(repository.root), "flight-delay").made_from != before


def test_a_model_that_is_not_there_is_named_with_those_that_are(repository: GitRepository) -> None:
    with pytest.raises(ReconcilerError, match="there is no model zebra; there are flight-delay"):
        stage_context(str(repository.root), "zebra")
    (repository.root / "params.yaml").write_text("models: {}\n")
    with pytest.raises(ReconcilerError, match=r"params\.yaml has no entry models\.flight-delay"):
        stage_context(str(repository.root), "flight-delay")


def test_a_stage_on_broken_specs_lists_the_problems(repository: GitRepository) -> None:
    (repository.root / "params.yaml").write_text("models: [\n")
    with pytest.raises(InvalidSpecsError) as caught:
        stage_context(str(repository.root), "flight-delay")

    assert {problem.file for problem in caught.value.problems} == {"params.yaml"}


def test_a_repository_that_may_only_be_read_can_be_looked_at() -> None:
    with as_nobody() as folder:
        repository = a_repository(folder / "repo", {path: text.encode() for path, text in ROOT.items()})
        for place in sorted([repository.common_dir, *repository.common_dir.rglob("*")], reverse=True):
            place.chmod(0o555 if place.is_dir() else 0o444)
        world = open_world(str(repository.root))
        head = world.readers.repository.refs()[MAIN_REF]
        assert world.readers.repository.files(head, "params.yaml")
        world.readers.memory.remember(digest_of("key"), b"lost")
        assert world.readers.memory.recall(digest_of("key")) is None
        for place in sorted([repository.common_dir, *repository.common_dir.rglob("*")]):
            place.chmod(0o755)
