"""`perennial demo`: the whole loop on real data, in a scratch clone, with a reviewer who merges what is proposed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from reconciler.adapters.clock import FixedClock
from reconciler.adapters.git.scratch import scratch_clone
from reconciler.cli.terminal import style
from reconciler.domain.changes import PullRequest, PullState
from reconciler.domain.decisions import Decision
from reconciler.domain.events import Event, EventKind
from reconciler.domain.known import Known, Measured
from reconciler.domain.names import LEDGER_BRANCH, Revision
from reconciler.domain.needs import Lookback, ScoreNeed
from reconciler.errors import ObserveError
from reconciler.observe.ledger import ledger_path, read_events
from reconciler.observe.observe import head_of
from reconciler.observe.rows import Subject, observe_rows
from reconciler.ports import Readers
from reconciler.reconcile import publish, until_settled
from reconciler.report.replay_text import replay_text, week_text
from reconciler.rules.fields import parse_duration, parse_time, time_text
from reconciler.simulate.replay import Week, replay, weekly
from reconciler.simulate.worth import Reign, worth_of
from reconciler.specs.load import load_specs
from reconciler.specs.model import Model
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.specs.specs import Specs
from reconciler.wiring import World, open_world, root_of

WEEK = Lookback(length=parse_duration("1w"))


class ScratchLoop:
    """The loop of one model in a scratch clone."""

    def __init__(self, world: World, model: str) -> None:
        self.world = world
        self.model = model

    def readers(self, at: datetime) -> Readers:
        """The readers, at that moment."""
        return replace(self.world.readers, clock=FixedClock(at))

    def settle(self, at: datetime) -> Sequence[Decision]:
        """Run passes until nothing changes."""
        passes = until_settled(self.readers(at), self.world.writers, [self.model])
        return [decision for made in passes for decision in made.plan.decisions]

    def open_pull_requests(self) -> Sequence[PullRequest]:
        """What waits for a review."""
        return [pull for pull in self.world.readers.forge.pull_requests() if pull.state is PullState.OPEN]

    def merge(self, pull: PullRequest, at: datetime) -> None:
        """Merge, tag, record and render."""
        if pull.tip:
            self.world.writers.forge.merge(pull.number, pull.tip, at, "the reviewer of the demo")
            publish(self.readers(at), self.world.writers, [self.model])

    def live(self, at: datetime) -> Known[Measured]:
        """The champion's primary metric over the newest week whose labels are known."""
        specs = self.specs()
        model = specs.models[self.model]
        champion = specs.releases.get(self.model, {}).get(model.champion_environment)
        need = ScoreNeed(metric=model.spec.metrics[0], window=WEEK)
        newest = champion.build if champion else None
        dataset = specs.datasets[model.spec.dataset]
        subject = Subject(model=model, dataset=dataset, newest=newest, champion=champion, now=at)
        return observe_rows(subject, [need], self.world.readers).scores[need]

    def specs(self) -> Specs:
        """What main says now."""
        repository = self.world.readers.repository
        return load_specs(repository.files(head_of(self.world.readers), *SPEC_PREFIXES))

    def events(self) -> tuple[Event, ...]:
        """The model's ledger."""
        ref = f"refs/heads/{LEDGER_BRANCH}"
        repository, path = self.world.readers.repository, ledger_path(self.model)
        return read_events(repository.files(repository.refs(ref)[ref], path)[path], path)


def _time(_context: click.Context, _parameter: click.Parameter, value: str) -> datetime:
    try:
        return parse_time(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}, got {value!r}") from None


@click.command()
@click.option("--model", default="flight-delay", show_default=True, help="The model to follow.")
@click.option("--from", "start", default="2013-03-04", show_default=True, callback=_time, help="The first week.")
@click.option("--to", "end", default="2013-09-30", show_default=True, callback=_time, help="The last week.")
@click.option("--directory", default="build/demo", show_default=True, help="Where the scratch clone goes.")
@click.pass_obj
def demo(repo: str, model: str, start: datetime, end: datetime, directory: str) -> None:
    """Replay 2013 week by week in a scratch clone: predictions, late labels, real retrains, pull requests, merges."""
    if end < start:
        raise click.UsageError(f"--to {time_text(end)} is before --from {time_text(start)}")
    root = root_of(repo)
    target = (root / directory).resolve()
    scratch_clone(root, target)
    loop = ScratchLoop(open_world(str(target)), model)
    metric = _introduce(loop, target)
    weeks: list[Week] = []
    for week in replay(loop, weekly(start, end)):
        weeks.append(week)
        click.echo(week_text(week, metric, **style()), nl=False)
    _conclude(loop, weeks, end)


def _introduce(loop: ScratchLoop, target: Path) -> str:
    specs = loop.specs()
    if loop.model not in specs.models:
        raise ObserveError(
            f"there is no model {loop.model}; there are: {', '.join(specs.models) or 'none'}", help="perennial status"
        )
    metric = specs.models[loop.model].spec.metrics[0]
    click.echo(
        f"A scratch clone of this repository is in {_shown(target)}. Every Monday the reconciler runs there:\n"
        f"the released {loop.model} scores the flights of the week before, whose labels arrive a day late, and a reviewer\n"
        "merges what is proposed.\n"
    )
    return metric


def _conclude(loop: ScratchLoop, weeks: Sequence[Week], end: datetime) -> None:
    specs = loop.specs()
    model = specs.models[loop.model]
    dataset = specs.datasets[model.spec.dataset]
    worth = worth_of(_reigns(loop, model), end, model, dataset, loop.world.readers)
    click.echo("\nWhat happened, and what it was worth\n")
    click.echo(replay_text(weeks, worth, **style()))
    where = _shown(loop.world.root)
    click.echo(
        "Where to look next\n"
        f"  cd {where}\n" + "\n".join(f"  {command:<58}{what}" for command, what in _next_commands(loop.model, weeks[-1]))
    )


def _next_commands(model: str, last: Week) -> list[tuple[str, str]]:
    return [
        ("git log --oneline --graph --all", "everything, as git has it"),
        ("perennial pr list --all", "the pull requests"),
        ("perennial pr view 1", "one of them, as a reviewer read it"),
        (f"perennial audit {model}", "who asked, what triggered, what was found, who merged, what runs"),
        (f"perennial audit {model} --verify", "that what runs is what was approved, link by link"),
        (f"git show perennial/ledger:{model}.jsonl", "the record of what was decided, and why"),
        ("git show --stat env/production", "the manifests that Argo CD would sync"),
        (f"perennial explain {model} --as-of {last.at.date()}", "what every rule says now"),
    ]


def _reigns(loop: ScratchLoop, model: Model) -> list[Reign]:
    """The champions in turn, read back from main's history."""
    repository, environment = loop.world.readers.repository, model.champion_environment
    reigns = []
    for event in loop.events():
        if event.kind is EventKind.PROMOTED and event.details["environment"] == environment:
            commit = Revision(str(event.details["commit"]))
            specs = load_specs(repository.files(commit, *SPEC_PREFIXES))
            reigns.append(Reign(release=specs.releases[model.name][environment], since=event.at))
    return reigns


def _shown(path: Path) -> str:
    """Relative to where the person stands, if it is below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
