"""Measurement `labels`: segments whose labels are odd: flipped, constant, contradicting what is sure, or copied many times."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.comparison import NoBaseline
from reconciler.domain.measured.data import SEGMENT_ROWS, LabelCheck, LabelTest, NewerRows, Suspect
from reconciler.domain.names import Digest
from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.bursts import bursts
from reconciler.pipeline.champion import champion_predictions
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.opinions import BLOCKS, as_opinion, blocks_of, cross_fitted
from reconciler.pipeline.partitions import among, by_time, categories, days, follows
from reconciler.pipeline.scored import Scored
from reconciler.rules.gates.label_anomaly import LabelAnomaly
from reconciler.statistics.label_tests import constant, contradicted, held, inverted, rates
from reconciler.statistics.segments import Floats, Partition, Readings, distances, holm_adjusted, together

if TYPE_CHECKING:
    import polars as pl

MOST_ROWS = 300_000
"""Rows whose labels are looked at, evenly spaced."""
KEPT = 20
"""Suspects in the evidence of each test, the oddest first."""
LIKELY = 0.05
"""What chance does so often is no suspect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """One test of all segments of one kind, (g,)."""

    test: LabelTest
    by: str
    readings: Readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The champion's opinion, (m,) or (m, k), of the `newer` (n,) rows."""

    champion: Digest
    newer: np.ndarray
    opinion: Floats


def labels(context: StageContext, scored: Scored) -> Known[LabelCheck]:
    """What stands out, if a gate asks. Raises ReconcilerError for rows that do not fit the contract."""
    import polars as pl

    if not any(isinstance(gate, LabelAnomaly) for gate in context.gates):
        return NOT_MEASURED
    contract = scored.contract
    whole = pl.concat([scored.stored.train, scored.stored.holdout])
    places = np.arange(0, whole.height, -(-whole.height // MOST_ROWS))
    rows = whole[places]
    truth, parts = scored.truth(rows), partitions(contract, rows, rows[context.dataset.spec.event_time])
    tested = [Tested(test=LabelTest.BURST, by="rows", readings=_enough([bursts(contract, rows, parts[0])]))]
    tested += compared("crossFit", truth, cross_fitted(contract, rows, truth, context.parameters.seed), parts)
    live = _champion(context, scored, rows, places)
    if isinstance(live, Asked):
        tested += compared("champion", truth[live.newer], live.opinion, [among(part, live.newer) for part in parts])
    return LabelCheck(
        rows=rows.height,
        quantity=not contract.classes,
        segments=len({name for one in tested for name in one.readings.names}),
        live=NewerRows(champion=live.champion, rows=len(live.opinion)) if isinstance(live, Asked) else live,
        suspects=tuple(suspects(tested)),
    )


def partitions(contract: Contract, rows: "pl.DataFrame", times: "pl.Series") -> list[Partition]:
    """Days, then the categories of each feature, as a whole and by time. Days stand for what they tell, such as weekdays."""
    blocks, table = blocks_of(rows.height), features_of(rows, contract.features)
    first = [int(np.searchsorted(blocks, block)) for block in range(BLOCKS)]
    last = [*(place - 1 for place in first[1:]), rows.height - 1]
    spans = [f"from {times[start]:%Y-%m-%d} to {times[end]:%Y-%m-%d}" for start, end in zip(first, last, strict=True)]
    every = days(times)
    whole = [part for name in contract.features.categorical if not follows(part := categories(table[name]), every)]
    return [every, *whole, *(by_time(part, blocks, spans) for part in whole)]


def compared(by: str, truth: np.ndarray, opinion: Floats, parts: Sequence[Partition]) -> list[Tested]:
    """All tests of the labels against one opinion; segments of one kind are one another's siblings."""
    against, found = held(truth, opinion), dict[tuple[LabelTest, int, str], list[Readings]]()
    for part in parts:
        read = [(LabelTest.CONTRADICTED, contradicted(part, against)), *((LabelTest.RATE, one) for one in rates(part, against))]
        if opinion.ndim == 2:
            read.append((LabelTest.CONSTANT, constant(part, against)))
        if against.ranks is not None:
            read.append((LabelTest.INVERTED, inverted(part, against.ranks)))
        for place, (test, readings) in enumerate(read):
            found.setdefault((test, place, part.kind), []).append(readings)
    return [Tested(test=test, by=by, readings=_enough(several)) for (test, _, _), several in found.items()]


def suspects(tested: Sequence[Tested]) -> Iterator[Suspect]:
    """Those that chance does not explain, however many segments were tested; of each test the oddest."""
    sizes = [one.readings.p.size for one in tested]
    corrected = np.split(holm_adjusted(np.concatenate([one.readings.p for one in tested])), np.cumsum(sizes)[:-1])
    found: dict[tuple[LabelTest, str], list[Suspect]] = {}
    for one, p in zip(tested, corrected, strict=True):
        odd = one.readings.judged & (p < LIKELY) & (one.readings.excess > 0)
        found.setdefault((one.test, one.by), []).extend(_suspects(one, p, odd))
    for several in found.values():
        yield from sorted(several, key=lambda one: (-one.distance, -one.excess, one.segment))[:KEPT]


def _suspects(tested: Tested, p: Floats, odd: np.ndarray) -> Iterator[Suspect]:
    read, far = tested.readings, distances(tested.readings.excess, tested.readings.noise)
    for place in np.flatnonzero(odd).tolist():
        yield Suspect(
            test=tested.test,
            by=tested.by,
            segment=str(read.names[place]),
            rows=int(read.rows[place]),
            observed=float(read.observed[place]),
            expected=float(read.expected[place]),
            excess=float(read.excess[place]),
            p_value=float(p[place]),
            distance=float(far[place]),
        )


def _enough(several: Sequence[Readings]) -> Readings:
    readings = together(several)
    return readings.where(readings.rows >= SEGMENT_ROWS)


def _champion(context: StageContext, scored: Scored, rows: "pl.DataFrame", places: np.ndarray) -> Known[Asked | NoBaseline]:
    """What the champion says of rows that it has not learnt from; of the hold-out only, where the others lack its columns.

    `places` (n,) are the rows' among training rows and hold-out together.
    """
    build, champion = context.champion, scored.champion
    if build is None or champion is None:
        return NoBaseline()
    if isinstance(champion, Missing):
        return champion
    package = champion.package
    if set(package.contract.features.names) <= set(rows.columns):
        newer = np.asarray((rows[context.dataset.spec.event_time] >= build.data.train_until).to_numpy(), dtype=bool)
        answers = champion_predictions(package, scored.contract, rows.filter(newer))
    else:
        inside = places - scored.stored.train.height
        newer = (inside >= 0) & champion.unseen[np.maximum(inside, 0)]
        answers = champion.prediction[inside[newer]]
    return Asked(champion=Digest(build.digest), newer=newer, opinion=as_opinion(scored.contract, answers))
