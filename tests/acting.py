"""All that acting needs, small: a git repository, the fake forge over its branches, a trainer that says what it was told."""

from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.act.execute import execute
from reconciler.adapters.clock import FixedClock
from reconciler.adapters.fakes.forge import FakeForge
from reconciler.adapters.git import GitRepository
from reconciler.domain.changes import Marker
from reconciler.domain.commits import RefUpdate
from reconciler.domain.events import Event, EventKind
from reconciler.domain.names import LEDGER_BRANCH, Revision, candidate_branch, environment_branch, promotion_branch
from reconciler.domain.outcomes import Outcome
from reconciler.domain.releases import digest_of
from reconciler.domain.steps import Close, Propose, Publish, Record, Step, Tag, Train
from reconciler.domain.training import Trained, TrainingFailed, TrainingOrder, TrainingResult
from reconciler.observe.ledger import ledger_path, read_events
from reconciler.pipeline.build_json import build_text
from reconciler.plan.plan import Plan
from reconciler.ports import Readers, RepositoryWriter, Writers
from tests.builders import NOW, a_build, a_candidate, a_fingerprint, an_event
from tests.repositories import MAIN_REF, a_repository, git
from tests.runs import FolderStore, NoData
from tests.scoring import DictMemory

HEADS = "refs/heads/"
LEDGER_REF = HEADS + LEDGER_BRANCH
DIGEST = a_candidate().build.digest
PARAMETERS = "# Ours.\nmodels:\n  zebra:\n    asOf: '2013-01-01'\n    champion: none\n    dataset: flights\n    seed: 1\n"
ENTRY = "models:\n  flight-delay:\n    asOf: '2013-06-01'\n    champion: none\n    dataset: flights\n    seed: 7\n"
LOCK = "schema: '2.0'\nstages:\n  train@zebra:\n    cmd: zebra\n"
TRAINED = a_build("candidate", as_of=NOW)


class Branches(MutableMapping[str, Revision]):
    """The branches of a repository, as the fake forge wants them."""

    def __init__(self, repository: GitRepository) -> None:
        self.repository = repository

    def __getitem__(self, name: str) -> Revision:
        return self.repository.refs(HEADS + name)[HEADS + name]

    def __setitem__(self, name: str, tip: Revision) -> None:
        self.repository.update([RefUpdate(ref=HEADS + name, new=tip, expected=self.get(name))])

    def __delitem__(self, name: str) -> None:
        self.repository.update([RefUpdate(ref=HEADS + name, new=None, expected=self[name])])

    def __iter__(self) -> Iterator[str]:
        return (ref.removeprefix(HEADS) for ref in self.repository.refs(HEADS))

    def __len__(self) -> int:
        return len(self.repository.refs(HEADS))


@dataclass(slots=True)
class ToldTrainer:
    """Says what it was told for each model, and keeps the orders; an exception is raised."""

    answers: dict[str, TrainingResult | Exception] = field(default_factory=dict)
    orders: list[TrainingOrder] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def train(self, order: TrainingOrder) -> TrainingResult:
        self.orders.append(order)
        self.meanwhile()
        answer = self.answers.get(order.model, trained())
        if isinstance(answer, Exception):
            raise answer
        return answer


def trained(**files: str | None) -> Trained:
    """What a good training of flight-delay leaves; changes are texts by file name (None: absent), `lock` is dvc.lock."""
    usual = {"candidate.json": build_text(TRAINED), "metrics.json": '{"rocAuc": 0.72}\n'}
    texts = usual | {name.replace("_json", ".json"): text for name, text in files.items() if name != "lock"}
    paths = {f"runs/flight-delay/{name}": text for name, text in texts.items() if text is not None}
    return Trained(files=paths | {"dvc.lock": files.get("lock") or "schema: '2.0'\nstages:\n  train@flight-delay:\n    cmd: t\n"})


def failed(**changes: str) -> TrainingFailed:
    """A training that ended badly."""
    return TrainingFailed(**({"stage": "train@flight-delay", "message": "exit 1", "log_tail": "the log"} | changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A repository with something on main, and all that acts on it."""

    repository: GitRepository
    forge: FakeForge
    trainer: ToldTrainer
    writer: RepositoryWriter

    @property
    def head(self) -> Revision:
        return self.repository.refs(MAIN_REF)[MAIN_REF]

    @property
    def readers(self) -> Readers:
        return Readers(
            clock=FixedClock(NOW),
            repository=self.repository,
            forge=self.forge,
            data=NoData(),
            artifacts=FolderStore(),
            memory=DictMemory(),
        )

    @property
    def writers(self) -> Writers:
        return Writers(repository=self.writer, forge=self.forge, trainer=self.trainer)

    def act(self, *steps: Step, revision: Revision | None = None) -> Outcome:
        plan = Plan(revision=revision or self.head, at=NOW, decisions=(), steps=steps)
        return execute(plan, steps, self.readers, self.writers)

    def refs(self) -> str:
        """All refs, with the ids of tags themselves."""
        return git(self.repository.root, "for-each-ref", "--format=%(refname) %(objectname)")

    def tip(self, name: str) -> Revision | None:
        return self.repository.refs(HEADS + name).get(HEADS + name)

    def files(self, name: str) -> dict[str, str]:
        tip = self.tip(name)
        return {path: text.decode() for path, text in self.repository.files(tip).items()} if tip else {}

    def ledger(self, model: str = "flight-delay") -> tuple[Event, ...]:
        path = ledger_path(model)
        return read_events(self.files(LEDGER_BRANCH).get(path, "").encode(), path)

    def kinds(self, model: str = "flight-delay") -> list[EventKind]:
        return [event.kind for event in self.ledger(model)]

    def train(self, **changes: Any) -> Train:
        """Train flight-delay on main."""
        usual = {
            "model": "flight-delay",
            "as_of": NOW,
            "base": self.head,
            "branch": candidate_branch("flight-delay"),
            "replaces": self.tip(candidate_branch("flight-delay")),
            "files": {"params.yaml": ENTRY},
            "made_from": a_fingerprint(),
            "reason": "newLabels: 25,000 new labels",
        }
        return Train(**usual | changes)

    def propose(self, environment: str = "staging", **changes: Any) -> Propose:
        """Propose flight-delay to the environment."""
        branch = promotion_branch("flight-delay", environment)
        marker = Marker(model="flight-delay", environment=environment, digest=DIGEST, content=digest_of("content"))
        usual = {
            "model": "flight-delay",
            "environment": environment,
            "digest": DIGEST,
            "base": self.head,
            "branch": branch,
            "replaces": self.tip(branch),
            "files": {f"models/flight-delay/releases/{environment}.yaml": "spec: x\n"},
            "commit_message": "Promote flight-delay\n",
            "title": "Promote flight-delay",
            "body": f"why\n\n{marker.to_comment()}\n",
            "event": an_event(id=f"proposed/{environment}/{DIGEST}", kind=EventKind.PROPOSED),
        }
        return Propose(**usual | changes)

    def publish(self, **changes: Any) -> Publish:
        """Render production."""
        branch = environment_branch("production")
        usual = {"environment": "production", "branch": branch, "replaces": self.tip(branch), "message": "Render production"}
        return Publish(**usual | {"files": {"flight-delay/service.yaml": "kind: Service\n"}} | changes)

    def tag(self, name: str = "flight-delay@v1.0.0", **changes: Any) -> Tag:
        """Tag main."""
        return Tag(**{"model": "flight-delay", "name": name, "target": self.head, "message": "1.0.0", "at": NOW} | changes)


def record(model: str = "flight-delay", word: str = "one", **changes: Any) -> Record:
    """Write a line of the model's."""
    return Record(event=an_event(id=word, model=model, **changes))


def close(number: int, model: str = "flight-delay") -> Close:
    """Close the pull request."""
    return Close(model=model, number=number, comment="Closed by Perennial: overtaken.")


def a_stage(where: Path, writer: Callable[[GitRepository], RepositoryWriter] = lambda repository: repository) -> Stage:
    """A fresh one; `writer` may stand between the steps and the repository."""
    files = {"README.md": b"hello\n", "params.yaml": PARAMETERS.encode(), "dvc.lock": LOCK.encode()}
    repository = a_repository(where, files)
    return Stage(repository=repository, forge=FakeForge(Branches(repository)), trainer=ToldTrainer(), writer=writer(repository))
