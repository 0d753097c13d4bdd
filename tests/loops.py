"""A small repository on which the whole loop runs: real git and the local forge, with a trainer that answers at once."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from reconciler.act.execute import execute
from reconciler.adapters.artifacts import DvcArtifacts
from reconciler.adapters.clock import FixedClock
from reconciler.adapters.data_remote import DvcDataRemote
from reconciler.adapters.fakes.data_remote import FakeDataRemote
from reconciler.adapters.fakes.packages import FakePackages
from reconciler.adapters.forges.local import LocalForge
from reconciler.adapters.git import GitRepository, RemoteRepository
from reconciler.adapters.memory import FolderMemory
from reconciler.adapters.packages import FsspecPackages
from reconciler.adapters.signing.verifier import Signatures
from reconciler.adapters.sources.data import SourceData
from reconciler.domain.changes import PullRequest
from reconciler.domain.commits import RefUpdate
from reconciler.domain.events import Event
from reconciler.domain.evidence import Comparison, NoBaseline
from reconciler.domain.names import LEDGER_BRANCH, Digest, run_path
from reconciler.domain.outcomes import Outcome
from reconciler.domain.releases import Artifact, Build, digest_of
from reconciler.domain.training import Trained, TrainingFailed, TrainingOrder, TrainingResult
from reconciler.observe.ledger import ledger_path, read_events
from reconciler.pipeline.build_json import build_text
from reconciler.pipeline.evidence_json import evidence_text
from reconciler.plan.plan import Plan
from reconciler.ports import ArtifactStore, Readers, Signer, Writers
from reconciler.reconcile import Pass, make_plan_now, publish, until_settled
from reconciler.specs.fingerprint import fingerprint
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.specs.policies import GatePolicy, RetrainPolicy, RolloutPolicy
from tests.builders import a_build, a_dataset, a_gain, a_model, a_policy, evidence, shipped_templates
from tests.repositories import ENVIRONMENT, MAIN_REF, a_repository, git, put
from tests.runs import FolderStore, flights

T1 = datetime(2013, 3, 1, tzinfo=UTC)
T2 = datetime(2013, 4, 1, tzinfo=UTC)
TRIGGERS = {"any": [{"type": "specChanged"}, {"type": "newLabels", "rows": 300}]}
FLOOR = {"type": "floor", "metric": "rocAuc", "atLeast": 0.6}


def yaml_of(document: object) -> bytes:
    """What a person would have written."""
    spec = document.model_dump(mode="json", by_alias=True, exclude_unset=True)  # type: ignore[attr-defined]
    return yaml.safe_dump(spec, sort_keys=False).encode()


def a_gate(at_least: float) -> bytes:
    """The one gate policy, with this floor."""
    return yaml_of(a_policy(GatePolicy, gates=[FLOOR | {"atLeast": at_least}]))


def team_files(*models: str, **spec: Any) -> dict[str, bytes]:
    """The files of a repository with these models, each with a dataset of its own; `spec` changes all the models' specs."""
    files = {
        "policies/retrain/standard.yaml": yaml_of(a_policy(RetrainPolicy, triggers=TRIGGERS, guards=[{"type": "oneChangeOpen"}])),
        "policies/gates/standard.yaml": a_gate(0.6),
        "policies/rollout/direct.yaml": yaml_of(a_policy(RolloutPolicy, "direct")),
        "params.yaml": b"models: {}\n",
        ".gitignore": b"/data/\n",
        **shipped_templates(),
    }
    for name in models:
        dataset = a_dataset(source={"type": "file", "path": f"data/{name}.csv", "format": "csv"})
        files[f"datasets/{name}.yaml"] = yaml_of(dataset).replace(b"name: flights", f"name: {name}".encode())
        files[f"models/{name}/model.yaml"] = yaml_of(a_model(name, dataset=name, **spec))
    return files


@dataclass(slots=True, kw_only=True)
class QuickTrainer:
    """A trainer that makes a candidate from the order alone. `broken` maps a model to what it fails with."""

    repository: GitRepository
    auc: float = 0.72
    broken: Mapping[str, str] = field(default_factory=dict)
    orders: list[TrainingOrder] = field(default_factory=list)

    def train(self, order: TrainingOrder) -> TrainingResult:
        self.orders.append(order)
        if order.model in self.broken:
            return TrainingFailed(stage=f"train@{order.model}", message=self.broken[order.model], log_tail="the log")
        build, champion = self._build(order)
        compared = NoBaseline() if champion == "none" else self._compared(Digest(champion))
        measured = {name: replace(one, value=self.auc) for name, one in evidence().metrics.items()}  # type: ignore[union-attr]
        texts = {
            "candidate.json": build_text(build),
            "evaluation.json": evidence_text({"metrics": measured, "comparison": compared, "asked": ()}),
        }
        lock = {"schema": "2.0", "stages": {f"package@{order.model}": {"cmd": build.artifact.sha256}}}
        return Trained(files={"dvc.lock": yaml.safe_dump(lock), **{run_path(order.model, n): t for n, t in texts.items()}})

    def _build(self, order: TrainingOrder) -> tuple[Build, str]:
        """What the order makes, and the digest of the champion that it is compared with."""
        files = {**self.repository.files(order.base, *SPEC_PREFIXES), **{p: t.encode() for p, t in order.files.items()}}
        specs = load_specs(files)
        model, parameters = specs.models[order.model], specs.parameters[order.model]
        made_from = fingerprint(files, model, specs.datasets[model.spec.dataset], parameters)
        build = a_build(order.model, as_of=parameters.as_of, model=order.model, made_from=made_from)
        sha256 = digest_of([order.model, parameters.as_of.isoformat(), made_from.spec, made_from.code])
        artifact = Artifact(path=run_path(order.model, "model.zip"), sha256=sha256, md5=sha256[-32:], size=1000)
        return replace(build, artifact=artifact), parameters.champion

    def _compared(self, champion: Digest) -> Comparison:
        return Comparison(champion=champion, evaluation_set=digest_of("rows"), gains={"rocAuc": a_gain()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A repository, and everything that one reconcile of it needs."""

    repository: GitRepository
    trainer: QuickTrainer
    signer: Signer | None = None
    data_remote: DvcDataRemote | FakeDataRemote | None = None
    packages: FsspecPackages | FakePackages | None = None
    artifacts: ArtifactStore = field(default_factory=FolderStore)

    @property
    def root(self) -> Path:
        return self.repository.root

    def readers(self, at: datetime = T1) -> Readers:
        return Readers(
            clock=FixedClock(at),
            repository=self.repository,
            forge=LocalForge(self.repository),
            data=SourceData([self.root], ENVIRONMENT),
            artifacts=self.artifacts,
            memory=FolderMemory(self.repository.common_dir / "perennial" / "cache"),
            verifier=Signatures(),
            cache=DvcArtifacts(self.root),
            data_remote=self.data_remote,
            packages=self.packages,
        )

    def writers(self) -> Writers:
        return Writers(
            repository=self.repository,
            forge=LocalForge(self.repository),
            trainer=self.trainer,
            signer=self.signer,
            data_remote=self.data_remote,
            packages=self.packages,
        )

    def plan(self, at: datetime = T1, *only: str) -> Plan:
        return make_plan_now(self.readers(at), only)

    def settle(self, at: datetime = T1, *only: str) -> list[Pass]:
        return until_settled(self.readers(at), self.writers(), only)

    def act(self, plan: Plan) -> Outcome:
        return execute(plan, plan.steps, self.readers(plan.at), self.writers())

    def merge(self, number: int, at: datetime = T1) -> Outcome:
        """What `perennial pr merge` does."""
        pull = self.pull(number)
        assert pull.tip
        merged = self.writers().forge.merge(number, pull.tip, at)
        assert merged.marker
        return publish(self.readers(at), self.writers(), [merged.marker.model])

    def promote(self, at: datetime = T1) -> None:
        """Settle and merge until nothing is open any more: every environment runs the newest candidate."""
        self.settle(at)
        while pulls := [pull for pull in self.pulls() if pull.state == "open"]:
            self.merge(pulls[0].number, at)
            self.settle(at)

    def commit(self, message: str = "Change", **files: bytes | None) -> None:
        """A commit on main; keys are paths."""
        put(self.repository, MAIN_REF, files, message)

    def pulls(self) -> Sequence[PullRequest]:
        return LocalForge(self.repository).pull_requests()

    def pull(self, number: int) -> PullRequest:
        return {pull.number: pull for pull in self.pulls()}[number]

    def refs(self) -> Mapping[str, str]:
        """All refs, as ids of what they hold (a tag's own)."""
        lines = self.repository.git.read("for-each-ref", "--format=%(refname) %(objectname)").decode().splitlines()
        return dict(line.split(" ") for line in lines)

    def ledger(self, model: str) -> tuple[Event, ...]:
        ref = f"refs/heads/{LEDGER_BRANCH}"
        tip = self.repository.refs(ref).get(ref)
        path = ledger_path(model)
        return read_events(self.repository.files(tip, path).get(path, b""), path) if tip else ()

    def kinds(self, model: str) -> list[str]:
        """What the ledger says of the model, in one word per line."""
        return [str(event.kind) for event in self.ledger(model)]


def a_loop(where: Path, *models: str, **spec: Any) -> Loop:
    """A fresh repository of these models, with four months of hourly rows each."""
    models = models or ("alpha",)
    repository = a_repository(where, team_files(*models, **spec))
    (where / "data").mkdir()
    for name in models:
        flights(24 * 120).write_csv(where / "data" / f"{name}.csv")
    return Loop(repository=repository, trainer=QuickTrainer(repository=repository))


def clones(loop: Loop, where: Path, *names: str) -> list[Path]:
    """Clones of a bare copy of the loop's repository, `origin.git`, each with the data that Git ignores."""
    git(loop.root, "clone", "--quiet", "--mirror", str(loop.root), str(where / "origin.git"))
    for name in names:
        git(where, "clone", "--quiet", str(where / "origin.git"), str(where / name))
        shutil.copytree(loop.root / "data", where / name / "data")
    return [where / name for name in names]


def loop_at(root: Path) -> Loop:
    """The loop of a repository that is there; in a clone on the refs of its remote."""
    local = GitRepository.open(root, ENVIRONMENT)
    repository = RemoteRepository.of(local, "origin") if git(root, "remote") else local
    return Loop(repository=repository, trainer=QuickTrainer(repository=repository))


class KilledError(BaseException):
    """Death between two writes: nothing of ours may catch it."""


class MortalRepository(GitRepository):
    """A repository whose process dies instead of making ref move number `last` + 1."""

    last: int
    moves = 0

    def update(self, updates: Sequence[RefUpdate]) -> None:
        if updates and self.moves == self.last:
            raise KilledError
        self.moves += 1
        super().update(updates)


def reopened(loop: Loop, where: Path | None = None, last: int | None = None) -> Loop:
    """The loop in a process of its own (or in a copy at `where`), which dies after `last` moves of refs."""
    root = loop.root
    if where:
        root = shutil.copytree(loop.root, where, symlinks=True)
    repository = (GitRepository if last is None else MortalRepository).open(root, ENVIRONMENT)
    if isinstance(repository, MortalRepository):
        repository.last = last or 0
    return replace(loop, repository=repository, trainer=replace(loop.trainer, repository=repository, orders=[]))
