"""Used by verdicts: one window's profile against the reference, every statistic of every column, and the bins side by side."""

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from reconciler.domain.known import Known, Missing
from reconciler.domain.profiles import CategoricalProfile, FeatureProfile, NumericProfile, Profile
from reconciler.domain.verdicts import Bin, ColumnVerdict, Reading
from reconciler.statistics.drift import DRIFT_STATISTICS
from reconciler.statistics.drift.bins import every_bin
from reconciler.statistics.drift.js_distance import js_distance_base_2
from reconciler.statistics.drift.measure import compare, drifted
from reconciler.statistics.drift.summary import summary_deltas

SHOWN = 12
"""Categories that are shown one by one; the rarer ones are shown as one."""


def columns(reference: Profile, current: Profile, statistic: str, importance: Mapping[str, float]) -> tuple[ColumnVerdict, ...]:
    """The columns that both profiles have, the heaviest first. Each statistic is corrected over all of them (Holm)."""
    both = [name for name in reference.features if name in current.features]
    held = replace(reference, features={name: reference.features[name] for name in both})
    readings = {key: _readings(key, held, current) for key in DRIFT_STATISTICS}
    made = [
        _column(name, held.features[name], current.features[name], {key: found[name] for key, found in readings.items()})
        for name in both
    ]
    decided = [
        replace(
            one,
            drifted=isinstance(reading := one.readings[statistic], Reading) and reading.drifted,
            importance=importance.get(one.name, 0.0) if importance else None,
        )
        for one in made
    ]
    return tuple(sorted(decided, key=lambda one: (-one.weight, -one.effect, one.name)))


def _readings(key: str, reference: Profile, current: Profile) -> Mapping[str, Known[Reading]]:
    statistic = DRIFT_STATISTICS[key]
    found = compare(statistic, reference, current)
    known = {name: drift for name, drift in found.items() if not isinstance(drift, Missing)}
    moved = set(drifted(known, statistic.cut))
    return {
        name: drift
        if isinstance(drift, Missing)
        else Reading(value=drift.value, p_value=drift.p_value, cut=statistic.cut, drifted=name in moved)
        for name, drift in found.items()
    }


def _column(
    name: str, reference: FeatureProfile, current: FeatureProfile, readings: Mapping[str, Known[Reading]]
) -> ColumnVerdict:
    return ColumnVerdict(
        name=name,
        drifted=False,
        effect=js_distance_base_2(reference, current).value,
        importance=None,
        readings=readings,
        deltas=_deltas(reference, current),
        bins=bins(reference, current),
    )


def _deltas(reference: FeatureProfile, current: FeatureProfile) -> Mapping[str, float]:
    if isinstance(reference, NumericProfile) and isinstance(current, NumericProfile):
        found = summary_deltas(reference, current)
        if not isinstance(found, Missing):
            quantiles = {f"p{share * 100:g}": delta for share, delta in found.quantiles.items()}
            moments = {"mean": found.mean, "std": found.std, "minimum": found.minimum, "maximum": found.maximum}
            return {**moments, **quantiles, "missing": found.missing}
    if not reference.rows or not current.rows:
        return {}
    return {"missing": current.missing / current.rows - reference.missing / reference.rows}


def bins(reference: FeatureProfile, current: FeatureProfile) -> tuple[Bin, ...]:
    """The shares of all bins with their labels; bins that hold no row of either are left out."""
    pairs = zip(_labels(reference), every_bin(reference, current), strict=True)
    held = [(label, a / max(1, reference.rows), b / max(1, current.rows)) for label, (a, b) in pairs if a or b]
    if isinstance(reference, CategoricalProfile):
        ranked = sorted(held, key=lambda one: -max(one[1], one[2]))
        kept, rest = ranked[:SHOWN], ranked[SHOWN:]
        held = [one for one in held if one in kept]
        if rest:
            held.append((f"{len(rest)} more", math.fsum(one[1] for one in rest), math.fsum(one[2] for one in rest)))
    return tuple(Bin(label=label, reference=a, current=b) for label, a, b in held)


def _labels(profile: FeatureProfile) -> list[str]:
    match profile:
        case CategoricalProfile(counts=counts):
            return [*sorted(counts), "(unseen)", "(missing)"]
        case NumericProfile(edges=()):
            return ["any", "(missing)"]
        case NumericProfile(edges=edges):
            words = [f"{edge:.4g}" for edge in edges]
            inner = [low if low == high else f"{low} to {high}" for low, high in pairwise(words)]  # one value has its own bin
            return [f"up to {words[0]}", *inner, f"above {words[-1]}", "(missing)"]
