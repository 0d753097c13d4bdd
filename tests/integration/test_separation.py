"""Rows held against training rows: a change of how features hang together is seen, though each feature is as it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from reconciler.domain.facts import LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.live import Separation
from reconciler.domain.needs import DomainNeed
from reconciler.domain.releases import Release
from reconciler.pipeline.columns import columns_of
from reconciler.rules.triggers.data_drift import DataDrift
from reconciler.statistics.profile import profile_on, reference_profile
from tests.builders import DAY, NOW, facts
from tests.observing import NOW as SEEN_AT
from tests.observing import WEEK, Unreadable, View
from tests.scoring import a_contract
from tests.snapshots import FIRST

Views = Callable[..., View]
NEED = DomainNeed(window=WEEK)
STEP = timedelta(minutes=15)
CARRIERS = np.array(["AA", "B6", "UA"])
CHANGED = SEEN_AT - 7 * DAY


def rows(*, together: bool) -> pl.DataFrame:
    """Forty days of a distance and a carrier, independent; in the last week the carrier may follow from the distance."""
    random, count = np.random.default_rng(7), 40 * 96
    at = [FIRST + index * STEP for index in range(count)]
    distance = random.uniform(100, 400, count)
    alone, follows = random.integers(0, 3, count), ((distance - 100) // 100).astype(int)
    newest = np.array([together and moment >= CHANGED for moment in at])
    return pl.DataFrame(
        {
            "scheduled": pl.Series(at, dtype=pl.Datetime("us", "UTC")),
            "distance": distance,
            "carrier": CARRIERS[np.where(newest, follows, alone)],
            "arr_delay": random.normal(10, 10, count),
        }
    )


def champion(view: View, **changes: Any) -> Release:
    """Trained on the first twenty days."""
    usual = view.champion(as_of=FIRST + 20 * DAY)
    data = replace(usual.build.data, **({"train_from": FIRST, "train_until": FIRST + 20 * DAY, "train_rows": 20 * 96} | changes))
    return replace(usual, build=replace(usual.build, data=data))


def look(view: View, **changes: Any) -> LiveFacts:
    return view.see(NEED, champion=champion(view), **changes).live


def told(live: LiveFacts) -> Separation:
    found = live.domain[NEED]
    assert isinstance(found, Separation), found
    return found


def test_a_changed_combination_fires_where_no_feature_drifted(view_of: Views) -> None:
    frame = rows(together=True)
    live = look(view_of(frame))
    found = told(live)
    assert (found.reference_rows, found.rows) == (20 * 96, 7 * 96)
    assert found.auc > 0.75
    features, time = a_contract().features, pl.col("scheduled")
    reference = reference_profile(
        columns_of(frame.filter(time < FIRST + 20 * DAY), features), features.numeric, features.categorical
    )
    window = profile_on(reference, columns_of(frame.filter(time >= CHANGED), features))
    seen = facts(reference=reference, profiles={WEEK: window}, live=live)
    answers = {
        name: DataDrift(type="dataDrift", statistic=name).judge(seen, NOW).answer for name in ("domainClassifier", "psi", "ks")
    }
    assert answers == {"domainClassifier": Answer.YES, "psi": Answer.NO, "ks": Answer.NO}


def test_rows_alike_are_not_told_apart(view_of: Views) -> None:
    found = told(look(view_of(rows(together=False))))
    assert found.auc < 0.6
    assert found.p_value > 0.001


def test_what_was_measured_is_recalled_without_reading_training_rows(view_of: Views) -> None:
    view = view_of(rows(together=True))
    first, asked = look(view), len(view.data.asked)
    assert any(query.start == FIRST for query in view.data.asked)
    again = look(view)
    assert again.domain == first.domain
    assert not any(query.start == FIRST for query in view.data.asked[asked:])


def test_other_rows_and_another_training_are_measured_anew(view_of: Views) -> None:
    view = view_of(rows(together=True))
    first = told(look(view))
    later = told(look(view, now=SEEN_AT - DAY))
    assert (later.rows, later.auc) != (first.rows, first.auc)
    other = view.see(NEED, champion=champion(view, train_until=FIRST + 15 * DAY, digest="sha256:" + "e" * 64)).live
    assert told(other).reference_rows == 15 * 96


@pytest.mark.parametrize(
    ("world", "code", "why"),
    [
        (lambda view: look(replace(view, data=Unreadable(view.data.rows, "carrier"))), "rowsUnreadable", "no column carrier"),
        (lambda view: look(view, now=FIRST - DAY), "insufficientData", "0 rows in window 0, 10 at least"),
        (lambda view: view.see(NEED, champion=None).live, "noRelease", "nothing is released to production yet"),
        (
            lambda view: view.see(NEED, champion=champion(view, train_rows=50_000)).live,
            "trainingRowsGone",
            "the source has 1,920 of the 50,000 rows that the release learnt from, half are needed",
        ),
    ],
    ids=["a column is gone", "no rows", "no release", "old rows are gone"],
)
def test_what_cannot_be_held_against_training_rows_is_missing(
    view_of: Views, world: Callable[[View], LiveFacts], code: str, why: str
) -> None:
    found = world(view_of(rows(together=False))).domain[NEED]
    assert isinstance(found, Missing)
    assert found.code == code
    assert why in found.why


def test_a_feature_that_is_wholly_missing_is_told_apart_and_stops_nothing(view_of: Views) -> None:
    frame = rows(together=False)
    gone = pl.when(pl.col("scheduled") >= CHANGED).then(None)
    broken = frame.with_columns(gone.otherwise(pl.col(name)).alias(name) for name in ("distance", "carrier"))
    assert told(look(view_of(broken))).auc > 0.99
