"""Observe: everything that can be seen of the repository at one moment, as one World."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.changes import PullRequest
from reconciler.domain.facts import Candidate, History, Known, ModelFacts
from reconciler.domain.names import LEDGER_BRANCH, MAIN, Revision, candidate_branch, environment_branch
from reconciler.domain.needs import Need
from reconciler.domain.releases import Build, Release
from reconciler.domain.world import EnvironmentFacts, World
from reconciler.errors import ObserveError
from reconciler.observe.candidate import read_candidate
from reconciler.observe.changes import declined_digests, open_changes
from reconciler.observe.ledger import history_of, ledger_path, read_events
from reconciler.observe.releases import introductions, tags_of
from reconciler.observe.rows import RowFacts, Subject, observe_rows
from reconciler.ports import Readers, RepositoryReader
from reconciler.specs.fingerprint import fingerprint
from reconciler.specs.model import Model
from reconciler.specs.specs import Specs

HEADS = "refs/heads/"
TAGS = "refs/tags/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is looked at once and shared by all models."""

    head: Revision
    now: datetime
    refs: Mapping[str, Revision]
    ledger: Mapping[str, bytes]
    pulls: tuple[PullRequest, ...]

    def branch(self, name: str) -> Revision | None:
        """Where the branch is."""
        return self.refs.get(HEADS + name)


def head_of(readers: Readers) -> Revision:
    """Where main is. Raises ObserveError when there is no main."""
    ref = HEADS + MAIN
    head = readers.repository.refs(ref).get(ref)
    if head is None:
        raise ObserveError(f"there is no branch {MAIN}, which holds the desired state", help=f"git branch -M {MAIN}")
    return head


def look(readers: Readers, head: Revision, now: datetime) -> Seen:
    """Read the refs, the ledger and the pull requests. Raises ObserveError."""
    refs = readers.repository.refs(HEADS, TAGS)
    tip = refs.get(HEADS + LEDGER_BRANCH)
    ledger = readers.repository.files(tip) if tip else {}
    return Seen(head=head, now=now, refs=refs, ledger=ledger, pulls=readers.forge.pull_requests())


def observe_world(specs: Specs, readers: Readers, seen: Seen, only: Sequence[str] = ()) -> World:
    """Look at every model (or only at those named); what cannot be seen of one is Missing and stops no other.

    Raises ObserveError, also for a name that is no model's.
    """
    for name in only:
        if name not in specs.models:
            known = ", ".join(specs.models) or "none"
            raise ObserveError(f"there is no model {name}; there are: {known}", help="perennial status")
    names = [name for name in specs.models if not only or name in only]
    environments = {name for model in specs.models.values() for name in model.spec.environments} | rendered(seen)
    return World(
        head=seen.head,
        at=seen.now,
        models={name: observe_model(specs.models[name], specs, readers, seen) for name in names},
        environments={name: _environment(name, seen, readers.repository) for name in sorted(environments)},
        branches={ref.removeprefix(HEADS): commit for ref, commit in seen.refs.items() if ref.startswith(HEADS)},
    )


def rendered(seen: Seen) -> set[str]:
    """Environments that have a branch, also when no model names them any more."""
    start = HEADS + environment_branch("")
    return {ref.removeprefix(start) for ref in seen.refs if ref.startswith(start)}


def observe_model(model: Model, specs: Specs, readers: Readers, seen: Seen) -> ModelFacts:
    """All facts of one model."""
    name, environments = model.name, model.spec.environments
    dataset = specs.datasets[model.spec.dataset]
    history = model_history(name, seen)
    releases = specs.releases.get(name, {})
    tip = seen.branch(candidate_branch(name))
    candidate = read_candidate(readers.repository, name, tip)
    ever = frozenset(releases) | {environment for environment, _ in history.released}
    rows = _rows(model, specs, readers, seen.now, candidate)
    return ModelFacts(
        model=name,
        environments=environments,
        fingerprint=fingerprint(specs.files, model, dataset, specs.parameters.get(name)),
        hold=specs.holds.get(name),
        quarantine=specs.quarantine.get(name, {}),
        releases=releases,
        introduced=introductions(readers.repository, seen.head, name, environments, ever),
        tags=tags_of(seen.refs, name),
        candidate=candidate,
        candidate_tip=tip,
        changes=open_changes(seen.pulls, name, readers.repository),
        declined=declined_digests(seen.pulls, name),
        history=history,
        labels=rows.labels,
        reference=rows.reference,
        profiles=rows.profiles,
        scores=rows.scores,
    )


def model_history(model: str, seen: Seen) -> History:
    """What the ledger says of the model. Raises ObserveError for a line that cannot be read."""
    path = ledger_path(model)
    return history_of(read_events(seen.ledger.get(path, b""), path))


def needs_of(model: Model, specs: Specs) -> frozenset[Need]:
    """What the model's retrain policy wants to be measured."""
    policy = specs.retrain[model.spec.retrain].spec
    return policy.triggers.needs().union(*(guard.needs() for guard in policy.guards))


def _rows(model: Model, specs: Specs, readers: Readers, now: datetime, candidate: Known[Candidate] | None) -> RowFacts:
    champion: Release | None = specs.releases.get(model.name, {}).get(model.champion_environment)
    newest: Build | None = champion.build if champion else None
    subject = Subject(
        model=model,
        dataset=specs.datasets[model.spec.dataset],
        newest=candidate.build if isinstance(candidate, Candidate) else newest,
        champion=champion,
        now=now,
    )
    return observe_rows(subject, needs_of(model, specs), readers)


def _environment(name: str, seen: Seen, repository: RepositoryReader) -> EnvironmentFacts:
    tip = seen.branch(environment_branch(name))
    content = repository.files(tip) if tip else {}
    return EnvironmentFacts(tip=tip, files={path: text.decode(errors="replace") for path, text in content.items()})
