"""Observe: everything that can be seen of the repository at one moment, as one World."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reconciler.domain.changes import ROLL_BACK, PullRequest
from reconciler.domain.facts import Candidate, History, ModelFacts
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.live import Fleet
from reconciler.domain.names import LEDGER_BRANCH, MAIN, Revision, candidate_branch, environment_branch, evidence_path
from reconciler.domain.needs import Need
from reconciler.domain.releases import Build, Release
from reconciler.domain.rollouts import Changeover
from reconciler.domain.sharing import NOT_SHARED
from reconciler.domain.world import EnvironmentFacts, World
from reconciler.errors import ObserveError
from reconciler.observe.answered import answered_of
from reconciler.observe.candidate import read_candidate
from reconciler.observe.changes import closed_numbers, declined_digests, kept_releases, merged_numbers, open_changes, open_pulls
from reconciler.observe.deployed import deployed_of
from reconciler.observe.fallback import fallbacks_of
from reconciler.observe.fleet import fleet_of
from reconciler.observe.history import history_of
from reconciler.observe.ledger import Chain, ledger_path, read_chain
from reconciler.observe.onward import onward_of
from reconciler.observe.packaging import packaging_of_candidates, packaging_of_releases, with_packages
from reconciler.observe.proofs import Proofs, proofs_of
from reconciler.observe.questions import questions_of
from reconciler.observe.releases import introductions, tags_of
from reconciler.observe.rollout_windows import Watched, counted
from reconciler.observe.rollouts import Branch, changeovers_of
from reconciler.observe.rows import RowFacts, Subject, observe_rows
from reconciler.observe.sharing import sharing_of
from reconciler.pipeline.evidence_json import read_measured_metrics
from reconciler.ports import Readers, RepositoryReader
from reconciler.rules.alarms.seen import ClusterAlarm
from reconciler.specs.fingerprint import fingerprint
from reconciler.specs.model import Model
from reconciler.specs.paths import spec_files
from reconciler.specs.specs import Specs

HEADS = "refs/heads/"
TAGS = "refs/tags/"


Extra = Callable[[Model], frozenset[Need]]


def _nothing_more(model: Model) -> frozenset[Need]:  # noqa: ARG001
    return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is looked at once and shared by all models."""

    head: Revision
    now: datetime
    refs: Mapping[str, Revision]
    ledger: Mapping[str, Chain]
    pulls: tuple[PullRequest, ...]

    def branch(self, name: str) -> Revision | None:
        """Where the branch is."""
        return self.refs.get(HEADS + name)

    def chain(self, model: str) -> Chain:
        """The model's ledger."""
        return self.ledger.get(ledger_path(model), Chain())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What is worked out once for all models."""

    fleet: Fleet
    proofs: Proofs


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
    files = readers.repository.files(tip) if tip else {}
    ledger = {path: read_chain(content, path) for path, content in files.items()}
    return Seen(head=head, now=now, refs=refs, ledger=ledger, pulls=readers.forge.pull_requests())


def observe_world(specs: Specs, readers: Readers, seen: Seen, only: Sequence[str] = (), extra: Extra = _nothing_more) -> World:
    """Look at every model (or only at those named); what cannot be seen of one is Missing and stops no other.

    `extra` are needs beyond those of the policies, for people to look at.
    Raises ObserveError, also for a name that is no model's.
    """
    for name in only:
        if name not in specs.models:
            known = ", ".join(specs.models) or "none"
            raise ObserveError(f"there is no model {name}; there are: {known}", help="perennial status")
    names = [name for name in specs.models if not only or name in only]
    packaging = packaging_of_releases(specs, readers)
    proofs = with_packages(proofs_of(specs, readers.verifier), specs, packaging, seen.refs, readers.repository)
    shared = Shared(fleet=fleet_seen(specs, seen, readers.repository), proofs=proofs)
    environments = {name for model in specs.models.values() for name in model.spec.environments} | rendered(seen)
    models = {name: observe_model(specs.models[name], specs, readers, seen, shared, extra) for name in names}
    sharing = sharing_of(models.values(), readers)
    packaging = {**packaging, **packaging_of_candidates(models.values(), specs, readers)}
    deployed = deployed_of({name: facts.environments for name, facts in models.items()}, readers.clusters, readers.repository)
    rendered_now = {name: _environment(name, specs, seen, shared, readers) for name in sorted(environments)}
    complete = {
        name: replace(
            facts,
            sharing=sharing.get(name, NOT_SHARED),
            packaging=packaging,
            deployed=deployed[name],
            rollouts=_rollouts(specs.models[name], specs, rendered_now, readers, seen.now),
        )
        for name, facts in models.items()
    }
    fallbacks = {name: fallbacks_of(specs.models[name], facts, readers, seen.head, seen.now) for name, facts in complete.items()}
    return World(
        head=seen.head,
        at=seen.now,
        models={name: replace(facts, fallbacks=fallbacks[name]) for name, facts in complete.items()},
        environments=rendered_now,
        branches={ref.removeprefix(HEADS): commit for ref, commit in seen.refs.items() if ref.startswith(HEADS)},
        questions=questions_of(readers.conversations, seen.pulls, seen.now),
        tells=readers.conversations is not None,
    )


def rendered(seen: Seen) -> set[str]:
    """Environments that have a branch, also when no model names them any more."""
    start = HEADS + environment_branch("")
    return {ref.removeprefix(start) for ref in seen.refs if ref.startswith(start)}


def observe_model(model: Model, specs: Specs, readers: Readers, seen: Seen, shared: Shared, extra: Extra) -> ModelFacts:
    """All facts of one model."""
    name, environments = model.name, model.spec.environments
    dataset = specs.datasets[model.spec.dataset]
    history = model_history(name, seen)
    releases = specs.releases.get(name, {})
    tip = seen.branch(candidate_branch(name))
    candidate = read_candidate(readers.repository, name, tip)
    ever = frozenset(releases) | {environment for environment, _ in history.released}
    introduced = introductions(readers.repository, seen.head, name, environments, ever)
    onward = onward_of(environments, releases, introduced, specs.files)
    rows = _rows(model, specs, readers, seen.now, candidate, extra(model))
    return ModelFacts(
        model=name,
        environments=environments,
        fingerprint=fingerprint(specs.files, model, dataset, specs.parameters.get(name)),
        hold=specs.holds.get(name),
        quarantine=specs.quarantine.get(name, {}),
        override=specs.overrides.get(name),
        releases=releases,
        proofs=shared.proofs.get(name, {}),
        introduced=introduced,
        wanted=_wanted(model, (candidate, *onward.values()), releases, introduced, readers.repository),
        onward=onward,
        answered=answered_of(model.spec.chain, onward, history, readers.logs, seen.now),
        tags=tags_of(seen.refs, name),
        candidate=candidate,
        candidate_tip=tip,
        changes=open_changes(seen.pulls, name, readers.repository),
        takebacks=open_changes(seen.pulls, name, readers.repository, ROLL_BACK),
        kept=kept_releases(seen.pulls, name),
        merged=merged_numbers(seen.pulls, name),
        since=_since(model, introduced, readers.repository),
        declined=declined_digests(seen.pulls, name),
        closed=closed_numbers(seen.pulls, name),
        history=history,
        labels=rows.labels,
        reference=rows.reference,
        profiles=rows.profiles,
        scores=rows.scores,
        live=replace(rows.live, baseline=_baseline(specs, releases.get(model.champion_environment))),
        fleet=shared.fleet,
        interrupted=tuple(readers.runs.interrupted(name)) if readers.runs else (),
    )


def _wanted(
    model: Model,
    waiting: Sequence[Known[Candidate] | None],
    releases: Mapping[str, Release],
    introduced: Mapping[str, Revision],
    repository: RepositoryReader,
) -> Mapping[str, str]:
    """The specs as they were when the champion was released, for whoever reviews what is to follow it."""
    environment = model.champion_environment
    champion, commit = releases.get(environment), introduced.get(environment)
    if champion is None or commit is None:
        return {}
    if not any(isinstance(one, Candidate) and one.build.digest != champion.digest for one in waiting):
        return {}
    paths = spec_files(model)
    found = repository.files(commit, *paths)
    return {path: found[path].decode(errors="replace") for path in paths if path in found}


def _since(model: Model, introduced: Mapping[str, Revision], repository: RepositoryReader) -> Mapping[str, datetime]:
    """When main began to name what each environment runs; looked at only where an alarm listens to numbers."""
    if all(isinstance(alarm, ClusterAlarm) for alarm in model.spec.rollback.when):
        return {}
    return {environment: repository.commit_info(commit).at for environment, commit in introduced.items()}


def model_history(model: str, seen: Seen) -> History:
    """What the ledger says of the model, as far as its lines hold."""
    chain = seen.chain(model)
    return replace(history_of(chain.events), broken=chain.broken)


def needs_of(model: Model, specs: Specs) -> frozenset[Need]:
    """What the model's retrain policy and its alarms want to be measured."""
    policy = specs.retrain[model.spec.retrain].spec
    return policy.triggers.needs().union(*(rule.needs() for rule in (*policy.guards, *model.spec.rollback.when)))


def fleet_seen(specs: Specs, seen: Seen, repository: RepositoryReader) -> Fleet:
    """What the ledger says of all models' trainings, and who has a pull request open."""
    opened = open_pulls(seen.pulls, repository)
    return fleet_of({name: seen.chain(name) for name in specs.models}, [pull.model for pull in opened], opened)


def _baseline(specs: Specs, champion: Release | None) -> Known[Mapping[str, Measured]]:
    """The champion's metrics when it was judged, in its evidence on main."""
    if champion is None:
        return Missing(code="noRelease", why="nothing is released yet")
    content = specs.files.get(evidence_path(champion.build.model, champion.digest))
    if content is None:
        return Missing(code="noEvidence", why=f"there is no evidence of release {champion.version} on {MAIN}")
    return read_measured_metrics(content)


def _rows(
    model: Model,
    specs: Specs,
    readers: Readers,
    now: datetime,
    candidate: Known[Candidate] | None,
    extra: frozenset[Need],
) -> RowFacts:
    champion: Release | None = specs.releases.get(model.name, {}).get(model.champion_environment)
    newest: Build | None = champion.build if champion else None
    subject = Subject(
        model=model,
        dataset=specs.datasets[model.spec.dataset],
        newest=candidate.build if isinstance(candidate, Candidate) else newest,
        champion=champion,
        now=now,
    )
    return observe_rows(subject, needs_of(model, specs) | extra, readers)


def _environment(name: str, specs: Specs, seen: Seen, shared: Shared, readers: Readers) -> EnvironmentFacts:
    tip = seen.branch(environment_branch(name))
    content = readers.repository.files(tip) if tip else {}
    files = {path: text.decode(errors="replace") for path, text in content.items()}
    changeovers: Mapping[str, Changeover] = {}
    if tip:
        branch = Branch(environment=name, tip=tip, files=files, head=seen.head, now=seen.now)
        changeovers = changeovers_of(
            branch, specs, readers.repository, readers.memory, lambda model: model_history(model, seen).taken_back_in(name)
        )
    return EnvironmentFacts(
        tip=tip,
        files=files,
        proofs={model: proofs[name] for model, proofs in shared.proofs.items() if name in proofs},
        changeovers=changeovers,
    )


def _rollouts(
    model: Model, specs: Specs, environments: Mapping[str, EnvironmentFacts], readers: Readers, now: datetime
) -> dict[str, Changeover]:
    """The model's, by environment, with what was counted meanwhile."""
    found = {name: facts.changeovers[model.name] for name, facts in environments.items() if model.name in facts.changeovers}
    rollout = specs.rollouts[model.spec.rollout].spec
    dataset = specs.datasets[model.spec.dataset]
    return {
        name: counted(changeover, Watched(model=model, dataset=dataset, environment=name, rollout=rollout, now=now), readers)
        for name, changeover in found.items()
    }
