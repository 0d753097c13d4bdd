"""What was counted of each of several releases since a rollout began: enough of it and of one kind, or why it is not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Digest
from reconciler.domain.rollouts import RolloutFacts
from reconciler.domain.tallies import Share, Sums, merged
from reconciler.rules.outcome import mean
from reconciler.statistics.sequential import variance


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """Shares or sums of each release, by its digest in ascending order; each has rows, and numbers that differ."""

    counted: Mapping[Digest, Share | Sums]
    better: str

    def best(self) -> Digest:
        """The one with the best rate or mean so far; of equals the first by name."""
        sign = 1 if self.better == "higher" else -1
        return max(self.counted, key=lambda one: sign * mean(self.counted[one]))

    def turned(self) -> list[Share | Sums]:
        """The counts so that more is better."""
        return [one if self.better == "higher" else one.others for one in self.counted.values()]

    def __str__(self) -> str:
        """Each release with its number and rows."""
        return "; ".join(f"{name[7:19]} {mean(one):.6g} of {one.rows} rows" for name, one in self.counted.items())


def arms_of(facts: RolloutFacts, releases: Iterable[Digest], key: str, better: str) -> Known[Arms]:
    """The counts under the key, all windows of a release added up; Missing when one has none or they cannot be compared."""
    counted: dict[Digest, Share | Sums] = {}
    for release in sorted(releases):
        seen = [window.releases[release] for window in facts.windows if release in window.releases]
        absent = Missing(code="notMeasured", why=f"{key} was not measured in one of {len(seen)} windows")
        match merged([one.tallies.get(key, absent) for one in seen]):
            case Missing() as missing:
                return missing
            case Share() | Sums() as one if one.possible:
                counted[release] = one
            case other:
                return Missing(code="impossible", why=f"{key} was counted as {other}, which cannot be")
    if len({type(one) for one in counted.values()}) > 1:
        return Missing(code="otherCounts", why="2 kinds of counts, the same are needed")
    return Arms(counted=counted, better=better)


def enough(arms: Arms, minimum: int) -> Known[Arms]:
    """The same when each release has the rows; Missing when one has too few, or only one number."""
    rows = min(one.rows for one in arms.counted.values())
    if rows < minimum:
        return Missing(code="tooFewRows", why=f"{rows} rows of a release, {minimum} of each needed")
    least = min((variance(one) for one in arms.counted.values() if isinstance(one, Sums)), default=1.0)
    if not least > 0:
        return Missing(code="noSpread", why=f"all numbers of a release are one: variance {least:g}, above 0 needed")
    return arms
