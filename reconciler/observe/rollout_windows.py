"""What was counted of the releases of a rollout, window by window; what is settled is remembered and not asked again."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Digest
from reconciler.domain.releases import digest_of
from reconciler.domain.rollouts import Changeover, Observed, RolloutFacts, Window
from reconciler.domain.tallies import Tally
from reconciler.observe.rollout_metrics import Measured
from reconciler.observe.rollout_rows import ServedRows, Unit, deciles, differing, earned, quality, spread
from reconciler.observe.rollout_tallies import tally_of, tally_text
from reconciler.ports import Readers
from reconciler.rules.analysis import Check
from reconciler.rules.analysis.answers import Answers
from reconciler.rules.analysis.business import BusinessCheck
from reconciler.rules.analysis.errors import Errors
from reconciler.rules.analysis.latency import LatencyCheck
from reconciler.rules.analysis.metric import MetricCheck
from reconciler.rules.analysis.predictions import Predictions
from reconciler.rules.analysis.saturation import Saturation
from reconciler.rules.progressive import Progressive, RolloutRule
from reconciler.rules.rollouts.ab_test import AbTest
from reconciler.rules.rollouts.bandit import Bandit
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model, Task

SCRAPED, LOGGED = timedelta(minutes=10), timedelta(hours=1)
"""So long after its end a window's numbers may still come in."""
BEFORE = timedelta(days=7)
"""So far back before a rollout the answers are looked at from which bins are made."""
VERSION = 1
"""Counts up when what is counted changes its meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One model in one environment, and the policy that says what is looked at."""

    model: Model
    dataset: Dataset
    environment: str
    rollout: RolloutRule
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One thing to count of a release over a window. `about` is all that it depends on beside these; `settles` after its end."""

    key: str
    about: Mapping[str, object]
    settles: timedelta
    count: Callable[[Digest, Observed], Known[Tally]]


def counted(changeover: Changeover, watched: Watched, readers: Readers) -> Changeover:
    """The same with everything counted that the policy looks at. What cannot be counted is Missing, and stops no other count."""
    if not changeover.facts.windows:
        return changeover
    counts = tuple(Counts(changeover=changeover, watched=watched, readers=readers, rows=_rows(watched, readers)).all())
    windows = [_counted(window, counts, watched, readers) for window in changeover.facts.windows]
    return replace(changeover, facts=RolloutFacts(windows=tuple(windows)))


def _rows(watched: Watched, readers: Readers) -> ServedRows:
    return ServedRows(model=watched.model, dataset=watched.dataset, logs=readers.logs, now=watched.now)


def _counted(window: Window, counts: tuple[Count, ...], watched: Watched, readers: Readers) -> Window:
    releases = {
        digest: replace(seen, tallies={one.key: _remembered(one, digest, seen, watched, readers) for one in counts})
        for digest, seen in window.releases.items()
    }
    return replace(window, releases=releases)


def _remembered(count: Count, digest: Digest, seen: Observed, watched: Watched, readers: Readers) -> Known[Tally]:
    """A count that nothing can change any more is kept; what is Missing is asked for again."""
    where = {"model": watched.model.name, "environment": watched.environment, "digest": digest, "key": count.key}
    when = {"since": seen.since.isoformat(), "until": seen.until.isoformat()}
    key = digest_of({"version": VERSION, **where, **when, "about": count.about})
    if (known := tally_of(readers.memory.recall(key))) is not None:
        return known
    found = count.count(digest, seen)
    if seen.until + count.settles <= watched.now and not isinstance(found, Missing):
        readers.memory.remember(key, tally_text(found).encode())
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Everything that a policy looks at of one rollout."""

    changeover: Changeover
    watched: Watched
    readers: Readers
    rows: ServedRows

    def all(self) -> Iterator[Count]:
        """One for each key that the policy's checks, or its own aim, name."""
        rollout = self.watched.rollout
        checks: tuple[Check, ...] = getattr(rollout, "analysis", ())
        yield from map(self._of_check, checks)
        match rollout:
            case AbTest(unit=unit, segments=segments) as test:
                column, values = (segments.column, segments.values) if segments else ("", ())
                yield self._earned(test.key, test.metric, Unit(column=unit, segment=column, values=values))
                for value in values:
                    one = Unit(column=unit, segment=column, values=(value,))
                    yield self._earned(f"{test.key}/{column}={value}", test.metric, one)
            case Bandit() as bandit:
                yield self._earned(bandit.key, bandit.metric, Unit())
            case _:
                pass

    def _of_check(self, check: Check) -> Count:
        match check:
            case Errors() | LatencyCheck() | Saturation():
                return self._measured(check)
            case Predictions():
                return self._spread(check)
            case MetricCheck(metric=metric):
                return self._logged(check.key, {}, lambda digest, seen: self._quality(digest, seen, metric), mature=True)
            case BusinessCheck(metric=metric):
                return self._earned(check.key, metric, Unit())
            case Answers(tolerance=tolerance):
                return self._logged(check.key, {}, lambda _, seen: self._differing(seen, tolerance))

    def _measured(self, check: Errors | LatencyCheck | Saturation) -> Count:
        resources = self.watched.model.spec.serve.resources

        def count(digest: Digest, seen: Observed) -> Known[Tally]:
            measured = Measured(
                metrics=self.readers.metrics,
                model=self.watched.model.name,
                environment=self.watched.environment,
                digest=digest,
                since=seen.since,
                until=seen.until,
                resources=resources,
            )
            return measured.count(check)

        return Count(key=check.key, about=resources.model_dump(mode="json"), settles=SCRAPED, count=count)

    def _spread(self, check: Predictions) -> Count:
        edges = self._edges()

        def count(digest: Digest, seen: Observed) -> Known[Tally]:
            if isinstance(edges, Missing):
                return edges
            rows = self.rows.of(digest, seen.since, seen.until)
            return rows if isinstance(rows, Missing) else spread(self.rows, rows, edges)

        return self._logged(check.key, {"edges": list(edges) if isinstance(edges, tuple) else None}, count)

    def _edges(self) -> Known[tuple[float, ...]]:
        """Of numbers the deciles of what the live release answered before; of all else the bins are given."""
        if self.watched.model.spec.task is not Task.REGRESSION:
            return ()
        started = self.changeover.progress.started_at
        rows = self.rows.of(self.changeover.live.digest, started - BEFORE, started)
        least = self.watched.rollout.minimum_rows if isinstance(self.watched.rollout, Progressive) else 1
        return rows if isinstance(rows, Missing) else deciles(self.rows, rows, least)

    def _differing(self, seen: Observed, tolerance: float) -> Known[Tally]:
        """The one count that both releases have."""
        pair = self.changeover.live.digest, self.changeover.wanted.digest
        return differing(self.rows, pair, seen.since, seen.until, tolerance)

    def _quality(self, digest: Digest, seen: Observed, metric: str) -> Known[Tally]:
        rows = self.rows.of(digest, seen.since, seen.until)
        return rows if isinstance(rows, Missing) else quality(self.rows, rows, metric)

    def _earned(self, key: str, metric: str, unit: Unit) -> Count:
        declared = next((one for one in self.watched.model.spec.business if one.name == metric), None)

        def count(digest: Digest, seen: Observed) -> Known[Tally]:
            rows = self.rows.of(digest, seen.since, seen.until)
            if declared is None:
                return Missing(code="notDeclared", why=f"the model declares no business metric {metric}")
            return rows if isinstance(rows, Missing) else earned(self.rows, rows, declared, unit)

        about = {"metric": declared.model_dump(mode="json") if declared else None, "unit": [unit.column, unit.segment]}
        return self._logged(key, about, count, mature=True)

    def _logged(
        self, key: str, about: Mapping[str, object], count: Callable[[Digest, Observed], Known[Tally]], *, mature: bool = False
    ) -> Count:
        """A count of the log's rows; what looks at labels settles when these are mature."""
        spec, label = self.watched.model.spec, self.watched.dataset.spec.label
        told = {"task": spec.task, "target": spec.target.model_dump(mode="json"), "label": label.model_dump(mode="json")}
        settles = LOGGED + (label.delay if mature else timedelta())
        return Count(key=key, about={**about, **told}, settles=settles, count=count)
